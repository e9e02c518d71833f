// Clocks: those that break, jump, or come back into the client.
import assert from "node:assert/strict";
import {
  HubSpotTasks,
  START,
  assertError,
  complete,
  deferred,
  processing,
  rejection,
  setUp,
  stateOf,
  test,
  turns,
  value,
  virtualClock,
} from "./support.mjs";

test("a clock that does not work is INVALID_ARGUMENT, and names its function", async () => {
  const boom = new Error("boom");
  const throwing = () => {
    throw boom;
  };
  const host = {
    now: Date.now,
    setTimeout: (...args) => setTimeout(...args),
    clearTimeout: (handle) => clearTimeout(handle),
  };
  const nows = [NaN, -1, Infinity, "5", null, undefined, {}, 10n, Symbol("s")].map((given) => [
    { now: () => given },
    "clock.now",
    undefined,
  ]);
  for (const [broken, name, cause] of [
    ...nows,
    [{ now: throwing }, "clock.now", boom],
    [{ setTimeout: throwing }, "clock.setTimeout", boom],
  ]) {
    const client = new HubSpotTasks({ clock: { ...host, ...broken }, fetch: async () => processing() });
    for (const ask of [() => client.exports.task("7").wait(), () => client.exports.status("7")]) {
      const error = assertError(await rejection(ask()), "INVALID_ARGUMENT", { cause });
      assert(error.message.includes(name), error.message);
    }
  }
});

test("a clock that breaks in the middle of a wait ends it", async () => {
  const boom = new Error("boom");
  for (const part of ["now", "setTimeout"]) {
    const clock = virtualClock();
    const client = new HubSpotTasks({ clock, fetch: async () => processing() });
    const waits = [client.exports.task("7").wait(), client.exports.task("7").wait()];
    for (const wait of waits) wait.catch(() => {});
    await clock.advance(500);
    const original = clock[part];
    clock[part] = () => {
      throw boom;
    };
    if (part === "setTimeout") await clock.advance(1_000);
    else
      client.exports
        .task("7")
        .status()
        .catch(() => {});
    await turns();
    if (part === "now") await clock.advance(1_000).catch(() => {});
    for (const wait of waits) assertError(await rejection(wait), "INVALID_ARGUMENT", { cause: boom });
    clock[part] = original;
  }
});

test("a clock that cannot clear its timers, or loses a function, harms nobody who has an answer", async () => {
  const clock = virtualClock();
  const own = {
    now: clock.now,
    setTimeout: clock.setTimeout,
    clearTimeout() {
      throw new Error("boom");
    },
  };
  const client = new HubSpotTasks({ clock: own, fetch: async () => complete() });
  assert.equal((await value(client.exports.task("7").wait())).outcome, "succeeded");
  delete own.clearTimeout;
  assert.equal((await value(client.exports.status("7"))).status, "COMPLETE");
  delete own.now;
  assertError(await rejection(client.exports.status("7")), "INVALID_ARGUMENT");
  await clock.advance(60_000);
});

test("a clock that is set back or forth neither stops nor floods a wait", async () => {
  for (const jump of [-86_400_000, -1_000, 3_000]) {
    const { client, clock, requests } = setUp(async () => (requests.length > 5 ? complete() : processing()));
    const wait = client.exports.task("7").wait();
    await clock.advance(2_500);
    const before = requests.length;
    clock.set(clock.now() + jump);
    await turns();
    assert(requests.length <= before + 1, `${jump}: ${requests.length} requests`);
    if (jump > 0) assert.equal((await clock.run(wait)).outcome, "succeeded");
    else {
      // The timer that is set was set for the old time; what comes after it goes by the new one.
      clock.set(START + 2_500);
      assert.equal((await clock.run(wait)).outcome, "succeeded");
    }
  }
});

test("a timer that fires early counts as its time", async () => {
  const clock = virtualClock();
  const early = {
    ...clock,
    now: clock.now,
    setTimeout: (callback, ms) => clock.setTimeout(callback, ms > 10 && ms < 30_000 ? ms - 7 : ms),
  };
  const times = [];
  const client = new HubSpotTasks({
    clock: early,
    fetch: async () => (times.push(clock.now() - START), times.length > 1 ? complete() : processing()),
  });
  await clock.run(client.exports.task("7").wait());
  assert.equal(times.length, 2);
  assert(times[1] >= 900 - 7, `asked again after ${times[1]} ms`);
});

test("a callback of the clock that comes late or twice harms nobody", async () => {
  const callbacks = [];
  const clock = virtualClock();
  const own = {
    now: clock.now,
    clearTimeout: clock.clearTimeout,
    setTimeout: (callback, ms) => (callbacks.push(callback), clock.setTimeout(callback, ms)),
  };
  const reply = deferred();
  const client = new HubSpotTasks({ clock: own, fetch: () => reply.promise });
  const wait = client.exports.task("7").wait();
  await turns();
  reply.resolve(complete());
  assert.equal((await value(wait)).outcome, "succeeded");
  for (const callback of [...callbacks, ...callbacks]) callback();
  assert.equal((await stateOf(wait)).state, "fulfilled");
  assert(callbacks.length > 0);
});

test("a clock may come back into the client whenever it is called", async () => {
  const clock = virtualClock();
  let task;
  let visits = 0;
  const within = (result) => {
    if (task && visits < 20) {
      visits++;
      assert(task.latest === undefined || task.latest.status);
      task.status().catch(() => {});
      const controller = new AbortController();
      task.wait({ signal: controller.signal }).catch(() => {});
      controller.abort();
    }
    return result;
  };
  const own = {
    now: () => within(clock.now()),
    setTimeout: (callback, ms) => within(clock.setTimeout(callback, ms)),
    clearTimeout: (handle) => within(clock.clearTimeout(handle)),
  };
  const client = new HubSpotTasks({
    clock: own,
    fetch: async () => (clock.now() >= START + 10_000 ? complete() : processing({ at: clock.now() })),
  });
  task = client.exports.task("7");
  assert.equal((await clock.run(task.wait())).outcome, "succeeded");
  assert.equal(visits, 20);
});
