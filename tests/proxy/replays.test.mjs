// HubSpot calls a second time by itself where it got no answer: a GET is answered again, a POST starts nothing more.
import assert from "node:assert/strict";
import { ACTIONS, EXPORT, ORIGIN, SECRET, START, answerTo, assertRefused, hosted, paths, test, world } from "./support.mjs";

const signed = (proxy) => ({ proxy: { clientSecret: SECRET, publicUrl: ORIGIN, allow: ACTIONS, ...proxy } });
const start = (more) => hosted({ method: "POST", path: paths.start(), body: EXPORT, ...more });

test("a_replayed_post_is_refused_and_starts_nothing", async () => {
  const { proxy, sent } = world(signed());
  const call = start();
  const first = await answerTo(proxy, call);
  assert.equal(first.status, 202);
  for (let again = 0; again < 3; again++) assertRefused(await answerTo(proxy, call), 409, "REPLAY");
  assert.equal(sent.length, 1);
});

test("of_posts_that_come_at_once_with_one_signature_one_starts_something", async () => {
  const { proxy, sent } = world(signed());
  const answers = await Promise.all(Array.from({ length: 20 }, () => answerTo(proxy, start())));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [202, ...Array(19).fill(409)]);
  assert.equal(sent.length, 1);
});

test("a_replayed_post_is_refused_though_all_that_is_not_signed_differs", async () => {
  const { proxy, sent } = world(signed());
  await answerTo(proxy, start());
  for (const headers of [{ "x-request-id": "2" }, { "user-agent": "other" }, { "x-hubspot-signature": "other" }, { "content-type": "application/json; charset=utf-8" }]) {
    assertRefused(await answerTo(proxy, start({ headers })), 409, "REPLAY");
  }
  assert.equal(sent.length, 1);
});

test("a_replayed_get_is_answered", async () => {
  const { proxy, taskId, sent } = world(signed());
  const call = hosted({ path: paths.status(taskId) });
  const answers = [await answerTo(proxy, call), await answerTo(proxy, call)];
  assert.deepEqual(answers.map(({ status }) => status), [200, 200]);
  assert.equal(sent.length, 2);
});

test("the_same_start_signed_anew_starts_another_task", async () => {
  const { proxy, sent } = world(signed());
  for (const timestamp of [START, START + 1]) assert.equal((await answerTo(proxy, start({ timestamp }))).status, 202);
  assert.equal(sent.length, 2);
});

test("a_start_is_remembered_as_long_as_its_signature_is_valid_however_far_ahead_that_is", async () => {
  for (const ahead of [-300_000, -1, 0, 1, 299_999, 300_000]) {
    const { proxy, clock, sent } = world(signed());
    const call = start({ timestamp: START + ahead });
    assert.equal((await answerTo(proxy, call)).status, 202);
    // Until it is refused for its age it is refused as a replay.
    const ends = START + ahead + 300_000;
    while (clock.now() < ends) {
      const { status } = await answerTo(proxy, call);
      assert.equal(status, 409, `${ahead} ms ahead, after ${clock.now() - START} ms`);
      clock.set(Math.min(ends, clock.now() + 60_000));
    }
    clock.set(ends + 1);
    assertRefused(await answerTo(proxy, call), 401, "SIGNATURE");
    assert.equal(sent.length, 1);
  }
});

test("a_store_that_is_given_hears_the_signature_and_for_how_long_and_its_word_counts", async () => {
  const heard = [];
  const replays = { add: (...values) => heard.push(values) < 2 };
  const { proxy, sent } = world(signed({ replays }));
  const call = start({ timestamp: START + 1_000 });
  assert.equal((await answerTo(proxy, call)).status, 202);
  assertRefused(await answerTo(proxy, call), 409, "REPLAY");
  assert.deepEqual(heard[0], [call.headers["x-hubspot-signature-v3"], 301_000]);
  assert.equal(sent.length, 1);
});

for (const [name, add] of Object.entries({
  "gives false": () => false,
  "gives a promise of false": async () => false,
  "gives nothing": () => undefined,
  "gives what is no true": () => "OK",
  throws: () => { throw new Error("no connection"); },
  rejects: () => Promise.reject(new Error("no connection")),
})) {
  test(`nothing is started where the store ${name}`, async () => {
    const { proxy, sent } = world(signed({ replays: { add } }));
    assertRefused(await answerTo(proxy, start()), 409, "REPLAY");
    assert.deepEqual(sent, []);
  });
}

test("what_was_refused_for_another_reason_is_not_remembered", async () => {
  const heard = [];
  const { proxy } = world(signed({ replays: { add: (key) => heard.push(key) > 0 }, authorize: (request) => request.headers.get("x-may") === "yes" }));
  assertRefused(await answerTo(proxy, start()), 403, "GUARD");
  assertRefused(await answerTo(proxy, start({ body: "no JSON", headers: { "x-may": "yes" } })), 400, "BODY");
  assert.deepEqual(heard, []);
  assert.equal((await answerTo(proxy, start({ headers: { "x-may": "yes" } }))).status, 202);
  assert.equal(heard.length, 1);
});

test("what_is_not_valid_any_more_is_forgotten", async () => {
  const { proxy, clock } = world({ ...signed({ rateLimit: false }), answer: async () => new Response('{"id":"1"}', { status: 202 }) });
  // As many as would be seen in the memory that is held; the last one shows that it still works.
  for (let at = 0; at < 50; at++) {
    clock.set(START + at * 60_000);
    const call = start({ timestamp: clock.now() });
    assert.equal((await answerTo(proxy, call)).status, 202);
    assertRefused(await answerTo(proxy, call), 409, "REPLAY");
  }
});
