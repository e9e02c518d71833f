// The entry /ui-extension: what its transports send by HubSpot's host, and what they make of what the host hands back.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installed } from "./pack.mjs";
import { HubSpotTasks as UsualTasks, assertError, inTurn, rejection, rejectionInTime, stateOf, test, thrown, value, virtualClock } from "./support.mjs";

const main = await import(pathToFileURL(join(installed, "ui-extension.js")).href);
const { HubSpotTasks, HubSpotTaskError, fromHubSpotApi, fromHubSpotFetch, fromServerless, isHubSpotTaskError } = main;

const BASE = "https://app.example.com/hubspot";
const STATUS_PATH = "/crm/exports/2026-03/export/async/tasks/7/status";
const START_PATH = "/crm/exports/2026-03/export/async";
const EXPORT = { exportType: "VIEW", exportName: "Contacts", format: "CSV" };

/** The three transports, each with the way that its host is called. */
const HOSTS = {
  "hubspot.fetch": { make: (call) => fromHubSpotFetch(call), baseUrl: BASE, path: BASE },
  "hubspot.serverless": { make: (call) => fromServerless(call, "hubspot"), baseUrl: undefined, path: "" },
  fetchHubSpotApi: { make: (call) => fromHubSpotApi(call), baseUrl: undefined, path: "" },
};

/** A client on a host whose function is `respond`, and the arguments of each of its calls. */
function setUp(host, respond, options = {}) {
  const { make, baseUrl } = HOSTS[host];
  const clock = virtualClock();
  const calls = [];
  const call = async (...given) => {
    calls.push(given);
    return respond(...given);
  };
  return { clock, calls, client: new HubSpotTasks({ baseUrl, clock, fetch: make(call), ...options }) };
}

// --- What is sent ----------------------------------------------------------------------------------------------------

const COMPLETE = { status: "COMPLETE", result: "https://exports.example/1.csv" };
const good = (body, status = 200) => new Response(JSON.stringify(body), { status });
const started = async () => good({ id: "7", links: {} }, 202);

const SENT = [
  {
    name: "a status",
    options: {},
    status: {
      "hubspot.fetch": [BASE + STATUS_PATH, { method: "GET", timeout: 15_000 }],
      "hubspot.serverless": ["hubspot", { parameters: { path: STATUS_PATH, method: "GET" } }],
      fetchHubSpotApi: [{ path: STATUS_PATH, method: "GET" }],
    },
  },
  {
    name: "a status with a token, and without the client's other headers",
    options: { token: "a-token-of-hubspot", headers: { "X-Trace": "1", "Content-Type": "text/plain" } },
    status: {
      "hubspot.fetch": [BASE + STATUS_PATH, { method: "GET", timeout: 15_000, headers: { Authorization: "Bearer a-token-of-hubspot" } }],
      "hubspot.serverless": ["hubspot", { parameters: { path: STATUS_PATH, method: "GET" } }],
      fetchHubSpotApi: [{ path: STATUS_PATH, method: "GET", headers: { Authorization: "Bearer a-token-of-hubspot" } }],
    },
  },
  {
    name: "a status with the caller's own authorization, by whatever case",
    options: { headers: { authorization: "Basic YTpi" } },
    status: {
      "hubspot.fetch": [BASE + STATUS_PATH, { method: "GET", timeout: 15_000, headers: { Authorization: "Basic YTpi" } }],
      "hubspot.serverless": ["hubspot", { parameters: { path: STATUS_PATH, method: "GET" } }],
      fetchHubSpotApi: [{ path: STATUS_PATH, method: "GET", headers: { Authorization: "Basic YTpi" } }],
    },
  },
  {
    name: "a start, whose body is an object",
    options: {},
    start: {
      "hubspot.fetch": [BASE + START_PATH, { method: "POST", timeout: 15_000, body: EXPORT }],
      "hubspot.serverless": ["hubspot", { parameters: { path: START_PATH, method: "POST", body: EXPORT } }],
      fetchHubSpotApi: [{ path: START_PATH, method: "POST", body: EXPORT }],
    },
  },
];

for (const { name, options, status, start } of SENT) {
  for (const [host, expected] of Object.entries(status ?? start)) {
    test(`${host} is sent ${name}, and nothing that it does not take`, async () => {
      const { client, calls } = setUp(host, start ? started : async () => good(COMPLETE), options);
      await value(start ? client.exports.start(EXPORT) : client.exports.status("7"));
      assert.deepEqual(calls, [expected]);
    });
  }
}

test("a serverless function and fetchHubSpotApi are given HubSpot's path behind whatever base URL, with its query", async () => {
  const pages = inTurn(() => good({ results: [{ id: 1 }], paging: { next: { after: "b" } } }), () => good({ results: [] }));
  for (const host of ["hubspot.serverless", "fetchHubSpotApi"]) {
    let number = 0;
    const { client, calls } = setUp(host, () => pages("", {}, ++number), { baseUrl: "https://api.hubapi.com/" });
    const errors = [];
    for await (const error of client.imports.errors("5")) errors.push(error);
    assert.deepEqual(errors, [{ id: 1 }]);
    const paths = calls.map((given) => given.at(-1).path ?? given.at(-1).parameters.path);
    assert.deepEqual(paths, ["/crm/imports/2026-03/5/errors", "/crm/imports/2026-03/5/errors?after=b"], host);
  }
});

// --- Time ------------------------------------------------------------------------------------------------------------

for (const [requestTimeoutMs, timeout] of [[undefined, 15_000], [null, 15_000], [2_500, 2_500], [1_000.2, 1_001], [600_000, 120_000]]) {
  test(`with requestTimeoutMs ${requestTimeoutMs} the host's timeout is ${timeout}`, async () => {
    const { client, calls } = setUp("hubspot.fetch", async () => good(COMPLETE), { requestTimeoutMs });
    await value(client.exports.status("7"));
    assert.equal(calls[0][1].timeout, timeout);
  });
}

test("a client of another entry lets the host take its own timeout", async () => {
  const calls = [];
  const fetch = fromHubSpotFetch(async (...given) => {
    calls.push(given);
    return good(COMPLETE);
  });
  await value(new UsualTasks({ baseUrl: BASE, fetch, clock: virtualClock() }).exports.status("7"));
  assert.deepEqual(calls, [[BASE + STATUS_PATH, { method: "GET" }]]);
});

for (const host of Object.keys(HOSTS)) {
  test(`where ${host} never answers, a poll ends after 15 s, and a start is not sent again`, async () => {
    const { client, clock, calls } = setUp(host, () => new Promise(() => {}));
    const begun = clock.now();
    assertError(await rejectionInTime(clock, client.exports.status("7")), "NETWORK");
    assert.equal(clock.now() - begun, 15_000);
    assertError(await rejectionInTime(clock, client.exports.start(EXPORT)), "UNKNOWN_OUTCOME");
    assert.equal(calls.length, 2);
  });
}

test("five requests are open at a time if not told otherwise", async () => {
  for (const [maxConcurrent, expected] of [[undefined, 5], [2, 2]]) {
    const { client, calls } = setUp("hubspot.fetch", () => new Promise(() => {}), { maxConcurrent });
    const controller = new AbortController();
    const waits = Array.from({ length: 9 }, (_, id) => client.fileImports.task(String(id)).wait({ signal: controller.signal }));
    const settled = Promise.allSettled(waits);
    await stateOf(settled);
    assert.equal(calls.length, expected);
    controller.abort("enough");
    assert((await value(settled)).every(({ reason }) => reason === "enough"));
  }
});

// --- Answers ---------------------------------------------------------------------------------------------------------

/** Rejects with that. */
class Rejected {
  constructor(value) {
    this.value = value;
  }
}
const rejected = (value) => new Rejected(value);

const FORBIDDEN = { status: "error", category: "MISSING_SCOPES", message: "no", errors: [{ context: { requiredGranularScopes: ["crm.export"] } }] };
const forbidden = { code: "FORBIDDEN", category: "MISSING_SCOPES", requiredScopes: ["crm.export"] };
const envelope = (code, body) => ({
  status: "error",
  category: "BAD_GATEWAY",
  context: { appServerStatusCode: [String(code)] },
  responseBody: JSON.stringify(body),
});

/** What the host hands back, and what is told of it: HubSpot's status, or an error. */
const ANSWERS = {
  "a Response": { answer: () => good(COMPLETE), told: COMPLETE },
  "a Response of another realm, by its text()": { answer: () => ({ status: 200, ok: true, text: async () => JSON.stringify(COMPLETE) }), told: COMPLETE },
  "a Response without text()": { answer: () => ({ status: 200, ok: true, json: async () => COMPLETE }), told: COMPLETE },
  "{ statusCode, body } with a text": { answer: () => ({ statusCode: 200, body: JSON.stringify(COMPLETE) }), told: COMPLETE },
  "{ statusCode, body } with an object": { answer: () => ({ statusCode: 200, body: COMPLETE }), told: COMPLETE },
  "{ status, headers, body }": { answer: () => ({ status: 200, headers: { date: "x" }, body: COMPLETE }), told: COMPLETE },
  "{ status: SUCCESS, response: { statusCode, body } }": { answer: () => ({ status: "SUCCESS", response: { statusCode: 200, body: COMPLETE } }), told: COMPLETE },
  "{ logId, response } with HubSpot's object": { answer: () => ({ logId: "1", response: COMPLETE }), told: COMPLETE },
  "{ logId, response } with a text": { answer: () => ({ logId: "1", response: JSON.stringify({ statusCode: 200, body: COMPLETE }) }), told: COMPLETE },
  "HubSpot's object itself": { answer: () => COMPLETE, told: COMPLETE },
  "HubSpot's object as a text": { answer: () => JSON.stringify(COMPLETE), told: COMPLETE },
  "{ status: success, responseBody }": { answer: () => ({ status: "success", responseBody: JSON.stringify(COMPLETE) }), told: COMPLETE },
  "the same in a Response": { answer: () => good({ status: "success", responseBody: COMPLETE }), told: COMPLETE },
  "an empty 202": { answer: () => ({ statusCode: 202, body: "" }), told: { status: "PENDING" } },

  "a 403 in a Response": { answer: () => good(FORBIDDEN, 403), error: forbidden },
  "a 403 as { statusCode, body }": { answer: () => ({ statusCode: 403, body: FORBIDDEN }), error: forbidden },
  "a 404 in the envelope, in a Response of 200": { answer: () => good(envelope(404, { message: "none" })), error: { code: "NOT_FOUND", httpStatus: 404 } },
  "a 403 in the envelope, as an object": { answer: () => envelope(403, FORBIDDEN), error: forbidden },
  "a 403 in the envelope, as { statusCode, body }": { answer: () => ({ statusCode: 200, body: envelope(403, FORBIDDEN) }), error: forbidden },
  "an error by its category alone": { answer: () => FORBIDDEN, error: forbidden },
  "{ status: ERROR, message }": { answer: () => ({ status: "ERROR", message: "the function failed" }), error: { code: "NETWORK" }, says: /the function failed/ },
  "a 429 with Retry-After": { answer: () => ({ status: 429, headers: { "Retry-After": "7" }, body: { policyName: "DAILY" } }), error: { code: "RATE_LIMITED", retryAfterMs: 7_000 } },
  "nothing": { answer: () => undefined, error: { code: "HTTP" }, says: /no response/ },
  "null": { answer: () => null, error: { code: "HTTP" }, says: /no response/ },
  "an empty text": { answer: () => "", error: { code: "HTTP" }, says: /no response/ },
  "a web page as a text": { answer: () => "<html>", error: { code: "INVALID_RESPONSE" }, says: /A web page/ },
  "an empty object": { answer: () => ({}), error: { code: "INVALID_RESPONSE" } },

  "a rejection with { response }": { answer: () => rejected(Object.assign(new Error("403"), { response: good(FORBIDDEN, 403) })), error: forbidden },
  "a rejection with { status, body }": { answer: () => rejected({ status: 403, body: FORBIDDEN }), error: forbidden },
  "a rejection with { status, responseJSON }": { answer: () => rejected({ status: 403, responseJSON: FORBIDDEN }), error: forbidden },
  "a rejection with an Error of { status }": {
    answer: () => rejected(Object.assign(new Error("no such function"), { status: 404, correlationId: "c-1" })),
    error: { code: "NOT_FOUND", httpStatus: 404, correlationId: "c-1" },
    says: /no such function/,
  },
  "a rejection with { statusCode } alone": { answer: () => rejected({ statusCode: 530 }), error: { code: "HTTP", httpStatus: 530 } },
  "a rejection with the envelope": { answer: () => rejected(envelope(403, FORBIDDEN)), error: forbidden },
  "a rejection with the envelope as a text": { answer: () => rejected(JSON.stringify(envelope(403, FORBIDDEN))), error: forbidden },
  "a rejection with a text": { answer: () => rejected("Too many requests are open"), error: { code: "NETWORK" }, says: /Too many requests are open/ },
  "a rejection with { message }": { answer: () => rejected({ message: "timed out", status: 0 }), error: { code: "NETWORK" }, says: /timed out/ },
  "a rejection with any object": { answer: () => rejected({ why: "offline" }), error: { code: "NETWORK" }, says: /offline/ },
  "a rejection with an Error": { answer: () => rejected(new TypeError("self.hsFetch is not a function")), error: { code: "NETWORK" }, says: /TypeError: self\.hsFetch/ },
  "a rejection with nothing": { answer: () => rejected(undefined), error: { code: "NETWORK" } },
  "a rejection with what cannot be read": {
    answer: () => rejected({ get status() { throw new Error("no"); }, toJSON() { throw new Error("no"); } }),
    error: { code: "NETWORK" },
  },
};

async function handBack(answer) {
  const given = answer();
  if (given instanceof Rejected) throw given.value;
  return given;
}

for (const host of Object.keys(HOSTS)) {
  for (const [form, { answer, told, error, says }] of Object.entries(ANSWERS)) {
    test(`${host}: ${form} is ${told ? `the status ${told.status}` : error.code}`, async () => {
      const { client, calls } = setUp(host, () => handBack(answer));
      const asked = client.exports.status("7");
      if (told) assert.deepEqual(await value(asked), told);
      else {
        const { code, ...fields } = error;
        const { message } = assertError(await rejection(asked), code, fields);
        assert.match(message, says ?? /./);
      }
      assert.equal(calls.length, 1);
    });
  }
}

test("what the host says, or throws, brings no token and no result into a message", async () => {
  const token = "pat-na1-secret-token";
  const texts = [`Bearer ${token} was refused`, { message: `for ${token}` }, { why: [token, COMPLETE] }];
  for (const text of texts) {
    const { client } = setUp("hubspot.fetch", () => handBack(() => rejected(text)), { token });
    const error = await rejection(client.exports.status("7"));
    assert.doesNotMatch(JSON.stringify(error) + error.message + error.cause.message + error.cause.stack, /secret-token|exports\.example/);
  }
});

// --- Starts ----------------------------------------------------------------------------------------------------------

const REPLAY = { status: "error", category: "PROXY_REPLAY", message: "Proxy: this call was received before" };
const CONFLICT = { status: "error", category: "CONFLICT", message: "one is running" };

const STARTS = {
  "a 202 in a Response": { answer: () => good({ id: "7" }, 202), id: "7" },
  "a 202 in the host's envelope": { answer: () => good({ status: "success", responseBody: { id: "7" } }), id: "7" },
  "{ statusCode, body } with a long number as its id": { answer: () => ({ statusCode: 202, body: '{"id":9007199254740993}' }), id: "9007199254740993" },
  "the body itself": { answer: () => ({ id: "7", links: {} }), id: "7" },
  "a proxy's refusal of a call that it got before": { answer: () => good(REPLAY, 409), code: "UNKNOWN_OUTCOME", says: /sent this call twice/ },
  "the same within the envelope": { answer: () => good(envelope(409, REPLAY)), code: "UNKNOWN_OUTCOME", says: /sent this call twice/ },
  "the same as a rejection": { answer: () => rejected({ status: 409, body: REPLAY }), code: "UNKNOWN_OUTCOME", says: /sent this call twice/ },
  "a conflict of HubSpot's": { answer: () => good(CONFLICT, 409), code: "HTTP", says: /one is running/ },
  "a 403": { answer: () => good(FORBIDDEN, 403), code: "FORBIDDEN" },
  "a 403 as a rejection": { answer: () => rejected({ status: 403, responseJSON: FORBIDDEN }), code: "FORBIDDEN" },
  "a 502": { answer: () => good({}, 502), code: "UNKNOWN_OUTCOME" },
  "a rejection with a text": { answer: () => rejected("timed out"), code: "UNKNOWN_OUTCOME" },
  "a rejection that speaks of a signal": { answer: () => rejected(new Error("signal timed out")), code: "UNKNOWN_OUTCOME" },
  "a function that failed": { answer: () => ({ status: "ERROR", message: "it failed" }), code: "UNKNOWN_OUTCOME" },
  "no answer at all": { answer: () => undefined, code: "UNKNOWN_OUTCOME" },
};

for (const host of Object.keys(HOSTS)) {
  for (const [form, { answer, id, code, says }] of Object.entries(STARTS)) {
    test(`${host}: a start that is answered by ${form} ${id ? "has its id" : `is ${code}`}, and is sent once`, async () => {
      const { client, calls } = setUp(host, () => handBack(answer));
      const start = client.exports.start(EXPORT);
      if (id) assert.equal((await value(start)).id, id);
      else assert.match(assertError(await rejection(start), code).message, says ?? /./);
      assert.equal(calls.length, 1);
    });
  }
}

const LONG = { ...EXPORT, listId: "x".repeat(2 ** 20) };
const FILES = { importRequest: { name: "a", files: [] }, files: new Blob(["Email\n"]) };
const IN_PARTS = { name: "upload", paths: { status: "/uploads/{apiVersion}/{taskId}", start: "/uploads/{apiVersion}" }, start: { sends: "multipart" } };
const BY_BACKEND = "HubSpot's host takes JSON alone, of 1 MB at most. Nothing was sent: let your backend start it";

/** Not sent: no start is in doubt. By what is given, the field that is named, and what starts. */
const UNSENDABLE = {
  "a body over 1 MB": ["request", (client) => client.exports.start(LONG)],
  "one over 1 MB in UTF-8 alone": ["request", (client) => client.exports.start({ ...EXPORT, listId: "€".repeat(2 ** 20 / 3) })],
  "one to be waited for": ["request", (client) => client.exports.run(LONG)],
  "files": ["request.files", (client) => client.imports.start(FILES)],
  "files to be waited for": ["request.files", (client) => client.imports.run(FILES)],
  "files of a defined family": ["request.files", (client) => client.family(IN_PARTS).start({ files: new Blob(["a"]) })],
};

for (const host of Object.keys(HOSTS)) {
  for (const [what, [field, act]] of Object.entries(UNSENDABLE)) {
    test(`${host} is sent no ${what}: INVALID_ARGUMENT, by its field, and not a second time`, async () => {
      const { client, calls } = setUp(host, started);
      const error = assertError(await rejection(act(client)), "INVALID_ARGUMENT", { isRetryable: false });
      assert.equal(error.message, `${field}: ${BY_BACKEND}`);
      assert.deepEqual(JSON.parse(JSON.stringify(error)), { name: "HubSpotTaskError", message: error.message, code: "INVALID_ARGUMENT" });
      assert.deepEqual(calls, []);
    });
  }
}

test("what is not sent is told so by a transport within the caller's own fetch", async () => {
  const { client, calls } = setUp("hubspot.fetch", started);
  const transport = fromHubSpotFetch(async (...given) => calls.push(given));
  const wrapped = new HubSpotTasks({ baseUrl: BASE, clock: virtualClock(), fetch: (...given) => transport(...given) });
  assertError(await rejection(wrapped.exports.start(LONG)), "INVALID_ARGUMENT");
  assertError(await rejection(wrapped.imports.start(FILES)), "INVALID_ARGUMENT");
  assert.deepEqual(calls, []);
  await value(client.exports.start(EXPORT));
  assert.equal(calls.length, 1, "the next one is sent");
});

test("a client of another entry is told that nothing was sent, too, and its start is not in doubt", async () => {
  const calls = [];
  const fetch = fromHubSpotFetch(async (...given) => calls.push(given));
  const client = new UsualTasks({ baseUrl: BASE, fetch, clock: virtualClock() });
  for (const [field, act] of Object.values(UNSENDABLE)) {
    const error = assertError(await rejection(act(client)), "HTTP", { httpStatus: 400, isRetryable: false });
    assert(error.message.endsWith(`${field}: ${BY_BACKEND}`), error.message);
  }
  assert.deepEqual(calls, []);
});

test("a fetch of the caller's own that takes files, and more than 1 MB, is given both", async () => {
  const bodies = [];
  const fetch = async (url, { body }) => {
    bodies.push(body);
    return good({ id: "7", links: {} }, 202);
  };
  const client = new HubSpotTasks({ baseUrl: BASE, fetch, clock: virtualClock() });
  await value(client.imports.start(FILES));
  await value(client.exports.start(LONG));
  assert(bodies[0] instanceof FormData);
  assert.equal(bodies[1], JSON.stringify(LONG));
});

test("the reason of an abort stays what it is, be it such a refusal", async () => {
  const { client } = setUp("hubspot.fetch", () => new Promise(() => {}));
  const reason = await rejection(client.imports.start(FILES));
  const controller = new AbortController();
  const start = client.exports.start(EXPORT, { signal: controller.signal });
  controller.abort(reason);
  assert.equal(await rejection(start), reason);
});

test("the caller's line is in the stack of what is refused, and of other errors of a start", async () => {
  const { client } = setUp("hubspot.fetch", async () => good(FORBIDDEN, 403));
  async function callersStart(request) {
    await client.exports.start(request);
  }
  for (const [request, code] of [[LONG, "INVALID_ARGUMENT"], [EXPORT, "FORBIDDEN"]]) {
    const { stack, message } = assertError(await rejection(callersStart(request)), code);
    const [first, line] = stack.split("\n");
    assert.equal(first, `HubSpotTaskError: ${message}`);
    assert.match(line, /^ {4}at async callersStart \(.*ui-extension\.test\.mjs:\d+:\d+\)$/);
  }
});

test("a family is the same each time it is defined, and starts by the host each time", async () => {
  const { client, calls } = setUp("hubspot.fetch", started);
  const definition = { ...IN_PARTS, start: { sends: "json" } };
  const family = client.family(definition);
  assert.equal(client.family(definition), family);
  await value(client.family(definition).start({ a: 1 }));
  assert.equal(calls.length, 1);
});

test("a body of just 1 MB is sent", async () => {
  const room = 2 ** 20 - JSON.stringify({ ...EXPORT, listId: "" }).length;
  const { client, calls } = setUp("hubspot.fetch", started);
  await value(client.exports.start({ ...EXPORT, listId: "x".repeat(room) }));
  assert.equal(calls[0][1].body.listId.length, room);
});

// --- What is given ---------------------------------------------------------------------------------------------------

for (const [name, make, says] of [
  ["fromHubSpotFetch() of the whole hubspot", () => fromHubSpotFetch({ fetch() {} }), /^hubspot\.fetch: got a value of type object/],
  ["fromHubSpotFetch() of nothing", () => fromHubSpotFetch(), /^hubspot\.fetch: got a value of type undefined/],
  ["fromServerless() of a name alone", () => fromServerless("hubspot"), /^hubspot\.serverless: got a value of type string/],
  ["fromServerless() without a name", () => fromServerless(async () => {}), /^name: got a value of type undefined/],
  ["fromServerless() with an empty name", () => fromServerless(async () => {}, ""), /^name: got a value of type string/],
  ["fromHubSpotApi() of its answer", () => fromHubSpotApi(Promise.resolve()), /^fetchHubSpotApi: got a value of type object/],
]) {
  test(`${name} is refused at once`, () => {
    assert.match(assertError(thrown(make), "INVALID_ARGUMENT").message, says);
  });
}

test("options are refused as by every other entry", () => {
  const Broken = class {
    get requestTimeoutMs() {
      throw new Error("no");
    }
  };
  for (const [options, says] of [
    ["text", /^options: /],
    [{ fetch: "text" }, /^fetch: /],
    [{ requestTimeoutMs: NaN }, /^requestTimeoutMs: got NaN/],
    [{ requestTimeoutMs: "15" }, /^requestTimeoutMs: /],
    [{ maxConcurrent: 0 }, /^maxConcurrent: got 0/],
    [{ accessToken: "x" }, /^accessToken: .*takes `token`/],
    [new Broken(), /^requestTimeoutMs: it threw/],
  ]) {
    assert.match(assertError(thrown(() => new HubSpotTasks(options)), "INVALID_ARGUMENT").message, says);
  }
});

test("options may be frozen, inherited, null or absent, and stay as they are", async () => {
  const fetch = fromHubSpotFetch(async () => good(COMPLETE));
  const options = Object.freeze({ baseUrl: BASE, fetch, clock: virtualClock() });
  for (const given of [options, Object.create(options)]) await value(new HubSpotTasks(given).exports.status("7"));
  assert.equal(options.fetch, fetch);
  new HubSpotTasks();
  new HubSpotTasks(null);
});

test("any fetch may be given, and is called without `this`", async () => {
  const seen = [];
  const client = new HubSpotTasks({
    baseUrl: BASE,
    clock: virtualClock(),
    async fetch(url, { method, timeout }) {
      seen.push([this, url, method, timeout]);
      return good(COMPLETE);
    },
  });
  await value(client.exports.status("7"));
  assert.deepEqual(seen, [[undefined, BASE + STATUS_PATH, "GET", 15_000]]);
});

test("its classes are those of every entry: instanceof, isHubSpotTaskError", async () => {
  const client = new HubSpotTasks();
  assert(client instanceof HubSpotTasks);
  const error = thrown(() => client.exports.task(""));
  assert(error instanceof HubSpotTaskError && isHubSpotTaskError(error));
  const other = thrown(() => new UsualTasks().exports.task(""));
  assert(other instanceof HubSpotTaskError && isHubSpotTaskError(other));
  const js = await import(pathToFileURL(join(installed, "js.js")).href);
  const own = ["fromHubSpotApi", "fromHubSpotFetch", "fromServerless"];
  assert.deepEqual(Object.keys(main).sort(), [...Object.keys(js), ...own].sort());
});

test("a wait goes through the host from start to end", async () => {
  const answers = [good({ id: "7" }, 202), good({ status: "PROCESSING" }, 202), good(envelope(502, {})), good(COMPLETE)];
  const { client, clock, calls } = setUp("hubspot.fetch", async () => answers.shift());
  const { outcome, result, polls } = await clock.run(client.exports.run(EXPORT));
  assert.deepEqual([outcome, result, polls, calls.length], ["succeeded", COMPLETE.result, 3, 4]);
});
