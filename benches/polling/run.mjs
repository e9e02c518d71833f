// The benchmark: measures this package and published pollers under a virtual clock, prints and writes the results,
// and exits with 1 when a bar is missed.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { checkBars } from "./bars.mjs";
import { installPeers, versionOf } from "../install.mjs";
import { Optimum } from "./optimum.mjs";
import { plot } from "./plot.mjs";
import { runAll } from "./pool.mjs";
import { barsSection, crowdSection, markdown, scenarioSection } from "./report.mjs";
import { RTT_MS, SCENARIOS, TASKS, durations, seedOf } from "./scenarios.mjs";
import { mean } from "../statistics.mjs";
import { PEERS, SUBJECTS } from "./subjects.mjs";

/** The picture's curves have these paces; k = 1 is in the tables. */
const PACES = [0.5, 2, 4];

/** A pace's dot on a curve needs no third digit. */
const CURVE_TASKS = 600;

/** Tasks of a scenario are long when their mean is above this. */
const LONG_MEAN_S = 120;

const CROWDS = [
  { tasks: 500, seeds: [1, 2, 3, 4, 5, 6, 7, 8] },
  { tasks: 10_000, seeds: [1] },
];

const at = (path) => new URL(path, import.meta.url);

async function main() {
  if (!existsSync(at("../../pkg/package.json"))) throw new Error("there is no pkg/: run npm run build first");
  installPeers();
  const versions = Object.fromEntries(SUBJECTS.map(({ npm }) => [npm, versionOf(npm)]));
  const scenarios = await measureScenarios();
  for (const scenario of scenarios) console.log(`${scenarioSection(scenario)}\n`);
  const crowds = await measureCrowds();
  for (const crowd of crowds) console.log(`${crowdSection(crowd)}\n`);
  const bars = checkBars({ scenarios, crowds });
  console.log(barsSection(bars));

  const date = new Date().toISOString().slice(0, 10);
  const settings = { tasks: TASKS, curveTasks: CURVE_TASKS, rttMs: RTT_MS };
  const results = { date, node: process.version, versions, settings, scenarios, crowds, bars };
  writeFileSync(at("results.json"), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(at("results.md"), markdown(results));
  mkdirSync(at("../../docs"), { recursive: true });
  writeFileSync(at("../../docs/polling.svg"), plot(scenarios));

  const missed = bars.filter(({ isMet }) => !isMet);
  for (const { text, measured, limit } of missed) console.error(`missed: ${text} ${measured.toFixed(2)}, not ${limit}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
}

async function measureScenarios() {
  const samples = new Map(SCENARIOS.map((scenario) => [scenario, sampleOf(scenario)]));
  const jobs = SCENARIOS.flatMap((scenario) =>
    SUBJECTS.flatMap((subject) => {
      const tasks = (samples.get(scenario).meanS > LONG_MEAN_S && subject.fewerLongTasks) || TASKS;
      const paces = PEERS.includes(subject) ? [] : PACES;
      const curve = paces.map((pace) => ({ pace, tasks: CURVE_TASKS }));
      return [{ tasks }, ...curve].map((job) => ({ scenario, subject, ...job }));
    }),
  );
  const messages = jobs.map(({ scenario, ...job }) => ({ scenarioKey: scenario.key, ...job }));
  const results = await runAll("./measure.mjs", messages, progress("one task at a time"));
  return SCENARIOS.map((scenario) => {
    const measured = jobs.map((job, index) => ({ ...job, ...results[index] }));
    return summary(scenario, samples.get(scenario), measured.filter((job) => job.scenario === scenario));
  });
}

function sampleOf(scenario) {
  const seconds = durations(scenario, seedOf(scenario)).map((ms) => ms / 1_000);
  return { seconds, meanS: mean(seconds) };
}

/** What was measured of a scenario, beside the optimum. */
function summary({ key, title }, sample, measured) {
  // What a request finds comes back half a round trip later, for the optimum as for everybody.
  const wayS = RTT_MS / 2_000;
  const optimum = new Optimum(sample.seconds);
  const subjects = {};
  const curves = { default: [], learned: [] };
  for (const { scenario, subject, pace, ...figures } of measured) {
    const { requests, meanDelayS } = figures;
    curves[subject.key]?.push({ pace: pace ?? 1, requests, meanDelayS });
    if (pace !== undefined) continue;
    const optimumDelayS = optimum.delayAt(requests) + wayS;
    subjects[subject.key] = { ...figures, optimumDelayS, timesOptimum: meanDelayS / optimumDelayS };
  }
  for (const curve of Object.values(curves)) curve.sort((one, other) => one.pace - other.pace);
  const most = Math.max(...Object.values(subjects).map(({ requests }) => requests));
  const bound = optimum.curve(most).map(({ requests, delay }) => ({ requests, meanDelayS: delay + wayS }));
  return { key, title, meanDurationS: sample.meanS, subjects, curves, optimum: bound };
}

async function measureCrowds() {
  // This package without anything learned beforehand, as its defaults are.
  const subjects = SUBJECTS.filter(({ key }) => key !== "learned");
  const jobs = CROWDS.flatMap((crowd) => subjects.map((subject) => ({ crowd, subject })));
  const messages = jobs.map(({ crowd, subject }) => ({ subject, ...crowd }));
  const results = await runAll("./crowd.mjs", messages, progress("many tasks in one account"));
  return CROWDS.map((crowd) => {
    const figures = {};
    for (const [index, job] of jobs.entries()) {
      if (job.crowd === crowd) figures[job.subject.key] = overall(results[index]);
    }
    return { ...crowd, subjects: figures };
  });
}

/** The mean of several runs, figure by figure. */
const overall = (runs) =>
  Object.fromEntries(Object.keys(runs[0]).map((figure) => [figure, mean(runs.map((run) => run[figure]))]));

/** Tells how far it is: at each step on a terminal, else once. */
function progress(what) {
  const tell = (finished, all) =>
    process.stderr.write(`\r${what}: ${finished} of ${all}${finished === all ? "\n" : ""}`);
  if (process.stderr.isTTY) return tell;
  console.error(`measuring ${what} …`);
  return undefined;
}

await main();
