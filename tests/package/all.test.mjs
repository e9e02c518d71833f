// Many tasks at once: client.all().
import assert from "node:assert/strict";
import { HubSpotTasks, START, answer, assertError, complete, countingSignal, processing, rejection, setUp, setUpSimulator, stateOf, test, turns, value } from "./support.mjs";

/** A client whose exports end by their ids: 1 succeeds, 2 fails, 3 is canceled, others go on. */
const setUpEnds = (options) =>
  setUp(async (url) => {
    const [, id] = /tasks\/(\d+)/.exec(url);
    return [processing(), complete(), answer(200, { status: "COMPLETE", result: null }), answer(200, { status: "CANCELED" })][id] ?? processing();
  }, options);

const tasksOf = (client, ...ids) => ids.map((id) => client.exports.task(id));

test("all() gives what came of each task, in their order; no failure stops the others", async () => {
  const { client, clock } = setUp(async (url) => {
    if (url.includes("/2/")) return answer(403, {});
    return clock.now() - START < 10_000 && url.includes("/1/") ? processing() : complete();
  });
  const tasks = tasksOf(client, 1, 2, 3);
  const progress = [];
  const settled = await clock.run(client.all(tasks, { onProgress: (told) => progress.push(told) }));
  assert.deepEqual(settled.map(({ task }) => task), tasks);
  assert.deepEqual([settled[0].finished.outcome, settled[2].finished.outcome], ["succeeded", "succeeded"]);
  assertError(settled[1].error, "FORBIDDEN", { taskId: "2" });
  assert.deepEqual(settled.map((one) => "error" in one), [false, true, false]);
  assert.deepEqual(progress, [
    { done: 1, failed: 1, total: 3 },
    { done: 2, failed: 1, total: 3 },
    { done: 3, failed: 1, total: 3 },
  ]);
});

test("all() tells failed, canceled and late tasks as errors of their own", async () => {
  const { client, clock, times } = setUpEnds();
  const settled = await clock.run(client.all(tasksOf(client, 1, 2, 3, 4), { timeoutMs: 30_000 }));
  assert.deepEqual(settled.map(({ error }) => error?.code), [undefined, "FAILED", "CANCELED", "TIMEOUT"]);
  assert.equal(times().at(-1), 30_000);
});

test("all() takes tasks of several families and clients, each as often as it comes", async () => {
  const { client } = setUp(async (url) => (url.includes("imports") ? answer(200, { state: "DONE", metadata: {} }) : complete()));
  const other = new HubSpotTasks({ fetch: async () => complete() });
  const [task, foreign] = [client.exports.task(1), other.exports.task(9)];
  const settled = await value(client.all(new Set([task, client.imports.task(2), foreign])));
  assert.deepEqual(settled.map(({ finished }) => finished.outcome), Array(3).fill("succeeded"));
  assert.equal((await value(client.all([task, task]))).length, 2);
});

test("all() takes generators, and an empty list ends at once", async () => {
  const { client, requests } = setUpEnds();
  assert.deepEqual(await value(client.all([])), []);
  function* given() {
    yield client.exports.task(1);
    yield client.exports.task(2);
  }
  assert.deepEqual((await value(client.all(given()))).map(({ task }) => task.id), ["1", "2"]);
  assert.equal(requests.length, 2);
});

test("all() expects the end by what was learned of each task that is left", async () => {
  const learned = { export: { whole: Array(20).fill(60), processing: Array(20).fill(60) } };
  const { client, clock, simulator } = setUpSimulator({ learned });
  simulator.addTask("export", { id: "1", processingMs: 1_000 });
  simulator.addTask("export", { id: "2", processingMs: 60_000 });
  const progress = [];
  await clock.run(client.all(tasksOf(client, 1, 2), { onProgress: (told) => progress.push(told) }));
  const [first, last] = progress;
  assert(first.expectedEndMs > START + 30_000 && first.expectedEndMs < START + 120_000, `${first.expectedEndMs - START}`);
  assert.deepEqual(last, { done: 2, failed: 0, total: 2 });
});

test("an abort ends all() at once with its reason, and sends nothing afterwards", async () => {
  const reason = new Error("enough");
  const { client, clock, requests } = setUpEnds();
  const signal = countingSignal();
  const all = client.all(tasksOf(client, 1, 4, 5), { signal });
  all.catch(() => {});
  await clock.advance(5_000);
  const sent = requests.length;
  assert(sent > 3);
  assert.equal(signal.listeners, 1);
  signal.abort(reason);
  assert.equal(await rejection(all), reason);
  await clock.advance(60_000);
  assert.deepEqual([requests.length, signal.listeners], [sent, 0]);
});

test("all() with a signal that was aborted sends nothing; one without a reason gives an AbortError", async () => {
  const reason = new Error("enough");
  const { client, clock, requests } = setUpEnds();
  assert.equal(await rejection(client.all(tasksOf(client, 1), { signal: AbortSignal.abort(reason) })), reason);
  assert.equal((await rejection(client.all(tasksOf(client, 1), { signal: countingSignal({ aborted: true }) }))).name, "AbortError");
  await clock.advance(60_000);
  assert.equal(requests.length, 0);
});

test("all() leaves no listener at a signal that was not aborted", async () => {
  const { client } = setUpEnds();
  const signal = countingSignal();
  await value(client.all(tasksOf(client, 1, 2), { signal }));
  assert.equal(signal.listeners, 0);
});

test("what onProgress throws ends all(), and the waits that are left", async () => {
  const boom = new Error("boom");
  const { client, clock, requests } = setUpEnds();
  const other = client.exports.task(6).wait();
  other.catch(() => {});
  const onProgress = () => {
    throw boom;
  };
  assert.equal(await rejection(client.all(tasksOf(client, 1, 4, 5), { onProgress })), boom);
  const sent = requests.length;
  await clock.advance(5_000);
  assert(requests.length > sent);
  assert(requests.slice(sent).every(({ url }) => url.includes("/6/")), "others go on");
  assert.equal((await stateOf(other)).state, "pending");
  await clock.run(other.catch(() => {}));
});

test("a host without AbortController has all(), too", async () => {
  const reason = new Error("enough");
  const { AbortController: Host } = globalThis;
  try {
    globalThis.AbortController = undefined;
    const { client, clock } = setUpEnds();
    assert.equal((await value(client.all(tasksOf(client, 1, 2)))).length, 2);
    const signal = countingSignal();
    const all = client.all(tasksOf(client, 4), { signal });
    await turns();
    signal.abort(reason);
    assert.equal(await rejection(all), reason);
    await clock.advance(0);
  } finally {
    globalThis.AbortController = Host;
  }
});

test("what are no tasks is named, and nothing is sent", async () => {
  const { client, requests } = setUpEnds();
  const boom = new Error("boom");
  const task = client.exports.task(1);
  for (const [tasks, message] of [
    [undefined, /^tasks/],
    [task, /^tasks/],
    [[task, 5], /^tasks\[1\]: got a value of type number, takes a task/],
    [[task, null], /^tasks\[1\]/],
    [[Promise.resolve(task)], /^tasks\[0\]: got a value of type object/],
    ["12", /^tasks\[0\]/],
    [(function* () { yield task; throw boom; })(), /^tasks: it threw/],
  ]) {
    assert.match(assertError(await rejection(client.all(tasks)), "INVALID_ARGUMENT").message, message);
  }
  for (const [options, name] of [[{ onProgress: 5 }, "onProgress"], [{ pace: 0 }, "pace"], [{ timeoutMs: NaN }, "timeoutMs"], [{ signal: {} }, "signal"]]) {
    const { message } = assertError(await rejection(client.all([task], options)), "INVALID_ARGUMENT");
    assert(message.startsWith(name), message);
  }
  assert.equal(requests.length, 0);
});

test("all() leaves its tasks usable", async () => {
  const { client, requests } = setUpEnds();
  const tasks = tasksOf(client, 2, 3);
  await value(client.all(tasks));
  assertError(await rejection(tasks[0].wait()), "FAILED");
  assert.equal(tasks[1].latest.status, "CANCELED");
  assert.equal(requests.length, 2);
});

test("what onProgress rejects with ends all(); what it promises is waited for", async () => {
  const boom = new Error("boom");
  const { client } = setUpEnds();
  const rejecting = async () => { throw boom; };
  assert.equal(await rejection(client.all(tasksOf(client, 1, 4), { onProgress: rejecting })), boom);
  assert.equal(await rejection(client.all(tasksOf(client, 1), { onProgress: rejecting })), boom);
  const heard = [];
  const onProgress = async ({ done }) => {
    await turns();
    heard.push(done);
  };
  await client.all(tasksOf(client, 1, 2), { onProgress });
  assert.deepEqual(heard.toSorted(), [1, 2]);
});

test("an abort ends all() while a promise of onProgress's is open", async () => {
  const { client } = setUpEnds();
  const controller = new AbortController();
  const all = client.all(tasksOf(client, 1), { signal: controller.signal, onProgress: () => new Promise(() => {}) });
  all.catch(() => {});
  await turns();
  assert.equal((await stateOf(all)).state, "pending");
  controller.abort("enough");
  assert.equal(await rejection(all), "enough");
});

test("all() rejects with the signal's reason also where a task fails in the turn of the abort", async () => {
  const controller = new AbortController();
  const { client } = setUp(async () => {
    controller.abort("enough");
    return answer(403, {});
  });
  assert.equal(await rejection(client.all(tasksOf(client, 1, 2), { signal: controller.signal })), "enough");
});

test("all() asks no task for its estimate where nobody hears, and each once a second at most", async () => {
  const { client, clock } = setUpEnds();
  let asked = 0;
  const counting = (task) => Object.defineProperty(task, "estimate", { value: () => void asked++ });
  await clock.run(client.all(tasksOf(client, 1, 1, 1).map(counting)));
  assert.equal(asked, 0);
  await clock.run(client.all(tasksOf(client, ...Array(50).fill(1)).map(counting), { onProgress() {} }));
  assert(asked > 0 && asked <= 100, `${asked} estimates`);
});
