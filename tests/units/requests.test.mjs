// The sender by itself: what its numbers mean, and what a request keeps for its repeat. What it does for callers is in
// tests/package/tokens.test.mjs, abort.test.mjs and http.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

const { Sender } = await bundled("requests.ts", {
  "./reading.js": `
    export const readResponse = async ({ status }) => ({ status });
    export const noAnswer = (thrown) => ({ message: String(thrown), cause: thrown });`,
});

/** What came: an answer, no answer, no token. */
const [NO_ANSWER, NO_TOKEN] = [1, 2];

/** A promise for what comes of a request, for which somebody waits. */
const sent = (sender, id, path, isRepeat) =>
  new Promise((done) => sender.send(id, path, isRepeat, { isWanted: () => true, nextTurn: () => undefined }, done));

function setUp(options) {
  const requests = [];
  const sender = new Sender({
    baseUrl: { address: "https://api.example/", isSafe: true },
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
  const first = await Promise.all([1, 2, 3].map((id) => sent(sender, id, "/path", false)));
  assert.deepEqual(first.map(({ isRepeatable }) => isRepeatable), [true, true, true]);
  const repeats = await Promise.all([1, 2].map((id) => sent(sender, id, "/path", true)));
  const late = await sent(sender, 3, "/path", true);
  for (const arrival of [...repeats, late]) assert.deepEqual([arrival.received.status, arrival.isRepeatable], [200, false]);
  assert.deepEqual(calls, [false, true]);
  assert.equal(requests.length, 6);
});

test("a token that a refresh gave and that is refused, too, is not refreshed again", async () => {
  const { sender } = setUp({ token: ({ refresh }) => (refresh ? "new" : "old"), fetch: accepting("none") });
  assert.equal((await sent(sender, 1, "/path", false)).isRepeatable, true);
  assert.equal((await sent(sender, 1, "/path", true)).isRepeatable, false);
});

test("a token that is a string is sent once", async () => {
  const { sender } = setUp({ token: "old", fetch: accepting("new") });
  const { received, secret, isRepeatable } = await sent(sender, 1, "/path", false);
  assert.deepEqual([received.status, secret, isRepeatable], [401, "old", false]);
});

test("a request that is given up gives nothing, and says whether it was sent", async () => {
  const never = () => new Promise(() => {});
  for (const [options, wasWaiting] of [
    [{ token: never, fetch: accepting("new") }, true],
    [{ token: () => "new", fetch: never }, false],
  ]) {
    const { sender, requests } = setUp(options);
    const heard = [];
    void sent(sender, 1, "/path", false).then((arrival) => heard.push(arrival));
    await settled();
    assert.equal(sender.giveUp(1), wasWaiting);
    await settled();
    assert.deepEqual(heard, []);
    assert.deepEqual(requests.map(({ init }) => init.signal.aborted), wasWaiting ? [] : [true]);
    assert.equal(sender.giveUp(1), false, "it is forgotten");
  }
});

test("a request that takes too long is told by what it waited for", async () => {
  const never = () => new Promise(() => {});
  for (const [options, kind] of [
    [{ token: never, fetch: accepting("new") }, NO_TOKEN],
    [{ fetch: never }, NO_ANSWER],
  ]) {
    const { sender } = setUp(options);
    void sent(sender, 1, "/path", false);
    await settled();
    const arrival = sender.late(1);
    assert.equal(arrival.kind, kind);
    assert.match(arrival.detail.message, /requestTimeoutMs/);
  }
});

test("a repeat that is given up before it is sent aborts nothing that was answered", async () => {
  const { sender, requests } = setUp({ token: () => "old", fetch: accepting("new") });
  assert.equal((await sent(sender, 1, "/path", false)).isRepeatable, true);
  assert.equal(sender.giveUp(1), false);
  assert.equal(requests[0].init.signal.aborted, false);
});

test("a request by a number that was given up knows nothing of the one before", async () => {
  const calls = [];
  const { sender } = setUp({ token: ({ refresh }) => (calls.push(refresh), "old"), fetch: accepting("new") });
  await sent(sender, 1, "/path", false);
  sender.giveUp(1);
  await sent(sender, 1, "/path", true);
  assert.deepEqual(calls, [false, false]);
});
