// Errors as documentation: each code is explained in the types and in docs/errors.md as it behaves, each message names its
// task and a next step, and the caller's line is in the stack.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installed, root } from "./pack.mjs";
import { HubSpotTaskError, HubSpotTasks, answer, assertError, complete, inTurn, processing, rejection, setUp, test, thrown } from "./support.mjs";

const types = readFileSync(join(installed, "index.d.ts"), "utf8");
const page = readFileSync(join(root, "docs/errors.md"), "utf8");

/** The codes, as the types list them. */
const CODES = [.../^export type HubSpotTaskErrorCode = (.*);$/m.exec(types)[1].matchAll(/"(\w+)"/g)].map(([, code]) => code);

const isRetryable = (code, httpStatus) => new HubSpotTaskError({ message: "m", code, httpStatus }).isRetryable;

/** The statuses that a text lists before and after its semicolon. */
const statusesOf = (text) => text.split(";").map((part) => [...part.matchAll(/\b\d{3}\b/g)].map(Number));

// On one page.

const sections = new Map(page.split(/^## /m).slice(1).map((section) => [section.split("\n", 1)[0], section]));

test("docs/errors.md has a section for each code, in their order, and no other", () => {
  assert(CODES.length >= 14);
  assert.deepEqual([...sections.keys()], CODES);
});

for (const code of CODES) {
  test(`docs/errors.md says of ${code} what it means, its causes, what to do, and whether asking again may help`, () => {
    const section = sections.get(code);
    const parts = ["Means", "Usual causes", "What to do", "Asking again may help"].map((name) => section.split(`**${name}:** `)[1]);
    for (const part of parts) assert(part?.split("\n**")[0].length > 2, section);
    const again = parts[3];
    if (code !== "HTTP") {
      assert.equal(isRetryable(code), again.startsWith("yes"), again);
      assert.equal(!isRetryable(code), again.startsWith("no."), again);
      return;
    }
    const [passing, lasting] = statusesOf(again);
    assert(passing.length >= 10 && lasting.length >= 10);
    for (const status of passing) assert.equal(isRetryable(code, status), true, `${status}`);
    for (const status of lasting) assert.equal(isRetryable(code, status), false, `${status}`);
    assert.equal(isRetryable(code, undefined), false, "what is no response will be none again");
  });
}

// On hover.

const hover = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport type HubSpotTaskErrorCode/.exec(types)[1].replace(/\n \* ?/g, "\n");
const entries = new Map(hover.split("\n- `").slice(1).map((entry) => [entry.split("`", 1)[0], entry.replace(/\s+/g, " ")]));

test("the types explain each code on hover: what it is, what to do, and whether asking again may help", () => {
  assert.deepEqual([...entries.keys()], CODES);
  for (const [code, entry] of entries) {
    assert(entry.length > 60, entry);
    if (code === "HTTP") {
      const [, passing, lasting] = /may help for (.*) but for (.*): `isRetryable`/.exec(entry);
      for (const status of statusesOf(passing)[0]) assert.equal(isRetryable(code, status), true, `${status}`);
      for (const status of statusesOf(lasting)[0]) assert.equal(isRetryable(code, status), false, `${status}`);
    } else if (code !== "INTERNAL") {
      assert.equal(/Asking again may help|Ask again after/.test(entry), isRetryable(code), entry);
      assert.equal(/does not help/.test(entry), !isRetryable(code), entry);
    }
  }
});

test("error.code leads to it on hover", () => {
  assert.match(types, /\{@link HubSpotTaskErrorCode\}[^*]*\*\/\n\s*readonly code: HubSpotTaskErrorCode;/);
});

// Messages.

const drop = () => Promise.reject(new TypeError("fetch failed"));
const FIELDS = { token: "a-valid-token" };

for (const [what, fetch, options, code, next] of [
  ["401", async () => answer(401, {}), FIELDS, "UNAUTHORIZED", /missing, wrong or expired/],
  ["a token function that gives nothing", drop, { token: () => undefined }, "UNAUTHORIZED", /token function gave/],
  ["403", async () => answer(403, { category: "MISSING_SCOPES" }), FIELDS, "FORBIDDEN", /needs one of the scopes crm\.export/],
  ["404", async () => answer(404, "<html>"), FIELDS, "NOT_FOUND", /baseUrl or apiVersion is wrong/],
  ["a daily limit", async () => answer(429, { policyName: "DAILY" }), FIELDS, "RATE_LIMITED", /rate limit was hit.*DAILY/],
  ["a redirect", async () => answer(302, ""), FIELDS, "HTTP", /correct baseUrl/],
  ["no answer", drop, FIELDS, "NETWORK", /fetch failed.*Does baseUrl answer\?/],
  ["a web page", async () => answer(200, "<html>"), FIELDS, "INVALID_RESPONSE", /does baseUrl lead to HubSpot's API\?/],
  ["a canceled task", async () => answer(200, { status: "CANCELED" }), FIELDS, "CANCELED", /Start it again/],
  ["a failed task", async () => answer(200, { status: "COMPLETE", errors: [{ message: "no column" }] }), FIELDS, "FAILED", /no column. Start it again/],
  ["a task without its result", async () => answer(200, { status: "COMPLETE" }), FIELDS, "FAILED", /no result.*Start it again/],
]) {
  test(`the message of ${code} names the task and a next step, for ${what}, and blames nobody who is not known`, async () => {
    const { client } = setUp(fetch, options);
    const call = ["FAILED", "CANCELED"].includes(code) ? client.exports.task("90151673").wait() : client.exports.status("90151673");
    const { message } = assertError(await rejection(call), code);
    assert.match(message, /^export 90151673: /);
    assert.match(message, next);
    assert.doesNotMatch(message, /CORS|browser/);
  });
}

// The caller's line.

/** Whether a stack's first frame is in this file, in a function of that name. */
function assertCallersLine({ stack, message }, name) {
  const lines = stack.split("\n").slice(message.split("\n").length);
  assert.match(lines[0] ?? "no frame", new RegExp(`^ {4}at (async )?${name} \\(.*errors\\.test\\.mjs:\\d+:\\d+\\)$`), stack);
  assert(stack.startsWith(`HubSpotTaskError: ${message}`), stack);
}

const refused = async () => answer(403, {});
const CHECKPOINT = { version: 1, family: "export", taskId: "7", apiVersion: "v3" };

for (const [name, call] of Object.entries({
  "wait()": (client) => client.exports.task("7").wait(),
  "status() of a family": (client) => client.exports.status("7"),
  "status() of a task": (client) => client.exports.task("7").status(),
  "poll()": (client) => client.poll(CHECKPOINT),
  "next()": (client) => client.exports.task("7").statuses().next(),
  "wait() with .then()": (client) => client.exports.task("7").wait().then((value) => value),
})) {
  test(`the caller's line is in the stack of what ${name} rejects with`, async () => {
    async function callersOwn() {
      await call(setUp(refused).client);
    }
    assertCallersLine(await callersOwn().catch((error) => error), "callersOwn");
  });
}

test("the caller's line is in the stack of what a loop over statuses throws, and after some polls", async () => {
  const { client, clock } = setUp(inTurn(processing(), answer(403, {})));
  async function callersLoop() {
    for await (const status of client.exports.task("7")) void status;
  }
  const failed = callersLoop().catch((error) => error);
  assertCallersLine(await clock.run(failed), "callersLoop");
});

test("the caller's line is in the stack of what is refused at once", async () => {
  function callersCall() {
    new HubSpotTasks({ pace: 0 });
  }
  assert.match(thrown(callersCall).stack, /at callersCall \(.*errors\.test\.mjs/);
  async function callersWait() {
    await setUp(refused).client.exports.task("7").wait({ pace: 0 });
  }
  assert.match((await callersWait().catch((error) => error)).stack, /at callersWait \(.*errors\.test\.mjs/);
});

test("each of two who wait for one task has a stack of its own", async () => {
  const { client } = setUp(refused);
  async function firstCaller() {
    await client.exports.task("7").wait();
  }
  async function secondCaller() {
    await client.exports.task("7").wait();
  }
  const [first, second] = await Promise.all([firstCaller(), secondCaller()].map((call) => call.catch((error) => error)));
  assertCallersLine(first, "firstCaller");
  assertCallersLine(second, "secondCaller");
});

test("what others threw keeps its stack: a signal's reason, what onStatus threw, frozen or not an error", async () => {
  const { client } = setUp(async () => complete());
  const theirs = await rejection(setUp(refused).client.exports.status("7"));
  const { stack } = theirs;
  for (const reason of [theirs, new Error("mine"), Object.freeze(new Error("frozen")), "text", 5]) {
    const controller = new AbortController();
    const wait = client.exports.task("8").wait({ signal: controller.signal });
    controller.abort(reason);
    assert.equal(await rejection(wait), reason);
    const thrower = client.exports.task("9").wait({ onStatus: () => Promise.reject(reason) });
    assert.equal(await rejection(thrower), reason);
  }
  assert.equal(theirs.stack, stack);
});

test("a host without V8's captureStackTrace tells the error all the same", async () => {
  const { captureStackTrace } = Error;
  Error.captureStackTrace = undefined;
  try {
    assertError(await rejection(setUp(refused).client.exports.status("7")), "FORBIDDEN");
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
});
