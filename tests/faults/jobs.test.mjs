// Fault runs of jobs in short, for `npm test`: nothing started twice, no byte lost or doubled. `npm run test:faults` is the
// whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ENTRIES, load, runManyJobs, runOneOfJobs, toldOfJobs } from "./entries.mjs";

/** The same clients of `/results` bring what was started, so that one entry may do with fewer. */
const JOBS = { ".": 300, "./js": 60 };

for (const name of Object.keys(ENTRIES)) {
  test(`with ${name} nothing is started twice and no byte is lost or doubled, whatever goes wrong`, async () => {
    const sum = await runManyJobs(await load(name), 1, JOBS[name]);
    assert.deepEqual(sum.wrongs.slice(0, 10), [], toldOfJobs(sum));
  });
}

test("a seed plays the same run of jobs each time", async () => {
  const entry = await load(".");
  const story = async () => (await runOneOfJobs(entry, 3, 12)).story();
  assert.deepEqual(await story(), await story());
});
