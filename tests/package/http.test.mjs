// HTTP statuses: which stop, which are waited for, and what their errors tell; and that no secret gets into an error.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  START,
  answer,
  assertError,
  complete,
  faults,
  inTurn,
  processing,
  rejection,
  rejectionInTime,
  setUp,
  setUpSimulator,
  test,
  value,
} from "./support.mjs";

const body = { status: "error", message: "Said by HubSpot.", correlationId: "c-1", category: "SOME_CATEGORY" };

const STOPPING = [
  [301, "HTTP"],
  [302, "HTTP"],
  [303, "HTTP"],
  [304, "HTTP"],
  [307, "HTTP"],
  [308, "HTTP"],
  [400, "HTTP"],
  [401, "UNAUTHORIZED"],
  [402, "HTTP"],
  [403, "FORBIDDEN"],
  [404, "NOT_FOUND"],
  [405, "HTTP"],
  [409, "HTTP"],
  [410, "HTTP"],
  [415, "HTTP"],
  [422, "HTTP"],
  [522, "HTTP"],
  [525, "HTTP"],
  [526, "HTTP"],
  [501, "HTTP"],
  [505, "HTTP"],
  [508, "HTTP"],
  [511, "HTTP"],
  [530, "HTTP"],
];

/** Status, code, how soon the next poll may come and how late it must (phase included), in ms. */
const PASSING = [
  [408, "HTTP", 1_800, 2_200],
  [425, "HTTP", 1_800, 2_200],
  [500, "HTTP", 1_800, 2_200],
  [502, "HTTP", 1_800, 2_200],
  [503, "HTTP", 1_800, 2_200],
  [504, "HTTP", 1_800, 2_200],
  [521, "HTTP", 1_800, 2_200],
  [523, "HTTP", 1_800, 2_200],
  [524, "HTTP", 1_800, 2_200],
  [423, "HTTP", 2_000, 2_200],
  [429, "RATE_LIMITED", 10_000, 10_000],
];

for (const [status, code] of STOPPING) {
  test(`HTTP ${status} is ${code}, at once`, async () => {
    const { client, requests } = setUp(async () => answer(status, body));
    const fields = {
      httpStatus: status,
      category: "SOME_CATEGORY",
      correlationId: "c-1",
      family: "folderUpdate",
      taskId: "a",
    };
    const asked = assertError(await rejection(client.folderUpdates.status("a")), code, fields);
    assert(asked.message.includes("Said by HubSpot."), asked.message);
    assertError(await rejection(client.folderUpdates.task("a").wait()), code, { ...fields, polls: 1 });
    assert.equal(requests.length, 2);
  });
}

for (const [status, code, soonest, latest] of PASSING) {
  test(`HTTP ${status} is ${code} to status(), and wait() asks again`, async () => {
    const one = setUp(async () => answer(status, body));
    assertError(await rejection(one.client.exports.status("7")), code, { httpStatus: status, correlationId: "c-1" });
    assert.equal(one.requests.length, 1, "status() does not retry");

    const { client, clock, times } = setUp(inTurn(answer(status, body), complete()));
    const finished = await clock.run(client.exports.task("7").wait());
    assert.deepEqual([finished.outcome, finished.polls], ["succeeded", 2]);
    assert.equal(times().length, 2);
    assert(times()[1] >= soonest && times()[1] <= latest, `asked again after ${times()[1]} ms`);
  });
}

test("HTTP 530 hints at a token of a wrong form, and other stops do not", async () => {
  for (const [status, hints] of [
    [530, true],
    [501, false],
    [508, false],
  ]) {
    const { client } = setUp(async () => answer(status, "error code: 1016"));
    const { message } = await rejection(client.exports.task("7").wait());
    assert.equal(/token has a wrong form/.test(message), hints, message);
  }
});

test("HTTP 429 for a limit that is no rate is HTTP at once, with its category", async () => {
  for (const [fields, category] of [
    [{ errorType: "EXPORT_LIMIT" }, "EXPORT_LIMIT"],
    [{ errorType: "CONCURRENT_TASKS_LIMIT", category: "LIMITS" }, "LIMITS"],
    [{ errorType: "EXPORT_LIMIT", policyName: null }, "EXPORT_LIMIT"],
  ]) {
    const { client, requests } = setUp(async () => answer(429, { status: "error", message: "too many exports", ...fields }));
    const error = await rejection(client.exports.task("7").wait());
    assertError(error, "HTTP", { httpStatus: 429, category, polls: 1 });
    assert.match(error.message, /no rate limit/);
    // Nobody else is held back by it.
    assertError(await rejection(client.exports.task("8").wait()), "HTTP", { category });
    assert.equal(requests.length, 2);
  }
});

test("HTTP 429 for a rate, or with Retry-After, is waited for whatever its type is", async () => {
  for (const [fields, headers, pause] of [
    [{ errorType: "RATE_LIMIT" }, {}, 10_000],
    [{ errorType: "SOME_LIMIT", policyName: "TEN_SECONDLY_ROLLING" }, {}, 10_000],
    [{ errorType: "EXPORT_LIMIT" }, { "retry-after": "7" }, 7_000],
    [{ errorType: 5 }, {}, 10_000],
  ]) {
    const { client, clock, times } = setUp(inTurn(answer(429, fields, headers), complete()));
    assert.equal((await clock.run(client.exports.task("7").wait())).outcome, "succeeded");
    assert.deepEqual(times(), [0, pause]);
  }
});

/** What clients reject with that take no answer but 2xx for one: ky, axios, ofetch, got, superagent, and others. */
const REJECTIONS = {
  "a Response": (status, body, headers) => ({ response: new Response(JSON.stringify(body), { status, headers }) }),
  "data in an answer": (status, data, headers) => ({ status, response: { status, data, headers } }),
  "a Response that was read, and data": (status, data, headers) => {
    const response = new Response("{}", { status, headers });
    void response.text();
    return { response, status, statusCode: status, data };
  },
  "statusCode and a text": (statusCode, body, headers) => ({
    code: "ERR_NON_2XX",
    response: { statusCode, body: JSON.stringify(body), headers },
  }),
  "a text beside a body": (status, body, headers) => ({
    status,
    response: { status, text: JSON.stringify(body), body: {}, header: headers, headers },
  }),
  "status and data": (status, data, headers) => ({ status, data, headers }),
  "statusCode and a body": (statusCode, body, headers) => ({ statusCode, body: JSON.stringify(body), headers }),
};

for (const [carried, fieldsOf] of Object.entries(REJECTIONS)) {
  const rejecting = (...answered) => async () => {
    throw Object.assign(new Error("Request failed"), fieldsOf(...answered));
  };
  test(`a rejection of fetch that carries an answer is that answer: ${carried}`, async () => {
    const missing = { category: "MISSING_SCOPES", message: "no", context: { requiredGranularScopes: ["one"] } };
    for (const [status, body, code, fields] of [
      [403, missing, "FORBIDDEN", { requiredScopes: ["one"], category: "MISSING_SCOPES" }],
      [404, { message: "no such task", correlationId: "c-1" }, "NOT_FOUND", { correlationId: "c-1" }],
      [400, { message: "no", category: "VALIDATION_ERROR" }, "HTTP", { category: "VALIDATION_ERROR" }],
    ]) {
      const { client, requests } = setUp(rejecting(status, body));
      const error = await rejection(client.exports.task("7").wait());
      assertError(error, code, { httpStatus: status, polls: 1, ...fields });
      assert.equal(error.message.includes(body.message), true, error.message);
      assert.equal(requests.length, 1);
    }

    const refusing = rejecting(401, { message: "expired" });
    const asked = [];
    const token = ({ refresh }) => (asked.push(refresh), `token-${asked.length}`);
    const refreshed = setUp(inTurn(refusing, complete()), { token });
    assert.equal((await refreshed.clock.run(refreshed.client.exports.task("7").wait())).polls, 1);
    assert.deepEqual(asked, [false, true]);

    const paused = setUp(inTurn(rejecting(429, { policyName: "SECONDLY" }, { "retry-after": "7" }), complete()));
    assert.equal((await paused.clock.run(paused.client.exports.task("7").wait())).outcome, "succeeded");
    assert.deepEqual(paused.times(), [0, 7_000]);
  });
}

test("a rejection of fetch that carries a good answer is that answer", async () => {
  const body = { status: "COMPLETE", result: "x" };
  for (const fields of [
    { response: new Response(JSON.stringify(body), { status: 200 }) },
    { response: { status: 202, data: body } },
    { statusCode: 200, body },
    { status: 200, data: { status: "success", responseBody: body } },
  ]) {
    const { client } = setUp(() => Promise.reject(Object.assign(new Error("Request failed"), fields)));
    assert.equal((await value(client.exports.task("7").wait())).result, "x");
  }
});

test("a rejection of fetch is read as any answer: an envelope, an error that came as a good answer, a page, no body", async () => {
  const missing = { category: "MISSING_SCOPES", context: { missingScopes: ["one"] } };
  const envelope = { status: "error", context: { appServerStatusCode: ["403"] }, responseBody: missing };
  for (const [fields, code, expected] of [
    [{ response: { status: 200, data: envelope } }, "FORBIDDEN", { httpStatus: 403, requiredScopes: ["one"] }],
    [{ status: 200, data: { status: "error", ...missing } }, "FORBIDDEN", { requiredScopes: ["one"] }],
    [{ statusCode: 404, body: "<html>no</html>" }, "NOT_FOUND", { category: undefined }],
    [{ response: { status: 401, data: null } }, "UNAUTHORIZED", {}],
    [{ response: { status: 403, body: new TextEncoder().encode(JSON.stringify(missing)) } }, "FORBIDDEN", { requiredScopes: ["one"] }],
  ]) {
    const { client } = setUp(() => Promise.reject(Object.assign(new Error("Request failed"), fields)));
    assertError(await rejection(client.exports.task("7").wait()), code, expected);
  }
});

test("a rejection of fetch that carries no answer is NETWORK", async () => {
  for (const fields of [
    {},
    { status: 0, body: "" },
    { status: 500 },
    { response: null, data: "x" },
    { response: {}, request: {} },
    { response: { status: 0 } },
    { response: { status: "403" } },
    {
      get response() {
        throw new Error("boom");
      },
    },
  ]) {
    const thrown = Object.defineProperties(new Error("Request failed"), Object.getOwnPropertyDescriptors(fields));
    const { client } = setUp(() => Promise.reject(thrown));
    const error = assertError(await rejection(client.exports.status("7")), "NETWORK", { httpStatus: undefined });
    assert.equal(error.cause.message, "Request failed");
  }
});

/** What a UI extension's host gives for an answer that is not 2xx. */
const enveloped = (status, inner) =>
  answer(200, {
    status: "error",
    category: "BAD_GATEWAY",
    context: { appServerStatusCode: [String(status)] },
    responseBody: JSON.stringify(inner),
  });

test("the answer within the envelope of a UI extension's host counts", async () => {
  const inner = { status: "COMPLETE", result: "x" };
  for (const responseBody of [inner, JSON.stringify(inner)]) {
    const { client } = setUp(async () => answer(200, { status: "success", responseBody }));
    const { result, status } = await value(client.exports.task("7").wait());
    assert.deepEqual([result, status], ["x", inner]);
  }
  const missing = { category: "MISSING_SCOPES", context: { missingScopes: ["one"] } };
  for (const [given, code, fields] of [
    [enveloped(403, missing), "FORBIDDEN", { httpStatus: 403, category: "MISSING_SCOPES", requiredScopes: ["one"] }],
    [enveloped(404, { message: "no such task" }), "NOT_FOUND", { httpStatus: 404 }],
    [enveloped(400, { category: "VALIDATION_ERROR" }), "HTTP", { httpStatus: 400, category: "VALIDATION_ERROR" }],
  ]) {
    const { client, requests } = setUp(inTurn(processing(), given));
    await value(client.exports.status("7"));
    assertError(await rejection(client.exports.task("7").wait()), code, fields);
    assert.equal(requests.length, 2);
  }
});

test("a 2xx that says that the token has expired refreshes it, and is UNAUTHORIZED where there is no other", async () => {
  const body = { status: "error", category: "EXPIRED_AUTHENTICATION", message: "expired" };
  for (const expired of [answer(200, body), enveloped(401, body)]) {
    const asked = [];
    const token = ({ refresh }) => (asked.push(refresh), `token-${asked.length}`);
    const { client, clock } = setUp(inTurn(expired, complete()), { token });
    assert.equal((await clock.run(client.exports.task("7").wait())).outcome, "succeeded");
    assert.deepEqual(asked, [false, true]);
    const fixed = setUp(async () => expired);
    const fields = { httpStatus: 401, category: "EXPIRED_AUTHENTICATION", polls: 1 };
    assertError(await rejection(fixed.client.exports.task("7").wait()), "UNAUTHORIZED", fields);
  }
  const lacking = setUp(async () => answer(200, { status: "error", category: "MISSING_SCOPES" }));
  const scopes = { requiredScopes: ["crm.export"] };
  assertError(await rejection(lacking.client.exports.task("7").wait()), "FORBIDDEN", scopes);
});

test("HTTP 477 is MIGRATING: waited for as long as Retry-After says, or not at all past the deadline", async () => {
  const moving = answer(477, body, { "retry-after": "120" });
  const { client, clock, times } = setUp(inTurn(moving, complete()));
  assert.equal((await clock.run(client.exports.task("7").wait())).polls, 2);
  assert.deepEqual(times(), [0, 120_000]);

  const impatient = setUp(async () => moving);
  const error = await rejection(impatient.client.exports.task("7").wait({ timeoutMs: 119_000 }));
  assertError(error, "MIGRATING", { httpStatus: 477, retryAfterMs: 120_000, polls: 1 });
  assert.equal(impatient.requests.length, 1);
});

test("an error's body may be anything: HTML, nothing, JSON of another form", async () => {
  for (const text of [
    "<html>no</html>",
    "",
    "null",
    "[]",
    '"text"',
    '{"message":5,"category":{},"correlationId":null,"errors":"x","context":7}',
    '{"message"',
  ]) {
    const { client } = setUp(async () => answer(404, text));
    assertError(await rejection(client.fileImports.status("a")), "NOT_FOUND", {
      httpStatus: 404,
      category: undefined,
      correlationId: undefined,
    });
  }
});

test("a missing scope is named: HubSpot's list, else the family's", async () => {
  const missing = (fields) => answer(403, { category: "MISSING_SCOPES", message: "no", ...fields });
  const named = { context: { requiredGranularScopes: ["one", "two"] } };
  const table = [
    ["exports", missing(named), ["one", "two"]],
    ["exports", missing({ errors: [{ message: "x", ...named }] }), ["one", "two"]],
    ["exports", missing({ context: "{missingScopes=[one, two]}" }), ["one", "two"]],
    ["exports", missing({ context: { missingScopes: ["one"] } }), ["one"]],
    ["exports", missing({ message: "the token requires any of [one, x]" }), ["one", "x"]],
    ["exports", missing({ errors: [{ message: "requires any of [one]" }] }), ["one"]],
    ["exports", missing({ message: "requires any of [one" }), ["crm.export"]],
    ["exports", missing({ context: { requiredGranularScopes: [] } }), ["crm.export"]],
    ["fileImports", missing({}), ["files", "files.read", "files.ui_hidden.read"]],
    ["folderUpdates", missing({}), ["files", "files.write", "files.ui_hidden.write"]],
    ["sourceCodeExtracts", missing({}), ["content"]],
    // HubSpot's word counts whatever the category.
    ["exports", answer(403, { category: "OTHER", ...named }), ["one", "two"]],
    ["exports", answer(403, { context: { missingScopes: ["one"] } }), ["one"]],
    ["exports", answer(403, { message: "it requires any of [one]" }), ["one"]],
    ["exports", answer(403, { category: "OTHER" }), undefined],
    ["exports", answer(403, "<html>"), undefined],
  ];
  for (const [family, forbidden, scopes] of table) {
    const { client } = setUp(async () => forbidden);
    const error = assertError(await rejection(client[family].status("7")), "FORBIDDEN", { requiredScopes: scopes });
    for (const scope of scopes ?? []) assert(error.message.includes(scope), error.message);
  }
});

test("an error says whether asking again later may mend it", async () => {
  const ask = (reply) => setUp(reply).client.exports.status("7");
  const status = (status) => () => ask(async () => answer(status, {}));
  const wait = (reply, options) => () => setUp(async () => reply).client.exports.task("7").wait(options);
  const table = [
    [() => ask(async () => Promise.reject(new TypeError("fetch failed"))), "NETWORK", true],
    [() => ask(async () => answer(200, "<html>")), "INVALID_RESPONSE", true],
    [wait(processing(), { timeoutMs: 0 }), "TIMEOUT", true],
    [status(429), "RATE_LIMITED", true],
    [status(477), "MIGRATING", true],
    ...[408, 423, 425, 500, 502, 503, 504, 520, 521, 523, 524, 599].map((code) => [status(code), "HTTP", true]),
    ...[301, 400, 405, 409, 410, 418, 501, 505, 508, 511, 522, 525, 526, 530, 600, 999].map((code) => [status(code), "HTTP", false]),
    [status(401), "UNAUTHORIZED", false],
    [status(403), "FORBIDDEN", false],
    [status(404), "NOT_FOUND", false],
    [wait(answer(200, { status: "CANCELED" })), "CANCELED", false],
    [wait(answer(200, { status: "COMPLETE" })), "FAILED", false],
    [wait(processing(), { timeoutMs: -1 }), "INVALID_ARGUMENT", false],
  ];
  for (const [act, code, isRetryable] of table) {
    const error = assertError(await rejection(act()), code);
    assert.equal(error.isRetryable, isRetryable, `${code} ${error.httpStatus}`);
  }
});

test("the simulator's faults have their codes", async () => {
  const table = [
    [faults.unauthorized(), "UNAUTHORIZED"],
    [faults.forbidden(), "FORBIDDEN"],
    [faults.notFound(), "NOT_FOUND"],
    [faults.notFoundHtml(), "NOT_FOUND"],
    [faults.unknownExport(), "FORBIDDEN"],
    [faults.httpError(), "HTTP"],
    [faults.limitReached(), "HTTP"],
    [faults.doubled(), "INVALID_RESPONSE", 200],
    [faults.locked(), "HTTP"],
    [faults.rateLimited(), "RATE_LIMITED"],
    [faults.rateLimitedDaily(), "RATE_LIMITED"],
    [faults.serverError(), "HTTP"],
    [faults.badGateway(), "HTTP"],
    [faults.unavailable(), "HTTP"],
    [faults.gatewayTimeout(), "HTTP"],
    [faults.html(), "INVALID_RESPONSE"],
    [faults.truncated(), "INVALID_RESPONSE"],
    [faults.redirect(), "HTTP"],
    ["network-error", "NETWORK"],
    [faults.migrating(), "MIGRATING"],
  ];
  for (const [fault, code, httpStatus = fault.status] of table) {
    const { simulator, client, clock } = setUpSimulator();
    const id = simulator.addTask("fileImport");
    simulator.script(fault);
    assertError(await rejectionInTime(clock, client.fileImports.status(id)), code, { httpStatus });
  }
});

test("INVALID_RESPONSE shows the content type and the first 200 characters, and no more", async () => {
  const text = `<html>${"a".repeat(193)}Z${"b".repeat(1_000)}`;
  const { client } = setUp(async () => answer(200, text, { "content-type": "text/html;charset=utf-8" }));
  const { message } = assertError(await rejection(client.exports.status("7")), "INVALID_RESPONSE");
  assert(message.includes("text/html;charset=utf-8"), message);
  assert(message.includes(text.slice(0, 200)), message);
  assert(!message.includes("bb"), message);
});

// ---------------------------------------------------------------------------------------------------------------
// Secrets

const TOKEN = "pat-na1-5ecre7";
const EXPORT_URL = "https://exports.example/crm/7/export.csv?signature=s1gned";

/** All that a log may hold of an error, but for its lastStatus, which is HubSpot's own object. */
function logged(error) {
  const { lastStatus, ...fields } = error;
  const { lastStatus: short, ...json } = error.toJSON();
  return [error.message, String(error), error.stack, JSON.stringify(json), inspect(fields, { depth: 10 })].join("\n");
}

const echoes = {
  "an error's message": answer(400, { message: `bad token ${TOKEN}` }),
  "a category, a correlation id and a policy": answer(400, {
    category: TOKEN,
    correlationId: TOKEN,
    policyName: TOKEN,
  }),
  "a list of scopes": answer(403, { category: "MISSING_SCOPES", context: { requiredGranularScopes: [TOKEN] } }),
  "a page": answer(200, `<html>Authorization: Bearer ${TOKEN}</html>`),
  "a content type": answer(200, "x", { "content-type": TOKEN }),
  "text across the 200th character": answer(200, `${"x".repeat(195)}${TOKEN}`),
  "a task's error": answer(200, { status: "COMPLETE", errors: [{ message: `no ${TOKEN}` }] }),
};

for (const [where, response] of Object.entries(echoes)) {
  for (const options of [
    { token: TOKEN },
    { token: async () => TOKEN },
    { headers: { AUTHORIZATION: `Bearer ${TOKEN}` } },
  ]) {
    const how = options.headers ? "an own header" : `a ${typeof options.token}`;
    test(`a token from ${how} that the server shows in ${where} enters no error`, async () => {
      const { client, clock } = setUp(async () => response, options);
      const error = await rejectionInTime(clock, client.fileImports.task("a").wait({ timeoutMs: 0 }));
      for (const part of [TOKEN, "pat-na1", "5ecre7"]) assert(!logged(error).includes(part), logged(error));
    });
  }
}

test("a token that the server shows as the task's status does not enter the message of a TIMEOUT", async () => {
  const { client } = setUp(async () => processing({ status: TOKEN }), { token: TOKEN });
  const error = assertError(await rejection(client.exports.task("7").wait({ timeoutMs: 0 })), "TIMEOUT");
  assert(!error.message.includes(TOKEN), error.message);
});

test("a token that fetch names when it fails is not in the error's message and JSON", async () => {
  const { client } = setUp(
    async () => {
      throw new TypeError(`invalid header value: Bearer ${TOKEN}`);
    },
    { token: TOKEN },
  );
  const error = assertError(await rejection(client.exports.status("7")), "NETWORK");
  assert(!error.message.includes(TOKEN), error.message);
  assert(!JSON.stringify(error).includes(TOKEN), JSON.stringify(error));
});

test("an export's URL is in the result alone: in no message, no JSON of an error or of a task", async () => {
  const status = { status: "COMPLETE", result: EXPORT_URL };
  const { client } = setUp(
    inTurn(
      answer(200, status),
      answer(200, { status: 5, result: EXPORT_URL }),
      answer(200, { result: EXPORT_URL }),
      answer(200, [status]),
      answer(200, JSON.stringify({ a: 1, ...status }).slice(0, -1)),
      answer(200, { status: "error", result: EXPORT_URL }),
      answer(403, { message: "no", result: EXPORT_URL }),
    ),
  );
  const task = client.exports.task("7");
  assert.equal((await value(task.status())).result, EXPORT_URL);
  assert(!JSON.stringify(task).includes("exports.example"), JSON.stringify(task));
  for (let poll = 2; poll <= 7; poll++) {
    const error = await rejection(task.status());
    assert.equal(error.lastStatus.result, EXPORT_URL, "the newest status is HubSpot's own object");
    assert(!logged(error).includes("s1gned"), logged(error));
    assert(!JSON.stringify(error).includes("s1gned"), JSON.stringify(error));
  }
  const canceled = setUp(async () => answer(200, { status: "CANCELED", result: EXPORT_URL }));
  const error = assertError(await rejection(canceled.client.exports.task("7").wait()), "CANCELED");
  assert(!logged(error).includes("s1gned"), logged(error));
  assert(!JSON.stringify(error).includes("s1gned"), JSON.stringify(error));
});

test("an export's URL in a body that was encoded twice enters no message", async () => {
  const twice = JSON.stringify(JSON.stringify({ status: "COMPLETE", result: EXPORT_URL }));
  const { client } = setUp(async () => answer(200, twice));
  const error = assertError(await rejection(client.exports.status("7")), "INVALID_RESPONSE");
  assert(!error.message.includes("s1gned"), error.message);
});

test("an error's JSON holds its fields, and the status and the cause in short", async () => {
  const { client, clock } = setUp(
    inTurn(
      processing({ requestedAt: new Date(START).toISOString(), result: EXPORT_URL }),
      answer(503, { message: "busy", category: "C", correlationId: "c-1" }),
    ),
  );
  const error = await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs: 500 }));
  const json = JSON.parse(JSON.stringify(error));
  assertError(error, "TIMEOUT");
  const { message, cause, checkpoint, ...rest } = json;
  assert.equal(message, error.message);
  assert.deepEqual(checkpoint, error.checkpoint);
  assert.deepEqual(rest, {
    name: "HubSpotTaskError",
    code: "TIMEOUT",
    family: "export",
    taskId: "7",
    polls: 2,
    lastStatus: { status: "PROCESSING", requestedAt: new Date(START).toISOString() },
  });
  assert.deepEqual(
    [cause.name, cause.code, cause.httpStatus, cause.correlationId],
    ["HubSpotTaskError", "HTTP", 503, "c-1"],
  );
});
