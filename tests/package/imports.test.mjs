// CRM imports: the files and what is sent of them, the states, the result, the pages of errors, cancel().
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./pack.mjs";
import { API, answer, assertError, inTurn, outcomeOf, rejection, rejectionInTime, setUp, test, turns, value } from "./support.mjs";

const CSV = "email\na@b.example\n";
const BYTES = new TextEncoder().encode(CSV);
const path = join(project, "contacts of March.csv");
writeFileSync(path, CSV);

const started = (id = "44") => answer(200, { id, state: "STARTED", createdAt: "2026-08-21T10:00:00Z", metadata: { counters: {} } });
const named = (...names) => ({ name: "March", files: names.map((fileName) => ({ fileName, fileFormat: "CSV" })) });

/** The parts of the request that a start with these files sends. */
async function partsOf(files, importRequest = named("contacts.csv")) {
  const { client, requests } = setUp(async () => started());
  const task = await value(client.imports.start({ importRequest, files }));
  assert.deepEqual([task.id, task.family, requests.length], ["44", "import", 1]);
  const { body } = requests[0].init;
  assert.equal(body.get("importRequest"), JSON.stringify(importRequest));
  return Promise.all(body.getAll("files").map(async (file) => [file.name, await file.text()]));
}

const SOURCES = {
  "a File": [new File([CSV], "own.csv"), "own.csv"],
  "a Blob": [new Blob([CSV]), "file-1.csv"],
  "a Uint8Array": [BYTES, "file-1.csv"],
  "a Buffer": [Buffer.from(CSV), "file-1.csv"],
  "a part of an ArrayBuffer": [new Uint8Array([...BYTES, 1]).subarray(0, BYTES.length), "file-1.csv"],
  "an ArrayBuffer": [BYTES.slice().buffer, "file-1.csv"],
  "a DataView": [new DataView(BYTES.slice().buffer), "file-1.csv"],
  "a path": [path, "contacts of March.csv"],
};

for (const [what, [source, ownName]] of Object.entries(SOURCES)) {
  test(`the file of an import may be ${what}; its name is that of the request, else its own`, async () => {
    assert.deepEqual(await partsOf(source), [["contacts.csv", CSV]]);
    assert.deepEqual(await partsOf([source]), [["contacts.csv", CSV]]);
    assert.deepEqual(await partsOf(source, { name: "March" }), [[ownName, CSV]]);
  });
}

test("several files are sent in their order, each by its name", async () => {
  const files = [path, new File(["2"], "b.csv"), BYTES, new File(["4"], "d.csv")];
  assert.deepEqual(await partsOf(files, named("one.csv", "two.csv")), [
    ["one.csv", CSV],
    ["two.csv", "2"],
    ["file-3.csv", CSV],
    ["d.csv", "4"],
  ]);
});

test("an import's request may be JSON already; other fields are parts, too, but for what is not given", async () => {
  const { client, requests } = setUp(async () => started());
  const text = '{"name":"as written"}';
  await value(client.imports.start({ importRequest: text, files: BYTES, other: { a: 1n }, none: null, absent: undefined }));
  const { body } = requests[0].init;
  assert.deepEqual([...body.keys()].sort(), ["files", "importRequest", "other"]);
  assert.deepEqual([body.get("importRequest"), body.get("other")], [text, '{"a":"1"}']);
});

test("a host's own fetch sends the parts of an import as multipart/form-data", async () => {
  const { fetch } = globalThis;
  try {
    const seen = [];
    globalThis.fetch = async (url, init) => {
      const request = new Request(url, init);
      seen.push(request.headers.get("content-type"), await request.text());
      return new Response('{"id":"44"}');
    };
    const { client } = setUp(undefined, { fetch: null, headers: { "Content-Type": "application/json" } });
    await value(client.imports.start({ importRequest: named("contacts.csv"), files: BYTES }));
    assert.match(seen[0], /^multipart\/form-data; boundary=/);
    assert.match(seen[1], /name="files"; filename="contacts\.csv"[^]*email\na@b\.example\n/);
    assert.match(seen[1], /name="importRequest"\r\n\r\n\{"name":"March"/);
  } finally {
    globalThis.fetch = fetch;
  }
});

test("what is changed after the call is not what is sent", async () => {
  const { client, requests } = setUp(async () => started());
  const [bytes, importRequest, files] = [BYTES.slice(), named("contacts.csv"), [path]];
  files.push(bytes);
  const start = client.imports.start({ importRequest, files });
  bytes.fill(0);
  importRequest.files[0].fileName = "wrong.csv";
  files.length = 0;
  await value(start);
  const { body } = requests[0].init;
  assert.deepEqual(body.getAll("files").map(({ name, size }) => [name, size]), [["contacts.csv", CSV.length], ["file-2.csv", CSV.length]]);
  assert.equal(await body.getAll("files")[1].text(), CSV);
});

test("a file that is not there is named, and nothing is sent", async () => {
  const { client, requests } = setUp(async () => started());
  const missing = join(project, "missing.csv");
  const error = assertError(await rejection(client.imports.start({ importRequest: {}, files: [path, missing] })), "INVALID_ARGUMENT");
  assert.match(error.message, /^request\.files\[1\]: no file can be read there/);
  assert(error.cause instanceof Error);
  assert.equal(requests.length, 0);
});

test("a Blob that the host's FormData does not take is named, and nothing is sent", async () => {
  const { client, requests } = setUp(async () => started());
  const foreign = { get [Symbol.toStringTag]() { return "Blob"; } };
  const error = assertError(await rejection(client.imports.start({ importRequest: {}, files: foreign })), "INVALID_ARGUMENT");
  assert.match(error.message, /^request\.files\[0\]/);
  assert.equal(requests.length, 0);
});

test("a host without FormData, or without a way to open a path, says so", async () => {
  const { client, requests } = setUp(async () => started());
  const { FormData: HostFormData } = globalThis;
  const { getBuiltinModule } = process;
  try {
    delete globalThis.FormData;
    const error = assertError(await rejection(client.imports.start({ importRequest: {}, files: BYTES })), "INVALID_ARGUMENT");
    assert.match(String(error.cause), /FormData/);
    globalThis.FormData = HostFormData;
    process.getBuiltinModule = undefined;
    const other = assertError(await rejection(client.imports.start({ importRequest: {}, files: path })), "INVALID_ARGUMENT");
    assert.match(other.message, /request\.files\[0\]: got a value of type string, takes a File/);
    assert(!other.message.includes(path));
  } finally {
    globalThis.FormData = HostFormData;
    process.getBuiltinModule = getBuiltinModule;
  }
  assert.equal(requests.length, 0);
});

test("a start that is aborted while its file is opened sends nothing", async () => {
  const { client, clock, requests } = setUp(async () => started());
  const controller = new AbortController();
  const start = client.imports.start({ importRequest: {}, files: path }, { signal: controller.signal });
  await Promise.resolve();
  controller.abort(new Error("enough"));
  assert.equal((await rejection(start)).message, "enough");
  await clock.advance(60_000);
  await turns();
  assert.equal(requests.length, 0);
});

// How it goes.

const state = (word, metadata = null, more = {}) => answer(200, { id: "44", state: word, metadata, ...more });
const COUNTED = { counters: { TOTAL_ROWS: 3, CREATED_OBJECTS: 3 }, objectLists: [{ objectType: "CONTACT", listId: "9" }] };

test("an import is waited for until it is done; its result is what HubSpot counted", async () => {
  const { client, clock, times } = setUp(inTurn(started(), state("DEFERRED"), state("PROCESSING"), state("DONE", COUNTED, { errors: [] })));
  const heard = [];
  const finished = await clock.run(
    client.imports.run({ importRequest: named("c.csv"), files: BYTES }, { onStatus: ({ status, state }) => heard.push([status, state]) }),
  );
  assert.deepEqual([finished.outcome, finished.result], ["succeeded", COUNTED]);
  assert.deepEqual(heard, ["DEFERRED", "PROCESSING", "DONE"].map((word) => [word, word]));
  assert.deepEqual([finished.status.id, finished.status.state, times()[1]], ["44", "DONE", 1_000]);
});

const ENDS = [
  ["STARTED", {}, "running"],
  ["DEFERRED", {}, "running"],
  ["PROCESSING", { metadata: COUNTED }, "running"],
  ["SOMETHING_NEW", { metadata: COUNTED }, "running"],
  ["COMPLETE", { metadata: COUNTED }, "running"],
  ["DONE", { metadata: COUNTED }, "succeeded"],
  ["DONE", { metadata: { counters: { ERRORS: 0 } } }, "succeeded"],
  ["DONE", { metadata: { counters: { ERRORS: 2 } } }, "succeededWithErrors"],
  ["DONE", { metadata: { counters: { ERRORS: "2" } } }, "succeededWithErrors"],
  ["DONE", { metadata: {}, errors: [{ message: "no such column" }] }, "succeededWithErrors"],
  ["DONE", { metadata: null }, "failed"],
  ["FAILED", { metadata: COUNTED }, "failed"],
  ["CANCELED", { metadata: COUNTED }, "canceled"],
  ["REVERTED", { metadata: COUNTED }, "canceled"],
];

for (const [word, fields, outcome] of ENDS) {
  test(`an import that is ${word} with ${JSON.stringify(fields)} is ${outcome}`, async () => {
    const body = { id: "44", state: word, ...fields };
    assert.equal(outcomeOf(body, "import"), outcome);
    const { client } = setUp(inTurn(answer(200, body)));
    const checkpoint = { version: 1, family: "import", taskId: "44", apiVersion: "2026-03" };
    const step = await value(client.poll(checkpoint));
    assert.deepEqual([step.outcome, step.done, step.status.status], [outcome, outcome !== "running", word]);
    if (outcome.startsWith("succeeded")) assert.deepEqual(step.result, fields.metadata);
    if (outcome === "failed" || outcome === "canceled") {
      assertError(step.error, outcome.toUpperCase(), { family: "import", taskId: "44" });
      assertError(await rejection(client.imports.task("44").wait()), outcome.toUpperCase());
    }
  });
}

test("the message of an import that failed names its word or its first error", async () => {
  const { client } = setUp(inTurn(state("FAILED"), state("FAILED", null, { errors: [{ message: "no such column" }] })));
  assert.match((await rejection(client.imports.task("1").wait())).message, /FAILED/);
  assert.match((await rejection(client.imports.task("2").wait())).message, /no such column/);
});

test("an import's time in HubSpot's queue is left out of the default deadline", async () => {
  const queued = setUp(inTurn(state("DEFERRED")));
  const promise = queued.client.imports.task("44").wait();
  promise.catch(() => {});
  await queued.clock.advance(3_600_000);
  const running = setUp(inTurn(state("PROCESSING")));
  assertError(await rejectionInTime(running.clock, running.client.imports.task("44").wait()), "TIMEOUT");
  assert.equal(running.times().at(-1), 900_000);
  assert(queued.times().at(-1) > 3_000_000);
  assertError(await rejectionInTime(queued.clock, promise), "TIMEOUT");
});

// Its errors.

const page = (ids, after) => answer(200, { results: ids.map((id) => ({ id, createdAt: 1_787_000_000_000 })), ...(after && { paging: { next: { after } } }) });

async function read(errors) {
  const ids = [];
  for await (const { id } of errors) ids.push(id);
  return ids;
}

test("the errors of an import are read page by page, each page when it is wanted", async () => {
  const { client, requests } = setUp(inTurn(page(["1", "2"], "a/b="), page([], 7), page(["3"])));
  const errors = client.imports.errors("44");
  assert.equal(requests.length, 0);
  const first = await value(errors.next());
  assert.deepEqual([first.value.id, first.value.createdAt, requests.length], ["1", 1_787_000_000_000, 1]);
  assert.deepEqual(await read(errors), ["2", "3"]);
  assert.deepEqual(requests.map(({ url }) => url.replace(`${API}/crm/imports/2026-03/44/errors`, "")), ["", "?after=a%2Fb%3D", "?after=7"]);
});

test("errors() that is left asks for no more", async () => {
  const { client, requests } = setUp(inTurn(page(["1", "2"], "n")));
  for await (const { id } of client.imports.errors("44")) if (id === "1") break;
  await turns();
  assert.equal(requests.length, 1);
});

for (const [what, answers, ids] of [
  ["leads to itself", [page(["1"], "a"), page(["2"], "a")], ["1", "2"]],
  ["leads back", [page(["1"], "a"), page(["2"], "b"), page(["3"], "a"), page(["4"])], ["1", "2", "3"]],
]) {
  test(`a page of errors that ${what} ends them`, async () => {
    const { client, requests } = setUp(inTurn(...answers));
    assert.deepEqual(await value(read(client.imports.errors("44"))), ids);
    assert(requests.length <= answers.length);
  });
}

test("a page without a list of errors is none: who took it for the last one would lose those after it", async () => {
  for (const body of [{}, { status: 3 }, { results: null }, { results: {}, paging: null }, []]) {
    const { client } = setUp(inTurn(page(["1"], "a"), answer(200, body)));
    const errors = client.imports.errors("44");
    await value(errors.next());
    assertError(await rejection(errors.next()), "INVALID_RESPONSE");
  }
});

test("errors() rejects with what is wrong, and with the reason of an abort", async () => {
  const { client, requests } = setUp(inTurn(page(["1"], "n"), answer(403, { category: "MISSING_SCOPES" }), page(["1", "2"], "n")));
  const errors = client.imports.errors("44");
  await value(errors.next());
  assertError(await rejection(errors.next()), "FORBIDDEN", { family: "import", taskId: "44", requiredScopes: ["crm.import"] });
  assert.equal((await value(errors.next())).done, true);
  assertError(await rejection(client.imports.errors("").next()), "INVALID_ARGUMENT");
  assertError(await rejection(client.imports.errors("44", { signal: 5 }).next()), "INVALID_ARGUMENT");
  const controller = new AbortController();
  const aborted = client.imports.errors("44", { signal: controller.signal });
  await value(aborted.next());
  controller.abort(new Error("enough"));
  const sent = requests.length;
  assert.equal((await rejection(read(aborted))).message, "enough");
  assert.equal(requests.length, sent);
});

// cancel()

for (const [status, body] of [[204, ""], [200, { state: "CANCELED" }], [200, ""], [202, "OK"]]) {
  test(`cancel() resolves where HubSpot answers ${status} with ${JSON.stringify(body)}`, async () => {
    const { client, requests } = setUp(inTurn(answer(status, body)));
    assert.equal(await value(client.imports.cancel(44)), undefined);
    assert.deepEqual(requests.map(({ url, init }) => [init.method, url, init.body]), [["POST", `${API}/crm/imports/2026-03/44/cancel`, undefined]]);
  });
}

test("an import that was canceled rejects who waits for it", async () => {
  const { client, clock } = setUp(async (url) => (url.endsWith("/cancel") ? answer(204) : state(isCanceled ? "CANCELED" : "PROCESSING")));
  let isCanceled = false;
  const wait = client.imports.task("44").wait();
  await clock.advance(5_000);
  await value(client.imports.cancel("44"));
  isCanceled = true;
  assertError(await rejectionInTime(clock, wait), "CANCELED");
});

test("a body that is nested deeper than the stack is read, and harms no other task", async () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  const states = inTurn(answer(200, `{"id":"1","state":"PROCESSING","x":${deep}}`), answer(200, `{"id":"1","state":"DONE","metadata":{},"x":${deep}}`));
  const { client, clock } = setUp((url, init, number) => (url.includes("/imports/") ? states(url, init, number) : answer(200, { status: "COMPLETE", result: "https://a.example" })));
  const task = client.imports.task("1");
  const other = client.exports.task("5").wait();
  const { status, outcome } = await clock.run(task.wait());
  assert.deepEqual([status.status, outcome, task.latest.state, Object.isFrozen(task.latest), (await other).outcome], ["DONE", "succeeded", "DONE", true, "succeeded"]);
});
