// What the tests of the installed package share: the package, a clock that is moved by hand, answers, and a `test`
// that fails when a timer is left or anything went unhandled.
import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test as nodeTest } from "node:test";
import { pathToFileURL } from "node:url";
import { project } from "./pack.mjs";

// Written into the project, so that the names are resolved as a user's are.
const entry = join(project, "support.mjs");
// Renamed into its place whole: other test files run at the same time, and would import what is half written.
const draft = `${entry}.${process.pid}`;
// ENTRY=hubspot-async-tasks/js node tests/package/pack.mjs: the same tests of another entry.
const { ENTRY = "hubspot-async-tasks" } = process.env;
writeFileSync(draft, `export * from "${ENTRY}";\nexport * from "hubspot-async-tasks/simulator";\n`);
renameSync(draft, entry);

export const START = Date.parse("2026-08-21T10:00:00.000Z");

const main = await import(pathToFileURL(entry).href);
export const { HubSpotTaskError, isHubSpotTaskError, outcomeOf, faults } = main;

// TRACES=folder: what the package does in each test is written there, for tests/traces/compare.mjs.
const { TRACES } = process.env;
const recorder = TRACES ? (await import("../traces/record.mjs")).createRecorder(TRACES, START) : undefined;
export const HubSpotTasks = recorder?.recorded(main.HubSpotTasks) ?? main.HubSpotTasks;

/** With a seed, so that ids are the same in each run. */
export const createSimulator = (options) => main.createSimulator({ seed: 0, ...options });

export const API = "https://api.hubapi.com";
export const FAMILIES = ["fileImports", "folderUpdates", "exports", "sourceCodeExtracts"];

// ---------------------------------------------------------------------------------------------------------------
// Tests

const accidents = [];
const clocks = [];
let isInTest = false;
for (const event of ["unhandledRejection", "uncaughtException"]) {
  process.on(event, (reason) => {
    const accident = `${event}: ${String(reason?.stack ?? reason)}`;
    accidents.push(accident);
    if (isInTest) return;
    // As a file that cannot be loaded: without its tests it would pass.
    console.error(accident);
    process.exitCode = 1;
  });
}

/** A test that also fails for an unhandled rejection, an uncaught exception, or a timer that is left. */
export function test(name, run) {
  return nodeTest(name, async (context) => {
    clocks.length = accidents.length = 0;
    isInTest = true;
    recorder?.begin(name);
    await run(context);
    await turns();
    isInTest = false;
    assert.deepEqual(accidents, []);
    for (const clock of clocks) assert.equal(clock.timers, 0, "timers left");
    recorder?.end();
  });
}

/** Everything that can happen without time passing has happened. */
export async function turns() {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** `{ state, value }` of a promise as it is when all that can happen without time passing has happened. */
export async function stateOf(promise) {
  const seen = { state: "pending", value: undefined };
  promise.then(
    (value) => Object.assign(seen, { state: "fulfilled", value }),
    (value) => Object.assign(seen, { state: "rejected", value }),
  );
  await turns();
  if (seen.state === "pending") {
    // A real timer of no time takes one millisecond or more.
    await new Promise((resolve) => setTimeout(resolve, 3));
    await turns();
  }
  return seen;
}

/** What a promise rejects with, without time passing. */
export async function rejection(promise) {
  assert(promise instanceof Promise, "a promise is given");
  const { state, value } = await stateOf(promise);
  assert.equal(
    state,
    "rejected",
    `the promise is ${state}${state === "fulfilled" ? `: ${JSON.stringify(value)}` : ""}`,
  );
  return value;
}

/** The value of a promise, without time passing. */
export async function value(promise) {
  const { state, value } = await stateOf(promise);
  assert.equal(
    state,
    "fulfilled",
    `the promise is ${state}${state === "rejected" ? `: ${value?.stack ?? String(value)}` : ""}`,
  );
  return value;
}

/** What a call throws. */
export function thrown(call) {
  let returned;
  try {
    returned = call();
  } catch (error) {
    return error;
  }
  assert.fail(`nothing was thrown; it returned ${Object.prototype.toString.call(returned)}`);
}

/** Checks an error's class, code and fields. */
export function assertError(error, code, fields = {}) {
  assert(error instanceof HubSpotTaskError, `a HubSpotTaskError, not ${String(error)}`);
  assert.equal(error.code, code, error.message);
  for (const [name, expected] of Object.entries(fields)) assert.deepEqual(error[name], expected, name);
  return error;
}

// ---------------------------------------------------------------------------------------------------------------
// Time

/** A clock that stands still until it is moved. */
export function virtualClock(now = START) {
  const timers = new Map();
  let handles = 0;
  const clock = {
    now: () => now,
    setTimeout(callback, ms) {
      assert.equal(typeof callback, "function");
      assert(ms >= 0 && ms < 2 ** 31, `a host's timer takes no ${ms} ms`);
      const handle = ++handles;
      timers.set(handle, { callback, at: now + ms });
      // One that waits for no time rings in the host's next task, as a real one does.
      if (ms === 0) setImmediate(() => timers.delete(handle) && callback());
      return handle;
    },
    clearTimeout: (handle) => timers.delete(handle),
    /** How many timers are set. */
    get timers() {
      return timers.size;
    },
    /** Time passes, timer by timer. */
    async advance(ms) {
      const end = now + ms;
      await turns();
      for (let fired = 0; await fireNext(end); fired++) assert(fired < 5_000, "timers without end");
      now = end;
    },
    /** Time passes until the promise has settled; gives the promise. */
    async run(promise) {
      let pending = true;
      const settled = () => (pending = false);
      promise.then(settled, settled);
      await turns();
      for (let fired = 0; pending; fired++) {
        assert(fired < 5_000, "timers without end");
        assert(await fireNext(Infinity), "the promise is pending, and no timer is set: it never settles");
      }
      return promise;
    },
    /** Sets the time, as somebody who corrects a wrong clock: timers stay. */
    set: (time) => void (now = time),
  };

  async function fireNext(end) {
    const [handle, timer] = [...timers].reduce(
      (first, other) => (other[1].at < first[1].at ? other : first),
      [0, { at: Infinity }],
    );
    if (timer.at > end || timer.at === Infinity) return false;
    timers.delete(handle);
    now = Math.max(now, timer.at);
    timer.callback();
    await turns();
    return true;
  }

  clocks.push(clock);
  recorder?.addClock(clock);
  return clock;
}

/** What a promise rejects with, however long it takes. */
export async function rejectionInTime(clock, promise) {
  await clock.run(promise.catch(() => {}));
  return rejection(promise);
}

// ---------------------------------------------------------------------------------------------------------------
// Clients and answers

/** A client on a virtual clock whose fetch is `fetch(url, init, number)`; `requests` are `{ at, url, init }`, `at` from 0. */
export function setUp(fetch, options = {}) {
  const clock = virtualClock();
  const requests = [];
  const client = new HubSpotTasks({
    clock,
    fetch(url, init) {
      requests.push({ at: clock.now() - START, url, init });
      return fetch(url, init, requests.length);
    },
    ...options,
  });
  return { clock, requests, client, times: () => requests.map(({ at }) => at) };
}

/** A client that asks a simulator on the same virtual clock. */
export function setUpSimulator(options = {}, simulatorOptions = {}) {
  const clock = virtualClock();
  const simulator = createSimulator({ clock, ...simulatorOptions });
  const client = new HubSpotTasks({ clock, fetch: simulator.fetch, ...options });
  return { clock, simulator, client, times: () => simulator.requests.map(({ at }) => at - START) };
}

/** A fetch that gives one answer after the other, the last one again and again; a function is called. */
export function inTurn(...answers) {
  return async (url, init, number) => {
    const answer = answers[Math.min(number, answers.length) - 1];
    return typeof answer === "function" ? answer(url, init) : answer;
  };
}

/** An answer: an object as body is sent as JSON. */
export function answer(status, body = "", headers = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? {} : { "content-type": "application/json" };
  const all = new Headers({ ...type, ...headers });
  return { status, ok: status >= 200 && status < 300, headers: all, text: async () => text };
}

export const processing = (fields = {}) => answer(202, { status: "PROCESSING", ...fields });
export const complete = (fields = {}) =>
  answer(200, { status: "COMPLETE", result: "https://exports.example/1.csv", ...fields });

/** A request that never gets an answer, but notices when it is given up. */
export const hang = (url, { signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

/** A promise and what settles it. */
export function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

/** A signal that counts its listeners. */
export function countingSignal(fields = {}) {
  const listeners = [];
  return {
    aborted: false,
    ...fields,
    addEventListener: (type, listener) => void listeners.push([type, listener]),
    removeEventListener(type, listener) {
      const index = listeners.findIndex(([ofType, own]) => ofType === type && own === listener);
      if (index >= 0) listeners.splice(index, 1);
    },
    abort(reason) {
      Object.assign(this, { aborted: true, ...(reason !== undefined && { reason }) });
      for (const [, listener] of [...listeners]) listener({ type: "abort" });
    },
    get listeners() {
      return listeners.length;
    },
  };
}
