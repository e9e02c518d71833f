// What becomes of options and checkpoints: numbers and names for the engine. How they are refused through the package's
// own calls is in tests/package/arguments.test.mjs and checkpoints.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

/** In the place of what Rust knows. */
const stubs = {
  "./engine.js": `
    export const isApiVersion = (text) => /^[\\w.-]+$/.test(text);
    export const isTaskId = (form, text) => (form === 0 ? text !== "" : /^\\d+$/.test(text));`,
};

const options = await bundled("options.ts", stubs);
const checkpoints = await bundled("checkpoint.ts", stubs);
const ids = await bundled("ids.ts", stubs);
const { BUILT_IN } = await bundled("families.ts");

const families = BUILT_IN.map((facts, place) => ({ facts, place }));

const { readClient } = options;
const readCheckpoint = (fields) =>
  checkpoints.readCheckpoint({ version: 1, family: "export", taskId: "7", apiVersion: "v3", ...fields }, families);

/** What is said where something is refused. */
function said(read) {
  try {
    read();
  } catch ({ message }) {
    return message;
  }
  assert.fail("nothing was refused");
}

test("a client without options has the defaults", () => {
  const { settings, apiVersion, learned, sender, onEvent } = readClient(undefined);
  assert.deepEqual(settings, {
    pace: 1,
    minIntervalMs: 1_000,
    maxIntervalMs: 60_000,
    timeoutMs: NaN,
    requestTimeoutMs: 30_000,
    maxConcurrent: 20,
    rateLimitRequests: 100,
    rateLimitPerMs: 10_000,
    learns: 1,
  });
  assert.equal(apiVersion, "2026-03");
  assert.deepEqual(learned, {});
  const { address, ...rest } = sender;
  assert.equal(address(), "https://api.hubapi.com");
  assert.deepEqual(rest, { headers: {}, token: undefined, fetch: undefined });
  assert.equal(onEvent, undefined);
});

test("what a client is given takes the defaults' place, spans in whole milliseconds", () => {
  const { settings, apiVersion, learned } = readClient({
    pace: "batch",
    minIntervalMs: 0.2,
    maxIntervalMs: 5_000.5,
    timeoutMs: Infinity,
    rateLimit: false,
    learned: false,
    onEvent() {},
    apiVersion: "v3",
  });
  const { pace, minIntervalMs, maxIntervalMs, timeoutMs, rateLimitRequests, learns } = settings;
  assert.deepEqual([pace, minIntervalMs, maxIntervalMs, timeoutMs], [2, 1, 5_001, Infinity]);
  assert.deepEqual([rateLimitRequests, learns, apiVersion], [0, 0, "v3"]);
  assert.deepEqual(learned, {});
});

test("what was learned comes back as the lists that it was made of", () => {
  const lists = [[[1.5], []], [[], []], [[60, 61], [50]], [[], []], [[], [7]]];
  const learned = options.learnedBy(families, (family, phase) => Float64Array.from(lists[family][phase]));
  assert.deepEqual(learned.export, { whole: [60, 61], processing: [50] });
  const { durationsOf } = options;
  const { learned: given } = readClient({ learned });
  assert.deepEqual(BUILT_IN.map(({ name }) => durationsOf(given, name)), lists);
  const odd = readClient({ learned: { export: { whole: [60, "x", null, 61] } } }).learned;
  assert.deepEqual(durationsOf(odd, "export"), [[60, 61], []]);
});

test("a checkpoint becomes numbers, undefined where it has none", () => {
  const { progress, ...named } = readCheckpoint({ polls: 3, queued: true, startedMs: 5.5, dueMs: null, more: 1 });
  assert.deepEqual(named, { family: families[2], taskId: "7", apiVersion: "v3", deadlineMs: undefined, others: { more: 1 } });
  assert.deepEqual(progress, { polls: 3, faults: undefined, queued: 1, startedMs: 5, processingMs: undefined, dueMs: undefined });
  assert.equal(readCheckpoint({ deadlineMs: 7.5 }).deadlineMs, 7, "a checkpoint's instants are whole");
});

test("what is refused is named, with what it got and what it takes", () => {
  const table = [
    [() => readClient({ pace: "fast" }), 'pace: got "fast", takes "interactive", "batch" or a number above 0'],
    [
      () => readClient({ pace: ["batch"] }),
      'pace: got a value of type object, takes "interactive", "batch" or a number above 0',
    ],
    [() => readClient({ minIntervalMs: 60_001 }), "minIntervalMs: got 60001, takes no more than maxIntervalMs"],
    [() => readClient({ apiVersion: "v 3" }), 'apiVersion: got "v 3", takes an API version such as "2026-03" or "v3"'],
    [
      () => readClient({ maxConcurrent: 0.5 }),
      "maxConcurrent: got 0.5, takes a whole number above 0, up to 4294967295",
    ],
    [
      () => readClient({ baseUrl: "http://proxy.example", token: "secret" }),
      "baseUrl: got an unencrypted URL, takes an https URL, or one of this machine, since a token goes there",
    ],
    [() => options.readWait({ signal: "s" }), "signal: got a value of type string, takes an AbortSignal"],
    [
      () => ids.readId("taskId", BUILT_IN[3], -1n),
      "taskId: got a value of type bigint, takes decimal digits up to 2147483647: a string, a safe integer or a bigint",
    ],
    [
      () => readCheckpoint({ version: 2 }),
      "checkpoint.version: got 2, takes 1: it is no checkpoint, or a later version's",
    ],
    [
      () => readCheckpoint({ family: undefined }),
      "checkpoint.family: got a value of type undefined, takes one of fileImport, folderUpdate, export, sourceCodeExtract, import, or one that was given to family()",
    ],
    [
      () => readCheckpoint({ taskId: 7 }),
      "checkpoint.taskId: got 7, takes a string",
    ],
    [
      () => readCheckpoint({ apiVersion: "" }),
      'checkpoint.apiVersion: got "", takes an API version such as "2026-03" or "v3"',
    ],
    [
      () => options.readStatus({ status: 5 }),
      "status: got a value of type object, takes an object with a string status",
    ],
    [
      () => options.readStatus({ status: "COMPLETE" }, "exports"),
      'family: got "exports", takes one of fileImport, folderUpdate, export, sourceCodeExtract, import, or a definition',
    ],
  ];
  for (const [read, message] of table) assert.equal(said(read), message);
});
