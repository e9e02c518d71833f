// Aborts: at any moment, at once, without a trace.
import assert from "node:assert/strict";
import {
  answer,
  assertError,
  complete,
  countingSignal,
  deferred,
  hang,
  inTurn,
  processing,
  rejection,
  setUp,
  stateOf,
  test,
  turns,
  value,
} from "./support.mjs";

const isAbortError = (error) => assert.equal(error?.name, "AbortError");
const never = () => new Promise(() => {});

/** A call, and how far it got when it is aborted. */
const MOMENTS = [
  ["status() during its request", hang, (task, signal) => task.status({ signal }), {}],
  ["wait() during its request", hang, (task, signal) => task.wait({ signal }), {}],
  ["status() with a fetch that ignores signals", never, (task, signal) => task.status({ signal }), {}],
  ["wait() with a fetch that ignores signals", never, (task, signal) => task.wait({ signal }), {}],
  [
    "status() while the body is read",
    async () => ({ status: 200, text: never }),
    (task, signal) => task.status({ signal }),
    {},
  ],
  ["wait() between two polls", async () => processing(), (task, signal) => task.wait({ signal }), {}],
  ["wait() after a fault", async () => answer(503), (task, signal) => task.wait({ signal }), {}],
  [
    "wait() while HubSpot demands a pause",
    async () => answer(429, "", { "retry-after": "60" }),
    (task, signal) => task.wait({ signal }),
    {},
  ],
  [
    "status() while the token is asked for",
    async () => processing(),
    (task, signal) => task.status({ signal }),
    { token: never },
  ],
  [
    "wait() while the token is asked for",
    async () => processing(),
    (task, signal) => task.wait({ signal }),
    { token: never },
  ],
  [
    "wait() while onStatus is at work",
    async () => complete(),
    (task, signal) => task.wait({ signal, onStatus: never }),
    {},
  ],
];

for (const [moment, fetch, call, options] of MOMENTS) {
  test(`an abort of ${moment} settles at once, sends nothing afterwards and removes its listener and timers`, async () => {
    const { client, clock, requests } = setUp(fetch, options);
    const signal = countingSignal();
    const reason = { why: moment };
    const promise = call(client.exports.task("7"), signal);
    assert.equal((await stateOf(promise)).state, "pending");
    assert.equal(signal.listeners, 1);
    signal.abort(reason);
    assert.equal(await rejection(promise), reason);
    const sent = requests.length;
    assert.deepEqual([signal.listeners, clock.timers], [0, 0]);
    await clock.advance(600_000);
    assert.equal(requests.length, sent);
  });
}

test("a signal that was aborted before sends nothing", async () => {
  const { client, requests } = setUp(async () => processing(), { token: () => assert.fail("no token is asked for") });
  const signal = countingSignal({ aborted: true, reason: "before" });
  const task = client.exports.task("7");
  for (const call of [
    () => task.status({ signal }),
    () => task.wait({ signal }),
    () => client.exports.status("7", { signal }),
  ]) {
    assert.equal(await rejection(call()), "before");
  }
  assert.equal(signal.listeners, 0);
  isAbortError(await rejection(task.wait({ signal: AbortSignal.abort() })));
  assert.equal(requests.length, 0);
});

for (const [how, call] of [
  ["wait()", (task, signal) => task.wait({ signal })],
  ["status()", (task, signal) => task.status({ signal })],
  ["all()", (task, signal, client) => client.all([task, task], { signal })],
]) {
  test(`${how} with a signal that was aborted before leaves the task to others`, async () => {
    const { client, clock, requests } = setUp(inTurn(processing(), complete()));
    const task = client.exports.task("7");
    isAbortError(await rejection(call(task, AbortSignal.abort(), client)));
    assert.equal((await clock.run(task.wait())).outcome, "succeeded");
    assert.equal(requests.length, 2);
  });
}

test("the signal's reason is passed on, whatever it is; an AbortError where it has none", async () => {
  const error = new Error("mine");
  for (const reason of ["text", 0, "", false, NaN, error, { a: 1 }, Symbol("s"), 10n]) {
    const { client } = setUp(hang);
    const controller = new AbortController();
    const promise = client.exports.task("7").wait({ signal: controller.signal });
    await turns();
    controller.abort(reason);
    assert(Object.is(await rejection(promise), reason), String(reason));
  }
  const { client } = setUp(hang);
  const old = countingSignal();
  const promise = client.exports.task("7").status({ signal: old });
  await turns();
  old.abort();
  isAbortError(await rejection(promise));
  const throwing = Object.defineProperty(countingSignal(), "reason", {
    get() {
      throw error;
    },
  });
  const other = client.exports.task("7").status({ signal: throwing });
  await turns();
  throwing.abort();
  assert((await rejection(other)) instanceof Error);
});

test("a fetch that rejects because of the abort makes no fault of it", async () => {
  const { client, requests } = setUp(hang);
  const controller = new AbortController();
  const promise = client.exports.task("7").wait({ signal: controller.signal });
  await turns();
  controller.abort();
  isAbortError(await rejection(promise));
  assert.equal(requests[0].init.signal.aborted, true);
});

test("one of two who wait may leave: the request goes on for the other one", async () => {
  const reply = deferred();
  const { client, requests } = setUp(() => reply.promise);
  const signals = [countingSignal(), countingSignal()];
  const waits = signals.map((signal) => client.exports.task("7").wait({ signal }));
  await turns();
  signals[0].abort("first");
  assert.equal(await rejection(waits[0]), "first");
  assert.equal((await stateOf(waits[1])).state, "pending");
  assert.equal(requests[0].init.signal.aborted, false);
  reply.resolve(complete());
  assert.equal((await value(waits[1])).outcome, "succeeded");
  assert.equal(requests.length, 1);
  assert.deepEqual(
    signals.map(({ listeners }) => listeners),
    [0, 0],
  );
});

test("one of two who wait may leave between two polls: the other one goes on at the same pace", async () => {
  const { client, clock, times } = setUp(inTurn(processing(), complete()));
  const [first, second] = [countingSignal(), countingSignal()];
  const waits = [first, second].map((signal) => client.exports.task("7").wait({ signal }));
  waits[0].catch(() => {});
  await clock.advance(500);
  first.abort("first");
  assert.equal(await rejection(waits[0]), "first");
  assert.equal(clock.timers, 1);
  await clock.run(waits[1]);
  assert.equal(times().length, 2);
  assert(times()[1] >= 900 && times()[1] <= 1_100, `asked again after ${times()[1]} ms`);
});

test("when the last one leaves, the request is aborted", async () => {
  const { client, requests } = setUp(hang);
  const signal = countingSignal();
  const waits = [1, 2].map(() => client.exports.task("7").wait({ signal }));
  await turns();
  assert.deepEqual([signal.listeners, requests.length], [1, 1], "one listener, however many waits share the signal");
  signal.abort("both");
  for (const state of await Promise.all(waits.map(stateOf)))
    assert.deepEqual(state, { state: "rejected", value: "both" });
  assert.deepEqual([signal.listeners, requests[0].init.signal.aborted], [0, true]);
});

test("an aborted status() does not take the request of a wait() with it", async () => {
  const replies = [deferred(), deferred()];
  const { client, requests } = setUp((url, init, number) => replies[number - 1].promise);
  const task = client.exports.task("7");
  const signal = countingSignal();
  const wait = task.wait();
  await turns();
  const status = task.status({ signal });
  await turns();
  signal.abort("status");
  assert.equal(await rejection(status), "status");
  assert.deepEqual(
    requests.map(({ init }) => init.signal.aborted),
    [false, true],
  );
  replies[0].resolve(complete());
  assert.equal((await value(wait)).outcome, "succeeded");
});

test("a task stays usable after an abort", async () => {
  const { client, clock } = setUp(inTurn(hang, processing(), processing(), complete()));
  const task = client.exports.task("7");
  const signal = countingSignal();
  const aborted = task.wait({ signal });
  await turns();
  signal.abort("enough");
  assert.equal(await rejection(aborted), "enough");
  assert.equal((await value(task.status())).status, "PROCESSING");
  assert.equal((await clock.run(task.wait())).outcome, "succeeded");
});

test("an abort from within onStatus, fetch or the token function ends the call with its reason", async () => {
  for (const from of ["onStatus", "fetch", "token"]) {
    const signal = countingSignal();
    const abortFrom = (place) => place === from && signal.abort(from);
    const { client, clock, requests } = setUp(async () => (abortFrom("fetch"), processing()), {
      token: () => (abortFrom("token"), "secret"),
    });
    const wait = client.exports.task("7").wait({ signal, onStatus: () => abortFrom("onStatus") });
    assert.equal(await rejection(wait), from);
    await clock.advance(60_000);
    assert(requests.length <= 1, from);
    assert.equal(signal.listeners, 0);
  }
});

test("an abort after the end changes nothing", async () => {
  const { client } = setUp(async () => complete());
  const controller = new AbortController();
  const finished = await value(client.exports.task("7").wait({ signal: controller.signal }));
  controller.abort();
  await turns();
  assert.equal(finished.outcome, "succeeded");
});

test("a request's own signal is not aborted when the request has ended", async () => {
  for (const response of [complete(), answer(404), answer(200, "<html>")]) {
    const { client, requests } = setUp(async () => response);
    await stateOf(client.exports.status("7"));
    assert.equal(requests[0].init.signal.aborted, false);
  }
});

test("a host without AbortController is asked without a signal", async () => {
  const original = globalThis.AbortController;
  try {
    delete globalThis.AbortController;
    const { client, requests } = setUp(inTurn(never, complete()));
    const signal = countingSignal();
    const aborted = client.exports.task("7").wait({ signal });
    await turns();
    assert.equal("signal" in requests[0].init, false);
    signal.abort("enough");
    assert.equal(await rejection(aborted), "enough");
    assert.equal((await value(client.exports.task("7").wait())).outcome, "succeeded");
  } finally {
    globalThis.AbortController = original;
  }
});

test("a signal that cannot remove its listener harms nobody", async () => {
  const { client } = setUp(async () => complete());
  const signal = {
    ...countingSignal(),
    removeEventListener() {
      throw new Error("boom");
    },
  };
  assert.equal((await value(client.exports.task("7").wait({ signal }))).outcome, "succeeded");
  assertError(await rejection(client.exports.task("7").wait({ signal, timeoutMs: -1 })), "INVALID_ARGUMENT");
});

test("an abort of status() while HubSpot demands a pause settles at once and sends nothing afterwards", async () => {
  const { client, clock, requests } = setUp(inTurn(answer(429, "", { "retry-after": "20" }), processing()));
  await rejection(client.exports.status("7"));
  const signal = countingSignal();
  const status = client.exports.status("8", { signal });
  assert.equal((await stateOf(status)).state, "pending");
  assert.equal(clock.timers, 1);
  signal.abort("enough");
  assert.equal(await rejection(status), "enough");
  assert.deepEqual([signal.listeners, clock.timers], [0, 0]);
  await clock.advance(60_000);
  assert.equal(requests.length, 1);
});

test("what is rejected after nobody waits any more is not left unhandled", async () => {
  for (const place of ["fetch", "text", "token", "onStatus"]) {
    const work = deferred();
    const at = (name, otherwise) => (place === name ? work.promise : otherwise);
    const fetch = () =>
      at("fetch", Promise.resolve({ status: 202, text: () => at("text", Promise.resolve('{"status":"PROCESSING"}')) }));
    const { client } = setUp(fetch, { token: () => at("token", "secret") });
    const signal = countingSignal();
    const wait = client.exports.task("7").wait({ signal, onStatus: () => at("onStatus") });
    assert.equal((await stateOf(wait)).state, "pending");
    signal.abort("enough");
    assert.equal(await rejection(wait), "enough");
    work.reject(new Error(`late: ${place}`));
    await turns();
  }
});
