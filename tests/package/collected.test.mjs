// What is dropped is collected: iterators of statuses, which hold nothing and are held by nobody between two next(), their
// tasks and their clients. Each test is a script of its own, with the garbage collector at hand.
import assert from "node:assert/strict";
import { run } from "./run.mjs";
import { test } from "./support.mjs";

const COUNT = 200;

/** Runs a script that fills `drop`, with functions that make what is dropped; gives how many of each are left. */
async function left(body) {
  const script = `
    import { HubSpotTasks } from "hubspot-async-tasks";
    const refs = { iterators: [], tasks: [], clients: [] };
    const turns = async () => { for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 1)); };
    const collect = async () => { for (let round = 0; round < 8; round++) { gc(); await turns(); } };
    let answer = (url) => ({ status: 202, body: { status: "PROCESSING", url } });
    const newClient = (options) => {
      const client = new HubSpotTasks({ fetch: async (url) => answer(url), rateLimit: false, minIntervalMs: 5, maxIntervalMs: 5, ...options });
      refs.clients.push(new WeakRef(client));
      return client;
    };
    const newTask = (client, id) => {
      const task = client.fileImports.task(id);
      refs.tasks.push(new WeakRef(task));
      return task;
    };
    const newIterator = (task, options) => {
      const iterator = task.statuses(options);
      refs.iterators.push(new WeakRef(iterator));
      return iterator;
    };
    const COUNT = ${COUNT};
    ${body}
    const count = (list) => list.filter((ref) => ref.deref()).length;
    const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    console.log(JSON.stringify({ iterators: count(refs.iterators), tasks: count(refs.tasks), clients: count(refs.clients), timers, ...globalThis.more }));
    process.exit();`;
  return run("mjs", script, "--expose-gc");
}

/** Of objects that were dropped all are collected but some that a register of the machine may still hold. */
const isNone = (count) => assert(count <= 2, `${count} are left`);

for (const [what, use] of Object.entries({
  "made and dropped": "",
  "dropped after one next()": "await iterator.next();",
  "dropped after two": "await iterator.next(); answer = (url) => ({ status: 202, body: { status: 'PROCESSING', n: Math.random() } }); await iterator.next();",
  "dropped after its end": "answer = () => ({ status: 200, body: { status: 'COMPLETE', result: {} } }); for await (const status of iterator);",
  "dropped after return()": "await iterator.next(); await iterator.return();",
  "dropped with a signal that lives on": "await iterator.next();",
})) {
  test(`an iterator of statuses that is ${what} is collected, with its task and its client`, async () => {
    const counts = await left(`
      const { signal } = new AbortController();
      const use = async (at) => {
        const iterator = newIterator(newTask(newClient(), String(at)), { signal });
        ${use}
      };
      for (let at = 0; at < COUNT; at++) await use(at);
      await turns();
      await collect();`);
    for (const kind of ["iterators", "tasks", "clients", "timers"]) isNone(counts[kind]);
  });
}

test("iterators of a task that is held are collected, and what waits for it goes on", async () => {
  const counts = await left(`
    const client = newClient();
    const task = newTask(client, "7");
    let n = 0;
    answer = () => ({ status: 202, body: { status: "PROCESSING", n: ++n } });
    const heard = [];
    const wait = task.wait({ onStatus: (status) => heard.push(status.n ?? status.status) });
    const use = async () => { await newIterator(task).next(); newIterator(task); };
    for (let at = 0; at < COUNT / 2; at++) await use();
    await collect();
    answer = () => ({ status: 200, body: { status: "COMPLETE", result: {} } });
    const { outcome } = await wait;
    globalThis.more = { outcome, last: heard.at(-1), alive: task.id };`);
  isNone(counts.iterators);
  assert.deepEqual([counts.outcome, counts.last], ["succeeded", "COMPLETE"]);
});

test("a number that a collected iterator had is another call's without harm", async () => {
  const counts = await left(`
    const client = newClient();
    const task = newTask(client, "7");
    const waits = [];
    for (let round = 0; round < 20; round++) {
      await (async () => { for (let at = 0; at < 10; at++) await newIterator(task).next(); })();
      await turns();
      gc();
      for (let at = 0; at < 10; at++) waits.push(task.wait());
      await turns();
    }
    await collect();
    answer = () => ({ status: 200, body: { status: "COMPLETE", result: {} } });
    const ends = await Promise.all(waits);
    globalThis.more = { ends: ends.filter(({ outcome }) => outcome === "succeeded").length };`);
  assert.equal(counts.ends, 200);
  isNone(counts.iterators);
});

test("an iterator whose next() is pending is not collected: it is answered", async () => {
  const counts = await left(`
    const client = newClient();
    let isOver = false;
    answer = () => (isOver ? { status: 200, body: { status: "COMPLETE", result: {} } } : { status: 202, body: "" });
    const nexts = Array.from({ length: COUNT }, (_, at) => newTask(client, String(at)).statuses().next());
    await turns();
    await collect();
    isOver = true;
    const steps = await Promise.all(nexts);
    globalThis.more = { told: steps.filter(({ value }) => value.status === "COMPLETE").length };`);
  assert.equal(counts.told, COUNT);
});

test("an iterator that rested and was not dropped hears what came meanwhile, and its end", async () => {
  const counts = await left(`
    const client = newClient();
    const task = newTask(client, "7");
    const iterator = newIterator(task);
    await iterator.next();
    await collect();
    answer = () => ({ status: 200, body: { status: "COMPLETE", result: {} } });
    await task.status();
    await collect();
    const next = await iterator.next();
    globalThis.more = { steps: [next.value.status, (await iterator.next()).done] };`);
  assert.deepEqual(counts.steps, ["COMPLETE", true]);
});
