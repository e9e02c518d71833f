// Tests of the simulator's CRM imports. Run: node --test tests/simulator/imports.test.mjs
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { API, START, faults, importForm, serveSimulator, setUp, startPath, statusPath } from "./support.mjs";

const errorsPath = (id, version) => `${statusPath("import", id, version)}/errors`;
const cancelPath = (id, version) => `${statusPath("import", id, version)}/cancel`;

describe("an import", () => {
  for (const version of ["v3", "2026-03"]) {
    it(`in ${version} is started by a form, and answered 200 with the whole object`, async () => {
      const { clock, simulator, get, upload } = setUp({ startedTask: { pendingMs: 1_000, processingMs: 1_000 } });
      const { http, body } = await upload(importForm(), version);
      assert.equal(http, 200);
      assert.match(body.id, /^\d+$/);
      assert.deepEqual([body.state, body.importName, body.metadata.counters], ["STARTED", "An import", {}]);
      const path = statusPath("import", body.id, version);
      await clock.advance(1_000);
      const running = await get(path);
      assert.deepEqual([running.http, running.body.state], [200, "PROCESSING"]);
      await clock.advance(1_000);
      const over = (await get(path)).body;
      assert.equal(over.state, "DONE");
      assert.equal(over.metadata.counters.TOTAL_ROWS, 1);
      assert.equal(over.metadata.counters.CREATED_OBJECTS, 1);
      assert.equal(over.metadata.objectLists.length, 1);
      assert.deepEqual([over.createdAt, over.updatedAt], ["2026-08-21T10:00:00.000Z", "2026-08-21T10:00:02.000Z"]);
      const [{ taskId, family, request, files }] = simulator.starts;
      assert.deepEqual([taskId, family, request], [body.id, "import", { name: "An import" }]);
      assert.deepEqual([files.length, files[0].name, files[0].type], [1, "a.csv", "text/csv"]);
      assert.equal(new TextDecoder().decode(files[0].bytes), "email\na@example.com\n");
    });
  }

  it("takes importRequest as a part of its own content type, and several files", async () => {
    const { simulator, upload } = setUp();
    const form = new FormData();
    form.append("importRequest", new Blob(['{"name":"b"}'], { type: "application/json" }));
    form.append("files", new Blob(["a\n1\n2"]), "1.csv");
    form.append("files", new Blob(["a\n3\n"]), "2.csv");
    assert.equal((await upload(form)).body.metadata.counters.TOTAL_ROWS, 3);
    assert.deepEqual(simulator.starts[0].request, { name: "b" });
    assert.deepEqual(simulator.starts[0].files.map(({ name }) => name), ["1.csv", "2.csv"]);
  });

  it("arrives over HTTP, byte by byte", async (t) => {
    const { simulator } = setUp();
    const server = await serveSimulator(simulator);
    t.after(server.close);
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 256);
    const form = importForm({});
    form.append("files", new Blob([bytes]), "ü.bin");
    const response = await fetch(server.url + startPath("import"), { method: "POST", body: form });
    assert.equal(response.status, 200);
    assert.deepEqual(simulator.starts[0].files[0].bytes, bytes);
  });

  const wrong = {
    "without a file": [importForm({}), /files/],
    "without importRequest": [new FormData(), /importRequest/],
    "whose importRequest is no JSON": [
      (() => {
        const form = new FormData();
        form.append("importRequest", "{");
        return form;
      })(),
      /importRequest/,
    ],
  };
  for (const [name, [form, message]] of Object.entries(wrong)) {
    it(`${name} gets 400 that names it`, async () => {
      const { simulator, upload } = setUp();
      const { http, body } = await upload(form);
      assert.deepEqual([http, body.category], [400, "VALIDATION_ERROR"]);
      assert.match(body.message, message);
      assert.equal(simulator.starts.length, 0);
    });
  }

  it("as JSON gets 415, and a form that cannot be read 400", async () => {
    const { post } = setUp();
    assert.equal((await post(startPath("import"), {})).http, 415);
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const { http, body } = await post(startPath("import"), new TextEncoder().encode("nothing"), headers).catch((error) => error);
    assert.deepEqual([http, body?.category], [400, "VALIDATION_ERROR"]);
  });

  it("of more rows than the account may import is a 429 of no rate", async () => {
    const { simulator, upload } = setUp({ importRows: 2 });
    assert.equal((await upload(importForm({ "a.csv": "h\n1\n2\n" }))).http, 200);
    const { http, body } = await upload(importForm({ "a.csv": "h\n1\n", "b.csv": "h\n2\n3" }));
    assert.deepEqual([http, body.errorType, "policyName" in body], [429, "FREE_PORTAL_IMPORT_ROWS_LIMIT", false]);
    assert.equal(simulator.starts.length, 1);
  });

  it("needs the scope crm.import", async () => {
    const { simulator, get, upload } = setUp({ scopes: ["crm.export"] });
    const id = simulator.addTask("import");
    for (const answer of [await upload(importForm()), await get(statusPath("import", id)), await get(errorsPath(id))]) {
      assert.deepEqual([answer.http, answer.body.context.requiredGranularScopes], [403, ["crm.import"]]);
    }
  });

  const ends = [
    // outcome, word, state, errors, written rows
    ["succeeded", undefined, "DONE", undefined, 25],
    ["succeededWithErrors", undefined, "DONE", 1, 24],
    ["failed", undefined, "FAILED", 1, 0],
    ["canceled", undefined, "CANCELED", undefined, 0],
    ["succeeded", "REVERTED", "REVERTED", undefined, 25],
  ];
  for (const [outcome, word, state, errors, written] of ends) {
    it(`that ${outcome}${word ? ` as ${word}` : ""} is ${state}`, async () => {
      const { simulator, get } = setUp();
      const { body } = await get(statusPath("import", simulator.addTask("import", { outcome, word })));
      const { counters } = body.metadata;
      assert.deepEqual([body.state, counters.ERRORS, counters.CREATED_OBJECTS], [state, errors, written]);
    });
  }

  it("that nobody has started is 404, and one whose id cannot be read 400", async () => {
    const { get } = setUp();
    assert.equal((await get(statusPath("import", "7"))).http, 404);
    assert.equal((await get(statusPath("import", "nobody"))).http, 400);
  });

  it("may lose its answer after it was started", async () => {
    const { simulator } = setUp();
    simulator.script({ carriedOut: faults.badGateway() }, { call: "start", family: "import" });
    const response = await simulator.fetch(API + startPath("import"), { method: "POST", body: importForm() });
    assert.deepEqual([response.status, simulator.starts.length], [502, 1]);
  });
});

describe("an import queue", () => {
  it("runs three at a time; the others are DEFERRED", async () => {
    const { clock, simulator, get } = setUp({ importQueue: true });
    const ids = [1, 2, 3, 4, 5].map((seconds) => simulator.addTask("import", { processingMs: seconds * 1_000 }));
    const states = async () => (await Promise.all(ids.map((id) => get(statusPath("import", id))))).map(({ body }) => body.state);
    const [P, W, D] = ["PROCESSING", "DEFERRED", "DONE"];
    assert.deepEqual(await states(), [P, P, P, W, W]);
    await clock.advance(1_000);
    assert.deepEqual(await states(), [D, P, P, P, W]);
    await clock.advance(1_000);
    assert.deepEqual(await states(), [D, D, P, P, P]);
    await clock.advance(5_000);
    assert.deepEqual(await states(), [D, D, D, D, D]);
  });

  it("goes on when one that runs is canceled, and when one is that waits", async () => {
    const { clock, simulator, get, post } = setUp({ importQueue: true });
    const ids = [1, 2, 3, 4, 5, 6].map(() => simulator.addTask("import", { processingMs: 10_000 }));
    const states = async () => (await Promise.all(ids.map((id) => get(statusPath("import", id))))).map(({ body }) => body.state);
    const [P, W, C, D] = ["PROCESSING", "DEFERRED", "CANCELED", "DONE"];
    await clock.advance(5_000);
    assert.equal((await post(cancelPath(ids[1]))).http, 200);
    assert.deepEqual(await states(), [P, C, P, P, W, W]);
    assert.equal((await post(cancelPath(ids[4]))).http, 200);
    assert.deepEqual(await states(), [P, C, P, P, C, W]);
    await clock.advance(5_000);
    assert.deepEqual(await states(), [D, C, D, P, C, P]);
    await clock.advance(5_000);
    assert.deepEqual(await states(), [D, C, D, D, C, P]);
  });
});

describe("a cancel", () => {
  for (const version of ["v3", "2026-03"]) {
    it(`in ${version} ends an import that runs; one that is over stays as it is`, async () => {
      const { clock, simulator, get, post } = setUp();
      const id = simulator.addTask("import", { processingMs: 10_000 });
      await clock.advance(1_000);
      assert.equal((await post(cancelPath(id, version))).http, 200);
      const { body } = await get(statusPath("import", id, version));
      assert.deepEqual([body.state, Date.parse(body.updatedAt) - START], ["CANCELED", 1_000]);
      const again = await post(cancelPath(id, version));
      assert.deepEqual([again.http, again.body.category], [400, "VALIDATION_ERROR"]);
      assert.equal((await post(cancelPath("7", version))).http, 404);
    });
  }

  it("is no start", async () => {
    const { simulator, post } = setUp();
    await post(cancelPath(simulator.addTask("import", { processingMs: 1 })));
    assert.deepEqual([simulator.starts.length, simulator.requests[0].call], [0, "cancel"]);
  });
});

describe("an import's errors", () => {
  for (const version of ["v3", "2026-03"]) {
    it(`in ${version} come page by page, each once, their times in milliseconds`, async () => {
      const { simulator, get } = setUp();
      const id = simulator.addTask("import", { outcome: "succeededWithErrors", errors: 250 });
      const pages = [];
      for (let after = ""; after !== undefined; ) {
        const { http, body } = await get(`${errorsPath(id, version)}${after && `?after=${after}`}`);
        assert.equal(http, 200);
        pages.push(body.results);
        after = body.paging?.next.after;
      }
      assert.deepEqual(pages.map(({ length }) => length), [100, 100, 50]);
      assert.equal(new Set(pages.flat().map((error) => error.id)).size, 250);
      assert.equal(pages[0][0].createdAt, START);
      assert.equal(typeof pages[0][0].errorType, "string");
      assert.equal((await get(statusPath("import", id))).body.metadata.counters.ERRORS, 250);
    });
  }

  it("take a limit, and are the caller's where he gives them", async () => {
    const { simulator, get } = setUp();
    const errors = [{ errorType: "A" }, { errorType: "B" }, null];
    const id = simulator.addTask("import", { outcome: "succeededWithErrors", errors });
    const { body } = await get(`${errorsPath(id)}?limit=2`);
    assert.deepEqual([body.results, body.paging.next.after], [errors.slice(0, 2), "2"]);
    const last = (await get(`${errorsPath(id)}?limit=2&after=2`)).body;
    assert.deepEqual(last, { results: [null] });
  });

  it("are none of an import without, and 404 of one that is not there", async () => {
    const { simulator, get } = setUp();
    assert.deepEqual((await get(errorsPath(simulator.addTask("import")))).body, { results: [] });
    assert.equal((await get(errorsPath("7"))).http, 404);
  });
});
