// No secret leaves its place: what a server, a fetch or a token function says of one is masked, whatever form it has. (How
// a token is masked in JSON's escapes and percent-escapes, and where it goes: tokens.test.mjs.)
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { answer, assertError, inTurn, processing, rejection, rejectionInTime, setUp, stateOf, test, turns } from "./support.mjs";

/** All that an error shows: to people, to logs, to a debugger. */
const shown = (error) => [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 20, showHidden: true })].join("\n");

/** What a call of a client ends with, without time passing. */
const failed = async (fetch, options) => rejection(setUp(fetch, options).client.exports.status("7"));

// All tokens of a flight.

const OLD = "pat-old-1234567890";
const NEW = "pat-new-1234567890";
const refreshing = ({ refresh }) => (refresh ? NEW : OLD);

test("after a refresh the second answer may name both tokens: neither is shown", async () => {
  for (const second of [
    answer(401, { message: `${NEW} took the place of ${OLD}` }),
    answer(403, { message: `not ${OLD}, not ${NEW}`, category: OLD, correlationId: OLD, context: { missingScopes: [OLD] } }),
    answer(200, `<p>${OLD} and ${NEW}</p>`),
    answer(200, { no: "status", was: OLD }),
  ]) {
    const error = await failed(inTurn(answer(401, {}), second), { token: refreshing });
    assert.match(error.message, /\[token\]/);
    assert.doesNotMatch(shown(error), /pat-/);
  }
});

test("after a refresh a fetch that throws, or a body that breaks off, may name the first token: it is not shown", async () => {
  const boom = () => Promise.reject(new Error(`no ${OLD}`, { cause: new Error(`nor ${NEW}`) }));
  for (const second of [boom, { status: 200, text: boom }]) {
    const error = assertError(await failed(inTurn(answer(401, {}), second), { token: refreshing }), "NETWORK");
    assert.match(error.message, /no \[token\]: Error: nor \[token\]/);
    assert.doesNotMatch(shown(error), /pat-/);
  }
});

test("a token function that throws at a refresh, and names the refused token, does not show it", async () => {
  const token = ({ refresh }) => {
    if (refresh) throw new Error(`cannot renew ${OLD}`);
    return OLD;
  };
  const error = assertError(await failed(async () => answer(401, {}), { token }), "UNAUTHORIZED");
  assert.match(error.message, /the token function threw \(Error: cannot renew \[token\]\)/);
  assert.doesNotMatch(shown(error), /pat-/);
});

test("of two tokens of which one begins as the other does, no end is left", async () => {
  const tokens = ["pat-1234567890", "pat-1234567890-more"];
  for (const [first, second] of [tokens, [...tokens].reverse()]) {
    const said = answer(403, { message: `${first}, ${second}` });
    const error = await failed(inTurn(answer(401, {}), said), { token: ({ refresh }) => (refresh ? second : first) });
    assert.match(error.message, /: \[token\], \[token\]$/);
  }
});

test("the status that a deadline names, and the reason of a failed task, hold no token of its flight", async () => {
  const failedTask = { status: "COMPLETE", errors: [{ message: `no ${OLD} ${NEW}` }] };
  const { client } = setUp(inTurn(answer(401, {}), answer(200, failedTask)), { token: refreshing });
  const error = assertError(await rejection(client.exports.task("7").wait()), "FAILED");
  assert.match(error.message, /no \[token\] \[token\]/);
  const odd = setUp(inTurn(answer(401, {}), processing({ status: OLD })), { token: refreshing });
  const wait = odd.client.exports.task("8").wait({ timeoutMs: 0 });
  assert.doesNotMatch(assertError(await rejection(wait), "TIMEOUT").message, /pat-/);
});

// A caller's own Authorization header.

for (const [authorization, secrets] of [
  ['Token token="S3cretValue", nonce="d"', ["S3cretValue", "d"]],
  ["Token token=S3cretValue,nonce=n0nce-9876543", ["S3cretValue", "n0nce-9876543"]],
  ["Basic dXNlcjpzZWNyZXQ=", ["dXNlcjpzZWNyZXQ="]],
  ["Basic dXNlcjpzZWNyZXRzZQ==", ["dXNlcjpzZWNyZXRzZQ=="]],
  ['Digest username="Mufasa", realm="test realm", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c0", uri="/x", qop=auth, nc=00000001', ["Mufasa", "dcd98b7102dd2f0e8b11d0f600bfb0c0", "00000001"]],
  ["AWS4-HMAC-SHA256 Credential=AKID/20260821/x, SignedHeaders=host;range, Signature=fe5f80f77d5fa3beca0", ["AKID/20260821/x", "fe5f80f77d5fa3beca0"]],
  ["pat-without-a-scheme", ["pat-without-a-scheme"]],
  ["Bearer  one-secret  two-secret", ["one-secret", "two-secret", "one-secret  two-secret"]],
  ["Key abc=def=ghi12345", ["abc=def=ghi12345"]],
]) {
  test(`of an own Authorization header every credential and parameter is masked: ${authorization}`, async () => {
    for (const said of [authorization, ...secrets, ...secrets.map((secret) => `"${secret}"`)]) {
      const echo = (init) => answer(400, { message: `what is ${said}?`, category: said, was: init.headers.Authorization });
      const error = assertError(await failed(async (url, init) => echo(init), { headers: { authorization } }), "HTTP");
      assert.match(error.message, /\[token\]/, said);
      for (const secret of secrets) {
        const isShown = secret.length < 8 ? new RegExp(`\\b${secret}\\b`) : secret;
        assert(!(isShown instanceof RegExp ? isShown.test(error.message) : error.message.includes(isShown)), error.message);
      }
    }
  });
}

test("a parameter too short to be a secret is masked as a whole word only", async () => {
  const headers = { authorization: 'Token token="S3cretValue", nonce="d"' };
  const error = await failed(async () => answer(400, { message: "denied: d is no good" }), { headers });
  assert.match(error.message, /: denied: \[token\] is no good$/);
});

// What others threw.

const TOKEN = "pat-s3cret-1234567890";
const CLIENT_SECRET = "client-s3cret";

/** As axios throws where there is no answer. */
function axiosError() {
  const config = { url: "https://api.hubapi.com/x", headers: { Authorization: `Bearer ${TOKEN}` }, data: `client_secret=${CLIENT_SECRET}` };
  const fields = { name: "AxiosError", code: "ECONNRESET", config, request: { _header: TOKEN }, toJSON: () => ({ config }) };
  return Object.assign(new Error(`read ECONNRESET for ${TOKEN}`), fields);
}

/** As Node's fetch does. */
function undiciError() {
  const inner = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED", socket: { token: TOKEN } });
  return new TypeError("fetch failed", { cause: inner });
}

/** As it does where a name has several addresses. */
function aggregateError() {
  const each = ["::1", "127.0.0.1"].map((host) => new Error(`connect ECONNREFUSED ${host} ${TOKEN}`));
  return new TypeError("fetch failed", { cause: Object.assign(new AggregateError(each), { code: "ECONNREFUSED" }) });
}

for (const [what, make, code, message] of [
  ["an axios error with its config", axiosError, "ECONNRESET", "AxiosError: read ECONNRESET for [token]"],
  ["an undici error with a nested cause", undiciError, undefined, "TypeError: fetch failed: Error: connect ECONNREFUSED 127.0.0.1:1"],
  ["an AggregateError", aggregateError, undefined, "TypeError: fetch failed: AggregateError: ECONNREFUSED"],
  ["an error whose own name and code name the token", () => Object.assign(new Error("m"), { name: TOKEN, code: TOKEN }), "[token]", "[token]: m"],
  ["a text", () => `no ${TOKEN}`, undefined, "no [token]"],
]) {
  test(`the cause is one of ours, with name, message and code alone, where fetch throws ${what}`, async () => {
    const error = assertError(await failed(() => Promise.reject(make()), { token: TOKEN }), "NETWORK");
    assert(error.message.includes(`no answer came (${message}). `), error.message);
    assert(error.cause instanceof Error);
    assert.equal(error.cause.code, code);
    const fields = new Set(["name", "message", "code", "cause", "stack"]);
    for (let cause = error.cause; cause; cause = cause.cause) {
      assert.deepEqual(Reflect.ownKeys(cause).filter((key) => !fields.has(key)), []);
    }
    assert.doesNotMatch(shown(error), /s3cret/);
  });
}

test("the innermost code is at hand for programs", async () => {
  const { cause } = await failed(() => Promise.reject(undiciError()), { token: TOKEN });
  assert.deepEqual([cause.name, cause.cause.name, cause.cause.code], ["TypeError", "Error", "ECONNREFUSED"]);
});

test("what a token function threw is told likewise: a client secret in it is not shown", async () => {
  const token = () => Promise.reject(axiosError());
  const error = assertError(await failed(async () => processing(), { token }), "UNAUTHORIZED");
  assert.equal(error.cause.code, "ECONNRESET");
  assert(!shown(error).includes(CLIENT_SECRET));
});

test("a cause that leads to itself, is nested without end, or throws when it is read, is told as far as it goes", async () => {
  const circle = new Error("circle");
  circle.cause = circle;
  const hostile = Object.defineProperty(new Error("m"), "code", { get: () => assert.fail("read") });
  const endless = { message: "deep", get cause() { return endless; } };
  for (const thrown of [circle, hostile, endless, new Proxy({}, { get() { throw new Error(TOKEN); } })]) {
    const error = assertError(await failed(() => Promise.reject(thrown), { token: TOKEN }), "NETWORK");
    assert(error.message.length < 300, error.message);
    assert.doesNotMatch(shown(error), /s3cret/);
  }
});

test("a URL in what fetch threw is not quoted, and a long text is cut off", async () => {
  const { cause, message } = await failed(() => Promise.reject(new Error(`${"x".repeat(150)} https://exports.example/a?signature=s ${"y".repeat(200)}`)));
  assert.equal(cause.message, `${"x".repeat(150)} [url] ${"y".repeat(43)}…`);
  assert.doesNotMatch(message, /exports\.example/);
});

// Who is blamed.

test("CORS is named where a page asked another origin by the host's own fetch, which threw a TypeError; nowhere else", async () => {
  const { fetch } = globalThis;
  const page = { origin: "https://app.example", href: "https://app.example/page" };
  const fails = (error) => async () => Promise.reject(error);
  const foreign = Object.assign(Object.create(Error.prototype), { name: "TypeError", message: "Load failed" });
  const table = [
    [page, new TypeError("Failed to fetch"), {}, true],
    [page, foreign, {}, true],
    [page, new TypeError("Failed to fetch"), { baseUrl: "https://app.example/proxy" }, false],
    [page, new TypeError("Failed to fetch"), { baseUrl: "/proxy" }, false],
    [page, new TypeError("Failed to fetch"), { baseUrl: "https://app.example.evil" }, true],
    [page, new DOMException("gone", "NetworkError"), {}, false],
    [page, new Error("boom"), {}, false],
    [page, "Failed to fetch", {}, false],
    [page, new TypeError("Failed to fetch"), { fetch: fails(new TypeError("Failed to fetch")) }, false],
    [undefined, new TypeError("fetch failed"), {}, false],
  ];
  for (const [location, thrown, options, isCors] of table) {
    if (location) Object.defineProperty(globalThis, "location", { value: location, configurable: true });
    globalThis.fetch = fails(thrown);
    try {
      const error = assertError(await failed(undefined, { fetch: undefined, ...options }), "NETWORK");
      assert.equal(/CORS.*proxy of your own/.test(error.message), isCors, error.message);
      assert.equal(error.message.includes("Does baseUrl answer?"), !isCors, error.message);
    } finally {
      globalThis.fetch = fetch;
      delete globalThis.location;
    }
  }
  await turns();
});

test("a body that breaks off is no matter of CORS", async () => {
  const { fetch } = globalThis;
  Object.defineProperty(globalThis, "location", { value: { origin: "https://app.example" }, configurable: true });
  globalThis.fetch = async () => ({ status: 200, text: () => Promise.reject(new TypeError("terminated")) });
  try {
    const { state, value } = await stateOf(setUp(undefined, { fetch: undefined }).client.exports.status("7"));
    assert.equal(state, "rejected");
    assert.doesNotMatch(value.message, /CORS/);
  } finally {
    globalThis.fetch = fetch;
    delete globalThis.location;
  }
});

const FILE_URL = "https://files.example/report?signature=5f1c";

test("JSON of an error has no result, in whichever field of a status a defined family has it", async () => {
  const definition = { name: "reports", paths: { status: "/reports/{version}/{taskId}" }, state: { field: "state", running: ["BUSY"], succeeded: ["READY"] }, result: { field: "fileUrl", livesMs: 1 } };
  const { client, clock } = setUp(inTurn(answer(200, { state: "READY", fileUrl: FILE_URL }), answer(403, {})));
  const task = client.family(definition).task("7");
  await clock.run(task.wait());
  await clock.advance(1_000);
  const error = assertError(await rejectionInTime(clock, task.wait()), "FORBIDDEN");
  assert.equal(error.lastStatus.fileUrl, FILE_URL);
  assert(!JSON.stringify(error).includes(FILE_URL));
  assert.equal(error.toJSON().lastStatus.status, "READY");
});
