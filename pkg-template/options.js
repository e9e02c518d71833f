// The options of the client, its tasks and its waits, as tables; and the other objects that callers hand in.
import {
  FAMILIES,
  attempt,
  baseUrl,
  clock,
  fields,
  hasMethod,
  headers,
  isSome,
  isWellFormed,
  reading,
  refusal,
  refusalOfKind,
  token,
} from "./host.js";
import { Sender, envelopeOf } from "./requests.js";

const isNumber = (value) => typeof value === "number";
const isFinite = (value) => isNumber(value) && Math.abs(value) < Infinity;
const isCount = (value) => isNumber(value) && value > 0 && value <= 4294967295 && value % 1 === 0;

const PACES = new Map([["interactive", 1], ["batch", 2]]);
const paceOf = (value) => PACES.get(value) ?? value;

// What an option takes: in words, and as a check.
const ANYTHING = ["", () => true];
const FUNCTION = ["a function", (value) => typeof value === "function"];
const PACE = ['"interactive", "batch" or a number above 0', (value) => isFinite(paceOf(value)) && paceOf(value) > 0];
const SPAN = ["milliseconds: a finite number that is not negative", (value) => isFinite(value) && value >= 0];
const POSITIVE_SPAN = ["milliseconds: a finite number above 0", (value) => isFinite(value) && value > 0];
const TIMEOUT = ["milliseconds: a number that is not negative, or Infinity", (value) => isNumber(value) && value >= 0];
const COUNT = ["a whole number above 0, up to 4294967295", isCount];

const CLIENT = {
  apiVersion: ANYTHING,
  baseUrl: ANYTHING,
  clock: ANYTHING,
  fetch: FUNCTION,
  headers: ANYTHING,
  learned: ANYTHING,
  maxConcurrent: COUNT,
  maxIntervalMs: SPAN,
  minIntervalMs: SPAN,
  onEvent: FUNCTION,
  pace: PACE,
  rateLimit: ANYTHING,
  requestTimeoutMs: POSITIVE_SPAN,
  timeoutMs: TIMEOUT,
  token: ANYTHING,
};
const TASK = { pace: PACE, timeoutMs: TIMEOUT };
const CALL = { signal: ANYTHING };
const WATCH = { ...CALL, ...TASK };
const WAIT = { onStatus: FUNCTION, ...WATCH };
const RATE_LIMIT = { perMs: POSITIVE_SPAN, requests: COUNT };

function read(options, table) {
  if (isSome(options) && typeof options !== "object") throw refusalOfKind("options", options, "an object");
  const given = fields(options, table);
  return { ...given, pace: paceOf(given.pace) };
}

function checkSignal(signal) {
  const isSignal = () =>
    typeof signal === "object" &&
    typeof attempt(() => signal.aborted) === "boolean" &&
    ["addEventListener", "removeEventListener"].every((name) => hasMethod(signal, name));
  if (signal !== undefined && !isSignal()) throw refusalOfKind("signal", signal, "an AbortSignal");
}

function readCall(options, table) {
  const given = read(options, table);
  checkSignal(given.signal);
  return given;
}

export const readTask = (options) => read(options, TASK);
export const readLook = (options) => readCall(options, CALL);
export const readWatch = (options) => readCall(options, WATCH);
export const readWait = (options) => readCall(options, WAIT);

/** What a client is opened with, undefined where nothing is given; `set_up` in src/web/exports.rs takes the numbers. */
export function readClient(options) {
  const given = read(options, CLIENT);
  const { requests, perMs } = rateLimit(given.rateLimit);
  const durations = learned(given.learned);
  const numbers = [
    given.minIntervalMs,
    given.maxIntervalMs,
    given.pace,
    given.timeoutMs,
    given.requestTimeoutMs,
    given.maxConcurrent,
    requests,
    perMs,
    given.learned !== false,
    given.onEvent !== undefined,
  ];
  const timers = clock(given.clock);
  const address = given.baseUrl ?? "https://api.hubapi.com";
  const sender = new Sender(baseUrl(address), headers(given.headers), token(given.token), given.fetch);
  return { numbers, durations, sender, clock: timers, onEvent: given.onEvent, apiVersion: given.apiVersion };
}

/** No requests stand for no limit. */
function rateLimit(value) {
  if (value === false) return { requests: 0 };
  const limit = value === undefined ? {} : attempt(() => read(value, RATE_LIMIT));
  if (!limit || (value !== undefined && !(limit.requests && limit.perMs))) {
    throw refusalOfKind("rateLimit", value, "{ requests, perMs }, two numbers above 0, or false for none");
  }
  return limit;
}

const PHASES = ["whole", "processing"];

/** What a client learned: durations in seconds by family and phase. `secondsOf` gives a list by its place. */
export const learnedBy = (secondsOf) =>
  Object.fromEntries(
    FAMILIES.map((family, at) => [
      family,
      Object.fromEntries(PHASES.map((phase, which) => [phase, secondsOf(PHASES.length * at + which)])),
    ]),
  );

/** A copy without getters. JSON knows no bigint. */
const plain = (value) => JSON.parse(JSON.stringify(value, (_, part) => (typeof part === "bigint" ? null : part)));

/** The lists of the option `learned`, which is what [learnedBy] gave. What is no list of durations is as good as none. */
function learned(value) {
  const isGiven = isSome(value) && typeof value !== "boolean";
  if (isGiven && typeof value !== "object") throw refusalOfKind("learned", value, "what learned() gave, or false");
  const durations = isGiven ? reading("learned", () => plain(value)) : undefined;
  const list = (family, phase) => {
    const seconds = durations?.[family]?.[phase];
    return Array.isArray(seconds) ? seconds.filter(isNumber) : [];
  };
  return FAMILIES.flatMap((family) => PHASES.map((phase) => list(family, phase)));
}

/** A task's id as text; empty where it is none. The wasm knows what each family takes. */
export function idText(id) {
  if (isWellFormed(id)) return id;
  return Number.isSafeInteger(id) || typeof id === "bigint" ? String(id) : "";
}

const INSTANT = ["milliseconds since the Unix epoch", (value) => isFinite(value) && value >= 0];
const TALLY = ["a count", (value) => value === 0 || isCount(value)];

const CHECKPOINT = {
  version: ["1: it is no checkpoint, or a later version's", (value) => value === 1],
  family: ["the name of a family", (value) => FAMILIES.includes(value)],
  taskId: ANYTHING,
  apiVersion: ANYTHING,
  polls: TALLY,
  faults: TALLY,
  queued: ["true or false", (value) => typeof value === "boolean"],
  startedMs: INSTANT,
  processingMs: INSTANT,
  dueMs: INSTANT,
  deadlineMs: INSTANT,
};

/** A checkpoint that this package gave, or that a caller wrote by the schema. */
export function readCheckpoint(checkpoint) {
  if (typeof checkpoint !== "object" || checkpoint === null) {
    throw refusalOfKind("checkpoint", checkpoint, "a checkpoint, as this package gave it");
  }
  const given = fields(checkpoint, CHECKPOINT, "checkpoint.");
  for (const name of ["version", "family"]) {
    if (given[name] === undefined) throw refusal(`checkpoint.${name}`, undefined, CHECKPOINT[name][0]);
  }
  return given;
}

/** The envelope of a status that a caller gave, and its family's place, where it named one. */
export function readStatus(status, family) {
  const place = FAMILIES.indexOf(family);
  if (place < 0 && isSome(family)) {
    throw refusal("family", family, '"fileImport", "folderUpdate", "export" or "sourceCodeExtract"');
  }
  // Written out and parsed again: what reads it then meets no getters. What JSON does not know gives no text.
  const text = reading("status", () => JSON.stringify(status));
  const envelope = envelopeOf(text === undefined ? undefined : JSON.parse(text));
  if (!envelope) throw refusal("status", status, "an object with a string status");
  return { envelope, place };
}
