// What a client learns of how long tasks take: when it begins to show, how it is carried on, and what bounds it.
import assert from "node:assert/strict";
import {
  HubSpotTasks,
  START,
  assertError,
  inTurn,
  complete,
  processing,
  rejectionInTime,
  setUp,
  setUpSimulator,
  test,
  thrown,
  value,
  virtualClock,
} from "./support.mjs";

const ENOUGH = 20;
const KEPT = 64;
const FAMILY = { fileImport: "fileImports", export: "exports" };

/** Lets a simulated task run to its end; gives when it was asked, from its start. */
async function play({ client, clock, simulator }, id, processingMs, { family = "export", outcome, pendingMs } = {}) {
  const begin = clock.now();
  const first = simulator.requests.length;
  simulator.addTask(family, { id, pendingMs, processingMs, outcome });
  const task = client[FAMILY[family]].task(id);
  await clock.run(task.wait({ timeoutMs: Infinity }).catch(() => {}));
  return simulator.requests.slice(first).map(({ at }) => at - begin);
}

/** Between 45 and 64 seconds. */
const aMinute = (index) => 45_000 + 1_000 * (index % 20);

/** A client that has learned of so many exports of about a minute. */
async function trained(count = ENOUGH, options = {}) {
  const setting = setUpSimulator(options);
  for (let index = 0; index < count; index++) await play(setting, 1_000 + index, aMinute(index));
  return setting;
}

/** What a client is given, made by one that has learned of 20 exports of about a minute. */
const MINUTES = { export: { whole: Array(ENOUGH).fill(60), processing: Array(ENOUGH).fill(60) } };

test("up to 20 finished tasks a client asks as one that does not learn; from then on otherwise", async () => {
  const learning = setUpSimulator();
  const ignorant = setUpSimulator({ learned: false });
  for (let index = 0; index < ENOUGH; index++) {
    const expected = await play(ignorant, 1_000 + index, aMinute(index));
    assert.deepEqual(await play(learning, 1_000 + index, aMinute(index)), expected, `task ${index + 1}`);
  }
  const [byAge, learned] = [await play(ignorant, 7, 60_000), await play(learning, 7, 60_000)];
  assert.equal(learned[0], 0, "the first poll is at once all the same");
  assert(learned[1] > 5 * byAge[1], `a young task is not asked: ${learned} instead of ${byAge}`);
  assert(learned.length < byAge.length, `${learned.length} polls instead of ${byAge.length}`);
});

test("learned intervals are long before the usual duration, short about it, and longer again after it", async () => {
  const { client, clock, times } = setUp(async () => processing(), { learned: MINUTES });
  await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs: 3_600_000 }));
  const at = times().slice(0, -1);
  const gapAt = (ms) => {
    const index = at.findIndex((time) => time > ms);
    return at[index] - at[index - 1];
  };
  assert(gapAt(1_000) > 1.5 * gapAt(60_000), `${gapAt(1_000)}, ${gapAt(60_000)}`);
  assert(gapAt(3_000_000) > 2 * gapAt(60_000), `${gapAt(3_000_000)}, ${gapAt(60_000)}`);
});

test("a client with learned: false keeps to the square root of the age, however many tasks have finished", async () => {
  const setting = await trained(ENOUGH + 5, { learned: false });
  const fresh = setUpSimulator();
  assert.deepEqual(await play(setting, 7, 60_000), await play(fresh, 7, 60_000));
});

test("learned: true, null and undefined are as if it were not given", async () => {
  const expected = await play(await trained(), 7, 60_000);
  for (const learned of [true, null, undefined]) {
    assert.deepEqual(await play(await trained(ENOUGH, { learned }), 7, 60_000), expected, String(learned));
  }
});

test("each family is learned on its own", async () => {
  const setting = await trained();
  const fresh = setUpSimulator();
  const family = { family: "fileImport" };
  assert.deepEqual(await play(setting, "a", 60_000, family), await play(fresh, "a", 60_000, family));
});

test("a client that learned nothing gives plain JSON that teaches nothing", async () => {
  const learned = new HubSpotTasks({ clock: virtualClock() }).learned();
  assert.deepEqual(JSON.parse(JSON.stringify(learned)), learned);
  for (const phases of Object.values(learned)) assert.deepEqual(Object.values(phases).flat(), []);
  assert.deepEqual(
    await play(setUpSimulator({ learned }), 7, 60_000),
    await play(setUpSimulator({ learned: false }), 7, 60_000),
  );
});

test("learned() tells in seconds what the finished tasks took, from start to end and of the work alone", async () => {
  const setting = setUpSimulator();
  for (const [index, seconds] of [3, 45, 600].entries()) {
    await play(setting, 1_000 + index, seconds * 1_000, { pendingMs: 2_000 });
  }
  await play(setting, "a", 5_500, { family: "fileImport" });
  const learned = setting.client.learned();
  assert.deepEqual(learned.export, { whole: [5, 47, 602], processing: [3, 45, 600] });
  assert.deepEqual(learned.fileImport, { whole: [5.5], processing: [5.5] });
  assert.deepEqual(JSON.parse(JSON.stringify(learned)), learned);
});

test("learned() gives an object of its own: what is done to it changes nothing", async () => {
  const setting = await trained(3);
  const expected = structuredClone(setting.client.learned());
  const given = setting.client.learned();
  given.export.whole.push(1, 2, 3);
  delete given.export.processing;
  assert.deepEqual(setting.client.learned(), expected);
});

test("what was given is read at once: a later change of it changes nothing", async () => {
  const given = structuredClone(MINUTES);
  const setting = setUpSimulator({ learned: given });
  given.export.whole.length = given.export.processing.length = 0;
  assert.deepEqual(setting.client.learned().export, MINUTES.export);
});

test("a task counts once, however often its end is seen", async () => {
  const setting = setUpSimulator();
  await play(setting, 7, 3_000);
  const task = setting.client.exports.task(7);
  await setting.clock.run(task.wait());
  await value(task.status());
  await value(setting.client.exports.status(7));
  assert.deepEqual(setting.client.learned().export.whole, [3]);
});

test("only tasks that succeeded count: one that was canceled says nothing of how long tasks take", async () => {
  const setting = setUpSimulator();
  await play(setting, 7, 3_000, { outcome: "canceled" });
  await play(setting, 8, 3_000, { outcome: "failed" });
  await play(setting, 9, 4_000, { outcome: "succeededWithErrors" });
  assert.deepEqual(setting.client.learned().export.whole, [4]);
});

test("at most 64 durations are kept, the newest ones, however many tasks finish", async () => {
  const setting = setUpSimulator();
  const seconds = Array.from({ length: 150 }, (_, index) => 1 + index);
  for (const second of seconds) await play(setting, second, second * 1_000);
  const { whole, processing } = setting.client.learned().export;
  assert.deepEqual([whole, processing], [seconds.slice(-KEPT), seconds.slice(-KEPT)]);
  assert(JSON.stringify(setting.client.learned()).length < 2_000);
});

test("at most 64 durations are taken, the newest ones, however many are given", async () => {
  const whole = Array.from({ length: 100_000 }, (_, index) => index);
  const { client } = setUp(async () => complete(), { learned: { export: { whole } } });
  assert.deepEqual(client.learned().export, { whole: whole.slice(-KEPT), processing: [] });
});

test("what was learned, carried to another client as JSON, makes its first task be asked as the next one here", async () => {
  const teacher = await trained();
  const text = JSON.stringify(teacher.client.learned());
  const pupil = setUpSimulator({ learned: JSON.parse(text) });
  assert.equal(JSON.stringify(pupil.client.learned()), text, "nothing is lost on the way");
  const first = await play(pupil, 7, 60_000);
  assert.deepEqual(first, await play(teacher, 7, 60_000));
  assert.notDeepEqual(first, await play(setUpSimulator(), 7, 60_000));
  assert.deepEqual(pupil.client.learned(), teacher.client.learned(), "both go on learning alike");
});

test("a client that was given fewer than 20 durations goes on from there", async () => {
  const learned = { export: { whole: Array(19).fill(60), processing: Array(19).fill(60) } };
  const setting = setUpSimulator({ learned });
  const byAge = await play(setUpSimulator({ learned: false }), 7, 60_000);
  assert.deepEqual(await play(setting, 7, 60_000), byAge, "19 are not enough");
  assert.notDeepEqual(await play(setting, 8, 60_000), await play(setUpSimulator({ learned: false }), 8, 60_000));
});

test("a pace works on learned intervals too: more patient, fewer polls", async () => {
  const polls = [];
  for (const pace of [0.5, "interactive", "batch", 4]) {
    const { client, clock, times } = setUp(async () => processing(), { learned: MINUTES, pace });
    await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs: 600_000 }));
    polls.push(times().length);
  }
  assert.deepEqual(polls, [...new Set(polls)].sort((a, b) => b - a), String(polls));
});

test("learned intervals stay between minIntervalMs and maxIntervalMs, 10 % more or less", async () => {
  for (const seconds of [0, 0.001, 1, 60, 3_600, 1e9, 1e29]) {
    for (const [minIntervalMs, maxIntervalMs] of [
      [undefined, undefined],
      [5_000, 8_000],
      [3_000, 3_000],
    ]) {
      for (const id of ["7", "8", "90151673"]) {
        const list = Array(ENOUGH).fill(seconds);
        const { client, clock, times } = setUp(async () => processing(), {
          learned: { export: { whole: list, processing: list } },
          minIntervalMs,
          maxIntervalMs,
        });
        await rejectionInTime(clock, client.exports.task(id).wait({ timeoutMs: 600_000 }));
        const gaps = times()
          .slice(1, -1)
          .map((at, index) => at - times()[index]);
        assert(gaps.length >= 5, `${seconds} s: ${gaps}`);
        const [least, most] = [0.9 * (minIntervalMs ?? 1_000) - 1, 1.1 * (maxIntervalMs ?? 60_000) + 1];
        for (const gap of gaps) assert(gap >= least && gap <= most, `${seconds} s: ${gaps}`);
      }
    }
  }
});

test("what is no list of durations teaches nothing and harms nothing", async () => {
  const byAge = await play(setUpSimulator({ learned: false }), 7, 60_000);
  for (const list of [
    "60,60",
    60,
    true,
    null,
    {},
    { length: 20, 0: 60 },
    () => [60],
    Array(100),
    Array(30).fill(NaN),
    Array(30).fill(Infinity),
    Array(30).fill(-Infinity),
    Array(30).fill(-1),
    Array(30).fill(1e300),
    Array(30).fill("60"),
    Array(30).fill("garbage"),
    Array(30).fill(null),
    Array(30).fill(undefined),
    Array(30).fill([60]),
    Array(30).fill({ valueOf: () => 60 }),
    Array(30).fill(60n),
    Array(30).fill(Symbol("s")),
    [...Array(19).fill(60), NaN, -5, "60", null, Infinity],
    new Uint8Array(30).fill(60),
    new Set([60]),
  ]) {
    const setting = setUpSimulator({ learned: { export: { whole: list, processing: list } } });
    const given = setting.client.learned();
    assert.deepEqual(JSON.parse(JSON.stringify(given)), given);
    assert.deepEqual(await play(setting, 7, 60_000), byAge, Object.prototype.toString.call(list));
  }
  for (const learned of [{}, [], { export: 5 }, { export: null }, { exports: MINUTES.export }, new Map(), new Date(0)]) {
    assert.deepEqual(await play(setUpSimulator({ learned }), 7, 60_000), byAge);
  }
});

test("garbage among durations is left out, the durations are taken", async () => {
  const mixed = [60, NaN, 61, "62", -1, 63, null, undefined, Infinity, {}, 64, 1e300];
  const { client } = setUp(async () => complete(), { learned: { export: { whole: mixed, processing: [1, "x", 2] } } });
  assert.deepEqual(client.learned().export, { whole: [60, 61, 63, 64], processing: [1, 2] });
});

test("what is no object is INVALID_ARGUMENT, and names the option", () => {
  for (const learned of ["{}", "", 5, 0, NaN, 10n, Symbol("s"), () => {}]) {
    const error = assertError(thrown(() => new HubSpotTasks({ learned })), "INVALID_ARGUMENT");
    assert(error.message.startsWith("learned: "), error.message);
  }
});

test("getters and proxies that throw are ignored or INVALID_ARGUMENT, and the next client is as good as any", async () => {
  const boom = () => {
    throw new Error("boom");
  };
  const traps = { get: boom, has: boom, ownKeys: boom, getOwnPropertyDescriptor: boom, getPrototypeOf: boom };
  const throwing = (name) => Object.defineProperty({}, name, { get: boom, enumerable: true });
  const list = Array(20).fill(60);
  Object.defineProperty(list, 3, { get: boom });
  const revoked = Proxy.revocable([], {});
  revoked.revoke();
  const wrong = [];
  for (const [name, learned] of Object.entries({
    "a family's getter": throwing("export"),
    "a phase's getter": { export: throwing("whole") },
    "a duration's getter": { export: { whole: list } },
    "a proxy": new Proxy({}, traps),
    "a family that is a proxy": { export: new Proxy({}, traps) },
    "a list that is a proxy": { export: { whole: new Proxy(Array(20).fill(60), traps) } },
    "a list that is a revoked proxy": { export: { whole: revoked.proxy } },
  })) {
    try {
      new HubSpotTasks({ learned });
    } catch (error) {
      const isSaid = error?.code === "INVALID_ARGUMENT" && error.message.startsWith("learned: ");
      if (!isSaid) wrong.push(`${name}: ${error}`);
    }
  }
  const { client, clock } = setUp(inTurn(processing(), complete()));
  assert.equal((await clock.run(client.exports.task("7").wait())).outcome, "succeeded");
  assert.deepEqual(wrong, []);
});

test("dates of the server's that are garbage teach nothing wrong", async () => {
  const at = (ms) => new Date(START + ms).toISOString();
  for (const dates of [
    { requestedAt: "yesterday", completedAt: at(0) },
    { requestedAt: at(0), completedAt: "soon" },
    { requestedAt: at(0) },
    { completedAt: at(0) },
    { requestedAt: null, startedAt: null, completedAt: null },
    { requestedAt: 5, completedAt: {} },
    { requestedAt: at(0), startedAt: at(0), completedAt: "1970-01-01T00:00:00Z" },
    { requestedAt: 0, completedAt: 0 },
    { requestedAt: 1774951082, completedAt: at(0) },
    { requestedAt: at(0), completedAt: "2030-01-01T00:00:00Z" },
    { requestedAt: "2030-01-01T00:00:00Z", completedAt: "2030-01-01T00:01:00Z" },
    // In no possible order.
    { requestedAt: at(9_000), startedAt: at(99_000), completedAt: at(0) },
    { requestedAt: at(-9_000), startedAt: at(1_000), completedAt: at(0) },
    { requestedAt: at(-9_000), startedAt: at(-10_000), completedAt: at(0) },
  ]) {
    const { client } = setUp(async () => complete(dates));
    await value(client.exports.task("7").wait());
    assert.deepEqual(client.learned().export, { whole: [], processing: [] }, JSON.stringify(dates));
  }
  // In each form in which they can be read.
  for (const dates of [
    { requestedAt: START - 9_000, startedAt: String(START - 4_000), completedAt: at(0) },
    { requestedAt: at(-9_000).replace("T", " "), startedAt: at(-4_000).replace("Z", "456+00:00"), completedAt: START },
  ]) {
    const { client } = setUp(async () => complete(dates));
    await value(client.exports.task("7").wait());
    assert.deepEqual(client.learned().export, { whole: [9], processing: [4] }, JSON.stringify(dates));
  }
});

test("what poll(checkpoint) sees end is learned, and it says when to come again by what was learned", async () => {
  const delays = [];
  for (const learned of [false, MINUTES]) {
    const { client, clock, simulator } = setUpSimulator({ learned });
    const id = simulator.addTask("export", { id: 7, processingMs: 60_000 });
    let checkpoint = client.exports.task(id).checkpoint();
    const count = client.learned().export?.whole.length ?? 0;
    for (let step, index = 0; !step?.done; index++) {
      step = await value(client.poll(checkpoint));
      checkpoint = JSON.parse(JSON.stringify(step.checkpoint));
      if (index === 0) delays.push(step.delayMs);
      await clock.advance(step.delayMs ?? 0);
    }
    assert.equal(client.learned().export.whole.length, count + 1);
    assert.equal(client.learned().export.whole.at(-1), 60);
  }
  assert(delays[1] > 5 * delays[0], String(delays));
});

/** Exports of 41 to 60 seconds. */
const SPREAD = { export: { whole: Array.from({ length: ENOUGH }, (_, index) => 41 + index) } };

test("estimate() is undefined below 20 finished tasks, of another family, and with learned: false", async () => {
  const { client } = await trained(ENOUGH - 1);
  assert.equal(client.exports.task("7").estimate(), undefined);
  const taught = setUp(async () => processing(), { learned: MINUTES }).client;
  assert.notEqual(taught.exports.task("7").estimate(), undefined);
  assert.equal(taught.fileImports.task("7").estimate(), undefined);
  const ignorant = await trained(ENOUGH + 5, { learned: false });
  assert.equal(ignorant.client.exports.task("7").estimate(), undefined);
});

test("estimate() says how long half of such tasks, and nine in ten, still take; less as the task grows old", async () => {
  const { client, clock } = setUp(async () => processing(), { learned: SPREAD });
  const task = client.exports.task("7");
  assert.deepEqual(task.estimate(), { medianMs: 51_000, ninetyPercentMs: 59_000 });
  const wait = rejectionInTime(clock, task.wait({ timeoutMs: 50_000 }));
  await wait;
  assert.deepEqual(task.estimate(), { medianMs: 6_000, ninetyPercentMs: 10_000 }, "of those that took 51 to 60 s");
});

test("estimate() sends nothing, and a task that outlasted all others is likely to take as long again", async () => {
  const { client, clock, times } = setUp(async () => processing(), { learned: MINUTES });
  const task = client.exports.task("7");
  task.estimate();
  assert.deepEqual(times(), []);
  await rejectionInTime(clock, task.wait({ timeoutMs: 100_000 }));
  assert.deepEqual(task.estimate(), { medianMs: 100_000, ninetyPercentMs: 900_000 });
});

test("estimate() is undefined once the task is over", async () => {
  const { client, clock } = setUp(inTurn(processing(), complete()), { learned: MINUTES });
  const task = client.exports.task("7");
  await clock.run(task.wait());
  assert.equal(task.estimate(), undefined);
});

test("after 64 tasks of five minutes the third short one is seen within five seconds, and so is each later one", async () => {
  const minutes = Array(KEPT).fill(300);
  const setting = setUpSimulator({ learned: { export: { whole: minutes, processing: minutes } } });
  const delays = [];
  for (let index = 0; index < 40; index++) {
    const asked = await play(setting, 1_000 + index, 3_000);
    delays.push(asked.at(-1) - 3_000);
  }
  assert(delays[0] > 5_000, `the first one is not expected: ${delays[0]}`);
  assert(Math.max(...delays.slice(2)) < 5_000, String(delays));
});

test("after 64 tasks of three seconds long ones are asked no more often than without learning", async () => {
  const seconds = Array(KEPT).fill(3);
  const setting = setUpSimulator({ learned: { export: { whole: seconds, processing: seconds } } });
  for (let index = 0; index < 10; index++) {
    const byAge = await play(setUpSimulator({ learned: false }), 1_000 + index, 300_000);
    const asked = await play(setting, 1_000 + index, 300_000);
    assert(asked.length <= byAge.length, `number ${index + 1}: ${asked.length} polls instead of ${byAge.length}`);
  }
});
