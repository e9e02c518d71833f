// Which instance is in use: the first one, until it traps. What entries make of it is in tests/package/init.test.mjs.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { bundled } from "./bundled.mjs";

let load;
/** How many instances were made. */
let made;
beforeEach(async () => {
  made = 0;
  load = await bundled("load.ts");
});

const make = () => ({ exports: { number: ++made } });

test("nothing is made before the first use, and one instance serves all uses", () => {
  load.onFirstUse(make);
  assert.equal(made, 0);
  const first = load.instance();
  assert.equal(load.instance(), first);
  assert.equal(made, 1);
});

test("after a trap the next use gets a fresh instance; the old one can be discarded once", () => {
  load.onFirstUse(make);
  const trapped = load.instance();
  load.discard(trapped);
  const fresh = load.instance();
  load.discard(trapped);
  assert.notEqual(fresh, trapped);
  assert.equal(load.instance(), fresh);
  assert.equal(made, 2);
});

test("what was made while init() was at work stays", async () => {
  load.onFirstUse(make);
  const ahead = load.startAhead(undefined, async () => make());
  const first = load.instance();
  await ahead;
  assert.equal(load.instance(), first);
  assert.equal(made, 2, "the one that came too late was made, too");
});

test("calls of init() with one source share it, after a failure the next one tries again", async () => {
  const boom = new Error("boom");
  let calls = 0;
  const failing = async () => (calls++, Promise.reject(boom));
  const both = await Promise.allSettled([load.startAhead("a", failing), load.startAhead("a", failing)]);
  assert.deepEqual(both.map(({ reason }) => reason), [boom, boom]);
  assert.equal(calls, 1);
  await load.startAhead("a", make);
  await load.startAhead("a", failing);
  assert.deepEqual([calls, made], [1, 1]);
});
