// A fetch that does anything at all: every promise settles, with a code that tells what was wrong.
import assert from "node:assert/strict";
import vm from "node:vm";
import {
  HubSpotTasks,
  answer,
  assertError,
  complete,
  hang,
  inTurn,
  processing,
  rejection,
  rejectionInTime,
  setUp,
  test,
  value,
} from "./support.mjs";

const STATUS = { status: "PROCESSING", taskId: "7" };
const json = JSON.stringify(STATUS);
const never = () => new Promise(() => {});
const boom = new Error("boom");
const raise = () => {
  throw boom;
};
const foreign = vm.runInNewContext("new TypeError('from another realm')");

/** Asks once with status(), and once with wait(); both must settle with the code. Gives the first one's error. */
async function assertFault(fetch, code, fields) {
  const { client, clock } = setUp(fetch);
  const error = await rejectionInTime(clock, client.exports.status("7"));
  assertError(error, code, { taskId: "7", family: "export", ...fields });
  const waited = await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs: 0 }));
  assert([code, "TIMEOUT"].includes(waited.code), waited.code);
  assert.equal((waited.code === "TIMEOUT" ? waited.cause : waited).code, code);
  return error;
}

/** Asks once: the answer must be read as this status. */
async function assertRead(fetch, expected = STATUS) {
  const { client, clock } = setUp(fetch);
  assert.deepEqual(await clock.run(client.exports.status("7")), expected);
}

for (const [name, fetch, cause] of [
  ["throws an Error", raise, boom],
  [
    "throws a string",
    () => {
      throw "boom";
    },
    "boom",
  ],
  [
    "throws undefined",
    () => {
      throw undefined;
    },
    undefined,
  ],
  ["rejects with an Error", async () => raise(), boom],
  [
    "rejects with a string",
    async () => {
      throw "boom";
    },
    "boom",
  ],
  ["rejects with undefined", () => Promise.reject(), undefined],
  ["rejects with null", () => Promise.reject(null), null],
  ["rejects with an object without a prototype", () => Promise.reject(Object.create(null)), Object.create(null)],
  ["rejects with an Error of another realm", () => Promise.reject(foreign), foreign],
  [
    "rejects with a DOMException",
    () => Promise.reject(new DOMException("gone", "NetworkError")),
    new DOMException("gone", "NetworkError"),
  ],
  ["gives a thenable that throws", () => ({ then: raise }), boom],
  [
    "gives a thenable with a getter that throws",
    () => ({
      get then() {
        throw boom;
      },
    }),
    boom,
  ],
  ["gives an answer whose text() throws", async () => ({ status: 200, text: raise }), boom],
  ["gives an answer whose text() rejects", async () => ({ status: 200, text: async () => raise() }), boom],
]) {
  test(`NETWORK, and its cause, when fetch ${name}`, async () => {
    const error = await assertFault(fetch, "NETWORK");
    const words = typeof cause === "string" ? cause : cause?.message;
    assert.equal(error.cause?.message, words);
    if (cause?.name) assert.equal(error.cause.name, cause.name);
    assert(words === undefined || error.message.includes(words), error.message);
    assert.match(error.message, /Does baseUrl answer\?$/);
  });
}

test("a fault whose cause has no text can be written as JSON", async () => {
  for (const cause of [
    Object.create(null),
    { toString: raise },
    Symbol("s"),
    10n,
    undefined,
    new Proxy({}, { get: raise }),
  ]) {
    const { client } = setUp(() => Promise.reject(cause));
    const error = await rejection(client.exports.status("7"));
    assert.equal(JSON.parse(JSON.stringify(error)).code, "NETWORK");
  }
});

for (const [name, fetch] of [
  ["fetch never settles", never],
  ["text() never settles", async () => ({ status: 200, text: never })],
  ["json() never settles", async () => ({ status: 200, json: never })],
  ["fetch gives a thenable that never settles", () => ({ then() {} })],
]) {
  test(`NETWORK after requestTimeoutMs when ${name}, and the request is aborted`, async () => {
    const { client, clock, requests } = setUp(fetch, { requestTimeoutMs: 7_000 });
    const promise = client.exports.status("7");
    promise.catch(() => {});
    await clock.advance(6_999);
    assert.equal(requests[0].init.signal.aborted, false);
    await clock.advance(1);
    assert.equal(requests[0].init.signal.aborted, true);
    assert.match(assertError(await rejection(promise), "NETWORK").message, /requestTimeoutMs/);
  });
}

test("a host without fetch is NETWORK at once, for wait() too", async () => {
  const original = globalThis.fetch;
  try {
    for (const missing of [undefined, null, {}]) {
      globalThis.fetch = missing;
      const client = new HubSpotTasks();
      for (const ask of [() => client.exports.status("7"), () => client.exports.task("7").wait()]) {
        assert.match(assertError(await rejection(ask()), "NETWORK").message, /option fetch/);
      }
    }
  } finally {
    globalThis.fetch = original;
  }
});

for (const given of [undefined, null, 5, "text", true, Symbol("s"), 10n, {}, [], () => {}]) {
  test(`a fetch that gives ${typeof given === "object" ? JSON.stringify(given) : String(given)} is a fault without a status`, async () => {
    for (const fetch of [() => given, async () => given]) {
      const error = await assertFault(fetch, "HTTP", { httpStatus: undefined });
      assert.match(error.message, /no response/);
    }
  });
}

for (const status of [undefined, null, NaN, "200", -1, Infinity, 1e9, {}, 10n]) {
  test(`an answer whose status is ${String(status)} is no response`, async () => {
    await assertFault(async () => ({ status, text: async () => json }), "HTTP", { httpStatus: undefined });
  });
}

test("an answer that throws where it is touched is read without that, or a fault", async () => {
  const trap = {
    get(_, name) {
      if (name !== "then") throw boom;
    },
  };
  const answers = [
    new Proxy({}, trap),
    {
      get status() {
        throw boom;
      },
      text: async () => json,
    },
    {
      status: 200,
      get headers() {
        throw boom;
      },
      text: async () => json,
    },
    {
      status: 200,
      get text() {
        throw boom;
      },
      json: async () => STATUS,
    },
    {
      status: 200,
      get json() {
        throw boom;
      },
      body: STATUS,
    },
    {
      status: 200,
      get body() {
        throw boom;
      },
    },
  ];
  for (const given of answers) {
    const { client, clock } = setUp(async () => given);
    const end = await clock.run(client.exports.status("7").catch((error) => error));
    assert(
      ["PROCESSING", "PENDING"].includes(end.status) || ["HTTP", "NETWORK", "INVALID_RESPONSE"].includes(end.code),
      String(end),
    );
  }
});

test("an opaque redirect and a redirect stop with HTTP", async () => {
  const opaque = { type: "opaqueredirect", status: 0, ok: false, headers: new Headers(), text: async () => "" };
  assert.match((await assertFault(async () => opaque, "HTTP", { httpStatus: undefined })).message, /redirect/);
  for (const status of [301, 302, 307, 308]) {
    const location = { location: "https://evil.example" };
    assert.match(
      (await assertFault(async () => answer(status, "", location), "HTTP", { httpStatus: status })).message,
      /redirect/,
    );
  }
});

test("an answer is read by text(), else json(), else body", async () => {
  const plain = (fields) => async () => ({ status: 200, ...fields });
  await assertRead(async () => new Response(json, { status: 202 }));
  await assertRead(plain({ text: async () => json, json: raise, body: 5 }));
  await assertRead(plain({ text: () => json }));
  await assertRead(plain({ json: async () => STATUS, body: 5 }));
  await assertRead(plain({ json: async () => json }));
  await assertRead(plain({ json: () => STATUS }));
  await assertRead(plain({ json: () => ({ then: (resolve) => resolve(STATUS) }) }));
  await assertRead(plain({ body: STATUS }));
  await assertRead(plain({ body: json }));
  await assertRead(plain({ text: async () => STATUS }));
  await assertRead(plain({ text: "no function", body: STATUS }));
  await assertRead(plain(Object.freeze({ body: Object.freeze({ ...STATUS }) })));
  await assertRead(() => ({ then: (resolve) => resolve({ status: 200, body: json }) }));
  await assertRead(plain({ json: async () => undefined }), { status: "PENDING" });
  await assertRead(plain({ body: null }), { status: "PENDING" });
  await assertRead(plain({}), { status: "PENDING" });
  class OwnResponse {
    #text = json;
    get status() {
      return 200;
    }
    async text() {
      return this.#text;
    }
  }
  await assertRead(async () => new OwnResponse());
});

test("answers of other clients are read: statusCode, texts, bytes, streams, bodies with methods of their own", async () => {
  const bytes = new TextEncoder().encode(json);
  await assertRead(async () => ({ statusCode: 200, body: json }));
  await assertRead(async () => ({ status: "OK", statusCode: 202, headers: {}, body: STATUS }));
  await assertRead(async () => ({ status: 200, text: json, body: {} }));
  await assertRead(async () => ({ status: 200, data: STATUS }));
  await assertRead(async () => ({ statusCode: 200, body: { json: async () => STATUS } }));
  await assertRead(async () => ({ statusCode: 200, body: { text: async () => json, json: raise } }));
  for (const body of [bytes, bytes.buffer, Buffer.from(json), new Response(json).body, `\ufeff${json}`]) {
    await assertRead(async () => ({ statusCode: 200, body: body instanceof ReadableStream ? new Response(json).body : body }));
  }
  await assertFault(async () => ({ statusCode: 403, body: bytes }), "FORBIDDEN", { httpStatus: 403 });
  await assertRead(async () => ({ statusCode: 202, body: new Uint8Array() }), { status: "PENDING" });
});

test("a body that cannot be read is INVALID_RESPONSE, soon, and says what was got and what is read", async () => {
  for (const body of [() => {}, Symbol("s"), 10n, { toJSON: () => undefined }]) {
    for (const fields of [{ text: async () => body }, { json: async () => body }, { body }]) {
      const { client, clock } = setUp(async () => ({ status: 200, ...fields }));
      const begun = clock.now();
      const error = await clock.run(rejectionOf(client.exports.task("7").wait()));
      assertError(error, "INVALID_RESPONSE");
      assert.match(error.message, /got \[object \w+\], which cannot be read; takes text, JSON, bytes/);
      assert(clock.now() - begun <= 60_000, "long before the deadline");
    }
  }
});

const rejectionOf = (promise) => promise.then(() => assert.fail("it resolved"), (error) => error);

test("bodies with getters, cycles and bigints settle", async () => {
  const cycle = { status: "PROCESSING" };
  cycle.self = cycle;
  for (const body of [
    cycle,
    { status: "PROCESSING", size: 10n },
    {
      get status() {
        throw boom;
      },
    },
    { toJSON: raise },
  ]) {
    for (const fields of [{ json: async () => body }, { body }]) {
      await assertFault(async () => ({ status: 200, ...fields }), "INVALID_RESPONSE");
    }
  }
});

test("the HTTP status counts even where the body cannot be read", async () => {
  const notJson = async () => JSON.parse("<html>");
  for (const [status, code] of [
    [400, "HTTP"],
    [401, "UNAUTHORIZED"],
    [403, "FORBIDDEN"],
    [404, "NOT_FOUND"],
    [429, "RATE_LIMITED"],
  ]) {
    await assertFault(async () => ({ status, ok: false, json: notJson }), code, { httpStatus: status });
  }
});

test("headers are read from a Headers, from a record in any case, and never relied on", async () => {
  const limit = (headers) => async () => ({ status: 429, headers, text: async () => "{}" });
  for (const headers of [
    new Headers({ "Retry-After": "7" }),
    { "Retry-After": "7" },
    { "retry-after": "7" },
    { "RETRY-AFTER": " 7 " },
    new Map([["retry-after", "7"]]),
  ]) {
    await assertFault(limit(headers), "RATE_LIMITED", { retryAfterMs: 7_000 });
  }
  const useless = [
    undefined,
    null,
    5,
    "x",
    [],
    { get: raise },
    { get: () => 7 },
    { get: 5 },
    { get: () => Promise.resolve("7") },
    new Proxy({}, { ownKeys: raise }),
    {
      get "retry-after"() {
        throw boom;
      },
    },
  ];
  for (const headers of useless) await assertFault(limit(headers), "RATE_LIMITED", { httpStatus: 429 });
});

const deep = (depth) => "[".repeat(depth) + "]".repeat(depth);

for (const [name, body] of [
  ["null", "null"],
  ["a number", "42"],
  ["a JSON string", '"COMPLETE"'],
  ["an array", "[]"],
  ["an array with a status", '[{"status":"COMPLETE"}]'],
  ["an empty object", "{}"],
  ["an object with a number as status", '{"status":1}'],
  ["an object with null as status", '{"status":null}'],
  ["an object whose prototype would have a status", '{"__proto__":{"status":"COMPLETE","result":"x"}}'],
  ["half a JSON text", '{"status":"PROCESSING","requestedAt":"2026-0'],
  ["HTML", "<!doctype html><title>Sign in</title>"],
  ["nested deeper than any stack", deep(100_000)],
  ["a page of 5 MB", `<html>${"x".repeat(5_000_000)}`],
]) {
  test(`a 2xx whose body is ${name} is INVALID_RESPONSE`, async () => {
    const error = await assertFault(
      async () => answer(200, body, { "content-type": "text/x-test" }),
      "INVALID_RESPONSE",
      { httpStatus: 200 },
    );
    assert(error.message.includes("text/x-test"), error.message);
    assert(error.message.includes(body.slice(0, 20)), error.message);
    assert(error.message.length < 600, "shortened");
    if (name === "HTML") assert.match(error.message, /baseUrl/);
  });
}

for (const [name, text] of [
  ["empty", ""],
  ["blank", " \n\t "],
  ["missing", undefined],
]) {
  test(`a 2xx whose body is ${name} gives the newest status, or PENDING`, async () => {
    const bodiless = { status: 202, text: async () => text };
    const { client } = setUp(inTurn(bodiless, processing({ taskId: "7" }), bodiless));
    const task = client.exports.task("7");
    assert.deepEqual(await value(task.status()), { status: "PENDING" });
    assert.equal(task.latest, undefined, "made by the client, not seen");
    await value(task.status());
    assert.deepEqual(await value(task.status()), { status: "PROCESSING", taskId: "7" });
    assert.deepEqual(await value(client.exports.task("8").status()), { status: "PENDING" });
  });
}

test("HubSpot's object comes through whole: unknown fields, nulls, odd types", async () => {
  const body = {
    status: "REVIEWING",
    startedAt: null,
    requestedAt: 5,
    completedAt: {},
    numErrors: "many",
    errors: "none",
    links: [],
    result: null,
    brandNew: { nested: [1, null, "ü😀"] },
    size: 9007199254740991,
    toString: "no function",
    constructor: null,
    hasOwnProperty: 1,
  };
  const { client } = setUp(async () => answer(202, body));
  const task = client.exports.task("7");
  assert.deepEqual(await value(task.status()), body);
  assert.equal(task.latest, (await value(client.exports.task("7").status())) && task.latest);
  const large = { status: "PROCESSING", list: Array.from({ length: 50_000 }, (_, index) => `${index}`.padStart(100)) };
  assert.deepEqual(await value(setUp(async () => answer(202, large)).client.exports.status("7")), large);
});

test("a status nested deeply comes through by text(), and settles by json()", async () => {
  const text = `{"status":"PROCESSING","deep":${deep(50_000)}}`;
  assert.equal((await value(setUp(async () => answer(202, text)).client.exports.status("7"))).status, "PROCESSING");
  const { client } = setUp(async () => ({ status: 200, json: async () => JSON.parse(text) }));
  assertError(await rejection(client.exports.status("7")), "INVALID_RESPONSE");
});

test("a fetch may come back into the client while it is called", async () => {
  let client;
  const within = () => {
    const task = client.exports.task("7");
    void task.latest;
    JSON.stringify(task);
    if (client.calls++ < 3) task.status().catch(() => {});
  };
  const { client: own, clock } = setUp(async () => (within(), complete()), { token: () => (within(), "secret") });
  client = Object.assign(own, { calls: 0 });
  assert.equal((await clock.run(client.exports.task("7").wait())).outcome, "succeeded");
});

test("a request that hangs is given up without touching the next one", async () => {
  const { client, clock, requests } = setUp(inTurn(hang, complete()), { requestTimeoutMs: 1_000 });
  const finished = await clock.run(client.exports.task("7").wait());
  assert.equal(finished.outcome, "succeeded");
  assert.deepEqual(
    requests.map(({ init }) => init.signal.aborted),
    [true, false],
  );
  assert.equal(finished.polls, 2);
});
