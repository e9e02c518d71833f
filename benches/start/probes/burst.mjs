// Many calls at once: what the calls themselves cost, how long they block the event loop, and the CPU until all settled.
import { HubSpotTasks } from "hubspot-async-tasks";
import { COMPLETE, answeringLater } from "../answers.mjs";
import { BlockMeter } from "../block-meter.mjs";

const [kind, countText] = process.argv.slice(2);
const count = Number(countText);
const WARM_UP_ROUNDS = 20;
const WARM_UP_CALLS = 500;

const fetch = answeringLater(COMPLETE);
// A block as long as a request may take is told as such, not as a request that failed.
const OPTIONS = { token: "token", fetch, rateLimit: false, requestTimeoutMs: 3_600_000 };
const newClient = () => new HubSpotTasks(OPTIONS);

const CHECKPOINT = { version: 1, family: "export", apiVersion: "2026-03" };

/** A call by the number of its task, of a new client. */
const KINDS = {
  status: (tasks) => (number) => tasks.exports.status(number),
  poll: (tasks) => (number) => tasks.poll({ ...CHECKPOINT, taskId: String(number) }),
  wait: (tasks) => (number) => tasks.exports.task(number).wait(),
  waitForOne: (tasks) => {
    const task = tasks.exports.task(1);
    return () => task.wait();
  },
};

async function bareCall(number) {
  const response = await fetch(`https://api.hubapi.com/crm/exports/2026-03/export/async/tasks/${number}/status`);
  return response.json();
}

// Else the fewer calls are compiled code for a smaller part of their time than the more.
for (let round = 0; round < WARM_UP_ROUNDS; round++) {
  await burst(bareCall, WARM_UP_CALLS);
  await burst(KINDS[kind](newClient()), WARM_UP_CALLS);
}
const bare = await burst(bareCall, count);
const own = await burst(KINDS[kind](newClient()), count);
console.log(JSON.stringify({ ...own, overBareUs: own.callUs - bare.callUs }));
process.exit();

/** Calls so often at once. What a call costs is CPU of the loop that calls; the block is measured from its end on. */
async function burst(call, times) {
  const calls = [];
  const meter = new BlockMeter();
  const startMs = performance.now();
  const start = process.cpuUsage();
  for (let number = 1; number <= times; number++) calls.push(call(number));
  const callCpu = process.cpuUsage(start);
  const settled = Promise.all(calls);
  meter.start();
  await settled;
  const cpu = process.cpuUsage(start);
  const blockMs = meter.stop();
  return { callUs: total(callCpu) / times, cpuMs: total(cpu) / 1_000, wallMs: performance.now() - startMs, blockMs };
}

/** Microseconds of CPU. */
function total({ user, system }) {
  return user + system;
}
