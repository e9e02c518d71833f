// Fault runs, `npm run test:faults`: many tasks through faults of every kind, and whether each ends with the truth about it.
//
// --tasks N      so many on virtual time, for each entry (50,000)
// --sockets N    so many over real sockets, for each entry (1,000)
// --first N      the first seed (1)
// --seed N       that run alone, on virtual time; what happened in it goes to target/faults/
// --entry NAME   . or ./js alone
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ENTRIES, load, runMany, runOne, runServed, told } from "./entries.mjs";

/** More are not printed. */
const MOST_WRONGS = 40;

const { values } = parseArgs({
  options: {
    tasks: { type: "string", default: "50000" },
    sockets: { type: "string", default: "1000" },
    first: { type: "string", default: "1" },
    seed: { type: "string" },
    entry: { type: "string" },
  },
});

/** Prints what was wrong; that fails. */
function complain(name, wrongs) {
  for (const wrong of wrongs.slice(0, MOST_WRONGS)) console.error(`${name}: ${wrong}`);
  if (wrongs.length === 0) return;
  console.error(`${name}: ${wrongs.length} wrong; \`npm run test:faults -- --entry ${name} --seed N\` plays one run again`);
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

async function play(name) {
  const entry = await load(name);
  if (values.seed !== undefined) {
    const seen = await runOne(entry, Number(values.seed));
    writeStory(name, values.seed, seen.story());
    complain(name, seen.wrongs);
    return;
  }
  const forms = [
    ["on virtual time", () => runMany(entry, Number(values.first), Number(values.tasks))],
    ["over sockets", () => runServed(entry, Number(values.first), Number(values.sockets))],
  ];
  for (const [how, run] of forms) {
    const began = performance.now();
    const sum = await run();
    console.log(`${name} ${how}: ${told(sum)}; ${((performance.now() - began) / 1_000).toFixed()} s`);
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
