// Deadlines of waits, waits that share a task, and tasks that have ended.
import assert from "node:assert/strict";
import {
  FAMILIES,
  HubSpotTasks,
  START,
  answer,
  assertError,
  complete,
  deferred,
  hang,
  inTurn,
  processing,
  rejection,
  rejectionInTime,
  setUp,
  setUpSimulator,
  stateOf,
  test,
  turns,
  value,
} from "./support.mjs";

const iso = (ms) => new Date(START + ms).toISOString();

test("the last request is sent exactly at the deadline, and its answer settles the wait", async () => {
  for (const timeoutMs of [1, 999, 1_500, 10_000, 33_333]) {
    const { client, clock, times } = setUp(async () => processing());
    const error = await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs }));
    assertError(error, "TIMEOUT", {
      polls: times().length,
      lastStatus: { status: "PROCESSING" },
      cause: undefined,
      taskId: "7",
    });
    assert.equal(times().at(-1), timeoutMs);

    const lucky = setUp(async () => (lucky.clock.now() === START + timeoutMs ? complete() : processing()));
    assert.equal((await lucky.clock.run(lucky.client.exports.task("7").wait({ timeoutMs }))).outcome, "succeeded");
  }
});

test("a TIMEOUT says how many polls there were, the last status, the time that was given and how to go on", async () => {
  const next = "Wait longer, or give this error's checkpoint to resume\\(\\)$";
  const error = { message: "not now" };
  const table = [
    [processing, {}, "within timeoutMs \\(900000, without the time in HubSpot's queue\\) \\(polls: \\d+, last status: PROCESSING\\)\\. It goes on at HubSpot\\. "],
    [processing, { timeoutMs: 5_000 }, "within timeoutMs \\(5000\\) \\(polls: \\d, last status: PROCESSING\\)\\. It goes on at HubSpot\\. "],
    [() => answer(200, { status: "FAILED" }), { timeoutMs: 0 }, "within timeoutMs \\(0\\) \\(polls: 1, last status: FAILED\\)\\. "],
    [() => answer(200, ""), { timeoutMs: 0 }, "within timeoutMs \\(0\\) \\(polls: 1, last status: none\\)\\. "],
    [() => answer(503, error), { timeoutMs: 0 }, "last status: none\\)\\. The last poll failed: .*503.*: not now\\. "],
  ];
  for (const [reply, options, said] of table) {
    const { client, clock } = setUp(async () => reply());
    const { message } = assertError(await rejectionInTime(clock, client.exports.task("7").wait(options)), "TIMEOUT");
    assert.match(message, new RegExp(`^export 7: the task was not over .*${said}${next}`));
    assert.equal(message.includes("goes on"), reply === processing);
  }
  const inTask = setUp(async () => processing());
  const ofTask = await rejectionInTime(inTask.clock, inTask.client.exports.task("7", { timeoutMs: 3_000 }).wait());
  assert.match(ofTask.message, /within timeoutMs \(3000\)/);
});

test("a TIMEOUT tells of the queue and of a task that goes on by what its family has", async () => {
  const ofForm = (status) => ({ status });
  const ofImport = (state) => ({ id: "7", state, createdAt: "2026-08-21T10:00:00Z" });
  // Its body, whether its family queues, and whether the word says that it goes on.
  const table = [
    ["fileImports", ofForm("PENDING"), false, true],
    ["exports", ofForm("PENDING"), true, true],
    ["exports", ofForm("DEFERRED"), true, false],
    ["imports", ofImport("DEFERRED"), true, true],
    ["imports", ofImport("STARTED"), true, true],
    ["imports", ofImport("PROCESSING"), true, true],
    ["imports", ofImport("PENDING"), true, false],
  ];
  for (const [family, body, queues, goesOn] of table) {
    const { client, clock } = setUp(async () => answer(200, body));
    const { message } = assertError(await clock.run(client[family].task("7").wait().catch((error) => error)), "TIMEOUT");
    const limit = `within timeoutMs (900000${queues ? ", without the time in HubSpot's queue" : ""}) (`;
    assert(message.includes(limit), message);
    assert.equal(message.includes("It goes on at HubSpot"), goesOn, message);
  }
});

test("a TIMEOUT of a checkpoint's deadline names no time that nobody gave", async () => {
  const { client, clock } = setUp(async () => processing());
  const checkpoint = { ...client.exports.task("7").checkpoint(), deadlineMs: START + 2_000 };
  const resumed = await rejectionInTime(clock, client.resume(checkpoint).wait());
  const polled = await rejection(client.poll(checkpoint));
  for (const error of [resumed, polled]) {
    assert.match(assertError(error, "TIMEOUT").message, /^export 7: the task was not over by its checkpoint's deadline \(polls: /);
  }
});

test("CANCELED says its reason, as FAILED does", async () => {
  const table = [
    [[{ message: "the file is too large" }], "the file is too large"],
    [[{ message: "first" }, { message: "second" }], "first"],
  ];
  for (const [errors, reason] of table) {
    for (const [status, code] of [["CANCELED", "CANCELED"], ["COMPLETE", "FAILED"]]) {
      const { client } = setUp(async () => answer(200, { status, errors }));
      const { message } = assertError(await rejection(client.exports.task("7").wait()), code);
      assert(message.includes(`: ${reason}`), message);
    }
  }
  for (const errors of [undefined, null, [], [{}], "no list"]) {
    const { client } = setUp(async () => answer(200, { status: "CANCELED", errors }));
    const { message } = assertError(await rejection(client.exports.task("7").wait()), "CANCELED");
    assert.equal(message, "export 7: HubSpot canceled the task. Start it again");
  }
});

test("timeoutMs 0 asks once", async () => {
  const { client, clock, requests } = setUp(inTurn(processing(), complete()));
  const task = client.exports.task("7");
  assertError(await rejection(task.wait({ timeoutMs: 0 })), "TIMEOUT", { polls: 1 });
  assert.equal(requests.length, 1);
  assert.equal((await value(task.wait({ timeoutMs: 0 }))).outcome, "succeeded");
  assert.equal(clock.timers, 0);
});

test("a poll that is under way at the deadline is awaited", async () => {
  const reply = deferred();
  const { client, clock } = setUp(() => reply.promise);
  const wait = client.exports.task("7").wait({ timeoutMs: 5_000 });
  await clock.advance(20_000);
  assert.equal((await stateOf(wait)).state, "pending");
  reply.resolve(complete());
  assert.equal((await value(wait)).outcome, "succeeded");
});

test("timeoutMs of a wait wins over the task's, and that over the client's; Infinity is none", async () => {
  const { client, clock, times } = setUp(async () => processing(), { timeoutMs: 3_000 });
  for (const [task, wait, expected] of [
    [undefined, undefined, 3_000],
    [2_000, undefined, 2_000],
    [2_000, 4_000, 4_000],
    [undefined, 5_000, 5_000],
  ]) {
    const before = clock.now() - START;
    assertError(
      await rejectionInTime(clock, client.exports.task("7", { timeoutMs: task }).wait({ timeoutMs: wait })),
      "TIMEOUT",
    );
    assert.equal(times().at(-1) - before, expected);
  }
  const { simulator, client: patient, clock: slow } = setUpSimulator({ timeoutMs: Infinity });
  const id = simulator.addTask("export", { processingMs: 86_400_000 });
  assert.equal((await slow.run(patient.exports.task(id).wait())).outcome, "succeeded");
});

test("without a timeoutMs a wait lasts fifteen minutes", async () => {
  const { client, clock, times } = setUp(async () => processing());
  assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "TIMEOUT");
  assert.equal(times().at(-1), 900_000);
});

test("a TIMEOUT has the last poll's fault as its cause, and the last status before it", async () => {
  const { client, clock } = setUp(inTurn(processing(), answer(503, { message: "busy" })));
  const error = assertError(
    await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs: 500 })),
    "TIMEOUT",
    { polls: 2, lastStatus: { status: "PROCESSING" } },
  );
  assertError(error.cause, "HTTP", { httpStatus: 503 });
  const none = setUp(async () => {
    throw new TypeError("fetch failed");
  });
  const never = assertError(await rejection(none.client.exports.task("7").wait({ timeoutMs: 0 })), "TIMEOUT", {
    polls: 1,
    lastStatus: undefined,
  });
  assertError(never.cause, "NETWORK");
});

test("each of two who wait has its own deadline and pace; they share the polls", async () => {
  const { client, clock, times } = setUp(async () => (clock.now() >= START + 20_000 ? complete() : processing()), {
    minIntervalMs: 0,
  });
  const short = client.exports.task("7").wait({ timeoutMs: 4_000, pace: "batch" });
  const long = client.exports.task("7").wait({ pace: 0.5 });
  assertError(await rejectionInTime(clock, short), "TIMEOUT");
  assert.equal(times().at(-1), 4_000);
  assert.equal((await clock.run(long)).outcome, "succeeded");
  assert.equal(new Set(times()).size, times().length, "no two polls at one time");
});

test("one poll serves all who wait for one task", async () => {
  const { client, clock, requests } = setUp(inTurn(processing(), complete()));
  const waits = [client.exports.task("7").wait(), client.exports.task(7).wait(), client.exports.task(7n).wait()];
  const ends = await clock.run(Promise.all(waits));
  assert.equal(requests.length, 2);
  for (const { status } of ends) assert.deepEqual(status, ends[0].status);
});

test("a task that has ended answers without asking, an export is asked once more", async () => {
  for (const family of FAMILIES) {
    const body = { status: "COMPLETE", ...(family !== "sourceCodeExtracts" && { result: "x" }) };
    let serial = 0;
    const { client, requests } = setUp(async () => answer(200, { ...body, serial: serial++ }));
    const task = client[family].task("7");
    await value(task.wait());
    const heard = [];
    const again = await value(task.wait({ onStatus: (status) => heard.push(status.serial) }));
    const asked = family === "exports" ? 2 : 1;
    assert.equal(requests.length, asked, family);
    assert.equal(again.polls, asked);
    assert.deepEqual(heard, family === "exports" ? [0, 1] : [0]);
    assert.equal(again.status.serial, asked - 1);
  }
});

test("a task that has failed or was canceled rejects again without asking", async () => {
  for (const [body, code] of [
    [{ status: "CANCELED" }, "CANCELED"],
    [{ status: "COMPLETE", numErrors: 1 }, "FAILED"],
  ]) {
    const { client, requests } = setUp(async () => answer(200, body));
    const task = client.exports.task("7");
    for (const timeoutMs of [0, 1_000, Infinity])
      assertError(await rejection(task.wait({ timeoutMs })), code, { lastStatus: body, polls: 1 });
    assert.equal(requests.length, 1);
  }
});

test("a status() that sees the end ends the waits", async () => {
  const { client, clock } = setUp(inTurn(processing(), complete()));
  const task = client.exports.task("7");
  const wait = task.wait();
  await turns();
  await value(task.status());
  assert.equal((await value(wait)).outcome, "succeeded");
  assert.equal(clock.timers, 0);
});

test("status() updates latest for every handle of the task, and sends one request each", async () => {
  const { client, requests } = setUp(inTurn(processing({ n: 1 }), processing({ n: 2 })));
  const [one, other] = [client.exports.task("7"), client.exports.task(7n)];
  const first = await value(one.status());
  assert.deepEqual(other.latest, first);
  const second = await value(other.status());
  assert.deepEqual(one.latest, second);
  assert.deepEqual([first.n, second.n, requests.length], [1, 2, 2]);
});

test("detectionDelayMs is what passed since the completion, by the server's clock, and never negative", async () => {
  const table = [
    [{ completedAt: iso(-2_500) }, {}, 2_500],
    [{ completedAt: iso(-2_500) }, { date: new Date(START - 60_000).toUTCString() }, 0],
    [{ completedAt: iso(3_597_000) }, { date: new Date(START + 3_600_000).toUTCString() }, 3_000],
    [{ completedAt: iso(60_000) }, {}, 0],
    [{ completedAt: null }, {}, undefined],
    [{ completedAt: "no date" }, {}, undefined],
    [{ completedAt: START - 2_500 }, {}, 2_500],
    [{ completedAt: String(START - 2_500) }, {}, 2_500],
    [{ completedAt: iso(-2_500).slice(0, -1) }, {}, 2_500],
    // What cannot be is as good as absent, by the server's clock where it tells.
    [{ completedAt: "1970-01-01T00:00:00Z" }, {}, undefined],
    [{ completedAt: 0 }, {}, undefined],
    [{ completedAt: "2005-12-31T23:59:59Z" }, {}, undefined],
    [{ completedAt: "2030-01-01T00:00:00Z" }, {}, undefined],
    [{ completedAt: iso(0) }, { date: "Thu, 01 Jan 1970 00:00:00 GMT" }, undefined],
    [{ completedAt: iso(0) }, { date: iso(-60_000) }, 0],
    [{}, {}, undefined],
  ];
  for (const [fields, headers, expected] of table) {
    const { client } = setUp(async () => answer(200, { status: "COMPLETE", result: "x", ...fields }, headers));
    const finished = await value(client.exports.task("7").wait());
    assert.equal(finished.detectionDelayMs, expected);
    assert.equal("detectionDelayMs" in finished, expected !== undefined);
  }
});

test("a request that hangs is a fault among others: the wait goes on", async () => {
  const { client, clock, times } = setUp(inTurn(processing(), hang, complete()));
  const finished = await clock.run(client.exports.task("7").wait());
  assert.deepEqual([finished.outcome, finished.polls], ["succeeded", 3]);
  assert(times()[2] - times()[1] >= 30_000, "requestTimeoutMs is 30 s");
});

test("the host's own clock drives a wait where none is given", async () => {
  const client = new HubSpotTasks({
    fetch: inTurnWithoutNumber(processing(), complete()),
    minIntervalMs: 1,
    maxIntervalMs: 1,
  });
  const { outcome, polls } = await client.exports.task("7").wait();
  assert.deepEqual([outcome, polls], ["succeeded", 2]);
  assert(!process.getActiveResourcesInfo().includes("Timeout"), "no timer keeps the process alive");

  function inTurnWithoutNumber(...answers) {
    return async () => (answers.length > 1 ? answers.shift() : answers[0]);
  }
});

/** Answers as a HubSpot that runs an account's exports one at a time, each for a minute. */
const oneAtATime = (clock) => async (url) => {
  const running = (clock().now() - START) / 60_000 - Number(/tasks\/(\d+)/.exec(url)[1]);
  return running < 0 ? answer(200, { status: "PENDING" }) : running < 1 ? processing() : complete();
};

test("thirty exports that start together, and that HubSpot runs one by one, all succeed by default", async () => {
  const world = setUp(oneAtATime(() => world.clock));
  const waits = Array.from({ length: 30 }, (_, id) => world.client.exports.task(String(id)).wait());
  const finished = await world.clock.run(Promise.all(waits));
  assert(finished.every(({ outcome }) => outcome === "succeeded"));
});

test("a timeoutMs that was given counts the time in HubSpot's queue, whoever gave it", async () => {
  const timeoutMs = 900_000;
  for (const [ofClient, ofTask, ofWait] of [[{ timeoutMs }], [{}, { timeoutMs }], [{}, {}, { timeoutMs }]]) {
    const { client, clock } = setUp(async () => answer(200, { status: "PENDING" }), ofClient);
    const error = await rejectionInTime(clock, client.exports.task("7", ofTask).wait(ofWait));
    assert.match(assertError(error, "TIMEOUT").message, /within timeoutMs \(900000\)/);
    assert.equal(clock.now() - START, timeoutMs);
  }
});

test("of other families the time in HubSpot's queue counts, and of an export no more than a day is left out", async () => {
  for (const [family, endMs] of [["fileImports", 900_000], ["exports", 86_400_000]]) {
    const { client, clock } = setUp(async () => answer(200, { status: "PENDING" }));
    assertError(await rejectionInTime(clock, client[family].task("7").wait()), "TIMEOUT");
    assert.equal(clock.now() - START, endMs, family);
  }
});

test("an export that was queued, and is asked in vain from then on, times out a quarter of an hour later", async () => {
  const { client, clock } = setUp(inTurn(answer(200, { status: "PENDING" }), answer(503)));
  assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "TIMEOUT");
  assert.equal(clock.now() - START, 900_000);
});
