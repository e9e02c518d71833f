// Starting tasks: what is sent, by family and API version; what of an answer is taken for the new task; what is never
// sent twice; and how a started task is polled.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import {
  API,
  HubSpotTasks,
  START,
  answer,
  assertError,
  complete,
  deferred,
  hang,
  inTurn,
  processing,
  rejection,
  rejectionInTime,
  setUp,
  stateOf,
  test,
  turns,
  value,
} from "./support.mjs";

const VERSIONS = ["v3", "2025-09", "2026-03", "2026-09", "2031-09"];
const located = (id, more = {}) => answer(202, { id, links: { status: "https://api-na1.hubspot.com/x" }, ...more });

/** A CRM import that has a file of one row. */
const anImport = () => ({
  importRequest: { name: "March", files: [{ fileName: "contacts.csv", fileFormat: "CSV" }] },
  files: new Blob(["email\na@b.example\n"], { type: "text/csv" }),
});

/** What starts a task of each family; by HubSpot's page of each, where it is asked for: before the version, after it. */
const FAMILIES = [
  {
    name: "fileImports",
    request: { url: "https://files.example/plan.pdf", folderPath: "/plans", access: "PRIVATE", ttl: "P1M" },
    id: "a/b c",
    segment: "a%2Fb%20c",
    start: (version) => `/files/${version}/files/import-from-url/async`,
    task: (version, id) => `/files/${version}/files/import-from-url/async/tasks/${id}/status`,
  },
  {
    name: "folderUpdates",
    request: { id: "77", name: "Plans", parentFolderId: 9007199254740993n },
    sent: { id: "77", name: "Plans", parentFolderId: "9007199254740993" },
    id: "f-1",
    start: (version) => `/files/${version}/folders/update/async`,
    task: (version, id) => `/files/${version}/folders/update/async/tasks/${id}/status`,
  },
  {
    name: "exports",
    request: { exportType: "LIST", listId: "5", format: "CSV", objectProperties: ["email"], includeLabels: true },
    id: "90151673",
    start: (version) => (version === "v3" ? "/crm/v3/exports/export/async" : `/crm/exports/${version}/export/async`),
    task: (version, id) =>
      version === "v3" ? `/crm/v3/exports/export/async/tasks/${id}/status` : `/crm/exports/${version}/export/async/tasks/${id}/status`,
    details: (version, id) => (version === "v3" ? `/crm/v3/exports/export/${id}` : `/crm/exports/${version}/export/${id}`),
  },
  {
    name: "sourceCodeExtracts",
    request: { path: "themes/theme.zip" },
    id: "12",
    start: (version) => (version === "v3" ? "/cms/v3/source-code/extract/async" : `/cms/source-code/${version}/extract/async`),
    task: (version, id) =>
      version === "v3"
        ? `/cms/v3/source-code/extract/async/tasks/${id}/status`
        : `/cms/source-code/${version}/extract/async/tasks/${id}/status`,
  },
  {
    name: "imports",
    request: anImport(),
    id: "44",
    start: (version) => (version === "v3" ? "/crm/v3/imports" : `/crm/imports/${version}`),
    task: (version, id) => (version === "v3" ? `/crm/v3/imports/${id}` : `/crm/imports/${version}/${id}`),
    errors: (version, id) => (version === "v3" ? `/crm/v3/imports/${id}/errors` : `/crm/imports/${version}/${id}/errors`),
    cancel: (version, id) => (version === "v3" ? `/crm/v3/imports/${id}/cancel` : `/crm/imports/${version}/${id}/cancel`),
  },
];

const A_START = FAMILIES[2].request;

for (const version of VERSIONS) {
  for (const family of FAMILIES) {
    const { name, request, sent = request, id, segment = id } = family;
    const options = { apiVersion: version, token: "secret-token", headers: { "X-Own": "1", "Content-Type": "text/wrong" } };

    test(`${name} in ${version} are started, asked for and ended by the requests that HubSpot documents`, async () => {
      const { client, requests } = setUp(inTurn(located(id), processing({ state: "PROCESSING", results: [] })), options);
      const task = await value(client[name].start(request));
      assert.deepEqual([task.id, requests.length], [id, 1]);
      const [{ url, init }] = requests;
      assert.deepEqual([url, init.method, init.redirect], [API + family.start(version), "POST", "manual"]);
      const { Authorization, "x-own": own, ...headers } = init.headers;
      assert.deepEqual([Authorization, own], ["Bearer secret-token", "1"]);
      if (init.body instanceof FormData) assert.deepEqual(headers, {}, "fetch says what parts them");
      else assert.deepEqual([headers, JSON.parse(init.body)], [{ "Content-Type": "application/json" }, sent]);

      await value(task.status());
      const asked = requests.at(-1);
      assert.deepEqual([asked.url, asked.init.method, asked.init.body], [API + family.task(version, segment), "GET", undefined]);
      for (const [call, method, act] of [
        ["details", "GET", () => client[name].details(id)],
        ["cancel", "POST", () => client[name].cancel(id)],
        ["errors", "GET", () => client[name].errors(id).next()],
      ]) {
        const before = requests.length;
        if (family[call]) {
          await value(act());
          assert.deepEqual([requests.at(-1).url, requests.at(-1).init.method], [API + family[call](version, segment), method]);
        } else {
          const error = assertError(await rejection(act()), "INVALID_ARGUMENT");
          assert.match(error.message, new RegExp(`paths\\.${call}`));
          assert.equal(requests.length, before);
        }
      }
    });
  }
}

test("a start goes to where baseUrl says", async () => {
  const { client, requests } = setUp(async () => located("7"), { baseUrl: "https://proxy.example/hubspot/" });
  await value(client.exports.start(A_START));
  assert.equal(requests[0].url, "https://proxy.example/hubspot/crm/exports/2026-03/export/async");
});

// What is answered.

const TAKEN = {
  "200": [answer(200, { id: "7" }), "7"],
  "201": [answer(201, { id: "7" }), "7"],
  "202 with links as a map": [answer(202, { id: "7", links: { status: "https://api-na1.hubspot.com/other/8" } }), "7"],
  "202 with links as an array": [answer(202, { id: "7", links: [{ status: "https://api-na1.hubspot.com/other/8" }] }), "7"],
  "a number": [answer(202, { id: 90151673 }), "90151673"],
  "a number beyond 2^53": [answer(202, '{"links":{"id":9007199254740992},"id":9007199254740993}'.replace("740992", "740000")), "9007199254740993"],
  "the highest number": [answer(202, '{ "links": {},\n "id" : 9223372036854775807 }'), "9223372036854775807"],
  "within another client's answer": [{ statusCode: 202, body: '{"id":"7"}' }, "7"],
};

for (const [what, [said, id]] of Object.entries(TAKEN)) {
  test(`the id of a new task is taken from ${what}, and no link is followed`, async () => {
    const { client, requests } = setUp(inTurn(said, complete()));
    const task = await value(client.exports.start(A_START));
    assert.equal(task.id, id);
    await value(task.status());
    assert.deepEqual(
      requests.map(({ url }) => url),
      ["/crm/exports/2026-03/export/async", `/crm/exports/2026-03/export/async/tasks/${id}/status`].map((path) => API + path),
    );
  });
}

const throwing = (error) => () => {
  throw error;
};
const UNKNOWN = {
  "a 2xx without an id": answer(202, { links: {} }),
  "an id that is none": answer(202, { id: "not digits" }),
  "an id that is no whole number": answer(202, { id: 1.5 }),
  "an id that is null": answer(202, { id: null }),
  "an id of the prototype": answer(202, "[]"),
  "a web page": answer(200, "<!doctype html><title>id</title>"),
  "half an answer": answer(202, '{"id":"7'),
  "nothing": answer(202),
  "204": answer(204),
  "an error as 200": answer(200, { status: "error", message: "no", category: "VALIDATION_ERROR" }),
  "408": answer(408, { message: "slow" }),
  "500": answer(500, { message: "broken" }),
  "502 in HTML": answer(502, "<html>bad gateway</html>"),
  "503 with Retry-After": answer(503, "", { "retry-after": "1" }),
  "504": answer(504, ""),
  "524": answer(524, ""),
  "a limit that is no rate": answer(429, { status: "error", errorType: "FREE_PORTAL_IMPORT_ROWS_LIMIT" }),
  "a network error": throwing(new TypeError("fetch failed")),
  "a body that breaks off": { status: 202, text: () => Promise.reject(new TypeError("terminated")) },
  "something that is no response": "no response",
};

for (const [what, said] of Object.entries(UNKNOWN)) {
  test(`a start that is answered by ${what} may have been carried out, and is not sent again`, async () => {
    const { client, clock, requests } = setUp(inTurn(said), { token: "secret-token" });
    const error = assertError(await rejection(client.exports.start(A_START)), "UNKNOWN_OUTCOME", { isRetryable: false, taskId: undefined });
    assert.match(error.message, /^export: .*may have been carried out/s);
    await clock.advance(3_600_000);
    assert.equal(requests.length, 1);
    const failed = assertError(await rejection(client.exports.run(A_START)), "UNKNOWN_OUTCOME");
    assert.equal(requests.length, 2);
    assert.equal(JSON.stringify([failed, error.message, String(error.cause)]).includes("secret-token"), false);
  });
}

test("a start that takes longer than requestTimeoutMs may have been carried out", async () => {
  const { client, clock, requests } = setUp(hang, { requestTimeoutMs: 5_000 });
  const error = await rejectionInTime(clock, client.exports.start(A_START));
  assertError(error, "UNKNOWN_OUTCOME");
  assert.equal(clock.now() - START, 5_000);
  assert(requests[0].init.signal.aborted);
  await clock.advance(3_600_000);
  assert.equal(requests.length, 1);
});

test("a start whose fetch gave up by a signal of its own may have been carried out, and is not sent again", async () => {
  for (const error of [new DOMException("signal timed out", "TimeoutError"), new DOMException("signal is aborted without reason", "AbortError")]) {
    const { client, requests } = setUp(throwing(error));
    assertError(await rejection(client.exports.start(A_START)), "UNKNOWN_OUTCOME");
    assert.equal(requests.length, 1);
  }
});

test("a start whose signal cannot be taken along is sent without it", async () => {
  const refusal = new DOMException("AbortSignal object could not be cloned.", "DataCloneError");
  const { client, requests } = setUp(async (url, init, number) => (number === 1 ? throwing(refusal)() : located("7")));
  assert.equal((await value(client.exports.start(A_START))).id, "7");
  assert.deepEqual(requests.map(({ init }) => "signal" in init), [false, false], "one init object, without its signal now");
});

const REFUSED = {
  400: ["HTTP", { httpStatus: 400, category: "VALIDATION_ERROR" }],
  401: ["UNAUTHORIZED", {}],
  403: ["FORBIDDEN", { requiredScopes: ["crm.export"] }],
  404: ["NOT_FOUND", {}],
  409: ["HTTP", { httpStatus: 409 }],
  422: ["HTTP", { httpStatus: 422 }],
  423: ["HTTP", { httpStatus: 423 }],
  429: ["RATE_LIMITED", {}],
  477: ["MIGRATING", { retryAfterMs: 7_000 }],
  302: ["HTTP", { httpStatus: 302 }],
};

for (const [status, [code, fields]] of Object.entries(REFUSED)) {
  test(`a start that is refused with ${status} ends with ${code}, and is not sent again`, async () => {
    const category = status === "403" ? "MISSING_SCOPES" : "VALIDATION_ERROR";
    const body = { message: "no", category, ...(status === "429" && { policyName: "TEN_SECONDLY_ROLLING" }) };
    const { client, clock, requests } = setUp(inTurn(answer(Number(status), body, status === "477" ? { "retry-after": "7" } : {})));
    assertError(await rejection(client.exports.start(A_START)), code, fields);
    await clock.advance(3_600_000);
    assert.equal(requests.length, 1);
  });
}

test("a host without fetch, and a token that does not come, are told as what they are: nothing was sent", async () => {
  const { client } = setUp(async () => located("7"), { token: () => undefined });
  assertError(await rejection(client.exports.start(A_START)), "UNAUTHORIZED");
  const { fetch } = globalThis;
  try {
    delete globalThis.fetch;
    const { client: bare } = setUp(undefined, { fetch: null });
    assertError(await rejection(bare.exports.start(A_START)), "NETWORK");
  } finally {
    globalThis.fetch = fetch;
  }
});

for (const name of ["exports", "imports"]) {
  test(`a start of ${name} that a wrong token was sent with is sent once more with a new one`, async () => {
    const asked = [];
    const token = ({ refresh }) => (asked.push(refresh), refresh ? "new-token" : "old-token");
    const { client, requests } = setUp(inTurn(answer(401, { message: "expired" }), located("7")), { token });
    const { request } = FAMILIES.find((family) => family.name === name);
    assert.equal((await value(client[name].start(request))).id, "7");
    assert.deepEqual(asked, [false, true]);
    assert.deepEqual(requests.map(({ init }) => init.headers.Authorization), ["Bearer old-token", "Bearer new-token"]);
    assert.equal(requests[0].init.body, requests[1].init.body);
  });

  test(`a start of ${name} with two wrong tokens ends with UNAUTHORIZED after two requests`, async () => {
    const { client, requests } = setUp(inTurn(answer(401, {})), { token: ({ refresh }) => (refresh ? "b-token" : "a-token") });
    const { request } = FAMILIES.find((family) => family.name === name);
    const error = assertError(await rejection(client[name].start(request)), "UNAUTHORIZED");
    assert.equal(requests.length, 2);
    assert.doesNotMatch(JSON.stringify(error) + error.stack, /[ab]-token/);
  });
}

// When it is sent.

test("a start waits for a pause that HubSpot demands, at most requestTimeoutMs", async () => {
  const limited = (seconds) => answer(429, { policyName: "TEN_SECONDLY_ROLLING" }, { "retry-after": String(seconds) });
  const { client, clock, times } = setUp(inTurn(limited(7), located("7"), limited(60), located("8")));
  assertError(await rejection(client.exports.status("1")), "RATE_LIMITED");
  assert.equal((await clock.run(client.exports.start(A_START))).id, "7");
  assert.deepEqual(times(), [0, 7_000]);
  assertError(await rejection(client.exports.status("1")), "RATE_LIMITED");
  assertError(await rejectionInTime(clock, client.exports.start(A_START)), "RATE_LIMITED");
  assert.equal(times().length, 3);
});

test("starts count in the budget, and among the requests that are under way", async () => {
  const budget = setUp(async () => located("7"), { rateLimit: { requests: 2, perMs: 10_000 } });
  const starts = [1, 2, 3].map(() => budget.client.exports.start(A_START));
  await budget.clock.run(Promise.all(starts));
  const [first, second, third] = budget.times();
  assert.deepEqual([first, second, third >= 10_000], [0, 0, true]);

  const open = [];
  const few = setUp(() => (open.push(deferred()), open.at(-1).promise), { maxConcurrent: 1 });
  const both = [1, 2].map(() => few.client.exports.start(A_START));
  await turns();
  assert.equal(few.requests.length, 1);
  open[0].resolve(located("7"));
  await turns();
  assert.equal(few.requests.length, 2);
  open[1].resolve(located("8"));
  assert.deepEqual((await value(Promise.all(both))).map(({ id }) => id), ["7", "8"]);
});

// Leaving.

const REASON = new Error("enough");

for (const name of ["exports", "imports"]) {
  const { request } = FAMILIES.find((family) => family.name === name);

  test(`a start of ${name} with a signal that was aborted sends nothing`, async () => {
    const { client, clock, requests } = setUp(async () => located("7"));
    assert.equal(await rejection(client[name].start(request, { signal: AbortSignal.abort(REASON) })), REASON);
    await clock.advance(60_000);
    assert.equal(requests.length, 0);
  });

  test(`a start of ${name} that is aborted before it is sent sends nothing`, async () => {
    const { client, clock, requests } = setUp(async () => located("7"));
    const controller = new AbortController();
    const start = client[name].start(request, { signal: controller.signal });
    controller.abort(REASON);
    assert.equal(await rejection(start), REASON);
    await clock.advance(60_000);
    assert.equal(requests.length, 0);
  });

  test(`a start of ${name} that is aborted on its way is broken off, and not sent again`, async () => {
    const { client, clock, requests } = setUp(hang);
    const controller = new AbortController();
    const run = client[name].run(request, { signal: controller.signal });
    await turns();
    controller.abort(REASON);
    assert.equal(await rejection(run), REASON);
    assert(requests[0].init.signal.aborted);
    await clock.advance(60_000);
    assert.equal(requests.length, 1);
  });
}

test("run() that is aborted while it waits sends nothing more", async () => {
  const { client, clock, requests } = setUp(inTurn(located("7"), processing()));
  const controller = new AbortController();
  const run = client.exports.run(A_START, { signal: controller.signal });
  run.catch(() => {});
  await clock.advance(5_000);
  const sent = requests.length;
  assert(sent > 1);
  controller.abort(REASON);
  assert.equal(await rejection(run), REASON);
  await clock.advance(60_000);
  assert.equal(requests.length, sent);
});

// The task that was started.

test("a started task is first asked for after minIntervalMs, counted from its start", async () => {
  for (const minIntervalMs of [1_000, 4_000]) {
    const { client, clock, times } = setUp(inTurn(located("7"), complete()), { minIntervalMs });
    const task = await value(client.exports.start(A_START));
    await clock.run(task.wait());
    assert.deepEqual(times(), [0, minIntervalMs]);
  }
});

test("run() starts, waits and tells each status", async () => {
  const { client, clock, times } = setUp(inTurn(located("7"), processing(), complete({ completedAt: new Date(START).toISOString() })));
  const heard = [];
  const finished = await clock.run(client.exports.run(A_START, { onStatus: ({ status }) => heard.push(status) }));
  assert.deepEqual([finished.outcome, finished.result, finished.polls], ["succeeded", "https://exports.example/1.csv", 2]);
  assert.deepEqual([heard, times().length], [["PROCESSING", "COMPLETE"], 3]);
});

test("run() waits as its options said when it was called", async () => {
  const { client, clock, times } = setUp(inTurn(located("7"), processing()));
  const options = { timeoutMs: 10_000 };
  const run = client.exports.run(A_START, options);
  options.timeoutMs = -1;
  const error = assertError(await rejectionInTime(clock, run), "TIMEOUT", { taskId: "7" });
  assert.equal(times().at(-1), 10_000);
  assert.equal(error.checkpoint.startedMs, START);
});

test("a task that HubSpot does not know yet in its first ten seconds is waited for", async () => {
  const unknown = answer(404, { message: "no such task" });
  const early = setUp(inTurn(located("7"), unknown, unknown, complete()));
  assert.equal((await early.clock.run(early.client.exports.run(A_START))).outcome, "succeeded");
  const late = setUp(inTurn(located("7"), unknown));
  assertError(await rejectionInTime(late.clock, late.client.exports.run(A_START)), "NOT_FOUND");
  assert(late.times().at(-1) >= 10_000);
  const other = setUp(inTurn(unknown));
  assertError(await rejection(other.client.exports.task("7").wait()), "NOT_FOUND");
});

test("a started task's checkpoint says when it was started and when its first poll is due", async () => {
  const { client, clock } = setUp(inTurn(located("7"), complete()));
  const task = await value(client.exports.start(A_START, { timeoutMs: 60_000 }));
  const checkpoint = task.checkpoint();
  assert.deepEqual(checkpoint, {
    version: 1,
    family: "export",
    taskId: "7",
    apiVersion: "2026-03",
    polls: 0,
    faults: 0,
    queued: false,
    startedMs: START,
    dueMs: START + 1_000,
    deadlineMs: START + 60_000,
  });
  const other = setUp(inTurn(complete()));
  await other.clock.run(other.client.resume(JSON.parse(JSON.stringify(checkpoint))).wait());
  assert.deepEqual(other.times(), [1_000]);
  assert.equal(clock.timers, 0);
});

test("pace and timeoutMs that start() was given are its task's", async () => {
  const settings = { maxIntervalMs: 1e9 };
  const until = async (options) => {
    const { client, clock, times } = setUp(inTurn(located("7"), processing()), settings);
    const task = await value(client.exports.start(A_START, { timeoutMs: 100_000, ...options }));
    assertError(await rejectionInTime(clock, task.wait()), "TIMEOUT");
    assert.equal(times().at(-1), 100_000);
    return times().length;
  };
  assert((await until({ pace: 8 })) < (await until({})));
});

test("a start of a task that the client knows already gives that one", async () => {
  const { client, clock, requests } = setUp(inTurn(complete(), located("7"), complete({ result: "https://exports.example/2.csv" })));
  await clock.run(client.exports.task("7").wait());
  const task = await value(client.exports.start(A_START));
  assert.equal(task.latest.status, "COMPLETE");
  assert.equal((await clock.run(task.wait())).result, "https://exports.example/2.csv");
  assert.equal(requests.length, 3);
});

test("observers hear of the task that was started, and nothing without an id", async () => {
  const events = [];
  const { client, clock } = setUp(inTurn(located("7"), complete()), { onEvent: (event) => events.push(event) });
  await clock.run(client.exports.run(A_START));
  assert.deepEqual(events.map(({ type, taskId }) => [type, taskId]), [
    ["asked", "7"],
    ["answered", "7"],
    ["changed", "7"],
    ["finished", "7"],
  ]);
});

// What is given.

const boom = new Error("boom");
const cyclic = { exportType: "VIEW" };
cyclic.self = cyclic;
const WRONG = [
  ["exports", undefined, /request: got a value of type undefined/],
  ["exports", null, /request: got a value of type object/],
  ["exports", "VIEW", /request: got a value of type string/],
  ["exports", {}, /request\.exportType: got nothing/],
  ["exports", { exportType: "" }, /request\.exportType/],
  ["exports", Object.create({ exportType: "VIEW" }), /request\.exportType/],
  ["exports", { get exportType() { throw boom; } }, /request: it threw/],
  ["exports", cyclic, /request: it threw/],
  ["exports", [], /request\.exportType/],
  ["fileImports", { folderId: "1" }, /request\.url/],
  ["fileImports", { url: "https://files.example/a.pdf" }, /request\.folderId or request\.folderPath/],
  ["folderUpdates", { name: "n" }, /request\.id/],
  ["sourceCodeExtracts", { path: null }, /request\.path/],
  ["imports", { files: new Blob([]) }, /request\.importRequest/],
  ["imports", { importRequest: {} }, /request\.files/],
  ["imports", { importRequest: {}, files: [] }, /request\.files/],
  ["imports", { importRequest: {}, files: [new Blob([]), 5] }, /request\.files\[1\]: got a value of type number, takes a File/],
  ["imports", { importRequest: {}, get files() { throw boom; } }, /request: it threw/],
  ["imports", { importRequest: { get name() { throw boom; } }, files: new Blob([]) }, /request\.importRequest: it threw/],
];

for (const [name, request, message] of WRONG) {
  test(`a wrong request is named, and nothing is sent: ${name}, ${message.source}`, async () => {
    const { client, requests } = setUp(async () => located("7"));
    for (const call of ["start", "run"]) {
      const error = assertError(await rejection(client[name][call](request)), "INVALID_ARGUMENT");
      assert.match(error.message, message);
      if (error.cause === boom) assert.match(error.message, /threw/);
    }
    assert.equal(requests.length, 0);
  });
}

test("wrong options are named, and nothing is sent", async () => {
  const { client, requests } = setUp(async () => located("7"));
  for (const [options, name] of [[{ pace: 0 }, "pace"], [{ timeoutMs: -1 }, "timeoutMs"], [{ signal: 5 }, "signal"], [5, "options"]]) {
    for (const call of ["start", "run"]) {
      const error = assertError(await rejection(client.exports[call](A_START, options)), "INVALID_ARGUMENT");
      assert(error.message.startsWith(name), error.message);
    }
  }
  const error = assertError(await rejection(client.exports.run(A_START, { onStatus: 5 })), "INVALID_ARGUMENT");
  assert(error.message.startsWith("onStatus"));
  assert.equal(requests.length, 0);
});

test("what is hung on Object.prototype is no part of a request", async () => {
  const { client, requests } = setUp(async () => located("7"));
  try {
    Object.prototype.exportType = "VIEW";
    Object.prototype.files = [new Blob(["x"])];
    assertError(await rejection(client.exports.start({})), "INVALID_ARGUMENT");
    assertError(await rejection(client.imports.start({ importRequest: {} })), "INVALID_ARGUMENT");
    await value(client.exports.start({ exportType: "LIST" }));
  } finally {
    delete Object.prototype.exportType;
    delete Object.prototype.files;
  }
  assert.deepEqual(requests.map(({ init }) => init.body), ['{"exportType":"LIST"}']);
});

test("what is changed after the call is not what is sent", async () => {
  const { client, requests } = setUp(async () => located("7"));
  const request = { exportType: "LIST", objectProperties: ["email"] };
  const start = client.exports.start(request);
  request.exportType = "VIEW";
  request.objectProperties.push("phone");
  await value(start);
  assert.equal(requests[0].init.body, '{"exportType":"LIST","objectProperties":["email"]}');
});

test("two starts are two tasks", async () => {
  const { client, requests } = setUp(async (url, init, number) => located(String(number)));
  const tasks = await value(Promise.all([client.exports.start(A_START), client.exports.start(A_START)]));
  assert.deepEqual([tasks.map(({ id }) => id), requests.length], [["1", "2"], 2]);
});

test("details and cancel send one request each, whatever comes of it", async () => {
  for (const act of [(client) => client.exports.details("7"), (client) => client.imports.cancel("7")]) {
    for (const [said, code] of [[answer(500, {}), "HTTP"], [answer(404, {}), "NOT_FOUND"], [throwing(new TypeError("x")), "NETWORK"]]) {
      const { client, clock, requests } = setUp(inTurn(said));
      assertError(await rejection(act(client)), code, { taskId: "7" });
      await clock.advance(60_000);
      assert.equal(requests.length, 1);
    }
  }
  const { client } = setUp(inTurn(answer(200, { id: "7", exportState: "PENDING_APPROVAL" }), answer(200, "<html>"), answer(200, "")));
  assert.equal((await value(client.exports.details("7"))).exportState, "PENDING_APPROVAL");
  for (let page = 0; page < 2; page++) assertError(await rejection(client.exports.details("7")), "INVALID_RESPONSE");
  assertError(await rejection(client.exports.details("x")), "INVALID_ARGUMENT");
  const pending = setUp(hang);
  const controller = new AbortController();
  const details = pending.client.exports.details("7", { signal: controller.signal });
  assert.equal((await stateOf(details)).state, "pending");
  controller.abort(REASON);
  assert.equal(await rejection(details), REASON);
});

test("an id that no URL can carry is no id: the start is in doubt, and other tasks go on", async () => {
  const { client, clock } = setUp(async (url, { method }) => (method === "POST" ? answer(202, '{"id":"\\ud800"}') : complete()));
  const other = client.fileImports.task("other").wait();
  const start = client.fileImports.start({ url: "https://files.example/a", folderId: "1" });
  assertError(await rejectionInTime(clock, start), "UNKNOWN_OUTCOME");
  assert.equal((await clock.run(other)).outcome, "succeeded");
});

test("a start to where nobody listens was not sent, by the host's own fetch: NETWORK, and no doubt", async () => {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  await new Promise((resolve) => server.close(resolve));
  const error = await rejection(new HubSpotTasks({ baseUrl }).exports.start(A_START));
  assertError(error, "NETWORK", { isRetryable: true });
  assert.match(error.message, /ECONNREFUSED/);
  assert.doesNotMatch(error.message, /may have been carried out/);
  // One that was given may have sent it before it met this.
  const fetch = (url, init) => globalThis.fetch(url, init);
  assertError(await rejection(new HubSpotTasks({ baseUrl, fetch }).exports.start(A_START)), "UNKNOWN_OUTCOME");
});

test("what is said of a start follows what the server said as a sentence of its own", async () => {
  for (const [said, shown] of [["Down.", "Down. The start"], ["Down", "Down. The start"], ["Down?", "Down? The start"]]) {
    const { client } = setUp(async () => answer(500, { message: said }));
    const { message } = assertError(await rejection(client.exports.start(A_START)), "UNKNOWN_OUTCOME");
    assert(message.includes(`: ${shown} may have been carried out`), message);
  }
});
