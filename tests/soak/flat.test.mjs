// The soak's judge: what grows is found out, and noise is not taken for it. Run: node --test tests/soak/flat.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { isConstant, judge } from "./flat.mjs";

const LEVEL = 5_000_000;

/** Forty samples of a heap with some noise that is the same in each run. */
const samples = (valueOf) => Array.from({ length: 40 }, (_, at) => ({ units: 5_000 * (at + 1), value: valueOf(5_000 * (at + 1), at) }));
const noise = (at) => 40_000 * Math.sin(at * at);

test("a heap that stays is flat, and so is one that shrinks or grows in the warm-up alone", () => {
  for (const [name, valueOf] of Object.entries({
    "stays": (_, at) => LEVEL + noise(at),
    "stays to the byte": () => LEVEL,
    "shrinks": (units, at) => LEVEL - units + noise(at),
    "warms up": (units, at) => LEVEL + Math.min(units, 60_000) * 40 + noise(at),
  })) {
    assert.equal(judge(samples(valueOf)).isFlat, true, name);
  }
});

test("a heap that grows by some bytes a unit is not", () => {
  for (const bytes of [4, 30, 800]) {
    const { isFlat, slope } = judge(samples((units, at) => LEVEL + bytes * units + noise(at)));
    assert.equal(isFlat, false, `${bytes} bytes a unit`);
    assert(Math.abs(slope - bytes) < 1);
  }
});

test("a count that moves after the warm-up is not constant", () => {
  assert.equal(isConstant(samples((_, at) => (at < 10 ? at : 10))), true);
  assert.equal(isConstant(samples((_, at) => (at === 39 ? 1 : 0))), false);
});
