// Exports whose status is silent for long: their details are asked, seldom, and what they tell of an end is told.
import assert from "node:assert/strict";
import { answer, assertError, setUp, test } from "./support.mjs";

const EXPORT = "https://api.hubapi.com/crm/exports/2026-03/export";
const DETAILS = `${EXPORT}/90151673`;

/** A client whose export's status is `status()`, and whose details answer with `details()`. */
function silent(details, status = () => ({ status: "PENDING" }), options = {}) {
  const asked = [];
  const given = setUp(async (url) => {
    asked.push({ url, at: given.clock.now() });
    return url.endsWith("/status") ? answer(200, status()) : details();
  }, options);
  const details_ = () => asked.filter(({ url }) => !url.endsWith("/status"));
  return { ...given, task: given.client.exports.task("90151673"), asked, details: details_ };
}

const saying = (exportState) => async () => answer(200, { id: "90151673", exportState });

for (const [word, code] of Object.entries({ FAILED: "FAILED", CONFLICT: "FAILED", DELETED: "FAILED", CANCELED: "CANCELED" })) {
  test(`an export whose details say ${word} ends with that, long before its deadline`, async () => {
    const { task, clock, details } = silent(saying(word));
    const startMs = clock.now();
    const error = assertError(await clock.run(task.wait().catch((error) => error)), code);
    assert.equal(error.lastStatus.status, word);
    assert.equal(error.lastStatus.exportState, word);
    assert(clock.now() - startMs < 300_000);
    assert.deepEqual(details().map(({ url }) => url), [DETAILS]);
    assert.deepEqual(task.latest, error.lastStatus);
  });
}

test("its details are asked at the path of its API version", async () => {
  const { task, clock, details } = silent(saying("FAILED"), undefined, { apiVersion: "v3" });
  await clock.run(task.wait().catch((error) => error));
  assert.deepEqual(details().map(({ url }) => url), ["https://api.hubapi.com/crm/v3/exports/export/90151673"]);
});

test("an export that waits for approval is told once, until its status says more", async () => {
  let polls = 0;
  const status = () => (++polls < 200 ? { status: "PENDING" } : { status: "COMPLETE", result: "https://exports.example/1.csv" });
  const { task, clock, details } = silent(saying("PENDING_APPROVAL"), status);
  const heard = [];
  const { outcome } = await clock.run(task.wait({ onStatus: ({ status: word }) => heard.push(word) }));
  assert.equal(outcome, "succeeded");
  assert.deepEqual(heard, ["PENDING", "PENDING_APPROVAL", "COMPLETE"]);
  assert(details().length > 1);
});

for (const [what, details] of Object.entries({
  "that it is done": saying("DONE"),
  "a word of a later version": saying("ARCHIVED"),
  "no word": async () => answer(200, {}),
  nothing: async () => answer(204, ""),
  "a web page": async () => answer(200, "<html>"),
  "that it may not be seen": async () => answer(403, { category: "MISSING_SCOPES" }),
  "that there is none": async () => answer(404, "<html>"),
  "an error": async () => answer(500, ""),
  "no answer": async () => Promise.reject(new TypeError("fetch failed")),
})) {
  test(`details that tell ${what} change nothing: the status is asked again after the shortest interval`, async () => {
    let polls = 0;
    const status = () => (++polls < 40 ? { status: "PENDING" } : { status: "COMPLETE", result: "https://exports.example/1.csv" });
    const { task, clock, asked } = silent(details, status);
    const heard = [];
    const finished = await clock.run(task.wait({ onStatus: ({ status: word }) => heard.push(word) }));
    assert.equal(finished.outcome, "succeeded");
    assert.deepEqual(heard, ["PENDING", "COMPLETE"]);
    const place = asked.findIndex(({ url }) => url === DETAILS);
    assert.equal(place, 23);
    const { at, url } = asked[place + 1];
    assert(url.endsWith("/status"));
    assert(at - asked[place].at >= 1_000 && at - asked[place].at < 1_100, `${at - asked[place].at}`);
  });
}

test("a day in HubSpot's queue costs a handful of requests for details", async () => {
  const { task, clock, asked, details } = silent(saying("ENQUEUED"));
  assertError(await clock.run(task.wait().catch((error) => error)), "TIMEOUT");
  assert(details().length >= 3 && details().length <= 9, `${details().length}`);
  assert(details().length / asked.length < 0.05);
});

test("a queue worker that polls once per job asks for the details, too", async () => {
  const { client, clock, details } = silent(saying("CONFLICT"));
  let checkpoint = { version: 1, family: "export", taskId: "90151673", apiVersion: "2026-03", polls: 22 };
  let step = await clock.run(client.poll(checkpoint));
  assert.equal(step.done, false);
  checkpoint = JSON.parse(JSON.stringify(step.checkpoint));
  step = await clock.run(client.poll(checkpoint));
  assert.deepEqual([step.done, step.outcome, step.status.status], [true, "failed", "CONFLICT"]);
  assert.equal(details().length, 1);
});

test("a pause that the details bring is the client's", async () => {
  let isFirst = true;
  const details = async () => {
    const said = isFirst ? answer(429, {}, { "retry-after": "20" }) : answer(200, { exportState: "FAILED" });
    isFirst = false;
    return said;
  };
  const { task, clock, asked } = silent(details);
  assertError(await clock.run(task.wait().catch((error) => error)), "FAILED");
  const place = asked.findIndex(({ url }) => url === DETAILS);
  assert(asked[place + 1].at - asked[place].at >= 20_000);
});

test("a pause that the details bring, and that outlasts the deadline, is told as HubSpot told it", async () => {
  const { task, clock, details } = silent(async () => answer(477, { message: "moving to the EU", correlationId: "c-9" }, { "retry-after": "3600" }));
  const error = await clock.run(task.wait({ timeoutMs: 900_000 }).catch((error) => error));
  assertError(error, "MIGRATING", { correlationId: "c-9", httpStatus: 477 });
  assert.match(error.message, /HTTP 477.*moving to the EU/s);
  assert.equal(details().length, 1);
});

test("what is no export has no details to be asked for", async () => {
  const urls = [];
  const { client, clock } = setUp(async (url) => {
    urls.push(url);
    return answer(200, { status: "PENDING" });
  });
  assertError(await clock.run(client.fileImports.task("7").wait().catch((error) => error)), "TIMEOUT");
  assert(urls.length > 40 && urls.every((url) => url.endsWith("/status")));
});
