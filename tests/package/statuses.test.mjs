// statuses() and `for await`: what they yield, when they ask, and how they end.
import assert from "node:assert/strict";
import {
  FAMILIES,
  HubSpotTasks,
  HubSpotTaskError,
  START,
  answer,
  assertError,
  complete,
  countingSignal,
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
  virtualClock,
} from "./support.mjs";

const HOUR = 3_600_000;
const DONE = { value: undefined, done: true };
const NAMES = {
  fileImports: "fileImport",
  folderUpdates: "folderUpdate",
  exports: "export",
  sourceCodeExtracts: "sourceCodeExtract",
};
const down = async () => {
  throw new TypeError("fetch failed");
};

/** All that an iterator yields. */
async function all(statuses) {
  const yielded = [];
  for await (const status of statuses) yielded.push(status);
  return yielded;
}

/** What `n` the next status has, however long it takes. */
const nextN = async (clock, iterator) => (await clock.run(iterator.next())).value.n;

/** When a wait() asks that gets these answers. */
async function timesOfWait(answers, options = {}) {
  const { client, clock, times } = setUp(inTurn(...answers));
  await clock.run(
    client.exports
      .task("7")
      .wait(options)
      .catch(() => {}),
  );
  return times();
}

// ---------------------------------------------------------------------------------------------------------------
// What is yielded

for (const family of FAMILIES) {
  test(`for await (const status of task) of ${family} yields each changed status and ends after the last one`, async () => {
    const outcomes = ["succeeded", "succeededWithErrors", "failed", "canceled"];
    for (const outcome of family === "sourceCodeExtracts" ? ["succeeded", "canceled"] : outcomes) {
      const { client, clock, simulator } = setUpSimulator();
      const id = simulator.addTask(NAMES[family], { pendingMs: 1_500, processingMs: 3_000, outcome });
      const task = client[family].task(id);
      const seen = await clock.run(
        (async () => {
          const yielded = [];
          for await (const status of task) {
            assert.deepEqual(task.latest, status);
            yielded.push(status);
          }
          return yielded;
        })(),
      );
      const last = outcome === "canceled" ? "CANCELED" : "COMPLETE";
      assert.deepEqual(
        seen.map(({ status }) => status),
        ["PENDING", "PROCESSING", last],
      );
      const hasResult = outcome.startsWith("succeeded") && family !== "sourceCodeExtracts";
      assert.equal((seen[2].result ?? undefined) !== undefined, hasResult, outcome);
      assert.equal(clock.timers, 0);
    }
  });
}

test("statuses() and the task's own iterator are the same, and an iterator can be iterated", async () => {
  for (const begin of [(task) => task.statuses(), (task) => task[Symbol.asyncIterator](), (task) => task]) {
    const { client, clock } = setUp(inTurn(processing(), complete()));
    assert.deepEqual(
      (await clock.run(all(begin(client.exports.task("7"))))).map(({ status }) => status),
      ["PROCESSING", "COMPLETE"],
    );
  }
  const { client, clock } = setUp(inTurn(processing(), processing({ n: 2 }), complete()));
  const iterator = client.exports.task("7").statuses();
  assert.equal(iterator[Symbol.asyncIterator](), iterator);
  assert.deepEqual(await value(iterator.next()), { value: { status: "PROCESSING" }, done: false });
  assert.deepEqual(
    (await clock.run(all(iterator))).map(({ n, status }) => n ?? status),
    [2, "COMPLETE"],
    "goes on where it was",
  );
});

test("what has not changed, an empty answer and a passing fault yield nothing", async () => {
  const { client, clock, requests } = setUp(
    inTurn(
      processing({ n: 1 }),
      processing({ n: 1 }),
      answer(202, ""),
      answer(503),
      down,
      answer(429, "", { "retry-after": "20" }),
      processing({ n: 1 }),
      processing({ n: 2 }),
      processing({ n: 1 }),
      complete(),
    ),
  );
  const seen = await clock.run(all(client.exports.task("7").statuses()));
  assert.deepEqual(
    seen.map(({ n, status }) => n ?? status),
    [1, 2, 1, "COMPLETE"],
  );
  assert.equal(requests.length, 10);
});

test("the newest status comes first if there is one, without asking", async () => {
  const { client, clock, requests } = setUp(inTurn(processing({ n: 1 }), processing({ n: 1 }), complete()));
  const task = client.exports.task("7");
  const status = await value(task.status());
  for (const iterator of [task.statuses(), client.exports.task("7").statuses()]) {
    const first = await value(iterator.next());
    assert.deepEqual(first.value, status);
    assert.equal(first.done, false);
    assert.deepEqual([requests.length, clock.timers], [1, 0]);
  }
});

test("a status that came between statuses() and the first next() is the first one", async () => {
  const { client, requests } = setUp(async () => processing({ n: requests.length }));
  const task = client.exports.task("7");
  const iterator = task.statuses();
  await value(task.status());
  await value(task.status());
  assert.deepEqual(await value(iterator.next()), { value: { status: "PROCESSING", n: 2 }, done: false });
  assert.equal(requests.length, 2);
});

test("a slow consumer gets the newest status alone", async () => {
  const { client, clock, requests } = setUp(async () => processing({ n: requests.length }));
  const task = client.exports.task("7");
  const iterator = task.statuses();
  const controller = new AbortController();
  const wait = task.wait({ signal: controller.signal });
  wait.catch(() => {});
  assert.equal(await nextN(clock, iterator), 1);
  await clock.advance(60_000);
  const count = requests.length;
  assert(count > 5, "the wait goes on");
  assert.deepEqual(await value(iterator.next()), { value: { status: "PROCESSING", n: count }, done: false });
  assert.equal((await stateOf(iterator.next())).state, "pending", "those between are gone");
  await value(iterator.return());
  controller.abort();
});

test("the last status is never lost, however late it is taken", async () => {
  for (const [last, code] of [
    [complete(), undefined],
    [answer(200, { status: "COMPLETE", errors: [{ message: "no" }] }), "FAILED"],
    [answer(200, { status: "CANCELED" }), "CANCELED"],
  ]) {
    const { client, clock, requests } = setUp(inTurn(processing({ n: 1 }), processing({ n: 2 }), last));
    const task = client.exports.task("7");
    const iterators = [task.statuses(), task.statuses()];
    const taken = await Promise.all(iterators.slice(0, 1).map((iterator) => nextN(clock, iterator)));
    assert.deepEqual(taken, [1]);
    const end = await clock.run(task.wait().catch((error) => error));
    assert.equal(end.code, code);
    await clock.advance(HOUR);
    for (const iterator of iterators) {
      const { value: status, done } = await value(iterator.next());
      assert.deepEqual(status, task.latest);
      assert.equal(done, false);
      assert.deepEqual(await value(iterator.next()), DONE);
      assert.deepEqual(await value(iterator.next()), DONE);
    }
    assert.deepEqual([requests.length, clock.timers], [3, 0]);
  }
});

test("a task that has ended yields its last status without asking; an export is asked once more", async () => {
  for (const family of FAMILIES) {
    let exported = 0;
    const { client, requests, clock } = setUp(async () =>
      answer(200, { status: "COMPLETE", result: `https://exports.example/${++exported}.csv` }),
    );
    const task = client[family].task("7");
    await value(task.wait());
    const iterator = task.statuses();
    const seen = await value(all(iterator));
    const asked = family === "exports" ? 2 : 1;
    assert.equal(requests.length, asked, family);
    assert.deepEqual(seen.at(-1), task.latest);
    assert.deepEqual(
      seen.map(({ result }) => result),
      Array.from({ length: asked }, (_, index) => `https://exports.example/${index + 1}.csv`),
      `${family}: the newest one first, then what has changed`,
    );
    assert.deepEqual(await value(iterator.next()), DONE);
    assert.equal(clock.timers, 0);
  }
});

test("a task that has failed or was canceled yields that without asking, exports too", async () => {
  for (const body of [{ status: "CANCELED" }, { status: "COMPLETE" }]) {
    const { client, requests } = setUp(async () => answer(200, body));
    const task = client.exports.task("7");
    await rejection(task.wait());
    assert.deepEqual(await value(all(task)), [body]);
    assert.equal(requests.length, 1);
  }
});

test("a status() that sees the end ends the iteration", async () => {
  const { client, clock } = setUp(inTurn(processing(), complete()));
  const task = client.exports.task("7");
  const iterator = task.statuses();
  await value(iterator.next());
  const next = iterator.next();
  assert.equal((await stateOf(next)).state, "pending");
  await value(task.status());
  assert.equal((await value(next)).value.status, "COMPLETE");
  assert.equal(clock.timers, 0);
  assert.deepEqual(await value(iterator.next()), DONE);
});

test("concurrent calls of next() are answered in order", async () => {
  const { client, clock } = setUp(inTurn(processing({ n: 1 }), processing({ n: 2 }), complete({ n: 3 })));
  const iterator = client.exports.task("7").statuses();
  const order = [];
  const nexts = Array.from({ length: 5 }, (_, index) => {
    const next = iterator.next();
    next.then(() => order.push(index));
    return next;
  });
  const results = await clock.run(Promise.all(nexts));
  assert.deepEqual(
    results.map(({ value, done }) => [value?.n, done]),
    [
      [1, false],
      [2, false],
      [3, false],
      [undefined, true],
      [undefined, true],
    ],
  );
  assert.deepEqual(order, [0, 1, 2, 3, 4]);
});

// ---------------------------------------------------------------------------------------------------------------
// When it asks

test("nothing is sent, and no timer is set, while no next() is pending", async () => {
  const { client, clock, times } = setUp(async () => processing({ at: clock.now() }));
  const iterator = client.exports.task("7").statuses({ timeoutMs: Infinity });
  await clock.advance(HOUR);
  assert.deepEqual([times(), clock.timers], [[], 0]);
  await value(iterator.next());
  assert.deepEqual([times(), clock.timers], [[HOUR], 0]);
  await clock.advance(HOUR);
  assert.deepEqual([times(), clock.timers], [[HOUR], 0]);
  await value(iterator.next());
  assert.deepEqual(times(), [HOUR, 2 * HOUR], "overdue: asked at once, once");
  assert.equal(clock.timers, 0);
});

test("a consumer that is quick enough asks when a wait() does", async () => {
  const answers = [
    ...Array.from({ length: 12 }, (_, n) => processing({ n })),
    answer(503),
    answer(429),
    processing(),
    complete(),
  ];
  for (const pace of ["interactive", "batch", 0.5]) {
    const { client, clock, times } = setUp(inTurn(...answers));
    await clock.run(all(client.exports.task("7").statuses({ pace })));
    assert.equal(times().length, 16);
    assert.deepEqual(times(), await timesOfWait(answers, { pace }));
  }
});

test("a next() asks when the next poll is due, however late the one before was taken", async () => {
  const answers = [processing({ n: 1 }), processing({ n: 2 }), processing({ n: 3 }), complete()];
  const expected = await timesOfWait(answers);
  const { client, clock, times } = setUp(inTurn(...answers));
  const iterator = client.exports.task("7").statuses();
  for (const due of expected) {
    await clock.advance(Math.max(0, due - 1 - (clock.now() - START)));
    await clock.run(iterator.next());
  }
  assert.deepEqual(times(), expected);
});

test("after a slow consumer the schedule goes on: once at once, then the square root of the age", async () => {
  const { client, clock, times } = setUp(async () => processing({ at: clock.now() }));
  const iterator = client.exports.task("7").statuses();
  await clock.run(iterator.next());
  await clock.run(iterator.next());
  const phase = times()[1] / 1_000;
  assert(phase >= 0.9 && phase <= 1.1);
  await clock.advance(400_000 - times()[1]);
  await value(iterator.next());
  assert.equal(times()[2], 400_000);
  const next = iterator.next();
  await clock.run(next);
  assert(Math.abs(times()[3] - 400_000 - 20_000 * phase) <= 2, String(times()));
});

test("two iterators and a wait() share the polls", async () => {
  const answers = [processing({ n: 1 }), processing({ n: 2 }), processing({ n: 2 }), complete({ n: 3 })];
  const { client, clock, times } = setUp(inTurn(...answers));
  const ns = (statuses) => statuses.map(({ n }) => n);
  const heard = [];
  const [one, other, finished] = await clock.run(
    Promise.all([
      all(client.exports.task("7").statuses()),
      all(client.exports.task("7")),
      client.exports.task("7").wait({ onStatus: ({ n }) => heard.push(n) }),
    ]),
  );
  assert.deepEqual([ns(one), ns(other), heard], [[1, 2, 3], [1, 2, 3], [1, 2, 3]]);
  assert.deepEqual(one, other);
  assert.equal(finished.polls, 4);
  assert.deepEqual(times(), await timesOfWait(answers));
});

test("an iterator that nobody reads neither hastens nor hinders a wait()", async () => {
  const answers = [processing({ n: 1 }), processing({ n: 2 }), answer(503), processing({ n: 2 }), complete()];
  const { client, clock, times } = setUp(inTurn(...answers));
  const task = client.exports.task("7");
  const unread = [task.statuses({ pace: 0.01 }), task.statuses({ timeoutMs: 0 })];
  assert.equal((await clock.run(task.wait())).outcome, "succeeded");
  assert.deepEqual(times(), await timesOfWait(answers));
  assert.equal(unread.length, 2);
});

test("an eager next() and a slow wait() are both served by the eager one's polls while it is pending", async () => {
  const { client, clock, times } = setUp(async () => processing({ at: clock.now() }));
  const task = client.exports.task("7");
  const controller = new AbortController();
  task.wait({ pace: 100, signal: controller.signal }).catch(() => {});
  const iterator = task.statuses();
  await clock.run(iterator.next());
  await clock.run(iterator.next());
  assert.equal(times().length, 2);
  assert(times()[1] >= 900 && times()[1] <= 1_100, String(times()));
  await clock.advance(50_000);
  assert.equal(times().length, 2, "the wait alone asks seldom");
  controller.abort();
});

// ---------------------------------------------------------------------------------------------------------------
// How it ends

test("the deadline counts from statuses(): the last poll is sent then, and TIMEOUT is thrown once", async () => {
  for (const timeoutMs of [1, 999, 10_000, 33_333]) {
    const { client, clock, times } = setUp(async () => processing());
    const iterator = client.exports.task("7").statuses({ timeoutMs });
    await value(iterator.next());
    await clock.advance(Math.floor(timeoutMs / 2));
    const error = assertError(await rejectionInTime(clock, iterator.next()), "TIMEOUT", {
      family: "export",
      taskId: "7",
      polls: times().length,
      lastStatus: { status: "PROCESSING" },
      cause: undefined,
    });
    assert.equal(times().at(-1), timeoutMs);
    const { checkpoint } = error;
    assert.deepEqual(JSON.parse(JSON.stringify(checkpoint)), checkpoint);
    assert.deepEqual(
      [checkpoint.version, checkpoint.family, checkpoint.taskId, checkpoint.apiVersion, checkpoint.deadlineMs],
      [1, "export", "7", "2026-03", undefined],
    );
    assert.deepEqual(await value(iterator.next()), DONE);
    assert.equal(clock.timers, 0);
  }
});

test("the checkpoint of a TIMEOUT carries the iteration on", async () => {
  const { client, clock, requests } = setUp(inTurn(processing({ n: 1 }), processing({ n: 1 }), complete()));
  const iterator = client.exports.task("7").statuses({ timeoutMs: 500 });
  await clock.run(iterator.next());
  const { checkpoint } = await rejectionInTime(clock, iterator.next());
  assert.equal(requests.length, 2);
  const seen = await clock.run(all(client.resume(checkpoint)));
  assert.deepEqual(
    seen.map(({ n, status }) => n ?? status),
    [1, "COMPLETE"],
  );
});

test("a deadline that passes while nobody reads is TIMEOUT at the next next(), and nothing is sent", async () => {
  const { client, clock, requests } = setUp(async () => processing());
  const task = client.exports.task("7", { timeoutMs: 5_000 });
  const iterator = task.statuses();
  await value(iterator.next());
  await clock.advance(HOUR);
  assertError(await rejection(iterator.next()), "TIMEOUT", { polls: 1, lastStatus: { status: "PROCESSING" } });
  assert.deepEqual(await value(iterator.next()), DONE);
  assert.deepEqual([requests.length, clock.timers], [1, 0]);
});

test("a status that came before a deadline that has passed is still yielded first", async () => {
  const { client, clock, requests } = setUp(async () => processing({ n: requests.length }));
  const task = client.exports.task("7");
  const iterator = task.statuses({ timeoutMs: 5_000 });
  await value(task.status());
  await clock.advance(HOUR);
  assert.deepEqual(await value(iterator.next()), { value: { status: "PROCESSING", n: 1 }, done: false });
  assertError(await rejection(iterator.next()), "TIMEOUT", { lastStatus: { status: "PROCESSING", n: 1 } });
  assert.deepEqual(await value(iterator.next()), DONE);
  assert.equal(requests.length, 1);
});

test("timeoutMs 0 asks once", async () => {
  const { client, clock, requests } = setUp(inTurn(processing(), complete()));
  const task = client.exports.task("7");
  const iterator = task.statuses({ timeoutMs: 0 });
  assert.deepEqual(await value(iterator.next()), { value: { status: "PROCESSING" }, done: false });
  assertError(await rejection(iterator.next()), "TIMEOUT", { polls: 1 });
  assert.equal(requests.length, 1);
  assert.deepEqual(await value(all(task.statuses({ timeoutMs: 0 }))), [
    { status: "PROCESSING" },
    { status: "COMPLETE", result: "https://exports.example/1.csv" },
  ]);
  assert.deepEqual([requests.length, clock.timers], [2, 0]);
});

test("without a timeoutMs the iteration lasts fifteen minutes", async () => {
  const { client, clock, times } = setUp(async () => processing());
  assertError(await rejectionInTime(clock, all(client.exports.task("7"))), "TIMEOUT");
  assert.equal(times().at(-1), 900_000);
});

test("what asking again would not mend is thrown once, and then it is over", async () => {
  for (const [answers, code, fields] of [
    [[answer(400)], "HTTP", { httpStatus: 400, polls: 1 }],
    [[answer(401)], "UNAUTHORIZED", { httpStatus: 401, polls: 1 }],
    [[answer(403, { category: "MISSING_SCOPES" })], "FORBIDDEN", { httpStatus: 403, polls: 1 }],
    [[answer(404)], "NOT_FOUND", { httpStatus: 404, polls: 1, family: "export", taskId: "7" }],
    [[answer(302)], "HTTP", { httpStatus: 302 }],
    [[answer(429, { policyName: "DAILY" })], "RATE_LIMITED", { httpStatus: 429 }],
    [[answer(429, "", { "retry-after": "901" })], "RATE_LIMITED", { retryAfterMs: 901_000 }],
    [[answer(477, "", { "retry-after": "901" })], "MIGRATING", { retryAfterMs: 901_000 }],
    [[down], "NETWORK", { polls: 3 }],
    [[answer(200, "<html>")], "INVALID_RESPONSE", { polls: 3 }],
  ]) {
    const { client, clock, requests } = setUp(inTurn(...answers));
    const iterator = client.exports.task("7").statuses();
    assertError(await rejectionInTime(clock, iterator.next()), code, fields);
    assert.deepEqual(await value(iterator.next()), DONE);
    const sent = requests.length;
    assert.equal(clock.timers, 0, code);
    await clock.advance(HOUR);
    assert.equal(requests.length, sent);

    const looped = setUp(inTurn(processing({ n: 1 }), ...answers));
    const seen = [];
    const loop = (async () => {
      for await (const { n } of looped.client.exports.task("7")) seen.push(n);
    })();
    const thrown = await rejectionInTime(looped.clock, loop);
    assert(thrown instanceof HubSpotTaskError);
    // A network that has worked once is waited for to the deadline.
    assert.equal(thrown.code, code === "NETWORK" ? "TIMEOUT" : code);
    assert.deepEqual([seen, thrown.lastStatus], [[1], { status: "PROCESSING", n: 1 }]);
  }
});

test("an error that comes while nobody reads is thrown after the newest status, once, and is not left unhandled", async () => {
  const { client, clock } = setUp(inTurn(processing({ n: 1 }), processing({ n: 2 }), answer(404)));
  const task = client.exports.task("7");
  const iterator = task.statuses();
  const unread = task.statuses();
  assertError(await rejectionInTime(clock, task.wait()), "NOT_FOUND");
  assert.equal((await value(iterator.next())).value.n, 2);
  assertError(await rejection(iterator.next()), "NOT_FOUND", { lastStatus: { status: "PROCESSING", n: 2 } });
  assert.deepEqual(await value(iterator.next()), DONE);
  assert(unread);
});

test("of concurrent calls of next() one gets the error, those after it are over", async () => {
  const { client } = setUp(async () => answer(403));
  const iterator = client.exports.task("7").statuses();
  const nexts = [iterator.next(), iterator.next(), iterator.next()];
  const [first, ...others] = await Promise.all(nexts.map(stateOf));
  assert.equal(first.state, "rejected");
  assertError(first.value, "FORBIDDEN");
  for (const other of others) assert.deepEqual(other, { state: "fulfilled", value: DONE });
});

test("a task stays usable after an iteration that ended with an error", async () => {
  const { client, clock } = setUp(inTurn(answer(404), processing(), complete()));
  const task = client.exports.task("7");
  assertError(await rejection(all(task)), "NOT_FOUND");
  assert.deepEqual(
    (await clock.run(all(task))).map(({ status }) => status),
    ["PROCESSING", "COMPLETE"],
  );
});

test("a client without fetch throws NETWORK at once", async () => {
  const original = globalThis.fetch;
  try {
    delete globalThis.fetch;
    const clock = virtualClock();
    const iterator = new HubSpotTasks({ clock }).exports.task("7").statuses();
    const error = assertError(await rejection(iterator.next()), "NETWORK");
    assert.match(error.message, /fetch/);
    assert.deepEqual(await value(iterator.next()), DONE);
  } finally {
    globalThis.fetch = original;
  }
});

test("wrong options are INVALID_ARGUMENT at next(), and nothing is sent", async () => {
  const boom = new Error("boom");
  const throwing = {
    get pace() {
      throw boom;
    },
  };
  for (const [options, name, cause] of [
    ["fast", "options"],
    [5, "options"],
    [{ pace: "fast" }, "pace"],
    [{ pace: 0 }, "pace"],
    [{ pace: NaN }, "pace"],
    [{ timeoutMs: -1 }, "timeoutMs"],
    [{ timeoutMs: NaN }, "timeoutMs"],
    [{ timeoutMs: "5" }, "timeoutMs"],
    [{ signal: true }, "signal"],
    [{ signal: {} }, "signal"],
    [throwing, "pace", boom],
  ]) {
    const { client, clock, requests } = setUp(async () => processing());
    const task = client.exports.task("7");
    const iterator = task.statuses(options);
    const error = assertError(await rejection(iterator.next()), "INVALID_ARGUMENT", { cause });
    assert(error.message.startsWith(`${name}: `), error.message);
    assert.deepEqual(await value(iterator.next()), DONE);
    assert.deepEqual(await value(task.statuses(options).return("x")), { value: "x", done: true });
    await clock.advance(60_000);
    assert.deepEqual([requests.length, clock.timers], [0, 0]);
    assert.equal((await value(task.statuses().next())).value.status, "PROCESSING", "the task stays usable");
  }
});

test("null is not given, and unknown options are ignored", async () => {
  const notGiven = { pace: null, timeoutMs: null, signal: null };
  for (const options of [null, undefined, {}, notGiven, { retries: -1 }, { onStatus: 5 }]) {
    const { client } = setUp(async () => complete());
    assert.equal((await value(all(client.exports.task("7").statuses(options)))).length, 1);
  }
});

test("a clock that does not work is INVALID_ARGUMENT at next()", async () => {
  for (const part of ["now", "setTimeout"]) {
    const clock = { ...virtualClock(), [part]: () => assert.fail("boom") };
    const client = new HubSpotTasks({ clock, fetch: async () => processing() });
    const iterator = client.exports.task("7").statuses();
    const error = assertError(await rejection(iterator.next()), "INVALID_ARGUMENT");
    assert(error.message.includes(`clock.${part}`), error.message);
    assert.deepEqual(await value(iterator.next()), DONE);
  }
});

// ---------------------------------------------------------------------------------------------------------------
// Leaving

/** What next() may be waiting for. */
const MOMENTS = [
  ["its request", hang, {}],
  ["a request whose fetch ignores signals", () => new Promise(() => {}), {}],
  ["the next poll", inTurn(processing()), {}, 1],
  ["the next try", async () => answer(503), {}],
  ["the end of a pause", async () => answer(429, "", { "retry-after": "60" }), {}],
  ["a token", async () => processing(), { token: () => new Promise(() => {}) }],
];

for (const [moment, fetch, options, taken = 0] of MOMENTS) {
  test(`an abort of a next() that waits for ${moment} rejects it at once and leaves nothing behind`, async () => {
    const { client, clock, requests } = setUp(fetch, options);
    const signal = countingSignal();
    const iterator = client.exports.task("7").statuses({ signal });
    for (let count = 0; count < taken; count++) await value(iterator.next());
    assert.equal(signal.listeners, 0, "no next() is pending");
    const nexts = [iterator.next(), iterator.next()];
    assert.equal((await stateOf(nexts[0])).state, "pending");
    const reason = { why: moment };
    signal.abort(reason);
    assert.equal(await rejection(nexts[0]), reason);
    assert.deepEqual(await value(nexts[1]), DONE);
    assert.deepEqual(await value(iterator.next()), DONE);
    assert.deepEqual([signal.listeners, clock.timers], [0, 0]);
    const sent = requests.length;
    await clock.advance(HOUR);
    assert.equal(requests.length, sent);
  });

  test(`return() settles a next() that waits for ${moment}, and leaves nothing behind`, async () => {
    const { client, clock, requests } = setUp(fetch, options);
    const signal = countingSignal();
    const iterator = client.exports.task("7").statuses({ signal });
    for (let count = 0; count < taken; count++) await value(iterator.next());
    const nexts = [iterator.next(), iterator.next()];
    assert.equal((await stateOf(nexts[0])).state, "pending");
    assert.deepEqual(await value(iterator.return("mine")), { value: "mine", done: true });
    for (const next of [...nexts, iterator.next()]) assert.deepEqual(await value(next), DONE);
    assert.deepEqual([signal.listeners, clock.timers], [0, 0]);
    const sent = requests.length;
    if (fetch === hang) assert.equal(requests[0].init.signal.aborted, true);
    await clock.advance(HOUR);
    assert.equal(requests.length, sent);
    signal.abort("too late");
    assert.deepEqual(await value(iterator.next()), DONE);
  });
}

test("an abort between two calls of next() rejects the next one, and nothing is sent", async () => {
  const { client, clock, requests } = setUp(async () => processing({ n: requests.length }));
  const signal = countingSignal();
  const iterator = client.exports.task("7").statuses({ signal });
  await value(iterator.next());
  assert.equal(signal.listeners, 0);
  signal.abort("between");
  await clock.advance(HOUR);
  assert.equal(await rejection(iterator.next()), "between");
  assert.deepEqual(await value(iterator.next()), DONE);
  assert.deepEqual([requests.length, signal.listeners, clock.timers], [1, 0, 0]);
});

test("an abort wins over a deadline that passed while nobody read, and so does return()", async () => {
  for (const leave of ["abort", "return"]) {
    const { client, clock, requests } = setUp(async () => processing());
    const signal = countingSignal();
    const iterator = client.exports.task("7").statuses({ signal, timeoutMs: 5_000 });
    await value(iterator.next());
    await clock.advance(HOUR);
    const next = iterator.next();
    next.catch(() => {});
    // Now next() has begun, but nothing was told yet.
    await null;
    if (leave === "abort") {
      signal.abort("enough");
      assert.equal(await rejection(next), "enough");
    } else {
      iterator.return();
      assert.deepEqual(await value(next), DONE);
    }
    assert.deepEqual(await value(iterator.next()), DONE);
    assert.deepEqual([requests.length, signal.listeners, clock.timers], [1, 0, 0]);
  }
});

test("an abort wins over a status that was not taken", async () => {
  const { client, requests } = setUp(async () => processing({ n: requests.length }));
  const task = client.exports.task("7");
  const signal = countingSignal();
  const iterator = task.statuses({ signal });
  await value(task.status());
  signal.abort("between");
  assert.equal(await rejection(iterator.next()), "between");
  assert.deepEqual(await value(iterator.next()), DONE);
  assert.equal(requests.length, 1);
});

test("a signal that was aborted before rejects the first next(), and nothing is sent", async () => {
  for (const known of [false, true]) {
    const { client, clock, requests } = setUp(async () => processing());
    const task = client.exports.task("7");
    if (known) await value(task.status());
    const sent = requests.length;
    const iterator = task.statuses({ signal: countingSignal({ aborted: true, reason: "before" }) });
    assert.equal(await rejection(iterator.next()), "before", known ? "with a newest status" : "without a status");
    assert.deepEqual(await value(iterator.next()), DONE);
    assert.equal((await rejection(all(task.statuses({ signal: AbortSignal.abort() })))).name, "AbortError");
    await clock.advance(HOUR);
    assert.equal(requests.length, sent);
  }
});

test("the reason of an abort is passed on, whatever it is", async () => {
  for (const reason of ["text", 0, "", null, false, NaN, Symbol("s"), new Error("mine")]) {
    const { client } = setUp(hang);
    const controller = new AbortController();
    const next = client.exports.task("7").statuses({ signal: controller.signal }).next();
    await turns();
    controller.abort(reason);
    assert(Object.is(await rejection(next), reason), String(reason));
  }
});

test("an abort from within the loop's body ends the loop with its reason", async () => {
  const { client, clock, requests } = setUp(async () => processing());
  const signal = countingSignal();
  const loop = (async () => {
    for await (const _ of client.exports.task("7").statuses({ signal })) signal.abort("enough");
  })();
  assert.equal(await rejection(loop), "enough");
  await clock.advance(HOUR);
  assert.deepEqual([requests.length, signal.listeners], [1, 0]);
});

test("an abort after the last status was taken changes nothing", async () => {
  const { client } = setUp(async () => complete());
  const controller = new AbortController();
  const iterator = client.exports.task("7").statuses({ signal: controller.signal });
  assert.equal((await value(iterator.next())).value.status, "COMPLETE");
  controller.abort();
  assert.deepEqual(await value(iterator.next()), DONE);
});

test("break, return and throw in the loop's body leave the task, which stays usable", async () => {
  for (const how of ["break", "return", "throw"]) {
    const { client, clock, requests } = setUp(inTurn(processing(), processing({ n: 2 }), complete()));
    const task = client.exports.task("7");
    const signal = countingSignal();
    const loop = (async () => {
      for await (const status of task.statuses({ signal })) {
        if (how === "break") break;
        if (how === "return") return status;
        throw new Error("mine");
      }
    })();
    const { state } = await stateOf(loop);
    assert.equal(state, how === "throw" ? "rejected" : "fulfilled");
    assert.deepEqual([signal.listeners, clock.timers], [0, 0]);
    await clock.advance(HOUR);
    assert.equal(requests.length, 1);
    assert.equal((await clock.run(task.wait())).outcome, "succeeded");
  }
});

test("return() before the first next() sends nothing, and may be called twice", async () => {
  const { client, clock, requests } = setUp(async () => processing());
  const iterator = client.exports.task("7").statuses();
  assert.deepEqual(await value(iterator.return()), DONE);
  assert.deepEqual(await value(iterator.return(5)), { value: 5, done: true });
  assert.deepEqual(await value(iterator.next()), DONE);
  await clock.advance(HOUR);
  assert.equal(requests.length, 0);
});

test("return() gives up a status that was not taken", async () => {
  const { client } = setUp(async () => processing());
  const task = client.exports.task("7");
  const iterator = task.statuses();
  await value(task.status());
  assert.deepEqual(await value(iterator.return()), DONE);
  assert.deepEqual(await value(iterator.next()), DONE);
});

test("one who leaves, by return() or by an abort, does not take the request of the others with it", async () => {
  const others = [async (task) => (await task.wait()).status, async (task) => (await task.statuses().next()).value];
  for (const other of others) {
    const reply = deferred();
    const { client, requests } = setUp(() => reply.promise);
    const task = client.exports.task("7");
    const signal = countingSignal();
    const [returned, aborted] = [task.statuses(), task.statuses({ signal })];
    const nexts = [returned.next(), aborted.next()];
    const stays = other(task);
    await turns();
    await value(returned.return());
    assert.deepEqual(await value(nexts[0]), DONE);
    signal.abort("enough");
    assert.equal(await rejection(nexts[1]), "enough");
    assert.equal(requests[0].init.signal.aborted, false);
    reply.resolve(complete());
    assert.equal((await value(stays)).status, "COMPLETE");
    assert.equal(requests.length, 1);
  }
});

test("a request of an iterator goes on while anybody waits, and is aborted when the last one leaves", async () => {
  const { client, requests } = setUp(hang);
  const task = client.exports.task("7");
  const iterators = [task.statuses(), task.statuses()];
  const nexts = iterators.map((iterator) => iterator.next());
  await turns();
  await value(iterators[0].return());
  assert.equal(requests[0].init.signal.aborted, false);
  await value(iterators[1].return());
  assert.equal(requests[0].init.signal.aborted, true);
  for (const next of nexts) assert.deepEqual(await value(next), DONE);
});

test("calls of next() and return() from within a fetch and an onEvent are answered", async () => {
  let iterator;
  const extra = [];
  const again = () => iterator && extra.length < 2 && extra.push(iterator.next());
  const { client, clock } = setUp(
    async () => (again(), extra.length < 2 ? processing({ n: extra.length }) : complete()),
    { onEvent: again },
  );
  iterator = client.exports.task("7").statuses();
  const first = await clock.run(iterator.next());
  assert.equal(first.done, false);
  assert.equal(extra.length, 2);
  await clock.run(Promise.all(extra));
  await value(iterator.return());
});
