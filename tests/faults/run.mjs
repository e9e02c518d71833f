// Fault runs, `npm run test:faults`: many tasks through faults of every kind, and whether each ends with the truth about it;
// and many jobs: tasks that are started, waited for, and what they made brought.
//
// --tasks N      so many on virtual time, for each entry (50,000)
// --sockets N    so many over real sockets, for each entry (1,000)
// --jobs N       so many jobs on virtual time, for each entry (3,000)
// --first N      the first seed (1)
// --kind NAME    tasks, sockets or jobs alone
// --seed N       that run alone, of tasks on virtual time, or with --kind jobs; what happened in it goes to target/faults/
// --entry NAME   . or ./js alone
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ENTRIES, load, runMany, runManyJobs, runOne, runOneOfJobs, runServed, told, toldOfJobs } from "./entries.mjs";

/** More are not printed. */
const MOST_WRONGS = 40;

const { values } = parseArgs({
  options: {
    tasks: { type: "string", default: "50000" },
    sockets: { type: "string", default: "1000" },
    jobs: { type: "string", default: "3000" },
    kind: { type: "string" },
    first: { type: "string", default: "1" },
    seed: { type: "string" },
    entry: { type: "string" },
  },
});

/** Prints what was wrong; that fails. */
function complain(name, wrongs) {
  for (const wrong of wrongs.slice(0, MOST_WRONGS)) console.error(`${name}: ${wrong}`);
  if (wrongs.length === 0) return;
  console.error(`${name}: ${wrongs.length} wrong; \`npm run test:faults -- --entry ${name} --kind tasks|jobs --seed N\` plays one run again`);
  process.exitCode = 1;
}

/** What happened in a run, for whoever looks for what went wrong. */
function writeStory(name, seed, story) {
  const folder = new URL("../../target/faults/", import.meta.url);
  const file = new URL(`${name.replace(/\W/g, "") || "index"}-${seed}.json`, folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(story, undefined, 1));
  console.log(`${name}: target/faults/${file.pathname.split("/").at(-1)} has the story`);
}

const KINDS = {
  tasks: {
    how: "on virtual time",
    many: (entry) => runMany(entry, Number(values.first), Number(values.tasks)),
    one: runOne,
    told,
  },
  sockets: {
    how: "over sockets",
    many: (entry) => runServed(entry, Number(values.first), Number(values.sockets)),
    told,
  },
  jobs: {
    how: "from start to result",
    many: (entry) => runManyJobs(entry, Number(values.first), Number(values.jobs)),
    one: runOneOfJobs,
    told: toldOfJobs,
  },
};

async function play(name) {
  const entry = await load(name);
  if (values.seed !== undefined) {
    const kind = values.kind ?? "tasks";
    const seen = await KINDS[kind].one(entry, Number(values.seed));
    writeStory(kind === "tasks" ? name : `${name}${kind}`, values.seed, seen.story());
    complain(name, seen.wrongs);
    return;
  }
  for (const [kind, { how, many, told: sumUp }] of Object.entries(KINDS)) {
    if (values.kind !== undefined && values.kind !== kind) continue;
    const began = performance.now();
    const sum = await many(entry);
    console.log(`${name} ${how}: ${sumUp(sum)}; ${((performance.now() - began) / 1_000).toFixed()} s`);
    complain(name, sum.wrongs);
  }
}

/** Both entries at a time, each in a process of its own. */
function playInProcess(name) {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), "--entry", name]);
    child.on("exit", (code) => {
      if (code !== 0) process.exitCode = 1;
      resolve();
    });
  });
}

if (values.entry !== undefined) await play(values.entry);
else await Promise.all(Object.keys(ENTRIES).map(playInProcess));
