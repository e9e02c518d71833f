// The budget: one rate window, and so many requests at a time, for all tasks of a client.
import assert from "node:assert/strict";
import {
  HubSpotTasks,
  START,
  answer,
  assertError,
  complete,
  countingSignal,
  createSimulator,
  deferred,
  hang,
  processing,
  rejection,
  rejectionInTime,
  setUp,
  setUpSimulator,
  stateOf,
  test,
  thrown,
  turns,
  value,
  virtualClock,
} from "./support.mjs";

const TASK = /tasks\/([^/]+)\/status/;
/** Undefined where an export's details are asked for. */
const idOf = ({ url }) => TASK.exec(url)?.[1];

/** Checks every window of `perMs`: the `requests`th before each is a whole window ago. Times are in order. */
function assertWithin(times, { requests, perMs }) {
  for (let index = requests; index < times.length; index++)
    assert(
      times[index] - times[index - requests] >= perMs,
      `${requests + 1} requests from ${times[index - requests]} to ${times[index]} ms`,
    );
}

/** Answers whenever it is told to: the oldest open request first. Counts those at a time. */
function heldBack() {
  const open = [];
  const held = {
    most: 0,
    open,
    fetch(url, { signal }) {
      const request = { url, ...deferred() };
      open.push(request);
      held.most = Math.max(held.most, open.length);
      signal.addEventListener("abort", () => held.close(request));
      return request.promise;
    },
    close(request) {
      if (open.includes(request)) open.splice(open.indexOf(request), 1);
    },
    async answer(given = processing()) {
      const request = open.shift();
      request.resolve(given);
      await turns();
      return request;
    },
  };
  return held;
}

/** Waits for so many tasks at a time; gives the ids. None of the waits' errors matter. */
function waitForAll(client, count, options) {
  const ids = Array.from({ length: count }, (_, index) => String(100 + index));
  const waits = ids.map((id) => client.exports.task(id).wait(options));
  for (const wait of waits) wait.catch(() => {});
  return { ids, waits, all: Promise.allSettled(waits) };
}

/** Time passes in steps, so that no step has too many timers. */
async function pass(clock, ms, step = 10_000) {
  for (let passed = 0; passed < ms; passed += step) await clock.advance(Math.min(step, ms - passed));
}

// ---------------------------------------------------------------------------------------------------------------
// The window

test("without a rateLimit 100 requests are sent within 10 s, and no more", async () => {
  const { client, clock, times } = setUp(async () => complete());
  const { all } = waitForAll(client, 350);
  await clock.run(all);
  assert.deepEqual(
    times(),
    Array.from({ length: 350 }, (_, index) => Math.floor(index / 100) * 10_000),
  );
});

test("rateLimit null is the default, false is none", async () => {
  for (const [rateLimit, atOnce] of [
    [null, 100],
    [undefined, 100],
    [false, 350],
    [{ requests: 7, perMs: 500 }, 7],
  ]) {
    const { client, clock, times } = setUp(async () => complete(), { rateLimit });
    const { all } = waitForAll(client, 350);
    // Each answer is told before the next request is sent: some at a time.
    await clock.advance(0);
    assert.equal(times().filter((at) => at === 0).length, atOnce, JSON.stringify(rateLimit));
    await clock.run(all);
    assert.equal(times().length, 350);
  }
});

test("the window slides: each request frees its place a window after its answer", async () => {
  const { client, clock, times } = setUp(async () => processing(), { rateLimit: { requests: 3, perMs: 1_000 } });
  for (const id of ["1", "2", "3"]) {
    await value(client.exports.status(id));
    await clock.advance(300);
  }
  const looks = ["4", "5", "6"].map((id) => client.exports.status(id));
  await clock.run(Promise.all(looks));
  assert.deepEqual(times(), [0, 300, 600, 1_000, 1_300, 1_600]);
});

test("no window at the server ever holds too many: polls, status() calls, and repeats after a 401", async () => {
  let state = 7;
  const random = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (const [rateLimit, latencyMs, count] of [
    [{ requests: 10, perMs: 1_000 }, 0, 60],
    [{ requests: 10, perMs: 1_000 }, 230, 60],
    [{ requests: 3, perMs: 777 }, 1_500, 20],
    [{ requests: 1, perMs: 400 }, 90, 8],
  ]) {
    let [serial, known] = [0, "t0"];
    const token = ({ refresh }) => (refresh ? (known = `t${serial}`) : known);
    const { client, clock, simulator, times } = setUpSimulator(
      { rateLimit, token, timeoutMs: Infinity },
      { rateLimit, latencyMs, tokens: ["t0"] },
    );
    const waits = Array.from({ length: count }, () =>
      client.exports.task(simulator.addTask("export", { processingMs: random(60_000) })).wait(),
    );
    const looks = [];
    for (let second = 0; second < 40; second++) {
      if (second % 10 === 9) simulator.tokens = [`t${++serial}`];
      for (let look = random(4); look > 0; look--)
        looks.push(client.exports.status(simulator.addTask("export", { processingMs: 1_000 })));
      simulator.latencyMs = latencyMs === 0 ? 0 : 1 + random(2 * latencyMs);
      await clock.advance(random(2_000));
    }
    await clock.run(Promise.all([...waits, ...looks]));
    const statuses = simulator.requests.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 429).length, 0, JSON.stringify(rateLimit));
    assert(statuses.filter((status) => status === 401).length >= 3, "tokens were refused");
    assertWithin(times(), rateLimit);
    assert(times().length > 3 * count);
  }
});

test("requests that fail, hang or are aborted count, too: until a window after they could have been on their way", async () => {
  const rateLimit = { requests: 2, perMs: 5_000 };
  const { client, clock, times } = setUp(
    async (url, init) => (/[13]/.test(idOf({ url })) ? hang(url, init) : Promise.reject(new TypeError("no"))),
    { rateLimit, requestTimeoutMs: 2_000 },
  );
  const signal = countingSignal();
  const looks = ["1", "2", "3", "4", "5"].map((id) =>
    client.exports.status(id, { signal: id === "3" ? signal : null }),
  );
  const settled = Promise.allSettled(looks);
  await clock.advance(6_500);
  signal.abort();
  await clock.run(settled);
  assertWithin(times(), rateLimit);
  // The second failed at once, and the first was given up after 2 s; the third was aborted after half a second. Each may be
  // on its way for a second, as nothing was answered.
  assert.deepEqual(times(), [0, 0, 6_000, 7_000, 12_000]);
});

test("the whole budget is used while tasks wait for it", async () => {
  const { client, clock, times } = setUp(async () => processing(), { rateLimit: { requests: 10, perMs: 1_000 } });
  waitForAll(client, 300, { timeoutMs: 100_000 });
  await pass(clock, 20_000);
  assert.deepEqual(
    times(),
    Array.from({ length: 210 }, (_, index) => Math.floor(index / 10) * 1_000),
  );
  await pass(clock, 100_000);
});

test("each client has a budget of its own", async () => {
  const clock = virtualClock();
  const times = [];
  const clients = [0, 1].map(
    () =>
      new HubSpotTasks({
        clock,
        rateLimit: { requests: 1, perMs: 1_000 },
        fetch: async () => (times.push(clock.now() - START), complete()),
      }),
  );
  await value(Promise.all(clients.map((client) => client.exports.status("7"))));
  assert.deepEqual(times, [0, 0]);
});

// ---------------------------------------------------------------------------------------------------------------
// What HubSpot tells

const told = (max, remaining, interval) => ({
  ...(max !== undefined && { "X-HubSpot-RateLimit-Max": String(max) }),
  ...(remaining !== undefined && { "X-HubSpot-RateLimit-Remaining": String(remaining) }),
  ...(interval !== undefined && { "X-HubSpot-RateLimit-Interval-Milliseconds": String(interval) }),
});

test("the headers of an answer tighten the budget, and never widen it", async () => {
  // Which answer's headers; how many are sent right after it, of 100 in 10 s; when the first one after those is.
  for (const [headers, atOnce, next] of [
    [{}, 99, 10_000],
    [told(40, undefined, 10_000), 39, 10_000],
    [told(40, 39, 10_000), 39, 10_000],
    [told(100, 30, 10_000), 30, 10_000],
    [told(100, 0, 10_000), 0, 10_000],
    [told(5, undefined, 1_000), 4, 1_000],
    [told(190, 189, 10_000), 99, 10_000],
    [told(1_000_000, 999_999, 10_000), 99, 10_000],
    [told("many", "some", "long"), 99, 10_000],
    [told(-1, -1, -1), 99, 10_000],
    [told(0, 0, 0), 0, 10_000],
  ]) {
    const { client, clock, times } = setUp(async (url) =>
      idOf({ url }) === "7" ? answer(202, { status: "PROCESSING" }, headers) : complete(),
    );
    await value(client.exports.status("7"));
    const { all } = waitForAll(client, 200);
    await turns();
    assert.equal(times().length - 1, atOnce, JSON.stringify(headers));
    await clock.run(all);
    assert.equal(times()[atOnce + 1], next, JSON.stringify(headers));
    assertWithin(times(), { requests: 100, perMs: 10_000 });
  }
});

test("with rateLimit false, what HubSpot tells is still kept to", async () => {
  const rateLimit = { requests: 20, perMs: 10_000 };
  const { client, clock, simulator, times } = setUpSimulator({ rateLimit: false }, { rateLimit });
  const id = simulator.addTask("export", {});
  await value(client.exports.status(id));
  const waits = Array.from({ length: 70 }, () => client.exports.task(simulator.addTask("export", {})).wait());
  await clock.run(Promise.all(waits));
  assert.deepEqual(
    simulator.requests.filter(({ status }) => status === 429),
    [],
  );
  assertWithin(times(), rateLimit);
});

// ---------------------------------------------------------------------------------------------------------------
// At a time

test("so many requests are under way at a time as maxConcurrent says, and no fewer while more are due", async () => {
  for (const [maxConcurrent, most] of [
    [1, 1],
    [4, 4],
    [undefined, 20],
    [null, 20],
    [50, 50],
  ]) {
    const held = heldBack();
    const { client, clock } = setUp(held.fetch, { maxConcurrent });
    const { all } = waitForAll(client, 60);
    await turns();
    for (let left = 60; left > 0; left--) {
      assert.equal(held.open.length, Math.min(most, left));
      await held.answer(complete());
    }
    assert.equal(held.most, most);
    await clock.run(all);
  }
});

test("maxConcurrent holds for polls, status() calls and repeats after a 401 together", async () => {
  const held = heldBack();
  const { client, clock } = setUp(held.fetch, { maxConcurrent: 3, token: ({ refresh }) => `t${refresh}` });
  const waits = [1, 2, 3].map((id) => client.exports.task(id).wait());
  const looks = [4, 5, 6].map((id) => client.exports.status(id));
  await turns();
  for (let refused = 0; refused < 3; refused++) {
    assert.equal(held.open.length, 3);
    await held.answer(answer(401));
  }
  for (let left = 6; left > 0; left--) {
    assert.equal(held.open.length, Math.min(3, left));
    await held.answer(complete());
  }
  assert.equal(held.most, 3);
  await clock.run(Promise.all([...waits, ...looks]));
});

test("an aborted request frees its place at once, as does one that took too long", async () => {
  const held = heldBack();
  const { client, clock, times } = setUp(held.fetch, { maxConcurrent: 1, requestTimeoutMs: 8_000 });
  const signal = countingSignal();
  const first = client.exports.task("1").wait({ signal });
  await turns();
  const second = client.exports.status("2");
  const third = client.exports.status("3");
  for (const promise of [first, second, third]) promise.catch(() => {});
  await clock.advance(3_000);
  assert.deepEqual(times(), [0]);
  signal.abort("enough");
  assert.equal(await rejection(first), "enough");
  assert.deepEqual(times(), [0, 3_000]);
  await clock.advance(8_000);
  assertError(await rejection(second), "NETWORK");
  assert.deepEqual(times(), [0, 3_000, 11_000]);
  await held.answer(complete());
  assert.equal((await value(third)).status, "COMPLETE");
});

test("a status() that is aborted while it waits for its turn is never sent", async () => {
  const held = heldBack();
  const { client, clock, requests } = setUp(held.fetch, { maxConcurrent: 1 });
  const signal = countingSignal();
  const looks = ["1", "2", "3"].map((id) => client.exports.status(id, { signal: id === "2" ? signal : null }));
  looks[1].catch(() => {});
  await turns();
  signal.abort("enough");
  assert.equal(await rejection(looks[1]), "enough");
  await held.answer();
  await held.answer();
  assert.deepEqual(requests.map(idOf), ["1", "3"]);
  await clock.run(Promise.all([looks[0], looks[2]]));
});

// ---------------------------------------------------------------------------------------------------------------
// Who is next

test("of tasks that are due, the one that is most overdue is asked first", async () => {
  const held = heldBack();
  let holds = false;
  const { client, clock, requests } = setUp(
    (url, init) => (holds ? held.fetch(url, init) : Promise.resolve(processing())),
    {
      maxConcurrent: 1,
      minIntervalMs: 2_000,
      maxIntervalMs: 2_000,
    },
  );
  // One id in all families: their phases are the same, and so their intervals are.
  const families = {
    exports: "/crm/exports/",
    folderUpdates: "/folders/",
    sourceCodeExtracts: "/cms/",
    fileImports: "/import-from-url/",
  };
  const asked = () => requests.map(({ url }) => Object.keys(families).find((family) => url.includes(families[family])));
  // The handles' order is not that of the waits.
  const tasks = ["fileImports", "exports", "sourceCodeExtracts", "folderUpdates"].map((family) =>
    client[family].task("7"),
  );
  const waits = [];
  for (const index of [1, 3, 2, 0]) {
    waits.push(tasks[index].wait({ timeoutMs: 30_000 }));
    await clock.advance(400);
  }
  assert.deepEqual(asked(), Object.keys(families));
  holds = true;
  const look = client.exports.status("9");
  await clock.advance(4_000);
  assert.equal(requests.length, 5);
  for (let answers = 0; answers < 5; answers++) await held.answer(complete());
  assert.deepEqual(asked().slice(5), Object.keys(families));
  await clock.run(Promise.all([look, ...waits]));
});

test("300 tasks on a budget of ten a second: none waits for more than three times its share", async () => {
  const { client, clock, requests } = setUp(async () => processing(), {
    rateLimit: { requests: 10, perMs: 1_000 },
    timeoutMs: Infinity,
  });
  const signal = countingSignal();
  const { ids, all } = waitForAll(client, 300, { signal });
  await pass(clock, 600_000);
  const end = clock.now() - START;
  signal.abort();
  await all;
  const share = 30_000;
  for (const id of ids) {
    const times = [0, ...requests.filter((request) => idOf(request) === id).map(({ at }) => at), end];
    const longest = Math.max(...times.slice(1).map((at, index) => at - times[index]));
    assert(longest <= 3 * share, `${id} waited for ${longest} ms`);
  }
  assert.equal(requests.length, 6_010);
});

test("a young task among many old ones is not starved, nor are they", async () => {
  const { client, clock, requests } = setUp(async () => processing(), {
    rateLimit: { requests: 1, perMs: 1_000 },
    timeoutMs: Infinity,
  });
  const signal = countingSignal();
  const { ids, all } = waitForAll(client, 60, { signal });
  await pass(clock, 3_600_000, 60_000);
  const joined = clock.now() - START;
  const young = client.exports.task("7").wait({ signal });
  young.catch(() => {});
  await pass(clock, 600_000, 60_000);
  signal.abort();
  await all;
  const end = clock.now() - START;
  const timesOf = (wanted) => requests.filter((request) => idOf(request) === wanted).map(({ at }) => at);
  const longest = (times) => Math.max(...times.slice(1).map((at, index) => at - times[index]));
  assert(timesOf("7")[0] - joined <= 61_000 * 3, "first asked");
  assert(longest([joined, ...timesOf("7"), end]) <= 3 * 61_000);
  for (const id of ids) {
    const since = timesOf(id).findLast((at) => at <= joined);
    const waited = longest([since, ...timesOf(id).filter((at) => at > joined), end]);
    assert(waited <= 3 * 61_000, `${id} waited for ${waited} ms`);
  }
});

test("a thousand waits have one host timer, and one for the next turn while somebody was told something", async () => {
  const clock = virtualClock();
  let [set, most] = [0, 0];
  const counting = {
    now: clock.now,
    clearTimeout: clock.clearTimeout,
    setTimeout(callback, ms) {
      const handle = clock.setTimeout(callback, ms);
      set++;
      most = Math.max(most, clock.timers);
      return handle;
    },
  };
  const requests = [];
  const client = new HubSpotTasks({
    clock: counting,
    async fetch(url) {
      requests.push(url);
      return clock.now() >= START + 100_000 ? complete() : processing();
    },
  });
  const signals = [];
  const waits = Array.from({ length: 1_000 }, (_, index) => {
    signals.push(countingSignal());
    return client.exports.task(String(index)).wait({ signal: signals.at(-1), timeoutMs: 300_000 + index });
  });
  await clock.advance(0);
  assert.equal(clock.timers, 1);
  await pass(clock, 60_000);
  assert.equal(clock.timers, 1);
  await clock.run(Promise.all(waits));
  assert(most <= 2, `${most} timers at a time`);
  assert.equal(clock.timers, 0);
  assert(set <= 2 * requests.length + 10, `${set} timers were set for ${requests.length} requests`);
  for (const signal of signals) assert.equal(signal.listeners, 0);
});

// ---------------------------------------------------------------------------------------------------------------
// Deadlines

test("under a full budget nothing is sent after a deadline: TIMEOUT comes at it", async () => {
  for (const timeoutMs of [1, 500, 5_000, 9_999]) {
    const { client, clock, requests } = setUp(async () => processing(), { rateLimit: { requests: 1, perMs: 10_000 } });
    await value(client.exports.status("1"));
    const wait = client.exports.task("7").wait({ timeoutMs });
    wait.catch(() => {});
    await clock.advance(timeoutMs - 1);
    assert.equal((await stateOf(wait)).state, "pending");
    await clock.advance(1);
    assertError(await rejection(wait), "TIMEOUT", { polls: 0, taskId: "7" });
    await clock.advance(60_000);
    assert.deepEqual(requests.map(idOf), ["1"]);
  }
});

test("under a full budget the place that frees at a deadline goes to the last poll", async () => {
  const { client, clock, requests } = setUp(async (url) => (idOf({ url }) === "7" ? complete() : processing()), {
    rateLimit: { requests: 1, perMs: 10_000 },
  });
  await value(client.exports.status("1"));
  const others = ["2", "3", "4"].map((id) => client.exports.task(id).wait({ timeoutMs: 60_000 }));
  for (const other of others) other.catch(() => {});
  const wait = client.exports.task("7").wait({ timeoutMs: 10_000 });
  assert.equal((await clock.run(wait)).outcome, "succeeded");
  assert.deepEqual(
    requests.map((request) => [idOf(request), request.at]),
    [
      ["1", 0],
      ["7", 10_000],
    ],
  );
  await clock.run(Promise.allSettled(others));
});

test("a deadline while all places are taken is kept, and overshoots by nothing", async () => {
  const held = heldBack();
  const { client, clock, requests } = setUp(held.fetch, { maxConcurrent: 1, requestTimeoutMs: 100_000 });
  const look = client.exports.status("1");
  await turns();
  const { waits } = waitForAll(client, 3, { timeoutMs: 4_000 });
  await clock.advance(3_999);
  for (const wait of waits) assert.equal((await stateOf(wait)).state, "pending");
  await clock.advance(1);
  for (const wait of waits) assertError(await rejection(wait), "TIMEOUT", { polls: 0 });
  await held.answer();
  await value(look);
  assert.deepEqual(requests.map(idOf), ["1"]);
});

test("300 waits with deadlines on a small budget: none is asked after its own, and none ends late", async () => {
  const { client, clock, requests } = setUp(async () => processing(), { rateLimit: { requests: 5, perMs: 1_000 } });
  const ends = [];
  const waits = Array.from({ length: 300 }, (_, index) => {
    const timeoutMs = 20_000 + 137 * index;
    const ended = (error) => ends.push([String(index), error.code, clock.now() - START - timeoutMs]);
    return client.exports.task(String(index)).wait({ timeoutMs }).catch(ended);
  });
  await clock.run(Promise.all(waits));
  assert.deepEqual(
    ends.filter(([, code, overshoot]) => code !== "TIMEOUT" || overshoot !== 0),
    [],
  );
  assert.equal(ends.length, 300);
  for (const request of requests) assert(request.at <= 20_000 + 137 * Number(idOf(request)), idOf(request));
  assertWithin(
    requests.map(({ at }) => at),
    { requests: 5, perMs: 1_000 },
  );
});

test("the last request is sent exactly at the deadline, whichever millisecond that is", async () => {
  const late = [];
  for (let timeoutMs = 1; timeoutMs < 9_000; timeoutMs += 7) {
    const { client, clock, times } = setUp(async () => processing(), { minIntervalMs: 10_000, maxIntervalMs: 10_000 });
    await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs }));
    if (times().at(-1) !== timeoutMs) late.push(timeoutMs);
  }
  assert.deepEqual(late, []);
});

test("a repeat after a 401 that a pause holds back makes nobody wait for longer than agreed", async () => {
  const later = (clock, ms, given) => new Promise((resolve) => clock.setTimeout(() => resolve(given), ms));
  const { client, clock, requests } = setUp(
    async (url) =>
      idOf({ url }) === "1"
        ? later(clock, 10, answer(429, {}, { "retry-after": "3600" }))
        : later(clock, 20, answer(401)),
    { token: ({ refresh }) => `t${refresh}` },
  );
  const calls = [
    client.exports.task("1").wait(),
    client.exports.task("2").wait({ timeoutMs: 60_000 }),
    client.exports.status("3"),
  ];
  const ends = [];
  for (const [index, call] of calls.entries()) call.catch(({ code }) => (ends[index] = [code, clock.now() - START]));
  await clock.advance(60_000);
  const endsInTime = [...ends];
  await clock.advance(3_600_000);
  // The pause lies beyond the deadline, and beyond what status() waits for: all of them know that at once.
  assert.deepEqual(endsInTime, [
    ["RATE_LIMITED", 10],
    ["RATE_LIMITED", 20],
    ["RATE_LIMITED", 20],
  ]);
  assert.equal(requests.length, 3);
});

test("a repeat after a 401 that the budget holds back is not sent after the deadline: TIMEOUT comes at it", async () => {
  const { client, clock, times } = setUp(async () => answer(401), {
    token: ({ refresh }) => `t${refresh}`,
    rateLimit: { requests: 1, perMs: 60_000 },
  });
  const ends = [];
  client.exports
    .task("7")
    .wait({ timeoutMs: 5_000 })
    .catch(({ code }) => ends.push([code, clock.now() - START]));
  await clock.advance(5_000);
  const endsInTime = [...ends];
  await clock.advance(600_000);
  assert.deepEqual(endsInTime, [["TIMEOUT", 5_000]]);
  assert.deepEqual(times(), [0]);
});

// ---------------------------------------------------------------------------------------------------------------
// Wrong values

test("wrong values of rateLimit and maxConcurrent are INVALID_ARGUMENT, and the message names the option", () => {
  const limit = (fields) => ({ requests: 10, perMs: 1_000, ...fields });
  const wrong = [0, -1, NaN, Infinity, "10", true, [], {}, 5n, null, undefined];
  const limits = [
    true,
    0,
    100,
    "100",
    "",
    {},
    [],
    [10, 1_000],
    () => limit({}),
    ...[...wrong, 0.5, 2.5, 2 ** 33].map((requests) => limit({ requests })),
    ...wrong.map((perMs) => limit({ perMs })),
    {
      get requests() {
        throw new Error("boom");
      },
      perMs: 1,
    },
  ];
  for (const rateLimit of limits) {
    const error = assertError(
      thrown(() => new HubSpotTasks({ rateLimit })),
      "INVALID_ARGUMENT",
    );
    assert(error.message.includes("rateLimit"), error.message);
  }
  for (const maxConcurrent of [0, -1, 0.5, 1.5, NaN, Infinity, 2 ** 33, "5", true, false, [], [5], {}, 5n, () => 5]) {
    const error = assertError(
      thrown(() => new HubSpotTasks({ maxConcurrent })),
      "INVALID_ARGUMENT",
    );
    assert(error.message.includes("maxConcurrent"), error.message);
  }
});

test("a client asks of the simulator's account as much as it allows, and is never refused", async () => {
  const clock = virtualClock();
  const rateLimit = { requests: 100, perMs: 10_000 };
  const simulator = createSimulator({ clock, rateLimit, latencyMs: 150 });
  const client = new HubSpotTasks({ clock, fetch: simulator.fetch, timeoutMs: Infinity });
  const waits = Array.from({ length: 200 }, () => client.exports.task(simulator.addRandomTask("export")).wait());
  await clock.run(Promise.allSettled(waits));
  assert.deepEqual(
    simulator.requests.filter(({ status }) => status === 429),
    [],
  );
  assertWithin(
    simulator.requests.map(({ at }) => at),
    rateLimit,
  );
});

test("five waits and eleven status() a second, in a budget of ten, all get their share", async () => {
  const { client, clock, requests } = setUp(async () => processing());
  const waits = waitForAll(client, 5, { timeoutMs: 120_000 });
  const looks = [];
  for (let number = 0; number < 11 * 120; number++) {
    looks.push(client.exports.status("99"));
    await clock.advance(1_000 / 11);
  }
  await clock.run(Promise.all(looks));
  const polls = waits.ids.map((id) => requests.filter((request) => idOf(request) === id).length);
  assert(polls.every((count) => count >= 18), String(polls));
  await pass(clock, 200_000);
  for (const wait of waits.waits) assertError(await rejection(wait), "TIMEOUT");
});

test("a limit of more than 65,536 requests is kept", async () => {
  const { client, clock, requests } = setUp(async () => processing(), {
    rateLimit: { requests: 70_000, perMs: 86_400_000 },
    maxConcurrent: 1_000,
  });
  const looks = Array.from({ length: 70_010 }, () => client.exports.status("7"));
  await clock.advance(1_000);
  assert.equal(requests.length, 70_000);
  await clock.run(Promise.all(looks));
  assert.equal(requests.at(-1).at, 86_400_000);
});
