// The simulator: an account at HubSpot that is asked through its `fetch`, which takes scripted answers before usual ones.
import { type SimulatedStart, scopesOf } from "./account.js";
import { readBody } from "./bodies.js";
import { OPEN_CORS, preflight } from "./cors.js";
import { download } from "./downloads.js";
import { rateLimit } from "./errors.js";
import type { SimulatedFamily } from "./families.js";
import { FILES_PATH, type SimulatedDownloads } from "./files.js";
import type { SimulatorOptions } from "./options.js";
import type { Limited } from "./rate-limit.js";
import { type SimulatorRequestInit, type SimulatorSignal, abortReason, pause, percentDecoded, readRequest, urlOf } from "./requests.js";
import { type HostResponse, responseOf } from "./responses.js";
import { METHODS, type Route, Routes } from "./routes.js";
import { type Answer, Script, type ScriptOptions, type ScriptedAnswer, type SimulatedCall, completed } from "./script.js";
import { setUp } from "./set-up.js";
import type { SimulatedTask } from "./tasks.js";
import { JSON_TYPE, isObject, requireDuration } from "./values.js";

/** A request that the simulator got. */
export interface SimulatedRequest {
  /** When it arrived, by the simulator's clock. */
  readonly at: number;
  /** In capitals. */
  readonly method: string;
  /** As it was given to fetch. */
  readonly url: string;
  /** The path of the URL, percent-encoded. */
  readonly path: string;
  /** By lower-case name; the token is among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it was given to fetch; absent where none was. */
  readonly body?: unknown;
  /** The status answered, or what became of it; undefined while the answer is under way. */
  readonly status: number | "network-error" | "aborted" | "hang" | undefined;
  /** What it asked for; absent where the path is none that is known. */
  readonly call?: SimulatedCall;
  /** Decoded; absent where the path has none, undefined where it cannot be decoded. */
  readonly taskId?: string | undefined;
  /** The family's name; absent where the path is none that is known. */
  readonly family?: string;
}

/** A simulated account at HubSpot. */
export interface Simulator<Name extends string = never> {
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
  readonly addTask: (family: SimulatedFamily | Name, task?: SimulatedTask) => string;
  /**
   * Adds a task drawn from the seed, requested now: the same ones for the same seed and families, in order. How long it
   * is PENDING and PROCESSING is lognormal with a median of 20 seconds each. One of 20 each succeeds with errors, fails
   * (extracts do neither) and is canceled; the others succeed.
   *
   * @returns Its id.
   * @throws TypeError for an unknown family.
   */
  readonly addRandomTask: (family: SimulatedFamily | Name) => string;
  /**
   * Gives these answers, in order, to the next requests, of some kind or of any, before the normal behaviour resumes.
   * `{}` lets one request pass. Preflights take none, nor do requests beyond the rate limit.
   *
   * @throws TypeError for what is no answer; then none of them is taken.
   */
  readonly script: (answers: ScriptedAnswer | readonly ScriptedAnswer[], options?: ScriptOptions) => void;
  /** Every request, in order. One whose signal had aborted before is never sent, so it is not here. */
  readonly requests: SimulatedRequest[];
  /** The tasks that requests really started, whatever they were answered, in order. */
  readonly starts: readonly SimulatedStart[];
  /** May be changed at any time, as {@link SimulatedDownloads.origin} among them. */
  readonly downloads: SimulatedDownloads;
  /** May be changed at any time. */
  tokens: string[] | undefined;
  /** May be changed at any time. */
  scopes: string[] | undefined;
  /** May be changed at any time. */
  latencyMs: number;
}

type Writable<Fields> = { -readonly [Name in keyof Fields]: Fields[Name] };

/** So much of a reply as there is: an answer, or what becomes of the request without one. */
type Outcome = Answer | "network-error" | "hang";

/**
 * Makes a simulator: an account at HubSpot of its own, with no task yet.
 *
 * @throws TypeError for an option with a wrong value.
 */
export function createSimulator<Name extends string = never>(options: SimulatorOptions<Name> = {}): Simulator<Name> {
  const { clock, cors, prefix, limiter, families, account, tasks, files } = setUp(options);
  const routes = new Routes(families, prefix);
  const script = new Script();

  /** The headers that all answers have, and the body as it is sent. */
  function respond(answer: Answer, at: number, limitHeaders: Record<string, string> | undefined, signal: SimulatorSignal | undefined) {
    const { status, headers, body = "", breaks, bytesPerSecond } = answer;
    const isJson = isObject(body) && !(body instanceof Uint8Array);
    const all: Record<string, string | null> = {
      date: new Date(at).toUTCString(),
      ...(isJson && { "content-type": JSON_TYPE }),
      ...(cors === "open" && OPEN_CORS),
      ...limitHeaders,
      ...headers,
    };
    const sent = Object.entries(all).filter((header): header is [string, string] => header[1] !== null);
    const delivery = { breaks, bytesPerSecond, clock, signal };
    return responseOf(status, Object.fromEntries(sent), isJson ? JSON.stringify(body) : body, delivery);
  }

  const fetch: Simulator["fetch"] = async (input, init) => {
    const request = readRequest(input, init);
    const { url, method, headers, body, signal } = request;
    if (signal?.aborted) throw abortReason(signal);

    const { pathname: path, search } = urlOf(url);
    const route = routes.find(path, method);
    const isDownload = !route && path.startsWith(FILES_PATH);
    const asked = {
      ...(route && { call: route.call, family: route.family.name }),
      ...(route?.hasTaskId && { taskId: route.taskId }),
      ...(isDownload && { call: "download" as const, taskId: percentDecoded(path.split("/")[2] ?? "") }),
    };
    const at = clock.now();
    const sentBody = body !== undefined && { body };
    const record: Writable<SimulatedRequest> = { at, method, url, path, headers, ...sentBody, status: undefined, ...asked };
    simulator.requests.push(record);

    // The answer, its date included, is what is true when the request arrives: the latency comes after.
    const isPreflight = method === "OPTIONS" && cors === "open";
    const limited: Partial<Limited> = isPreflight || isDownload ? {} : (limiter?.(at) ?? {});
    const { exceeded } = limited;
    const sent = body === undefined ? undefined : await readBody(body, headers["content-type"]);
    const usual = once(() => {
      if (isPreflight) return preflight(headers, route ? METHODS[route.call] : "GET, POST");
      if (isDownload) return download(files, request, path, search);
      return exceeded ? account.refuse(429, rateLimit(exceeded)) : account.answer(request, search, sent, route, simulator);
    });
    const scripted = isPreflight || exceeded ? {} : script.take(asked);
    const outcome = outcomeOf(scripted, usual, route);
    const latencyMs = isObject(outcome) ? (outcome.latencyMs ?? simulator.latencyMs) : simulator.latencyMs;
    if (outcome === "hang") record.status = "hang";
    try {
      await pause(clock, outcome === "hang" ? Infinity : latencyMs, signal);
    } catch (reason) {
      record.status = "aborted";
      throw reason;
    }
    if (!isObject(outcome)) {
      record.status = "network-error";
      throw new TypeError("fetch failed");
    }
    record.status = outcome.status;
    return respond(outcome, at, limited.headers, signal);
  };

  const simulator: Simulator<Name> = {
    fetch,
    addTask: (family, task) => tasks.add(family, task).id,
    addRandomTask: (family) => tasks.addRandom(family).id,
    script: (answers, options) => {
      script.add(answers, options);
    },
    requests: [],
    starts: account.starts,
    downloads: files.options,
    tokens: options.tokens,
    scopes: options.scopes,
    latencyMs: requireDuration("latencyMs", options.latencyMs ?? 0),
  };
  return simulator;
}

/** What becomes of a request; what it asks for is carried out with the usual answer, at most once. */
function outcomeOf(scripted: ScriptedAnswer, usual: () => Answer, route: Route | undefined): Outcome {
  const isCarriedOut = isObject(scripted) && "carriedOut" in scripted;
  if (isCarriedOut) usual();
  const reply = isCarriedOut ? scripted.carriedOut : scripted;
  return isObject(reply) ? completed(reply, usual, route?.family.name, route ? scopesOf(route) : []) : reply;
}

function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
