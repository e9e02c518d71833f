// Told before sent, in a real Chromium, where an abort differs from Node's: between the listeners of an
// AbortSignal.timeout() microtasks run, for no JavaScript is on the stack; and the caller's line in stacks. Run:
// node --test tests/chromium-told.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { launch } from "./chromium.mjs";

const CALLS = ["wait", "status", "next", "poll"];

describe("in Chromium", () => {
  let browser, page;

  before(async () => {
    browser = await launch();
    page = await browser.newPage();
    const text = readFileSync(new URL("../pkg/index.min.js", import.meta.url), "utf8");
    await page.evaluate(load, text);
  });

  after(() => browser?.close());

  it("microtasks run between the listeners of an AbortSignal.timeout()", async () => {
    assert.deepEqual(await page.evaluate(order), ["first", "microtask", "second"]);
  });

  for (const how of ["one signal", "an AbortSignal.any() each", "a controller each"]) {
    for (const call of CALLS) {
      it(`nothing is sent after the AbortSignal.timeout() of 100 ${call}() calls with ${how}`, async () => {
        const { sent, later, listeners, names } = await page.evaluate(abortHundred, { how, call });
        assert.deepEqual({ sent, later, names }, { sent: 10, later: 10, names: ["TimeoutError"] });
        assert.deepEqual(listeners, { added: how === "one signal" ? 1 : 100, left: 0 });
      });
    }
  }

  it("nothing is sent where the first of a hundred that an AbortSignal.timeout() ends leaves the others", async () => {
    assert.deepEqual(await page.evaluate(leaveOthers), { sent: 10, later: 10 });
  });

  it("the caller's line is in the stack of what a call rejects with", async () => {
    const stacks = await page.evaluate(stacksOfCallers);
    assert.equal(Object.keys(stacks).length, CALLS.length);
    for (const [call, stack] of Object.entries(stacks)) {
      assert.match(stack, /^HubSpotTaskError: export 7: .*\(HTTP 403\)\n {4}at async callersOwn /, call);
    }
  });
});

// What follows runs in the page.

/** Imports the package; `hundred` begins as many calls, of whose requests ten are sent and none is answered. */
async function load(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const { HubSpotTasks } = await import(url);
  const calls = {
    wait: (client, id, signal) => client.exports.task(id).wait({ signal }),
    status: (client, id, signal) => client.exports.status(id, { signal }),
    next: (client, id, signal) => client.exports.task(id).statuses({ signal }).next(),
    poll: (client, taskId, signal) => client.poll({ version: 1, family: "export", taskId, apiVersion: "v3" }, { signal }),
  };
  window.hundred = (call, signalOf) => {
    const state = { sent: 0 };
    const fetch = () => (state.sent++, new Promise(() => {}));
    const client = new HubSpotTasks({ fetch, maxConcurrent: 10 });
    state.ends = Array.from({ length: 100 }, (_, id) => calls[call](client, String(id), signalOf(id)));
    return state;
  };
  window.refused = (call) => calls[call](new HubSpotTasks({ fetch: async () => ({ status: 403 }) }), "7");
  window.pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
}

/** What runs when, at an abort by a timer. */
async function order() {
  const log = [];
  const signal = AbortSignal.timeout(1);
  signal.addEventListener("abort", () => {
    log.push("first");
    Promise.resolve().then(() => log.push("microtask"));
  });
  await new Promise((resolve) => signal.addEventListener("abort", () => resolve(log.push("second"))));
  return log;
}

/** The stack of what each call rejects with, in a function that awaits it. */
async function stacksOfCallers() {
  const stacks = {};
  for (const call of ["wait", "status", "next", "poll"]) {
    async function callersOwn() {
      await window.refused(call);
    }
    stacks[call] = await callersOwn().catch((error) => error.stack);
  }
  return stacks;
}

async function abortHundred({ how, call }) {
  const timeout = AbortSignal.timeout(100);
  const signals = {
    "one signal": () => timeout,
    "an AbortSignal.any() each": () => AbortSignal.any([timeout]),
    "a controller each": () => {
      const own = new AbortController();
      timeout.addEventListener("abort", () => own.abort(timeout.reason));
      return own.signal;
    },
  };
  const listeners = { added: 0, left: 0 };
  const counted = (signal) => {
    if (Object.hasOwn(signal, "addEventListener")) return signal;
    signal.addEventListener = (...given) => {
      listeners.added++;
      listeners.left++;
      AbortSignal.prototype.addEventListener.apply(signal, given);
    };
    signal.removeEventListener = (...given) => {
      listeners.left--;
      AbortSignal.prototype.removeEventListener.apply(signal, given);
    };
    return signal;
  };
  const own = Array.from({ length: 100 }, signals[how]);
  const state = window.hundred(call, (id) => counted(own[id]));
  const ends = await Promise.allSettled(state.ends);
  const { sent } = state;
  await window.pass(100);
  return { sent, later: state.sent, listeners, names: [...new Set(ends.map(({ reason }) => reason.name))] };
}

/** Only the first has the timer's signal; when it hears of that, it leaves those of the others. */
async function leaveOthers() {
  const timeout = AbortSignal.timeout(100);
  const others = new AbortController();
  const state = window.hundred("wait", (id) => (id === 0 ? timeout : others.signal));
  state.ends[0].catch(() => others.abort());
  await Promise.allSettled(state.ends);
  const { sent } = state;
  await window.pass(100);
  return { sent, later: state.sent };
}
