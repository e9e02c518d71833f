#!/usr/bin/env node
// What `hubspot-async-tasks --help` and `--version` cost beside the barest run of Node, `node -e 0`: of each round the ratio
// of CPU times, and their median. Exits with 1 where it is over the bar. `node benches/start/help.mjs [ROUNDS]`
import { fileURLToPath } from "node:url";
import { spread } from "../statistics.mjs";
import { timedRun } from "./processes.mjs";

const MOST = 1.3;
const ROUNDS = Number(process.argv[2] ?? 40);
const BIN = fileURLToPath(new URL("../../pkg/command/bin.js", import.meta.url));

const SUBJECTS = { "--help": [BIN, "--help"], "run --help": [BIN, "run", "--help"], "--version": [BIN, "--version"] };

const ratios = Object.fromEntries(Object.keys(SUBJECTS).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, args] of Object.entries(SUBJECTS)) {
    // In turn, so that a machine that slows down slows both; which of them comes first changes, too.
    const runs = {};
    const both = [["bare", ["-e", "0"]], ["own", args]];
    for (const [which, words] of round % 2 === 0 ? both : both.reverse()) runs[which] = await timedRun(process.execPath, ...words);
    ratios[name].push(runs.own.cpuMs / runs.bare.cpuMs);
  }
}
for (const [name, measured] of Object.entries(ratios)) {
  const { median } = spread(measured);
  console.log(`${name.padEnd(12)} CPU ÷ that of node -e 0: ${median.toFixed(3)} (bar: ${MOST})`);
  if (!(median <= MOST)) process.exitCode = 1;
}
