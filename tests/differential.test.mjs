// Plays random scenarios through the package's loop and through the crate's async client, and compares what they do: what is
// sent and when, what each call is told and when, what is known in the end. Needs the built package, pkg/.
//
// DIFFERENTIAL_SCENARIOS=10000: so many, in the place of 600; DIFFERENTIAL_SEED=17: that one alone, whose scenario and traces
// are written to target/differential/.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
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

/** The crate's player: gets all scenarios at once, and plays them while this process plays its own. */
const crate = spawn("cargo", ["run", "--quiet", "--example", "differential"], {
  cwd: root,
  stdio: ["pipe", "pipe", "inherit"],
});
const isOver = new Promise((resolve, reject) => crate.once("error", reject).once("close", resolve));
// A player that failed reads no further: that is told by its exit code.
crate.stdin.on("error", () => {});
for (const seed of SEEDS) crate.stdin.write(`${JSON.stringify(scenarioOf(seed))}\n`);
crate.stdin.end();
const traces = createInterface({ input: crate.stdout })[Symbol.asyncIterator]();
after(() => crate.kill());

const seen = new Map();

/** Where the two differ. */
async function differencesOf(seed) {
  const scenario = scenarioOf(seed);
  const { value, done } = await traces.next();
  assert(!done, `the crate's player ended before seed ${seed}: exit code ${await isOver}`);
  const ofCrate = asThePackages(JSON.parse(value), scenario);
  // By way of JSON, as the other: what is undefined is not there.
  const ofPackage = JSON.parse(JSON.stringify(await play(scenario)));
  assert.equal(ofCrate.seed, seed);
  if (DIFFERENTIAL_SEED) write({ scenario, package: ofPackage, crate: ofCrate });
  tally(seen, scenario, ofPackage);
  return differences(ofPackage, ofCrate);
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

for (let place = 0; place < SEEDS.length; place += A_TEST) {
  const seeds = SEEDS.slice(place, place + A_TEST);
  test(`the package and the crate do the same: seeds ${seeds[0]} to ${seeds.at(-1)}`, async () => {
    const failures = [];
    for (const seed of seeds) {
      const found = await differencesOf(seed);
      if (found.length === 0) continue;
      const first = found.slice(0, 5).map((difference) => `  ${difference}`);
      failures.push([`seed ${seed}: DIFFERENTIAL_SEED=${seed} node --test tests/differential.test.mjs`, ...first].join("\n"));
    }
    assert.equal(failures.length, 0, `\n${failures.join("\n")}`);
  });
}

test("the crate's player played all of it", async () => {
  assert.equal(await isOver, 0);
});

// What is never met is not compared.
test("the scenarios meet what there is to meet", { skip: SEEDS.length < 600 && "too few scenarios" }, () => {
  const rare = Object.entries(LEAST).filter(([what, least]) => (seen.get(what) ?? 0) < least);
  assert.deepEqual(rare.map(([what, least]) => `${what}: ${seen.get(what) ?? 0}, and should be ${least}`), []);
});
