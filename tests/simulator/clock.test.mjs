// Tests of the virtual clock. Run: node --test tests/simulator/clock.test.mjs
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createVirtualClock } from "./support.mjs";

describe("a virtual clock", () => {
  it("begins at startMs, else at 2026, and stands still", () => {
    assert.equal(createVirtualClock({ startMs: 5 }).now(), 5);
    assert.equal(createVirtualClock().now(), Date.UTC(2026, 0));
  });

  it("rings timers in the order of their times, each at its own, and those that follow from them", async () => {
    const clock = createVirtualClock({ startMs: 0 });
    const rung = [];
    const note = (name) => () => rung.push([name, clock.now()]);
    clock.setTimeout(note("late"), 300);
    clock.setTimeout(note("early"), 100);
    clock.setTimeout(async () => {
      await Promise.resolve();
      clock.setTimeout(note("follows"), 50);
    }, 200);
    clock.clearTimeout(clock.setTimeout(note("cleared"), 150));
    await clock.advance(260);
    assert.deepEqual(rung, [["early", 100], ["follows", 250]]);
    assert.deepEqual([clock.now(), clock.timers], [260, 1]);
    await clock.runUntilIdle();
    assert.deepEqual([rung.at(-1), clock.now(), clock.timers], [["late", 300], 300, 0]);
  });

  it("rings a timer of no time without being moved, and not at once", async () => {
    const clock = createVirtualClock();
    let isRung = false;
    clock.setTimeout(() => (isRung = true), 0);
    assert.equal(isRung, false);
    await clock.advance(0);
    assert.equal(isRung, true);
  });

  it("runs until a promise settles, whichever way, and no further", async () => {
    const clock = createVirtualClock({ startMs: 0 });
    clock.setTimeout(() => assert.fail("rang"), 2_000);
    const value = new Promise((resolve) => clock.setTimeout(() => resolve(7), 1_000));
    assert.equal(await clock.run(value), 7);
    assert.equal(clock.now(), 1_000);
    await assert.rejects(clock.run(Promise.reject(new Error("no"))), { message: "no" });
  });

  it("tells of a promise that never settles, and of timers without end", async () => {
    const clock = createVirtualClock();
    await assert.rejects(clock.run(new Promise(() => {})), /never settles/);
    const again = () => clock.setTimeout(() => (rung++, again()), 1);
    let rung = 0;
    again();
    await clock.advance(20);
    assert.equal(rung, 20);
  });

  it("keeps timers of Infinity, which never ring", async () => {
    const clock = createVirtualClock();
    clock.setTimeout(() => assert.fail("rang"), Infinity);
    await clock.runUntilIdle();
    assert.equal(clock.timers, 1);
  });
});
