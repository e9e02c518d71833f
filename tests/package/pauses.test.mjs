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

test("no Retry-After is obeyed for longer than a day, whatever it says and whatever it came with", async () => {
  const day = 86_400_000;
  const far = "Fri, 31 Dec 9999 23:59:59 GMT";
  for (const retryAfter of ["3000000", "99999999999999999999", far]) {
    for (const status of [429, 477, 503, 408, 423, 202]) {
      const first = answer(status, status === 202 ? { status: "PROCESSING" } : {}, { "retry-after": retryAfter });
      const { client, clock, requests } = setUp(inTurn(first, complete()), { timeoutMs: Infinity });
      assert.equal((await clock.run(client.exports.task("7").wait())).outcome, "succeeded");
      assert.equal(requests[1].at, day, `${status} ${retryAfter}`);
    }
  }
});

for (const status of [408, 423, 500, 502, 503, 504]) {
  test(`a Retry-After of HTTP ${status} holds back its own task alone, and nobody ends with it`, async () => {
    const { client, clock, requests } = setUp(
      async (url) => (url.endsWith("/1/status") ? answer(status, { message: "busy" }, { "retry-after": "1000" }) : processing()),
      { timeoutMs: 60_000 },
    );
    const waits = Array.from({ length: 20 }, (_, number) => client.exports.task(String(number + 1)).wait());
    const errors = await clock.run(Promise.all(waits.map((wait) => wait.catch((error) => error))));
    const { cause } = assertError(errors[0], "TIMEOUT", { polls: 1 });
    assert.deepEqual([cause.code, cause.httpStatus], ["HTTP", status]);
    assert.equal(clock.now() - START, 60_000);
    assert.equal(requests.filter(({ url }) => url.endsWith("/1/status")).length, 1, "nothing is sent that HubSpot wants later");
    for (const error of errors.slice(1)) assertError(error, "TIMEOUT", { cause: undefined });
    assert.equal((await value(client.exports.status("8"))).status, "PROCESSING", "new calls are not held back");
  });
}

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

/** The three formats of an HTTP date (RFC 9110, section 5.6.7). */
const FORMATS = {
  "IMF-fixdate": (date) => date.toUTCString(),
  "RFC 850"(date) {
    const [, day, month, year, time] = /, (\d+) (\w+) \d\d(\d\d) (\S+)/.exec(date.toUTCString());
    const weekday = date.toLocaleDateString("en-US", { weekday: "long", timeZone: "UTC" });
    return `${weekday}, ${day}-${month}-${year} ${time} GMT`;
  },
  asctime(date) {
    const [weekday, , month, year, time] = date.toUTCString().split(/,? /);
    return `${weekday} ${month} ${String(date.getUTCDate()).padStart(2)} ${time} ${year}`;
  },
};

/** In a time zone of its own: a date without one must be read as GMT. */
async function inTimeZone(name, run) {
  const before = process.env.TZ;
  process.env.TZ = name;
  try {
    await run();
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}

test("the formats of an HTTP date are those of RFC 9110", () => {
  const date = new Date("1994-11-06T08:49:37Z");
  assert.deepEqual(
    Object.values(FORMATS).map((format) => format(date)),
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
  );
});

for (const [name, format] of Object.entries(FORMATS)) {
  test(`Retry-After as an HTTP date (${name}) is waited for, by the server's clock where that can be read`, async () => {
    for (const zone of ["UTC", "America/New_York", "Asia/Kolkata"]) {
      await inTimeZone(zone, async () => {
        for (const [retryAt, serverNow, expected] of [
          [30_000, undefined, 30_000],
          [30_000, 0, 30_000],
          [3_630_000, 3_600_000, 30_000],
          [-3_570_000, -3_600_000, 30_000],
          [16 * 86_400_000, 16 * 86_400_000 - 45_000, 45_000],
        ]) {
          const date = serverNow === undefined ? {} : { date: new Date(START + serverNow).toUTCString() };
          const first = answer(429, {}, { "retry-after": format(new Date(START + retryAt)), ...date });
          const { client, clock, times } = setUp(inTurn(first, processing(), complete()));
          await clock.run(client.exports.task("7").wait());
          assert.equal(times()[1], expected, `${zone}: ${retryAt} from ${serverNow}`);
          assert(times()[2] - times()[1] <= 7_500, "it is waited for once");
        }
      });
    }
  });

  test(`a Date header in that format (${name}) is the server's clock`, async () => {
    await inTimeZone("America/New_York", async () => {
      const first = answer(
        429,
        {},
        {
          "retry-after": new Date(START + 3_620_000).toUTCString(),
          date: format(new Date(START + 3_600_000)),
        },
      );
      const { client, clock, times } = setUp(inTurn(first, complete()));
      await clock.run(client.exports.task("7").wait());
      assert.equal(times()[1], 20_000);
    });
  });

  test(`Retry-After as a date that has passed (${name}) does not poll faster than the schedule`, async () => {
    for (const passed of [0, 1_000, 86_400_000, 20 * 365 * 86_400_000])
      for (const status of [429, 477, 503, 202]) {
        const body = status === 202 ? { status: "PROCESSING" } : {};
        const first = answer(status, body, { "retry-after": format(new Date(START - passed)) });
        const { client, clock, times } = setUp(inTurn(first, complete()));
        await clock.run(client.exports.task("7").wait());
        // A passing fault has its back-off.
        const interval = status === 503 ? 2_000 : 1_000;
        assert(Math.abs(times()[1] / interval - 1) <= 0.1, `${status}, ${passed} ms ago: ${times()[1]} ms`);
      }
  });
}

test("Retry-After as a date on a good answer holds back that task's next poll, once", async () => {
  const slow = answer(202, { status: "PROCESSING" }, { "retry-after": new Date(START + 25_000).toUTCString() });
  const { client, clock, times } = setUp(inTurn(slow, processing(), complete()));
  await clock.run(client.exports.task("7").wait());
  assert.equal(times()[1], 25_000);
  assert(times()[2] - times()[1] <= 5_500);
});

test("Retry-After that is neither seconds nor an HTTP date is ignored", async () => {
  for (const garbage of [
    "Fri",
    "Friday",
    "Fri, 21 Aug",
    "Fri, 32 Foo 2026 10:00:30 GMT",
    "Fri, 21 Aug 2026 25:61:61 GMT",
    "Soon 12:30",
    "2026-08-21T10:00:30Z",
    "21 Aug 2026 10:00:30 GMT",
    `@${START + 30_000}`,
    "30s",
    "1e3",
    "0x10",
    "+30",
    "30, 60",
    "\u0663\u0660",
    ",",
    "NaN",
    "Infinity",
    "null",
  ]) {
    const { client, clock, times } = setUp(
      inTurn({ ...limited(), headers: { "retry-after": garbage } }, processing(), complete()),
    );
    await clock.run(client.exports.task("7").wait());
    assert.equal(times()[1], 10_000, `"${garbage}"`);
  }
});

test("Retry-After as a date past the deadline ends the wait at once, and one at the deadline is its last poll", async () => {
  const dated = (ms) => limited(new Date(START + ms).toUTCString());
  const past = setUp(inTurn(dated(61_000), complete()));
  const error = assertError(await rejection(past.client.exports.task("7").wait({ timeoutMs: 60_000 })), "RATE_LIMITED");
  assert.equal(error.retryAfterMs, 61_000);
  await past.clock.advance(300_000);
  assert.equal(past.requests.length, 1);

  const { client, clock, times } = setUp(inTurn(dated(60_000), processing()));
  const wait = client.exports.task("7").wait({ timeoutMs: 60_000 });
  await clock.run(wait.catch(() => {}));
  assertError(await rejection(wait), "TIMEOUT");
  assert.deepEqual(times(), [0, 60_000]);
});

test("the ten-secondly limit is waited for, the daily one is not, unless HubSpot says how long", async () => {
  for (const [policyName, retryAfter, expected] of [
    ["TEN_SECONDLY_ROLLING", undefined, 10_000],
    ["TEN_SECONDLY_ROLLING", "3", 3_000],
    ["SECONDLY", undefined, 10_000],
    [undefined, undefined, 10_000],
    ["DAILY", "7200", 7_200_000],
    ["DAILY", new Date(START + 7_200_000).toUTCString(), 7_200_000],
    ["DAILY", undefined, undefined],
    ["DAILY", "soon", undefined],
  ]) {
    const { client, clock, times } = setUp(inTurn(limited(retryAfter, { policyName }), complete()), {
      timeoutMs: Infinity,
    });
    const wait = client.exports.task("7").wait();
    if (expected === undefined) {
      assertError(await rejection(wait), "RATE_LIMITED", { httpStatus: 429 });
      assert.deepEqual(times(), [0]);
    } else {
      await clock.run(wait);
      assert.deepEqual(times(), [0, expected], `${policyName} ${retryAfter}`);
    }
  }
});
