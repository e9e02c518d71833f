// What is called while the stack is nearly full fails by itself, and harms no other call: public calls check and queue, and
// the engine never runs where there is no room for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./run.mjs";

const ENTRIES = ["hubspot-async-tasks", "hubspot-async-tasks/slim", "hubspot-async-tasks/js"];

/** Runs in a process of its own: where the stack is full, Node complains of much on its standard error. */
async function callAtFullStack(main) {
  const { HubSpotTasks, outcomeOf } = main;
  // An abort that finds no room is told so; and what Node knows of rejections needs room, too.
  const accidents = [];
  process.on("uncaughtException", (error) => error instanceof RangeError || accidents.push(String(error)));
  process.on("unhandledRejection", () => {});

  const answer = async () => ({ status: 200, body: { status: "COMPLETE", result: "x" } });
  const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  /** What a promise gives; undefined where that takes too long. */
  const inTime = async (promise) => {
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, 10_000)));
    const value = await Promise.race([promise, late]);
    clearTimeout(timer);
    return value;
  };
  const later = async () => (await pass(100), answer());
  let ids = 0;
  const checkpoint = { version: 1, family: "export", taskId: "7", apiVersion: "v3" };

  const METHODS = {
    status: ({ task }) => task.status(),
    wait: ({ task }) => task.wait(),
    next: ({ task }) => task.statuses().next(),
    return: ({ iterators }) => iterators.pop()?.return(),
    task: ({ client }) => client.exports.task(String(++ids)),
    "task with a time limit": ({ client }) => client.exports.task("7", { timeoutMs: 1_000 }),
    "status of a family": ({ client }) => client.exports.status(String(++ids)),
    poll: ({ client }) => client.poll(checkpoint),
    resume: ({ client }) => client.resume(checkpoint),
    checkpoint: ({ task }) => task.checkpoint(),
    learned: ({ client }) => client.learned(),
    "new HubSpotTasks": () => new HubSpotTasks({ fetch: answer }),
    outcomeOf: () => outcomeOf({ status: "COMPLETE" }),
    abort: ({ controllers }) => controllers.pop()?.abort("enough"),
  };

  /** Fills the stack, and calls on the way back, frame by frame, while there is little room. */
  function onFullStack(call) {
    let left = 0;
    (function down() {
      try {
        down();
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        left = 1_000;
      }
      if (left-- > 0) call();
    })();
  }

  const results = {};
  for (const [name, method] of Object.entries(METHODS)) {
    const counts = {};
    const count = (end) => (counts[end] = (counts[end] ?? 0) + 1);
    const client = new HubSpotTasks({ fetch: answer, rateLimit: false });
    const task = client.exports.task("7");
    const slow = new HubSpotTasks({ fetch: later });
    const earlier = [slow.exports.task("1").wait(), slow.exports.status("2"), slow.exports.task("3").statuses().next()];
    await pass(1);
    const many = (of, make) => Array.from({ length: name === of ? 1_100 : 0 }, make);
    const controllers = many("abort", () => new AbortController());
    const promises = controllers.map(({ signal }) => task.wait({ signal }));
    const iterators = many("return", () => task.statuses());
    const env = { client, task, controllers, iterators };
    onFullStack(() => {
      try {
        const given = method(env);
        if (given instanceof Promise) promises.push(given);
        else count("returned");
      } catch (error) {
        count(error.code ?? error.name);
      }
    });
    const ends = promises.map((promise) =>
      promise.then(
        () => "fulfilled",
        (error) => error?.code ?? error?.name ?? error,
      ),
    );
    for (const end of (await inTime(Promise.all(ends))) ?? ["PENDING"]) count(end);
    const both = Promise.all([...earlier, new HubSpotTasks({ fetch: answer }).exports.task("9").wait()]);
    const [wait, status, next, other] = (await inTime(both)) ?? [];
    results[name] = { counts, others: [wait?.outcome, status?.status, next?.value?.status, other?.outcome] };
  }
  console.log(JSON.stringify({ results, accidents }));
}

for (const entry of ENTRIES) {
  test(`what is called of ${entry} while the stack is nearly full harms no other call`, async () => {
    const { results, accidents } = await run(
      "mjs",
      `import { readFileSync } from "node:fs";
      import { createRequire } from "node:module";
      import * as main from "${entry}";
      if ("${entry}".endsWith("/slim")) {
        await main.init(readFileSync(createRequire(import.meta.url).resolve("hubspot-async-tasks/wasm")));
      }
      await (${callAtFullStack})(main);`,
    );
    assert.deepEqual(accidents, []);
    let cut = 0;
    for (const [name, { counts, others }] of Object.entries(results)) {
      const { RangeError: failed = 0, fulfilled = 0, returned = 0, enough = 0, ...unexpected } = counts;
      // Reading what callers give may meet a full stack as well.
      delete unexpected.INVALID_ARGUMENT;
      assert.deepEqual(unexpected, {}, name);
      assert(fulfilled + returned + enough > 10, name);
      cut += failed;
      assert.deepEqual(others, ["succeeded", "COMPLETE", "COMPLETE", "succeeded"], `${name}: calls of before, and after`);
    }
    assert(cut > 1_000, `only ${cut} calls met a full stack`);
  });
}
