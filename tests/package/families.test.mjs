// Families that are not built in: how a definition is checked, and three of HubSpot's other tasks to their ends.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { project } from "./pack.mjs";
import {
  API,
  HubSpotTasks,
  START,
  answer,
  assertError,
  inTurn,
  outcomeOf,
  rejection,
  rejectionInTime,
  setUp,
  test,
  thrown,
  value,
  virtualClock,
} from "./support.mjs";

const { defineFamily } = await import(pathToFileURL(join(project, "support.mjs")).href);

/** A single-send e-mail: over when it was handed on, which may have been refused. */
const EMAIL = {
  name: "email",
  paths: { start: "/marketing/v3/transactional/single-email/send", status: "/marketing/v3/email/send-statuses/{taskId}" },
  result: { field: "sendResult", oneOf: ["SENT", "QUEUED"] },
  start: { answers: { field: "statusId" }, requires: [["emailId"], ["message"]] },
  scopes: ["transactional-email"],
};

/** A snapshot of the webhooks journal: other words, times in milliseconds. */
const SNAPSHOT = {
  name: "journalSnapshot",
  paths: { start: "/webhooks-journal/snapshots/{version}/crm", status: "/webhooks-journal/journal/{version}/status/{taskId}" },
  state: { queued: ["PENDING"], running: ["IN_PROGRESS"], succeeded: ["SUCCESS"], failed: ["FAILED", "EXPIRED"], canceled: [] },
  dates: { requestedAt: "initiatedAt" },
};

/** The clone of a campaign, of which some parts may fail. */
const CLONE = {
  name: "campaignClone",
  paths: {
    start: "/marketing/campaigns/2026-09-beta/clone",
    status: "/marketing/campaigns/2026-09-beta/clone/{taskId}/status",
  },
  state: { queued: ["PENDING"], succeeded: ["COMPLETE"], succeededWithErrors: ["PARTIAL_FAILURE"], failed: ["FAILED"] },
  result: { field: "campaign" },
  start: { answers: { field: "campaignGuid" } },
};

// How a definition is checked.

test("defineFamily() gives a copy with what it was given", () => {
  for (const definition of [EMAIL, SNAPSHOT, CLONE]) {
    const given = structuredClone(definition);
    const defined = defineFamily(given);
    given.name = "changed";
    assert.deepEqual(defined, definition);
    assert.deepEqual(defineFamily(defined), definition);
  }
});

const WRONG = {
  name: ["", "a b", "1st", "export", "import", 5, "../x"],
  "paths.status": ["no/slash/{taskId}", "/without", 5, { numbered: "/{taskId}" }, { numbered: "/{taskId}", dated: "/x" }],
  "paths.start": ["/with/{taskId}", "relative", 5],
  "paths.details": ["/without"],
  "paths.cancel": ["/without"],
  "paths.errors": [5],
  "paths.other": ["/{taskId}"],
  id: ["uuid", 5],
  state: ["status", 5],
  "state.field": ["", 5],
  "state.queued": ["PENDING", [5], [""]],
  "state.done": [["DONE"]],
  result: ["result"],
  "result.field": ["", 5],
  "result.isText": ["yes", 1],
  "result.oneOf": ["SENT", [1]],
  "result.livesMs": [0, -1, "5", NaN],
  "errors.field": [5],
  "errors.countField": [""],
  "errors.count": ["n"],
  "dates.requestedAt": [5],
  "dates.at": ["x"],
  scopes: ["crm.import", [5]],
  "start.sends": ["xml", () => {}],
  "start.answers": ["id", {}, { field: 5 }],
  "start.requires": [["url"], "url", [[5]]],
  isQueued: ["yes", 1],
  states: [{}],
};

/** A definition with one field set. */
function withField(place, given) {
  const definition = { ...structuredClone(EMAIL), result: { field: "r" } };
  const names = place.split(".");
  const last = names.pop();
  let holder = definition;
  for (const name of names) holder = holder[name] ??= {};
  holder[last] = given;
  return definition;
}

for (const [place, values] of Object.entries(WRONG)) {
  test(`a definition's ${place} is checked`, () => {
    for (const given of values) {
      const definition = withField(place, given);
      const error = assertError(thrown(() => defineFamily(definition)), "INVALID_ARGUMENT");
      assert(error.message.startsWith(`definition: ${place}: got `), error.message);
      assert.match(error.message, / takes ./);
      assertError(thrown(() => new HubSpotTasks().family(definition)), "INVALID_ARGUMENT");
      assertError(thrown(() => outcomeOf({ status: "X" }, definition)), "INVALID_ARGUMENT");
    }
  });
}

test("every field of a definition that is wrong or missing is named in one error", () => {
  const { message } = thrown(() =>
    defineFamily({ name: "a b", paths: { start: "x", more: "/" }, id: "uuid", result: {}, state: { running: 5 }, isQueued: 1, unknown: 1 }),
  );
  for (const place of ["name", "paths.status", "paths.start", "paths.more", "id", "result.field", "state.running", "isQueued", "unknown"]) {
    assert(message.includes(`${place}: got`), `${place} in ${message}`);
  }
  assert(message.includes("paths.status: got nothing"));
});

test("what is no definition is refused, and so is one that throws", () => {
  for (const given of [undefined, null, 5, "email", () => {}]) assertError(thrown(() => defineFamily(given)), "INVALID_ARGUMENT");
  const boom = new Error("boom");
  const error = assertError(thrown(() => defineFamily({ get name() { throw boom; } })), "INVALID_ARGUMENT");
  assert.equal(error.cause, boom);
});

test("what is hung on Object.prototype completes no definition", () => {
  try {
    Object.prototype.paths = EMAIL.paths;
    assertError(thrown(() => defineFamily({ name: "email" })), "INVALID_ARGUMENT");
  } finally {
    delete Object.prototype.paths;
  }
});

test("null in a definition is not given", async () => {
  const nulls = (...names) => Object.fromEntries(names.map((name) => [name, null]));
  const definition = {
    ...EMAIL,
    ...nulls("id", "scopes", "isQueued"),
    state: nulls("field", "queued", "running", "succeeded", "succeededWithErrors", "failed", "canceled"),
    result: { ...EMAIL.result, ...nulls("isText", "livesMs") },
    errors: nulls("field", "countField"),
    dates: nulls("requestedAt", "startedAt", "completedAt"),
    start: { ...EMAIL.start, sends: null },
  };
  const { scopes, ...others } = EMAIL;
  assert.deepEqual(defineFamily({ ...definition, ...nulls("state", "errors", "dates") }), others);
  assert(scopes.length > 0);
  assert.equal(outcomeOf({ status: "COMPLETE", sendResult: "SENT", errors: [{}] }, definition), "succeededWithErrors");
  assert.equal(outcomeOf({ status: "COMPLETE", sendResult: "SENT", numErrors: 1 }, definition), "succeededWithErrors");
  const { client, clock, requests } = setUp(inTurn(answer(200, { status: "COMPLETE", sendResult: "SENT" })));
  const task = client.family(definition).task("s-1");
  await value(task.wait());
  await clock.advance(600_000);
  await value(task.wait());
  assert.equal(requests.length, 1, "its result has no short life");
  const { client: other } = setUp(inTurn(answer(200, { status: "COMPLETE" })));
  assert.equal((await value(other.family({ ...EMAIL, ...nulls("result") }).task("s-1").wait())).outcome, "succeeded");
});

// Families of a client.

test("a definition gives one family of a client, however often; another one of its name is refused", async () => {
  const { client } = setUp(async () => answer(202));
  const family = client.family(EMAIL);
  assert.equal(client.family(structuredClone(EMAIL)), family);
  const error = assertError(thrown(() => client.family({ ...EMAIL, scopes: [] })), "INVALID_ARGUMENT");
  assert.match(error.message, /definition\.name: got "email"/);
  const other = setUp(async () => answer(202)).client;
  assert.notEqual(other.family({ ...EMAIL, scopes: [] }), family);
});

test("a family without a way to start says so", async () => {
  const { client, requests } = setUp(async () => answer(202));
  const family = client.family({ name: "ingestion", paths: { status: "/cms/{version}/source/{taskId}" } });
  const error = assertError(await rejection(family.start({})), "INVALID_ARGUMENT");
  assert.match(error.message, /ingestion: its definition has no paths\.start/);
  for (const call of ["details", "cancel"]) assertError(await rejection(family[call]("1")), "INVALID_ARGUMENT");
  assertError(await rejection(family.errors("1").next()), "INVALID_ARGUMENT");
  assert.equal(requests.length, 0);
});

test("paths of a definition are filled in by the style of the version, wherever they name it", async () => {
  const paths = { status: { numbered: "/a/{version}/{version}/{taskId}/{taskId}", dated: "/{version}/a/{taskId}" } };
  for (const [apiVersion, expected] of [["v3", "/a/v3/v3/x%2F%24%26/x%2F%24%26"], ["2031-09", "/2031-09/a/x%2F%24%26"]]) {
    const { client, requests } = setUp(async () => answer(202), { apiVersion });
    await value(client.family({ name: "any", paths }).status("x/$&"));
    assert.equal(requests[0].url, API + expected);
  }
});

test("ids are those of the definition's form", async () => {
  const paths = { status: "/x/{taskId}" };
  const { client } = setUp(async () => answer(202));
  for (const [id, taken, refused] of [["int32", "2147483647", "2147483648"], ["int64", "9223372036854775807", "x"], ["text", "x", ""]]) {
    const family = client.family({ name: `of-${id}`, paths, id });
    assert.equal(family.task(taken).id, taken);
    assertError(thrown(() => family.task(refused)), "INVALID_ARGUMENT");
  }
});

// Single-send e-mails.

const anEmail = { emailId: 5, message: { to: "a@b.example" } };
const sent = (sendResult) => answer(200, { status: "COMPLETE", statusId: "s-1", sendResult });

test("a single-send e-mail is sent and waited for; what became of it is its result", async () => {
  const { client, clock, requests } = setUp(
    inTurn(answer(200, { statusId: "s-1", status: "PENDING", requestedAt: "2026-08-21T10:00:00Z" }), answer(200, { status: "PROCESSING" }), sent("SENT")),
  );
  const finished = await clock.run(client.family(EMAIL).run(anEmail));
  assert.deepEqual([finished.outcome, finished.result, finished.polls], ["succeeded", "SENT", 2]);
  assert.deepEqual(
    requests.map(({ url, init }) => [init.method, url.slice(API.length)]),
    [
      ["POST", "/marketing/v3/transactional/single-email/send"],
      ["GET", "/marketing/v3/email/send-statuses/s-1"],
      ["GET", "/marketing/v3/email/send-statuses/s-1"],
    ],
  );
  assert.deepEqual(JSON.parse(requests[0].init.body), anEmail);
});

test("a single-send e-mail that was refused has failed, though it is COMPLETE", async () => {
  for (const [sendResult, outcome] of [["QUEUED", "succeeded"], ["SENT", "succeeded"], ["BLOCKED_DOMAIN", "failed"], [undefined, "failed"], [5, "failed"]]) {
    const status = { status: "COMPLETE", sendResult };
    assert.equal(outcomeOf(status, EMAIL), outcome);
    const { client } = setUp(inTurn(answer(200, status)));
    const wait = client.family(EMAIL).task("s-1").wait();
    if (outcome === "succeeded") assert.equal((await value(wait)).result, sendResult);
    else assertError(await rejection(wait), "FAILED", { family: "email", taskId: "s-1" });
  }
});

test("an e-mail without what HubSpot needs is not sent, and one whose answer has no statusId may have been", async () => {
  const { client, requests } = setUp(inTurn(answer(200, { id: "s-1" })));
  const family = client.family(EMAIL);
  assert.match((await rejection(family.start({ message: {} }))).message, /request\.emailId/);
  assert.equal(requests.length, 0);
  assertError(await rejection(family.start(anEmail)), "UNKNOWN_OUTCOME", { family: "email" });
  const number = setUp(inTurn(answer(200, '{"statusId":9007199254740993}')));
  assert.equal((await value(number.client.family(EMAIL).start(anEmail))).id, "9007199254740993");
});

test("the scopes of a definition are named where HubSpot names none", async () => {
  const { client } = setUp(inTurn(answer(403, { category: "MISSING_SCOPES" })));
  assertError(await rejection(client.family(EMAIL).status("s-1")), "FORBIDDEN", { requiredScopes: ["transactional-email"] });
});

// Snapshots of the journal.

test("a journal snapshot is waited for by its own words; its dates may be milliseconds", async () => {
  const at = START - 60_000;
  const { client, clock, times } = setUp(
    inTurn(
      answer(200, { id: "u-1" }),
      answer(200, { status: "PENDING", initiatedAt: at }, { date: new Date(START + 1_000).toUTCString() }),
      answer(200, { status: "IN_PROGRESS", initiatedAt: at }),
      answer(200, { status: "SUCCESS", initiatedAt: at, completedAt: START + 2_000 }),
    ),
  );
  const heard = [];
  const family = client.family(SNAPSHOT);
  const finished = await clock.run(family.run({ snapshotRequests: [] }, { onStatus: ({ status }) => heard.push(status) }));
  assert.deepEqual([finished.outcome, finished.result, heard], ["succeeded", undefined, ["PENDING", "IN_PROGRESS", "SUCCESS"]]);
  assert(finished.detectionDelayMs >= 0);
  // Its age, and so the interval, counts from the instant that HubSpot told.
  const [, second, third] = times();
  assert(third - second > 6_000, `${times()}`);
});

test("a journal snapshot that failed or expired rejects, and a word that is new goes on", async () => {
  for (const word of ["FAILED", "EXPIRED"]) {
    const { client } = setUp(inTurn(answer(200, { status: word, errorCode: "TIMEOUT" })));
    const error = assertError(await rejection(client.family(SNAPSHOT).task("u-1").wait()), "FAILED");
    assert(error.message.includes(word), error.message);
    assert.equal(error.lastStatus.errorCode, "TIMEOUT");
  }
  for (const [word, outcome] of [["CANCELED", "running"], ["COMPLETE", "running"], ["NEW", "running"], ["SUCCESS", "succeeded"]]) {
    assert.equal(outcomeOf({ status: word }, SNAPSHOT), outcome);
  }
});

// Clones of campaigns.

test("a campaign's clone that failed in part is an outcome of its own", async () => {
  const { client, clock, requests } = setUp(
    inTurn(answer(201, { campaignGuid: "g-1" }), answer(200, { status: "PENDING" }), answer(200, { status: "PARTIAL_FAILURE", campaign: { id: "g-1" } })),
  );
  const finished = await clock.run(client.family(CLONE).run({ campaignGuid: "g-0" }));
  assert.deepEqual([finished.outcome, finished.result], ["succeededWithErrors", { id: "g-1" }]);
  assert.equal(requests[1].url, `${API}/marketing/campaigns/2026-09-beta/clone/g-1/status`);
  for (const [status, outcome] of [
    [{ status: "COMPLETE", campaign: {} }, "succeeded"],
    [{ status: "COMPLETE" }, "failed"],
    [{ status: "PARTIAL_FAILURE" }, "failed"],
    [{ status: "FAILED", campaign: {} }, "failed"],
    [{ status: "PENDING", campaign: {} }, "running"],
  ]) {
    assert.equal(outcomeOf(status, CLONE), outcome, JSON.stringify(status));
  }
});

// Checkpoints, events, what is learned.

test("a checkpoint of a defined family is carried on by a client that knows it, and refused by one that does not", async () => {
  const first = setUp(inTurn(answer(200, { statusId: "s-1" }), answer(200, { status: "PROCESSING" })));
  const task = await value(first.client.family(EMAIL).start(anEmail));
  const checkpoint = JSON.parse(JSON.stringify(task.checkpoint()));
  assert.deepEqual([checkpoint.family, checkpoint.taskId], ["email", "s-1"]);

  const other = setUp(inTurn(sent("QUEUED")));
  for (const call of ["resume", "poll"]) {
    const error = await (async () => other.client[call](checkpoint))().then(() => assert.fail("it is taken"), (refused) => refused);
    assertError(error, "INVALID_ARGUMENT");
    assert.match(error.message, /checkpoint\.family: got "email", takes .*family\(\)/);
  }
  other.client.family(EMAIL);
  const step = await value(other.client.poll(checkpoint));
  assert.deepEqual([step.done, step.outcome, step.result], [true, "succeeded", "QUEUED"]);
  assert.equal((await other.clock.run(other.client.resume(checkpoint).wait())).result, "QUEUED");
});

test("events and errors name a defined family", async () => {
  const families = new Set();
  const { client, clock } = setUp(inTurn(answer(200, { statusId: "s-1" }), answer(200, { status: "PROCESSING" })), {
    onEvent: ({ family }) => families.add(family),
  });
  const error = await rejectionInTime(clock, client.family(EMAIL).run(anEmail, { timeoutMs: 5_000 }));
  assertError(error, "TIMEOUT", { family: "email" });
  assert.match(error.message, /^email s-1: /);
  assert.deepEqual([...families], ["email"]);
});

test("durations of a defined family are learned, given out and taken again", async () => {
  const clock = virtualClock();
  const begins = new Map();
  const fetch = async (url) => {
    const requestedAt = begins.get(url) ?? begins.set(url, clock.now()).get(url);
    const completedAt = requestedAt + 4_000;
    return answer(200, clock.now() < completedAt ? { status: "PROCESSING" } : { status: "COMPLETE", requestedAt, completedAt, sendResult: "SENT" });
  };
  const client = new HubSpotTasks({ clock, fetch });
  const family = client.family(EMAIL);
  const snapshots = client.family(SNAPSHOT);
  await clock.run(Promise.all(Array.from({ length: 25 }, (_, at) => family.task(`s-${at}`).wait())));
  const learned = client.learned();
  assert.deepEqual([learned.email.whole.length, learned.journalSnapshot.whole.length], [25, 0]);
  assert(family.task("new").estimate().medianMs > 3_000);
  assert.equal(snapshots.task("new").estimate(), undefined);
  const next = new HubSpotTasks({ clock, fetch, learned: JSON.parse(JSON.stringify(learned)) });
  assert.equal(next.family(EMAIL).task("new").estimate().medianMs, family.task("new").estimate().medianMs);
});

test("tasks of two families with one id are two tasks", async () => {
  const { client, requests } = setUp(async (url) => answer(200, url.includes("send-statuses") ? { status: "COMPLETE", sendResult: "SENT" } : { status: "SUCCESS" }));
  const [email, snapshot] = await value(Promise.all([client.family(EMAIL).task("1").wait(), client.family(SNAPSHOT).task("1").wait()]));
  assert.deepEqual([email.result, snapshot.result, requests.length], ["SENT", undefined, 2]);
});

test("a result that lives for a short while is asked for anew once its task is over", async () => {
  const definition = { ...EMAIL, name: "short", result: { ...EMAIL.result, livesMs: 1_000 } };
  const { client, clock, requests } = setUp(inTurn(sent("QUEUED"), sent("SENT")));
  const task = client.family(definition).task("1");
  await value(task.wait());
  await clock.advance(10_000);
  assert.deepEqual([(await clock.run(task.wait())).result, requests.length], ["SENT", 2]);
});

test("errors of a defined family are read from its path", async () => {
  const paths = { ...EMAIL.paths, errors: "/x/{taskId}/errors" };
  const { client, requests } = setUp(inTurn(answer(200, { results: [{ id: 1 }] })));
  const rows = [];
  for await (const row of client.family({ name: "any", paths }).errors("a b")) rows.push(row);
  assert.deepEqual([rows, requests[0].url], [[{ id: 1 }], `${API}/x/a%20b/errors`]);
});
