// The pure part of the demo page's pictures: what a lane's rows and requests become, what was measured, and the words.
// Run: node --test tests/demo-pictures.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Optimum } from "../benches/polling/optimum.mjs";
import { SUBJECTS } from "../benches/polling/subjects.mjs";
import * as entry from "../pkg/index.js";
import { load } from "./demo-page/world.mjs";

const PICTURES = ["timeline", "budget", "tradeoff", "measured"].map((name) => `panels/pictures/${name}.ts`);
const { World, Lane, DEFAULTS, delayOf, timelineOf, countedOf, mostTelling, budgetOf, rowsOf, paidBy, bestOf, rangeOf, ticksWithin, SCENARIOS, PEERS, nearest } =
  await load("world/world.ts", "world/lane.ts", "world/settings.ts", ...PICTURES);

const RESULTS = JSON.parse(readFileSync(new URL("../benches/polling/results.json", import.meta.url), "utf8"));

/** Asked for after 1 s, at work after 2 s, over after 10 s. */
const TASK = { index: 0, requestedMs: 1_000, startedMs: 2_000, completedMs: 10_000, outcome: "succeeded" };

/** Two lanes with that one task; `moments` are the loop's. */
function lanesWith(...moments) {
  const lanes = { loop: new Lane("loop", [TASK]), package: new Lane("package", [TASK]) };
  for (const moment of moments) lanes.loop.note(lanes.loop.rows[0], moment);
  return lanes;
}
const rows = ({ loop, package: ours }) => ({ loop: loop.rows[0], package: ours.rows[0] });

async function played(settings, ms) {
  const world = new World({ ...DEFAULTS, ...settings }, entry);
  await world.clock.advance(ms);
  return world;
}

describe("a task's timeline", () => {
  test("has the bands of what HubSpot did so far, since the task was asked for", () => {
    const bands = (nowMs) => timelineOf(rows(lanesWith()), nowMs).strips.loop.bands.map(({ state, fromMs, toMs }) => [state, fromMs, toMs]);
    assert.deepEqual(bands(500), []);
    assert.deepEqual(bands(1_500), [["PENDING", 0, 500]]);
    assert.deepEqual(bands(12_000), [["PENDING", 0, 1_000], ["PROCESSING", 1_000, 9_000], ["COMPLETE", 9_000, 11_000]]);
  });

  test("marks each request at its instant by what its answer made of it", () => {
    const asked = (atMs) => ({ atMs, kind: "asked" });
    const lanes = lanesWith(
      ...[asked(1_000), { atMs: 1_150, kind: "answered", detail: 200 }],
      ...[asked(3_000), { atMs: 3_150, kind: "refused", detail: 429 }],
      ...[asked(5_000), { atMs: 5_150, kind: "fault", detail: 503 }],
      asked(7_000),
    );
    const { marks } = timelineOf(rows(lanes), 7_100).strips.loop;
    assert.deepEqual(marks, [
      { atMs: 0, kind: "poll" },
      { atMs: 2_000, kind: "refused" },
      { atMs: 4_000, kind: "fault" },
      { atMs: 6_000, kind: "poll" },
    ]);
  });

  test("has a budget's wait before the poll that it held, once however often it was told, and other waits after their cause", () => {
    const lanes = lanesWith(
      { atMs: 3_000, kind: "throttled", detail: "budget", delayMs: 1_000 },
      { atMs: 3_200, kind: "throttled", detail: "budget", delayMs: 1_200 },
      { atMs: 4_000, kind: "throttled", detail: "retry-after", delayMs: 2_000 },
      { atMs: 7_000, kind: "retrying", detail: "NETWORK", delayMs: 500 },
    );
    assert.deepEqual(timelineOf(rows(lanes), 8_000).strips.loop.waits, [
      { kind: "throttled", fromMs: 1_000, toMs: 2_200 },
      { kind: "throttled", fromMs: 3_000, toMs: 5_000 },
      { kind: "retrying", fromMs: 6_000, toMs: 6_500 },
    ]);
    assert.equal(countedOf(lanes.loop.rows[0], 8_000).heldMs, 3_200);
  });

  test("marks what lies between the end and its being noticed, until now where it is not", () => {
    const lanes = lanesWith();
    const late = (nowMs) => timelineOf(rows(lanes), nowMs).strips.loop.late;
    assert.equal(late(9_999), undefined);
    assert.deepEqual(late(13_000), { fromMs: 9_000, toMs: 12_000 });
    lanes.loop.tell(lanes.loop.rows[0], 14_000, "succeeded");
    assert.deepEqual(late(20_000), { fromMs: 9_000, toMs: 13_000 });
  });

  test("knows what was told wrongly, of which there is no delay", () => {
    const lanes = lanesWith();
    lanes.loop.tell(lanes.loop.rows[0], 3_000, "failed");
    const { isWrong, late, toldMs } = timelineOf(rows(lanes), 20_000).strips.loop;
    assert.deepEqual([isWrong, late, toldMs], [true, undefined, 2_000]);
  });

  test("ends after all that it shows, and does not grow with each frame", () => {
    const ends = new Set(Array.from({ length: 100 }, (_, frame) => timelineOf(rows(lanesWith()), 12_000 + 20 * frame).endMs));
    assert.ok(Math.min(...ends) > 11_000 && ends.size <= 2, [...ends].join());
  });

  test("says where requests are no longer kept", async () => {
    const { lanes } = await played({ tasks: 1, takes: 300, habit: "every1s", serverErrors: 0, dropped: 0, canceled: 0 }, 300_000);
    const { marks, keptFromMs } = timelineOf(rows(lanes), 300_000).strips.loop;
    assert.ok(marks.length < lanes.loop.rows[0].polls && keptFromMs > 0, `${marks.length} of ${lanes.loop.rows[0].polls} from ${keptFromMs} ms on`);
  });
});

describe("the most telling task", () => {
  const lanes = (...tolds) => {
    const tasks = tolds.map((_, index) => ({ ...TASK, index }));
    const made = { loop: new Lane("loop", tasks), package: new Lane("package", tasks) };
    tolds.forEach(([loopMs, oursMs], index) => {
      if (loopMs !== undefined) made.loop.tell(made.loop.rows[index], loopMs, "succeeded");
      if (oursMs !== undefined) made.package.tell(made.package.rows[index], oursMs, "succeeded");
    });
    return made;
  };

  test("is the one of which the loop told by far the later", () => {
    assert.equal(mostTelling(lanes([11_000, 10_500], [40_000, 12_000], [50_000, 49_000]), 60_000, 0), 1);
  });

  test("is not one of which a lane has not told yet", () => {
    assert.equal(mostTelling(lanes([11_000, 10_500], [undefined, 10_500], [50_000, undefined]), 60_000, 0), 0);
  });

  test("stays for another that tells hardly more", () => {
    const two = lanes([20_000, 10_000], [22_000, 10_000]);
    assert.equal(mostTelling(two, 60_000, 0), 0);
    assert.equal(mostTelling(lanes([20_000, 10_000], [32_000, 10_000]), 60_000, 0), 1);
  });
});

describe("requests in the rate window", () => {
  test("are those of the ten seconds before, second by second", async () => {
    const { lanes, nowMs } = await played({}, 34_500);
    for (const { seconds, sent } of Object.values(lanes)) {
      const budget = budgetOf(seconds, nowMs);
      assert.equal(budget.atS.length, 34);
      budget.atS.forEach((at, index) => {
        const inWindow = sent.filter(({ atMs }) => atMs >= (at - 10) * 1_000 && atMs < at * 1_000);
        assert.equal(budget.sent[index], inWindow.length, `until ${at} s`);
        assert.equal(budget.refused[index], inWindow.filter(({ isRefused }) => isRefused).length);
      });
    }
  });

  test("of which those that were not refused never exceed the limit", async () => {
    const { lanes, nowMs } = await played({}, 60_000);
    const [loop, ours] = [budgetOf(lanes.loop.seconds, nowMs), budgetOf(lanes.package.seconds, nowMs)];
    assert.ok(Math.max(...ours.sent) <= 100 && Math.max(...ours.refused) === 0);
    assert.ok(Math.max(...loop.sent) > 500, "the loop's do, with the refused ones");
    // At the last second some are not answered yet.
    for (const index of loop.sent.slice(0, -1).keys()) assert.ok(loop.sent[index] - loop.refused[index] <= 100, `until ${loop.atS[index]} s`);
  });

  test("are told in few, even rows, the last second among them", () => {
    assert.deepEqual(rowsOf(0, 24), []);
    assert.deepEqual(rowsOf(7, 24), [7]);
    assert.deepEqual(rowsOf(33, 24), [10, 20, 30, 33]);
    for (const lastS of [40, 239, 240, 241, 3_000, 86_400, 1_000_000]) {
      const told = rowsOf(lastS, 24);
      assert.ok(told.length <= 25 && told.at(-1) === lastS, `${told.length} rows until ${lastS}`);
    }
  });
});

describe("requests against delay", () => {
  test("are the means of the tasks that are over", async () => {
    const { lanes, nowMs } = await played({}, 50_000);
    for (const lane of Object.values(lanes)) {
      const over = lane.rows.filter((row) => delayOf(row, nowMs) !== undefined);
      const { requests, meanDelayS } = paidBy(lane, nowMs);
      assert.ok(over.length > 50);
      assert.ok(Math.abs(requests * over.length - over.reduce((sum, { polls }) => sum + polls, 0)) < 1e-6);
      assert.ok(Math.abs(meanDelayS * 1_000 - lane.metrics(nowMs).meanDelayMs) < 1e-6);
    }
  });

  test("say nothing while no task is over", () => {
    const lanes = lanesWith();
    assert.equal(paidBy(lanes.loop, 9_000), undefined);
    assert.equal(bestOf([TASK], 9_000, 150), undefined);
  });

  test("have the benchmark's optimum of these very tasks, with an answer's way", async () => {
    const { plan, nowMs } = await played({}, 50_000);
    const durations = plan.filter(({ completedMs }) => completedMs <= nowMs).map(({ requestedMs, completedMs }) => (completedMs - requestedMs) / 1_000);
    const [best, optimum] = [bestOf(plan, nowMs, 150), new Optimum(durations)];
    for (const requests of [1, 2.5, 10]) assert.equal(best.delayAt(requests), optimum.delayAt(requests) + 0.15);
    assert.ok(best.curve(100).length > 10);
    for (const { requests, meanDelayS } of best.curve(100)) assert.ok(Math.abs(best.delayAt(requests) - meanDelayS) < 1e-3, `${requests} requests`);
  });

  test("have axes that hold all values, with few marks", () => {
    assert.deepEqual(rangeOf([1.2, 15, 80]), [1, 100]);
    assert.deepEqual(rangeOf([0, 0.5, 3]), [0.3, 3]);
    assert.deepEqual(ticksWithin(0.3, 100), [0.3, 1, 3, 10, 30, 100]);
  });
});

describe("what was measured", () => {
  test("is what the benchmark wrote", () => {
    assert.deepEqual(SCENARIOS, RESULTS.scenarios);
    assert.ok(SCENARIOS.every(({ optimum, subjects, curves }) => optimum.length > 10 && curves.default.length > 1 && subjects.default));
  });

  test("names the peers as the benchmark does", () => {
    const peers = SUBJECTS.filter(({ key }) => !["default", "learned"].includes(key));
    assert.deepEqual(PEERS, Object.fromEntries(peers.map(({ key, npm }) => [key, npm])));
    for (const { subjects } of SCENARIOS) assert.deepEqual(Object.keys(subjects).sort(), SUBJECTS.map(({ key }) => key).sort());
  });

  test("is shown first of tasks that take about as long as those of the run", () => {
    assert.equal(nearest(4).key, "lognormal3");
    assert.equal(nearest(95).key, "lognormal45");
    assert.equal(nearest(100_000).key, "loguniform");
  });
});

describe("the pictures' words", async () => {
  const { words: english } = await load("panels/pictures/words.en.ts");
  const holes = (text) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

  for (const language of ["ja", "es", "fr", "de"]) {
    test(`are complete in ${language}, with the same holes`, async () => {
      const { words } = await load(`panels/pictures/words.${language}.ts`);
      assert.deepEqual(Object.keys(words), Object.keys(english));
      for (const [key, text] of Object.entries(words)) {
        assert.ok(text.trim() === text && text !== "", `${key} is blank, or has blanks around it`);
        assert.deepEqual(holes(text), holes(english[key]), key);
      }
    });
  }
});
