// What frameworks draw a task from: subscribe(), snapshot() and finished.
import assert from "node:assert/strict";
import { START, answer, assertError, complete, hang, inTurn, processing, rejection, setUp, setUpSimulator, stateOf, test, turns, value } from "./support.mjs";

/** What a listener saw: the snapshots, as they were when it was called. */
function watch(task) {
  const seen = [];
  const stop = task.subscribe(() => seen.push(task.snapshot()));
  return { seen, stop, phases: () => seen.map(({ phase }) => phase) };
}

test("a task that nobody watches is idle, and asking for its snapshot sends nothing", async () => {
  const { client, requests } = setUp(async () => complete());
  const task = client.exports.task(1);
  assert.deepEqual(task.snapshot(), { phase: "idle", outcome: "running", polls: 0 });
  await turns();
  assert.equal(requests.length, 0);
});

test("a task is polled while somebody listens, to its end", async () => {
  const { client, clock, times } = setUp(inTurn(processing(), processing(), complete()));
  const task = client.exports.task(1);
  const { seen, phases } = watch(task);
  assert.equal(task.snapshot().phase, "waiting");
  await clock.advance(10_000);
  assert.deepEqual([...new Set(phases())], ["asking", "waiting", "over"].sort((a, b) => phases().indexOf(a) - phases().indexOf(b)));
  const last = seen.at(-1);
  assert.deepEqual([last.phase, last.outcome, last.polls, last.result], ["over", "succeeded", 3, "https://exports.example/1.csv"]);
  assert.equal(last.status.status, "COMPLETE");
  assert.equal(times().length, 3);
});

test("a snapshot is the same object until something changes", async () => {
  const { client, clock } = setUp(inTurn(processing(), complete()));
  const task = client.exports.task(1);
  assert.equal(task.snapshot(), task.snapshot());
  const { seen } = watch(task);
  await clock.advance(10_000);
  assert.equal(new Set(seen).size, seen.length, "each time another one");
  assert.equal(task.snapshot(), seen.at(-1));
  assert.equal(client.exports.task(1).snapshot(), seen.at(-1), "for each handle");
});

test("a snapshot, and the status in it, cannot be changed", async () => {
  const { client, clock } = setUp(inTurn(processing()));
  const task = client.exports.task(1);
  const { stop } = watch(task);
  await clock.advance(10);
  const snapshot = task.snapshot();
  assert.throws(() => (snapshot.phase = "over"), TypeError);
  assert.throws(() => (snapshot.status.status = "COMPLETE"), TypeError);
  stop();
});

test("it tells when the task is asked next", async () => {
  const { client, clock, times } = setUp(inTurn(processing()));
  const task = client.exports.task(1);
  const { stop } = watch(task);
  await clock.advance(10);
  const { phase, nextPollAtMs } = task.snapshot();
  assert.equal(phase, "waiting");
  await clock.advance(5_000);
  assert.equal(times()[1], nextPollAtMs - START);
  stop();
});

test("listeners of all handles share one poll, and are called once for what came together", async () => {
  const { client, clock, requests } = setUp(inTurn(complete()));
  const watches = Array.from({ length: 5 }, () => watch(client.exports.task(1)));
  await clock.advance(10);
  assert.equal(requests.length, 1);
  for (const { seen } of watches) assert.deepEqual(seen, watches[0].seen);
  assert(watches[0].seen.length <= 3, `${watches[0].seen.length} calls`);
});

test("who subscribes, leaves and subscribes in one turn sends one request", async () => {
  const { client, clock, requests } = setUp(inTurn(processing()));
  const task = client.exports.task(1);
  watch(task).stop();
  const { stop } = watch(task);
  await clock.advance(10);
  assert.equal(requests.length, 1);
  stop();
});

test("nothing is sent once the last listener has left, and its request is broken off", async () => {
  const { client, clock, requests } = setUp(hang);
  const task = client.exports.task(1);
  const [first, second] = [watch(task), watch(task)];
  await clock.advance(10);
  first.stop();
  first.stop();
  assert.equal(requests[0].init.signal.aborted, false);
  second.stop();
  await turns();
  assert.equal(requests[0].init.signal.aborted, true);
  assert.equal(task.snapshot().phase, "idle");
  await clock.advance(100_000);
  assert.equal(requests.length, 1);
});

test("a listener that leaves while it is told sends nothing more", async () => {
  const { client, clock, requests } = setUp(inTurn(processing()));
  const task = client.exports.task(1);
  const stop = task.subscribe(() => {
    if (task.snapshot().status) stop();
  });
  await clock.advance(100_000);
  assert.equal(requests.length, 1);
});

test("one function may listen twice, and each leaves for itself", async () => {
  const { client, clock } = setUp(inTurn(processing()));
  const task = client.exports.task(1);
  let calls = 0;
  const listener = () => void calls++;
  const [stopFirst, stopSecond] = [task.subscribe(listener), task.subscribe(listener)];
  stopFirst();
  await clock.advance(10);
  assert(calls > 0);
  stopSecond();
});

test("what a listener throws harms neither the others nor the task", async () => {
  const { client, clock } = setUp(inTurn(processing(), complete()));
  const task = client.exports.task(1);
  task.subscribe(() => {
    throw new Error("a listener's own");
  });
  const { seen } = watch(task);
  await clock.advance(10_000);
  assert.equal(seen.at(-1).outcome, "succeeded");
});

test("a passing fault is told as the problem, with when it is tried again, and is gone after a good answer", async () => {
  const { client, clock, times } = setUp(inTurn(processing(), answer(503, "down"), processing(), complete()));
  const task = client.exports.task(1);
  const { seen } = watch(task);
  await clock.advance(60_000);
  const retrying = seen.find(({ phase }) => phase === "retrying");
  assertError(retrying.problem, "HTTP", { httpStatus: 503, taskId: "1" });
  assert.equal(retrying.nextPollAtMs - START, times()[2]);
  assert.equal(seen.at(-1).problem, undefined);
  assert.equal(seen.at(-1).outcome, "succeeded");
});

for (const [status, code] of [[429, "RATE_LIMITED"], [477, "MIGRATING"]]) {
  test(`a pause that HubSpot demands by ${status} is told as such, with its end`, async () => {
    const paused = answer(status, { policyName: "TEN_SECONDLY_ROLLING", message: "wait" }, { "Retry-After": "20" });
    const { client, clock, times } = setUp(inTurn(processing(), paused, complete()));
    const task = client.exports.task(1);
    const { seen } = watch(task);
    await clock.advance(60_000);
    const snapshot = seen.find(({ phase }) => phase === "paused");
    assertError(snapshot.problem, code);
    assert.equal(snapshot.nextPollAtMs - START, times()[1] + 20_000);
    assert.equal(seen.at(-1).outcome, "succeeded");
  });
}

for (const [ends, outcome, code] of [
  [answer(200, { status: "COMPLETE", errors: [{ message: "no" }] }), "failed", "FAILED"],
  [answer(200, { status: "CANCELED" }), "canceled", "CANCELED"],
]) {
  test(`a task that ${outcome === "failed" ? "failed" : "was canceled"} is over, with the error that wait() rejects with`, async () => {
    const { client, clock } = setUp(inTurn(processing(), ends));
    const task = client.exports.task(1);
    watch(task);
    await clock.advance(10_000);
    const { phase, outcome: told, error } = task.snapshot();
    assert.deepEqual([phase, told], ["over", outcome]);
    assertError(error, code, { taskId: "1" });
  });
}

test("what ends the polling is told as the error, and who comes then has it polled again", async () => {
  const { client, clock, requests } = setUp(inTurn(answer(403, {}), complete()));
  const task = client.exports.task(1);
  const { stop } = watch(task);
  await clock.advance(10);
  const { phase, outcome, error } = task.snapshot();
  assert.deepEqual([phase, outcome], ["over", "running"]);
  assertError(error, "FORBIDDEN");
  await clock.advance(100_000);
  assert.equal(requests.length, 1);
  watch(task);
  assert.equal(task.snapshot().error, undefined);
  await clock.advance(10);
  assert.equal(task.snapshot().outcome, "succeeded");
  stop();
});

test("a task's own time limit ends it with TIMEOUT", async () => {
  const { client, clock } = setUp(inTurn(processing()));
  const task = client.exports.task(1, { timeoutMs: 5_000 });
  watch(task);
  await clock.advance(10_000);
  const { phase, error } = task.snapshot();
  assert.equal(phase, "over");
  assertError(error, "TIMEOUT");
});

test("a base URL that cannot be resolved is told as the error, and throws nothing", async () => {
  const { client } = setUp(async () => complete(), { baseUrl: "/hubspot" });
  const task = client.exports.task(1);
  const { phases } = watch(task);
  await turns();
  assert.deepEqual(phases(), ["over"]);
  assertError(task.snapshot().error, "INVALID_ARGUMENT");
});

test("what others see of a task is in its snapshot, though nobody watches it", async () => {
  const { client, clock } = setUp(inTurn(processing(), complete()));
  const task = client.exports.task(1);
  const before = task.snapshot();
  await clock.run(task.wait());
  assert.notEqual(task.snapshot(), before);
  assert.deepEqual([task.snapshot().phase, task.snapshot().outcome], ["over", "succeeded"]);
});

test("a task that is over is watched without a request, but for an export's fresh URL", async () => {
  const { client, simulator, clock } = setUpSimulator();
  const ids = ["fileImport", "export"].map((family) => simulator.addTask(family));
  const tasks = [client.fileImports.task(ids[0]), client.exports.task(ids[1])];
  for (const task of tasks) await clock.run(task.wait());
  const before = simulator.requests.length;
  for (const task of tasks) watch(task);
  await clock.advance(1_000);
  assert.equal(simulator.requests.length, before + 1);
  for (const task of tasks) assert.equal(task.snapshot().outcome, "succeeded");
});

test("the estimate of a snapshot is the task's", async () => {
  const learned = { export: { whole: Array.from({ length: 64 }, (_, place) => 40 + place) } };
  const { client, clock } = setUp(inTurn(processing()), { learned });
  const task = client.exports.task(1);
  const { stop } = watch(task);
  await clock.advance(10);
  const { estimate } = task.snapshot();
  assert(estimate.medianMs > 0 && estimate.ninetyPercentMs >= estimate.medianMs);
  stop();
});

test("finished is one promise for all handles of a task, and waits only once it is read", async () => {
  const { client, clock, requests } = setUp(inTurn(processing(), complete()));
  const task = client.exports.task(1);
  await turns();
  assert.equal(requests.length, 0);
  const { finished } = task;
  assert.equal(client.exports.task("1").finished, finished);
  assert.equal((await clock.run(finished)).outcome, "succeeded");
  assert.equal(task.finished, finished);
});

test("a rejection of finished that nobody handles is reported nowhere", async () => {
  const { client } = setUp(inTurn(answer(403, {})));
  const { finished } = client.exports.task(1);
  await turns();
  assertError(await rejection(finished), "FORBIDDEN");
});

test("finished keeps to the time limit of the task", async () => {
  const { client, clock } = setUp(inTurn(processing()));
  const { finished } = client.exports.task(1, { timeoutMs: 3_000 });
  await clock.advance(4_000);
  assertError(await rejection(finished), "TIMEOUT");
});

test("finished and those who watch share each poll", async () => {
  const { client, clock, times } = setUp(inTurn(processing(), processing(), complete()));
  const task = client.exports.task(1);
  const { finished } = task;
  const { seen } = watch(task);
  await clock.advance(10_000);
  assert.equal((await value(finished)).polls, 3);
  assert.equal(seen.at(-1).outcome, "succeeded");
  assert.equal(times().length, 3);
});

test("events are heard as before while tasks are watched", async () => {
  const events = [];
  const { client, clock } = setUp(inTurn(processing(), complete()), { onEvent: ({ type }) => void events.push(type) });
  const task = client.exports.task(1);
  watch(task);
  await clock.advance(10_000);
  assert.deepEqual(events, ["asked", "answered", "changed", "asked", "answered", "changed", "finished"]);
});

test("a task that is not watched any more is asked by those who wait", async () => {
  const { client, clock } = setUp(inTurn(processing(), processing(), complete()));
  const task = client.exports.task(1);
  const { stop } = watch(task);
  const waiting = task.wait();
  await clock.advance(10);
  stop();
  await clock.advance(10_000);
  assert.equal((await stateOf(waiting)).state, "fulfilled");
});
