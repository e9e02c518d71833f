// The entries that are run, and one run of many tasks, or of many jobs, through one of them.
import { runJobs } from "./jobs/run.mjs";
import { FILE_FAULTS, START_FAULTS } from "./jobs/table.mjs";
import { FAULTS, UNAUTHORIZED, VANISHED } from "./table.mjs";
import { runSockets } from "./sockets.mjs";
import { runVirtual } from "./virtual.mjs";

export const ENTRIES = { ".": "../../pkg/index.js", "./js": "../../pkg/js.js" };

export const load = (name) => import(ENTRIES[name]);

export const simulator = await import("../../pkg/simulator.node.js");

/** Works with clients of each entry. */
export const results = await import("../../pkg/results.node.js");

/** So many tasks has one run: it has clients, a clock and a server of its own. */
export const TASKS_A_RUN = 100;

/** So many jobs has a run of those: a job is a task that is started, waited for, and what it made brought. */
export const JOBS_A_RUN = 30;

/** From so many tasks, or jobs, on each kind of fault has come. */
const TASKS_OF_EACH_FAULT = 10_000;
const JOBS_OF_EACH_FAULT = 2_000;

const accidents = [];
for (const event of ["unhandledRejection", "uncaughtException", "warning"]) {
  process.on(event, (reason) => accidents.push(`${event}: ${String(reason?.stack ?? reason)}`));
}

const newSum = () => ({ tasks: 0, starts: 0, brings: 0, requests: 0, faults: {}, ends: {}, wrongs: [] });

function add(sum, { tasks, starts = 0, brings = 0, requests, faults, ends, wrongs }) {
  sum.tasks += tasks;
  sum.starts += starts;
  sum.brings += brings;
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

/** One run of jobs. */
export async function runOneOfJobs(entry, seed, jobs = JOBS_A_RUN, given = results) {
  accidents.length = 0;
  const seen = await runJobs(entry, given, simulator, seed, jobs);
  seen.wrongs.push(...accidents.map((accident) => `jobs, seed ${seed}: ${accident}`));
  return seen;
}

/** Runs of so many jobs in all, from a seed on. */
export async function runManyJobs(entry, firstSeed, jobs) {
  const sum = newSum();
  for (let seed = firstSeed; sum.tasks < jobs; seed++) add(sum, await runOneOfJobs(entry, seed));
  if (jobs < JOBS_OF_EACH_FAULT) return sum;
  for (const { name } of [...START_FAULTS, ...FILE_FAULTS]) if (!sum.faults[name]) sum.wrongs.push(`no request met "${name}"`);
  return sum;
}

/** Tasks over real sockets. */
export async function runServed(entry, seed, tasks) {
  accidents.length = 0;
  const sum = newSum();
  add(sum, await runSockets(entry, simulator, seed, tasks));
  sum.wrongs.push(...accidents);
  return sum;
}

const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const number = (count) => count.toLocaleString("en");

/** What a run of jobs was, on one line. */
export function toldOfJobs({ tasks, starts, brings, requests, faults, ends, wrongs }) {
  const of = (pattern) => total(Object.fromEntries(Object.entries(ends).filter(([end]) => pattern.test(end))));
  return (
    `${number(tasks)} jobs, ${number(starts)} starts (${number(of(/^(start|run): UNKNOWN_OUTCOME/))} in doubt), ` +
    `${number(brings)} downloads (${number(of(/: whole/))} whole), ${number(requests)} requests, ` +
    `${Math.round((100 * total(faults)) / requests)} % of them faults of ${Object.keys(faults).length} kinds; ${number(wrongs.length)} wrong`
  );
}

/** What a run was, on one line. */
export function told({ tasks, requests, faults, ends, wrongs }) {
  const percent = Math.round((100 * total(faults)) / requests);
  return (
    `${number(tasks)} tasks, ${number(requests)} requests, ${percent} % of them faults of ${Object.keys(faults).length} kinds; ` +
    `${number(total(ends))} calls ended; ${number(wrongs.length)} wrong`
  );
}
