// onEvent: what a client tells of its tasks, and what its handler cannot break.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { project } from "./pack.mjs";
import {
  HubSpotTasks,
  START,
  answer,
  assertError,
  complete,
  countingSignal,
  faults,
  hang,
  inTurn,
  processing,
  rejection,
  rejectionInTime,
  setUp,
  setUpSimulator,
  test,
  turns,
  value,
  virtualClock,
} from "./support.mjs";

const iso = (ms) => new Date(START + ms).toISOString();
const down = async () => {
  throw new TypeError("fetch failed");
};

/** A client whose events are kept; `at` counts from 0. */
function observed(fetch, options = {}) {
  const events = [];
  const onEvent = (event) => events.push({ ...event, at: event.at - START });
  return { events, ...setUp(fetch, { onEvent, ...options }) };
}

/** What all events of export 7 have. */
const of7 = (events) => events.map((event) => ({ family: "export", taskId: "7", ...event }));

const types = (events) => events.map(({ type }) => type);
const only = (events, type) => events.filter((event) => event.type === type);

/** Answers after `ms`. */
const after = (clock, ms, response) => new Promise((resolve) => clock().setTimeout(() => resolve(response), ms));

// ---------------------------------------------------------------------------------------------------------------
// What is told

test("a task's events tell its polls, its changes and its end, in order", async () => {
  const clockOf = () => clock;
  const answers = [
    answer(202, { status: "PENDING" }),
    answer(202, { status: "PENDING" }),
    answer(202, ""),
    processing(),
    complete({ completedAt: iso(3_000) }),
  ];
  const { client, clock, events, times } = observed((url, init, number) =>
    after(clockOf, 100 + number, answers[number - 1]),
  );
  const finished = await clock.run(client.exports.task("7").wait());
  const [a, b, c, d, e] = times();
  assert.equal(times().length, 5);
  assert.deepEqual(
    events,
    of7([
      { type: "asked", poll: 1, at: a },
      { type: "answered", poll: 1, httpStatus: 202, durationMs: 101, at: a + 101 },
      { type: "changed", status: "PENDING", at: a + 101 },
      { type: "asked", poll: 2, at: b },
      { type: "answered", poll: 2, httpStatus: 202, durationMs: 102, at: b + 102 },
      { type: "asked", poll: 3, at: c },
      { type: "answered", poll: 3, httpStatus: 202, durationMs: 103, at: c + 103 },
      { type: "asked", poll: 4, at: d },
      { type: "answered", poll: 4, httpStatus: 202, durationMs: 104, at: d + 104 },
      { type: "changed", status: "PROCESSING", at: d + 104 },
      { type: "asked", poll: 5, at: e },
      { type: "answered", poll: 5, httpStatus: 200, durationMs: 105, at: e + 105 },
      { type: "changed", status: "COMPLETE", at: e + 105 },
      { type: "finished", outcome: "succeeded", polls: 5, detectionDelayMs: e + 105 - 3_000, at: e + 105 },
    ]),
  );
  assert.equal(finished.detectionDelayMs, e + 105 - 3_000);
});

test("events name the task that they are about, whatever else the client does", async () => {
  const events = [];
  const { client, clock, simulator } = setUpSimulator({ onEvent: (event) => events.push(event) });
  const families = {
    fileImport: client.fileImports,
    folderUpdate: client.folderUpdates,
    export: client.exports,
    sourceCodeExtract: client.sourceCodeExtracts,
  };
  const tasks = Object.entries(families).map(([name, family]) =>
    family.task(simulator.addTask(name, { processingMs: 4_000 })),
  );
  const ends = await clock.run(Promise.all(tasks.map((task) => task.wait())));
  for (const [index, task] of tasks.entries()) {
    const own = events.filter(({ family, taskId }) => family === task.family && taskId === task.id);
    assert.deepEqual(
      only(own, "asked").map(({ poll }) => poll),
      Array.from({ length: ends[index].polls }, (_, poll) => poll + 1),
    );
    assert.deepEqual(
      only(own, "changed").map(({ status }) => status),
      ["PROCESSING", "COMPLETE"],
    );
    assert.deepEqual(types(own.slice(-1)), ["finished"]);
  }
  assert.equal(only(events, "finished").length, 4);
});

test("a task's end is told with its outcome, whatever that is", async () => {
  for (const [outcome, family] of [
    ["succeeded", "fileImport"],
    ["succeededWithErrors", "fileImport"],
    ["failed", "fileImport"],
    ["canceled", "export"],
  ]) {
    const events = [];
    const { client, clock, simulator } = setUpSimulator({ onEvent: (event) => events.push(event) });
    const id = simulator.addTask(family, { processingMs: 2_500, outcome });
    const task = family === "export" ? client.exports.task(id) : client.fileImports.task(id);
    const end = await clock.run(task.wait().catch((error) => error));
    const [finished, ...more] = only(events, "finished");
    assert.deepEqual(more, [], "once, not for the wait as well");
    assert.equal(finished.outcome, outcome);
    assert.equal(finished.polls, end.polls);
    assert.equal(finished.code, end.code, "that with which a wait rejects, if it does");
    assert.equal(finished.detectionDelayMs, finished.at - START - 2_500, outcome);
  }
});

test("detectionDelayMs is absent where HubSpot did not say when the task was over", async () => {
  const { client, events } = observed(async () => complete());
  await value(client.exports.task("7").wait());
  assert.deepEqual(only(events, "finished"), of7([{ type: "finished", outcome: "succeeded", polls: 1, at: 0 }]));
});

test("one poll that serves many is told once, and so is the end", async () => {
  const { client, clock, events, times } = observed(inTurn(processing(), complete()));
  const waits = [1, 2, 3].map(() => client.exports.task("7").wait());
  await clock.run(Promise.all(waits));
  assert.equal(times().length, 2);
  assert.deepEqual(types(events), ["asked", "answered", "changed", "asked", "answered", "changed", "finished"]);
});

test("a passing fault is told with its code and how long it is to the next poll", async () => {
  const { client, clock, events, times } = observed(
    inTurn(processing(), answer(503), down, answer(200, "<html>"), answer(423), complete()),
  );
  await clock.run(client.exports.task("7").wait());
  const at = times();
  assert.deepEqual(
    only(events, "retrying"),
    of7([
      { type: "retrying", code: "HTTP", delayMs: at[2] - at[1], at: at[1] },
      { type: "retrying", code: "NETWORK", delayMs: at[3] - at[2], at: at[2] },
      { type: "retrying", code: "INVALID_RESPONSE", delayMs: at[4] - at[3], at: at[3] },
      { type: "retrying", code: "HTTP", delayMs: at[5] - at[4], at: at[4] },
    ]),
  );
  assert.deepEqual(types(events), [
    ...["asked", "answered", "changed"],
    ...["asked", "answered", "retrying"],
    ...["asked", "retrying"], // no answer came
    ...["asked", "answered", "retrying"],
    ...["asked", "answered", "retrying"],
    ...["asked", "answered", "changed", "finished"],
  ]);
  assert.deepEqual(
    only(events, "answered").map(({ poll, httpStatus }) => [poll, httpStatus]),
    [
      [1, 202],
      [2, 503],
      [4, 200],
      [5, 423],
      [6, 200],
    ],
  );
});

for (const [why, options] of [
  ["the deadline comes first", { timeoutMs: 1_000 }],
  ["a wait has a pace of its own", { pace: 3 }],
]) {
  test(`a retry is told with the time to the next poll where ${why}`, async () => {
    const { client, clock, events, times } = observed(inTurn(processing(), answer(503), complete()));
    const task = client.exports.task("7");
    await value(task.status());
    await clock.advance(100_000);
    await clock.run(task.wait(options));
    assert.equal(times().length, 3);
    assert.deepEqual(
      only(events, "retrying").map(({ delayMs }) => delayMs),
      [times()[2] - times()[1]],
    );
  });
}

test("a fault of the last poll, at the deadline, is not told as one that is retried", async () => {
  const { client, events } = observed(async () => answer(503));
  assertError(await rejection(client.exports.task("7").wait({ timeoutMs: 0 })), "TIMEOUT");
  assert.deepEqual(types(events), ["asked", "answered", "finished"]);
});

test("the fault that shows a set-up to be hopeless is not told as one that is retried", async () => {
  const { client, clock, events, times } = observed(down);
  assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "NETWORK");
  assert.equal(times().length, 3);
  assert.equal(only(events, "retrying").length, 2);
});

test("an attempt that takes too long is a NETWORK fault that is retried", async () => {
  const { client, clock, events } = observed(inTurn(hang, complete()), { requestTimeoutMs: 5_000 });
  await clock.run(client.exports.task("7").wait());
  assert.deepEqual(types(events), ["asked", "retrying", "asked", "answered", "changed", "finished"]);
  const [retry] = only(events, "retrying");
  assert.deepEqual([retry.code, retry.at], ["NETWORK", 5_000]);
});

test("a pause that HubSpot asks for is told with its reason and its length", async () => {
  for (const [response, reason, delayMs] of [
    [answer(429), "rate-limit", 10_000],
    [answer(429, "", { "retry-after": "7" }), "rate-limit", 7_000],
    [answer(477, "", { "retry-after": "40" }), "retry-after", 40_000],
    [answer(477), "retry-after", 10_000],
  ]) {
    const { client, clock, events, times } = observed(inTurn(processing(), response, complete()));
    await clock.run(client.exports.task("7").wait());
    const [, at, next] = times();
    const expected = of7([
      { type: "asked", poll: 2, at },
      { type: "answered", poll: 2, httpStatus: response.status, durationMs: 0, at },
      { type: "throttled", reason, delayMs, at },
      { type: "asked", poll: 3, at: next },
    ]);
    assert.deepEqual(events.slice(3, 7), expected);
    assert.equal(next - at, delayMs);
    assert.equal(only(events, "retrying").length, 0, "it is told once");
  }
});

test("a poll that the rate limit holds back is told with how long it was held back", async () => {
  const { client, clock, events, requests } = observed(async () => complete(), {
    rateLimit: { requests: 2, perMs: 10_000 },
  });
  await clock.run(Promise.all(["1", "2", "3", "4", "5"].map((id) => client.exports.task(id).wait())));
  assert.deepEqual(
    requests.map(({ at }) => at),
    [0, 0, 10_000, 10_000, 20_000],
  );
  const throttled = only(events, "throttled");
  assert.deepEqual(
    throttled.map(({ reason, delayMs, at }) => [reason, delayMs, at]),
    [
      ["budget", 10_000, 10_000],
      ["budget", 10_000, 10_000],
      ["budget", 20_000, 20_000],
    ],
  );
  for (const { taskId } of throttled) {
    const own = events.filter((event) => event.taskId === taskId);
    assert.deepEqual(types(own), ["throttled", "asked", "answered", "changed", "finished"]);
  }
});

test("a poll that maxConcurrent holds back is told with how long it was held back", async () => {
  const clockOf = () => clock;
  const { client, clock, events, times } = observed(() => after(clockOf, 700, complete()), { maxConcurrent: 1 });
  await clock.run(Promise.all(["1", "2", "3"].map((id) => client.exports.task(id).wait())));
  assert.deepEqual(times(), [0, 700, 1_400]);
  assert.deepEqual(
    only(events, "throttled").map(({ reason, delayMs }) => [reason, delayMs]),
    [
      ["budget", 700],
      ["budget", 1_400],
    ],
  );
});

test("only the budget is told as the budget: not a timer that rings late, nor a clock that was set forth", async () => {
  for (const late of [1, 15, 3_600_000]) {
    const { client, clock, events, requests } = observed(inTurn(processing(), processing(), complete()));
    const { setTimeout } = clock;
    // The time leaps whenever a timer rings, as after a computer's sleep.
    clock.setTimeout = (callback, ms) =>
      setTimeout(() => {
        clock.set(clock.now() + late);
        callback();
      }, ms);
    await clock.run(client.exports.task("7").wait({ timeoutMs: Infinity }));
    assert.equal(requests.length, 3);
    assert.deepEqual(only(events, "throttled"), [], `${late} ms late`);
  }
});

test("only the budget is told as the budget: not a waiter who is more eager than those before", async () => {
  const { client, clock, events, times } = observed(inTurn(processing(), processing(), complete()));
  const task = client.exports.task("7");
  await value(task.status());
  await clock.advance(100_000);
  const patient = task.wait({ pace: 30 });
  await clock.advance(20_000);
  assert.deepEqual(times(), [0, 100_000]);
  const eager = task.wait({ pace: 1 });
  await clock.run(Promise.all([patient, eager]));
  assert.deepEqual(times(), [0, 100_000, 120_000], "overdue for the eager one: asked at once");
  assert.deepEqual(only(events, "throttled"), []);
});

test("only the budget is told as the budget: not a consumer of statuses() who was slow, nor a later wait()", async () => {
  const { client, clock, events } = observed(inTurn(processing({ n: 1 }), processing({ n: 2 }), complete()));
  const task = client.exports.task("7");
  const iterator = task.statuses();
  await value(iterator.next());
  await clock.advance(100_000);
  await value(iterator.next());
  await clock.advance(100_000);
  await value(iterator.return());
  await clock.run(task.wait());
  assert.deepEqual(only(events, "throttled"), []);
});

test("a wait that ends with an error is told, after its last poll", async () => {
  for (const [responses, options, code, polls] of [
    [[answer(404)], {}, "NOT_FOUND", 1],
    [[answer(403)], {}, "FORBIDDEN", 1],
    [[answer(429, { policyName: "DAILY" })], {}, "RATE_LIMITED", 1],
    [[processing()], { timeoutMs: 1_000 }, "TIMEOUT", 3],
    [[down], {}, "NETWORK", 3],
  ]) {
    const { client, clock, events } = observed(inTurn(...responses));
    const error = assertError(await rejectionInTime(clock, client.exports.task("7").wait(options)), code, { polls });
    assert.deepEqual(
      only(events, "finished").map(({ at, ...event }) => event),
      of7([{ type: "finished", outcome: "error", code, polls: error.polls }]),
    );
    assert.deepEqual(types(events.slice(-1)), ["finished"]);
  }
});

test("a pause past the deadline is told, and then the wait's end", async () => {
  const { client, events } = observed(async () => answer(429, "", { "retry-after": "60" }));
  assertError(await rejection(client.exports.task("7").wait({ timeoutMs: 5_000 })), "RATE_LIMITED");
  assert.deepEqual(events.slice(2), of7([
    { type: "throttled", reason: "rate-limit", delayMs: 60_000, at: 0 },
    { type: "finished", outcome: "error", code: "RATE_LIMITED", polls: 1, at: 0 },
  ]));
});

test("it is told when the last of those who waited leaves, and not before", async () => {
  const { client, clock, events } = observed(async () => processing());
  const signals = [countingSignal(), countingSignal()];
  const waits = signals.map((signal) => client.exports.task("7").wait({ signal }));
  for (const wait of waits) wait.catch(() => {});
  await clock.advance(500);
  signals[0].abort("enough");
  await turns();
  assert.deepEqual(only(events, "finished"), []);
  signals[1].abort("enough");
  await turns();
  assert.deepEqual(only(events, "finished"), of7([{ type: "finished", outcome: "aborted", polls: 1, at: 500 }]));
  for (const wait of waits) assert.equal(await rejection(wait), "enough");
});

test("an iteration that is left is told, one that ended is not told twice", async () => {
  const left = observed(async () => processing());
  for await (const _ of left.client.exports.task("7")) break;
  assert.deepEqual(only(left.events, "finished"), of7([{ type: "finished", outcome: "aborted", polls: 1, at: 0 }]));

  const ended = observed(inTurn(processing(), complete()));
  const iterator = ended.client.exports.task("7").statuses();
  while (!(await ended.clock.run(iterator.next())).done);
  await iterator.return();
  assert.deepEqual(
    only(ended.events, "finished").map(({ outcome }) => outcome),
    ["succeeded"],
  );
});

test("status() is not told as a poll, but a changed status that it finds is told, and the end", async () => {
  const { client, events } = observed(
    inTurn(processing(), processing(), answer(503), answer(429), complete({ completedAt: iso(0) })),
    { requestTimeoutMs: 30_000 },
  );
  const task = client.exports.task("7");
  await value(task.status());
  await value(client.exports.status("7"));
  assert.deepEqual(events, of7([{ type: "changed", status: "PROCESSING", at: 0 }]), "told once");
  assertError(await rejection(task.status()), "HTTP");
  assert.deepEqual(types(events), ["changed"], "its fault is its caller's affair");
});

test("the end that a status() finds is told with the polls that there were", async () => {
  const { client, events } = observed(async () => complete({ completedAt: iso(0) }));
  const task = client.exports.task("7");
  await value(task.status());
  assert.deepEqual(events, of7([
    { type: "changed", status: "COMPLETE", at: 0 },
    { type: "finished", outcome: "succeeded", polls: 0, detectionDelayMs: 0, at: 0 },
  ]));
});

test("a poll that poll(checkpoint) sends is told as asked and answered, with its number", async () => {
  const { client, clock, events } = observed(inTurn(processing(), answer(503), complete()));
  let checkpoint = client.exports.task("7").checkpoint();
  for (let step; !step?.done; ) {
    step = await value(client.poll(checkpoint));
    checkpoint = step.checkpoint;
    await clock.advance(step.delayMs ?? 0);
  }
  const about = ({ type, poll }) => [type, poll];
  assert.deepEqual(
    events.filter(({ type }) => type === "asked" || type === "answered").map(about),
    [1, 2, 3].flatMap((poll) => [
      ["asked", poll],
      ["answered", poll],
    ]),
  );
  assert.equal(only(events, "finished").length, 1);
});

test("the repeat after a 401 belongs to its poll", async () => {
  const { client, events } = observed(inTurn(answer(401), complete()), { token: ({ refresh }) => `t${refresh}` });
  await value(client.exports.task("7").wait());
  assert.deepEqual(types(events), ["asked", "answered", "changed", "finished"]);
  assert.deepEqual([events[0].poll, events[1].poll, events[1].httpStatus, events[3].polls], [1, 1, 200, 1]);
});

test("polls are numbered on across a resume", async () => {
  const { client, clock, events } = observed(inTurn(processing(), processing(), complete()));
  const error = await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs: 500 }));
  events.length = 0;
  const other = new HubSpotTasks({ clock, fetch: async () => complete(), onEvent: (event) => events.push(event) });
  await clock.run(other.resume(error.checkpoint).wait());
  assert.deepEqual(
    events.map(({ type, poll, polls }) => [type, poll ?? polls]),
    [
      ["asked", 3],
      ["answered", 3],
      ["changed", undefined],
      ["finished", 3],
    ],
  );
});

// ---------------------------------------------------------------------------------------------------------------
// What the handler cannot break

/** What everybody would get without a handler. */
const SCRIPT = [
  processing(),
  answer(503),
  answer(429, "", { "retry-after": "2" }),
  down,
  processing({ n: 2 }),
  complete(),
];

async function timesAndEnd(options) {
  const { client, clock, times } = setUp(inTurn(...SCRIPT), options);
  const { outcome, polls } = await clock.run(client.exports.task("7").wait());
  return { outcome, polls, times: times() };
}

test("a handler that throws, or spoils what it is given, harms nothing", async () => {
  const expected = await timesAndEnd({});
  let calls = 0;
  for (const onEvent of [
    () => {
      calls++;
      throw new Error("boom");
    },
    () => {
      throw undefined;
    },
    (event) => {
      for (const name of Object.keys(event)) delete event[name];
      Object.freeze(event);
    },
    () => ({
      get then() {
        throw new Error("boom");
      },
    }),
  ]) {
    assert.deepEqual(await timesAndEnd({ onEvent }), expected);
  }
  assert(calls > 10);
});

test("an async handler that rejects harms nothing, not even the process", () => {
  // In a process of its own: an unhandled rejection would end it.
  const script = `
    import { HubSpotTasks } from "hubspot-async-tasks";
    const client = new HubSpotTasks({
      fetch: async () => ({ status: 200, body: { status: "COMPLETE", result: "x" } }),
      onEvent: async () => { throw new Error("boom"); },
    });
    const { outcome } = await client.exports.task("7").wait();
    await new Promise((resolve) => setTimeout(resolve, 10));
    console.log(outcome);
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: project,
    encoding: "utf8",
  });
  assert.deepEqual([stdout.trim(), status], ["succeeded", 0], stderr);
});

test("a handler is called without `this`, with one plain object of its own each time", async () => {
  const calls = [];
  const { client } = setUp(async () => complete(), {
    onEvent (...args) {
      calls.push([this, ...args]);
    },
  });
  await value(client.exports.task("7").wait());
  assert.equal(calls.length, 4);
  for (const [self, event, ...more] of calls) {
    assert.deepEqual([self, more], [undefined, []]);
    assert.equal(Object.getPrototypeOf(event), Object.prototype);
    assert.deepEqual(JSON.parse(JSON.stringify(event)), event);
  }
  assert.equal(new Set(calls.map(([, event]) => event)).size, 4);
});

test("a handler is not called from within wait(), status() or statuses()", async () => {
  const { client, events, clock } = observed(async () => processing());
  const task = client.exports.task("7");
  const signal = countingSignal();
  const waits = [task.wait({ signal }), task.status()];
  assert.deepEqual(events, []);
  for (const wait of waits) wait.catch(() => {});
  await clock.advance(100);
  assert(events.length > 0);
  signal.abort();
});

test("a handler may come back into the client", async () => {
  for (const type of ["asked", "answered", "changed", "retrying", "throttled", "finished"]) {
    const inner = [];
    let isFirst = true;
    const { client, clock } = setUp(inTurn(...SCRIPT), {
      onEvent(event) {
        if (event.type !== type || !isFirst) return;
        isFirst = false;
        const task = client.exports.task("7");
        assert.equal(task.checkpoint().taskId, "7");
        assert.equal(typeof client.learned(), "object");
        const iterator = task.statuses();
        inner.push(
          task.wait(),
          client.exports.task("8").wait(),
          iterator.next().then(() => iterator.return()),
          client.exports.status("9").catch(() => {}),
          client.poll(task.checkpoint()).catch(() => {}),
        );
      },
    });
    assert.equal((await clock.run(client.exports.task("7").wait())).outcome, "succeeded", type);
    assert.equal(inner.length, 5, type);
    const [same, other] = await clock.run(Promise.all(inner));
    assert.deepEqual([same.outcome, other.outcome], ["succeeded", "succeeded"], type);
  }
});

for (const type of ["asked", "answered", "changed", "retrying", "throttled"]) {
  test(`an abort from within the handler of "${type}" ends the wait with its reason, and nothing is sent afterwards`, async () => {
    const signal = countingSignal();
    let sent;
    const { client, clock, requests } = setUp(inTurn(...SCRIPT), {
      onEvent(event) {
        if (event.type !== type || sent !== undefined) return;
        sent = requests.length;
        signal.abort(type);
      },
    });
    const wait = client.exports.task("7").wait({ signal });
    assert.equal(await rejectionInTime(clock, wait), type);
    await clock.advance(600_000);
    assert.equal(requests.length, sent);
    assert.deepEqual([signal.listeners, clock.timers], [0, 0]);
  });
}

test("an abort from within the handler that hears of the budget sends nothing afterwards", async () => {
  const signal = countingSignal();
  const { client, clock, requests } = setUp(async () => processing(), {
    rateLimit: { requests: 1, perMs: 5_000 },
    onEvent: ({ type }) => type === "throttled" && signal.abort("budget"),
  });
  await value(client.exports.status("1"));
  const wait = client.exports.task("7").wait({ signal });
  assert.equal(await rejectionInTime(clock, wait), "budget");
  assert.equal(clock.now(), START + 5_000);
  await clock.advance(600_000);
  assert.deepEqual([requests.length, signal.listeners, clock.timers], [1, 0, 0]);
});

test("an abort from within the handler of the task's end comes too late or ends the wait, but leaves nothing behind", async () => {
  const signal = countingSignal();
  const { client, clock, requests } = setUp(async () => complete(), {
    onEvent: ({ type }) => type === "finished" && signal.abort("late"),
  });
  const wait = client.exports.task("7").wait({ signal });
  const end = await clock.run(wait.catch((reason) => reason));
  assert(end === "late" || end.outcome === "succeeded");
  assert.deepEqual([signal.listeners, clock.timers, requests.length], [0, 0, 1]);
});

test("no token, no export's URL and no text of the server's is in any event", async () => {
  const secret = "pat-eu1-11111111-2222-3333-4444-555555555555";
  const events = [];
  const { client, clock, simulator } = setUpSimulator({
    token: ({ refresh }) => (refresh ? `${secret}-b` : `${secret}-a`),
    onEvent: (event) => events.push(event),
  });
  const echo = { status: "error", message: `Bearer ${secret}-a is wrong`, category: secret, correlationId: secret };
  simulator.script([
    faults.unauthorized(),
    {},
    { status: 503, body: echo },
    { status: 200, body: `<html>${secret}` },
    { status: 429, body: echo, headers: { "retry-after": "3" } },
    "network-error",
  ]);
  const id = simulator.addTask("export", { processingMs: 60_000 });
  // Held, since a task that nobody holds may be collected: its polls would be counted anew.
  const task = client.exports.task(id);
  const { result } = await clock.run(task.wait());
  await clock.run(task.wait());
  const failing = client.exports.task("8").wait();
  assertError(await rejectionInTime(clock, failing), "FORBIDDEN");
  const every = ["answered", "asked", "changed", "finished", "retrying", "throttled"];
  assert.deepEqual([...new Set(types(events))].sort(), every);
  assert(result.startsWith("https://"));
  const text = JSON.stringify(events);
  assert.doesNotMatch(text, /https?:|pat-eu1|11111111|Bearer|html/);
});

test("onEvent that is no function is INVALID_ARGUMENT; null is not given", async () => {
  for (const onEvent of [5, "f", {}, true]) {
    assert.throws(() => new HubSpotTasks({ onEvent }), (error) => {
      assertError(error, "INVALID_ARGUMENT");
      return error.message.startsWith("onEvent: ");
    });
  }
  const client = new HubSpotTasks({ clock: virtualClock(), onEvent: null, fetch: async () => complete() });
  await value(client.exports.task("7").wait());
});
