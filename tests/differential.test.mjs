// Plays random scenarios through the package's loop and through the crate's async client, and compares what they do: what is
// sent and when, what each call is told and when, what is known in the end. Needs the built package, pkg/. All is compared in
// its order; what scenarios leave out, since the two may differ in it, stands in CONTRIBUTING.md, "The two drivers".
//
// DIFFERENTIAL_SCENARIOS=10000: so many, in the place of 600; DIFFERENTIAL_SEED=17: that one alone, whose scenario and traces
// are written to target/differential/.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { asThePackages, differences } from "./differential/compare.mjs";
import { play } from "./differential/play.mjs";
import { scenarioOf } from "./differential/scenarios.mjs";
import { LEAST, tally } from "./differential/tally.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { DIFFERENTIAL_SEED, DIFFERENTIAL_SCENARIOS = "600" } = process.env;
const SEEDS = DIFFERENTIAL_SEED
  ? [Number(DIFFERENTIAL_SEED)]
  : Array.from({ length: Number(DIFFERENTIAL_SCENARIOS) }, (_, place) => place + 1);
/** So many are played in one test. */
const A_TEST = 25;

/** Builds the crate's player, and says where it is. */
function builtPlayer() {
  const build = ["build", "--quiet", "--example", "differential", "--message-format=json"];
  const messages = execFileSync("cargo", build, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  const artifacts = messages.trim().split("\n").map((line) => JSON.parse(line));
  return artifacts.find(({ target, executable }) => target?.name === "differential" && executable).executable;
}

const player = builtPlayer();

/** Plays scenarios through the crate's client, while others are at work here. */
async function playInCrate(scenarios) {
  const crate = spawn(player, { stdio: ["pipe", "pipe", "inherit"] });
  const code = once(crate, "close").then(([exitCode]) => exitCode);
  // A player that failed reads no further: its exit code tells so.
  crate.stdin.on("error", () => {});
  crate.stdin.end(scenarios.map((scenario) => JSON.stringify(scenario)).join("\n"));
  const traces = await text(crate.stdout);
  assert.equal(await code, 0, "the crate's player failed");
  return traces.trim().split("\n").map((trace) => JSON.parse(trace));
}

async function playInPackage(scenarios) {
  const traces = [];
  for (const scenario of scenarios) {
    const trace = await play(scenario).catch((cause) => {
      throw new Error(`seed ${scenario.seed}`, { cause });
    });
    // By way of JSON, as the other's: what is undefined is not there.
    traces.push(JSON.parse(JSON.stringify(trace)));
  }
  return traces;
}

/** For a look by diff: each in a file of its own, fields sorted. */
function write(parts) {
  const folder = `${root}target/differential`;
  mkdirSync(folder, { recursive: true });
  const isPlain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const sorted = (_, value) => (isPlain(value) ? Object.fromEntries(Object.entries(value).sort()) : value);
  for (const [name, part] of Object.entries(parts)) {
    writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(part, sorted, 2)}\n`);
  }
}

const seen = new Map();

for (let place = 0; place < SEEDS.length; place += A_TEST) {
  const seeds = SEEDS.slice(place, place + A_TEST);
  test(`the package and the crate do the same: seeds ${seeds[0]} to ${seeds.at(-1)}`, async () => {
    const scenarios = seeds.map(scenarioOf);
    const [ofPackage, ofCrate] = await Promise.all([playInPackage(scenarios), playInCrate(scenarios)]);
    const failures = scenarios.flatMap((scenario, at) => {
      const traces = { package: ofPackage[at], crate: asThePackages(ofCrate[at], scenario) };
      if (DIFFERENTIAL_SEED) write({ scenario, ...traces });
      tally(seen, scenario, traces.package);
      const found = differences(traces.package, traces.crate).slice(0, 5);
      if (found.length === 0) return [];
      return [`DIFFERENTIAL_SEED=${scenario.seed} node --test tests/differential.test.mjs`, ...found.map((each) => `  ${each}`)];
    });
    assert.equal(failures.length, 0, `\n${failures.join("\n")}`);
  });
}

// What is never met is not compared.
test("the scenarios meet what there is to meet", { skip: SEEDS.length < 600 && "too few scenarios" }, () => {
  const rare = Object.entries(LEAST).filter(([what, least]) => (seen.get(what) ?? 0) < least);
  assert.deepEqual(rare.map(([what, least]) => `${what}: ${seen.get(what) ?? 0}, and should be ${least}`), []);
});
