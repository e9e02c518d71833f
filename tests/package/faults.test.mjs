// Passing faults, and set-ups that cannot work.
import assert from "node:assert/strict";
import {
  answer,
  assertError,
  complete,
  inTurn,
  processing,
  rejectionInTime,
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

test("a client that never had an answer gives up after five NETWORK faults, and asks whether there is one", async () => {
  const { client, clock, requests } = setUp(down, { timeoutMs: Infinity });
  const error = assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "NETWORK", { polls: 5 });
  assert.equal(requests.length, 5);
  assert.match(error.message, /no answer came \(TypeError: fetch failed\)\. Does baseUrl answer\?$/);
});

test("a client that gets web pages alone gives up after five, and names the base URL", async () => {
  const { client, clock, requests } = setUp(async () => answer(200, "<!doctype html><title>App</title>"), {
    timeoutMs: Infinity,
  });
  const error = assertError(await rejectionInTime(clock, client.exports.task("7").wait()), "INVALID_RESPONSE", {
    polls: 5,
  });
  assert.equal(requests.length, 5);
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

test("four faults and an answer are no wrong set-up; other faults in between begin a new row", async () => {
  const lucky = setUp(inTurn(down, down, down, down, complete()));
  assert.equal((await lucky.clock.run(lucky.client.exports.task("7").wait())).polls, 5);
  const mixed = setUp(inTurn(down, down, down, down, answer(503), down, down, down, down, complete()));
  assert.equal((await mixed.clock.run(mixed.client.exports.task("7").wait())).polls, 10);
});
