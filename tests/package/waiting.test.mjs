// wait(): when it asks, and how it ends.
import assert from "node:assert/strict";
import {
  FAMILIES,
  START,
  answer,
  assertError,
  complete,
  inTurn,
  processing,
  rejection,
  rejectionInTime,
  setUp,
  setUpSimulator,
  test,
  value,
} from "./support.mjs";

const iso = (ms) => new Date(START + ms).toISOString();
const NAMES = {
  fileImports: "fileImport",
  folderUpdates: "folderUpdate",
  exports: "export",
  sourceCodeExtracts: "sourceCodeExtract",
};

for (const family of FAMILIES) {
  test(`a task of ${family} is polled to its end`, async () => {
    for (const apiVersion of ["v3", "2026-03"]) {
      const { client, clock, simulator } = setUpSimulator({ apiVersion });
      const id = simulator.addTask(NAMES[family], { pendingMs: 1_500, processingMs: 3_000 });
      const heard = [];
      const task = client[family].task(id);
      const finished = await clock.run(task.wait({ onStatus: ({ status }) => heard.push(status) }));
      assert.deepEqual(heard, ["PENDING", "PROCESSING", "COMPLETE"]);
      assert.equal(finished.outcome, "succeeded");
      assert.deepEqual(finished.status, task.latest);
      assert.equal(finished.result, finished.status.result, "in the same object");
      assert.equal(finished.result === undefined, family === "sourceCodeExtracts");
      assert.equal(finished.polls, simulator.requests.length);
    }
  });
}

test("the first poll is at once, and the next ones wait for the square root of the task's age, 10 % more or less", async () => {
  for (const [pace, k] of [
    ["interactive", 1],
    ["batch", 2],
    [0.5, 0.5],
    [undefined, 1],
  ]) {
    const { client, clock, times } = setUp(async () => processing(), { pace });
    // No export: of those the details are asked, too.
    await rejectionInTime(clock, client.fileImports.task("7").wait({ timeoutMs: 600_000 }));
    assert.equal(times()[0], 0);
    assert.equal(times().at(-1), 600_000);
    const phases = times()
      .slice(0, -2)
      .map((at, index) => {
        const wanted = 1_000 * Math.min(60, Math.max(1, k * Math.sqrt(at / 1_000)));
        return (times()[index + 1] - at) / wanted;
      });
    assert(phases.length > 10);
    for (const phase of phases)
      assert(phase > 0.89 && phase < 1.11 && Math.abs(phase - phases[0]) < 0.01, `${pace}: ${phase}`);
  }
});

test("minIntervalMs and maxIntervalMs bound the intervals, but for the phase", async () => {
  const { client, clock, times } = setUp(async () => processing(), { minIntervalMs: 5_000, maxIntervalMs: 8_000 });
  await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs: 300_000 }));
  const gaps = times()
    .slice(1, -1)
    .map((at, index) => at - times()[index]);
  assert(Math.min(...gaps) >= 4_500 && Math.max(...gaps) <= 8_800, String(gaps));
  assert(gaps.at(-1) > gaps[0], "the intervals grow between the two");
});

test("the task's age is taken from requestedAt where the Date header can be read", async () => {
  const date = () => new Date(clock.now()).toUTCString();
  const { client, clock, times } = setUp(async () =>
    answer(202, { status: "PROCESSING", requestedAt: iso(-400_000) }, { date: date() }),
  );
  await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs: 30_000 }));
  assert(times()[1] >= 18_000 && times()[1] <= 22_000, `asked again after ${times()[1]} ms`);
});

test("a date that cannot be steers no poll, nor does one that the host's own time zone would decide", async () => {
  const asked = async (dates, date) => {
    const { client, clock, times } = setUp(async () => answer(202, { status: "PROCESSING", ...dates }, date ? { date } : {}));
    await rejectionInTime(clock, client.exports.task("7").wait({ timeoutMs: 60_000 }));
    return times();
  };
  const undated = await asked({});
  const date = new Date(START).toUTCString();
  for (const [requestedAt, startedAt] of [
    ["1970-01-01T00:00:00Z", "1970-01-01T00:10:00Z"],
    [0, 600_000],
    ["2030-01-01T00:00:00Z", "2030-01-01T00:10:00Z"],
    ["8/21/2026 9:50", "Fri, 21 Aug 2026 09:50:00"],
  ]) {
    for (const header of [undefined, date]) {
      assert.deepEqual(await asked({ requestedAt, startedAt }, header), undated, `${requestedAt} ${header}`);
    }
  }
  // A header whose date says no zone is none, and so no age is known.
  assert.deepEqual(await asked({ requestedAt: iso(-400_000) }, date.replace(" GMT", "")), undated);
  for (const requestedAt of [iso(-400_000), iso(-400_000).slice(0, -1), START - 400_000, String(START - 400_000)]) {
    const [, second] = await asked({ requestedAt }, date);
    assert(second >= 18_000 && second <= 22_000, `asked again after ${second} ms`);
  }
});

test("an unknown status is a running task, and polled no faster than another one", async () => {
  for (const status of ["REVIEWING", "FAILED", "complete", "", "constructor"]) {
    const { client, clock, times } = setUp(inTurn(answer(200, { status }), answer(200, { status }), complete()));
    assert.equal((await clock.run(client.exports.task("7").wait())).polls, 3);
    assert(times()[1] >= 900 && times()[2] - times()[1] >= 900, String(times()));
  }
});

test("wait() resolves with errors and a result, and rejects without a result", async () => {
  const errors = [{ message: "One is not valid." }];
  const table = [
    ["fileImports", { result: { id: "1" } }, "succeeded"],
    ["fileImports", { result: { id: "1" }, numErrors: 1 }, "succeededWithErrors"],
    ["exports", { result: "https://x.example", errors }, "succeededWithErrors"],
    ["sourceCodeExtracts", {}, "succeeded"],
    ["fileImports", { errors }, "FAILED"],
    ["fileImports", { numErrors: 2, result: null }, "FAILED"],
    ["folderUpdates", {}, "FAILED"],
    ["exports", { status: "CANCELED" }, "CANCELED"],
  ];
  for (const [family, fields, end] of table) {
    const body = { status: "COMPLETE", ...fields };
    const { client } = setUp(async () => answer(200, body));
    const heard = [];
    const wait = client[family].task("7").wait({ onStatus: (status) => heard.push(status) });
    if (end.startsWith("succeeded")) {
      const { outcome, result, status } = await value(wait);
      assert.deepEqual([outcome, result, status], [end, body.result, body]);
    } else {
      const error = assertError(await rejection(wait), end, {
        polls: 1,
        lastStatus: body,
        family: NAMES[family],
        taskId: "7",
        httpStatus: undefined,
      });
      if (fields.errors) assert(error.message.includes("One is not valid."), error.message);
    }
    assert.deepEqual(heard, [body], "the last status is heard before the end");
  }
});

test("errors that are there count, in whatever form, and an export's result is a text or none", async () => {
  const result = "https://x.example";
  const table = [
    ["exports", { numErrors: "3", result }, "succeededWithErrors"],
    ["exports", { numErrors: "0", result }, "succeeded"],
    ["exports", { errors: [null, { message: "no" }], result }, "succeededWithErrors"],
    ["exports", { errors: [null], result }, "succeeded"],
    ["exports", { errors: { message: "no" }, result }, "succeededWithErrors"],
    ["exports", { errors: { "row 1": ["no"] }, result }, "succeededWithErrors"],
    ["exports", { errors: {}, result }, "succeeded"],
    ["fileImports", { errors: [null, { message: "no" }] }, "FAILED"],
    ["fileImports", { errors: { message: "no" } }, "FAILED"],
    ["exports", { result: "" }, "FAILED"],
    ["exports", { result: false }, "FAILED"],
    ["exports", { result: {} }, "FAILED"],
    ["exports", { result: [result] }, "FAILED"],
    ["exports", { result: 7 }, "FAILED"],
    ["folderUpdates", { result: {} }, "succeeded"],
  ];
  for (const [family, fields, end] of table) {
    const { client } = setUp(async () => answer(200, { status: "COMPLETE", ...fields }));
    const wait = client[family].task("7").wait();
    if (end !== "FAILED") {
      assert.equal((await value(wait)).outcome, end, JSON.stringify(fields));
      continue;
    }
    const { message } = assertError(await rejection(wait), end);
    if (fields.errors) assert.match(message, /: no. Start it again$/);
  }
});

test("the simulator's outcomes are told apart", async () => {
  for (const [outcome, expected] of [
    ["succeeded", "succeeded"],
    ["succeededWithErrors", "succeededWithErrors"],
    ["failed", "FAILED"],
    ["canceled", "CANCELED"],
  ]) {
    const { client, clock, simulator } = setUpSimulator();
    const id = simulator.addTask("folderUpdate", { processingMs: 5_000, outcome });
    const end = await clock.run(
      client.folderUpdates
        .task(id)
        .wait()
        .catch((error) => error),
    );
    assert.equal(end.outcome ?? end.code, expected);
    assert.equal((end.status ?? end.lastStatus).taskId, id);
  }
});
