// The loop: what it tells the engine first, of what comes in at one instant. (tests/differential.test.mjs found these.)
import assert from "node:assert/strict";
import { START, answer, complete, deferred, processing, setUp, test, turns, value } from "./support.mjs";

test("an iterator that is told a status goes on with the poll under way", async () => {
  const answers = [deferred(), deferred()];
  const givenUp = [];
  const { client, clock, times } = setUp((_, { signal }, number) => {
    signal.addEventListener("abort", () => givenUp.push(number));
    return answers[number - 1].promise;
  });
  const task = client.exports.task("7");
  const statuses = task.statuses();
  const second = statuses.next().then(() => statuses.next());
  await turns();
  const look = task.status();
  await turns();
  answers[1].resolve(processing());
  assert.equal((await value(look)).status, "PROCESSING");
  await clock.advance(10_000);
  assert.deepEqual([times(), givenUp], [[0, 0], []], "one poll, one status()");
  await statuses.return();
  assert.deepEqual([(await second).done, givenUp], [true, [1]]);
});

test("an iterator that nobody asks for more breaks off the poll under way, in the next turn", async () => {
  const givenUp = [];
  const look = deferred();
  const { client, clock } = setUp((_, { signal }, number) => {
    signal.addEventListener("abort", () => givenUp.push(number));
    return number === 1 ? new Promise(() => {}) : look.promise;
  });
  const task = client.exports.task("7");
  const statuses = task.statuses();
  const first = statuses.next();
  await turns();
  const status = task.status();
  await turns();
  look.resolve(processing());
  await value(status);
  assert.equal((await value(first)).value.status, "PROCESSING");
  assert.deepEqual([givenUp, clock.timers], [[1], 0]);
  await statuses.return();
});

test("a reply that is there when another poll is due is heard before that is sent", async () => {
  const first = deferred();
  const { client, clock, requests } = setUp((url) => (url.includes("/1/") ? first.promise : answer(202)));
  const waits = ["1", "2"].map((id) => client.exports.task(id).wait({ timeoutMs: 60_000 }));
  await turns();
  const dueMs = client.exports.task("2").checkpoint().dueMs - START;
  // Time passes, but no timer rings: the host was busy, and has both to do.
  clock.set(START + dueMs);
  first.resolve(answer(429, { errorType: "RATE_LIMIT" }, { "retry-after": "20" }));
  await clock.advance(19_999);
  assert.deepEqual(requests.map(({ at }) => at), [0, 0]);
  for (const wait of waits) wait.catch(() => {});
  await clock.advance(60_000);
});

test("a wait that begins in the turn in which the last other one leaves has the poll under way", async () => {
  const poll = deferred();
  const { client, clock, times } = setUp(() => poll.promise);
  const task = client.exports.task("7");
  const controller = new AbortController();
  const left = task.wait({ signal: controller.signal });
  left.catch(() => {});
  await clock.advance(1_000);
  const wait = task.wait();
  controller.abort();
  await clock.advance(1_000);
  poll.resolve(complete());
  assert.equal((await value(wait)).outcome, "succeeded");
  assert.deepEqual(times(), [0]);
});

test("a signal serves ten requests at most: Node warns of a leak at the eleventh listener", async () => {
  const served = new Map();
  const { client, clock, times } = setUp((_, { signal }) => {
    served.set(signal, (served.get(signal) ?? 0) + 1);
    return times().length < 40 ? processing() : complete();
  });
  const wait = client.exports.task("7").wait({ timeoutMs: 3_600_000 });
  await clock.advance(3_600_000);
  assert.equal((await value(wait)).outcome, "succeeded");
  assert.equal(times().length, 40);
  assert.ok(Math.max(...served.values()) <= 10);
});
