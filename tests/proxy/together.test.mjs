// Many callers: requests that they share, the one budget of an account, pauses that HubSpot demands, callers who leave.
import assert from "node:assert/strict";
import {
  ACTIONS, EXPORT, ORIGIN, SECRET, START, TOKEN,
  answerTo, assertRefused, checked, hosted, paths, plainCall, requestOf, test, turns, world,
} from "./support.mjs";

const OPEN = { authorize: () => true, allow: ACTIONS };
const BODY = '{"status":"PENDING"}';

/** A HubSpot that answers when it is told to. */
function heldBack() {
  const open = [];
  const answer = (url, { signal }) =>
    new Promise((resolve, reject) => {
      const request = { url, isAborted: false, give: (response = new Response(BODY)) => resolve(response) };
      open.push(request);
      signal.addEventListener("abort", () => {
        request.isAborted = true;
        reject(signal.reason);
      });
    });
  return { open, answer };
}

const statusOf = (id) => plainCall({ path: paths.status(id) });
const many = (count, make) => Array.from({ length: count }, (_, at) => make(at));

// Sharing.

test("identical_statuses_under_way_share_one_request", async () => {
  const { open, answer } = heldBack();
  const { proxy, sent } = world({ proxy: OPEN, answer });
  const answers = many(50, () => answerTo(proxy, statusOf("7")));
  await turns();
  assert.equal(sent.length, 1);
  open[0].give();
  assert.deepEqual([...new Set((await Promise.all(answers)).map(({ status, text }) => `${status} ${text}`))], [`200 ${BODY}`]);
  const next = answerTo(proxy, statusOf("7"));
  await turns();
  assert.equal(sent.length, 2, "what comes after the answer is asked anew");
  open[1].give();
  await next;
});

test("other_ids_other_actions_and_starts_share_nothing", async () => {
  const { open, answer } = heldBack();
  const { proxy, sent } = world({ proxy: OPEN, answer });
  const start = plainCall({ method: "POST", path: paths.start(), body: EXPORT });
  const calls = [statusOf("7"), statusOf("8"), plainCall({ path: paths.details("7") }), start, start, statusOf("7")];
  const answers = calls.map((call) => answerTo(proxy, call));
  await turns();
  assert.equal(sent.length, 5);
  for (const { give } of open) give(new Response('{"id":"9","status":"PENDING"}'));
  await Promise.all(answers);
});

test("a_shared_failure_is_each_ones_and_the_next_asks_anew", async () => {
  const { open, answer } = heldBack();
  const { proxy, sent } = world({ proxy: OPEN, answer });
  const answers = many(3, () => answerTo(proxy, statusOf("7")));
  await turns();
  open[0].give(new Response(null, { status: 302 }));
  for (const answer of await Promise.all(answers)) assertRefused(answer, 502, "UPSTREAM");
  const next = answerTo(proxy, statusOf("7"));
  await turns();
  open[1].give();
  assert.equal((await next).status, 200);
  assert.equal(sent.length, 2);
});

// Callers who leave.

test("a_caller_who_leaves_ends_the_request_where_nobody_else_wants_it", async () => {
  const { open, answer } = heldBack();
  const { proxy } = world({ proxy: OPEN, answer });
  const gone = new AbortController();
  const left = proxy(requestOf({ ...statusOf("7"), signal: gone.signal }));
  await turns();
  gone.abort();
  await turns();
  assert.equal(open[0].isAborted, true);
  assert((await left).status >= 400, "the handler never rejects");
});

test("a_caller_who_leaves_harms_nobody_who_shares_the_request", async () => {
  const { open, answer } = heldBack();
  const { proxy } = world({ proxy: OPEN, answer });
  const gone = new AbortController();
  const first = proxy(requestOf({ ...statusOf("7"), signal: gone.signal }));
  const others = many(2, () => answerTo(proxy, statusOf("7")));
  await turns();
  gone.abort();
  await first;
  assert.equal(open[0].isAborted, false);
  open[0].give();
  assert.deepEqual((await Promise.all(others)).map(({ status }) => status), [200, 200]);
});

test("the_last_of_those_who_share_a_request_ends_it", async () => {
  const { open, answer } = heldBack();
  const { proxy, sent } = world({ proxy: OPEN, answer });
  const leaving = many(3, () => new AbortController());
  const left = leaving.map(({ signal }) => proxy(requestOf({ ...statusOf("7"), signal })));
  await turns();
  for (const one of leaving) {
    assert.equal(open[0].isAborted, false);
    one.abort();
    await turns();
  }
  assert.equal(open[0].isAborted, true);
  await Promise.all(left);
  const next = answerTo(proxy, statusOf("7"));
  await turns();
  assert.equal(sent.length, 2, "one who comes afterwards asks anew");
  open[1].give();
  assert.equal((await next).status, 200);
});

test("a_caller_who_has_left_before_sends_nothing", async () => {
  const { proxy, sent } = world({ proxy: OPEN });
  await proxy(requestOf({ ...statusOf("7"), signal: AbortSignal.abort() }));
  assert.deepEqual(sent, []);
});

// One budget.

test("one_budget_is_kept_for_all_callers", async () => {
  const { proxy, sent, clock } = world({ proxy: { ...OPEN, rateLimit: { requests: 5, perMs: 1_000 } }, answer: async () => new Response(BODY) });
  const answers = many(12, (at) => answerTo(proxy, statusOf(String(at + 1))));
  await turns();
  assert.equal(sent.length, 5);
  await clock.advance(1_000);
  assert.equal(sent.length, 10);
  await clock.advance(1_000);
  assert.deepEqual((await Promise.all(answers)).map(({ status }) => status), Array(12).fill(200));
});

test("no_more_requests_are_under_way_at_a_time_than_maxConcurrent", async () => {
  const { open, answer } = heldBack();
  const { proxy, sent } = world({ proxy: { ...OPEN, maxConcurrent: 2 }, answer });
  const answers = many(4, (at) => answerTo(proxy, statusOf(String(at + 1))));
  await turns();
  assert.equal(sent.length, 2);
  open[0].give();
  await turns();
  assert.equal(sent.length, 3);
  open[1].give();
  await turns();
  for (const { give } of open) give();
  assert.deepEqual((await Promise.all(answers)).map(({ status }) => status), Array(4).fill(200));
});

test("each_account_has_a_budget_of_its_own", async () => {
  const { proxy, sent } = world({
    proxy: { clientSecret: SECRET, publicUrl: ORIGIN, token: ({ portalId }) => `pat-na1-of-${portalId}`, rateLimit: { requests: 2, perMs: 1_000 } },
    answer: async () => new Response(BODY),
  });
  const of = (portalId, id) => answerTo(proxy, hosted({ path: paths.status(id), query: `portalId=${portalId}` }));
  const answers = await Promise.all([of(1, 1), of(1, 2), of(2, 1), of(2, 2), of(3, 1)]);
  assert.deepEqual(answers.map(({ status }) => status), Array(5).fill(200));
  assert.equal(sent.length, 5);
});

test("who_would_wait_too_long_for_the_budget_is_told_to_come_back_and_nothing_is_sent_for_him_afterwards", async () => {
  const { proxy, sent, clock } = world({ proxy: { ...OPEN, rateLimit: { requests: 1, perMs: 60_000 } }, answer: async () => new Response(BODY, { status: 202 }) });
  assert.equal((await answerTo(proxy, statusOf("1"))).status, 202);
  const [status, start] = [statusOf("2"), plainCall({ method: "POST", path: paths.start(), body: EXPORT })].map((call) => answerTo(proxy, call));
  await clock.advance(5_000);
  for (const answer of [await status, await start]) {
    assertRefused(answer, 429, "BUSY");
    assert.equal(answer.headers.get("retry-after"), "5");
  }
  await clock.advance(120_000);
  assert.equal(sent.length, 1);
});

// Pauses.

const RATE = '{"status":"error","policyName":"TEN_SECONDLY_ROLLING","errorType":"RATE_LIMIT"}';

for (const [name, status, body, headers, seconds] of [
  ["a rate limit that says how long", 429, RATE, { "retry-after": "3" }, 3],
  ["a rate limit that does not", 429, RATE, {}, 10],
  ["a rate limit until a date", 429, RATE, { "retry-after": new Date(START + 7_000).toUTCString() }, 7],
  ["a migration", 477, "{}", { "retry-after": "3600" }, 3_600],
  ["a time beyond a day", 429, RATE, { "retry-after": "99999999" }, 86_400],
]) {
  test(`a pause that HubSpot demanded is told at once, and nothing is sent meanwhile: ${name}`, async () => {
    let isOver = false;
    const { proxy, sent, clock } = world({ proxy: OPEN, answer: async () => (isOver ? new Response(BODY) : new Response(body, { status, headers: { "content-type": "application/json", ...headers } })) });
    const first = await answerTo(proxy, statusOf("1"));
    assert.deepEqual([first.status, first.text, first.headers.get("retry-after")], [status, body, headers["retry-after"] ?? null]);
    isOver = true;
    const told = async () => {
      const answers = [await answerTo(proxy, statusOf("2")), await answerTo(proxy, plainCall({ method: "POST", path: paths.start(), body: EXPORT })), await answerTo(proxy, statusOf("1"))];
      assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)), new Set([`${status} ${body}`]));
      return [...new Set(answers.map(({ headers }) => headers.get("retry-after")))];
    };
    assert.deepEqual(await told(), [String(seconds)]);
    await clock.advance(1_500);
    assert.deepEqual(await told(), [String(seconds - 1)], "what is left of it, rounded up");
    await clock.advance(seconds * 1_000 - 1_501);
    assert.deepEqual(await told(), ["1"]);
    assert.equal(sent.length, 1);
    await clock.advance(2);
    assert.equal((await answerTo(proxy, statusOf("2"))).status, 200);
    assert.equal(sent.length, 2);
  });
}

test("the_pause_of_one_account_is_not_anothers", async () => {
  const token = ({ portalId }) => `pat-na1-of-${portalId}`;
  const answer = async (url, { headers }) => (headers.Authorization.endsWith("of-1") ? new Response(RATE, { status: 429, headers: { "retry-after": "60" } }) : new Response(BODY));
  const { proxy } = world({ proxy: { clientSecret: SECRET, publicUrl: ORIGIN, token }, answer });
  const of = (portalId) => answerTo(proxy, hosted({ path: paths.status("7"), query: `portalId=${portalId}` }));
  assert.deepEqual([(await of(1)).status, (await of(2)).status, (await of(1)).status], [429, 200, 429]);
});

test("what_passes_on_its_own_pauses_nothing", async () => {
  for (const [status, body] of [[423, "{}"], [503, "{}"], [429, '{"errorType":"FREE_PORTAL_IMPORT_ROWS_LIMIT"}']]) {
    const { proxy, sent } = world({ proxy: OPEN, answer: async () => new Response(body, { status, headers: status === 429 ? {} : { "retry-after": "60" } }) });
    for (const id of ["1", "2"]) assert.equal((await answerTo(proxy, statusOf(id))).status, status);
    assert.equal(sent.length, 2, String(status));
  }
});

test("those_who_wait_for_the_budget_hear_of_a_pause", async () => {
  const { open, answer } = heldBack();
  const { proxy, sent, clock } = world({ proxy: { ...OPEN, maxConcurrent: 1 }, answer });
  const answers = many(3, (at) => answerTo(proxy, statusOf(String(at + 1))));
  await turns();
  open[0].give(new Response(RATE, { status: 429, headers: { "retry-after": "600" } }));
  await clock.advance(0);
  assert.deepEqual((await Promise.all(answers)).map(({ status, headers }) => [status, headers.get("retry-after")]), Array(3).fill([429, "600"]));
  assert.equal(sent.length, 1);
});

// Many accounts.

test("of_more_accounts_than_are_kept_the_one_that_rests_longest_is_forgotten", async () => {
  const { proxy } = world({
    proxy: { clientSecret: SECRET, publicUrl: ORIGIN, token: ({ portalId }) => `pat-na1-of-${portalId}` },
    answer: async () => new Response(RATE, { status: 429, headers: { "retry-after": "600", "x-hubspot-ratelimit-remaining": "0" } }),
  });
  const isAsked = async (portalId) => (await checked(await proxy(requestOf(hosted({ path: paths.status("7"), query: `portalId=${portalId}` }))), [TOKEN, SECRET])).headers.get("x-hubspot-ratelimit-remaining") === "0";
  for (let portalId = 1; portalId <= 1_000; portalId++) assert(await isAsked(portalId));
  assert.equal(await isAsked(1), false, "its pause is known");
  assert(await isAsked(1_001));
  assert.equal(await isAsked(1), false, "it was asked later than the second");
  assert.equal(await isAsked(3), false);
  assert(await isAsked(2), "forgotten, and so is its pause");
});
