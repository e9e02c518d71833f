// Pauses that HubSpot demands: Retry-After, 429, 477.
import assert from "node:assert/strict";
import {
  HubSpotTasks,
  START,
  answer,
  assertError,
  complete,
  faults,
  inTurn,
  processing,
  rejection,
  setUp,
  setUpSimulator,
  test,
  turns,
  value,
  virtualClock,
} from "./support.mjs";

const limited = (retryAfter, body = {}) =>
  answer(429, body, retryAfter === undefined ? {} : { "retry-after": retryAfter });

test("Retry-After is waited for once, in seconds, and what is no time is ignored", async () => {
  const table = [
    ["7", 7_000],
    [" 7 ", 7_000],
    ["10.5", 10_000],
    ["-5", 10_000],
    ["soon", 10_000],
    ["", 10_000],
    [undefined, 10_000],
  ];
  for (const [retryAfter, expected] of table) {
    const { client, clock, times } = setUp(
      inTurn({ ...limited(), headers: { "retry-after": retryAfter } }, processing(), complete()),
    );
    await clock.run(client.exports.task("7").wait());
    assert.equal(times()[1], expected, `"${retryAfter}"`);
    assert(times()[2] - times()[1] < 4_000, "it does not stick");
  }
});

test("Retry-After of zero does not poll faster than the schedule", async () => {
  for (const status of [429, 503, 477, 423, 202]) {
    const first = answer(status, status === 202 ? { status: "PROCESSING" } : {}, { "retry-after": "0" });
    const { client, clock, times } = setUp(inTurn(first, complete()));
    await clock.run(client.exports.task("7").wait());
    assert(times()[1] >= 900, `${status}: asked again after ${times()[1]} ms`);
  }
});

test("Retry-After on a good answer holds back that task's next poll, once, and no other task", async () => {
  const slow = answer(202, { status: "PROCESSING" }, { "retry-after": "20" });
  const { client, clock, requests } = setUp(async (url) =>
    url.includes("/7/") && clock.now() === START ? slow : clock.now() > START + 21_000 ? complete() : processing(),
  );
  await clock.run(Promise.all([client.exports.task("7").wait(), client.exports.task("8").wait()]));
  const timesOf = (id) => requests.filter(({ url }) => url.includes(`/${id}/`)).map(({ at }) => at);
  assert.equal(timesOf(7)[1], 20_000);
  assert(timesOf(8)[1] <= 1_100);
  assert(timesOf(7)[2] - timesOf(7)[1] < 6_000);
});

test("a Retry-After of years neither overflows a timer nor stops a wait without end", async () => {
  for (const retryAfter of ["3000000", "99999999999999999999"]) {
    const { client, clock, requests } = setUp(inTurn(limited(retryAfter), complete()), { timeoutMs: Infinity });
    const controller = new AbortController();
    const wait = client.exports.task("7").wait({ signal: controller.signal });
    wait.catch(() => {});
    await clock.advance(2_999_999_000);
    assert.equal(requests.length, 1);
    if (retryAfter === "3000000") {
      assert.equal((await clock.run(wait)).outcome, "succeeded");
      assert.equal(requests[1].at, 3_000_000_000);
    } else {
      controller.abort("enough");
      assert.equal(await rejection(wait), "enough");
    }
  }
});

test("a 429 of one task pauses all tasks of its client, and those of no other client", async () => {
  const clock = virtualClock();
  const sent = [];
  const clientNamed = (name) =>
    new HubSpotTasks({
      clock,
      async fetch(url) {
        const id = /tasks\/(\d+)/.exec(url)[1];
        const at = clock.now() - START;
        sent.push(`${name}${id}@${at}`);
        if (name === "a" && id === "1" && at === 0) return limited("30");
        return at >= 30_000 ? complete() : processing();
      },
    });
  const [a, b] = [clientNamed("a"), clientNamed("b")];
  const waits = [a.exports.task("1").wait()];
  await turns();
  waits.push(a.exports.task("2").wait(), a.fileImports.task("3").wait(), b.exports.task("1").wait());
  const all = Promise.all(waits);
  await clock.advance(29_999);
  assert.deepEqual(
    sent.filter((request) => request.startsWith("a")),
    ["a1@0"],
  );
  assert(sent.filter((request) => request.startsWith("b")).length > 5);
  await clock.advance(1);
  assert.deepEqual(
    sent
      .filter((request) => request.startsWith("a"))
      .slice(1)
      .sort(),
    ["a1@30000", "a2@30000", "a3@30000"],
  );
  await clock.run(all);
});

test("a pause past a waiter's deadline rejects that waiter at once, and no other", async () => {
  const { client, clock, requests } = setUp(
    inTurn(processing(), limited("60", { message: "no", correlationId: "c-1" }), complete()),
  );
  const impatient = client.exports.task("7").wait({ timeoutMs: 30_000 });
  const patient = client.exports.task("7").wait({ timeoutMs: 120_000 });
  const other = client.fileImports.task("8");
  impatient.catch(() => {});
  await clock.advance(1_100);
  const error = assertError(await rejection(impatient), "RATE_LIMITED", {
    httpStatus: 429,
    correlationId: "c-1",
    polls: 2,
    lastStatus: { status: "PROCESSING" },
  });
  assert(error.retryAfterMs > 59_000 && error.retryAfterMs <= 60_000, String(error.retryAfterMs));
  assertError(await rejection(other.wait({ timeoutMs: 50_000 })), "RATE_LIMITED");
  assert.equal(requests.length, 2);
  assert.equal((await clock.run(patient)).outcome, "succeeded");
});

test("a daily limit without Retry-After is RATE_LIMITED at once", async () => {
  const { client, clock, simulator } = setUpSimulator();
  const id = simulator.addTask("export", { processingMs: 5_000 });
  simulator.script([faults.rateLimitedDaily()]);
  assertError(await rejection(client.exports.task(id).wait()), "RATE_LIMITED", { httpStatus: 429 });
  simulator.script([faults.rateLimitedDaily({ retryAfter: 60 })]);
  assert.equal((await clock.run(client.exports.task(id).wait())).outcome, "succeeded");
});

test("status() waits for the end of a pause, but no longer than requestTimeoutMs", async () => {
  const { client, clock, requests } = setUp(inTurn(limited("20"), processing()));
  assertError(await rejection(client.exports.status("7")), "RATE_LIMITED", { retryAfterMs: 20_000 });
  const status = client.exports.status("8");
  await clock.advance(19_999);
  assert.equal(requests.length, 1);
  await clock.advance(1);
  assert.equal((await value(status)).status, "PROCESSING");

  const long = setUp(inTurn(answer(477, {}, { "retry-after": "3600" }), processing()));
  assertError(await rejection(long.client.exports.status("7")), "MIGRATING", { retryAfterMs: 3_600_000 });
  await long.clock.advance(60_000);
  assertError(await rejection(long.client.exports.status("8")), "MIGRATING", {
    retryAfterMs: 3_540_000,
    httpStatus: 477,
  });
  assert.equal(long.requests.length, 1);
});
