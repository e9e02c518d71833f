// The world of the demo page, without the page: what is drawn, what both lanes see, what is counted, and what a link holds.
// Run: node --test tests/demo-world.test.mjs
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as entry from "../pkg/index.js";
import { load } from "./demo-page/world.mjs";

const { takesToken, World, Lane, WorldClock, Tab, plan, faultAt, delayOf, KNOBS, DEFAULTS, HABITS, readPermalink, writePermalink } =
  await load(...["world", "lane", "clock", "tab", "plan", "weather", "settings", "habits"].map((name) => `world/${name}.ts`), "panels/connection.ts");

const SMALL = { ...DEFAULTS, tasks: 50 };
const ROUGH = { ...SMALL, serverErrors: 20, dropped: 5, canceled: 20, errors: 20 };

const HOUR_MS = 3_600_000;

/** A world whose time has passed. */
async function played(settings, ms) {
  const world = new World(settings, entry);
  await world.clock.advance(ms);
  return world;
}

/** A world that is over. */
async function playedToTheEnd(settings) {
  const world = new World(settings, entry);
  for (let hours = 0; !world.isOver && hours < 24; hours++) await world.clock.advance(HOUR_MS, () => world.isOver);
  assert.ok(world.isOver, "a day was enough");
  return world;
}

/** All that a lane did. */
const record = ({ rows, sent }) => JSON.stringify({ rows, sent });

describe("the plan", () => {
  test("is the same for the same settings, and another one for another seed", () => {
    assert.deepEqual(plan(SMALL), plan(SMALL));
    assert.notDeepEqual(plan(SMALL), plan({ ...SMALL, seed: SMALL.seed + 1 }));
  });

  for (const queue of KNOBS.queue) {
    test(`is what the simulators of both lanes do: queue ${queue}`, async () => {
      const world = await playedToTheEnd({ ...ROUGH, queue });
      const beginMs = world.clock.now() - world.nowMs;
      const since = (text) => (text === undefined ? undefined : Date.parse(text) - beginMs);
      for (const { simulator } of Object.values(world.hubspots)) {
        const client = new entry.HubSpotTasks({ clock: world.clock, fetch: simulator.fetch, rateLimit: false });
        const statuses = world.plan.map(({ id, family }) => client.resume({ version: 1, family, taskId: id, apiVersion: "2026-03" }).status());
        await world.clock.advance(60_000);
        for (const [index, status] of (await Promise.all(statuses)).entries()) {
          const { requestedMs, startedMs, completedMs, family } = world.plan[index];
          const seen = family === "import" ? [since(status.createdAt), since(status.updatedAt)] : [since(status.requestedAt), since(status.startedAt), since(status.completedAt)];
          const expected = family === "import" ? [requestedMs, completedMs] : [requestedMs, startedMs, completedMs];
          assert.deepEqual(seen, expected, `task ${index}`);
        }
      }
    });
  }

  test("has as many canceled tasks and tasks with errors as the knobs say, about", () => {
    const tasks = plan({ ...DEFAULTS, tasks: 500, canceled: 20, errors: 20 });
    const count = (outcome) => tasks.filter((task) => task.outcome === outcome).length;
    assert.ok(Math.abs(count("canceled") - 100) < 30, `${count("canceled")} canceled`);
    // Of four families one has no errors.
    assert.ok(Math.abs(count("succeededWithErrors") - 75) < 30, `${count("succeededWithErrors")} with errors`);
  });
});

describe("what goes wrong", () => {
  test("is the same for all who ask about a task within a second, and as frequent as the knobs say", () => {
    const settings = { ...DEFAULTS, dropped: 5, serverErrors: 20 };
    const counts = { dropped: 0, serverError: 0, undefined: 0 };
    for (let second = 0; second < 20_000; second++) {
      const fault = faultAt(settings, second % 50, second * 1_000);
      assert.equal(faultAt(settings, second % 50, second * 1_000 + 999), fault);
      counts[fault]++;
    }
    assert.ok(Math.abs(counts.dropped / 20_000 - 0.05) < 0.01, `${counts.dropped} dropped`);
    assert.ok(Math.abs(counts.serverError / 20_000 - 0.2) < 0.02, `${counts.serverError} errors`);
  });
});

describe("a world", () => {
  test("is the same, request by request, for the same settings", async () => {
    const [one, other] = await Promise.all([played(ROUGH, 60_000), played(ROUGH, 60_000)]);
    for (const key of ["loop", "package"]) {
      assert.ok(one.lanes[key].sent.length > 100);
      assert.equal(record(one.lanes[key]), record(other.lanes[key]));
    }
  });

  test("is the same in slices, however they are cut", async () => {
    const whole = await played(SMALL, 20_000);
    const sliced = new World(SMALL, entry);
    while (sliced.nowMs < 20_000) await sliced.clock.advance(Math.min(170, 20_000 - sliced.nowMs), () => sliced.lanes.loop.sent.length % 3 === 0);
    for (const key of ["loop", "package"]) assert.equal(record(sliced.lanes[key]), record(whole.lanes[key]));
  });

  test("has asked for its first task in both lanes before any time has passed", async () => {
    const world = await played(DEFAULTS, 0);
    for (const lane of Object.values(world.lanes)) assert.deepEqual(lane.sent, [{ atMs: 0, isRefused: false }]);
  });

  test("shows the difference in ten seconds of its default settings", async () => {
    const world = await played(DEFAULTS, 10_000 * DEFAULTS.speed);
    const loop = world.lanes.loop.metrics(world.nowMs);
    const ours = world.lanes.package.metrics(world.nowMs);
    assert.ok(loop.requests > 5 * ours.requests, `${loop.requests} and ${ours.requests} requests`);
    assert.ok(loop.refused > loop.requests / 2 && ours.refused === 0, `${loop.refused} and ${ours.refused} refused`);
    assert.ok(loop.meanDelayMs > 1.5 * ours.meanDelayMs, `${loop.meanDelayMs} and ${ours.meanDelayMs} ms in the mean`);
    assert.ok(loop.worstDelayMs > 1.5 * ours.worstDelayMs, `${loop.worstDelayMs} and ${ours.worstDelayMs} ms at worst`);
    assert.ok(loop.wrong > 5 && ours.wrong === 0, `${loop.wrong} and ${ours.wrong} told wrongly`);
  });

  const HARD = [
    { ...ROUGH, dropped: 20 },
    { ...ROUGH, queue: "one", takes: 3 },
    { ...ROUGH, queue: "three" },
    { ...ROUGH, queue: "waits", latency: 2_000 },
    { ...ROUGH, limit: 30 },
    { ...ROUGH, limit: 0, takes: 300 },
    { ...ROUGH, hidden: true },
    { ...ROUGH, tasks: 1 },
  ];
  for (const settings of HARD) {
    const { queue, limit, hidden, tasks, takes, dropped } = settings;
    test(`the package tells the truth about all tasks: ${JSON.stringify({ queue, limit, hidden, tasks, takes, dropped })}`, async () => {
      const world = await playedToTheEnd(settings);
      const { told, wrong } = world.lanes.package.metrics(world.nowMs);
      assert.deepEqual({ told, wrong }, { told: tasks, wrong: 0 });
      for (const { task, told: outcome } of world.lanes.package.rows) assert.equal(outcome, task.outcome);
      if (tasks > 1) assert.ok(world.lanes.loop.metrics(world.nowMs).wrong > 0, "and the loop does not");
    });
  }

  for (const habit of Object.keys(HABITS)) {
    test(`comes to an end when the left lane polls ${habit}`, async () => {
      const world = await playedToTheEnd({ ...SMALL, habit });
      assert.equal(world.lanes.package.metrics(world.nowMs).told, 50);
    });
  }

  test("of which the tab is hidden on the way asks once a minute, and at once when it is shown", async () => {
    const world = await played({ ...SMALL, takes: 300, limit: 0 }, 30_000);
    const { sent } = world.lanes.loop;
    world.isHidden = true;
    await world.clock.advance(1_000);
    const before = sent.length;
    await world.clock.advance(28_000);
    assert.equal(sent.length, before, "nothing was sent before the minute was full");
    await world.clock.advance(91_500); // two full minutes, and half of one
    const hidden = sent.length;
    assert.ok(hidden > before && hidden - before <= 100, `${hidden - before} requests by two rounds`);
    world.isHidden = false;
    await world.clock.advance(100);
    assert.ok(sent.length > hidden, "what was overdue is asked at once");
  });

  test("knows of the package's rows when they are asked next, and of what is learned when they end", async () => {
    const world = await played({ ...SMALL, tasks: 50, takes: 60, limit: 0, dropped: 0, serverErrors: 0 }, 90_000);
    const { rows } = world.lanes.package;
    const waiting = rows.filter((row) => row.told === undefined && !row.isAsking);
    const due = waiting.map((row) => ({ row, dueMs: world.poller.nextPollMs(row), polls: row.polls }));
    const first = due.toSorted((one, other) => one.dueMs - other.dueMs)[0];
    await world.clock.advance(first.dueMs - world.nowMs);
    assert.deepEqual([first.row.polls, first.row.askedMs], [first.polls + 1, first.dueMs]);

    // Twenty of a family teach how long they take: of four families, with 50 tasks, none has so many.
    assert.equal(world.poller.expectedEndMs(waiting[0]), undefined);
    const learned = await played({ ...DEFAULTS, limit: 0 }, 60_000);
    const young = learned.lanes.package.rows.find((row) => row.told === undefined && row.polls > 0);
    assert.ok(learned.poller.expectedEndMs(young) > learned.nowMs);
    for (const row of learned.lanes.package.rows.filter(({ told }) => told)) {
      assert.deepEqual([learned.poller.nextPollMs(row), learned.poller.expectedEndMs(row)], [undefined, undefined]);
    }
  });

  test("that is ended tells nothing more", async () => {
    const world = await played(SMALL, 20_000);
    const told = world.lanes.package.metrics(world.nowMs).told;
    world.end();
    await world.clock.advance(100_000);
    assert.equal(world.lanes.package.metrics(world.nowMs).told, told);
  });
});

describe("what is counted", () => {
  /** Three tasks that are over after 1, 2 and 3 seconds; the last one is canceled. */
  const TASKS = [1_000, 2_000, 3_000].map((completedMs, index) => ({ index, completedMs, outcome: index === 2 ? "canceled" : "succeeded" }));

  test("is right in a case by hand", () => {
    const lane = new Lane("loop", TASKS);
    const [first, second, third] = lane.rows;
    const answers = [
      [first, 500, 200],
      [first, 1_500, 200],
      [second, 1_500, 429],
      [third, 2_500, undefined],
    ];
    for (const [row, atMs, status] of answers) lane.answered(lane.asked(row, atMs), row, atMs + 100, status);
    lane.tell(first, 1_600, "succeeded");
    lane.tell(third, 2_600, "failed");

    assert.deepEqual(lane.metrics(2_600), { requests: 4, refused: 1, meanDelayMs: 600, worstDelayMs: 600, wrong: 1, told: 2 });
    // The second is over for three seconds then; of the third, told before it was over, there is no delay.
    assert.deepEqual(lane.metrics(5_000), { requests: 4, refused: 1, meanDelayMs: 1_800, worstDelayMs: 3_000, wrong: 1, told: 2 });
    assert.deepEqual(lane.seconds, [{ sent: 1, refused: 0 }, { sent: 2, refused: 1 }, { sent: 1, refused: 0 }]);
    assert.deepEqual(second.history.map(({ kind }) => kind), ["asked", "refused"]);
    assert.equal(lane.isOver, false);
  });

  test("says nothing of delays before a task is over", () => {
    const lane = new Lane("loop", TASKS);
    assert.equal(delayOf(lane.rows[0], 999), undefined);
    assert.deepEqual(lane.metrics(999), { requests: 0, refused: 0, meanDelayMs: undefined, worstDelayMs: undefined, wrong: 0, told: 0 });
  });

  test("takes an end that was seen and not understood for told wrongly, and not for a delay", () => {
    const lane = new Lane("loop", TASKS);
    lane.rows[2].isMissed = true;
    lane.tell(lane.rows[0], 1_000, "succeeded");
    lane.tell(lane.rows[1], 2_000, "succeeded");
    assert.deepEqual(lane.metrics(100_000), { requests: 0, refused: 0, meanDelayMs: 0, worstDelayMs: 0, wrong: 1, told: 2 });
    assert.equal(lane.isOver, true);
  });
});

describe("the clock", () => {
  test("rings in order, what is set meanwhile too, and not what was cleared", async () => {
    const clock = new WorldClock(0);
    const rung = [];
    const ring = (name) => () => rung.push(`${name} ${clock.now()}`);
    clock.setTimeout(ring("late"), 300);
    clock.setTimeout(() => {
      ring("first")();
      clock.clearTimeout(cleared);
      clock.setTimeout(ring("at once"), 0);
    }, 100);
    const cleared = clock.setTimeout(ring("cleared"), 100);
    clock.setTimeout(ring("second"), 100);
    await clock.advance(299);
    assert.deepEqual(rung, ["first 100", "second 100", "at once 100"]);
    await clock.advance(1);
    assert.equal(rung.at(-1), "late 300");
  });

  test("rings a thousand timers in the order of their instants", async () => {
    const clock = new WorldClock(0);
    const rung = [];
    const times = Array.from({ length: 1_000 }, (_, index) => (index * 7_919) % 1_000);
    for (const ms of times) clock.setTimeout(() => rung.push(ms), ms);
    await clock.advance(1_000);
    assert.deepEqual(rung, times.toSorted((one, other) => one - other));
  });

  test("stands still while something takes real time", async () => {
    const clock = new WorldClock(0);
    const done = [];
    clock.setTimeout(() => void clock.during(new Promise((resolve) => setTimeout(resolve, 20))).then(() => done.push(clock.now())), 10);
    clock.setTimeout(() => done.push("next"), 11);
    await clock.advance(20);
    assert.deepEqual(done, [10, "next"]);
  });

  test("leaves off where a slice is enough, and says how much is left", async () => {
    const clock = new WorldClock(0);
    for (const ms of [10, 20, 30]) clock.setTimeout(() => undefined, ms);
    assert.equal(await clock.advance(100, () => clock.now() >= 20), 80);
    assert.equal(clock.now(), 20);
    assert.equal(await clock.advance(80), 0);
  });

  test("of a tab holds nothing that is cleared", async () => {
    const clock = new WorldClock(0);
    const tab = new Tab(clock);
    const rung = [];
    tab.clearTimeout(tab.setTimeout(() => rung.push("cleared"), 10));
    tab.isHidden = true;
    const later = tab.setTimeout(() => rung.push("cleared, too"), 10);
    tab.setTimeout(() => rung.push(clock.now()), 10);
    tab.clearTimeout(later);
    await clock.advance(120_000);
    assert.deepEqual(rung, [60_000]);
  });
});

describe("a permalink", () => {
  test("holds every setting", () => {
    assert.equal(writePermalink(DEFAULTS), "");
    assert.deepEqual(readPermalink(""), DEFAULTS);
    for (const [name, values] of Object.entries(KNOBS)) {
      for (const value of values) {
        const settings = { ...DEFAULTS, [name]: value, seed: 42 };
        assert.deepEqual(readPermalink(writePermalink(settings)), settings);
      }
    }
  });

  const HARMLESS = ["#", "#tasks", "#tasks=7", "#tasks=1e9", "#__proto__=1&constructor=2", "#%E0%A4%A", "#seed=-1&seed=x", "#speed=Infinity", "#hidden=maybe", `#${"x=1&".repeat(10_000)}`];
  for (const hash of HARMLESS) {
    test(`that is wrong harms nothing: ${hash.slice(0, 30)}`, () => {
      assert.deepEqual(readPermalink(hash), DEFAULTS);
    });
  }

  test("keeps what is right beside what is wrong", () => {
    assert.deepEqual(readPermalink("#tasks=1&takes=99&queue=one"), { ...DEFAULTS, tasks: 1, queue: "one" });
  });
});

test("a token may be typed in for a server on this machine alone", () => {
  const loopback = ["http://localhost:8787", "http://127.0.0.1/hubspot", "http://127.1.2.3", "http://[::1]:3000", "https://LOCALHOST"];
  const elsewhere = ["https://api.hubapi.com", "http://localhost.example", "http://evil.localhost", "http://127.0.0.1.example", "/hubspot", "", "localhost"];
  for (const address of loopback) assert.equal(takesToken(address), true, address);
  for (const address of elsewhere) assert.equal(takesToken(address), false, address);
});
