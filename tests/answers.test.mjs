// Reads the answers in tests/answers/ by the package's reader: that of the crate runs through the same ones in
// tests/answers.rs.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { contentOf, known, reader, readingOf, written } from "./answers/reader.mjs";

const { AnswerKind, BUILT_IN, STANDINGS, USUAL, given, readEnvelope, readResponse, unanswered, understand } = reader;

/** The answers of `objects` only JavaScript's hosts give, and as they stand there. */
const FILES = ["statuses", "imports", "bodies", "refusals", "headers", "objects"];

/** A server's answer in the shapes in which hosts give it. */
function shapesOf({ status, headers, body }) {
  const shapes = {
    "{ status, headers, body }": { status, headers, body },
    "text()": { status, headers: new Headers(headers), text: async () => body },
  };
  // As bytes: a text would bring a content type of its own. A Response takes no other statuses.
  const content = body === "" ? null : new TextEncoder().encode(body);
  if (status >= 200 && status <= 599) shapes.Response = new Response(content, { status, headers });
  return shapes;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Where two readings differ, field by field. */
function differences(place, expected, read) {
  if (isObject(expected) && isObject(read)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(read)]);
    return [...names].flatMap((name) => differences(`${place} › ${name}`, expected[name], read[name]));
  }
  const [one, other] = [expected, read].map((value) => JSON.stringify(value));
  return one === other ? [] : [`${place}: expected ${one}, read ${other}`];
}

for (const file of FILES) {
  const { nowMs, answers } = contentOf(file);
  for (const entry of answers) {
    test(`${file} › ${entry.name}`, async () => {
      const shapes = file === "objects" ? { object: entry.response } : shapesOf(entry.response);
      for (const [shape, response] of Object.entries(shapes)) {
        const reading = await readingOf(response, entry, nowMs);
        assert.deepEqual(differences(`${entry.name} › ${shape}`, entry.expected, written(reading)), []);
        const { state: { field } } = BUILT_IN.find(({ name }) => name === entry.family);
        // With its word as `status` where that stands elsewhere.
        const object = (text) => ({ ...JSON.parse(text), status: JSON.parse(text)[field] });
        if (entry.expected.answer.body === "status") assert.deepEqual(given(reading.status), object(reading.status.text));
        else assert.equal(reading.status, undefined);
      }
    });
  }
}

test("there are enough answers, each with a name of its own", () => {
  const names = FILES.flatMap((file) => contentOf(file).answers.map(({ name }) => name));
  assert(names.length >= 420, `${names.length}`);
  assert.equal(new Set(names).size, names.length);
});

test("a date is the same instant in each time zone", async () => {
  const zone = process.env.TZ;
  try {
    for (process.env.TZ of ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]) {
      for (const file of ["statuses", "headers"]) {
        const { nowMs, answers } = contentOf(file);
        for (const entry of answers) {
          const read = written(await readingOf(entry.response, entry, nowMs));
          assert.deepEqual(differences(`${process.env.TZ} › ${entry.name}`, entry.expected, read), []);
        }
      }
      // The host goes by it.
      assert.equal(new Date(2026, 0, 1).getTime() === Date.UTC(2026, 0, 1), process.env.TZ === "UTC");
    }
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

test("a header is that of the answer in a record, in whatever case, and in an object with get alike", async () => {
  const inRecord = await readResponse({ status: 200, headers: { DATE: "d", "Retry-After": "7", other: 5 } });
  assert.deepEqual(["date", "retry-after", "other", "none"].map(inRecord.header), ["d", "7", undefined, undefined]);
  const asked = await readResponse({ status: 200, headers: { get: (name) => `${name}!` } });
  assert.equal(asked.header("date"), "date!");
  const throwing = await readResponse({ status: 200, headers: { get: () => assert.fail("boom") } });
  assert.equal(throwing.header("date"), undefined);
});

test("a body is read by text(), else json(), else body, and as the answer's own methods", async () => {
  const text = '{"status":"PENDING"}';
  class Own {
    status = 200;
    text = "no function";
    #body = { status: "PENDING" };
    async json() {
      return this.#body;
    }
  }
  for (const [response, expected] of [
    [{ text: () => text, json: () => 1, body: 2 }, text],
    [{ text: async () => ({ status: "PENDING" }) }, text],
    [new Own(), text],
    [{ json: () => text }, text],
    [{ body: { status: "PENDING" } }, text],
    [{ body: undefined }, ""],
    [{ json: () => Promise.reject(new SyntaxError("no JSON")) }, "SyntaxError: no JSON"],
    [undefined, ""],
    ["text", ""],
  ]) {
    assert.equal((await readResponse(response)).text, expected);
  }
});

test("what cannot be read is told in the place of what it was, and a text() that throws rejects", async () => {
  const cycle = {};
  cycle.self = cycle;
  const boom = new Error("boom");
  const locked = new Response("{}").body;
  locked.getReader();
  for (const [response, got] of [
    [{ json: () => cycle }, "[object Object]"],
    [{ body: 10n }, "[object BigInt]"],
    [{ body: () => {} }, "[object Function]"],
    [{ text: () => Symbol("s") }, "[object Symbol]"],
    [{ body: locked }, "[object ReadableStream]"],
    [{ body: { toJSON: () => undefined } }, "[object Object]"],
    // Streams of Node's and of others.
    [{ body: Readable.from([Buffer.from("{}")]) }, "[object Object]"],
    [{ data: (async function* () {})() }, "[object AsyncGenerator]"],
    [{ text: () => Readable.from(["{}"]) }, "[object Object]"],
  ]) {
    const { text } = await readResponse({ status: 200, ...response });
    assert.equal(text, `got ${got}, which cannot be read; takes text, JSON, bytes or a ReadableStream`);
  }
  await assert.rejects(readResponse({ text: () => Promise.reject(boom), body: "{}" }), boom);
  const broken = new ReadableStream({ pull: () => Promise.reject(boom) });
  await assert.rejects(readResponse({ body: broken }), boom);
});

test("bytes, streams, and bodies with methods of their own are read", async () => {
  const text = '{"status":"PENDING","name":"ü😀"}';
  const bytes = new TextEncoder().encode(text);
  for (const body of [
    bytes,
    bytes.buffer,
    Buffer.from(text),
    new DataView(bytes.buffer),
    new Response(text).body,
    new Blob([text]),
    { json: async () => JSON.parse(text) },
    { text: async () => text },
    { text: () => bytes },
    new TextEncoder().encode(`\ufeff${text}`),
  ]) {
    assert.equal((await readResponse({ statusCode: 200, body })).text, text);
  }
  assert.equal((await readResponse({ statusCode: 200, body: new Uint8Array() })).text, "");
});

test("the text of the status that is kept says the same again, in a good answer alone", async () => {
  const body = '{"status":"PROCESSING","startedAt":"1970-01-01T00:00:00Z"}';
  const read = async (status, text, latest) =>
    understand(await readResponse({ status, body: text }), { family: USUAL, nowMs: 0, secrets: [], latest });
  const { status: kept, answer } = await read(200, body, undefined);
  kept.object.status = "spoiled by its caller";
  const again = await read(202, body, kept);
  assert.equal(again.status, kept);
  assert.deepEqual(again.answer, { ...answer, httpStatus: 202 });
  assert.equal(again.status.envelope.state, STANDINGS.indexOf("running"));
  const other = await read(200, `${body} `, kept);
  assert.notEqual(other.status, kept);
  assert.equal(other.status.object.status, "PROCESSING");
  const refused = await read(500, body, kept);
  assert.equal(refused.status, undefined);
  assert.equal(refused.detail.httpStatus, 500);
});

test("an envelope is read of a status alone", () => {
  const bare = { state: STANDINGS.indexOf("queued"), hasErrors: 0, hasResult: 0 };
  const undated = { requestedAtMs: NaN, startedAtMs: NaN, completedAtMs: NaN };
  assert.deepEqual(readEnvelope({ status: "REVIEWING", result: null }, USUAL), { ...bare, ...undated });
  assert.deepEqual(readEnvelope({ status: "COMPLETE", result: 0, errors: [{}], startedAt: "1970-01-01T00:00:00Z" }, USUAL), {
    ...undated,
    state: STANDINGS.indexOf("succeeded"),
    hasErrors: 1,
    hasResult: 1,
    startedAtMs: 0,
  });
  for (const none of [undefined, null, 5, "COMPLETE", [], {}, { status: 5 }]) assert.equal(readEnvelope(none, USUAL), undefined);
});

test("a request without an answer is told as its kind, with what went wrong", () => {
  const { answer, ...rest } = unanswered(AnswerKind.noAnswer, { message: "m" });
  assert.deepEqual(rest, { detail: { message: "m" } });
  assert.deepEqual(known(answer), { kind: AnswerKind.noAnswer });
});
