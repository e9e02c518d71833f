// Passing faults, and set-ups that cannot work.
import assert from "node:assert/strict";
import {
  answer,
  assertError,
  complete,
  inTurn,
  processing,
  rejectionInTime,
  START,
  setUp,
  test,
  value,
} from "./support.mjs";

const down = async () => {
  throw new TypeError("fetch failed");
};

test("passing faults are survived, further and further apart", async () => {
  const { client, clock, times } = setUp(
    inTurn(processing(), answer(500), answer(502), down, answer(200, "<html>"), answer(423), processing(), complete()),
  );
  const finished = await clock.run(client.exports.task("7").wait());
  assert.deepEqual([finished.outcome, finished.polls], ["succeeded", 8]);
  const gaps = times()
    .slice(1)
    .map((at, index) => at - times()[index]);
  for (const [index, seconds] of [2, 4, 8, 16, 32].entries()) {
    assert(gaps[index + 1] >= seconds * 900 && gaps[index + 1] <= seconds * 1_100, String(gaps));
  }
  assert(gaps[6] < 20_000, "back to the schedule");
});

test("faults in a row end at the deadline, not before", async () => {
  const { client, clock, times } = setUp(inTurn(processing(), answer(503)), { timeoutMs: 600_000 });
  assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "TIMEOUT", {
    lastStatus: { status: "PROCESSING" },
  });
  assert.equal(times().at(-1), 600_000);
});

test("a client that never had an answer gives up after three NETWORK faults within 5 s, and asks whether there is one", async () => {
  const { client, clock, requests } = setUp(down, { timeoutMs: Infinity });
  const error = assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "NETWORK", { polls: 3 });
  assert.deepEqual(requests.map(({ at }) => at), [0, 1_000, 3_000]);
  assert.match(error.message, /no answer came \(TypeError: fetch failed\)\. Does baseUrl answer\?$/);
});

test("a client that gets web pages alone gives up after three, within 5 s, and names the base URL", async () => {
  const { client, clock, requests } = setUp(async () => answer(200, "<!doctype html><title>App</title>"), {
    timeoutMs: Infinity,
  });
  const error = assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "INVALID_RESPONSE", {
    polls: 3,
  });
  assert.deepEqual(requests.map(({ at }) => at), [0, 1_000, 3_000]);
  assert.match(error.message, /baseUrl/);
});

test("a client that had an answer before, even of another task, does not give up", async () => {
  const { client, clock, requests } = setUp(async (url) => (url.includes("/8/") ? processing() : down()), {
    timeoutMs: 300_000,
  });
  await value(client.exports.status("8"));
  assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "TIMEOUT");
  assert(requests.length > 7);
});

test("two faults and an answer are no wrong set-up; other faults in between begin a new row", async () => {
  const lucky = setUp(inTurn(down, down, complete()));
  assert.equal((await lucky.clock.run(lucky.client.exports.task("7").wait())).polls, 3);
  const mixed = setUp(inTurn(down, down, answer(503), down, down, complete()));
  assert.equal((await mixed.clock.run(mixed.client.exports.task("7").wait())).polls, 6);
});

test("who waits again after a wrong set-up has as many tries", async () => {
  const { client, clock, requests } = setUp(inTurn(down, down, down, down, down, complete()));
  assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "NETWORK");
  await clock.run(client.exports.task("7").wait());
  assert.equal(requests.length, 6);
});

test("a worker that resumes a task during an outage does not give up", async () => {
  const { client, clock, requests } = setUp(inTurn(...Array(9).fill(down), complete()));
  const checkpoint = { version: 1, family: "export", taskId: "7", apiVersion: "2026-03", polls: 1, startedMs: START };
  assert.equal((await clock.run(client.resume(checkpoint).wait())).outcome, "succeeded");
  assert.equal(requests.length, 10);
});

test("what can never be read ends the wait after good answers, too: at the eighth in a row", async () => {
  const { client, clock, requests } = setUp(inTurn(processing(), answer(200, "<html>")), { timeoutMs: Infinity });
  assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "INVALID_RESPONSE", { polls: 9 });
  assert.equal(requests.length, 9);
  assert(clock.now() - START < 240_000);
});

test("an error in a 2xx whose category has no code is asked again, and ends as HTTP with its category when it is said again", async () => {
  const error = answer(200, { status: "error", category: "SOMETHING_NEW", message: "no", correlationId: "c-1" });
  for (const [replies, polls] of [
    [[error], 2],
    [[processing(), error], 3],
    [[processing(), error, processing(), error], 5],
    [[processing(), error, answer(503), error], 5],
  ]) {
    const { client, clock } = setUp(inTurn(...replies), { timeoutMs: Infinity });
    const fields = { httpStatus: 200, category: "SOMETHING_NEW", correlationId: "c-1", polls };
    const wrong = assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "HTTP", fields);
    assert.match(wrong.message, /no/);
  }
  const once = setUp(inTurn(processing(), error, complete()));
  assert.equal((await once.clock.run(once.client.exports.task("7").wait())).outcome, "succeeded");
});

test("a good answer to a status() between two such errors: they are not in a row", async () => {
  const error = answer(200, { status: "error", category: "SOMETHING_NEW", message: "no" });
  const { client, clock, requests } = setUp(inTurn(processing(), error, processing(), error, complete()), { timeoutMs: Infinity });
  const task = client.exports.task("7");
  const waiting = task.wait();
  while (requests.length < 2) await clock.advance(100);
  await clock.run(task.status());
  assert.equal((await clock.run(waiting)).outcome, "succeeded");
  assert.equal(requests.length, 5);
});
