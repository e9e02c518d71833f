// One subject in a process of its own: prints samples of what it holds, as JSON.
// Run: node --expose-gc tests/soak/subject.mjs NAME [UNITS]
import { getEventListeners } from "node:events";
import { SUBJECTS } from "./subjects.mjs";

const SAMPLES = 40;

/** The memories of the engine's instances; Node's fetch has an instance of its own. */
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = function (...given) {
  const made = new Instance(...given);
  if (made.exports.openClient) memories.push(made.exports.memory);
  return made;
};

/** Listeners for the page and the network, which Node has not. */
let globalListeners = 0;
globalThis.addEventListener = () => void globalListeners++;
globalThis.removeEventListener = () => void globalListeners--;

const { HubSpotTasks } = await import("../../pkg/index.js");

/** What is collected is told in turns of the host's own, and may free more. */
async function collect() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function sampleOf({ clock, signal }, units) {
  await collect();
  const { heapUsed, external } = process.memoryUsage();
  return {
    units,
    heap: heapUsed + external,
    wasm: memories.reduce((bytes, memory) => bytes + memory.buffer.byteLength, 0),
    listeners: globalListeners + getEventListeners(signal, "abort").length,
    timers: clock.timers,
  };
}

const [name, units = SUBJECTS[name].units] = process.argv.slice(2);
const subject = SUBJECTS[name].make(HubSpotTasks);
const samples = [];
const started = performance.now();
for (let done = 1; done <= Number(units); done++) {
  await subject.unit();
  if (done % Math.floor(Number(units) / SAMPLES) === 0) samples.push(await sampleOf(subject, done));
}
subject.end?.();
console.log(JSON.stringify({ samples, seconds: (performance.now() - started) / 1_000 }));
