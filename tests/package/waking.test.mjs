// Pages that are hidden, networks that come back, laptops that slept.
import assert from "node:assert/strict";
import {
  HubSpotTasks,
  START,
  assertError,
  complete,
  hang,
  inTurn,
  processing,
  rejection,
  setUp,
  stateOf,
  test as plainTest,
  turns,
  value,
  virtualClock,
} from "./support.mjs";

const GLOBALS = ["document", "addEventListener", "removeEventListener"];

/** A test after which the globals are what they were. */
const test = (name, run) =>
  plainTest(name, async (context) => {
    const before = GLOBALS.map((global) => [global, Object.getOwnPropertyDescriptor(globalThis, global)]);
    try {
      await run(context);
    } finally {
      for (const [global, descriptor] of before) {
        delete globalThis[global];
        if (descriptor) Object.defineProperty(globalThis, global, descriptor);
      }
    }
  });

/** Counts listeners, and tells them of events. */
function target(fields = {}) {
  const listeners = [];
  return Object.assign(
    {
      addEventListener: (type, listener) => void listeners.push([type, listener]),
      removeEventListener(type, listener) {
        const index = listeners.findIndex(([ofType, own]) => ofType === type && own === listener);
        if (index >= 0) listeners.splice(index, 1);
      },
      dispatch(type) {
        for (const [ofType, listener] of [...listeners]) if (ofType === type) listener.call(this, { type });
      },
      count: () => listeners.length,
    },
    fields,
  );
}

function put(global, value) {
  Object.defineProperty(globalThis, global, { value, configurable: true, writable: true });
}

/** A page's globals. */
function page() {
  const document = target({ visibilityState: "visible" });
  const window = target();
  put("document", document);
  put("addEventListener", window.addEventListener);
  put("removeEventListener", window.removeEventListener);
  return {
    document,
    window,
    show(visibilityState = "visible") {
      document.visibilityState = visibilityState;
      document.dispatch("visibilitychange");
    },
    online: () => window.dispatch("online"),
    listeners: () => document.count() + window.count(),
  };
}

/** A clock whose timers, while the page is hidden, ring on full minutes only, as in Chrome after five minutes. */
function throttled(clock, document) {
  return {
    now: clock.now,
    clearTimeout: clock.clearTimeout,
    setTimeout(callback, ms) {
      const at = clock.now() + ms;
      const isHidden = document.visibilityState === "hidden";
      return clock.setTimeout(callback, isHidden ? Math.ceil(at / 60_000) * 60_000 - clock.now() : ms);
    },
  };
}

function onThrottledPage(fetch, options = {}) {
  const shown = page();
  const clock = virtualClock();
  const requests = [];
  const client = new HubSpotTasks({
    clock: throttled(clock, shown.document),
    fetch: async (url, init) => {
      requests.push({ at: clock.now() - START, url });
      return fetch(url, init, requests.length);
    },
    ...options,
  });
  return { ...shown, page: shown, clock, requests, client, times: () => requests.map(({ at }) => at) };
}

function waitForAll(client, count, options) {
  const waits = Array.from({ length: count }, (_, index) => client.exports.task(String(index)).wait(options));
  for (const wait of waits) wait.catch(() => {});
  return waits;
}

// ---------------------------------------------------------------------------------------------------------------
// Hidden pages

test("when a hidden page is shown, everything overdue is asked at once, each task once, and no burst follows", async () => {
  const { client, clock, requests, page } = onThrottledPage(async () => processing());
  const waits = waitForAll(client, 30, { timeoutMs: 200_000 });
  await clock.advance(10_000);
  page.show("hidden");
  await clock.advance(44_321);
  const before = requests.length;
  page.show();
  await turns();
  const woken = requests.slice(before);
  assert.equal(woken.length, 30);
  assert.equal(new Set(woken.map(({ url }) => url)).size, 30);
  for (const { at } of woken) assert.equal(at, 54_321);
  await clock.advance(6_000);
  // 54 s old: the next interval is √54 s, but for the phase.
  assert.equal(requests.length, before + 30);
  await clock.advance(3_000);
  assert.equal(requests.length, before + 60);
  for (let shown = 0; shown < 5; shown++) page.show();
  await turns();
  assert.equal(requests.length, before + 60, "what is not due is not asked");
  await clock.run(Promise.allSettled(waits));
});

test("when a hidden page is shown, what is overdue is asked within the budget", async () => {
  const { client, clock, requests, times, page } = onThrottledPage(async () => processing(), {
    rateLimit: { requests: 10, perMs: 1_000 },
  });
  const waits = waitForAll(client, 30, { timeoutMs: 200_000 });
  await clock.advance(20_000);
  page.show("hidden");
  await clock.advance(33_333);
  const before = requests.length;
  page.show();
  await clock.advance(3_000);
  assert.deepEqual(
    times().slice(before),
    Array.from({ length: 30 }, (_, index) => 53_333 + 1_000 * Math.floor(index / 10)),
  );
  const all = times();
  for (let index = 10; index < all.length; index++) assert(all[index] - all[index - 10] >= 1_000, `${all[index]} ms`);
  await clock.run(Promise.allSettled(waits));
});

test("a page that is hidden goes on as its timers ring, and hiding it asks nothing", async () => {
  const { client, clock, times, page } = onThrottledPage(async () => processing());
  const [wait] = waitForAll(client, 1, { timeoutMs: 300_000 });
  await clock.advance(5_000);
  const before = times().length;
  page.show("hidden");
  await turns();
  assert.equal(times().length, before);
  await clock.advance(295_000);
  assert.deepEqual(
    times()
      .slice(before)
      .filter((at) => at % 60_000 !== 0 && at > 10_000),
    [],
  );
  assertError(await rejection(wait), "TIMEOUT");
});

test("a deadline that passed while the page was hidden ends the wait when it is shown, with one poll at most", async () => {
  for (const [last, outcome] of [
    [processing, undefined],
    [complete, "succeeded"],
  ]) {
    let isShown = false;
    const { client, clock, requests, page } = onThrottledPage(async () => (isShown ? last() : processing()));
    const [wait] = waitForAll(client, 1, { timeoutMs: 30_000 });
    await clock.advance(20_000);
    page.show("hidden");
    await clock.advance(25_000);
    const before = requests.length;
    isShown = true;
    page.show();
    const { state, value: end } = await stateOf(wait);
    assert(requests.length <= before + 1, `${requests.length - before} requests`);
    if (requests.length === before || !outcome) assertError(end, "TIMEOUT");
    else assert.deepEqual([state, end.outcome], ["fulfilled", outcome]);
  }
});

// ---------------------------------------------------------------------------------------------------------------
// Networks

test("online asks at once what failed for want of a network, and then goes on by the schedule", async () => {
  let isOnline = true;
  const { online, listeners } = page();
  const { client, clock, times } = setUp(async () => {
    if (!isOnline) throw new TypeError("fetch failed");
    return clock.now() >= START + 200_000 ? complete() : processing();
  });
  const wait = client.exports.task("7").wait();
  await clock.advance(10_000);
  isOnline = false;
  await clock.advance(60_000);
  const before = times().length;
  await clock.advance(1_234);
  isOnline = true;
  online();
  await turns();
  assert.equal(times().length, before + 1);
  assert.equal(times().at(-1), 71_234);
  await clock.advance(7_000);
  assert.equal(times().length, before + 1);
  await clock.advance(3_000);
  assert.equal(times().length, before + 2, "71 s old: √71 s, but for the phase");
  assert.equal((await clock.run(wait)).outcome, "succeeded");
  assert.equal(listeners(), 0);
});

test("online while the network is still away starts the back-off anew, and floods nothing", async () => {
  const { online } = page();
  let isOnline = true;
  const { client, clock, times } = setUp(async () => {
    if (!isOnline) throw new TypeError("fetch failed");
    return processing();
  });
  const wait = client.exports.task("7").wait({ timeoutMs: 120_000 });
  wait.catch(() => {});
  await turns();
  isOnline = false;
  await clock.advance(40_000);
  const before = times().length;
  online();
  await clock.advance(1_700);
  assert.equal(times().length, before + 1);
  await clock.run(wait.catch(() => {}));
});

test("online asks nothing that had an answer, and nothing during a pause that HubSpot demanded", async () => {
  const { online } = page();
  const { client, clock, times } = setUp(
    inTurn(processing(), { ...processing(), status: 429, headers: { "retry-after": "60" } }, complete()),
  );
  const wait = client.exports.task("7").wait();
  await clock.advance(500);
  online();
  await turns();
  assert.deepEqual(times(), [0]);
  await clock.advance(1_500);
  const before = times();
  assert.equal(before.length, 2);
  online();
  await clock.advance(30_000);
  online();
  await turns();
  assert.deepEqual(times(), before);
  await clock.run(wait);
  assert.equal(times().at(-1), before[1] + 60_000);
});

test("online neither repeats nor breaks off a request that is under way", async () => {
  const { online } = page();
  const { client, clock, requests } = setUp(hang);
  const wait = client.exports.task("7").wait({ timeoutMs: 20_000 });
  await clock.advance(5_000);
  online();
  await turns();
  assert.equal(requests.length, 1);
  assert.equal(requests[0].init.signal.aborted, false);
  assertError(await clock.run(wait.catch((error) => error)), "TIMEOUT");
});

// ---------------------------------------------------------------------------------------------------------------
// Listeners

test("a client listens only while something is waited for, however many tasks that are", async () => {
  const { document, window, listeners } = page();
  const fetch = async () => (clock.now() >= START + 30_000 ? complete() : processing());
  const { client, clock } = setUp(fetch, { rateLimit: false });
  assert.equal(listeners(), 0);
  const controller = new AbortController();
  const aborted = client.exports.task("1000").wait({ signal: controller.signal });
  aborted.catch(() => {});
  await clock.advance(100);
  assert.deepEqual([document.count(), window.count()], [1, 1]);
  controller.abort();
  await turns();
  assert.equal(listeners(), 0);
  const waits = waitForAll(client, 100);
  for (let second = 0; second < 20; second++) {
    await clock.advance(1_000);
    assert.deepEqual([document.count(), window.count()], [1, 1]);
  }
  await clock.run(Promise.all(waits));
  assert.equal(listeners(), 0);
  await value(client.exports.status("7"));
  await value(client.poll({ version: 1, family: "export", taskId: "7", apiVersion: "v3" }));
  assert.equal(listeners(), 0);
});

test("events after the end of all waits ask nothing", async () => {
  const { show, online, listeners } = page();
  const { client, clock, requests } = setUp(inTurn(processing(), complete()));
  await clock.run(client.exports.task("7").wait());
  show("hidden");
  show();
  online();
  await turns();
  assert.equal(requests.length, 2);
  assert.equal(listeners(), 0);
});

// ---------------------------------------------------------------------------------------------------------------
// Sleep

test("after hours of sleep each task is polled once, and goes on by the schedule", async () => {
  for (const wake of [
    () => {},
    ({ show }) => show(),
    ({ online }) => online(),
    ({ show, online }) => (online(), show()),
  ]) {
    const shown = page();
    const { client, clock, requests } = setUp(async () => processing(), { timeoutMs: Infinity });
    const controller = new AbortController();
    const waits = waitForAll(client, 20, { signal: controller.signal });
    await clock.advance(10_000);
    const before = requests.length;
    clock.set(clock.now() + 5 * 3_600_000);
    wake(shown);
    await clock.advance(0);
    const woken = requests.slice(before);
    assert.equal(woken.length, 20);
    assert.equal(new Set(woken.map(({ url }) => url)).size, 20);
    await clock.advance(50_000);
    assert.equal(requests.length, before + 20, "five hours old: a minute, but for the phase");
    await clock.advance(17_000);
    assert.equal(requests.length, before + 40);
    controller.abort();
    await Promise.allSettled(waits);
  }
});

test("a wait whose deadline passed during the sleep ends at once, with one poll at most", async () => {
  for (const last of [processing, complete]) {
    let hasSlept = false;
    const { client, clock, requests } = setUp(async () => (hasSlept ? last() : processing()));
    const waits = waitForAll(client, 5);
    await clock.advance(10_000);
    const before = requests.length;
    hasSlept = true;
    clock.set(clock.now() + 5 * 3_600_000);
    await clock.advance(0);
    for (const wait of waits) {
      const { state, value: end } = await stateOf(wait);
      if (state === "rejected") assertError(end, "TIMEOUT");
      else assert.equal(end.outcome, "succeeded");
    }
    const urls = requests.slice(before).map(({ url }) => url);
    assert.equal(new Set(urls).size, urls.length, "no task is asked twice");
    await clock.advance(3_600_000);
    assert.equal(requests.length, before + urls.length);
  }
});

test("a request under way during the sleep is given up, and its task asked again", async () => {
  const { client, clock, requests } = setUp(inTurn(processing(), hang, complete()), { timeoutMs: Infinity });
  const wait = client.exports.task("7").wait();
  await clock.advance(2_000);
  assert.equal(requests.length, 2);
  clock.set(clock.now() + 5 * 3_600_000);
  await clock.advance(0);
  assert.equal(requests[1].init.signal.aborted, true);
  assert.equal((await clock.run(wait)).outcome, "succeeded");
  assert.equal(requests.length, 3);
});

// ---------------------------------------------------------------------------------------------------------------
// Hosts without events, and with broken ones

async function timesOfAWait() {
  const { client, clock, times } = setUp(async () => (clock.now() >= START + 30_000 ? complete() : processing()));
  const waits = [client.exports.task("7").wait(), client.exports.task("7").wait()];
  const ends = await clock.run(Promise.all(waits));
  assert.deepEqual(
    ends.map(({ outcome }) => outcome),
    ["succeeded", "succeeded"],
  );
  assert.equal(clock.timers, 0);
  return times();
}

test("a host without document and events polls as a page does", async () => {
  for (const global of GLOBALS) assert.equal(globalThis[global], undefined, `plain Node has no ${global}`);
  const plain = await timesOfAWait();
  assert(plain.length > 10);
  page();
  assert.deepEqual(await timesOfAWait(), plain);
});

test("a document or a window that is odd or broken harms nobody", async () => {
  const expected = await timesOfAWait();
  const boom = () => {
    throw new Error("boom");
  };
  const throwing = (name) => Object.defineProperty(target({ visibilityState: "visible" }), name, { get: boom });
  const visible = (fields) => () => put("document", target({ visibilityState: "visible", ...fields }));
  const getter = (global) => () => Object.defineProperty(globalThis, global, { get: boom, configurable: true });
  const cases = {
    "document is null": () => put("document", null),
    "document is a number": () => put("document", 7),
    "document is empty": () => put("document", {}),
    "document cannot be read": getter("document"),
    "addEventListener throws": visible({ addEventListener: boom }),
    "addEventListener is missing": visible({ addEventListener: undefined }),
    "addEventListener is no function": visible({ addEventListener: 7 }),
    "addEventListener cannot be read": () => put("document", throwing("addEventListener")),
    "removeEventListener throws": visible({ removeEventListener: boom }),
    "removeEventListener is missing": visible({ removeEventListener: undefined }),
    "removeEventListener is no function": visible({ removeEventListener: "no" }),
    "visibilityState cannot be read": () => put("document", throwing("visibilityState")),
    "visibilityState is missing": visible({ visibilityState: undefined }),
    "the window's addEventListener throws": () => (page(), put("addEventListener", boom)),
    "the window's addEventListener is no function": () => (page(), put("addEventListener", {})),
    "the window's addEventListener cannot be read": getter("addEventListener"),
    "the window's removeEventListener throws": () => (page(), put("removeEventListener", boom)),
    "the window's removeEventListener is missing": () => (page(), put("removeEventListener", undefined)),
  };
  const harmed = {};
  for (const [name, install] of Object.entries(cases)) {
    for (const global of GLOBALS) delete globalThis[global];
    install();
    try {
      assert.deepEqual(await timesOfAWait(), expected);
    } catch (error) {
      harmed[name] = String(error?.message ?? error).slice(0, 150);
    } finally {
      for (const global of GLOBALS) delete globalThis[global];
    }
  }
  assert.deepEqual(harmed, {});
});

test("a document that cannot be read when an event comes harms nobody", async () => {
  const shown = page();
  const { client, clock, times } = setUp(inTurn(processing(), complete()));
  const wait = client.exports.task("7").wait();
  await clock.advance(100);
  Object.defineProperty(shown.document, "visibilityState", {
    get() {
      throw new Error("boom");
    },
  });
  for (const tell of [shown.online, () => shown.document.dispatch("visibilitychange")]) {
    try {
      tell();
    } catch (error) {
      // A browser would report it, and go on.
      assert.equal(error.message, "boom");
    }
  }
  assert.equal((await clock.run(wait)).outcome, "succeeded");
  assert.equal(times().length, 2);
});
