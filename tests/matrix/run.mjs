#!/usr/bin/env node
// Tries the packed package in every runtime, bundler, browser and test runner that it is for, and prints one line a
// case. `run.mjs --quick` leaves out what takes long or needs more than npm; `run.mjs NAME…` runs the cases whose names
// contain one of these.
import { setMaxListeners } from "node:events";
import { availableParallelism } from "node:os";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { closeChromium } from "./browsers.mjs";
import { browsers } from "./cases/browsers.mjs";
import { bundlers } from "./cases/bundlers.mjs";
import { demoPage } from "./cases/demo-page.mjs";
import { proxies } from "./cases/proxies.mjs";
import { recipes } from "./cases/recipes.mjs";
import { runtimes } from "./cases/runtimes.mjs";
import { starts } from "./cases/starts.mjs";
import { testRunners } from "./cases/test-runners.mjs";
import { uiExtensions } from "./cases/ui-extensions.mjs";
import { workers } from "./cases/visitors.mjs";
import { createContext } from "./context.mjs";
import { EXPECTED } from "./scenario.mjs";
import { Missing, prepare } from "./tools.mjs";

const PARALLEL = Math.min(availableParallelism(), 4);
const LIMIT_S = 120; // some twenty times what a case takes: only one that hangs waits so long

const { values, positionals } = parseArgs({ options: { quick: { type: "boolean" } }, allowPositionals: true });
const named = ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part));
const cases = [runtimes, starts, workers, proxies, bundlers, testRunners, uiExtensions, recipes, browsers, demoPage]
  .flat()
  .filter((it) => named(it) && (it.quick || !values.quick));

const counts = { ok: 0, FAILED: 0, skipped: 0 };

/** Runs one case, and prints its line. */
async function tryCase(environment, { name, expected = EXPECTED, limitS = LIMIT_S, run }) {
  const started = performance.now();
  const { outcome, why } = await outcomeOf(async (signal) => {
    const result = await run(createContext(environment, name, signal));
    check(result, expected);
  }, limitS);
  counts[outcome]++;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${outcome.padEnd(7)} ${name}${why ? `: ${why}` : ""}  ${seconds} s`);
}

/** Fails with the parts that are not as expected. */
function check(result, expected) {
  const parts = [...new Set([...Object.keys(expected), ...Object.keys(result)])];
  const wrong = parts.filter((part) => !isDeepStrictEqual(result[part], expected[part]));
  const say = (part) => `${part} is ${JSON.stringify(result[part])}, not ${JSON.stringify(expected[part])}`;
  if (wrong.length > 0) throw new Error(wrong.map(say).join("; "));
}

/** Ends whatever the case started, however it went. */
async function outcomeOf(work, limitS) {
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  let timer;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${limitS} s`)), limitS * 1000);
  });
  try {
    await Promise.race([work(over.signal), tooLong]);
    return { outcome: "ok" };
  } catch (error) {
    const mayBeSkipped = error instanceof Missing && !process.env.CI;
    return { outcome: mayBeSkipped ? "skipped" : "FAILED", why: error.message.trim().replace(/\s*\n\s*/g, " | ") };
  } finally {
    clearTimeout(timer);
    over.abort(new Error("the case is over"));
  }
}

const environment = await prepare();
const queue = cases.filter(({ isAlone }) => !isAlone);
await Promise.all(
  Array.from({ length: PARALLEL }, async () => {
    while (queue.length > 0) await tryCase(environment, queue.shift());
  }),
);
// What measures how fast something is has the machine to itself.
for (const measuring of cases.filter(({ isAlone }) => isAlone)) await tryCase(environment, measuring);
await closeChromium();
console.log(`matrix: ${counts.ok} passed, ${counts.FAILED} failed, ${counts.skipped} skipped`);
process.exit(counts.FAILED > 0 || counts.ok === 0 ? 1 : 0);
