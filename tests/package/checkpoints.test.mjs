// Checkpoints: a task's polling that goes on in another process, and poll(), which asks once.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { project } from "./pack.mjs";
import {
  HubSpotTaskError,
  HubSpotTasks,
  START,
  answer,
  assertError,
  complete,
  countingSignal,
  createSimulator,
  faults,
  hang,
  inTurn,
  processing,
  rejection,
  rejectionInTime,
  setUp,
  setUpSimulator,
  stateOf,
  test,
  thrown,
  value,
  virtualClock,
} from "./support.mjs";

const TOKEN = "pat-na1-0123456789abcdef";
const SECRET_URL = "https://exports.example/1.csv?signature=secret";

const BASIC = { version: 1, family: "export", taskId: "7", apiVersion: "2026-03" };
const basic = (fields = {}) => ({ ...BASIC, ...fields });
const viaJson = (given) => JSON.parse(JSON.stringify(given));

const schema = createRequire(join(project, "support.mjs"))("hubspot-async-tasks/checkpoint.schema.json");
const fitsSchema = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

function assertFits(checkpoint) {
  const plain = viaJson(checkpoint);
  assert.deepEqual(plain, { ...checkpoint }, "it is plain JSON");
  fitsSchema(plain);
  assert.deepEqual(fitsSchema.errors, null);
  return plain;
}

/** As a queue of jobs does: each poll in a process of its own, `delayMs` after the one before. Gives every step. */
async function carryOn(clock, options, checkpoint) {
  const steps = [];
  for (let step; !step?.done; steps.push(step)) {
    assert(steps.length < 100, "jobs without end");
    await clock.advance(step?.delayMs ?? 0);
    const client = new HubSpotTasks({ clock, token: TOKEN, ...options });
    step = await clock.run(client.poll(assertFits(step?.checkpoint ?? checkpoint)));
  }
  return steps;
}

/** Two equal accounts, each on a clock of its own: for one process and for many. */
function twins({ task, script = [], ...simulatorOptions }) {
  return [0, 1].map(() => {
    const clock = virtualClock();
    const simulator = createSimulator({ clock, ...simulatorOptions });
    const taskId = simulator.addTask("export", task);
    simulator.script(script);
    return { clock, fetch: simulator.fetch, taskId, times: () => simulator.requests.map(({ at }) => at - START) };
  });
}

// HubSpot's 429 also tells that nothing remains of the window; that is a client's knowledge, and no checkpoint's.
const untold = {
  "x-hubspot-ratelimit-max": null,
  "x-hubspot-ratelimit-remaining": null,
  "x-hubspot-ratelimit-interval-milliseconds": null,
};
const limited = (retryAfter) => faults.rateLimited({ retryAfter, headers: untold });

// ---------------------------------------------------------------------------------------------------------------
// Carried on

for (const [what, options, waitOptions] of [
  ["a task", { task: { pendingMs: 8_000, processingMs: 7_500 } }],
  [
    "a task whose fourth poll meets a 503",
    { task: { processingMs: 20_000 }, script: [{}, {}, {}, faults.unavailable()] },
  ],
  [
    "a task whose polls meet three 503 in a row",
    {
      task: { processingMs: 32_000 },
      script: [{}, {}, faults.serverError(), faults.badGateway(), faults.unavailable()],
    },
  ],
  [
    "a task whose third poll meets a 429 with Retry-After",
    { task: { processingMs: 31_000 }, script: [{}, {}, limited(7)] },
  ],
  ["a task that is answered without a readable date", { task: { processingMs: 19_500 }, script: dateless(50) }],
  ["a task whose answers take their time", { task: { pendingMs: 5_000, processingMs: 22_000 }, latencyMs: 700 }],
  ["a task of a client with another pace", { task: { processingMs: 57_000 } }, { pace: "batch" }],
]) {
  test(`${what}, carried through ten processes of one poll each, is polled as by one process with one wait`, async () => {
    const [one, many] = twins(options);
    const client = new HubSpotTasks({ clock: one.clock, fetch: one.fetch, token: TOKEN, ...waitOptions });
    const finished = await one.clock.run(client.exports.task(one.taskId).wait());

    const first = new HubSpotTasks({ clock: many.clock, fetch: many.fetch, ...waitOptions });
    const checkpoint = first.exports.task(many.taskId).checkpoint();
    const steps = await carryOn(many.clock, { fetch: many.fetch, ...waitOptions }, checkpoint);

    assert.deepEqual(many.times(), one.times());
    assert.equal(steps.length, finished.polls);
    assert.deepEqual(
      steps.map((step) => step.checkpoint.polls),
      steps.map((_, index) => index + 1),
    );
    assert.equal(steps.at(-1).outcome, finished.outcome);
    assert.equal(steps.at(-1).status.completedAt, finished.status.completedAt);
    assert.equal(finished.polls, 10);
  });
}

function dateless(count) {
  return Array.from({ length: count }, () => ({ headers: { date: null } }));
}

test("a queued task without dates is carried through processes as it is polled by one", async () => {
  // Its age counts anew when it is seen to be worked on: the next process must know that it had been queued.
  const runs = [0, 1].map(() => setUp(async () => answerAt(runs.at(-1))));
  const answerAt = ({ clock }) => {
    const age = clock.now() - START;
    return age >= 100_000 ? complete() : answer(202, { status: age >= 60_000 ? "PROCESSING" : "PENDING" });
  };
  const [many, one] = runs;
  await one.clock.run(one.client.exports.task("7").wait());
  runs.push(many);
  await carryOn(many.clock, { fetch: recording(many) }, basic());
  assert.deepEqual(many.times(), one.times());
  assert(one.times().length > 10);

  function recording({ clock, requests }) {
    return async () => (requests.push({ at: clock.now() - START }), answerAt({ clock }));
  }
});

test("a task of which only the start is known is polled from then on as by one process", async () => {
  const [one, many] = twins({ task: { processingMs: 30_000 } });
  const checkpoint = (run) => basic({ taskId: run.taskId, startedMs: START });
  const client = new HubSpotTasks({ clock: one.clock, fetch: one.fetch });
  const finished = await one.clock.run(client.resume(checkpoint(one)).wait());
  // The phase is up to 10 %.
  assert(one.times()[0] >= 900 && one.times()[0] <= 1_100, `first asked after ${one.times()[0]} ms`);

  const { dueMs } = new HubSpotTasks({ clock: many.clock, fetch: many.fetch }).resume(checkpoint(many)).checkpoint();
  assert.equal(dueMs - START, one.times()[0]);
  await many.clock.advance(dueMs - START);
  const steps = await carryOn(many.clock, { fetch: many.fetch }, checkpoint(many));
  assert.deepEqual(many.times(), one.times());
  assert.equal(steps.length, finished.polls);
});

test("minIntervalMs is what a task of which only the start is known is first left alone for", async () => {
  for (const minIntervalMs of [100, 5_000]) {
    const { client, clock, times } = setUp(async () => complete(), { minIntervalMs });
    await clock.run(client.resume(basic({ startedMs: START })).wait());
    assert(times()[0] >= 0.9 * minIntervalMs && times()[0] <= 1.1 * minIntervalMs, `${times()[0]} ms`);
  }
});

// ---------------------------------------------------------------------------------------------------------------
// checkpoint() and resume()

test("checkpoint() of a task tells its family, id and API version, and how far the polling got", async () => {
  const { client, clock, times } = setUp(async () => processing(), { apiVersion: "v3" });
  const ids = { fileImports: "a b/ü", folderUpdates: "x", exports: 7n, sourceCodeExtracts: 2_147_483_647 };
  const names = { fileImports: "fileImport", folderUpdates: "folderUpdate", exports: "export" };
  for (const [family, id] of Object.entries(ids)) {
    const checkpoint = assertFits(client[family].task(id).checkpoint());
    assert.deepEqual(
      [checkpoint.version, checkpoint.family, checkpoint.taskId, checkpoint.apiVersion, checkpoint.polls],
      [1, names[family] ?? "sourceCodeExtract", String(id), "v3", 0],
    );
    assert(!("startedMs" in checkpoint || "deadlineMs" in checkpoint), "nothing is known of it yet");
  }
  const task = client.exports.task("7");
  task.wait({ timeoutMs: 10_000 }).catch(() => {});
  await clock.advance(5_000);
  const checkpoint = assertFits(task.checkpoint());
  assert.equal(checkpoint.polls, times().length);
  assert.equal(checkpoint.startedMs, START);
  assert.equal(checkpoint.faults, 0);
  assert(!("deadlineMs" in checkpoint), "the wait's deadline is the wait's own");
  assert(checkpoint.dueMs > START + times().at(-1));
  await clock.advance(checkpoint.dueMs - clock.now() - 1);
  const before = times().length;
  await clock.advance(1);
  assert.equal(times().length, before + 1, "dueMs is when the next poll comes");
  await clock.advance(10_000);
});

test("resume() sends nothing, and goes on with schedule, age, and number of polls", async () => {
  const [one, two] = [0, 1].map(() => setUp(async () => processing()));
  one.client.exports
    .task("7")
    .wait({ timeoutMs: 600_000 })
    .catch(() => {});
  await one.clock.advance(200_000);
  const task = two.client.exports.task("7");
  const wait = task.wait({ signal: (two.signal = countingSignal()) });
  wait.catch(() => {});
  await two.clock.advance(100_000);
  const checkpoint = assertFits(task.checkpoint());
  two.signal.abort("handed over");
  assert.equal(await rejection(wait), "handed over");

  const requests = [];
  const next = new HubSpotTasks({
    clock: two.clock,
    fetch: async () => (requests.push(two.clock.now() - START), processing()),
  });
  const resumed = next.resume(checkpoint);
  assert.deepEqual([resumed.id, resumed.family, resumed.latest], ["7", "export", undefined]);
  assert.deepEqual(assertFits(resumed.checkpoint()), checkpoint);
  await two.clock.advance(0);
  assert.deepEqual(requests, []);
  const second = resumed.wait({ timeoutMs: 100_000 });
  second.catch(() => {});
  await two.clock.advance(99_999);
  assert.deepEqual([...two.times(), ...requests], one.times());
  assert.equal(resumed.checkpoint().polls, one.times().length);
  await rejectionInTime(two.clock, second);
  await one.clock.advance(600_000);
});

test("a resumed task is asked when it is due, at once when it is overdue", async () => {
  for (const [dueMs, first] of [
    [START + 12_345, 12_345],
    [START, 0],
    [START - 3_600_000, 0],
  ]) {
    const { client, clock, times } = setUp(inTurn(processing(), complete()));
    const checkpoint = basic({ startedMs: START - 3_600_000, dueMs, polls: 41 });
    const finished = await clock.run(client.resume(checkpoint).wait());
    assert.equal(times()[0], first);
    assert.deepEqual([finished.outcome, finished.polls], ["succeeded", 43]);
    // An hour old: √3600 s, but for the phase.
    const interval = times()[1] - times()[0];
    assert(interval >= 54_000 && interval <= 66_000, `${interval} ms`);
  }
});

test("a checkpoint's faults go on growing the back-off", async () => {
  const { client, clock, times } = setUp(inTurn(answer(503), complete()));
  await clock.run(client.resume(basic({ startedMs: START - 1_000, dueMs: START, faults: 3 })).wait());
  // The fourth fault in a row: 16 s, but for the phase.
  assert(times()[1] >= 14_400 && times()[1] <= 17_600, `${times()[1]} ms`);
});

test("a checkpoint's API version wins over the client's", async () => {
  const { client, clock, requests } = setUp(async () => complete(), { apiVersion: "2026-09" });
  await clock.run(client.resume(basic({ apiVersion: "v3" })).wait());
  await value(client.poll(basic({ apiVersion: "2025-09" })));
  await value(client.exports.task("7").wait());
  assert.deepEqual(
    requests.map(({ url }) => new URL(url).pathname),
    ["/crm/v3/exports", "/crm/exports/2025-09", "/crm/exports/2026-09"].map(
      (path) => `${path}/export/async/tasks/7/status`,
    ),
  );
  assert.equal(client.resume(basic({ apiVersion: "v3" })).checkpoint().apiVersion, "v3");
});

test("handles that were opened but never asked do not keep resume() from going on", async () => {
  const { client, clock, times } = setUp(async () => complete());
  const idle = client.exports.task("7");
  const resumed = client.resume(basic({ startedMs: START - 60_000, dueMs: START + 5_000, polls: 8 }));
  assert.equal(resumed.checkpoint().polls, 8);
  assert.equal((await clock.run(resumed.wait())).polls, 9);
  assert.deepEqual(times(), [5_000]);
  assert.equal(idle.latest.status, "COMPLETE");
});

test("resume() of a task that its client polls joins in, and asks no more for it", async () => {
  const { client, clock, times } = setUp(async () => (clock.now() >= START + 20_000 ? complete() : processing()));
  const wait = client.exports.task("7").wait();
  await clock.advance(5_000);
  const resumed = client.resume(basic({ startedMs: START - 3_600_000, dueMs: START, polls: 99 }));
  const ends = await clock.run(Promise.all([wait, resumed.wait()]));
  assert.deepEqual(
    ends.map(({ polls }) => polls),
    [times().length, times().length],
  );
  assert.equal(new Set(times()).size, times().length);
});

test("unknown fields of a checkpoint do nothing here, and come back in the next one: a later version may know them", async () => {
  const { client, times } = setUp(async () => complete());
  const others = { later: { than: "this" }, signal: 5, timeoutMs: -1, none: null };
  const checkpoint = basic(others);
  const step = await value(client.poll(checkpoint));
  assert.equal(step.done, true);
  const task = client.resume(checkpoint);
  assert.equal((await value(task.wait())).outcome, "succeeded");
  assert.deepEqual(times(), [0, 0]);
  for (const next of [step.checkpoint, task.checkpoint()]) {
    for (const [name, value] of Object.entries(others)) assert.deepEqual(next[name], value, name);
    assert.equal((await value(client.poll(next))).checkpoint.later, others.later);
  }
});

test("what a checkpoint has besides never stands in the place of what is known", async () => {
  const { client } = setUp(async () => processing());
  const others = JSON.parse('{ "__proto__": { "polls": 7 }, "constructor": 1, "hasOwnProperty": 2 }');
  const { checkpoint } = await value(client.poll(basic(others)));
  assert.deepEqual([checkpoint.polls, checkpoint.taskId, checkpoint.hasOwnProperty], [1, "7", 2]);
  assert.equal(Object.getPrototypeOf(checkpoint), Object.prototype);
});

test("a TIMEOUT's checkpoint, and that of a task resumed in another client, keep them, too", async () => {
  const { client, clock } = setUp(async () => processing());
  const task = client.resume(basic({ later: 1 }), { timeoutMs: 0 });
  const error = assertError(await rejectionInTime(clock, task.wait()), "TIMEOUT");
  assert.equal(error.checkpoint.later, 1);
  const other = setUp(async () => processing());
  assert.equal(other.client.resume(error.checkpoint).checkpoint().later, 1);
  assert.equal("later" in other.client.exports.task("8").checkpoint(), false);
});

test("a field that differs from a known one in the case of its letters alone is refused, and the one that is meant named", async () => {
  for (const [wrong, right] of [
    ["deadlineMS", "deadlineMs"],
    ["DueMs", "dueMs"],
    ["startedms", "startedMs"],
    ["POLLS", "polls"],
    ["Queued", "queued"],
    ["TaskId", "taskId"],
    ["apiversion", "apiVersion"],
  ]) {
    const said = `checkpoint.${wrong}: got a field that is unknown, takes ${right}`;
    await assertRefused(basic({ [wrong]: 5 }), said, wrong);
  }
  const { client } = setUp(async () => processing());
  for (const fine of ["deadline", "deadline_ms", "polled", "TASK"]) await value(client.poll(basic({ [fine]: 5 })));
});

test("an id that is no text is refused with what a checkpoint takes", async () => {
  for (const [taskId, got] of [[5, "5"], [7n, "a value of type bigint"], [null, "a value of type object"], [["7"], "a value of type object"]]) {
    await assertRefused(basic({ taskId }), `checkpoint.taskId: got ${got}, takes a string`, String(got));
  }
});

test("resume() throws for wrong options, and takes those of a task", async () => {
  const { client, clock, times } = setUp(async () => processing());
  for (const options of [{ timeoutMs: -1 }, { pace: 0 }, { timeoutMs: "5" }, 7])
    assertError(
      thrown(() => client.resume(BASIC, options)),
      "INVALID_ARGUMENT",
    );
  const error = await rejectionInTime(clock, client.resume(BASIC, { timeoutMs: 4_321 }).wait());
  assertError(error, "TIMEOUT");
  assert.equal(times().at(-1), 4_321);
});

// ---------------------------------------------------------------------------------------------------------------
// Deadlines

test("a task's timeoutMs is the deadline that its checkpoint carries, from the making of the handle", async () => {
  const { client, clock } = setUp(async () => processing());
  await clock.advance(1_000);
  const task = client.exports.task("7", { timeoutMs: 60_000 });
  assert.equal(task.checkpoint().deadlineMs, START + 61_000);
  await clock.advance(500);
  assert.equal(assertFits(task.checkpoint()).deadlineMs, START + 61_000);
  assert.equal(client.resume(BASIC, { timeoutMs: 1 }).checkpoint().deadlineMs, START + 1_501);
  for (const timeoutMs of [undefined, null, Infinity])
    assert(!("deadlineMs" in client.exports.task("7", { timeoutMs }).checkpoint()), String(timeoutMs));
  const limited = setUp(async () => processing(), { timeoutMs: 5_000 });
  assert(!("deadlineMs" in limited.client.exports.task("7").checkpoint()), "the client's is its waits' own");
});

test("a deadline is carried on by resume(), unless it is given another one, or none", async () => {
  const { client } = setUp(async () => processing());
  const checkpoint = basic({ deadlineMs: START + 60_000 });
  for (const [timeoutMs, deadlineMs] of [
    [undefined, START + 60_000],
    [null, START + 60_000],
    [5_000, START + 5_000],
    [3_600_000, START + 3_600_000],
    [Infinity, undefined],
  ])
    assert.equal(client.resume(checkpoint, { timeoutMs }).checkpoint().deadlineMs, deadlineMs, String(timeoutMs));
});

test("a task with a deadline, carried through processes, is asked last at its deadline, and then TIMEOUT", async () => {
  for (const timeoutMs of [20_000, 12_345]) {
    const [one, many] = twins({ task: { processingMs: Infinity } });
    const client = new HubSpotTasks({ clock: one.clock, fetch: one.fetch });
    await rejectionInTime(one.clock, client.exports.task(one.taskId, { timeoutMs }).wait());
    assert.equal(one.times().at(-1), timeoutMs);

    const first = new HubSpotTasks({ clock: many.clock, fetch: many.fetch });
    let step = { checkpoint: first.exports.task(many.taskId, { timeoutMs }).checkpoint() };
    let error;
    for (let jobs = 0; !error; jobs++) {
      assert(jobs < 50, "jobs without end");
      const next = new HubSpotTasks({ clock: many.clock, fetch: many.fetch, token: TOKEN });
      const { state, value: given } = await stateOf(next.poll(assertFits(step.checkpoint)));
      if (state === "rejected") error = given;
      else {
        step = given;
        assert.equal(step.checkpoint.deadlineMs, START + timeoutMs);
        assert(many.clock.now() + step.delayMs <= START + timeoutMs, "delayMs ends at the deadline");
        await many.clock.advance(step.delayMs);
      }
    }
    assert.deepEqual(many.times(), one.times());
    assertError(error, "TIMEOUT", { polls: one.times().length, family: "export", taskId: many.taskId });
    assert.equal(error.lastStatus.status, "PROCESSING");
    assert(!("deadlineMs" in assertFits(error.checkpoint)));
    assert.equal(error.checkpoint.polls, one.times().length);
    const onward = await value(
      new HubSpotTasks({ clock: many.clock, fetch: many.fetch }).poll(viaJson(error.checkpoint)),
    );
    assert.deepEqual([onward.outcome, onward.checkpoint.polls], ["running", one.times().length + 1]);
  }
});

test("a job that runs past the deadline asks once, and gives TIMEOUT unless the task is over", async () => {
  for (const [last, code] of [
    [processing(), "TIMEOUT"],
    [answer(503), "TIMEOUT"],
    [complete(), undefined],
  ]) {
    const { client, times } = setUp(async () => last);
    const { state, value: given } = await stateOf(client.poll(basic({ deadlineMs: START - 5_000, polls: 3 })));
    assert.deepEqual(times(), [0]);
    if (code) {
      assertError(given, code, { polls: 4 });
      assert.equal(given.cause?.httpStatus, last.status === 503 ? 503 : undefined);
    } else assert.deepEqual([state, given.outcome], ["fulfilled", "succeeded"]);
  }
});

test("a job at its deadline gives TIMEOUT during a pause, too, with the pause as its cause; before, it says when", async () => {
  const { client, clock, requests } = setUp(async () => answer(477, {}, { "retry-after": "7200" }));
  const timeoutMs = 3_600_000;
  const first = await value(client.poll(basic({ deadlineMs: START + timeoutMs })));
  const during = await value(client.poll(first.checkpoint));
  assert.deepEqual([during.outcome, during.fault.code, during.delayMs], ["running", "MIGRATING", timeoutMs]);
  await clock.advance(timeoutMs);
  const error = assertError(await rejection(client.poll(during.checkpoint)), "TIMEOUT");
  assert.equal(error.cause.code, "MIGRATING");
  assert(!("deadlineMs" in error.checkpoint));
  assert.equal(requests.length, 1);
});

test("wait() on a resumed task ends at the checkpoint's deadline, unless it is given a time of its own", async () => {
  const checkpoint = basic({ startedMs: START - 5_000, dueMs: START, deadlineMs: START + 30_000 });
  for (const [timeoutMs, end] of [
    [undefined, 30_000],
    [45_000, 45_000],
  ]) {
    const { client, clock, times } = setUp(async () => processing());
    assertError(await rejectionInTime(clock, client.resume(checkpoint).wait({ timeoutMs })), "TIMEOUT");
    assert.equal(times().at(-1), end);
  }
  const late = setUp(async () => processing());
  assertError(await rejection(late.client.resume({ ...checkpoint, deadlineMs: START - 1 }).wait()), "TIMEOUT");
  assert.deepEqual(late.times(), [0]);
});

test("a TIMEOUT of wait() carries a checkpoint without a deadline, with which the polling goes on", async () => {
  const { client, clock, times } = setUp(async () => (clock.now() >= START + 60_000 ? complete() : processing()));
  const error = await rejectionInTime(clock, client.exports.task("7", { timeoutMs: 30_000 }).wait());
  const polls = times().length;
  assertError(error, "TIMEOUT", { polls });
  const checkpoint = assertFits(error.checkpoint);
  assert.deepEqual([checkpoint.polls, checkpoint.startedMs, "deadlineMs" in checkpoint], [polls, START, false]);
  const next = new HubSpotTasks({ clock, fetch: async () => complete() });
  const finished = await clock.run(next.resume(checkpoint).wait());
  assert.equal(finished.polls, polls + 1);
  assert.equal(clock.now(), checkpoint.dueMs);
});

// ---------------------------------------------------------------------------------------------------------------
// poll()

test("poll() asks once, even when early", async () => {
  const { client, clock, times } = setUp(async () => processing());
  const checkpoint = basic({ startedMs: START - 100_000, dueMs: START + 9_000, polls: 12 });
  const step = await value(client.poll(checkpoint));
  assert.deepEqual(times(), [0]);
  assert.deepEqual(
    [step.done, step.outcome, step.status, step.fault],
    [false, "running", { status: "PROCESSING" }, undefined],
  );
  assert.equal(step.checkpoint.polls, 13);
  assert.equal(step.checkpoint.dueMs, START + step.delayMs);
  // 100 s old: √100 s, but for the phase.
  assert(step.delayMs >= 9_000 && step.delayMs <= 11_000, `${step.delayMs} ms`);
  assertFits(step.checkpoint);
  await clock.advance(3_600_000);
  assert.deepEqual(times(), [0]);
});

test("two polls at a time are two requests", async () => {
  const { client, times } = setUp(async () => processing());
  const steps = await Promise.all([value(client.poll(BASIC)), value(client.poll(BASIC))]);
  assert.deepEqual(times(), [0, 0]);
  for (const step of steps) assert.equal(step.checkpoint.polls, 1);
});

test("poll() is done when the task has ended, however it has", async () => {
  for (const outcome of ["succeeded", "succeededWithErrors", "failed", "canceled"]) {
    const { client, simulator } = setUpSimulator();
    const taskId = simulator.addTask("fileImport", { outcome });
    const step = await value(client.poll(basic({ family: "fileImport", taskId })));
    assert.deepEqual([step.done, step.outcome], [true, outcome]);
    assert.equal(step.status.status, outcome === "canceled" ? "CANCELED" : "COMPLETE");
    assert.deepEqual(["fault" in step, "delayMs" in step], [false, false]);
    const isSuccess = outcome.startsWith("succeeded");
    assert.deepEqual(["result" in step, "error" in step], [isSuccess, !isSuccess]);
    if (isSuccess) assert.deepEqual(step.result, step.status.result);
    // What wait() would have rejected with.
    else assertError(step.error, outcome.toUpperCase(), { taskId, family: "fileImport", lastStatus: step.status, polls: 1 });
    assert.equal(step.checkpoint.polls, 1);
    assertFits(step.checkpoint);
  }
});

test("an empty answer is a running task", async () => {
  for (const empty of [answer(202), answer(200, "  "), answer(204)]) {
    const { client } = setUp(async () => empty);
    const step = await value(client.poll(BASIC));
    assert.deepEqual([step.done, step.outcome, "fault" in step], [false, "running", false]);
    assert(step.delayMs >= 900 && step.delayMs <= 1_100, `${step.delayMs} ms`);
  }
});

test("a passing fault resolves: the task is running, the fault is told, and the job comes back later", async () => {
  const secret = new TypeError(`fetch failed for ${TOKEN}`);
  const table = [
    [answer(500), "HTTP", 500],
    [answer(502, "<html>"), "HTTP", 502],
    [answer(503), "HTTP", 503],
    [answer(504), "HTTP", 504],
    [answer(408), "HTTP", 408],
    [answer(423), "HTTP", 423],
    [answer(200, "<html>"), "INVALID_RESPONSE", 200],
    [answer(200, '{"status":"PROC'), "INVALID_RESPONSE", 200],
    [() => Promise.reject(secret), "NETWORK", undefined],
  ];
  for (const [first, code, httpStatus] of table) {
    const { client, clock } = setUp(inTurn(first), { token: TOKEN });
    const step = await value(client.poll(basic({ polls: 2 })));
    assert.deepEqual([step.done, step.outcome], [false, "running"]);
    assert(step.fault instanceof HubSpotTaskError);
    assertError(step.fault, code, { httpStatus, family: "export", taskId: "7" });
    assert(step.delayMs >= 1_800 && step.delayMs <= 2_200, `${httpStatus}: 2 s, but for the phase: ${step.delayMs} ms`);
    assert.deepEqual([step.checkpoint.polls, step.checkpoint.faults], [3, 1]);
    assert.equal(step.checkpoint.dueMs, clock.now() + step.delayMs);
    assertFits(step.checkpoint);
    assert(!JSON.stringify(step).includes(TOKEN));
  }
});

test("a pause that HubSpot demands resolves poll() with its end as delayMs", async () => {
  for (const [fault, code, delayMs] of [
    [faults.rateLimited({ retryAfter: 60 }), "RATE_LIMITED", 60_000],
    [faults.rateLimited(), "RATE_LIMITED", 10_000],
    [faults.rateLimitedDaily({ retryAfter: 7_200 }), "RATE_LIMITED", 7_200_000],
    [faults.migrating(), "MIGRATING", 3_600_000],
    [faults.unavailable({ retryAfter: 30 }), "HTTP", 30_000],
  ]) {
    const { client, simulator } = setUpSimulator();
    const taskId = simulator.addTask("export", { processingMs: 5_000 });
    simulator.script([fault]);
    const step = await value(client.poll(basic({ taskId })));
    assert.deepEqual([step.done, step.outcome, step.delayMs], [false, "running", delayMs]);
    assertError(step.fault, code);
    assertFits(step.checkpoint);
  }
});

test("poll() survives a pause that another task's answer demanded", async () => {
  const { client, clock, times } = setUp(inTurn(answer(429, {}, { "retry-after": "60" }), complete()));
  await value(client.poll(BASIC));
  const step = await value(client.poll(basic({ taskId: "8", polls: 4 })));
  assert.deepEqual([step.done, step.outcome, step.delayMs], [false, "running", 60_000]);
  assertError(step.fault, "RATE_LIMITED");
  assert.equal(step.checkpoint.polls, 4, "nothing was asked");
  assert.deepEqual(times(), [0]);
  await clock.advance(60_000);
  assert.equal((await value(client.poll(step.checkpoint))).done, true);
});

test("a request that hangs is a passing fault of poll()", async () => {
  const { client, clock } = setUp(inTurn(hang), { requestTimeoutMs: 5_000 });
  const step = await clock.run(client.poll(BASIC));
  assertError(step.fault, "NETWORK");
  assert.equal(clock.now(), START + 5_000);
});

test("what asking again would not mend rejects poll()", async () => {
  for (const [status, code] of [
    [401, "UNAUTHORIZED"],
    [403, "FORBIDDEN"],
    [404, "NOT_FOUND"],
    [400, "HTTP"],
    [301, "HTTP"],
    [302, "HTTP"],
    [307, "HTTP"],
    [0, "HTTP"],
  ]) {
    const { client, times } = setUp(async () => answer(status, {}, { location: "https://elsewhere.example/" }));
    const error = assertError(await rejection(client.poll(basic({ polls: 5 }))), code, { polls: 6 });
    assert.equal(error.httpStatus, status || undefined);
    assert.deepEqual(times(), [0]);
  }
  const daily = setUp(async () => answer(429, { policyName: "DAILY" }));
  assertError(await rejection(daily.client.poll(BASIC)), "RATE_LIMITED", { httpStatus: 429 });
});

test("poll() repeats once after a 401 with a token function, as one poll", async () => {
  const tokens = [];
  const { client, requests } = setUp(inTurn(answer(401), processing()), {
    token: ({ refresh }) => (tokens.push(refresh), `t${tokens.length}`),
  });
  assert.equal((await value(client.poll(BASIC))).checkpoint.polls, 1);
  assert.deepEqual([tokens, requests.length], [[false, true], 2]);
});

test("a signal aborts poll(), its request, and what waits for the budget; nothing is sent afterwards", async () => {
  const signal = countingSignal();
  const { client, clock, requests } = setUp(hang, { rateLimit: { requests: 1, perMs: 10_000 } });
  const polls = [client.poll(BASIC, { signal }), client.poll(basic({ taskId: "8" }), { signal })];
  const states = polls.map(stateOf);
  assert.deepEqual(
    (await Promise.all(states)).map(({ state }) => state),
    ["pending", "pending"],
  );
  assert.equal(requests.length, 1);
  signal.abort("enough");
  for (const poll of polls) assert.equal(await rejection(poll), "enough");
  assert.equal(requests[0].init.signal.aborted, true);
  assert.equal(signal.listeners, 0);
  await clock.advance(60_000);
  assert.equal(requests.length, 1);

  const aborted = countingSignal({ aborted: true, reason: "before" });
  assert.equal(await rejection(client.poll(BASIC, { signal: aborted })), "before");
  assertError(await rejection(client.poll(BASIC, { signal: {} })), "INVALID_ARGUMENT");
  assertError(await rejection(client.poll(BASIC, 5)), "INVALID_ARGUMENT");
  assert.equal(requests.length, 1);
});

test("no token, result or export URL is in a checkpoint, nor in a step but for its status and its result", async () => {
  const { client, clock } = setUp(
    inTurn(processing({ links: { x: SECRET_URL }, result: SECRET_URL }), complete({ result: SECRET_URL })),
    { token: TOKEN, headers: { "X-Secret": TOKEN } },
  );
  const holds = (given, secret) => JSON.stringify(given).includes(secret);
  for (let done = false; !done;) {
    const step = await value(client.poll(BASIC));
    done = step.done;
    const { status, result, ...rest } = step;
    assert.equal(result, done ? SECRET_URL : undefined);
    assert.equal(holds(status, SECRET_URL), true);
    for (const secret of [TOKEN, SECRET_URL, "secret"]) assert.equal(holds(rest, secret), false);
    assert.equal(holds(status, TOKEN), false);
  }
  const task = client.exports.task("7");
  const finished = await clock.run(task.wait());
  assert.equal(finished.result, SECRET_URL);
  for (const secret of [TOKEN, "secret"]) assert.equal(holds(task.checkpoint(), secret), false);
});

test("poll() changes neither its checkpoint nor takes more than it was given", async () => {
  const { client } = setUp(async () => processing());
  const checkpoint = Object.freeze(basic({ polls: 3, startedMs: START - 60_000, faults: 2 }));
  const step = await value(client.poll(checkpoint));
  assert.deepEqual(checkpoint, basic({ polls: 3, startedMs: START - 60_000, faults: 2 }));
  assert.deepEqual([step.checkpoint.polls, step.checkpoint.faults, step.checkpoint.startedMs], [4, 0, START - 60_000]);
  const bare = Object.assign(Object.create(null), BASIC);
  assert.equal((await value(client.poll(bare))).outcome, "running");
});

// ---------------------------------------------------------------------------------------------------------------
// Damaged, foreign, later

/** Both ways in: poll() rejects, resume() throws, nothing is sent, and the message names the field. */
async function assertRefused(given, field, label = JSON.stringify(given)) {
  const { client, requests, clock } = setUp(async () => complete());
  const errors = [await rejection(client.poll(given)), thrown(() => client.resume(given))];
  for (const error of errors) {
    assert(error instanceof HubSpotTaskError, `${label}: ${error}`);
    assert.equal(error.code, "INVALID_ARGUMENT", label);
    assert(error.message.includes(field), `${label}: ${error.message}`);
  }
  assert.equal(requests.length, 0);
  assert.equal(clock.timers, 0);
}

test("what is no checkpoint is INVALID_ARGUMENT", async () => {
  for (const given of [undefined, null, 0, 1, NaN, "", "x", JSON.stringify(BASIC), true, 5n, Symbol("s"), () => BASIC])
    await assertRefused(given, "checkpoint", String(given));
  for (const given of [{}, [], [BASIC], new Map(Object.entries(BASIC)), new Date(), Promise.resolve(BASIC), /x/])
    await assertRefused(given, "checkpoint.version", Object.prototype.toString.call(given));
  await assertRefused(JSON.parse(`{"__proto__": ${JSON.stringify(BASIC)}}`), "version");
});

test("a damaged, foreign or later checkpoint is INVALID_ARGUMENT, and the message names the field", async () => {
  const odd = [NaN, null, undefined, [], {}, [1], true, false, 1n, () => 1, Symbol("s")];
  const table = {
    version: [...odd, 0, 2, -1, 1.5, "1", Infinity],
    family: [...odd, "", "exports", "Export", "imports", "constructor", "__proto__", "toString", 1, ["export"]],
    taskId: [
      ...odd,
      "",
      ".",
      "..",
      "../7",
      "7/8",
      "7?x",
      "%2e",
      "-7",
      "+7",
      "7.0",
      " 7",
      "7e3",
      "0x7",
      "9223372036854775808",
      7,
      ["7"],
    ],
    apiVersion: [...odd, "", ".", "..", "v3/..", "v3?", "2026 03", "2026-03\n", "ü", 3, ["v3"]],
  };
  for (const [field, wrong] of Object.entries(table))
    for (const value of wrong) await assertRefused(basic({ [field]: value }), field, `${field}: ${String(value)}`);
  for (const field of Object.keys(BASIC)) {
    const { [field]: _, ...rest } = BASIC;
    await assertRefused(rest, field);
  }
  for (const taskId of ["", ".", "..", "\ud800", "a\udfff"])
    await assertRefused(basic({ family: "fileImport", taskId }), "taskId");
  await assertRefused(basic({ family: "sourceCodeExtract", taskId: "2147483648" }), "taskId");
});

test("a number of a checkpoint that is none is INVALID_ARGUMENT, and the message names it", async () => {
  const odd = [
    NaN,
    Infinity,
    -Infinity,
    -1,
    -0.5,
    "0",
    "5",
    "",
    "soon",
    true,
    false,
    [],
    [5],
    {},
    5n,
    () => 5,
    Symbol("s"),
  ];
  const fields = ["polls", "faults", "startedMs", "processingMs", "dueMs", "deadlineMs"];
  for (const field of fields)
    for (const value of odd) await assertRefused(basic({ [field]: value }), field, `${field}: ${String(value)}`);
});

test("a count of a checkpoint is a whole number", async () => {
  for (const field of ["polls", "faults"])
    for (const value of [1.5, 0.1, 2 ** 32, 1e300]) await assertRefused(basic({ [field]: value }), field);
});

test("whether a task was queued is told by a boolean, and by nothing else", async () => {
  for (const queued of [0, 1, "true", "false", "", [], {}, NaN]) await assertRefused(basic({ queued }), "queued");
  const { client } = setUp(async () => processing());
  for (const queued of [true, false]) assert.equal((await value(client.poll(basic({ queued })))).outcome, "running");
});

test("a field of a checkpoint that cannot be read is INVALID_ARGUMENT, and the message names it", async () => {
  const boom = new Error("boom");
  for (const field of [
    "version",
    "family",
    "taskId",
    "apiVersion",
    "polls",
    "faults",
    "startedMs",
    "processingMs",
    "dueMs",
    "deadlineMs",
    "queued",
  ]) {
    const given = basic();
    Object.defineProperty(given, field, {
      enumerable: true,
      get() {
        throw boom;
      },
    });
    await assertRefused(given, field, `${field} throws`);
  }
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  await assertRefused(proxy, "checkpoint", "a revoked proxy");
});

test("what the schema allows is taken, and what it refuses is refused", async () => {
  const numbers = [undefined, 0, 1, START, -1, 0.5, "1", true];
  const variants = [
    ...["export", "fileImport", "exports", 1].map((family) => ({ family })),
    ...["7", "a", "", ".", "..", 7].flatMap((taskId) => [{ taskId }, { taskId, family: "folderUpdate" }]),
    ...["v3", "2026-03", "", "..", "v/3", 3].map((apiVersion) => ({ apiVersion })),
    ...[1, 2, "1", undefined].map((version) => ({ version })),
    ...["polls", "faults", "startedMs", "processingMs", "dueMs", "deadlineMs"].flatMap((name) =>
      // A fraction of a millisecond does no harm.
      numbers.filter((number) => !(number === 0.5 && name.endsWith("Ms"))).map((number) => ({ [name]: number })),
    ),
    { more: { of: [1, 2] } },
  ];
  const { client } = setUp(async () => processing());
  const disagreements = variants.filter((fields) => {
    let isTaken = true;
    try {
      client.resume(viaJson(basic(fields)));
    } catch (error) {
      assertError(error, "INVALID_ARGUMENT");
      isTaken = false;
    }
    return isTaken !== fitsSchema(viaJson(basic(fields)));
  });
  assert.deepEqual(disagreements, []);
  for (const example of schema.examples) client.resume(assertFits(example));
});

test("whatever is given as a checkpoint, poll() settles, and with a step or a HubSpotTaskError", async () => {
  let state = 20_260_821;
  const random = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = (list) => list[random(list.length)];
  // prettier-ignore
  const oddities = [
    undefined, null, NaN, Infinity, -Infinity, -0, 0, 1, 2, -1, 0.5, 1e21, 1e300, Number.MAX_SAFE_INTEGER, 2 ** 31, 2 ** 32,
    START, START - 5e9, START + 5e9, 8.64e15, 9e15, "", "1", "7", ".", "..", "export", "v3", "\ud800", "x".repeat(100_000),
    true, 7n, Symbol("s"), [], {}, [7], new Date(), () => 7, new Proxy({}, {}), { valueOf: () => 7, toString: () => "7" },
  ];
  // prettier-ignore
  const good = {
    version: [1], family: ["export", "fileImport", "folderUpdate", "sourceCodeExtract"], taskId: ["7", "2147483647"],
    apiVersion: ["2026-03", "v3"], polls: [0, 7, 2 ** 32 - 1], faults: [0, 3, 2 ** 32 - 1],
    startedMs: [0, START - 60_000, START, START + 60_000, 8.64e15, Number.MAX_VALUE],
    processingMs: [0, START - 30_000, START + 60_000, 8.64e15], dueMs: [0, START, START + 5_000, Number.MAX_VALUE],
    deadlineMs: [0, START - 1, START, START + 60_000, 8.64e15],
  };
  const answers = [
    processing(),
    complete(),
    answer(202),
    answer(503),
    answer(429),
    answer(200, "<"),
    answer(404),
    processing({ requestedAt: new Date(START - 5_000).toISOString(), startedAt: new Date(START).toISOString() }),
    answer(
      202,
      { status: "PENDING", requestedAt: "x", startedAt: 5 },
      { date: new Date(START).toUTCString(), "retry-after": "9" },
    ),
  ];
  const seen = { fulfilled: 0, rejected: 0 };
  for (let round = 0; round < 1_500; round++) {
    const given = {};
    for (const name of Object.keys(good)) {
      if (random(8) === 0) continue;
      const from = random(12) === 0 ? oddities : good[name];
      const chosen = pick(from);
      if (random(40) === 0)
        Object.defineProperty(given, name, { enumerable: true, get: () => (random(2) ? chosen : thrower()) });
      else given[name] = chosen;
    }
    const { client } = setUp(async () => pick(answers));
    const { state: how, value: outcome } = await quickly(client.poll(given));
    const label = () => `round ${round}: ${how} ${String(outcome?.stack ?? outcome)}`;
    assert.notEqual(how, "pending", label());
    seen[how]++;
    if (how === "rejected") assert(outcome instanceof HubSpotTaskError, label());
    else {
      assert.equal(outcome.done, outcome.outcome !== "running", label());
      if (!outcome.done) assert(outcome.delayMs >= 0 && Number.isFinite(outcome.delayMs), label());
      fitsSchema(viaJson(outcome.checkpoint));
      assert.deepEqual(fitsSchema.errors, null, label());
    }
  }
  assert(seen.fulfilled > 100 && seen.rejected > 100, JSON.stringify(seen));

  function thrower() {
    throw new RangeError("boom");
  }

  /** As stateOf, but for thousands of calls. */
  async function quickly(promise) {
    const result = { state: "pending", value: undefined };
    promise.then(
      (value) => Object.assign(result, { state: "fulfilled", value }),
      (value) => Object.assign(result, { state: "rejected", value }),
    );
    for (let turn = 0; turn < 3 && result.state === "pending"; turn++)
      await new Promise((resolve) => setImmediate(resolve));
    return result;
  }
});
