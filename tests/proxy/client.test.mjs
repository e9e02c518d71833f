// A client of this package behind the proxy is told what it would be told by HubSpot itself.
import assert from "node:assert/strict";
import {
  ACTIONS, EXPORT, HubSpotTasks, SECRET, TOKEN,
  createProxy, createSimulator, faults, paths, served, signatureOf, test, toNodeHandler, virtualClock,
} from "./support.mjs";

const PROPERTIES = { fileImport: "fileImports", folderUpdate: "folderUpdates", export: "exports", sourceCodeExtract: "sourceCodeExtracts", import: "imports" };
const FAMILY_NAMES = Object.keys(PROPERTIES);

/** How a wait ends, by a client that asks HubSpot itself or the proxy. */
async function endOf(isBehind, script, { family = "export", task = {}, options = {} } = {}) {
  const clock = virtualClock();
  const simulator = createSimulator({ tokens: [TOKEN], clock });
  const taskId = simulator.addTask(family, { ...task, result: family === "export" ? "https://files.example/x" : undefined });
  simulator.script(script);
  const proxy = createProxy({ token: TOKEN, authorize: () => true, families: FAMILY_NAMES, clock, fetch: simulator.fetch });
  const client = isBehind
    ? new HubSpotTasks({ baseUrl: "https://app.example.com", clock, fetch: (url, init) => proxy(new Request(url, init)), ...options })
    : new HubSpotTasks({ token: TOKEN, clock, fetch: simulator.fetch, ...options });
  const wait = client[PROPERTIES[family]].task(taskId).wait().then(
    ({ outcome, polls, status }) => ({ outcome, polls, word: status.status ?? status.state }),
    ({ code, httpStatus, category, retryAfterMs, requiredScopes, polls, isRetryable, lastStatus }) => ({ code, httpStatus, category, retryAfterMs, requiredScopes, polls, isRetryable, word: lastStatus?.status }),
  );
  const end = await clock.run(wait);
  return { ...end, requests: simulator.requests.length };
}

const SCRIPTS = {
  nothing: [],
  "a locked account, once": faults.locked(),
  "a rate limit, once": faults.rateLimited(),
  "a rate limit that says how long": faults.rateLimited({ headers: { "retry-after": "20" } }),
  "the limit of a day": { status: 429, body: { status: "error", policyName: "DAILY", errorType: "RATE_LIMIT" } },
  "a migration of an hour": { status: 477, headers: { "retry-after": "3600" }, body: {} },
  "a migration of a minute": { status: 477, headers: { "retry-after": "60" }, body: {} },
  "a missing scope": faults.forbidden(),
  "a task that HubSpot does not know": { status: 404, body: "<html>not found</html>", headers: { "content-type": "text/html" } },
  "a server's faults": [faults.unavailable(), { status: 500, body: {} }, { status: 503, headers: { "retry-after": "30" }, body: "" }],
  "a bad request": { status: 400, body: { status: "error", category: "VALIDATION_ERROR" } },
  "Cloudflare's own": { status: 530, body: "" },
  "an empty answer": [{ status: 202, body: "" }, { status: 200, body: "" }],
  "answers that are no JSON": Array(5).fill({ status: 200, body: "<html>" }),
  "an error in a good answer": [{ status: 200, body: { status: "error", category: "MISSING_SCOPES" } }],
};

for (const family of FAMILY_NAMES) {
  for (const outcome of ["succeeded", "failed", "canceled"].filter((outcome) => family !== "sourceCodeExtract" || outcome !== "failed")) {
    test(`a ${family} that ${outcome} ends behind the proxy as it does before HubSpot`, async () => {
      const task = { outcome, pendingMs: 3_000, processingMs: 20_000 };
      const [behind, direct] = [await endOf(true, [], { family, task }), await endOf(false, [], { family, task })];
      assert.deepEqual(behind, direct);
      assert(direct.polls > 3);
    });
  }
}

for (const [name, script] of Object.entries(SCRIPTS)) {
  test(`it ends behind the proxy as before HubSpot, after ${name}`, async () => {
    const task = { pendingMs: 3_000, processingMs: 10_000 };
    assert.deepEqual(await endOf(true, script, { task }), await endOf(false, script, { task }));
  });
}

/** What one request of a client ends with, by each way. */
async function startOf(isBehind, script) {
  const clock = virtualClock();
  const simulator = createSimulator({ tokens: [TOKEN], clock });
  simulator.script(script);
  const proxy = createProxy({ token: TOKEN, authorize: () => true, families: ["export"], allow: ACTIONS, clock, fetch: simulator.fetch });
  const client = isBehind
    ? new HubSpotTasks({ baseUrl: "https://app.example.com", clock, fetch: (url, init) => proxy(new Request(url, init)) })
    : new HubSpotTasks({ token: TOKEN, clock, fetch: simulator.fetch });
  const start = client.exports.start(EXPORT).then(
    () => "started",
    ({ code, httpStatus, category }) => ({ code, httpStatus, category }),
  );
  return { end: await clock.run(start), requests: simulator.requests.length };
}

for (const [name, script] of Object.entries({
  nothing: [],
  "a rate limit": faults.rateLimited(),
  "a limit that is no rate": { status: 429, body: { errorType: "EXPORT_LIMIT" } },
  "a server's fault": { status: 500, body: {} },
  "a bad gateway": { status: 502, body: {} },
  "a missing scope": faults.forbidden(),
  "an answer without an id": { status: 202, body: {} },
  "a migration": { status: 477, headers: { "retry-after": "3600" }, body: {} },
})) {
  test(`a start ends behind the proxy as before HubSpot, at ${name}`, async () => {
    assert.deepEqual(await startOf(true, script), await startOf(false, script));
  });
}

test("a_start_that_may_have_been_carried_out_is_told_so_where_the_connection_broke_behind_the_proxy", async () => {
  const { end, requests } = await startOf(true, { carriedOut: "network-error" });
  assert.deepEqual([end.code, requests], ["UNKNOWN_OUTCOME", 1]);
});

test("a_token_that_HubSpot_refuses_ends_a_wait_at_once_and_no_caller_renews_its_own_for_it", async () => {
  const asked = [];
  const clock = virtualClock();
  const simulator = createSimulator({ tokens: ["another"], clock });
  const taskId = simulator.addTask("export");
  const proxy = createProxy({ token: TOKEN, authorize: () => true, families: ["export"], clock, fetch: simulator.fetch });
  const token = (context) => asked.push(context) && "session-of-jane";
  const client = new HubSpotTasks({ baseUrl: "https://app.example.com", token, clock, fetch: (url, init) => proxy(new Request(url, init)) });
  const error = await clock.run(client.exports.task(taskId).wait().catch((error) => error));
  assert.deepEqual([error.code, error.category, error.isRetryable], ["FORBIDDEN", "PROXY_TOKEN", false]);
  assert.deepEqual(asked, [{ refresh: false }]);
  assert.equal(simulator.requests.length, 1);
});

test("many_clients_behind_one_proxy_wait_for_one_task_and_HubSpot_is_asked_once_at_a_time", async () => {
  const clock = virtualClock();
  const simulator = createSimulator({ tokens: [TOKEN], clock });
  const taskId = simulator.addTask("export", { processingMs: 30_000 });
  let [underWay, most] = [0, 0];
  const fetch = async (url, init) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => clock.setTimeout(resolve, 50));
    underWay--;
    return simulator.fetch(url, init);
  };
  const proxy = createProxy({ token: TOKEN, authorize: () => true, families: ["export"], clock, fetch });
  const clientFetch = (url, init) => proxy(new Request(url, init));
  const clients = Array.from({ length: 20 }, () => new HubSpotTasks({ baseUrl: "https://app.example.com", clock, fetch: clientFetch }));
  const ends = await clock.run(Promise.all(clients.map((client) => client.exports.task(taskId).wait())));
  assert.deepEqual(new Set(ends.map(({ outcome }) => outcome)), new Set(["succeeded"]));
  assert.equal(most, 1);
  const asked = ends.reduce((sum, { polls }) => sum + polls, 0);
  assert(simulator.requests.length <= asked / 10, `${simulator.requests.length} requests for ${asked} polls`);
});

test("a_card_starts_an_export_and_polls_it_to_its_end_signed_by_HubSpot_over_node_http", async () => {
  const simulator = createSimulator({ tokens: [TOKEN], startedTask: { file: { rows: 3 } } });
  simulator.script(["PENDING", "PROCESSING"].map((status) => ({ status: 202, body: { status } })), { call: "status" });
  const proxy = createProxy({
    clientSecret: SECRET, token: ({ portalId }) => (portalId === "123" ? TOKEN : undefined), families: ["export"], allow: ["start"], path: "/hubspot",
    publicUrl: "https://card.example.com", fetch: simulator.fetch,
  });
  await served(toNodeHandler(proxy), async (url) => {
    /** HubSpot's host: adds to the address, signs, and repeats nothing. */
    const hubspotFetch = (address, { method, body }) => {
      const whole = `${address}?userId=42&portalId=123&userEmail=jane.o%27neil%2Bx%40example.com&appId=9`;
      const timestamp = Date.now();
      const headers = { "x-hubspot-signature-v3": signatureOf({ method, url: whole, body, timestamp }), "x-hubspot-request-timestamp": String(timestamp) };
      if (body !== undefined) headers["content-type"] = "application/json";
      return fetch(whole.replace("https://card.example.com", url), { method, headers, body });
    };
    const client = new HubSpotTasks({ baseUrl: "https://card.example.com/hubspot", fetch: hubspotFetch, minIntervalMs: 20 });
    const task = await client.exports.start(EXPORT);
    const { outcome, result, polls } = await task.wait();
    assert.equal(outcome, "succeeded");
    assert.match(result, /^https:/);
    assert.equal(polls, 3);
    assert.equal(simulator.starts.length, 1);
    const unsigned = await fetch(`${url}/hubspot${paths.status(task.id)}`);
    assert.equal(unsigned.status, 401);
    await unsigned.text();
  });
});
