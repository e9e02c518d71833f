// Tests of the simulator against the facts known of HubSpot's API. Run: node --test tests/simulator.test.mjs
import assert from "node:assert/strict";
import http from "node:http";
import { describe, it } from "node:test";
import { tsImport } from "tsx/esm/api";

const inPage = await tsImport("../pkg-template/simulator.ts", import.meta.url);
const inNode = await tsImport("../pkg-template/simulator.node.ts", import.meta.url);
const { createSimulator, faults } = inPage;
const { serveSimulator } = inNode;

const API = "https://api.hubapi.com";
const START = Date.parse("2026-08-21T10:00:00.000Z");
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const PATHS = {
  fileImport: {
    v3: "/files/v3/files/import-from-url/async/tasks/ID/status",
    "2026-03": "/files/2026-03/files/import-from-url/async/tasks/ID/status",
  },
  folderUpdate: {
    v3: "/files/v3/folders/update/async/tasks/ID/status",
    "2026-03": "/files/2026-03/folders/update/async/tasks/ID/status",
  },
  export: {
    v3: "/crm/v3/exports/export/async/tasks/ID/status",
    "2026-03": "/crm/exports/2026-03/export/async/tasks/ID/status",
  },
  sourceCodeExtract: {
    v3: "/cms/v3/source-code/extract/async/tasks/ID/status",
    "2026-03": "/cms/source-code/2026-03/extract/async/tasks/ID/status",
  },
};
const FAMILIES = Object.keys(PATHS);

const pathOf = (family, id, version = "2026-03") => PATHS[family][version].replace("ID", encodeURIComponent(id));

/** A clock that stands still until it is told to go on. */
function manualClock(now = START) {
  const timers = new Set();
  return {
    now: () => now,
    setTimeout(callback, milliseconds) {
      const timer = { callback, at: now + milliseconds };
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => timers.delete(timer),
    advance(milliseconds) {
      now += milliseconds;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.callback();
      }
    },
    get waiting() {
      return timers.size;
    },
  };
}

/** A simulator on a manual clock, and how to ask it. */
function setUp(options = {}) {
  const clock = manualClock();
  const simulator = createSimulator({ clock, ...options });
  const get = (path, init) => simulator.fetch(API + path, init);
  const ask = async (family, id, version) => {
    const response = await get(pathOf(family, id, version));
    return { http: response.status, headers: response.headers, body: await response.json() };
  };
  return { clock, simulator, get, ask };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** The promise's state once all that can happen without time passing has happened. */
async function stateOf(promise) {
  let state = "pending";
  promise.then(
    () => (state = "fulfilled"),
    () => (state = "rejected"),
  );
  await nextTurn();
  return state;
}

describe("the life of a task", () => {
  const WHILE_PENDING = ["links", "requestedAt", "status"];
  const WHILE_PROCESSING = ["links", "requestedAt", "startedAt", "status"];
  const fields = {
    fileImport: { id: ["taskId"], end: ["completedAt", "errors", "numErrors", "result"] },
    folderUpdate: { id: ["taskId"], end: ["completedAt", "errors", "numErrors", "result"] },
    export: { id: [], end: ["completedAt", "errors", "numErrors", "result"] },
    sourceCodeExtract: { id: [], end: ["completedAt"] },
  };

  for (const family of FAMILIES) {
    for (const version of ["v3", "2026-03"]) {
      it(`of ${family} in ${version} is PENDING, PROCESSING, COMPLETE, with its fields`, async () => {
        const { clock, simulator, ask } = setUp();
        const id = simulator.addTask(family, { pendingMs: 1_000, processingMs: 2_000 });
        const steps = [
          [0, 202, "PENDING", WHILE_PENDING],
          [999, 202, "PENDING", WHILE_PENDING],
          [1, 202, "PROCESSING", WHILE_PROCESSING],
          [1_999, 202, "PROCESSING", WHILE_PROCESSING],
          [1, 200, "COMPLETE", [...WHILE_PROCESSING, ...fields[family].end]],
        ];
        for (const [advance, http, status, names] of steps) {
          clock.advance(advance);
          const answer = await ask(family, id, version);
          assert.equal(answer.http, http);
          assert.equal(answer.body.status, status);
          assert.deepEqual(Object.keys(answer.body).sort(), [...names, ...fields[family].id].sort());
        }
        const { body } = await ask(family, id, version);
        assert.deepEqual(
          [body.requestedAt, body.startedAt, body.completedAt],
          ["2026-08-21T10:00:00.000Z", "2026-08-21T10:00:01.000Z", "2026-08-21T10:00:03.000Z"],
        );
        assert.equal(body.taskId, fields[family].id.length ? id : undefined);
      });
    }
  }

  it("counts from when the task was added", async () => {
    const { clock, simulator, ask } = setUp();
    clock.advance(60_000);
    const id = simulator.addTask("export", { pendingMs: 1_000 });
    assert.equal((await ask("export", id)).body.requestedAt, "2026-08-21T10:01:00.000Z");
    assert.equal((await ask("export", id)).body.status, "PENDING");
  });

  it("is over at once unless durations are given, and never for Infinity", async () => {
    const { clock, simulator, ask } = setUp();
    const quick = simulator.addTask("export");
    const slow = simulator.addTask("export", { processingMs: Infinity });
    clock.advance(1e9);
    assert.equal((await ask("export", quick)).body.status, "COMPLETE");
    assert.equal((await ask("export", slow)).body.status, "PROCESSING");
  });
});

describe("the links of a status", () => {
  it("name its path at another host than was asked", async () => {
    const { simulator } = setUp({ baseUrl: "/hubspot" });
    const path = pathOf("export", simulator.addTask("export"));
    const { links } = await (await simulator.fetch(`${API}/hubspot${path}`)).json();
    assert.deepEqual(links, { status: `https://api-na1.hubspot.com${path}` });
  });
});

describe("the outcome", () => {
  const outcomes = [
    // outcome, status, number of errors, has a result
    ["succeeded", "COMPLETE", 0, true],
    ["succeededWithErrors", "COMPLETE", 1, true],
    ["failed", "COMPLETE", 1, false],
    ["canceled", "CANCELED", 0, false],
  ];
  for (const [outcome, status, errors, hasResult] of outcomes) {
    it(`${outcome} is ${status} with ${errors} errors and ${hasResult ? "a" : "no"} result`, async () => {
      const { simulator, ask } = setUp();
      for (const family of ["fileImport", "folderUpdate", "export"]) {
        const { http, body } = await ask(family, simulator.addTask(family, { outcome }));
        assert.equal(http, 200);
        assert.equal(body.status, status);
        assert.equal(body.numErrors, errors);
        assert.equal(body.errors.length, errors);
        assert.equal("result" in body, hasResult);
        assert.ok(body.completedAt);
      }
    });
  }

  it("of an extract has no errors and no result in any case", async () => {
    const { simulator, ask } = setUp();
    for (const [outcome, status] of [["succeeded", "COMPLETE"], ["canceled", "CANCELED"]]) {
      const { body } = await ask("sourceCodeExtract", simulator.addTask("sourceCodeExtract", { outcome }));
      assert.equal(body.status, status);
      for (const field of ["numErrors", "errors", "result", "taskId"]) assert.ok(!(field in body), field);
    }
  });

  it("shows the caller's errors, result and unknown fields as they are", async () => {
    const { simulator, ask } = setUp();
    const task = { errors: [{ message: "no" }, { message: "nor" }], result: { deep: [1] }, unknown: { progress: 100 } };
    const { body } = await ask("fileImport", simulator.addTask("fileImport", task));
    assert.equal(body.numErrors, 2);
    assert.deepEqual([body.errors, body.result, body.progress], [task.errors, task.result, 100]);
  });

  it("answers a result of null as null, and an unknown field of a known name in its place", async () => {
    const { simulator, ask } = setUp();
    const task = { result: null, unknown: { status: "PAUSED", startedAt: null } };
    const { body } = await ask("export", simulator.addTask("export", task));
    assert.deepEqual([body.result, body.status, body.startedAt], [null, "PAUSED", null]);
  });
});

describe("the result", () => {
  it("of a file import is a File, whose access only v3 shows and whose expiresAt is a number", async () => {
    const { simulator, ask } = setUp();
    const id = simulator.addTask("fileImport");
    const { result } = (await ask("fileImport", id, "v3")).body;
    assert.equal(result.access, "PUBLIC_INDEXABLE");
    assert.equal(typeof result.expiresAt, "number");
    assert.match(result.id, /^\d+$/);
    assert.ok(new URL(result.url).protocol === "https:");
    const dated = (await ask("fileImport", id, "2026-03")).body.result;
    assert.ok(!("access" in dated));
    assert.equal(dated.id, result.id);
  });

  it("of a folder update is a Folder", async () => {
    const { simulator, ask } = setUp();
    const { result } = (await ask("folderUpdate", simulator.addTask("folderUpdate"))).body;
    const names = ["archived", "createdAt", "id", "name", "parentFolderId", "path", "updatedAt"];
    assert.deepEqual(Object.keys(result).sort(), names);
  });

  it("of an export is an https URL that is new at each request", async () => {
    const { simulator, ask } = setUp();
    const id = simulator.addTask("export");
    const urls = [(await ask("export", id)).body.result, (await ask("export", id)).body.result];
    for (const url of urls) assert.equal(new URL(url).protocol, "https:");
    assert.notEqual(urls[0], urls[1]);
  });
});

describe("ids", () => {
  it("are generated: opaque for files and folders, digits for the others, all different", () => {
    const { simulator } = setUp();
    const shape = { fileImport: UUID, folderUpdate: UUID, export: /^\d+$/, sourceCodeExtract: /^\d+$/ };
    for (const family of FAMILIES) {
      const ids = Array.from({ length: 50 }, () => simulator.addTask(family));
      for (const id of ids) assert.match(id, shape[family]);
      assert.equal(new Set(ids).size, 50);
    }
  });

  it("arrive percent-encoded", async () => {
    const { simulator, ask } = setUp();
    for (const id of ["a/b?c#d", "ä 100%", "..x", "%2F"]) {
      simulator.addTask("fileImport", { id });
      assert.equal((await ask("fileImport", id)).body.taskId, id);
      assert.equal(simulator.requests.at(-1).taskId, id);
    }
  });

  it("may be numbers and bigints", async () => {
    const { simulator, ask } = setUp();
    assert.equal(simulator.addTask("export", { id: 9223372036854775807n }), "9223372036854775807");
    assert.equal(simulator.addTask("sourceCodeExtract", { id: 7 }), "7");
    assert.equal((await ask("export", "9223372036854775807")).http, 200);
  });

  it("belong to one family each", async () => {
    const { simulator, ask } = setUp();
    simulator.addTask("export", { id: "7" });
    assert.equal((await ask("sourceCodeExtract", "7")).http, 404);
  });

  const unknown = [
    // family, id, status
    ["fileImport", "nobody", 404],
    ["fileImport", "90151673", 404],
    ["folderUpdate", "nobody", 404],
    ["folderUpdate", "478408617167", 400],
    ["export", "478408617167", 403],
    ["export", "9223372036854775807", 403],
    ["export", "9223372036854775808", 400],
    ["export", "nobody", 400],
    ["export", "-1", 400],
    ["sourceCodeExtract", "2147483647", 404],
    ["sourceCodeExtract", "2147483648", 400],
    ["sourceCodeExtract", "nobody", 400],
  ];
  for (const [family, id, status] of unknown) {
    it(`${id} of no ${family} gets ${status} in JSON`, async () => {
      const { ask } = setUp();
      const { http, headers, body } = await ask(family, id);
      assert.equal(http, status);
      assert.equal(headers.get("content-type"), "application/json;charset=utf-8");
      assert.equal(body.status, "error");
      assert.ok(body.message);
      assert.match(body.correlationId, UUID);
    });
  }

  it("that are badly encoded get 400", async () => {
    const { simulator, get } = setUp();
    const response = await get(PATHS.fileImport.v3.replace("ID", "%zz"));
    assert.equal(response.status, 400);
    assert.equal(simulator.requests[0].taskId, undefined);
  });
});

describe("paths", () => {
  const unknown = [
    "/",
    "/crm/exports/v3/export/async/tasks/7/status",
    "/crm/2026-03/exports/export/async/tasks/7/status",
    "/cms/source-code/v3/extract/async/tasks/7/status",
    "/cms/2026-03/source-code/extract/async/tasks/7/status",
    "/crm/v3/exports/export/async/tasks/7/status/",
    "/crm/v3/exports/export/async/tasks//status",
    "/crm/v3/exports/export/async/tasks/7/8/status",
    "/crm/v3/exports/export/async/tasks/7",
    "/crm/v4/exports/export/async/tasks/7/status",
    "/crm/exports/2026-04/export/async/tasks/7/status",
    "/hubspot/crm/v3/exports/export/async/tasks/7/status",
    "//crm/v3/exports/export/async/tasks/7/status",
  ];
  for (const path of unknown) {
    it(`${path} is unknown: 404 in HTML`, async () => {
      const { simulator, get } = setUp();
      for (const family of ["export", "sourceCodeExtract"]) simulator.addTask(family, { id: 7 });
      const response = await get(path);
      assert.equal(response.status, 404);
      assert.match(response.headers.get("content-type"), /^text\/html/);
      assert.match(await response.text(), /^<html>/);
      assert.ok(!("family" in simulator.requests[0]));
    });
  }

  for (const version of ["v3", "2025-09", "2026-03", "2026-09", "2031-03"]) {
    it(`exist in version ${version}`, async () => {
      const { simulator, get } = setUp();
      for (const family of FAMILIES) {
        const path = version === "v3" ? PATHS[family].v3 : PATHS[family]["2026-03"].replace("2026-03", version);
        const response = await get(path.replace("ID", simulator.addTask(family)));
        assert.equal(response.status, 200, path);
        assert.equal(simulator.requests.at(-1).family, family);
      }
    });
  }

  for (const baseUrl of ["/hubspot", "/hubspot/", "https://proxy.example/hubspot"]) {
    it(`are accepted below the baseUrl ${baseUrl} too`, async () => {
      const { simulator } = setUp({ baseUrl });
      const path = pathOf("export", simulator.addTask("export"));
      for (const url of [path, `/hubspot${path}`, `${API}/hubspot${path}`]) {
        assert.equal((await simulator.fetch(url)).status, 200, url);
      }
      assert.equal((await simulator.fetch(`/hubspot/hubspot${path}`)).status, 404);
    });
  }

  it("may have a query", async () => {
    const { simulator, get } = setUp();
    assert.equal((await get(`${pathOf("export", simulator.addTask("export"))}?portalId=1`)).status, 200);
  });

  for (const method of ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]) {
    it(`take no ${method}: 405`, async () => {
      const { simulator, get } = setUp();
      const response = await get(pathOf("export", simulator.addTask("export")), { method });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "GET");
    });
  }
});

describe("headers", () => {
  it("hold the clock's date, the type and the rate limit", async () => {
    const { clock, simulator, ask } = setUp();
    clock.advance(90_000);
    const { headers } = await ask("export", simulator.addTask("export"));
    assert.equal(headers.get("date"), "Fri, 21 Aug 2026 10:01:30 GMT");
    assert.equal(headers.get("content-type"), "application/json;charset=utf-8");
    for (const name of ["Max", "Remaining", "Interval-Milliseconds", "Daily", "Daily-Remaining"]) {
      assert.match(headers.get(`X-HubSpot-RateLimit-${name}`), /^\d+$/);
    }
  });

  it("have no CORS as HubSpot has none, not even on a preflight", async () => {
    const { simulator, get } = setUp();
    const path = pathOf("export", simulator.addTask("export"));
    for (const init of [{}, { method: "OPTIONS" }]) {
      const names = [...(await get(path, init)).headers.keys()];
      assert.deepEqual(names.filter((name) => name.startsWith("access-control")), []);
    }
  });

  it("let any origin read with open CORS, faults and unknown routes included", async () => {
    const { simulator, get } = setUp({ cors: "open" });
    const path = pathOf("export", simulator.addTask("export"));
    simulator.script([{}, faults.unavailable()]);
    for (const [url, status] of [[path, 200], [path, 503], ["/nowhere", 404]]) {
      const response = await get(url);
      assert.equal(response.status, status);
      assert.equal(response.headers.get("access-control-allow-origin"), "*");
      const exposed = response.headers.get("access-control-expose-headers");
      assert.match(exposed, /^date, retry-after, x-hubspot-ratelimit-max,/);
    }
  });

  it("answer a preflight with open CORS, without a token and without using up the script", async () => {
    const { simulator, get } = setUp({ cors: "open", tokens: ["t"] });
    const path = pathOf("export", simulator.addTask("export"));
    simulator.script(faults.locked());
    const headers = { "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization,x-a" };
    const response = await get(path, { method: "OPTIONS", headers });
    assert.equal(response.status, 204);
    assert.equal(response.headers.get("access-control-allow-headers"), "authorization,x-a");
    assert.equal(response.headers.get("access-control-allow-methods"), "GET");
    assert.equal((await get(path)).status, 423);
  });
});

describe("tokens and scopes", () => {
  const cases = [
    // accepted, sent, status
    [undefined, undefined, 200],
    [undefined, "Bearer anything", 200],
    [["good", "better"], "Bearer better", 200],
    [["good"], "bearer good", 200],
    [["good"], "Bearer bad", 401],
    [["good"], "good", 401],
    [["good"], undefined, 401],
    [[], "Bearer good", 401],
  ];
  for (const [tokens, authorization, status] of cases) {
    it(`${authorization} gets ${status} where ${tokens ?? "any or none"} is accepted`, async () => {
      const { simulator, get } = setUp({ tokens });
      const path = pathOf("export", simulator.addTask("export"));
      const response = await get(path, { headers: authorization ? { Authorization: authorization } : {} });
      assert.equal(response.status, status);
      if (status === 401) assert.equal((await response.json()).category, "INVALID_AUTHENTICATION");
    });
  }

  it("change at run time", async () => {
    const { simulator, ask } = setUp();
    const id = simulator.addTask("export");
    assert.equal((await ask("export", id)).http, 200);
    simulator.tokens = ["new"];
    assert.equal((await ask("export", id)).http, 401);
    simulator.tokens = undefined;
    simulator.scopes = [];
    assert.equal((await ask("export", id)).http, 403);
  });

  it("are looked at before the id", async () => {
    const { simulator, ask } = setUp({ tokens: ["t"] });
    assert.equal((await ask("export", "nobody")).http, 401);
    simulator.tokens = undefined;
    simulator.scopes = ["content"];
    assert.equal((await ask("export", "nobody")).http, 403);
  });

  const scopesOf = {
    fileImport: ["files", "files.read", "files.ui_hidden.read"],
    folderUpdate: ["files", "files.write", "files.ui_hidden.write"],
    export: ["crm.export"],
    sourceCodeExtract: ["content"],
  };
  for (const family of FAMILIES) {
    it(`of ${family} may be any one of ${scopesOf[family]}; others get 403 that names them`, async () => {
      const { simulator, ask } = setUp();
      const id = simulator.addTask(family);
      for (const scope of scopesOf[family]) {
        simulator.scopes = ["unrelated", scope];
        assert.equal((await ask(family, id)).http, 200, scope);
      }
      simulator.scopes = ["unrelated"];
      const { http, body } = await ask(family, id);
      assert.equal(http, 403);
      assert.equal(body.category, "MISSING_SCOPES");
      assert.deepEqual(body.context.requiredGranularScopes, scopesOf[family]);
      assert.deepEqual(body.errors[0].context.requiredGranularScopes, scopesOf[family]);
    });
  }
});

describe("a script", () => {
  it("is answered in order, then the normal behaviour resumes", async () => {
    const { simulator, get } = setUp();
    const path = pathOf("export", simulator.addTask("export"));
    simulator.script([{ status: 500 }, "network-error", {}, { status: 203, body: "text" }]);
    simulator.script({ status: 418 });
    assert.equal((await get(path)).status, 500);
    await assert.rejects(get(path), new TypeError("fetch failed"));
    assert.equal((await get(path)).status, 200);
    const own = await get(path);
    assert.deepEqual([own.status, await own.text()], [203, "text"]);
    assert.equal((await get("/nowhere")).status, 418);
    assert.equal((await get(path)).status, 200);
    assert.deepEqual(
      simulator.requests.map(({ status }) => status),
      [500, "network-error", 200, 203, 418, 200],
    );
  });

  it("for one task leaves the others alone", async () => {
    const { simulator, ask } = setUp();
    const [one, other] = [simulator.addTask("export"), simulator.addTask("export")];
    simulator.script([{ status: 500, body: {} }, { status: 501, body: {} }], { taskId: Number(one) });
    assert.equal((await ask("export", other)).http, 200);
    assert.equal((await ask("export", one)).http, 500);
    assert.equal((await ask("export", one)).http, 501);
    assert.equal((await ask("export", one)).http, 200);
  });

  it("sends an object as JSON, and no body where none is given", async () => {
    const { simulator, get } = setUp();
    simulator.script([{ status: 200, body: { a: 1 } }, { status: 202 }, { status: 204 }]);
    const json = await get("/");
    assert.equal(json.headers.get("content-type"), "application/json;charset=utf-8");
    assert.deepEqual(await json.json(), { a: 1 });
    assert.equal(await (await get("/")).text(), "");
    assert.equal((await get("/")).status, 204);
  });

  it("adds headers to the usual ones, and leaves out those of null", async () => {
    const { simulator, get } = setUp();
    simulator.script([{ status: 200, headers: { "Retry-After": "3" } }, { status: 200, headers: { Date: null } }]);
    const [added, without] = [await get("/"), await get("/")];
    assert.deepEqual([added.headers.get("retry-after"), added.headers.has("date")], ["3", true]);
    assert.equal(without.headers.has("date"), false);
  });

  it("without a status changes parts of the normal answer", async () => {
    const { simulator, ask } = setUp();
    const id = simulator.addTask("export", { pendingMs: 1 });
    simulator.script([{ headers: { "Retry-After": "9" } }, { status: undefined, body: { status: "NEW" } }]);
    const headed = await ask("export", id);
    assert.deepEqual([headed.http, headed.body.status, headed.headers.get("retry-after")], [202, "PENDING", "9"]);
    const replaced = await ask("export", id);
    assert.deepEqual([replaced.http, replaced.body], [202, { status: "NEW" }]);
  });

  for (const wrong of [null, "netwrok-error", 500, faults.locked, { status: 99 }, { status: 600 }, { status: "500" }]) {
    it(`refuses ${typeof wrong === "object" ? JSON.stringify(wrong) : String(wrong).slice(0, 20)}`, async () => {
      const { simulator, get } = setUp();
      assert.throws(() => simulator.script([faults.locked(), wrong]), TypeError);
      assert.equal((await get("/")).status, 404);
    });
  }
});

describe("faults", () => {
  const JSON_TYPE = /^application\/json/;
  const HTML_TYPE = /^text\/html/;
  const RATE_LIMIT = { errorType: "RATE_LIMIT", category: undefined };
  const cases = [
    // name, status, content type, what the body shows
    ["unauthorized", 401, JSON_TYPE, { category: "INVALID_AUTHENTICATION" }],
    ["forbidden", 403, JSON_TYPE, { category: "MISSING_SCOPES" }],
    ["notFound", 404, JSON_TYPE, { message: "resource not found" }],
    ["notFoundHtml", 404, HTML_TYPE],
    ["unknownExport", 403, JSON_TYPE, { category: undefined }],
    ["locked", 423, JSON_TYPE, {}],
    ["rateLimited", 429, JSON_TYPE, { ...RATE_LIMIT, policyName: "TEN_SECONDLY_ROLLING" }],
    ["rateLimitedDaily", 429, JSON_TYPE, { ...RATE_LIMIT, policyName: "DAILY" }],
    ["limitReached", 429, JSON_TYPE, { errorType: "FREE_PORTAL_IMPORT_ROWS_LIMIT", policyName: undefined }],
    ["migrating", 477, JSON_TYPE, {}],
    ["serverError", 500, JSON_TYPE, {}],
    ["badGateway", 502, HTML_TYPE],
    ["unavailable", 503, HTML_TYPE],
    ["gatewayTimeout", 504, HTML_TYPE],
    ["httpError", 521, HTML_TYPE],
    ["errorBody", 200, JSON_TYPE, { category: "EXPIRED_AUTHENTICATION" }],
    ["html", 200, HTML_TYPE],
  ];
  for (const [name, status, type, shown] of cases) {
    it(`${name} is ${status}`, async () => {
      const { simulator, get } = setUp();
      simulator.script(faults[name]());
      const response = await get("/");
      assert.equal(response.status, status);
      assert.match(response.headers.get("content-type"), type);
      if (!shown) return assert.match(await response.text(), /^<html>/);
      const body = await response.json();
      assert.equal(body.status, "error");
      assert.match(body.correlationId, UUID);
      for (const [field, value] of Object.entries(shown)) assert.deepEqual(body[field], value);
    });
  }

  it("forbidden asks for the scopes of the family that is asked about", async () => {
    for (const family of FAMILIES) {
      const { simulator, ask } = setUp();
      const id = simulator.addTask(family);
      simulator.scopes = [];
      const refused = (await ask(family, id)).body;
      simulator.script(faults.forbidden());
      assert.deepEqual((await ask(family, id)).body.context, refused.context, family);
    }
  });

  it("truncated is 200 with JSON that cannot be parsed", async () => {
    const { simulator, get } = setUp();
    simulator.script(faults.truncated());
    const response = await get("/");
    assert.equal(response.status, 200);
    await assert.rejects(response.json(), SyntaxError);
  });

  it("empty is 202 without a body", async () => {
    const { simulator, get } = setUp();
    simulator.script(faults.empty());
    const response = await get("/");
    assert.deepEqual([response.status, await response.text()], [202, ""]);
  });

  it("redirect is 302 to its location", async () => {
    const { simulator, get } = setUp();
    simulator.script(faults.redirect({ location: "https://elsewhere.example/" }));
    const response = await get("/");
    assert.deepEqual([response.status, response.headers.get("location")], [302, "https://elsewhere.example/"]);
  });

  it("enveloped puts the usual body, or a given answer, into the envelope of UI extensions' host", async () => {
    const { simulator, ask } = setUp();
    const id = simulator.addTask("folderUpdate");
    const usual = (await ask("folderUpdate", id)).body;
    simulator.script([faults.enveloped(), faults.enveloped({ answer: faults.forbidden() })]);
    assert.deepEqual((await ask("folderUpdate", id)).body, { status: "success", responseBody: usual });
    const { http, body } = await ask("folderUpdate", id);
    assert.deepEqual([http, body.status, body.category], [200, "error", "BAD_GATEWAY"]);
    assert.deepEqual(body.context.appServerStatusCode, ["403"]);
    assert.equal(JSON.parse(body.responseBody).context.requiredGranularScopes[0], "files");
  });

  it("doubled is the usual answer, its body twice", async () => {
    const { simulator, get } = setUp();
    const path = pathOf("folderUpdate", simulator.addTask("folderUpdate"));
    const usual = await (await get(path)).text();
    simulator.script(faults.doubled());
    const response = await get(path);
    assert.deepEqual([response.status, await response.text()], [200, usual + usual]);
  });

  it("dropped loses the connection in the usual body", async () => {
    const { simulator, get } = setUp();
    const path = pathOf("export", simulator.addTask("export"));
    simulator.script([faults.dropped(), faults.dropped({ after: 0 })]);
    for (const part of [/^\{"status"/, undefined]) {
      const response = await get(path);
      assert.equal(response.status, 200);
      const { value, done } = part ? await response.body.getReader().read() : {};
      if (part) assert.match(new TextDecoder().decode(value), part);
      else await assert.rejects(response.text(), { name: "TypeError", message: "terminated" });
      assert.ok(!done);
    }
  });

  it("stalled ends when the request is aborted, and not before", async () => {
    const { simulator, get } = setUp();
    const path = pathOf("export", simulator.addTask("export"));
    simulator.script(faults.stalled());
    const controller = new AbortController();
    const text = (await get(path, { signal: controller.signal })).text();
    assert.equal(await stateOf(text), "pending");
    controller.abort("left");
    await assert.rejects(text, (reason) => reason === "left");
  });

  it("backwards is PENDING, as the task was at first", async () => {
    const { simulator, ask } = setUp();
    const id = simulator.addTask("fileImport");
    const { requestedAt } = (await ask("fileImport", id)).body;
    simulator.script(faults.backwards());
    const { http, body } = await ask("fileImport", id);
    assert.equal(http, 202);
    assert.deepEqual(Object.keys(body), ["taskId", "status", "requestedAt", "links"]);
    assert.deepEqual([body.status, body.requestedAt], ["PENDING", requestedAt]);
    assert.equal((await ask("fileImport", id)).body.status, "COMPLETE");
  });

  it("of other statuses, categories and limits are those that are asked for", async () => {
    assert.equal(faults.httpError({ status: 530 }).status, 530);
    assert.equal(faults.errorBody({ category: "OTHER" }).body.category, "OTHER");
    assert.equal(faults.limitReached({ errorType: "OTHER" }).body.errorType, "OTHER");
  });

  it("take retryAfter, headers, latencyMs and scopes, and are new at each call", () => {
    const { headers, latencyMs } = faults.rateLimited({ retryAfter: 7, headers: { "X-A": "b" }, latencyMs: 5 });
    assert.deepEqual([headers["retry-after"], headers["x-a"], latencyMs], ["7", "b", 5]);
    assert.equal(headers["x-hubspot-ratelimit-remaining"], "0");
    assert.ok(!("retry-after" in faults.rateLimited().headers));
    assert.equal(faults.migrating().headers["retry-after"], "3600");
    assert.equal(faults.migrating({ retryAfter: 5 }).headers["retry-after"], "5");
    assert.deepEqual(faults.forbidden({ scopes: ["x"] }).body.context.requiredGranularScopes, ["x"]);
    assert.notEqual(faults.locked().body, faults.locked().body);
  });

  it("are all tested here", () => {
    const others = ["truncated", "empty", "redirect", "enveloped", "doubled", "dropped", "cut", "slow", "stalled", "backwards"];
    const tested = [...cases.map(([name]) => name), ...others];
    assert.deepEqual(Object.keys(faults).sort(), tested.sort());
  });
});

describe("time", () => {
  it("passes by the clock: an answer comes after latencyMs, not before", async () => {
    const { clock, simulator, get } = setUp({ latencyMs: 1_000 });
    const answer = get(pathOf("export", simulator.addTask("export", { pendingMs: 50 })));
    clock.advance(999);
    assert.equal(await stateOf(answer), "pending");
    assert.equal(simulator.requests[0].status, undefined);
    clock.advance(1);
    const response = await answer; // as it was when the request arrived
    assert.equal(response.headers.get("date"), "Fri, 21 Aug 2026 10:00:00 GMT");
    assert.equal((await response.json()).status, "PENDING");
    assert.equal(simulator.requests[0].status, 202);
  });

  it("needs no timer without latency", async () => {
    const { clock, get } = setUp();
    const answer = get("/");
    assert.equal(clock.waiting, 0);
    assert.equal(await stateOf(answer), "fulfilled");
  });

  it("is the script's where it gives a latency", async () => {
    const { clock, simulator, get } = setUp({ latencyMs: 5 });
    simulator.script([{ latencyMs: 1_000 }, { latencyMs: 0 }]);
    const slow = get("/");
    clock.advance(999);
    assert.equal(await stateOf(slow), "pending");
    clock.advance(1);
    assert.equal(await stateOf(slow), "fulfilled");
    assert.equal(await stateOf(get("/")), "fulfilled");
  });

  it("is the host's by default, looked up at each call", async (t) => {
    const simulator = createSimulator({ latencyMs: 60_000 });
    t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: START });
    const id = simulator.addTask("export", { pendingMs: 1_000 });
    const answer = simulator.fetch(pathOf("export", id));
    t.mock.timers.tick(60_000);
    assert.equal(await stateOf(answer), "fulfilled");
    const response = await answer;
    assert.equal((await response.json()).requestedAt, "2026-08-21T10:00:00.000Z");
    assert.equal(simulator.requests[0].at, START);
  });
});

describe("a rate limit", () => {
  /** A simulator with limits, `send` for `[status, policy]` of one request, and the limits' headers of it. */
  function setUpLimited(rateLimit, options) {
    const { get, ...rest } = setUp({ rateLimit, ...options });
    const path = pathOf("export", rest.simulator.addTask("export"));
    const limitsOf = ({ headers }) =>
      Object.fromEntries(
        [...headers]
          .filter(([name]) => name.startsWith("x-hubspot-ratelimit-"))
          .map(([name, value]) => [name.slice("x-hubspot-ratelimit-".length), value]),
      );
    const send = async () => {
      const response = await get(path);
      return [response.status, (await response.json()).policyName];
    };
    return { ...rest, get, path, limitsOf, send };
  }

  const OK = [200, undefined];
  const WINDOW = [429, "TEN_SECONDLY_ROLLING"];
  const DAILY = [429, "DAILY"];
  const DAY = 86_400_000;
  const MIDNIGHT = Date.parse("2026-08-22T00:00:00.000Z") - START;

  it("slides: each request leaves the window perMs after it arrived", async () => {
    const { clock, send } = setUpLimited({ requests: 2, perMs: 10_000 });
    const steps = [
      // time since the step before, answer
      [0, OK],
      [6_000, OK],
      [3_999, WINDOW], // at 9,999
      [1, OK], // at 10,000 the first is out
      [0, WINDOW],
      [5_999, WINDOW],
      [1, OK], // at 16,000 the second is out
      [3_999, WINDOW],
      [1, OK],
    ];
    for (const [advance, answer] of steps) {
      clock.advance(advance);
      assert.deepEqual(await send(), answer, `at ${clock.now() - START}`);
    }
  });

  it("of fixed windows counts anew at each multiple of perMs", async () => {
    const { clock, send } = setUpLimited({ requests: 2, perMs: 10_000, window: "fixed" });
    const steps = [
      // time since the step before, answer; the first window begins at START
      [9_998, OK],
      [1, OK],
      [0, WINDOW],
      [1, OK], // at 10,000
      [0, OK],
      [9_999, WINDOW],
      [1, OK], // at 20,000
    ];
    for (const [advance, answer] of steps) {
      clock.advance(advance);
      assert.deepEqual(await send(), answer, `at ${clock.now() - START}`);
    }
  });

  it("never lets more than its requests through in any stretch of perMs", async () => {
    const { clock, simulator, send } = setUpLimited({ requests: 5, perMs: 1_000 });
    for (let i = 0; i < 300; i++) {
      clock.advance((i * 7919) % 190);
      await send();
    }
    const passed = simulator.requests.filter(({ status }) => status === 200).map(({ at }) => at);
    for (const at of passed) assert.ok(passed.filter((other) => other >= at && other < at + 1_000).length <= 5);
    const refused = simulator.requests.filter(({ status }) => status === 429).map(({ at }) => at);
    assert.ok(refused.length > 0);
    for (const at of refused) assert.equal(passed.filter((other) => other > at - 1_000 && other <= at).length, 5);
  });

  it("is not prolonged by the requests that it refuses", async () => {
    const { clock, send } = setUpLimited({ requests: 1, perMs: 1_000, daily: 2 });
    assert.deepEqual(await send(), OK);
    for (let i = 0; i < 9; i++) {
      clock.advance(100);
      assert.deepEqual(await send(), WINDOW);
    }
    clock.advance(100);
    assert.deepEqual(await send(), OK);
  });

  it("of a day refuses as DAILY until midnight, though it is beyond both", async () => {
    const { clock, send } = setUpLimited({ requests: 3, perMs: 10_000, daily: 3 });
    for (const answer of [OK, OK, OK, DAILY]) assert.deepEqual(await send(), answer);
    clock.advance(MIDNIGHT - 1);
    assert.deepEqual(await send(), DAILY);
    clock.advance(1);
    for (const answer of [OK, OK, OK, DAILY]) assert.deepEqual(await send(), answer);
    clock.advance(3 * DAY);
    assert.deepEqual(await send(), OK);
  });

  it("of 0 lets nothing through", async () => {
    assert.deepEqual(await setUpLimited({ requests: 0, perMs: 10_000 }).send(), WINDOW);
    assert.deepEqual(await setUpLimited({ requests: 9, perMs: 10_000, daily: 0 }).send(), DAILY);
  });

  it("refuses with the 429 of the fault, and its own headers", async () => {
    const { get, path, limitsOf } = setUpLimited({ requests: 0, perMs: 10_000 });
    const refused = await get(path);
    const { correlationId, ...body } = await refused.json();
    const { correlationId: _, ...ofFault } = faults.rateLimited().body;
    assert.deepEqual(body, ofFault);
    assert.match(correlationId, UUID);
    assert.equal(refused.headers.get("content-type"), "application/json;charset=utf-8");
    assert.deepEqual(limitsOf(refused), { max: "0", remaining: "0", "interval-milliseconds": "10000" });
  });

  it("tells in each answer what remains, of the day too where that is limited", async () => {
    const { clock, get, path, limitsOf } = setUpLimited({ requests: 2, perMs: 5_000, daily: 9 });
    const shown = (remaining, dailyRemaining) => ({
      max: "2",
      remaining,
      "interval-milliseconds": "5000",
      daily: "9",
      "daily-remaining": dailyRemaining,
    });
    assert.deepEqual(limitsOf(await get(path)), shown("1", "8"));
    assert.deepEqual(limitsOf(await get("/nowhere")), shown("0", "7"));
    assert.deepEqual(limitsOf(await get(path)), shown("0", "7")); // refused
    clock.advance(5_000);
    assert.deepEqual(limitsOf(await get(path, { method: "POST" })), shown("1", "6"));
  });

  it("counts every answer, scripted ones and dropped connections included", async () => {
    const { simulator, get, path, limitsOf, send } = setUpLimited({ requests: 6, perMs: 10_000 }, { tokens: ["t"] });
    simulator.script([faults.unavailable(), "network-error", "hang", {}]);
    assert.equal(limitsOf(await get(path)).remaining, "5");
    await assert.rejects(get(path), TypeError);
    const controller = new AbortController();
    const hanging = get(path, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(hanging, { message: "enough" });
    assert.equal(limitsOf(await get(path)).remaining, "2"); // a 401
    assert.equal(limitsOf(await get("/nowhere")).remaining, "1");
    assert.equal(limitsOf(await get(path)).remaining, "0");
    assert.deepEqual(await send(), WINDOW);
  });

  it("leaves a script to the requests that it lets through", async () => {
    const { clock, simulator, get, path, send } = setUpLimited({ requests: 1, perMs: 1_000 });
    simulator.script([{}, faults.locked()]);
    assert.deepEqual([await send(), await send()], [OK, WINDOW]);
    clock.advance(1_000);
    assert.equal((await get(path)).status, 423);
  });

  it("gives way to a script's own headers", async () => {
    const { simulator, get, path, limitsOf } = setUpLimited({ requests: 9, perMs: 10_000 });
    const name = "X-HubSpot-RateLimit-Remaining";
    simulator.script([{ headers: { [name]: "77" } }, { headers: { [name]: null } }, faults.rateLimited()]);
    assert.deepEqual(limitsOf(await get(path)), { max: "9", remaining: "77", "interval-milliseconds": "10000" });
    assert.deepEqual(limitsOf(await get(path)), { max: "9", "interval-milliseconds": "10000" });
    assert.equal(limitsOf(await get(path)).remaining, "0");
  });

  it("leaves preflights alone", async () => {
    const { get, path, limitsOf, send } = setUpLimited({ requests: 1, perMs: 10_000 }, { cors: "open" });
    for (let i = 0; i < 3; i++) {
      const response = await get(path, { method: "OPTIONS" });
      assert.deepEqual([response.status, limitsOf(response)], [204, {}]);
    }
    assert.deepEqual(await send(), OK);
  });

  it("counts a request when it arrives, not when it is answered", async () => {
    const { clock, send } = setUpLimited({ requests: 1, perMs: 1_000 }, { latencyMs: 600 });
    const answers = [send()];
    clock.advance(600);
    answers.push(send()); // refused at 600
    clock.advance(400);
    answers.push(send()); // let through at 1,000
    await nextTurn();
    clock.advance(600);
    assert.deepEqual(await Promise.all(answers), [OK, WINDOW, OK]);
  });

  it("is none unless given", async () => {
    const { simulator, ask } = setUp();
    const id = simulator.addTask("export");
    for (let i = 0; i < 500; i++) assert.equal((await ask("export", id)).http, 200);
  });

  it("stays as it was given", async () => {
    const rateLimit = { requests: 1, perMs: 1_000 };
    const { send } = setUpLimited(rateLimit);
    Object.assign(rateLimit, { requests: 9, daily: 0 });
    assert.deepEqual([await send(), await send()], [OK, WINDOW]);
  });
});

describe("an export queue", () => {
  const timesOf = ({ body }) =>
    [body.requestedAt, body.startedAt, body.completedAt].map((date) => date && Date.parse(date) - START);

  it("runs one export at a time, in the order of adding, while the others are PENDING", async () => {
    const { clock, simulator, ask } = setUp({ exportQueue: true });
    const ids = [1, 2, 3].map(() => simulator.addTask("export", { pendingMs: 500, processingMs: 1_000 }));
    const steps = [
      // time since the step before, statuses
      [0, "PENDING PENDING PENDING"],
      [500, "PROCESSING PENDING PENDING"],
      [999, "PROCESSING PENDING PENDING"],
      [1, "COMPLETE PROCESSING PENDING"],
      [1_000, "COMPLETE COMPLETE PROCESSING"],
      [1_000, "COMPLETE COMPLETE COMPLETE"],
    ];
    for (const [advance, statuses] of steps) {
      clock.advance(advance);
      const answers = await Promise.all(ids.map((id) => ask("export", id)));
      assert.equal(answers.map(({ body }) => body.status).join(" "), statuses);
    }
    const times = await Promise.all(ids.map(async (id) => timesOf(await ask("export", id))));
    assert.deepEqual(times, [[0, 500, 1_500], [0, 1_500, 2_500], [0, 2_500, 3_500]]);
  });

  it("leaves pendingMs as the least time in PENDING", async () => {
    const { clock, simulator, ask } = setUp({ exportQueue: true });
    const ids = [simulator.addTask("export", { processingMs: 1_000 })];
    ids.push(simulator.addTask("export", { pendingMs: 3_000, processingMs: 1_000 }));
    ids.push(simulator.addTask("export", { processingMs: 1_000 })); // waits for the one before, in order
    clock.advance(10_000);
    ids.push(simulator.addTask("export", { pendingMs: 200 })); // nothing before it any more
    clock.advance(200);
    const times = await Promise.all(ids.map(async (id) => timesOf(await ask("export", id))));
    assert.deepEqual(times, [[0, 0, 1_000], [0, 3_000, 4_000], [0, 4_000, 5_000], [10_000, 10_200, 10_200]]);
  });

  it("stands still behind an export that never ends, and moves on after one that is canceled", async () => {
    const { clock, simulator, ask } = setUp({ exportQueue: true });
    simulator.addTask("export", { processingMs: 1_000, outcome: "canceled" });
    const next = simulator.addTask("export", { processingMs: Infinity });
    const last = simulator.addTask("export");
    clock.advance(1_000);
    assert.equal((await ask("export", next)).body.status, "PROCESSING");
    clock.advance(1e9);
    assert.equal((await ask("export", last)).body.status, "PENDING");
  });

  it("takes no task of another family, and no export that is refused", async () => {
    const { clock, simulator, ask } = setUp({ exportQueue: true });
    simulator.addTask("fileImport", { processingMs: 9_000 });
    assert.throws(() => simulator.addTask("export", { pendingMs: 9_000, processingMs: -1 }), TypeError);
    const first = simulator.addTask("export", { processingMs: 1_000 });
    const file = simulator.addTask("fileImport", { processingMs: 1_000 });
    clock.advance(1_000);
    assert.equal((await ask("export", first)).body.status, "COMPLETE");
    assert.equal((await ask("fileImport", file)).body.status, "COMPLETE");
  });

  it("is none unless asked for", async () => {
    const { simulator, ask } = setUp();
    simulator.addTask("export", { processingMs: 1_000 });
    assert.equal((await ask("export", simulator.addTask("export"))).body.status, "COMPLETE");
  });
});

describe("a random task", () => {
  /** The final bodies of random tasks, read long after they were added. */
  async function drawn(families, options) {
    const { clock, simulator, ask } = setUp(options);
    const ids = families.map((family) => simulator.addRandomTask(family));
    clock.advance(1e12);
    return Promise.all(families.map(async (family, i) => (await ask(family, ids[i])).body));
  }

  const many = (family) => Array.from({ length: 2_000 }, () => family);
  const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length / 2];
  const between = (from, to) => (body) => Date.parse(body[to]) - Date.parse(body[from]);

  it("is the same for the same seed, and another for another", async () => {
    const families = [...FAMILIES, ...FAMILIES];
    const tasks = await drawn(families, { seed: 7 });
    assert.deepEqual(await drawn(families, { seed: 7 }), tasks);
    const others = await drawn(families, { seed: 8 });
    for (const [i, { completedAt }] of others.entries()) assert.notEqual(completedAt, tasks[i].completedAt);
  });

  it("takes as long as that of seed 0 unless one is given", async () => {
    const ends = (bodies) => bodies.map(({ startedAt, completedAt, status }) => [startedAt, completedAt, status]);
    assert.deepEqual(ends(await drawn(FAMILIES)), ends(await drawn(FAMILIES, { seed: 0 })));
  });

  it("is drawn alike whatever else is added and asked, and refused, in between", async () => {
    const { clock, simulator, ask } = setUp();
    const ids = FAMILIES.map((family) => {
      simulator.addTask(family);
      assert.throws(() => simulator.addRandomTask("imports"), TypeError);
      return simulator.addRandomTask(family);
    });
    clock.advance(1e12);
    const ends = await Promise.all(FAMILIES.map(async (family, i) => (await ask(family, ids[i])).body.completedAt));
    assert.deepEqual(ends, (await drawn(FAMILIES)).map(({ completedAt }) => completedAt));
  });

  it("is PENDING and PROCESSING for about 20 seconds each, often less, seldom much more", async () => {
    const bodies = await drawn(many("export"));
    for (const [from, to] of [["requestedAt", "startedAt"], ["startedAt", "completedAt"]]) {
      const times = bodies.map(between(from, to));
      assert.ok(Math.abs(median(times) - 20_000) < 2_000, `${median(times)}`);
      const share = times.filter((time) => time > 20_000 * Math.E).length / times.length; // one standard deviation
      assert.ok(Math.abs(share - 0.16) < 0.03, `${share}`);
    }
  });

  it("mostly succeeds, and has each other outcome now and then", async () => {
    const bodies = await drawn(many("export"));
    const outcomes = { succeeded: 0, succeededWithErrors: 0, failed: 0, canceled: 0 };
    for (const { status, numErrors, result } of bodies) {
      if (status === "CANCELED") outcomes.canceled++;
      else if (!numErrors) outcomes.succeeded++;
      else outcomes[result ? "succeededWithErrors" : "failed"]++;
    }
    const { succeeded, ...rare } = outcomes;
    assert.ok(Math.abs(succeeded - 1_700) < 60, `${succeeded}`);
    for (const [outcome, count] of Object.entries(rare)) assert.ok(Math.abs(count - 100) < 40, `${outcome}: ${count}`);
  });

  it("of an extract succeeds or is canceled", async () => {
    const canceled = (await drawn(many("sourceCodeExtract"))).filter(({ status }) => status === "CANCELED").length;
    assert.ok(Math.abs(canceled - 100) < 40, `${canceled}`);
  });

  it("waits its turn in an export queue", async () => {
    const bodies = await drawn(["export", "export", "export"], { exportQueue: true });
    for (const i of [1, 2]) assert.ok(bodies[i].startedAt >= bodies[i - 1].completedAt);
  });
});

describe("a given clock", () => {
  it("drives it all: the host's time, timers and random numbers are not asked", async (t) => {
    const host = [
      t.mock.method(Date, "now"),
      t.mock.method(Math, "random"),
      t.mock.method(globalThis, "setTimeout"),
    ];
    const rateLimit = { requests: 1, perMs: 10_000, daily: 2 };
    const { clock, simulator, get } = setUp({ rateLimit, exportQueue: true, seed: 1, latencyMs: 5 });
    const path = pathOf("export", simulator.addRandomTask("export"));
    const statuses = [];
    for (const advance of [0, 9_990, 5, 10_000, 86_400_000]) {
      clock.advance(advance);
      const answer = get(path);
      clock.advance(5);
      statuses.push((await answer).status);
    }
    assert.deepEqual(statuses, [202, 429, 202, 429, 200]);
    assert.deepEqual(host.map(({ mock }) => mock.callCount()), [0, 0, 0]);
  });
});

describe("an abort", () => {
  const reason = new Error("enough");

  for (const [name, scripted, options] of [
    ["of a slow request", {}, { latencyMs: 1_000 }],
    ["of one that hangs", "hang", {}],
    ["in the turn of the request", {}, {}],
  ]) {
    it(`${name} rejects with its reason, clears the timer and is recorded`, async () => {
      const { clock, simulator, get } = setUp(options);
      simulator.script(scripted);
      const controller = new AbortController();
      const answer = get("/", { signal: controller.signal });
      if (name !== "in the turn of the request") assert.equal(await stateOf(answer), "pending");
      if (scripted === "hang") assert.equal(simulator.requests[0].status, "hang");
      controller.abort(reason);
      await assert.rejects(answer, reason);
      assert.equal(clock.waiting, 0);
      assert.equal(simulator.requests[0].status, "aborted");
    });
  }

  it("before the request sends nothing and uses nothing up", async () => {
    const { simulator, get } = setUp();
    simulator.script(faults.locked());
    await assert.rejects(get("/", { signal: AbortSignal.abort(reason) }), reason);
    assert.equal(simulator.requests.length, 0);
    assert.equal((await get("/")).status, 423);
  });

  it("after the answer changes nothing, and no listener is left on the signal", async () => {
    const { simulator, get } = setUp();
    let listeners = 0;
    const signal = {
      aborted: false,
      addEventListener: () => listeners++,
      removeEventListener: () => listeners--,
    };
    await get("/", { signal });
    assert.equal(listeners, 0);
    const controller = new AbortController();
    await get("/", { signal: controller.signal });
    controller.abort();
    assert.equal(simulator.requests[1].status, 404);
  });

  it("of a signal without a reason is an AbortError", async () => {
    const { get } = setUp();
    await assert.rejects(get("/", { signal: { aborted: true } }), { name: "AbortError" });
  });
});

describe("fetch", () => {
  it("records every request with its headers in lower case", async () => {
    const { clock, simulator } = setUp();
    const id = simulator.addTask("fileImport", { id: "a b" });
    clock.advance(5);
    const path = pathOf("fileImport", id);
    await simulator.fetch(`${API}${path}?x=1`, { method: "get", headers: { Authorization: "Bearer t" } });
    assert.deepEqual(simulator.requests, [
      {
        at: START + 5,
        method: "GET",
        url: `${API}${path}?x=1`,
        path,
        headers: { authorization: "Bearer t" },
        status: 200,
        call: "status",
        taskId: "a b",
        family: "fileImport",
      },
    ]);
  });

  const url = `${API}/x`;
  const inits = {
    "a record": [url, { headers: { "X-A": "1" } }],
    pairs: [url, { headers: [["X-A", "1"]] }],
    Headers: [url, { headers: new Headers({ "X-A": "1" }) }],
    "a Request": [new Request(url, { headers: { "X-A": "1" } })],
    "a URL": [new URL(url), { headers: { "X-A": "1" } }],
  };
  for (const [name, args] of Object.entries(inits)) {
    it(`takes ${name}`, async () => {
      const { simulator } = setUp();
      await simulator.fetch(...args);
      const { url: seen, method, headers } = simulator.requests[0];
      assert.deepEqual([seen, method, headers], [url, "GET", { "x-a": "1" }]);
    });
  }

  it("honours the signal of a Request", async () => {
    const { simulator } = setUp();
    simulator.script("hang");
    const controller = new AbortController();
    const answer = simulator.fetch(new Request(url, { signal: controller.signal }));
    controller.abort(new Error("enough"));
    await assert.rejects(answer, { message: "enough" });
  });

  it("changes nothing of its arguments, and needs no this", async () => {
    const { fetch } = createSimulator();
    const init = Object.freeze({ method: "GET", headers: Object.freeze({ A: "b" }) });
    assert.equal((await fetch(url, init)).status, 404);
  });

  it("takes no init, null and a relative URL", async () => {
    const { simulator } = setUp();
    assert.equal((await simulator.fetch("/x")).status, 404);
    assert.equal((await simulator.fetch("x", null)).status, 404);
    assert.deepEqual(simulator.requests.map(({ path }) => path), ["/x", "/x"]);
  });

  it("rejects a URL that cannot be read, and records nothing", async () => {
    const { simulator } = setUp();
    await assert.rejects(simulator.fetch("https://"), TypeError);
    assert.equal(simulator.requests.length, 0);
  });

  it("gives the host's Response", async () => {
    const { get } = setUp();
    assert.ok((await get("/")) instanceof Response);
  });

  it("gives a plain answer where the host has no Response", async (t) => {
    const HostsOwn = globalThis.Response;
    t.after(() => (globalThis.Response = HostsOwn));
    globalThis.Response = undefined;
    const { simulator, get } = setUp();
    const answer = await get(pathOf("export", simulator.addTask("export")));
    assert.deepEqual([answer.status, answer.ok], [200, true]);
    assert.equal(answer.headers.get("Content-Type"), "application/json;charset=utf-8");
    assert.equal(answer.headers.get("x-none"), null);
    assert.equal((await answer.json()).status, "COMPLETE");
    assert.match(await answer.text(), /"COMPLETE"/);
    assert.equal((await get("/")).ok, false);
    const controller = new AbortController();
    simulator.script([faults.dropped(), faults.stalled()]);
    await assert.rejects((await get("/")).text(), { name: "TypeError", message: "terminated" });
    const stalled = (await get("/", { signal: controller.signal })).json();
    assert.equal(await stateOf(stalled), "pending");
    controller.abort("left");
    await assert.rejects(stalled, (reason) => reason === "left");
  });
});

describe("a simulator", () => {
  it("does the same each time, with a seed", async () => {
    const run = async () => {
      const { clock, simulator, get } = setUp({ seed: 3 });
      const texts = [];
      for (const family of FAMILIES) {
        const path = pathOf(family, simulator.addTask(family, { pendingMs: 5 }));
        for (const url of [path, pathOf(family, "2147483647")]) texts.push(await (await get(url)).text());
        clock.advance(10);
        texts.push(await (await get(path)).text());
      }
      return texts;
    };
    assert.deepEqual(await run(), await run());
  });

  it("gives other ids than another one, unless both have one seed", () => {
    const ids = (options) => FAMILIES.map((family) => createSimulator(options).addTask(family));
    for (const [a, b] of [
      [undefined, undefined],
      [{ seed: 1 }, { seed: 2 }],
      [undefined, { seed: 0 }],
    ]) {
      const others = ids(b);
      for (const [i, id] of ids(a).entries()) assert.notEqual(id, others[i]);
    }
    assert.deepEqual(ids({ seed: 1 }), ids({ seed: 1 }));
    const far = Number(createSimulator({ seed: Number.MAX_SAFE_INTEGER }).addTask("sourceCodeExtract"));
    assert.ok(Number.isInteger(far) && far < 2 ** 31, String(far));
  });

  it("shares nothing with another", async () => {
    const [one, other] = [setUp(), setUp()];
    const id = one.simulator.addTask("export");
    one.simulator.script("hang");
    assert.equal((await other.ask("export", id)).http, 403);
    assert.equal(one.simulator.requests.length, 0);
  });

  const wrong = {
    "a cors of its own": () => createSimulator({ cors: "closed" }),
    "a negative latency": () => createSimulator({ latencyMs: -1 }),
    "limits that are no numbers": () => createSimulator({ rateLimit: {} }),
    "limits of null": () => createSimulator({ rateLimit: null }),
    "a negative limit": () => createSimulator({ rateLimit: { requests: -1, perMs: 10_000 } }),
    "a window of 0": () => createSimulator({ rateLimit: { requests: 1, perMs: 0 } }),
    "half a request a day": () => createSimulator({ rateLimit: { requests: 1, perMs: 10_000, daily: 0.5 } }),
    "a window of another kind": () => createSimulator({ rateLimit: { requests: 1, perMs: 1, window: "rolling" } }),
    "a seed that is no whole number": () => createSimulator({ seed: 0.5 }),
    "a random task of an unknown family": () => createSimulator().addRandomTask("imports"),
    "an unknown family": () => createSimulator().addTask("imports"),
    "an unknown outcome": () => createSimulator().addTask("export", { outcome: "FAILED" }),
    "an exportState of another family": () => createSimulator().addTask("import", { exportState: "FAILED" }),
    "half an error": () => createSimulator().addTask("import", { errors: 0.5 }),
    "links of another form": () => createSimulator({ locatorLinks: "list" }),
    "half an export a day": () => createSimulator({ exportsPerDay: 0.5 }),
    "files of no rows": () => createSimulator({ downloads: { rowsPerFile: 0 } }),
    "a duration that is no number": () => createSimulator().addTask("export", { pendingMs: "1s" }),
    "a NaN duration": () => createSimulator().addTask("export", { processingMs: NaN }),
    "an export id of letters": () => createSimulator().addTask("export", { id: "abc" }),
    "an extract id over int32": () => createSimulator().addTask("sourceCodeExtract", { id: 2147483648 }),
    "an empty id": () => createSimulator().addTask("fileImport", { id: "" }),
    "an extract that failed": () => createSimulator().addTask("sourceCodeExtract", { outcome: "failed" }),
    "errors of an extract": () => createSimulator().addTask("sourceCodeExtract", { errors: [] }),
    "a result of an extract": () => createSimulator().addTask("sourceCodeExtract", { result: "x" }),
    "an id that is taken": () => {
      const simulator = createSimulator();
      simulator.addTask("export", { id: "7" });
      simulator.addTask("export", { id: 7 });
    },
  };
  for (const [name, act] of Object.entries(wrong)) {
    it(`refuses ${name}`, () => assert.throws(act, TypeError));
  }
});

describe("the server", () => {
  /** A served simulator on the real clock, closed after the test. */
  async function serve(t, options) {
    const simulator = createSimulator(options);
    const server = await serveSimulator(simulator);
    t.after(server.close);
    return { simulator, server };
  }

  it("is exported beside all of the simulator", () => {
    assert.deepEqual(Object.keys(inNode).sort(), Object.keys(inPage).sort());
  });

  it("is refused outside of Node, with what to do instead", async () => {
    await assert.rejects(inPage.serveSimulator(createSimulator()), /Node alone.*simulator\.fetch/);
  });

  it("answers over HTTP with the simulator's status, headers and body", async (t) => {
    const { simulator, server } = await serve(t, { clock: manualClock(), tokens: ["t"] });
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const id = simulator.addTask("fileImport", { id: "a/b ü", pendingMs: 1 });
    const headers = { Authorization: "Bearer t" };
    const response = await fetch(server.url + pathOf("fileImport", id), { headers });
    assert.equal(response.status, 202);
    assert.equal(response.headers.get("date"), "Fri, 21 Aug 2026 10:00:00 GMT");
    assert.equal(response.headers.get("content-type"), "application/json;charset=utf-8");
    assert.equal((await response.json()).taskId, id);
    assert.equal(simulator.requests[0].taskId, id);
    assert.equal(simulator.requests[0].headers.authorization, "Bearer t");
  });

  it("leaves out a date of null, and takes statuses that HTTP does not name", async (t) => {
    const { simulator, server } = await serve(t);
    simulator.script(faults.migrating({ headers: { date: null } }));
    const response = await fetch(server.url);
    assert.deepEqual([response.status, response.headers.has("date")], [477, false]);
    assert.equal(response.headers.get("retry-after"), "3600");
  });

  it("takes a request with a body", async (t) => {
    const { simulator, server } = await serve(t);
    const path = pathOf("export", simulator.addTask("export"));
    const response = await fetch(server.url + path, { method: "POST", body: "x".repeat(1_000_000) });
    assert.equal(response.status, 405);
  });

  it("drops the connection for a network error, and lives on", async (t) => {
    const { simulator, server } = await serve(t);
    simulator.script("network-error");
    const code = await new Promise((resolve, reject) => {
      http.get(server.url, { agent: false }, reject).on("error", (error) => resolve(error.code));
    });
    assert.equal(code, "ECONNRESET");
    assert.equal(simulator.requests[0].status, "network-error");
    assert.equal((await fetch(server.url)).status, 404);
  });

  it("drops the connection right after the headers, and in the body", async (t) => {
    const { simulator, server } = await serve(t);
    const path = pathOf("export", simulator.addTask("export"));
    simulator.script([faults.dropped({ after: 0 }), faults.dropped()]);
    for (const isBegun of [false, true]) {
      const response = await fetch(server.url + path);
      assert.equal(response.status, 200);
      const reader = response.body.getReader();
      if (isBegun) assert.match(new TextDecoder().decode((await reader.read()).value), /^\{"status"/);
      await assert.rejects(reader.read(), { name: "TypeError" });
    }
    assert.equal((await fetch(server.url + path)).status, 200);
  });

  it("stalls in the body until the client hangs up", async (t) => {
    const { simulator, server } = await serve(t);
    const path = pathOf("export", simulator.addTask("export"));
    simulator.script(faults.stalled());
    const response = await fetch(server.url + path, { signal: AbortSignal.timeout(50) });
    await assert.rejects(response.text(), { name: "TimeoutError" });
    await server.close();
  });

  it("hangs until the client hangs up", async (t) => {
    const { simulator, server } = await serve(t);
    simulator.script("hang");
    await assert.rejects(fetch(server.url, { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
    for (let i = 0; i < 100 && simulator.requests[0].status === "hang"; i++) await nextTurn();
    assert.equal(simulator.requests[0].status, "aborted");
  });

  it("closes though a request hangs, and more than once", async () => {
    const simulator = createSimulator();
    const server = await serveSimulator(simulator);
    simulator.script("hang");
    const answer = fetch(server.url);
    const failed = assert.rejects(answer, TypeError);
    while (simulator.requests.length === 0) await nextTurn();
    await server.close();
    await failed;
    await server.close();
    await assert.rejects(fetch(server.url), TypeError);
  });

  it("takes a port and a host, and rejects when the port is taken", async (t) => {
    const { server } = await serve(t);
    const port = Number(new URL(server.url).port);
    await assert.rejects(serveSimulator(createSimulator(), { port }), { code: "EADDRINUSE" });
  });
});
