// Fault runs in short, for `npm test`: `npm run test:faults` is the whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ENTRIES, load, runMany, runServed, told } from "./entries.mjs";

const TASKS = 300;
const SERVED = 50;

const assertRight = (sum) => assert.deepEqual(sum.wrongs.slice(0, 10), [], told(sum));

for (const name of Object.keys(ENTRIES)) {
  test(`every task of ${name} ends with the truth about it, once, in time, whatever goes wrong`, async () => {
    assertRight(await runMany(await load(name), 1, TASKS));
  });

  test(`every task of ${name} ends with the truth about it over real sockets`, async () => {
    assertRight(await runServed(await load(name), 1, SERVED));
  });
}
