// Tests of families that are defined by data, as the simulator plays them. Run: node --test tests/simulator/defined.test.mjs
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { API, createSimulator, setUp } from "./support.mjs";

const EMAIL = {
  name: "singleSend",
  paths: { start: "/marketing/{version}/transactional/single-email/send", status: "/marketing/{version}/email/send-statuses/{taskId}" },
  result: { field: "sendResult", isText: true, oneOf: ["SENT", "QUEUED"] },
  scopes: ["transactional-email"],
  start: { answers: { field: "statusId" } },
};
const SNAPSHOT = {
  name: "snapshot",
  paths: { start: "/webhooks-journal/snapshots/{version}/crm", status: "/webhooks-journal/journal/{version}/status/{taskId}" },
  state: { running: ["IN_PROGRESS"], succeeded: ["SUCCESS"], failed: ["FAILED", "EXPIRED"] },
  errors: { field: "errorCode" },
  dates: { requestedAt: "initiatedAt" },
  start: { answers: { field: "snapshots.0.snapshotStatusId" } },
};
const CLONE = {
  name: "campaignClone",
  paths: {
    start: "/marketing/campaigns/2026-09-beta/clone",
    status: "/marketing/campaigns/2026-09-beta/clone/{taskId}/status",
    cancel: "/marketing/campaigns/2026-09-beta/clone/{taskId}/cancel",
  },
  state: { field: "state.word", succeeded: ["COMPLETE"], succeededWithErrors: ["PARTIAL_FAILURE"], failed: ["FAILED"] },
  start: { answers: "task" },
  isQueued: true,
};
const families = [EMAIL, SNAPSHOT, CLONE];

describe("a defined family", () => {
  it("answers a start with its id in a field, and its status with its words: single-send e-mail", async () => {
    const { clock, simulator, get, post } = setUp({ families, startedTask: { pendingMs: 1_000, processingMs: 1_000 } });
    const { http, body } = await post("/marketing/v3/transactional/single-email/send", { emailId: 7 });
    assert.deepEqual([http, body.status], [200, "PENDING"]);
    const path = `/marketing/v3/email/send-statuses/${body.statusId}`;
    await clock.advance(1_000);
    assert.equal((await get(path)).body.status, "PROCESSING");
    await clock.advance(1_000);
    const over = await get(path);
    assert.deepEqual([over.http, over.body.status, over.body.sendResult], [200, "COMPLETE", "SENT"]);
    assert.deepEqual(simulator.starts.map(({ family, taskId, request }) => [family, taskId, request]), [["singleSend", body.statusId, { emailId: 7 }]]);
    assert.deepEqual(simulator.requests.map(({ call, family }) => [call, family]), [["start", "singleSend"], ...Array(2).fill(["status", "singleSend"])]);
  });

  it("has a result that is none of the good ones where it failed, or the caller's", async () => {
    const { simulator, get } = setUp({ families });
    const path = (task) => `/marketing/v3/email/send-statuses/${simulator.addTask("singleSend", task)}`;
    assert.equal((await get(path({ outcome: "failed" }))).body.sendResult, "REFUSED");
    assert.equal((await get(path({ result: "QUEUED" }))).body.sendResult, "QUEUED");
  });

  it("has words, dates and errors in fields of its own: journal snapshots", async () => {
    const { clock, simulator, get, post } = setUp({ families });
    const { body } = await post("/webhooks-journal/snapshots/2026-03/crm", {});
    const path = (id) => `/webhooks-journal/journal/2026-03/status/${id}`;
    const over = (await get(path(body.snapshots[0].snapshotStatusId))).body;
    assert.deepEqual([over.status, over.initiatedAt, "requestedAt" in over], ["SUCCESS", "2026-08-21T10:00:00.000Z", false]);
    const running = simulator.addTask("snapshot", { processingMs: 1_000, outcome: "failed", word: "EXPIRED" });
    assert.equal((await get(path(running))).body.status, "IN_PROGRESS");
    await clock.advance(1_000);
    const expired = (await get(path(running))).body;
    assert.deepEqual([expired.status, expired.errorCode.length], ["EXPIRED", 1]);
    assert.equal((await get(path(simulator.addTask("snapshot", { outcome: "failed" })))).body.status, "FAILED");
    assert.equal((await get(path("nobody"))).http, 404);
  });

  it("answers a start with the whole object, queues, and is canceled: campaign clones", async () => {
    const { clock, get, post } = setUp({ families, startedTask: { processingMs: 1_000 } });
    const start = async () => (await post("/marketing/campaigns/2026-09-beta/clone", {})).body;
    const [one, other] = [await start(), await start()];
    const path = (id) => `/marketing/campaigns/2026-09-beta/clone/${id}/status`;
    const words = async () => Promise.all([one, other].map(async ({ id }) => (await get(path(id))).body.state.word));
    assert.deepEqual([one.state.word, other.state.word], ["PROCESSING", "PENDING"]);
    assert.equal((await post(path(one.id).replace("status", "cancel"))).http, 200);
    assert.deepEqual(await words(), ["CANCELED", "PROCESSING"]);
    await clock.advance(1_000);
    assert.deepEqual(await words(), ["CANCELED", "COMPLETE"]);
  });

  it("has a word for each outcome, where it names one", async () => {
    const { simulator, get } = setUp({ families: [CLONE] });
    for (const [outcome, word] of [["succeeded", "COMPLETE"], ["succeededWithErrors", "PARTIAL_FAILURE"], ["failed", "FAILED"], ["canceled", "CANCELED"]]) {
      const id = simulator.addTask("campaignClone", { outcome });
      assert.equal((await get(`/marketing/campaigns/2026-09-beta/clone/${id}/status`)).body.state.word, word);
    }
  });

  it("stands at another place by the version's style, has numbers as ids, and needs its scopes", async () => {
    const numbered = "/marketing/{version}/things";
    const dated = "/marketing/things/{version}";
    const family = {
      name: "thing",
      id: "int32",
      paths: {
        start: { numbered, dated },
        status: { numbered: `${numbered}/{taskId}`, dated: `${dated}/{taskId}` },
        details: { numbered: `${numbered}/{taskId}/details`, dated: `${dated}/{taskId}/details` },
      },
      scopes: ["things"],
    };
    const { simulator, get, post } = setUp({ families: [family] });
    const { http, body } = await post("/marketing/things/2026-03", {});
    assert.deepEqual([http, body.links.status], [202, `https://api-na1.hubspot.com/marketing/v3/things/${body.id}`]);
    for (const path of [`/marketing/v3/things/${body.id}`, `/marketing/v4/things/${body.id}/details`, `/marketing/things/2026-09-beta/${body.id}`]) {
      assert.equal((await get(path)).body.status, "COMPLETE", path);
    }
    assert.equal((await get("/marketing/v3/things/nobody")).http, 400);
    simulator.scopes = [];
    assert.deepEqual((await get("/marketing/v3/things/7")).body.context.requiredGranularScopes, ["things"]);
  });

  it("whose result is a text that dies has a file behind it, and any other text is opaque", async () => {
    const paths = { status: "/a/{taskId}" };
    const { simulator, get } = setUp({ families: [{ name: "a", paths, result: { field: "deep.url", isText: true, livesMs: 300_000 } }] });
    const { deep } = (await get(`/a/${simulator.addTask("a")}`)).body;
    assert.match(await (await simulator.fetch(deep.url)).text(), /^"Record ID"/);
  });

  it("is started by a form where it says so", async () => {
    const paths = { start: "/b", status: "/b/{taskId}" };
    const { simulator } = setUp({ families: [{ name: "b", paths, start: { sends: "multipart" } }] });
    const form = new FormData();
    form.append("importRequest", "{}");
    assert.equal((await simulator.fetch(`${API}/b`, { method: "POST", body: form })).status, 202);
  });

  const wrong = {
    "without a name": { paths: { status: "/a" } },
    "without a path of its status": { name: "a", paths: {} },
    "of an id that is none": { name: "a", paths: { status: "/a" }, id: "uuid" },
    "of the name of another": { name: "export", paths: { status: "/a" } },
  };
  for (const [what, family] of Object.entries(wrong)) {
    it(`${what} is refused`, () => assert.throws(() => createSimulator({ families: [family] }), TypeError));
  }
});
