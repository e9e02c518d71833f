// The soak: does each subject for long, prints what it holds, and exits with 1 where that is not flat.
// Run: npm run test:soak, or node tests/soak/run.mjs [NAME…] [--units=N]
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isConstant, judge } from "./flat.mjs";
import { SUBJECTS } from "./subjects.mjs";

const PROGRAM = fileURLToPath(new URL("subject.mjs", import.meta.url));

function measured(name, units) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--expose-gc", PROGRAM, name, String(units)], { stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    child.stdout.on("data", (text) => (printed += text));
    child.on("close", (code) => (code === 0 ? resolve(JSON.parse(printed)) : reject(new Error(`${name} ended with ${code}`))));
  });
}

const kB = (bytes) => (bytes / 1_000).toFixed(0);

/** A line of the table, and whether all of it is flat. */
function rowOf({ title }, units, { samples, seconds }) {
  const values = (what) => samples.map((sample) => ({ units: sample.units, value: sample[what] }));
  const heap = judge(values("heap"));
  const counts = ["wasm", "listeners", "timers"];
  const moving = counts.filter((what) => !isConstant(values(what)));
  if (!heap.isFlat) moving.unshift("heap");
  const row = {
    subject: `${units.toLocaleString("en")} ${title}`,
    "heap, kB": kB(heap.level),
    "bytes a unit": `${heap.slope.toFixed(2)} ± ${heap.error.toFixed(2)}`,
    "wasm, kB": kB(samples.at(-1).wasm),
    listeners: samples.at(-1).listeners,
    timers: samples.at(-1).timers,
    seconds: seconds.toFixed(0),
    verdict: moving.length === 0 ? "flat" : `not flat: ${moving.join(", ")}`,
  };
  return { row, isFlat: moving.length === 0 };
}

const options = process.argv.slice(2);
const unitsGiven = options.find((option) => option.startsWith("--units="))?.slice("--units=".length);
const names = options.filter((option) => !option.startsWith("--"));
const unknown = names.filter((name) => !(name in SUBJECTS));
if (unknown.length > 0) throw new Error(`no subject is called ${unknown.join(", ")}: ${Object.keys(SUBJECTS).join(", ")}`);

const rows = [];
for (const name of names.length > 0 ? names : Object.keys(SUBJECTS)) {
  const units = Number(unitsGiven ?? SUBJECTS[name].units);
  rows.push(rowOf(SUBJECTS[name], units, await measured(name, units)));
}
const columns = Object.keys(rows[0].row);
const line = (cells) => `| ${cells.join(" | ")} |`;
console.log(line(columns));
console.log(line(columns.map(() => "---")));
for (const { row } of rows) console.log(line(columns.map((column) => row[column])));
process.exitCode = rows.every(({ isFlat }) => isFlat) ? 0 : 1;
