// The results as Markdown: printed, and written to results.md.
import { table } from "../table.mjs";
import { RTT_MS, TASKS, TRAINING_TASKS } from "./scenarios.mjs";
import { SUBJECTS } from "./subjects.mjs";

const seconds = (value) => (Number.isFinite(value) ? value.toFixed(value < 9.95 ? 2 : 1) : "–");
const percent = (value) => (Number.isFinite(value) ? `${Math.round(100 * value)} %` : "–");
const count = (value) => value.toLocaleString("en");

export function scenarioSection({ title, meanDurationS, subjects }) {
  const head = ["", "requests per task", "mean delay, s", "p95 delay, s", "delay ÷ optimum", "tasks", "gave up"];
  const rows = SUBJECTS.map(({ key, title }) => {
    const { requests, meanDelayS, p95DelayS, timesOptimum, tasks, gaveUp } = subjects[key];
    const cells = [requests, meanDelayS, p95DelayS, timesOptimum].map(seconds);
    return [title, ...cells, count(tasks), String(gaveUp)];
  });
  return `### ${title} (mean ${seconds(meanDurationS)} s)\n\n${table(head, rows)}`;
}

export function crowdSection({ tasks, seeds, subjects }) {
  const head = ["", "requests per task", "429s per task", "mean delay, s", "p95 delay, s", "budget used", "gave up"];
  const rows = SUBJECTS.filter(({ key }) => key in subjects).map(({ key, title }) => {
    const { requests, refused, meanDelayS, p95DelayS, budgetUsed, gaveUp } = subjects[key];
    const cells = [requests, refused, meanDelayS, p95DelayS].map(seconds);
    return [title, ...cells, percent(budgetUsed), percent(gaveUp / tasks)];
  });
  const mean = seeds.length > 1 ? `, mean of ${seeds.length} seeds` : "";
  return `### ${count(tasks)} tasks started within 60 s${mean}\n\n${table(head, rows)}`;
}

export function barsSection(bars) {
  const rows = bars.map(({ text, measured, limit, isMet }) => [
    text,
    Number.isFinite(measured) ? measured.toFixed(2) : "–",
    limit,
    isMet ? "met" : "MISSED",
  ]);
  return `## Bars\n\n${table(["", "measured", "bar", ""], rows)}`;
}

const HOW = `## How it was measured

\`npm run bench:polling\` runs this package as built, and other packages as published, under a virtual clock: each in a
process whose \`Date\`, \`performance.now\`, timers and \`Math.random\` (seeded) are replaced before the package is loaded.
No package is changed, and each has its defaults. Nobody publishes how long HubSpot's tasks take: the durations are
drawn, ${count(TASKS)} a scenario, the same ones for everybody.

- **Requests** are status requests; the start is not counted. **Delay** is from the task's completion at the server
  until the caller sees it. A request sent at t reads the task at t + ${RTT_MS / 2} ms and is answered at t + ${RTT_MS} ms.
- **Delay ÷ optimum**: the optimum is the least mean delay that a fixed schedule can have with the same mean number of
  requests, knowing all ${count(TASKS)} durations but not which task has which: a bound that nobody can reach (dynamic
  programming over the sorted sample). Its answers take half a round trip to come back, too: ${RTT_MS / 2} ms are added to it.
- **Tasks**: where a package sends so many requests that simulating them takes minutes, every sixth of the sorted
  durations is used.
- **Gave up**: the package's wait failed. Delays are those of the other tasks.
- *This package* waits for a task that was just started; its first request is sent one interval later, while the others
  ask at once. *Learned* has seen ${TRAINING_TASKS} other tasks of the same scenario.
- HubSpot's COMPLETE is told to each in its own word: Succeeded (core-lro), done (gax), completed (openai), succeeded
  (replicate), SUCCESS (smithy); what it says before, likewise.
- **In a crowd**, durations are lognormal with median 45 s and mean 89 s, and the server refuses with 429 what exceeds
  100 requests in any 10 s. A refused request counts as a request, but does not enter the server's window. This package
  shares one budget among a client's tasks, by default; each task of the others has a loop of its own. core-lro, smithy
  and gax bring no HTTP client of their own here: below them a refused request is sent again as @hubspot/api-client does
  with \`numberOfApiCallRetries: 6\`, after 10 s, 20 s … 60 s; then it is an error. **Budget used** is the share of what the
  limit allows until nine of ten tasks have been seen.`;

export function markdown({ date, node, versions, scenarios, crowds, bars }) {
  const rows = SUBJECTS.map(({ title, npm, ...how }) => [title, versions[npm], how.call, how.interval, how.refused]);
  return [
    "# When to ask: this package and others, measured",
    `${date}, Node ${node}. Written by \`npm run bench:polling\`, as is the picture, \`docs/polling.svg\`.`,
    HOW,
    table(["", "version", "called by", "waits", "a 429"], rows, Infinity),
    "## One task at a time",
    ...scenarios.map(scenarioSection),
    "## Many tasks in one account",
    ...crowds.map(crowdSection),
    barsSection(bars),
  ].join("\n\n").concat("\n");
}
