// Real and virtual time: clocks and timers that are frozen, jump, ring at once or late, or are a test tool's, from the start
// or from the middle on. No promise outlives its deadline, and no task is asked sooner than after the shortest interval,
// where each timer that rang counts as its time.
import assert from "node:assert/strict";
import FakeTimers from "@sinonjs/fake-timers";
import { HubSpotTasks, START, answer, assertError, deferred, processing, test, turns, virtualClock } from "./support.mjs";

const HOUR = 3_600_000;
const MIN = 40;
/** A phase of 10 %, and a millisecond that timers and clocks cut off. */
const LEAST = 0.9 * MIN - 2;

// What the tests need of real time, from before any tool takes its place.
const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout, setImmediate: realSetImmediate } = globalThis;
const RealDate = Date;
const realNow = performance.now.bind(performance);
const sleep = (ms) => new Promise((resolve) => realSetTimeout(resolve, ms));
const realTurn = () => new Promise((resolve) => realSetImmediate(resolve));

/** Numbers from 0 to 1 that are the same in each run. */
function random(seed) {
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
}

/** Fails where a promise does not settle in a time that is much longer than it needs. */
async function settled(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = realSetTimeout(() => reject(new Error(`${what}: it never settles`)), 20_000);
  });
  try {
    return await Promise.race([promise.then((value) => ({ value }), (error) => ({ error })), late]);
  } finally {
    realClearTimeout(timer);
  }
}

/** A client whose tasks never end by themselves; `gaps()` are the real times between the polls of each. */
function asking(options = {}, answered = async () => processing()) {
  const asked = new Map();
  const client = new HubSpotTasks({
    minIntervalMs: MIN,
    maxIntervalMs: 2 * MIN,
    fetch: async (url) => {
      asked.set(url, [...(asked.get(url) ?? []), realNow()]);
      return answered(url);
    },
    ...options,
  });
  const gaps = () => [...asked.values()].flatMap((times) => times.slice(1).map((at, index) => at - times[index]));
  return { client, asked, gaps, polls: () => [...asked.values()].map((times) => times.length) };
}

/** No gap is too short, but for the last poll, which is sent at the deadline whenever that is. */
function assertPaced(asked, what) {
  for (const [url, times] of asked) {
    const gaps = times.slice(1, -1).map((at, index) => at - times[index]);
    assert(gaps.every((gap) => gap >= LEAST), `${what}: ${url} was asked after ${gaps.map(Math.round).join(", ")} ms`);
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Clocks that are given

/** What the option `clock` may do while its timers are the host's. */
const CLOCKS = {
  "stands still": () => () => 1_700_000_000_000,
  "stands still at 0": () => () => 0,
  "jumps by hours, forth and back": (next) => () => RealDate.now() + Math.round((next() - 0.5) * 10 * HOUR),
  "jumps by seconds, forth and back": (next) => () => RealDate.now() + Math.round((next() - 0.5) * 10_000),
  "goes back by an hour, again and again": () => {
    let back = 0;
    return () => RealDate.now() - (back += HOUR);
  },
  "jumps ahead by an hour, again and again": () => {
    let ahead = 0;
    return () => RealDate.now() + (ahead += HOUR);
  },
  "goes at a tenth of its pace": () => () => Math.round(RealDate.now() / 10),
};

const TIMERS = {
  "ring in time": () => realSetTimeout,
  "ring late": (next) => (callback, ms) => realSetTimeout(callback, ms + 30 * next()),
};

for (const [clockName, makeNow] of Object.entries(CLOCKS)) {
  for (const [timersName, makeTimers] of Object.entries(TIMERS)) {
    test(`a clock that ${clockName}, with timers that ${timersName}: each wait ends, and no task is asked too soon`, async () => {
      const next = random(10);
      const clock = { now: makeNow(next), setTimeout: makeTimers(next), clearTimeout: realClearTimeout };
      const { client, asked } = asking({ clock, timeoutMs: 12 * MIN });
      const waits = ["1", "2", "3", "4"].map((id) => client.exports.task(id).wait());
      const ends = await Promise.all(waits.map((wait) => settled(wait, clockName)));
      for (const { error } of ends) assertError(error, "TIMEOUT");
      assertPaced(asked, clockName);
      assert.equal(asked.size, waits.length);
    });
  }
}

test("a clock that jumps at random in the middle of waits: no task is asked too soon, however often", async () => {
  for (const seed of [1, 2, 3]) {
    const next = random(seed);
    let ahead = 0;
    const clock = { now: () => RealDate.now() + ahead, setTimeout: realSetTimeout, clearTimeout: realClearTimeout };
    const { client, asked, polls } = asking({ clock, timeoutMs: Infinity });
    const controller = new AbortController();
    const waits = ["1", "2", "3", "4", "5"].map((id) => client.exports.task(id).wait({ signal: controller.signal }));
    for (let jumps = 0; jumps < 30; jumps++) {
      await sleep(20 * next());
      ahead = Math.round((next() - 0.5) * 10 * HOUR);
    }
    controller.abort();
    await Promise.all(waits.map((wait) => settled(wait, "a wait")));
    assertPaced(asked, `seed ${seed}`);
    assert(polls().every((count) => count > 1), `seed ${seed}: ${polls().join(", ")}`);
  }
});

test("a timer that rings at once counts as its time: what waits ends, and the client goes on", async () => {
  for (const calling of ["within setTimeout", "in a microtask", "in the next turn"]) {
    const set = {
      "within setTimeout": (callback) => callback(),
      "in a microtask": (callback) => queueMicrotask(callback),
      "in the next turn": (callback) => realSetImmediate(callback),
    }[calling];
    const now = 1_700_000_000_000;
    const clock = { now: () => now, setTimeout: (callback) => void set(callback), clearTimeout: () => {} };
    const { client } = asking({ clock, timeoutMs: 60_000 });
    const { error } = await settled(client.exports.task("7").wait(), calling);
    assertError(error, "TIMEOUT");
    const looks = await Promise.all([1, 2, 3].map(() => settled(client.exports.task("7").status(), calling)));
    for (const look of looks) assert(look.value ?? look.error, calling);
  }
});

test("a frozen clock ends no pause early, and none too late", async () => {
  let limited = false;
  const answers = async () => {
    if (limited) return processing();
    limited = true;
    return answer(429, { policyName: "SECONDLY" }, { "retry-after": "1" });
  };
  const clock = { now: () => 5, setTimeout: realSetTimeout, clearTimeout: realClearTimeout };
  const { client, gaps } = asking({ clock, timeoutMs: 1_500 }, answers);
  assertError((await settled(client.exports.task("7").wait(), "a pause")).error, "TIMEOUT");
  assert(gaps()[0] >= 990, `asked again after ${gaps()[0]} ms`);
});

test("with a frozen clock a request that hangs takes too long after its time, and the budget opens again", async () => {
  const clock = { now: () => 5, setTimeout: realSetTimeout, clearTimeout: realClearTimeout };
  const rateLimit = { requests: 3, perMs: 200 };
  const hanging = asking({ clock, requestTimeoutMs: 50, timeoutMs: 100, rateLimit }, () => deferred().promise);
  assertError((await settled(hanging.client.exports.task("7").wait(), "a request")).error, "TIMEOUT");
  const { client, asked } = asking({ clock, rateLimit });
  await Promise.all(["1", "2", "3", "4", "5", "6", "7"].map((id) => settled(client.exports.status(id), "a look")));
  const times = [...asked.values()].flat().sort((one, other) => one - other);
  for (let at = 3; at < times.length; at++) assert(times[at] - times[at - 3] >= 198, `${times[at] - times[at - 3]} ms`);
});

/** A signal, and what aborts it. */
function leaver() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** A client whose clock says what `says` makes of the true time, from 0 on, while its timers keep true time. */
function onClock(says, fetch, options = {}) {
  const world = virtualClock();
  const nowMs = () => world.now() - START;
  const { setTimeout, clearTimeout } = world;
  const clock = { now: () => START + says(nowMs()), setTimeout, clearTimeout };
  const client = new HubSpotTasks({ minIntervalMs: 1_000, timeoutMs: Infinity, fetch, clock, ...options });
  /** What a wait ends with, and when. */
  const ended = async (wait) => wait.then(() => assert.fail("it ends with an error"), (error) => [error.code, nowMs()]);
  return { world, client, ended };
}

/** The pause of a minute, in which the clock is set back by an hour. */
function setBackInPause() {
  let asked = 0;
  const fetch = async () => (asked++ === 0 ? answer(477, {}, { "retry-after": "60" }) : processing());
  return onClock((nowMs) => (nowMs < 20_000 ? nowMs : nowMs - HOUR), fetch);
}

test("a wait that begins after the clock was set back has its whole time, and hears of no pause that it can outwait", async () => {
  const { world, client, ended } = setBackInPause();
  const { signal, abort } = leaver();
  const first = settled(client.exports.task("1").wait({ signal }), "the first wait");
  await world.advance(30_000);
  const wait = ended(client.exports.task("2").wait({ timeoutMs: 40_000 }));
  await world.advance(60_000);
  assert.deepEqual(await wait, ["TIMEOUT", 70_000]);
  abort();
  await first;
});

test("who begins to wait as a pause ends hears nothing of it, though the clock was set back meanwhile", async () => {
  const { world, client, ended } = setBackInPause();
  // It rings before the client's own timer does.
  const wait = new Promise((resolve) => {
    world.setTimeout(() => resolve(ended(client.exports.task("2").wait({ timeoutMs: 1_000 }))), 60_000);
  });
  const { signal, abort } = leaver();
  const first = settled(client.exports.task("1").wait({ signal }), "the first wait");
  await world.advance(40_000);
  // Somebody looks at the clock, and so it is known to be wrong.
  await settled(client.exports.task("3").wait({ timeoutMs: 0 }), "a wait of no time");
  await world.advance(50_000);
  assert.deepEqual(await wait, ["TIMEOUT", 61_000]);
  abort();
  await first;
});

test("with a clock that stands still the requests of others put no deadline off", async () => {
  const fetch = async (url) => {
    if (url.includes("/1/")) return answer(423, {}, { "retry-after": "3600" });
    await new Promise((resolve) => world.setTimeout(resolve, 200));
    return processing();
  };
  const { world, client, ended } = onClock(() => 0, fetch, { requestTimeoutMs: 10_000 });
  let end = ["never", Infinity];
  const task = client.exports.task("1");
  void ended(task.wait({ timeoutMs: 30_000 })).then((ending) => (end = ending));
  for (let looks = 0; looks < 20; looks++) {
    await world.advance(9_000);
    const look = client.exports.status("2");
    await world.advance(1_000);
    await look;
  }
  const [code, endedAtMs] = end;
  assert.equal(code, "TIMEOUT");
  // No later than its last request could take.
  assert(endedAtMs <= 40_000, `${endedAtMs} ms`);
});

// ---------------------------------------------------------------------------------------------------------------
// Test tools that take the place of the host's

const APIS = { both: ["setTimeout", "clearTimeout", "Date"], "timers alone": ["setTimeout", "clearTimeout"], "Date alone": ["Date"] };

/** Each puts its mocks in; gives how time is moved on, and what takes them away. */
const TOOLS = {
  "@sinonjs/fake-timers": (what) => {
    const clock = FakeTimers.install({ toFake: APIS[what], now: 1_700_000_000_000 });
    return { tick: (ms) => clock.tickAsync(ms), reset: () => clock.uninstall() };
  },
  "node:test": (what, { mock }) => {
    mock.timers.enable({ apis: APIS[what].filter((api) => api !== "clearTimeout"), now: what === "timers alone" ? 0 : 1_700_000_000_000 });
    const tick = async (ms) => {
      for (let passed = 0; passed < ms; passed += 10) {
        mock.timers.tick(10);
        for (let turn = 0; turn < 5; turn++) await realTurn();
      }
    };
    return { tick, reset: () => mock.timers.reset() };
  },
  "a Date.now of one's own": (what) => {
    if (what !== "Date alone") return undefined;
    const { now } = Date;
    Date.now = () => 1_700_000_000_000;
    return { tick: async () => {}, reset: () => void (Date.now = now) };
  },
};

/** When the mocks are there: from before the wait to its end, from its middle on, up to its middle, or in its middle. */
const WHEN = {
  "all the time": { from: 0, to: 3 },
  "from the middle on": { from: 1, to: 3 },
  "up to the middle": { from: 0, to: 1 },
  "in the middle": { from: 1, to: 2 },
};

for (const [tool, install] of Object.entries(TOOLS)) {
  for (const what of Object.keys(APIS)) {
    if (tool === "a Date.now of one's own" && what !== "Date alone") continue;
    for (const [when, { from, to }] of Object.entries(WHEN)) {
      test(`${tool}, ${what}, ${when}: each wait ends, and no task is asked too soon`, async (context) => {
        const { client, asked, polls } = asking({ timeoutMs: 14 * MIN });
        let mocks;
        let waits;
        let hasSettled = false;
        try {
          for (let phase = 0; phase < 3; phase++) {
            if (phase === from) mocks = install(what, context);
            if (phase === to) mocks = void mocks.reset();
            waits ??= ["1", "2", "3"].map((id) => settled(client.exports.task(id).wait(), `${tool}, ${what}, ${when}`));
            // As much of mocked time as of real time.
            if (mocks && what !== "Date alone") await mocks.tick(4 * MIN);
            else await sleep(4 * MIN);
          }
          const ends = Promise.all(waits).finally(() => (hasSettled = true));
          while (mocks && what !== "Date alone" && !hasSettled) await mocks.tick(MIN);
          for (const { error } of await ends) assertError(error, "TIMEOUT");
        } finally {
          mocks?.reset();
        }
        assert(polls().every((count) => count > 1), polls().join(", "));
        // Of mocked timers that rang each counts as its time: there the real one says nothing.
        if (what === "Date alone") assertPaced(asked, tool);
      });
    }
  }
}

test("fake timers that are taken away while nothing rings: what waits goes on with the host's", async (context) => {
  for (const [tool, install] of Object.entries(TOOLS).slice(0, 2)) {
    const { client, asked } = asking({ timeoutMs: 6 * MIN });
    const mocks = install("both", context);
    const wait = settled(client.exports.task("7").wait(), tool);
    for (let turn = 0; turn < 10; turn++) await realTurn();
    mocks.reset();
    assertError((await wait).error, "TIMEOUT");
    assert.equal(asked.size, 1);
    await turns();
  }
});
