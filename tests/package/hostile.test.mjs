// What hosts and callers do that breaks others: each of these once left a promise open, or sent what it should not.
import assert from "node:assert/strict";

import { answer, assertError, complete, inTurn, processing, rejection, setUp, test, thrown, turns, value } from "./support.mjs";

/** The memory's size: of the WebAssembly, which is compiled at the first use below, or of what /js has in its place. */
let memorySize;
const { Instance } = WebAssembly;
WebAssembly.Instance = function (...options) {
  const instance = new Instance(...options);
  const memory = Object.values(instance.exports).find((given) => given instanceof WebAssembly.Memory);
  memorySize = () => memory.buffer.byteLength;
  return instance;
};
globalThis.ArrayBuffer = new Proxy(ArrayBuffer, {
  construct(Original, [size]) {
    // In pages, as WebAssembly's memory grows.
    if (size && size % 65_536 === 0) memorySize = () => size;
    return new Original(size);
  },
});

test("a header that is no text does no harm", async () => {
  for (const contentType of [["text/html"], 5, true, {}, Symbol("s"), () => "x", Promise.resolve("x")]) {
    const { client } = setUp(async () => ({
      status: 200,
      headers: { "content-type": contentType, date: contentType, "retry-after": contentType },
      body: "<html>",
    }));
    assertError(await rejection(client.exports.status("7")), "INVALID_RESPONSE");
  }
});

test("nothing is sent after an abort from inside onStatus, not even of the last status", async () => {
  for (const answer of [complete(), processing()]) {
    const { client, requests } = setUp(async () => answer);
    const task = client.exports.task("7");
    await value(task.status());
    const controller = new AbortController();
    const waiting = task.wait({ signal: controller.signal, onStatus: () => controller.abort("enough") });
    assert.equal(await rejection(waiting), "enough");
    await turns();
    assert.equal(requests.length, 1, "the call of status() alone");
  }
});

test("an empty baseUrl takes no query or hash of the page's", async () => {
  globalThis.location = { href: "https://app.example/page?a=1#h" };
  try {
    for (const baseUrl of ["", " ", "#", "?"]) {
      try {
        const { client, requests } = setUp(async () => complete(), { baseUrl });
        await client.exports.status("7");
        assert.match(requests[0].url, /^https:\/\/app\.example\/[^?#]*\/tasks\/7\/status$/, JSON.stringify(baseUrl));
      } catch (error) {
        assertError(error, "INVALID_ARGUMENT");
      }
    }
  } finally {
    delete globalThis.location;
  }
});

test("a token call that nobody waits for any more is not what a later one waits for", async () => {
  const calls = [new Promise(() => {}), "fresh"];
  const { client } = setUp(async () => complete(), { token: () => calls.shift() });
  const controller = new AbortController();
  const first = client.exports.status("7", { signal: controller.signal });
  await turns();
  controller.abort();
  assert.equal((await rejection(first)).name, "AbortError");
  assert.equal((await value(client.exports.status("7"))).status, "COMPLETE");
});

test("what is no signal is refused before anything listens to it", async () => {
  const { client } = setUp(async () => complete());
  const signal = new EventTarget();
  signal.addEventListener = () => assert.fail("somebody listens");
  assertError(await rejection(client.exports.status("7", { signal })), "INVALID_ARGUMENT");
});

test("a method that is called on another object rejects", async () => {
  const { client, requests } = setUp(async () => complete());
  const task = client.exports.task("7");
  for (const [method, object] of [
    [task.wait, client.exports],
    [task.status, client],
    [client.exports.status, task],
    [task.wait, undefined],
  ]) {
    assert(await rejection(method.call(object, "7")) instanceof TypeError);
  }
  assert.equal(requests.length, 0);
});

test("a status that its caller spoiled harms neither later waits for its task nor those for others", async () => {
  const { client } = setUp(async () => complete());
  const task = client.exports.task("7");
  const { status } = await value(task.wait());
  Object.defineProperty(status, "result", {
    get() {
      throw new Error("spoiled");
    },
  });
  assert((await value(task.wait())).result);
  assert((await value(client.exports.task("8").wait())).result);
});

test("what is no task, or of no client, makes no handle that never answers", async () => {
  const { client } = setUp(async () => complete());
  const task = client.exports.task("7");
  for (const given of [undefined, null, 5, {}, task, client]) {
    assert(thrown(() => new task.constructor(given)) instanceof TypeError);
    const family = new client.exports.constructor(given ?? {}, 2);
    assert(thrown(() => family.task("7")) instanceof TypeError);
    assert((await rejection(family.status("7"))) instanceof TypeError);
  }
});

test("an AbortController that throws is as good as none", async () => {
  const { AbortController } = globalThis;
  const { client, requests } = setUp(async () => complete());
  try {
    globalThis.AbortController = class {
      constructor() {
        throw new Error("none here");
      }
    };
    assert.equal((await client.exports.status("7")).status, "COMPLETE");
  } finally {
    globalThis.AbortController = AbortController;
  }
  assert.equal(requests.length, 1);
});

test("headers are merged without the host's Headers", async () => {
  const { Headers } = globalThis;
  class Refusing {
    append() {
      throw new TypeError("not here");
    }
  }
  try {
    for (const Odd of [undefined, class {}, Refusing]) {
      globalThis.Headers = Odd;
      const answered = { status: 200, body: { status: "COMPLETE" } };
      const { client, requests } = setUp(async () => answered, { headers: { a: " b\t", A: "c", d: "" } });
      await value(client.exports.status("7"));
      assert.deepEqual(requests[0].init.headers, { a: "b, c", d: "" });
    }
  } finally {
    globalThis.Headers = Headers;
  }
});

test("a caller's promise that never settles keeps nothing of an aborted wait alive", async () => {
  let sent = 0;
  const { client, clock } = setUp(() => (sent++, new Promise(() => {})), { rateLimit: false });
  const task = client.exports.task("7");
  // Rounds of the same work: what leaks grows with each, what is kept once does not.
  const sizes = [];
  for (let round = 0; round < 5; round++) {
    for (let wait = 0; wait < 2_000; wait++) {
      const controller = new AbortController();
      const waiting = task.wait({ signal: controller.signal }).catch(() => {});
      // After somebody left nothing is sent before the host's next turn.
      while (sent <= 2_000 * round + wait) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      await waiting;
    }
    // What was sent counts as long as a limit that HubSpot might tell could count it.
    await clock.advance(60_000);
    sizes.push(memorySize());
  }
  assert.equal(sizes.at(-1), sizes[2], `bytes after each round: ${sizes.join(", ")}`);
});

test("what a page hangs on Object.prototype is nothing that HubSpot said", async () => {
  const hung = { status: "COMPLETE", result: "https://evil.example", numErrors: 3, category: "MISSING_SCOPES", errors: [{ message: "no" }] };
  const { client, clock } = setUp(
    inTurn(answer(202, {}), answer(200, { status: "COMPLETE" }), answer(200, { status: "COMPLETE", result: "x" }), answer(403, {})),
  );
  const seen = [];
  const watch = (promise) => promise.catch((error) => error).then((end) => seen.push(end));
  try {
    for (const [name, value] of Object.entries(hung)) {
      Object.defineProperty(Object.prototype, name, { value, writable: true, configurable: true });
    }
    await watch(client.exports.status("1"));
    await clock.run(watch(client.exports.task("2").wait()));
    await clock.run(watch(client.exports.task("3").wait()));
    await watch(client.exports.status("4"));
  } finally {
    for (const name of Object.keys(hung)) delete Object.prototype[name];
  }
  const [unread, failed, finished, refused] = seen;
  assert.equal(unread.code, "INVALID_RESPONSE", "no status of its own");
  assert.equal(failed.code, "FAILED", "no result of its own");
  assert.deepEqual([finished.outcome, finished.result], ["succeeded", "x"], "no errors of its own");
  assert.deepEqual([refused.code, Object.hasOwn(refused, "requiredScopes")], ["FORBIDDEN", false]);
});
