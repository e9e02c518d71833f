#!/usr/bin/env node
// Starts a task of each built-in family in the terminal, waits for it and gets what it made, over HTTP, with the built
// package; then builds and serves the demo page, with the docs beside it. --once: ends after the terminal part. The exit
// status is 1 if a task did not end as it should.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { preview } from "vite";
import { HubSpotTasks, isHubSpotTaskError } from "../pkg/index.js";
import { createSimulator, serveSimulator } from "../pkg/simulator.node.js";
import { TASKS } from "./demo-tasks.mjs";

const TOKEN = "demo-token";
const CONFIG = { configFile: fileURLToPath(new URL("../vite.config.js", import.meta.url)), logLevel: "warn" };
const INTERRUPTED = 130; // what shells expect of a program that Ctrl-C ended

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => interrupt.abort());

async function main() {
  const { once } = parseArgs({ options: { once: { type: "boolean" } } }).values;
  const faults = await runInTerminal();
  if (interrupt.signal.aborted) return INTERRUPTED;
  for (const fault of faults) console.error(`demo: ${fault}`);
  if (faults.length > 0) return 1;
  if (!once) await servePage();
  return 0;
}

// --- In the terminal ------------------------------------------------------------------------------------------------

/** Gives what went wrong, a sentence for each task that did not end as it should. */
async function runInTerminal() {
  const startedTask = ({ family }) => TASKS.find((task) => task.family === family).simulated;
  const simulator = createSimulator({ tokens: [TOKEN], latencyMs: 100, startedTask });
  const server = await serveSimulator(simulator);
  try {
    const client = new HubSpotTasks({ baseUrl: server.url, token: TOKEN, timeoutMs: 60_000 });
    const runs = TASKS.map((task) => createRun(task, simulator));
    console.log(`Starting ${runs.length} tasks of a simulated HubSpot at ${server.url}\n`);
    await withLiveLines(runs, (changed) => Promise.all(runs.map((run) => follow(run, client, changed))));
    if (interrupt.signal.aborted) return [];
    console.log(`\n${runs.map(ending).join("\n")}\n`);
    return runs.map(faultOf).filter(Boolean);
  } finally {
    await server.close();
  }
}

function createRun(task, simulator) {
  const beginsAt = Date.now();
  const run = {
    task,
    state: "not started",
    polls: () => simulator.requests.filter(({ call, family }) => call === "status" && family === task.family).length,
    age: () => (run.endedAt ?? Date.now()) - beginsAt,
  };
  return run;
}

async function follow(run, client, changed) {
  const { service, request, made } = run.task;
  const { signal } = interrupt;
  const show = (state) => {
    run.state = state;
    changed(run);
  };
  try {
    const started = await client[service].start(request, { signal });
    run.taskId = started.id;
    show("started");
    const onStatus = ({ status }) => show(status);
    const finished = await started.wait({ signal, onStatus });
    run.endedAt = Date.now();
    run.made = await made({ client, started, finished, signal });
    run.finished = finished;
  } catch (error) {
    run.error = error;
  }
  run.endedAt ??= Date.now();
}

/** On a terminal the lines are rewritten in place; elsewhere there is a line for each change. */
async function withLiveLines(runs, work) {
  if (!process.stdout.isTTY) return work((run) => console.log(liveLine(run)));
  const width = () => (process.stdout.columns || 80) - 1; // a line that wraps could not be rewritten
  const lines = () => runs.map((run) => `\x1b[2K${liveLine(run).slice(0, width())}\n`).join("");
  const rewrite = () => process.stdout.write(`\x1b[${runs.length}A${lines()}`);
  process.stdout.write(lines());
  const ticking = setInterval(rewrite, 100);
  try {
    await work(rewrite);
  } finally {
    clearInterval(ticking);
    rewrite();
  }
}

const liveLine = (run) =>
  [
    run.task.family.padEnd(18),
    run.state.padEnd(14),
    counted(run.polls()).padStart(9),
    seconds(run.age()).padStart(8),
    `  ${run.taskId ?? ""}`,
  ].join("");

const counted = (polls) => `${polls} ${polls === 1 ? "poll" : "polls"}`;

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

function ending({ task, finished, made, error }) {
  const name = task.family.padEnd(18);
  if (error) return `${name}${described(error)}`;
  const { outcome, polls, detectionDelayMs } = finished;
  const delay = detectionDelayMs === undefined ? "" : `, seen ${seconds(detectionDelayMs)} after its completion`;
  return [`${name}${outcome} after ${counted(polls)}${delay}`, ...made.map((line) => " ".repeat(18) + line)].join("\n");
}

function faultOf({ task, taskId, finished, error }) {
  const expected = task.simulated.outcome ?? "succeeded";
  if (finished?.outcome === expected) return undefined;
  return `${task.family} ${taskId ?? ""} should have ended as ${expected}, but: ${finished?.outcome ?? described(error)}`;
}

const described = (error) => (isHubSpotTaskError(error) ? `${error.code}: ${error.message}` : error.message);

// --- The page ---------------------------------------------------------------------------------------------------

/** Until Ctrl-C. */
async function servePage() {
  console.log("Building the demo page and the docs beside it");
  const { build } = await import("../site/build.mjs"); // a second's work, and the terminal part does without it
  await build(fileURLToPath(new URL("../www/dist", import.meta.url)));
  const server = await preview(CONFIG);
  console.log(`The demo page is at ${server.resolvedUrls.local[0]} (Ctrl-C ends)`);
  await interrupted();
  await server.close();
}

const interrupted = () =>
  new Promise((resolve) => {
    if (interrupt.signal.aborted) resolve();
    interrupt.signal.addEventListener("abort", resolve, { once: true });
  });

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`demo: ${described(error)}`);
  process.exitCode = 1;
}
