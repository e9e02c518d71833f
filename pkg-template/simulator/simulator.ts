// The simulator: an account at HubSpot that is asked through its `fetch`, which takes scripted answers before usual ones.
import { Account } from "./account.js";
import { type SimulatedFamily, routeOf } from "./families.js";
import { rateLimit } from "./faults.js";
import { type Limited, rateLimitHeaders, rateLimiter } from "./rate-limit.js";
import {
  type SimulatorClock,
  type SimulatorRequestInit,
  type SimulatorSignal,
  abortReason,
  pause,
  readRequest,
  urlOf,
} from "./requests.js";
import { type HostResponse, responseOf } from "./responses.js";
import { type Answer, Script, type ScriptedAnswer, completed } from "./script.js";
import type { SimulatedTask } from "./tasks.js";
import { JSON_TYPE, isObject, requireDuration, requireOneOf, requireWhole } from "./values.js";

/** Options of {@link createSimulator}. */
export interface SimulatorOptions {
  /** The host's unless given. */
  clock?: SimulatorClock | undefined;
  /** Milliseconds from a request to its answer; 0, the default, needs no timer. */
  latencyMs?: number | undefined;
  /** The bearer tokens that are accepted, others get 401; unless given, any token or none. */
  tokens?: string[] | undefined;
  /** The scopes of the token; a family that needs others gets 403; unless given, all. */
  scopes?: string[] | undefined;
  /** "none", the default, as HubSpot: no CORS headers. "open": any origin may ask and read; preflights are answered. */
  cors?: "none" | "open" | undefined;
  /** A path (or a URL with one) at which the API is accepted too, as behind a proxy: "/hubspot". */
  baseUrl?: string | undefined;
  /**
   * The account's limits, whole numbers; unless given, none. A request beyond one gets 429, TEN_SECONDLY_ROLLING or
   * DAILY (DAILY where it is beyond both), and leaves the script as it is. Every other request counts, scripted answers
   * and dropped connections included; preflights and refused requests do not, so asking on does not prolong the wait.
   *
   * Every answer but a preflight's has `X-HubSpot-RateLimit-Max`, `-Remaining` and `-Interval-Milliseconds`, with
   * `daily` also `-Daily` and `-Daily-Remaining`. A scripted answer's own headers, a fault's too, take their place.
   */
  rateLimit?:
    | {
        /** How many requests are let through in any window; 0 lets none through. */
        requests: number;
        /** How long a window is: HubSpot's is 10,000; the refusal is called TEN_SECONDLY_ROLLING anyway. Not 0. */
        perMs: number;
        /** "sliding", the default: any `perMs` milliseconds. "fixed": each begins at a multiple of them, by the clock. */
        window?: "sliding" | "fixed" | undefined;
        /** How many are let through in a day, which ends at midnight UTC; no limit and no headers unless given. */
        daily?: number | undefined;
      }
    | undefined;
  /**
   * Whether the account's exports queue: one runs at a time, in the order of adding, while the others stay PENDING, for
   * `pendingMs` at least. One that waits longer holds up those after it. False unless given.
   */
  exportQueue?: boolean | undefined;
  /**
   * A whole number: what {@link Simulator.addRandomTask} draws from, 0 unless given, and what ids are made of. Simulators
   * of one seed give the same ids; those that are given none give different ones, as accounts do.
   */
  seed?: number | undefined;
}

/** A request that the simulator got. */
export interface SimulatedRequest {
  /** When it arrived, by the simulator's clock. */
  readonly at: number;
  readonly method: string;
  /** As it was given to fetch. */
  readonly url: string;
  /** The path of the URL, percent-encoded. */
  readonly path: string;
  /** By lower-case name; the token is among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The status answered, or what became of it; undefined while the answer is under way. */
  readonly status: number | "network-error" | "aborted" | "hang" | undefined;
  /** Decoded; absent where the path is no status path, undefined where it cannot be decoded. */
  readonly taskId?: string | undefined;
  readonly family?: SimulatedFamily;
}

/** A simulated account at HubSpot. */
export interface Simulator {
  /**
   * Answers as the API does. A relative URL is accepted, a Request too, and the host is not looked at. Redirects are
   * not followed. Needs no `this`.
   *
   * Rejects with the reason of `init.signal` when that aborts, and with a TypeError for a scripted network error and
   * for a URL that cannot be read.
   */
  readonly fetch: (url: string | { toString(): string }, init?: SimulatorRequestInit) => Promise<HostResponse>;
  /**
   * Adds a task, requested now.
   *
   * @returns Its id.
   * @throws TypeError for a value that the family cannot have (an extract has no errors and no result; ids of exports
   * and extracts are decimal digits), and for an id that is taken.
   */
  readonly addTask: (family: SimulatedFamily, task?: SimulatedTask) => string;
  /**
   * Adds a task drawn from the seed, requested now: the same ones for the same seed and families, in order. How long it
   * is PENDING and PROCESSING is lognormal with a median of 20 seconds each. One of 20 each succeeds with errors, fails
   * (extracts do neither) and is canceled; the others succeed.
   *
   * @returns Its id.
   * @throws TypeError for an unknown family.
   */
  readonly addRandomTask: (family: SimulatedFamily) => string;
  /**
   * Gives these answers, in order, to the next requests, of one task or of any, before the normal behaviour resumes.
   * `{}` lets one request pass. Preflights take none, nor do requests beyond the rate limit.
   *
   * @throws TypeError for what is no answer; then none of them is taken.
   */
  readonly script: (
    answers: ScriptedAnswer | readonly ScriptedAnswer[],
    options?: { taskId?: string | number | bigint | undefined },
  ) => void;
  /** Every request, in order. One whose signal had aborted before is never sent, so it is not here. */
  readonly requests: SimulatedRequest[];
  /** May be changed at any time, as the two below. */
  tokens: string[] | undefined;
  scopes: string[] | undefined;
  latencyMs: number;
}

/** The host's clock, looked up at each call so that a test's fake timers are used. */
const hostClock: SimulatorClock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => {
    globalThis.clearTimeout(handle);
  },
};

const EXPOSED_HEADERS = ["date", "retry-after", ...Object.keys(rateLimitHeaders(0, 0))].join(", ");
const OPEN_CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED_HEADERS };

const preflight = (headers: Record<string, string>): Answer => ({
  status: 204,
  headers: {
    "access-control-allow-methods": "GET",
    "access-control-allow-headers": headers["access-control-request-headers"] ?? "authorization",
    "access-control-max-age": "600",
  },
});

/** So many new things one simulator may name before it comes to the names of the next. */
const SERIALS = 100_000;

/** So many seeds have names of their own, each of which is an exact number. */
const SEEDS = 20_000;

/** How many simulators were given no seed. */
let unseeded = 0;

type Writable<Fields> = { -readonly [Name in keyof Fields]: Fields[Name] };

/**
 * Makes a simulator: an account at HubSpot of its own, with no task yet.
 *
 * @throws TypeError for an option with a wrong value.
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const clock = options.clock ?? hostClock;
  const cors = options.cors ?? "none";
  const prefix = options.baseUrl ? urlOf(options.baseUrl).pathname.replace(/\/$/, "") : "";
  const limiter = options.rateLimit === undefined ? undefined : rateLimiter(options.rateLimit);
  const seed = requireWhole("seed", options.seed ?? 0);
  const firstSerial = ((options.seed === undefined ? ++unseeded : seed) % SEEDS) * SERIALS;
  requireOneOf("cors", cors, { none: true, open: true });
  const account = new Account({ now: () => clock.now(), exportQueue: options.exportQueue ?? false, seed, firstSerial, showsLimits: !limiter });
  const script = new Script();

  /** The headers that all answers have, and the body as text. */
  function respond(
    { status, headers, body, breaks }: Answer,
    at: number,
    limitHeaders: Record<string, string> | undefined,
    signal: SimulatorSignal | undefined,
  ) {
    const all: Record<string, string | null> = {
      date: new Date(at).toUTCString(),
      ...(isObject(body) && { "content-type": JSON_TYPE }),
      ...(cors === "open" && OPEN_CORS),
      ...limitHeaders,
      ...headers,
    };
    const sent = Object.entries(all).filter((header): header is [string, string] => header[1] !== null);
    const text = isObject(body) ? JSON.stringify(body) : (body ?? "");
    return responseOf(status, Object.fromEntries(sent), text, breaks && { ...breaks, signal });
  }

  const fetch: Simulator["fetch"] = async (input, init) => {
    const request = readRequest(input, init);
    const { url, method, headers, signal } = request;
    if (signal?.aborted) throw abortReason(signal);

    const path = urlOf(url).pathname;
    const route = routeOf(path, prefix);
    const at = clock.now();
    const record: Writable<SimulatedRequest> = { at, method, url, path, headers, status: undefined };
    if (route) Object.assign(record, { taskId: route.taskId, family: route.family });
    simulator.requests.push(record);

    // The answer, its date included, is what is true when the request arrives: the latency comes after.
    const isPreflight = method === "OPTIONS" && cors === "open";
    const limited: Partial<Limited> = isPreflight ? {} : (limiter?.(at) ?? {});
    const { exceeded } = limited;
    const usual = () => {
      if (isPreflight) return preflight(headers);
      return exceeded ? account.refuse(429, rateLimit(exceeded)) : account.answer(request, route, simulator);
    };
    const scripted = isPreflight || exceeded ? {} : script.take(route?.taskId);
    const answer = isObject(scripted) ? completed(scripted, route?.family, usual) : undefined;
    if (scripted === "hang") record.status = "hang";
    try {
      await pause(clock, scripted === "hang" ? Infinity : (answer?.latencyMs ?? simulator.latencyMs), signal);
    } catch (reason) {
      record.status = "aborted";
      throw reason;
    }
    if (!answer) {
      record.status = "network-error";
      throw new TypeError("fetch failed");
    }
    record.status = answer.status;
    return respond(answer, at, limited.headers, signal);
  };

  const simulator: Simulator = {
    fetch,
    addTask: (family, task) => account.tasks.add(family, task),
    addRandomTask: (family) => account.tasks.addRandom(family),
    script: (answers, options) => {
      script.add(answers, options);
    },
    requests: [],
    tokens: options.tokens,
    scopes: options.scopes,
    latencyMs: requireDuration("latencyMs", options.latencyMs ?? 0),
  };
  return simulator;
}
