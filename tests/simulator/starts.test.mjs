// Tests of the simulator's starts. Run: node --test tests/simulator/starts.test.mjs
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { API, REQUESTS, START, detailsPath, faults, setUp, startPath, statusPath } from "./support.mjs";

const FAMILIES = Object.keys(REQUESTS);
const VERSIONS = ["v3", "2025-09", "2026-03", "2026-09", "2031-03"];

describe("a start", () => {
  for (const family of FAMILIES) {
    for (const version of VERSIONS) {
      it(`of ${family} in ${version} answers 202 with a locator, and the task is there`, async () => {
        const { simulator, get, start } = setUp({ startedTask: { processingMs: 1_000 } });
        const { http, body } = await start(family, REQUESTS[family], version);
        assert.equal(http, 202);
        assert.deepEqual(Object.keys(body), ["id", "links"]);
        assert.deepEqual(body.links, { status: `https://api-na1.hubspot.com${statusPath(family, body.id, "v3")}` });
        const status = await get(statusPath(family, body.id, version));
        assert.deepEqual([status.http, status.body.status], [202, "PROCESSING"]);
        assert.equal(simulator.requests[0].call, "start");
        assert.equal(simulator.requests[0].family, family);
        assert.equal(simulator.requests[0].body, JSON.stringify(REQUESTS[family]));
        assert.deepEqual(simulator.starts, [{ at: START, family, taskId: body.id, request: REQUESTS[family], files: [] }]);
      });
    }
  }

  it("gives links as an array of objects where asked for", async () => {
    const { start } = setUp({ locatorLinks: "array" });
    const { body } = await start("export");
    assert.deepEqual(body.links, [{ rel: "status", href: `https://api-na1.hubspot.com${statusPath("export", body.id, "v3")}` }]);
  });

  it("gives the same ids for the same seed, and others for another", async () => {
    const ids = async (seed) => {
      const { start } = setUp({ seed });
      return Promise.all(FAMILIES.map(async (family) => (await start(family)).body.id));
    };
    assert.deepEqual(await ids(5), await ids(5));
    for (const [i, id] of (await ids(6)).entries()) assert.notEqual(id, (await ids(5))[i]);
  });

  it("takes an object as hubspot.fetch does, bytes, and a Request", async () => {
    const { simulator } = setUp();
    const path = API + startPath("folderUpdate");
    const headers = { "content-type": "application/json; charset=utf-8" };
    const body = JSON.stringify(REQUESTS.folderUpdate);
    for (const args of [
      [path, { method: "POST", body: REQUESTS.folderUpdate }],
      [path, { method: "POST", headers, body: new TextEncoder().encode(body) }],
      [new Request(path, { method: "POST", headers, body })],
    ]) {
      assert.equal((await simulator.fetch(...args)).status, 202);
    }
    assert.deepEqual(simulator.starts.map(({ request }) => request), Array(3).fill(REQUESTS.folderUpdate));
  });

  it("takes no GET: 405", async () => {
    const { simulator } = setUp();
    // To an export's details this path is one of the id "async".
    for (const family of ["fileImport", "folderUpdate", "sourceCodeExtract", "import"]) {
      const response = await simulator.fetch(API + startPath(family));
      assert.deepEqual([response.status, response.headers.get("allow")], [405, "POST"]);
    }
  });

  it("lets its preflight through where CORS is open", async () => {
    const { simulator } = setUp({ cors: "open" });
    const headers = { "Access-Control-Request-Headers": "authorization,content-type" };
    const response = await simulator.fetch(API + startPath("export"), { method: "OPTIONS", headers });
    assert.equal(response.status, 204);
    assert.equal(response.headers.get("access-control-allow-methods"), "POST");
    assert.equal(response.headers.get("access-control-allow-headers"), "authorization,content-type");
    assert.equal(simulator.starts.length, 0);
  });
});

describe("what becomes of a started task", () => {
  it("is said by the option, of all or of each", async () => {
    const seen = [];
    const startedTask = (start) => {
      seen.push(start);
      return start.request.exportName === "slow" ? { pendingMs: Infinity } : undefined;
    };
    const { get, start } = setUp({ startedTask });
    const slow = await start("export", { ...REQUESTS.export, exportName: "slow" });
    const quick = await start("export");
    assert.equal((await get(statusPath("export", slow.body.id))).body.status, "PENDING");
    assert.equal((await get(statusPath("export", quick.body.id))).body.status, "COMPLETE");
    assert.deepEqual(seen.map(({ at, family, files }) => [at, family, files]), Array(2).fill([START, "export", []]));
  });

  it("shows what it was started with", async () => {
    const { get, start } = setUp();
    const result = async (family, request) => {
      const { body } = await start(family, request);
      return (await get(statusPath(family, body.id, "v3"))).body.result;
    };
    const file = await result("fileImport", { ...REQUESTS.fileImport, name: "logo" });
    assert.deepEqual([file.access, file.name, file.extension, file.path], ["PRIVATE", "logo", "svg", "/library/logo.svg"]);
    const folder = await result("folderUpdate", { id: "7", name: "new", parentFolderId: 8 });
    assert.deepEqual([folder.id, folder.name, folder.parentFolderId], ["7", "new", "8"]);
  });
});

describe("a request to start", () => {
  const wrong = [
    // family, request, the fields that are named
    ["fileImport", {}, ["access", "url", "folderId or folderPath"]],
    ["fileImport", { access: "PRIVATE", url: "https://example.com/" }, ["folderId or folderPath"]],
    ["fileImport", { access: "PRIVATE", url: "", folderId: "7" }, ["url"]],
    ["folderUpdate", { name: "new" }, ["id"]],
    ["export", { format: "CSV" }, ["exportType"]],
    ["export", { exportType: "LIST" }, ["listId"]],
    ["sourceCodeExtract", { path: null }, ["path"]],
  ];
  for (const [family, request, fields] of wrong) {
    it(`of ${family} with ${JSON.stringify(request)} gets 400 that names ${fields}`, async () => {
      const { simulator, start } = setUp();
      const { http, body } = await start(family, request);
      assert.equal(http, 400);
      assert.deepEqual([body.status, body.category], ["error", "VALIDATION_ERROR"]);
      assert.match(body.message, new RegExp(fields.join(", ")));
      assert.deepEqual(body.errors.map((error) => error.in), fields);
      assert.equal(simulator.starts.length, 0);
    });
  }

  it("passes with either of two fields, and with fields that nobody knows", async () => {
    const { start } = setUp();
    const { folderPath: _, ...request } = REQUESTS.fileImport;
    assert.equal((await start("fileImport", { ...request, folderId: 7, brandNew: { deep: [1] } })).http, 202);
    assert.equal((await start("export", { ...REQUESTS.export, exportType: "LIST", listId: "7" })).http, 202);
  });

  for (const text of ["", "{", "[]", "null", "7", '"path"']) {
    it(`of ${JSON.stringify(text)} gets 400`, async () => {
      const { post } = setUp();
      const { http, body } = await post(startPath("export"), text);
      assert.deepEqual([http, body.category], [400, "VALIDATION_ERROR"]);
    });
  }

  it("that does not say that it is JSON gets 415", async () => {
    const { simulator, post } = setUp();
    for (const headers of [{}, { "content-type": "text/plain" }, { "content-type": "multipart/form-data; boundary=x" }]) {
      assert.equal((await post(startPath("export"), REQUESTS.export, headers)).http, 415);
    }
    assert.equal(simulator.starts.length, 0);
  });
});

describe("tokens and scopes of a start", () => {
  it("are looked at before the request: 401", async () => {
    const { simulator, post, start } = setUp({ tokens: ["t"] });
    const { http, body } = await start("export", {});
    assert.deepEqual([http, body.category], [401, "INVALID_AUTHENTICATION"]);
    const headers = { authorization: "Bearer t", "content-type": "application/json" };
    assert.equal((await post(startPath("export"), REQUESTS.export, headers)).http, 202);
    assert.equal(simulator.starts.length, 1);
  });

  const scopesOf = {
    fileImport: ["files", "files.write", "files.ui_hidden.write"],
    folderUpdate: ["files", "files.write", "files.ui_hidden.write"],
    export: ["crm.export"],
    sourceCodeExtract: ["content"],
  };
  for (const family of FAMILIES) {
    it(`of ${family} are any of ${scopesOf[family]}; others get 403 that names them`, async () => {
      const { simulator, start } = setUp();
      for (const scope of scopesOf[family]) {
        simulator.scopes = [scope];
        assert.equal((await start(family)).http, 202);
      }
      simulator.scopes = ["files.read"];
      const refused = await start(family);
      assert.deepEqual([refused.http, refused.body.category], [403, "MISSING_SCOPES"]);
      assert.deepEqual(refused.body.context.requiredGranularScopes, scopesOf[family]);
      simulator.script(faults.forbidden());
      assert.deepEqual((await start(family)).body.context.requiredGranularScopes, scopesOf[family]);
    });
  }
});

describe("a fault of a start", () => {
  const before = { "a network error": "network-error", "a hang": "hang", "a 503": faults.unavailable(), "a 429": faults.rateLimited(), "a 429 of no rate": faults.limitReached() };
  const send = ({ simulator }, signal) =>
    simulator.fetch(API + startPath("export"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(REQUESTS.export),
      signal,
    });
  const ended = async (set) => {
    const controller = new AbortController();
    const answer = send(set, controller.signal).then(({ status }) => status, ({ name }) => name);
    await set.clock.advance(0);
    controller.abort(new DOMException("enough", "AbortError"));
    return answer;
  };

  for (const [name, fault] of Object.entries(before)) {
    it(`${name} starts nothing, unless it is carried out before`, async () => {
      const set = setUp();
      set.simulator.script([fault, { carriedOut: fault }]);
      const first = await ended(set);
      assert.equal(set.simulator.starts.length, 0);
      assert.equal(await ended(set), first);
      assert.equal(set.simulator.starts.length, 1);
      const { taskId } = set.simulator.starts[0];
      assert.equal((await set.get(statusPath("export", taskId))).body.status, "COMPLETE");
    });
  }

  it("in the answer's body starts the task, once", async () => {
    const set = setUp();
    set.simulator.script([faults.dropped(), faults.cut({ after: 3 }), { headers: { "x-a": "1" } }, faults.doubled()]);
    const dropped = await send(set);
    assert.equal(dropped.status, 202);
    await assert.rejects(dropped.text(), { message: "terminated" });
    assert.equal(await (await send(set)).text(), '{"i');
    assert.equal((await send(set)).headers.get("x-a"), "1");
    const [once, twice] = (await (await send(set)).text()).split("}}{");
    assert.equal(`${once}}}`, `{${twice}`);
    assert.equal(set.simulator.starts.length, 4);
  });

  it("that is aborted under way has started the task", async () => {
    const set = setUp({ latencyMs: 1_000 });
    const controller = new AbortController();
    const answer = send(set, controller.signal);
    await set.clock.advance(500);
    controller.abort(new Error("enough"));
    await assert.rejects(answer, { message: "enough" });
    assert.equal(set.simulator.starts.length, 1);
    assert.equal(set.clock.timers, 0);
  });

  it("is scripted for starts alone, for one family, or for one task", async () => {
    const { simulator, get, start } = setUp();
    const id = simulator.addTask("export");
    simulator.script([faults.locked()], { call: "start" });
    simulator.script([faults.serverError()], { call: "start", family: "folderUpdate" });
    simulator.script([faults.unavailable()], { taskId: "nobody" });
    assert.equal((await get(statusPath("export", id))).http, 200);
    assert.equal((await start("export")).http, 423);
    assert.equal((await start("export")).http, 202);
    assert.equal((await start("folderUpdate")).http, 500);
    assert.equal((await start("folderUpdate")).http, 202);
  });

  for (const wrong of [{ carriedOut: "sometimes" }, { carriedOut: { status: 99 } }, { carriedOut: undefined }]) {
    it(`is refused where it is ${JSON.stringify(wrong)}`, () => {
      assert.throws(() => setUp().simulator.script(wrong), TypeError);
    });
  }
});

describe("exports", () => {
  it("may be started so often in 24 hours, as they roll; then it is a 429 of no rate", async () => {
    const { clock, simulator, start } = setUp({ exportsPerDay: 2 });
    simulator.addTask("export"); // was not started by a request
    assert.equal((await start("export")).http, 202);
    await clock.advance(3_600_000);
    assert.equal((await start("export")).http, 202);
    const { http, body } = await start("export");
    assert.deepEqual([http, body.errorType, body.policyName], [429, "EXPORT_DAILY_LIMIT", undefined]);
    assert.equal((await start("fileImport")).http, 202);
    await clock.advance(86_400_000 - 3_600_000 - 1);
    assert.equal((await start("export")).http, 429);
    await clock.advance(1);
    assert.deepEqual([(await start("export")).http, (await start("export")).http], [202, 429]);
  });

  it("that are started wait for one another in the queue", async () => {
    const { clock, get, start } = setUp({ exportQueue: true, startedTask: { processingMs: 1_000 } });
    const ids = [(await start("export")).body.id, (await start("export")).body.id];
    const words = async () => Promise.all(ids.map(async (id) => (await get(statusPath("export", id))).body.status));
    assert.deepEqual(await words(), ["PROCESSING", "PENDING"]);
    await clock.advance(1_000);
    assert.deepEqual(await words(), ["COMPLETE", "PROCESSING"]);
  });
});

describe("an export's details", () => {
  for (const version of ["v3", "2026-03"]) {
    it(`in ${version} show its state while it goes on, and what it was started with`, async () => {
      const { clock, get, start } = setUp({ exportQueue: true, startedTask: { pendingMs: 1_000, processingMs: 1_000 } });
      const ids = [(await start("export")).body.id, (await start("export")).body.id];
      const states = async () => Promise.all(ids.map(async (id) => (await get(detailsPath(id, version))).body.exportState));
      assert.deepEqual(await states(), ["ENQUEUED", "ENQUEUED"]);
      await clock.advance(1_000);
      assert.deepEqual(await states(), ["PROCESSING", "DEFERRED"]);
      await clock.advance(2_000);
      assert.deepEqual(await states(), ["DONE", "DONE"]);
      const { http, body } = await get(detailsPath(ids[0], version));
      assert.equal(http, 200);
      assert.deepEqual([body.id, body.exportName, body.objectProperties], [ids[0], "All", ["email"]]);
    });
  }

  it("tell of an end of which the status call is silent", async () => {
    for (const exportState of ["FAILED", "CONFLICT", "DELETED", "CANCELED"]) {
      const { clock, simulator, get } = setUp();
      const id = simulator.addTask("export", { processingMs: 1_000, exportState });
      const both = async () => [(await get(statusPath("export", id))).body.status, (await get(detailsPath(id))).body.exportState];
      assert.deepEqual(await both(), ["PROCESSING", "PROCESSING"]);
      await clock.advance(1_000);
      assert.deepEqual(await both(), ["PROCESSING", exportState]);
      await clock.advance(86_400_000);
      const { http, body } = await get(statusPath("export", id));
      assert.deepEqual([http, body.status, "completedAt" in body, "result" in body], [202, "PROCESSING", false, false]);
    }
  });

  it("tell that it waits for approval, for ever, while others run", async () => {
    const { clock, simulator, get } = setUp({ exportQueue: true });
    const id = simulator.addTask("export", { exportState: "PENDING_APPROVAL" });
    const other = simulator.addTask("export");
    await clock.advance(1e9);
    assert.equal((await get(statusPath("export", id))).body.status, "PENDING");
    assert.equal((await get(detailsPath(id))).body.exportState, "PENDING_APPROVAL");
    assert.equal((await get(statusPath("export", other))).body.status, "COMPLETE");
  });

  it("show an outcome", async () => {
    const { simulator, get } = setUp();
    for (const [outcome, state] of Object.entries({ succeeded: "DONE", succeededWithErrors: "DONE", failed: "FAILED", canceled: "CANCELED" })) {
      assert.equal((await get(detailsPath(simulator.addTask("export", { outcome })))).body.exportState, state);
    }
  });

  it("of an unknown id are refused as its status is", async () => {
    const { get } = setUp();
    assert.equal((await get(detailsPath("7"))).http, 403);
    assert.equal((await get(detailsPath("nobody"))).http, 400);
  });
});
