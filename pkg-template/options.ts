// The options of a client, its tasks and its calls, as tables; what clients learned; and what outcomeOf() is given.
import { addressOf, readBaseUrl } from "./base-url.js";
import { hostClock, readClock } from "./clock.js";
import type { TaskStatus } from "./generated/data.js";
import { BUILT_IN, type Family, type FamilyFacts, USUAL, at } from "./families.js";
import { DEFAULTS, DEFAULT_SETTINGS, PACES, PHASES, type SETTINGS_FIELDS } from "./generated/names.js";
import { readHeaders } from "./headers.js";
import { readDefinition } from "./define.js";
import { API_VERSION, familyNamed } from "./ids.js";
import type { SenderParts } from "./requests.js";
import { readSignal } from "./signals.js";
import { readToken } from "./token.js";
import type { Clock, FetchLike, Learned, Progress, TaskAbortSignal, TaskEvent } from "./types.js";
import {
  type Fields,
  type Takes,
  aFunction,
  aNumber,
  attempt,
  checkedBy,
  fieldsOf,
  isCount,
  isSome,
  known,
  own,
  plain,
  readOptions,
  reading,
  refusal,
  refusalOfKind,
  refused,
} from "./values.js";

// What an option takes, and how it is used: spans of time are counted in whole milliseconds, parts of one rounded up.

const aSpan = (inWords: string, fits: (ms: number) => boolean): Takes<number> =>
  aNumber(`milliseconds: ${inWords}`, fits, Math.ceil);

const SPAN = aSpan("finite, 0 or more", (ms) => ms >= 0 && ms < Infinity);
/** A time limit. */
export const POSITIVE_SPAN = aSpan("finite, above 0", (ms) => ms > 0 && ms < Infinity);
const TIMEOUT = aSpan("0 or more, or Infinity", (ms) => ms >= 0);
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
  apiVersion: API_VERSION,
  baseUrl: checkedBy(readBaseUrl),
  clock: checkedBy(readClock),
  fetch: aFunction<FetchLike>(),
  headers: checkedBy(readHeaders),
  learned: checkedBy(readLearned),
  onEvent: aFunction<TaskEventListener>(),
  rateLimit: checkedBy(readRateLimit),
  token: checkedBy(readToken),
};
const CALL = { signal: checkedBy(readSignal) };
const WATCH = { ...CALL, ...TASK };
const ALL = { onProgress: aFunction<ProgressListener>(), ...WATCH };
const WAIT = { onStatus: aFunction<StatusListener>(), ...WATCH };
const RATE_LIMIT = { perMs: POSITIVE_SPAN, requests: COUNT };

// Tasks and their calls: undefined where nothing is given.

export type TaskEventListener = (event: TaskEvent) => unknown;
export type ProgressListener = (progress: Progress) => unknown;
export type StatusListener = (status: TaskStatus<unknown>) => unknown;

export interface TaskGiven {
  readonly pace: number | undefined;
  readonly timeoutMs: number | undefined;
}

export interface CallGiven {
  readonly signal: TaskAbortSignal | undefined;
}

export interface AllGiven extends TaskGiven, CallGiven {
  readonly onProgress: ProgressListener | undefined;
}

export interface WaitGiven extends TaskGiven, CallGiven {
  readonly onStatus: StatusListener | undefined;
}

export const readTask = (options: unknown): TaskGiven => readOptions(options, TASK);
export const readLook = (options: unknown): CallGiven => readOptions(options, CALL);
export const readWatch = (options: unknown): TaskGiven & CallGiven => readOptions(options, WATCH);
export const readAll = (options: unknown): AllGiven => readOptions(options, ALL);
export const readWait = (options: unknown): WaitGiven => readOptions(options, WAIT);

// Clients: defaults in the place of what is not given.

export type Settings = Record<(typeof SETTINGS_FIELDS)[number], number>;

/** What a client of earlier learned, as it was given: by family and phase. */
export type Remembered = Fields;

export interface ClientGiven {
  readonly settings: Settings;
  readonly apiVersion: string;
  readonly learned: Remembered;
  readonly sender: SenderParts;
  readonly clock: Clock;
  readonly onEvent: TaskEventListener | undefined;
}

export function readClient(options: unknown): ClientGiven {
  const {
    apiVersion = DEFAULTS.apiVersion,
    baseUrl = DEFAULTS.baseUrl,
    clock = hostClock,
    headers = {},
    learned = {},
    ...given
  } = readOptions(options, CLIENT);
  refuseUnknown(options, Object.keys({ ...CLIENT, ...SETTINGS }));
  const { fetch, onEvent, rateLimit, token } = given;
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    // Rust's default, which differs by family.
    timeoutMs: NaN,
    ...known(readOptions(options, SETTINGS)),
    ...rateLimit,
    learns: Number(learned !== false),
  };
  if (settings.minIntervalMs > settings.maxIntervalMs) {
    throw refusal("minIntervalMs", settings.minIntervalMs, "no more than maxIntervalMs");
  }
  const hasSecret = (token ?? headers.authorization) !== undefined;
  const sender = { address: addressOf(baseUrl, hasSecret), headers, token, fetch };
  return { settings, apiVersion, learned: learned || {}, sender, clock, onEvent };
}

/** Options of other clients, HubSpot's own among them, that ours takes by another name. */
const OTHER_NAMES = {
  accesstoken: "token",
  apikey: "token",
  basepath: "baseUrl",
  defaultheaders: "headers",
  limiteroptions: "rateLimit",
  concurrency: "maxConcurrent",
};

/** A name without what people write in different ways. */
const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z]|ms$/g, "");

/** Who gives a name that is not known is told of it, since what was meant by it would not happen. */
export function refuseUnknown(options: unknown, names: string[]): void {
  for (const name of reading("options", () => Object.keys(options ?? {}))) {
    if (names.includes(name) || !isSome(reading(name, () => fieldsOf(options)[name]))) continue;
    const plain = plainName(name);
    const likely = own(OTHER_NAMES, plain) ?? names.find((known) => plainName(known) === plain);
    throw refused(name, "an option that is unknown", likely ? `\`${likely as string}\`` : `one of ${names.sort().join(", ")}`);
  }
}

/** No requests stand for no limit. */
function readRateLimit(value: unknown): Partial<Settings> {
  if (value === false) return { rateLimitRequests: 0 };
  const { requests, perMs } = attempt(() => readOptions(value, RATE_LIMIT)) ?? {};
  if (requests === undefined || perMs === undefined) {
    throw refusalOfKind("rateLimit", value, "{ requests, perMs }, two numbers above 0, or false for none");
  }
  return { rateLimitRequests: requests, rateLimitPerMs: perMs };
}

/** What {@link learnedBy} gave; false for no learning. */
function readLearned(value: unknown): Remembered | false {
  if (typeof value === "boolean") return value && {};
  if (typeof value !== "object") throw refusalOfKind("learned", value, "what learned() gave, or false");
  return fieldsOf(reading("learned", () => plain(value)));
}

/** What tasks of a family took in seconds: a list for each phase. What is no list of durations is as good as none. */
export function durationsOf(learned: Remembered, family: string): number[][] {
  const isNumber = (seconds: unknown) => typeof seconds === "number";
  const list = (seconds: unknown) => (Array.isArray(seconds) ? seconds.filter(isNumber) : []);
  return PHASES.map((phase) => list(fieldsOf(own(learned, family))[phase]));
}

/** What a client learned of its families. `secondsOf` gives a list of durations by a family's number and a phase's place. */
export const learnedBy = (
  families: readonly Family[],
  secondsOf: (family: number, phase: number) => Iterable<number>,
): Learned =>
  Object.fromEntries(
    families.map(({ facts, place }) => [
      facts.name,
      Object.fromEntries(PHASES.map((phase, at) => [phase, [...secondsOf(place, at)]])),
    ]),
  );

// Statuses.

export interface StatusGiven {
  /** A copy without getters. */
  readonly status: object;
  /** Undefined where none is named. */
  readonly family: FamilyFacts | undefined;
}

const FAMILY = familyNamed(BUILT_IN, (facts) => facts);

/** A status whose outcome a caller asks for. */
export function readStatus(status: unknown, family: unknown): StatusGiven {
  const facts = typeof family === "object" && family ? readDefinition(family) : FAMILY[1](family);
  if (!facts && isSome(family)) throw refusal("family", family, `${FAMILY[0]}, or a definition`);
  const copy = reading("status", () => plain(status));
  const { field } = (facts ?? USUAL).state;
  if (typeof at(copy, field) !== "string") throw refusal("status", status, `an object with a string ${field}`);
  return { status: copy as object, family: facts };
}
