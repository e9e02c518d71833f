// The sender by itself: what a request keeps for its repeat, and what its end is told as. What it does for callers is in
// tests/package/tokens.test.mjs, abort.test.mjs and http.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

const { Request, Sender } = await bundled("requests.ts", {
  "./reading.js": `
    export const answerOf = () => undefined;
    export const readResponse = async ({ status }) => ({ status });`,
});

/** What came: an answer, no answer, no token. */
const [NO_ANSWER, NO_TOKEN] = [1, 2];

/** A request for which somebody waits. */
const newRequest = () => new Request({ path: "/path", listening: 1, family: { facts: {} } }, undefined, false);

/** A promise for what comes of a request: again, to repeat it. */
const sent = (sender, request) => new Promise((done) => sender.send(request, () => undefined, done));

function setUp(options) {
  const requests = [];
  const sender = new Sender({
    address: () => "https://api.example",
    headers: {},
    ...options,
    fetch: async (url, init) => (requests.push({ url, init }), options.fetch(init.headers.Authorization)),
  });
  return { sender, requests };
}

/** Answers 401 to all tokens but this one. */
const accepting = (token) => async (authorization) => ({ status: authorization === `Bearer ${token}` ? 200 : 401 });

/** All that can happen without time passing has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("requests that overlap share a call of the token function, and refused ones share a refresh", async () => {
  const calls = [];
  const token = async ({ refresh }) => (calls.push(refresh), refresh ? "new" : "old");
  const { sender, requests } = setUp({ token, fetch: accepting("new") });
  const all = [newRequest(), newRequest(), newRequest()];
  const first = await Promise.all(all.map((request) => sent(sender, request)));
  assert.deepEqual(first.map(({ isRepeatable }) => isRepeatable), [true, true, true]);
  const repeats = await Promise.all(all.slice(0, 2).map((request) => sent(sender, request)));
  const late = await sent(sender, all[2]);
  for (const arrival of [...repeats, late]) assert.deepEqual([arrival.received.status, arrival.isRepeatable], [200, false]);
  assert.deepEqual(calls, [false, true]);
  assert.equal(requests.length, 6);
});

test("a token that a refresh gave and that is refused, too, is not refreshed again", async () => {
  const { sender } = setUp({ token: ({ refresh }) => (refresh ? "new" : "old"), fetch: accepting("none") });
  const request = newRequest();
  assert.equal((await sent(sender, request)).isRepeatable, true);
  assert.equal((await sent(sender, request)).isRepeatable, false);
});

test("a token that is a string is sent once", async () => {
  const { sender } = setUp({ token: "old", fetch: accepting("new") });
  const { received, secrets, isRepeatable } = await sent(sender, newRequest());
  assert.deepEqual([received.status, new Set(secrets), isRepeatable], [401, new Set(["old"]), false]);
});

const never = () => new Promise(() => {});

test("a request that is given up gives nothing, and says what it waited for", async () => {
  for (const [options, kind, aborted] of [
    [{ token: never, fetch: accepting("new") }, NO_TOKEN, []],
    [{ token: () => "new", fetch: never }, NO_ANSWER, [true]],
    [{ fetch: never }, NO_ANSWER, [true]],
  ]) {
    const { sender, requests } = setUp(options);
    const heard = [];
    const request = newRequest();
    void sent(sender, request).then((arrival) => heard.push(arrival));
    await settled();
    const arrival = sender.giveUp(request);
    assert.equal(arrival.kind, kind);
    assert.match(arrival.detail.message, /requestTimeoutMs/);
    await settled();
    assert.deepEqual(heard, []);
    assert.deepEqual(requests.map(({ init }) => init.signal.aborted), aborted);
  }
});

test("a repeat that is given up before it is sent aborts nothing that was answered", async () => {
  const { sender, requests } = setUp({ token: () => "old", fetch: accepting("new") });
  const request = newRequest();
  assert.equal((await sent(sender, request)).isRepeatable, true);
  sender.giveUp(request);
  assert.equal(requests[0].init.signal.aborted, false);
});
