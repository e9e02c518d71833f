// The options of a client, its tasks and its calls, as tables; what clients learned; and what outcomeOf() is given.
import { readBaseUrl } from "./base-url.js";
import { readClock } from "./clock.js";
import type { TaskStatus } from "./generated/data.js";
import { DEFAULTS, DEFAULT_SETTINGS, FAMILIES, PACES, PHASES, type SETTINGS_FIELDS } from "./generated/names.js";
import { readHeaders } from "./headers.js";
import { type Checks, placeOf, readApiVersion } from "./ids.js";
import type { SenderParts } from "./requests.js";
import { readToken } from "./token.js";
import type { Clock, FetchLike, Learned, TaskAbortSignal, TaskEvent } from "./types.js";
import {
  ANYTHING,
  type Read,
  type Takes,
  aFunction,
  aNumber,
  attempt,
  fields,
  hasMethod,
  isCount,
  isSome,
  known,
  reading,
  refusal,
  refusalOfKind,
  refused,
} from "./values.js";

// What an option takes, and how it is used: spans of time are counted in whole milliseconds, parts of one rounded up.

const aSpan = (inWords: string, fits: (ms: number) => boolean): Takes<number> =>
  aNumber(`milliseconds: ${inWords}`, fits, Math.ceil);

const SPAN = aSpan("a finite number that is not negative", (ms) => ms >= 0 && ms < Infinity);
const POSITIVE_SPAN = aSpan("a finite number above 0", (ms) => ms > 0 && ms < Infinity);
const TIMEOUT = aSpan("a number that is not negative, or Infinity", (ms) => ms >= 0);
const COUNT = aNumber("a whole number above 0, up to 4294967295", isCount);

const NAMED_PACES = new Map<unknown, number>(Object.entries(PACES));
const PACE: Takes<number> = [
  '"interactive", "batch" or a number above 0',
  (value) => {
    const pace = NAMED_PACES.get(value) ?? value;
    return typeof pace === "number" && pace > 0 && pace < Infinity ? pace : undefined;
  },
];

const TASK = { pace: PACE, timeoutMs: TIMEOUT };
/** What crosses as it is. */
const SETTINGS = {
  ...TASK,
  maxConcurrent: COUNT,
  maxIntervalMs: SPAN,
  minIntervalMs: SPAN,
  requestTimeoutMs: POSITIVE_SPAN,
};
const CLIENT = {
  apiVersion: ANYTHING,
  baseUrl: ANYTHING,
  clock: ANYTHING,
  fetch: aFunction<FetchLike>(),
  headers: ANYTHING,
  learned: ANYTHING,
  onEvent: aFunction<TaskEventListener>(),
  rateLimit: ANYTHING,
  token: ANYTHING,
};
const CALL = { signal: ANYTHING };
const WATCH = { ...CALL, ...TASK };
const WAIT = { onStatus: aFunction<StatusListener>(), ...WATCH };
const RATE_LIMIT = { perMs: POSITIVE_SPAN, requests: COUNT };

function read<Table extends Record<string, Takes<unknown>>>(options: unknown, table: Table): Read<Table> {
  if (isSome(options) && typeof options !== "object") throw refusalOfKind("options", options, "an object");
  return fields(options, table);
}

// Tasks and their calls: undefined where nothing is given.

export type TaskEventListener = (event: TaskEvent) => unknown;
export type StatusListener = (status: TaskStatus<unknown>) => unknown;

export interface TaskGiven {
  readonly pace: number | undefined;
  readonly timeoutMs: number | undefined;
}

export interface CallGiven {
  readonly signal: TaskAbortSignal | undefined;
}

export interface WaitGiven extends TaskGiven, CallGiven {
  readonly onStatus: StatusListener | undefined;
}

export const readTask = (options: unknown): TaskGiven => read(options, TASK);
export const readLook = (options: unknown): CallGiven => readCall(options, CALL);
export const readWatch = (options: unknown): TaskGiven & CallGiven => readCall(options, WATCH);
export const readWait = (options: unknown): WaitGiven => readCall(options, WAIT);

function readCall<Table extends typeof CALL>(options: unknown, table: Table): Read<Table> & CallGiven {
  const given = read(options, table);
  return { ...given, signal: readSignal(given.signal) };
}

function readSignal(signal: unknown): TaskAbortSignal | undefined {
  if (signal === undefined) return undefined;
  const isSignal =
    typeof signal === "object" &&
    typeof attempt(() => (signal as TaskAbortSignal).aborted) === "boolean" &&
    hasMethod(signal, "addEventListener") &&
    hasMethod(signal, "removeEventListener");
  if (!isSignal) throw refusalOfKind("signal", signal, "an AbortSignal");
  return signal as unknown as TaskAbortSignal;
}

// Clients: defaults in the place of what is not given.

export type Settings = Record<(typeof SETTINGS_FIELDS)[number], number>;

/** What finished tasks took in seconds: a list for each phase of each family, in the order of their names. */
export type Durations = number[][][];

export interface ClientGiven {
  readonly settings: Settings;
  readonly apiVersion: string;
  readonly durations: Durations;
  readonly sender: SenderParts;
  readonly clock: Clock;
  readonly onEvent: TaskEventListener | undefined;
}

export function readClient(options: unknown, checks: Checks): ClientGiven {
  const given = read(options, CLIENT);
  const durations = readLearned(given.learned);
  const clock = readClock(given.clock);
  const sender = readSender(given);
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    ...known(read(options, SETTINGS)),
    ...readRateLimit(given.rateLimit),
    learns: Number(given.learned !== false),
    hasObserver: Number(given.onEvent !== undefined),
  };
  if (settings.minIntervalMs > settings.maxIntervalMs) {
    throw refusal("minIntervalMs", settings.minIntervalMs, "no more than maxIntervalMs");
  }
  const apiVersion = readApiVersion("apiVersion", given.apiVersion ?? DEFAULTS.apiVersion, checks);
  return { settings, apiVersion, durations, sender, clock, onEvent: given.onEvent };
}

function readSender(given: Read<typeof CLIENT>): SenderParts {
  const baseUrl = readBaseUrl(given.baseUrl ?? DEFAULTS.baseUrl);
  const headers = readHeaders(given.headers);
  const token = readToken(given.token);
  if (!baseUrl.isSafe && (token ?? headers.authorization) !== undefined) {
    const takes = "an https URL, or one of this machine, because a token is sent there";
    throw refused("baseUrl", "an unencrypted URL", takes);
  }
  return { baseUrl, headers, token, fetch: given.fetch };
}

/** No requests stand for no limit. */
function readRateLimit(value: unknown): Partial<Settings> {
  if (value === undefined) return {};
  if (value === false) return { rateLimitRequests: 0 };
  const { requests, perMs } = attempt(() => read(value, RATE_LIMIT)) ?? {};
  if (requests === undefined || perMs === undefined) {
    throw refusalOfKind("rateLimit", value, "{ requests, perMs }, two numbers above 0, or false for none");
  }
  return { rateLimitRequests: requests, rateLimitPerMs: perMs };
}

/** The lists of what {@link learnedBy} gave. What is no list of durations is as good as none. */
function readLearned(value: unknown): Durations {
  const isGiven = isSome(value) && typeof value !== "boolean";
  if (isGiven && typeof value !== "object") throw refusalOfKind("learned", value, "what learned() gave, or false");
  const learned = isGiven ? reading("learned", () => plain(value)) : undefined;
  const isNumber = (seconds: unknown) => typeof seconds === "number";
  const list = (seconds: unknown) => (Array.isArray(seconds) ? seconds.filter(isNumber) : []);
  return FAMILIES.map(({ name }) => PHASES.map((phase) => list(learned?.[name]?.[phase])));
}

type Plain = Partial<Record<string, Partial<Record<string, unknown>> | null>> | null | undefined;

/** A copy without getters. JSON knows no bigint. */
const plain = (value: unknown): Plain =>
  JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? null : part))) as Plain;

/** What a client learned. `secondsOf` gives a list of durations by the places of its family and its phase. */
export const learnedBy = (secondsOf: (family: number, phase: number) => Iterable<number>): Learned =>
  Object.fromEntries(
    FAMILIES.map(({ name }, family) => [
      name,
      Object.fromEntries(PHASES.map((phase, at) => [phase, [...secondsOf(family, at)]])),
    ]),
  );

// Statuses.

export interface StatusGiven {
  /** A copy without getters. */
  readonly status: { readonly status: string };
  /** The family's place in `FAMILIES`; undefined where none is named. */
  readonly family: number | undefined;
}

const FAMILY_NAMES = FAMILIES.map(({ name }) => `"${name}"`)
  .join(", ")
  .replace(/, (?=[^,]*$)/, " or ");

/** A status whose outcome a caller asks for. */
export function readStatus(status: unknown, family: unknown): StatusGiven {
  const place = placeOf(family);
  if (place === undefined && isSome(family)) throw refusal("family", family, FAMILY_NAMES);
  // What JSON does not know gives no text.
  const text = reading("status", () => JSON.stringify(status) as string | undefined);
  const copy = (text === undefined ? undefined : JSON.parse(text)) as { status?: unknown } | null | undefined;
  if (typeof copy?.status !== "string") throw refusal("status", status, "an object with a string status");
  return { status: copy as { status: string }, family: place };
}
