// The entries that are run, and one run of many tasks through one of them.
import { FAULTS, UNAUTHORIZED, VANISHED } from "./table.mjs";
import { runSockets } from "./sockets.mjs";
import { runVirtual } from "./virtual.mjs";

export const ENTRIES = { ".": "../../pkg/index.js", "./js": "../../pkg/js.js" };

export const load = (name) => import(ENTRIES[name]);

export const simulator = await import("../../pkg/simulator.node.js");

/** So many tasks has one run: it has clients, a clock and a server of its own. */
export const TASKS_A_RUN = 100;

/** From so many tasks on each kind of fault has come. */
const TASKS_OF_EACH_FAULT = 10_000;

const accidents = [];
for (const event of ["unhandledRejection", "uncaughtException", "warning"]) {
  process.on(event, (reason) => accidents.push(`${event}: ${String(reason?.stack ?? reason)}`));
}

const newSum = () => ({ tasks: 0, requests: 0, faults: {}, ends: {}, wrongs: [] });

function add(sum, { tasks, requests, faults, ends, wrongs }) {
  sum.tasks += tasks;
  sum.requests += requests;
  for (const fault of faults) sum.faults[fault] = (sum.faults[fault] ?? 0) + 1;
  for (const [end, count] of Object.entries(ends)) sum.ends[end] = (sum.ends[end] ?? 0) + count;
  sum.wrongs.push(...wrongs);
}

/** One run; what nobody caught is wrong, too. */
export async function runOne(entry, seed, tasks = TASKS_A_RUN) {
  accidents.length = 0;
  const seen = await runVirtual(entry, simulator, seed, tasks);
  seen.wrongs.push(...accidents.map((accident) => `seed ${seed}: ${accident}`));
  return seen;
}

/** Runs of so many tasks in all, on virtual time, from a seed on. */
export async function runMany(entry, firstSeed, tasks) {
  const sum = newSum();
  for (let seed = firstSeed; sum.tasks < tasks; seed++) add(sum, await runOne(entry, seed));
  if (tasks < TASKS_OF_EACH_FAULT) return sum;
  for (const { name } of [...FAULTS, VANISHED, UNAUTHORIZED]) if (!sum.faults[name]) sum.wrongs.push(`no request met "${name}"`);
  return sum;
}

/** The same over real sockets. */
export async function runServed(entry, seed, tasks) {
  accidents.length = 0;
  const sum = newSum();
  add(sum, await runSockets(entry, simulator, seed, tasks));
  sum.wrongs.push(...accidents);
  return sum;
}

const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const number = (count) => count.toLocaleString("en");

/** What a run was, on one line. */
export function told({ tasks, requests, faults, ends, wrongs }) {
  const percent = Math.round((100 * total(faults)) / requests);
  return (
    `${number(tasks)} tasks, ${number(requests)} requests, ${percent} % of them faults of ${Object.keys(faults).length} kinds; ` +
    `${number(total(ends))} calls ended; ${number(wrongs.length)} wrong`
  );
}
