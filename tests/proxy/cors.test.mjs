// Pages that may call: what browsers ask before, and what they are told.
import assert from "node:assert/strict";
import { ORIGIN, answerTo, assertRefused, paths, plainCall, test, world } from "./support.mjs";

const PAGE = "https://page.example.com";
const OPEN = { authorize: () => true, origins: [PAGE, "http://localhost:5173"] };

const from = (origin, taskId, more) => plainCall({ path: paths.status(taskId), ...more, headers: { ...(origin && { origin }), ...more?.headers } });

const corsOf = ({ headers }) => Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"));

test("a page of an origin that is named reads answers, and the headers that its client needs", async () => {
  const { proxy, taskId } = world({ proxy: OPEN });
  for (const origin of OPEN.origins) {
    const answer = await answerTo(proxy, from(origin, taskId));
    assert.equal(answer.status, 200);
    const { "access-control-expose-headers": exposed, ...others } = corsOf(answer);
    assert.deepEqual(others, { "access-control-allow-origin": origin, "access-control-allow-credentials": "true", vary: "Origin" });
    for (const name of ["Retry-After", "Date", "X-HubSpot-RateLimit-Remaining"]) assert(exposed.split(", ").includes(name), name);
  }
});

test("it reads refusals as well", async () => {
  const { proxy } = world({ proxy: { ...OPEN, authorize: () => false } });
  const answer = await answerTo(proxy, from(PAGE, "7"));
  assertRefused(answer, 403, "GUARD");
  assert.equal(answer.headers.get("access-control-allow-origin"), PAGE);
});

test("a page of another origin is refused, and reads nothing", async () => {
  const { proxy, sent } = world({ proxy: OPEN });
  const answer = await answerTo(proxy, from("https://evil.example", "7"));
  assertRefused(answer, 403, "ORIGIN");
  assert.deepEqual([corsOf(answer), sent.length], [{ vary: "Origin" }, 0]);
});

test("the proxy's own pages, and who is no page, may call without being named, and are told nothing of origins", async () => {
  for (const [origin, options] of [[ORIGIN, {}], [undefined, {}], ["https://public.example.com", { publicUrl: "https://public.example.com/behind" }]]) {
    const { proxy, taskId } = world({ proxy: { authorize: () => true, ...options } });
    const answer = await answerTo(proxy, from(origin, taskId));
    assert.deepEqual([answer.status, corsOf(answer)], [200, {}]);
  }
});

test("a browser's question is answered for pages that are named, and asks neither guard nor HubSpot", async () => {
  const { proxy, taskId, sent } = world({ proxy: { ...OPEN, authorize: () => assert.fail("no credentials come with it") } });
  const answer = await answerTo(proxy, from(PAGE, taskId, { method: "OPTIONS", headers: { "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type,x-session" } }));
  assert.deepEqual([answer.status, answer.text], [204, ""]);
  assert.equal(answer.headers.get("access-control-allow-methods"), "GET, POST");
  assert.equal(answer.headers.get("access-control-allow-headers"), "authorization,content-type,x-session");
  assert.equal(answer.headers.get("access-control-allow-origin"), PAGE);
  assert.equal(sent.length, 0);
});

test("nothing but a named origin is answered so", async () => {
  const { proxy, taskId } = world({ proxy: OPEN });
  for (const [origin, status] of [["https://evil.example", 403], [undefined, 405], [ORIGIN, 405]]) {
    const answer = await answerTo(proxy, from(origin, taskId, { method: "OPTIONS", headers: { "access-control-request-method": "GET" } }));
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
  }
});
