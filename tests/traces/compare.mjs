// Does the package in pkg/ do what the recorded one did? Runs the tests of tests/package/ and compares their traces.
//
// node tests/traces/compare.mjs [--events] [--all] [--record] [NAME…]
//   NAME…     only these test files: `budget`, `waiting`
//   --events  compares what observers hear instead, in a run in which every client has one
//   --all     prints each difference; otherwise a few of each stream
//   --record  takes what the package in pkg/ does for what is expected from now on
//
// Exits with 1 when a test fails, and for differences that differences.json does not explain.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { PROJECT, project, root } from "../package/pack.mjs";
import { differencesOf, testsOf } from "./differences.mjs";

const { values: flags, positionals: names } = parseArgs({
  options: { events: { type: "boolean" }, all: { type: "boolean" }, record: { type: "boolean" } },
  allowPositionals: true,
});

const tests = join(root, "tests/package");
const here = join(root, "tests/traces");
const recorded = join(here, "recorded", flags.events ? "events" : "calls");
const SHOWN = flags.all ? Infinity : 6;

const isWanted = (name) => !names.length || names.includes(name);

/** Test files that record anything, as names. */
const files = readdirSync(tests)
  .filter((name) => name.endsWith(".test.mjs"))
  .filter((name) => readFileSync(join(tests, name), "utf8").includes('from "./support.mjs"'))
  // What reads and writes files takes real time, which no trace repeats.
  .filter((name) => !name.startsWith("results"))
  .map((name) => name.slice(0, -".test.mjs".length))
  .filter(isWanted);

/** Where the traces of this run are written. */
const folder = mkdtempSync(join(tmpdir(), "traces-"));

/** Runs the tests, and tells whether all pass; what the package does in them is then in the folder. */
function run() {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--test", "--test-reporter=tap", ...files.map((name) => join(tests, `${name}.test.mjs`))],
    {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, [PROJECT]: project, TRACES: folder, TRACES_OF: flags.events ? "events" : "" },
    },
  );
  if (status !== 0) console.log(stdout.match(/^not ok .*$/gm)?.join("\n") ?? stdout);
  return status === 0;
}

/** The lines of a file that was made now, and of one that is kept: none where there is no such file. */
const made = (name) => read(join(folder, `${name}.jsonl`), (bytes) => bytes);
const kept = (name) => read(join(recorded, `${name}.jsonl.gz`), gunzipSync);

function read(path, unpacked) {
  try {
    return unpacked(readFileSync(path)).toString();
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}

/** Keeps what was made. */
function record() {
  if (!names.length) rmSync(recorded, { recursive: true, force: true });
  mkdirSync(recorded, { recursive: true });
  const recording = files.filter(made);
  for (const name of recording) writeFileSync(join(recorded, `${name}.jsonl.gz`), gzipSync(made(name), { level: 9 }));
  console.log(`${recording.length} files are recorded`);
}

/** Prints what differs; tells whether all that does is explained. */
function compare() {
  const reasons = new Map(
    JSON.parse(readFileSync(join(here, "differences.json"), "utf8")).map(({ test, reason }) => [test, reason]),
  );
  const counts = { tests: 0, differ: 0, explained: 0, new: 0, reordered: 0 };
  for (const name of new Set([...files, ...keptFiles()])) {
    const expected = testsOf(kept(name));
    const got = testsOf(made(name));
    for (const test of new Set([...expected.keys(), ...got.keys()])) {
      counts.tests++;
      const { lines, isNew, isReordered } = differencesOf(expected.get(test), got.get(test), SHOWN);
      const title = `${name}: ${test}`;
      const reason = reasons.get(title);
      counts.new += isNew;
      counts.reordered += isReordered;
      if (lines.length) counts[reason === undefined ? "differ" : "explained"]++;
      if (lines.length) reasons.delete(title);
      if (lines.length || isNew) console.log([title, ...(reason ? [`known: ${reason}`] : []), ...lines].join("\n  "));
    }
  }
  // Most are no differences of events.
  if (!names.length && !flags.events)
    for (const title of reasons.keys()) console.log(`differences.json: no difference in ${title}`);
  console.log(
    `${counts.tests} tests compared: ${counts.differ} differ, ${counts.explained} differ as differences.json says, ` +
      `${counts.new} are new; in ${counts.reordered} things of one instant come in another order`,
  );
  return counts.differ === 0 && counts.tests > 0;
}

/** The files that are kept, unless others were asked for. */
function keptFiles() {
  const kept = readdirSync(recorded).filter((name) => name.endsWith(".jsonl.gz"));
  return kept.map((name) => name.slice(0, -".jsonl.gz".length)).filter(isWanted);
}

try {
  if (!files.length) throw new Error(`no test file that records is called ${names}`);
  const passed = run();
  if (!flags.record) process.exitCode = compare() && passed ? 0 : 1;
  else if (passed) record();
  else throw new Error("tests fail: nothing is recorded");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
