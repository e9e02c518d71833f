// The border between JavaScript and the engine: how often it is crossed, in one direction alone, and that a memory which
// moves while it grows harms nothing.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ENTRIES, freshEntry, tap } from "./instances.mjs";
import { installed } from "./pack.mjs";
import { answer, complete, processing, test, turns, virtualClock } from "./support.mjs";

/** The most calls of the engine's functions that one poll may take, from its timer to the next. */
const MOST = 30;

/** How often each of the engine's functions is called from now on. */
function countCalls() {
  const counts = {};
  tap.functionOf = (name, original) => {
    counts[name] = (counts[name] ?? 0) + 1;
    return original;
  };
  return () => Object.values(counts).reduce((sum, count) => sum + count, 0);
}

const EVERY_MINUTE = { minIntervalMs: 60_000, maxIntervalMs: 60_000, timeoutMs: Infinity };

/** What a poll may be: the n-th answer, the client's options, and the wait's. */
const POLLS = {
  "a steady poll": {},
  "a steady poll with an observer": { options: { onEvent: () => {} } },
  "a steady poll with a token function": { options: { token: () => "secret" } },
  "a steady poll with an observer, a token function and an onStatus": {
    options: { onEvent: () => {}, token: () => "secret" },
    wait: { onStatus: () => {} },
  },
  "a poll with a changed status": { status: (n) => processing({ n }) },
  "a poll with a changed status, an observer and an onStatus": {
    status: (n) => processing({ n }),
    options: { onEvent: () => {} },
    wait: { onStatus: () => {} },
  },
  "a poll that meets a fault": { status: (n) => (n % 2 ? answer(503) : processing()), options: { onEvent: () => {} } },
};

for (const entry of ENTRIES) {
  for (const [what, { status = () => processing(), options, wait }] of Object.entries(POLLS)) {
    test(`${what} calls ${entry}'s engine ${MOST} times at most`, async () => {
      const { HubSpotTasks } = await freshEntry(entry);
      const clock = virtualClock();
      let polls = 0;
      const client = new HubSpotTasks({ clock, fetch: async () => status(++polls), ...EVERY_MINUTE, ...options });
      const controller = new AbortController();
      const waiting = client.exports.task("7").wait({ signal: controller.signal, ...wait });
      waiting.catch(() => {});
      await clock.advance(100_000);
      for (let poll = 0; poll < 5; poll++) {
        const before = polls;
        const calls = countCalls();
        while (polls === before) await clock.advance(10_000);
        assert(calls() > 0 && calls() <= MOST, `${calls()} calls`);
        assert.equal(polls, before + 1);
      }
      controller.abort();
      await turns();
    });
  }

  test(`a status that is iterated calls ${entry}'s engine ${MOST} times at most`, async () => {
    const { HubSpotTasks } = await freshEntry(entry);
    const clock = virtualClock();
    let polls = 0;
    const client = new HubSpotTasks({ clock, fetch: async () => processing({ n: ++polls }), ...EVERY_MINUTE });
    const statuses = client.exports.task("7").statuses();
    await clock.run(statuses.next());
    for (let poll = 0; poll < 5; poll++) {
      const calls = countCalls();
      await clock.run(statuses.next());
      assert(calls() > 0 && calls() <= MOST, `${calls()} calls`);
    }
    await statuses.return();
  });

  test(`of a thousand tasks that wait, each poll calls ${entry}'s engine ${MOST} times at most`, async () => {
    const { HubSpotTasks } = await freshEntry(entry);
    const clock = virtualClock();
    let polls = 0;
    const fetch = async () => (polls++, processing());
    const client = new HubSpotTasks({ clock, fetch, ...EVERY_MINUTE, rateLimit: false });
    const controller = new AbortController();
    for (let id = 1000; id < 2000; id++) client.exports.task(String(id)).wait(controller).catch(() => {});
    await clock.advance(130_000);
    const before = polls;
    const calls = countCalls();
    for (let step = 0; step < 130; step++) await clock.advance(1_000);
    assert(polls >= before + 1_000, `${polls - before} polls`);
    assert(calls() <= MOST * (polls - before), `${calls() / (polls - before)} calls a poll`);
    controller.abort();
    await turns();
  });
}

test("the WebAssembly calls nothing of JavaScript's", () => {
  const module = new WebAssembly.Module(readFileSync(join(installed, "hubspot-async-tasks.wasm")));
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const [, hex] = /"(0061736d[0-9a-f]+)"/.exec(readFileSync(join(installed, "index.js"), "utf8"));
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(Buffer.from(hex, "hex"))), []);
});

/** What a client's calls come to, in a play that has something of everything. */
async function play(entry, functionOf = tap.functionOf) {
  const { HubSpotTasks, outcomeOf } = await freshEntry(entry);
  tap.functionOf = functionOf;
  const clock = virtualClock();
  const seen = [];
  const learned = { export: { whole: Array.from({ length: 50 }, (_, index) => 60 + index / 8) } };
  const fetch = async (url) => {
    const polls = seen.push([clock.now(), decodeURIComponent(url)]);
    if (polls === 3) return answer(429, "", { "retry-after": "20" });
    return polls < 12 ? processing({ polls: polls >> 1 }) : complete();
  };
  const onEvent = (event) => void seen.push(event);
  const client = new HubSpotTasks({ clock, fetch, learned, onEvent });
  const id = "ü😀".repeat(1_000);
  const task = client.fileImports.task(id);
  const waits = [task.wait(), client.exports.task("7").wait({ onStatus: (status) => void seen.push(status) })];
  const looks = [client.exports.status("8"), client.poll({ version: 1, family: "export", taskId: "9", apiVersion: "v3" })];
  const impatient = client.exports.task("10").wait({ timeoutMs: 5_000 });
  for (const call of [...looks, impatient]) {
    const { value, reason } = await clock.run(
      call.then(
        (value) => ({ value }),
        (reason) => ({ reason }),
      ),
    );
    seen.push(value, reason && [reason.toJSON(), reason.message]);
  }
  seen.push(task.checkpoint(), client.learned(), outcomeOf({ status: "COMPLETE", numErrors: 1, result: "x" }, "export"));
  seen.push(await clock.run(Promise.all(waits)), client.learned());
  // Without what an error's stack says.
  return JSON.parse(JSON.stringify(seen));
}

for (const entry of ENTRIES) {
  test(`a memory of ${entry} that grows while it is in use changes nothing`, async () => {
    const expected = await play(entry);
    const size = tap.memory.buffer.byteLength;
    const calls = {};
    const growing = (name, original) => {
      calls[name] = (calls[name] ?? 0) + 1;
      // Before and after some calls of each: it is copied each time.
      if (calls[name] > 5) return original;
      return (...values) => {
        tap.memory.grow(1);
        const value = original(...values);
        tap.memory.grow(1);
        return value;
      };
    };
    assert.deepEqual(await play(entry, growing), expected);
    const names = ["next", "reply", "wait", "look", "pollOnce", "textBuffer", "numberBuffer", "progress", "learned"];
    for (const name of names) assert(calls[name] > 0, name);
    assert(tap.memory.buffer.byteLength >= size + 2 * names.length * 65_536);
  });
}
