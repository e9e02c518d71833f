// What a call costs does not grow with how many there are: eight times as many take about eight times as long.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { installed } from "./pack.mjs";

const { HubSpotTasks } = await import(pathToFileURL(join(installed, "index.js")).href);

/** How many times as many are made at once, and so many times as long they may take: far less than the square. */
const TIMES = 8;
const MOST = 2 * TIMES;
const ROUNDS = 3;

const CALLS = {
  "status() of as many tasks": (client, options, index) => client.exports.status(String(index), options),
  "status() of one task": (client, options) => client.exports.status("7", options),
  "wait() of as many tasks": (client, options, index) => client.exports.task(String(index)).wait(options),
  "wait() of one task": (client, options) => client.exports.task("7").wait(options),
};

/** Answers in a task of the host's of its own. */
const answering = () =>
  new Promise((resolve) => {
    setImmediate(() => resolve({ status: 200, body: { status: "COMPLETE", result: "x" } }));
  });

/** What is measured: how many calls, of which client, and whether their ends are waited for. */
const PARTS = {
  "to be made": { few: 1_000, fetch: () => new Promise(() => {}), isAnswered: false },
  "to be made and answered": { few: 500, fetch: answering, isAnswered: true },
};

/** The time of the processor that so many calls at once take. */
async function timeOf(call, count, { fetch, isAnswered }) {
  const client = new HubSpotTasks({ rateLimit: false, fetch });
  const controller = new AbortController();
  const begin = process.cpuUsage();
  const promises = Array.from({ length: count }, (_, index) => call(client, controller, index));
  if (isAnswered) await Promise.all(promises);
  const { user, system } = process.cpuUsage(begin);
  controller.abort();
  await Promise.allSettled(promises);
  return user + system;
}

/** The same of few, as often as there are more otherwise: garbage is collected in between, too. */
async function timeOfFew(call, part) {
  let time = 0;
  for (let turn = 0; turn < TIMES; turn++) time += await timeOf(call, part.few, part);
  return time / TIMES;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

for (const [name, call] of Object.entries(CALLS)) {
  for (const [what, part] of Object.entries(PARTS)) {
    test(`${TIMES} times as many calls of ${name} at once take at most ${MOST} times as long ${what}`, async () => {
      const [few, many] = [[], []];
      await timeOfFew(call, part);
      for (let round = 0; round < ROUNDS; round++) {
        few.push(await timeOfFew(call, part));
        many.push(await timeOf(call, TIMES * part.few, part));
      }
      const [less, more] = [median(few), median(many)];
      assert(more <= MOST * less, `${less} µs, ${more} µs: ${(more / less).toFixed(1)} times`);
    });
  }
}
