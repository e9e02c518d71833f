// What many waiting tasks weigh, how long they block the event loop, and how long it takes to abort all of them.
import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { PROCESSING, answeringLater } from "../answers.mjs";
import { BlockMeter } from "../block-meter.mjs";

const [count, isAsked] = process.argv.slice(2).map(Number);
const WATCHED_MS = 3_000;

/** All have been asked once, and the next poll is far off; or the defaults, by which most wait for their turn. */
const ASKED = { rateLimit: false, minIntervalMs: 3_600_000, maxIntervalMs: 3_600_000 };

const memories = seeMemories();
const { HubSpotTasks } = await import("hubspot-async-tasks");

let asked = 0;
const answer = answeringLater(PROCESSING);
const fetch = () => {
  asked++;
  return answer();
};
const tasks = new HubSpotTasks({ token: "token", fetch, timeoutMs: Infinity, ...(isAsked ? ASKED : {}) });
const controller = new AbortController();
setMaxListeners(0, controller.signal); // one for each wait would not be a leak here

let ended = 0;
const end = () => ended++;
const wait = (taskId) => tasks.exports.task(taskId).wait({ signal: controller.signal }).catch(end);

await warmUp();
const before = look();
const meter = new BlockMeter();
const start = process.cpuUsage();
for (let taskId = 1; taskId <= count; taskId++) void wait(taskId);
const callCpu = process.cpuUsage(start);
meter.start();
if (isAsked) await until(() => asked > count);
else await sleep(WATCHED_MS);
const waitingBlockMs = meter.stop();
const cpu = process.cpuUsage(start);
const after = look();
if (ended > 0) throw new Error(`${ended} waits ended by themselves`);
const { abortMs, abortBlockMs } = await abortAll();

const each = Object.fromEntries(Object.keys(before).map((kind) => [kind, (after[kind] - before[kind]) / count]));
const costs = { callUs: total(callCpu) / count, cpuMs: total(cpu) / 1_000 };
console.log(JSON.stringify({ each, ...costs, waitingBlockMs, abortMs, abortBlockMs }));
process.exit();

/** Microseconds of CPU. */
function total({ user, system }) {
  return user + system;
}

/** One task waits already: the code is loaded, and the first memory is there. */
async function warmUp() {
  void wait(count + 1);
  await until(() => asked === 1);
  if (memories().length === 0) throw new Error("no memory of a WebAssembly instance was seen");
  look();
}

async function abortAll() {
  const abortMeter = new BlockMeter();
  abortMeter.start();
  const abortedMs = performance.now();
  controller.abort();
  await until(() => ended > count);
  const abortMs = performance.now() - abortedMs;
  return { abortMs, abortBlockMs: abortMeter.stop() };
}

/** Looks after each task of the event loop, while timers get their turn. */
async function until(isTrue) {
  while (!isTrue()) await new Promise(setImmediate);
}

/** Bytes in use after the garbage is collected. V8 counts the WebAssembly's memory among what is external. */
function look() {
  for (let round = 0; round < 4; round++) globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  const wasm = memories().reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return { heap: heapUsed, external, wasm, rss };
}

/** The memories of all instances that are made from now on, as they export them. */
function seeMemories() {
  const seen = new Set();
  const { Instance } = WebAssembly;
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, args) {
      const instance = new target(...args);
      for (const value of Object.values(instance.exports)) if (value instanceof WebAssembly.Memory) seen.add(value);
      return instance;
    },
  });
  return () => [...seen];
}
