// CPU of a poll beside the bare loop's, in rounds by turns: the same answers, and the same clock that lets nobody wait.
import { HubSpotTasks } from "hubspot-async-tasks";
import { answersOf } from "../answers.mjs";
import { PromptClock } from "../prompt-clock.mjs";

const [bytes, polls, rounds] = process.argv.slice(2).map(Number);
const WARM_UP_ROUNDS = 3;

const { processing, complete } = answersOf(bytes);
const clock = new PromptClock();
const sleep = (ms) => new Promise((resolve) => clock.setTimeout(resolve, ms));

/** How often is still asked until the task is complete. */
let left;
const fetch = async () => new Response(--left > 0 ? processing : complete);

const tasks = new HubSpotTasks({ token: "token", fetch, clock, rateLimit: false, learned: false, timeoutMs: Infinity });
let taskId = 0;

async function waitByPackage() {
  const finished = await tasks.exports.task(++taskId).wait();
  if (finished.polls !== polls) throw new Error(`${finished.polls} polls, not ${polls}`);
}

async function waitByBareLoop() {
  const url = `https://api.hubapi.com/crm/exports/2026-03/export/async/tasks/${++taskId}/status`;
  for (;;) {
    const response = await fetch(url, { headers: { authorization: "Bearer token" } });
    const { status } = await response.json();
    if (status === "COMPLETE") return;
    await sleep(1_000);
  }
}

/** CPU in microseconds a poll, of all threads of the process: collecting the garbage belongs to it. */
async function cpuUs(wait) {
  left = polls;
  const start = process.cpuUsage();
  await wait();
  const { user, system } = process.cpuUsage(start);
  if (left !== 0) throw new Error(`${left} of ${polls} polls were not sent`);
  return (user + system) / polls;
}

for (let round = 0; round < WARM_UP_ROUNDS; round++) {
  await cpuUs(waitByPackage);
  await cpuUs(waitByBareLoop);
}
const [own, bare] = [[], []];
for (let round = 0; round < rounds; round++) {
  if (round % 2 === 0) own.push(await cpuUs(waitByPackage));
  bare.push(await cpuUs(waitByBareLoop));
  if (round % 2 === 1) own.push(await cpuUs(waitByPackage));
}
console.log(JSON.stringify({ own, bare }));
