/**
 * A simulator of HubSpot's asynchronous task API: a `fetch` that answers as HubSpot does.
 *
 * @example
 * ```ts
 * const simulator = createSimulator();
 * const taskId = simulator.addTask("export", { pendingMs: 2_000, processingMs: 5_000 });
 * simulator.script([faults.rateLimited(), "network-error"]);
 * const client = new HubSpotTasks({ fetch: simulator.fetch });
 * ```
 *
 * @packageDocumentation
 */

/** A family of task. */
export type SimulatedFamily = "fileImport" | "folderUpdate" | "export" | "sourceCodeExtract";

/** How a simulated task ends. "failed" is COMPLETE with errors and without a result: HubSpot has no status FAILED. */
export type SimulatedOutcome = "succeeded" | "succeededWithErrors" | "failed" | "canceled";

/** What tells the time and waits. */
export interface SimulatorClock {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the handle is whatever setTimeout gave
  clearTimeout(handle: any): void;
}

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
        /** How many requests are let through in any `perMs` milliseconds, a sliding window; 0 lets none through. */
        requests: number;
        /** HubSpot's is 10,000; the refusal is called TEN_SECONDLY_ROLLING whatever it is. Not 0. */
        perMs: number;
        /** How many are let through in a day, which ends at midnight UTC; no limit and no headers unless given. */
        daily?: number | undefined;
      }
    | undefined;
  /**
   * Whether the account's exports queue: one runs at a time, in the order of adding, while the others stay PENDING, for
   * `pendingMs` at least. One that waits longer holds up those after it. False unless given.
   */
  exportQueue?: boolean | undefined;
  /** A whole number: what {@link Simulator.addRandomTask} draws from; 0 unless given. */
  seed?: number | undefined;
}

/** A task to simulate: see {@link Simulator.addTask}. */
export interface SimulatedTask {
  /** Generated unless given: decimal digits for exports and extracts, an opaque string for the others. */
  id?: string | number | bigint | undefined;
  /**
   * How long the task is PENDING, in milliseconds; 0 unless given. Infinity is allowed. With
   * {@link SimulatorOptions.exportQueue} an export is PENDING until its turn as well.
   */
  pendingMs?: number | undefined;
  /** How long it is PROCESSING after that, in milliseconds; 0 unless given. Infinity is allowed. */
  processingMs?: number | undefined;
  /** "succeeded" unless given. */
  outcome?: SimulatedOutcome | undefined;
  /** The errors shown once the task is over; unless given, one where the outcome has errors and none otherwise. */
  errors?: unknown[] | undefined;
  /** The result, as it is; a real-looking one unless given. For exports that is a new URL at each request. */
  result?: unknown;
  /** Fields added to every status; one of a known name takes its place. */
  unknown?: Record<string, unknown> | undefined;
}

/** An answer of one's own. */
export interface ScriptedResponse {
  /** 200 to 599. Without it, this is the normal answer with the parts given here in place of its own. */
  status?: number | undefined;
  /** Added to the usual ones; null leaves a usual one out (`{ date: null }`). */
  headers?: Record<string, string | null> | undefined;
  /** An object is sent as JSON, a string as it is, nothing as an empty body. */
  body?: string | object | undefined;
  /** In place of the simulator's, in milliseconds. */
  latencyMs?: number | undefined;
}

/**
 * An answer for {@link Simulator.script}: a response, "network-error" (fetch rejects with a TypeError, a server drops
 * the connection), or "hang" (no answer until the request is aborted).
 */
export type ScriptedAnswer = ScriptedResponse | "network-error" | "hang";

/** Options of all {@link faults}. */
export interface FaultOptions {
  /** The `Retry-After` header: seconds, or an HTTP date. */
  retryAfter?: number | string | undefined;
  /** As in {@link ScriptedResponse}. */
  headers?: Record<string, string | null> | undefined;
  /** As in {@link ScriptedResponse}, in milliseconds. */
  latencyMs?: number | undefined;
}

/** Gives a new plain answer object. */
export type Fault<Options = FaultOptions> = (options?: Options) => ScriptedResponse & { status: number };

/** Ready-made answers for {@link Simulator.script}. */
export const faults: {
  /** 401. */
  readonly unauthorized: Fault;
  /** 403 MISSING_SCOPES, asking for `scopes`. */
  readonly forbidden: Fault<FaultOptions & { scopes?: string[] | undefined }>;
  /** 404 in HTML, as for an unknown route. */
  readonly notFoundHtml: Fault;
  /** 423. */
  readonly locked: Fault;
  /** 429 TEN_SECONDLY_ROLLING, without a category and, unless given, without `Retry-After`. */
  readonly rateLimited: Fault;
  /** 429 DAILY, without a category and, unless given, without `Retry-After`. */
  readonly rateLimitedDaily: Fault;
  /** 477, with a `Retry-After` of 3600 seconds unless given. */
  readonly migrating: Fault;
  /** 500 in JSON. */
  readonly serverError: Fault;
  /** 502 in HTML. */
  readonly badGateway: Fault;
  /** 503 in HTML. */
  readonly unavailable: Fault;
  /** 504 in HTML. */
  readonly gatewayTimeout: Fault;
  /** 200 with an HTML page. */
  readonly html: Fault;
  /** 200 with half a JSON text. */
  readonly truncated: Fault;
  /** 202 without a body. */
  readonly empty: Fault;
  /** 302 to `location`. */
  readonly redirect: Fault<FaultOptions & { location?: string | undefined }>;
};

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

/** What the simulator uses of an AbortSignal. */
export interface SimulatorSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What the simulator reads of the second argument of fetch; a RequestInit is assignable. */
export interface SimulatorRequestInit {
  method?: string | undefined;
  /** A record, pairs, or a Headers. */
  headers?: object | undefined;
  /** Not looked at. */
  body?: unknown;
  signal?: SimulatorSignal | null | undefined;
  /** Not looked at: redirects are never followed. */
  redirect?: string | undefined;
}

/** An answer where the host has no Response. */
export interface SimulatorResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  json(): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as Response has it
}

/** The host's Response, where its types are loaded. */
export type HostResponse = typeof globalThis extends { Response: { prototype: infer HostsOwn } }
  ? HostsOwn
  : SimulatorResponse;

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

/**
 * Makes a simulator: an account at HubSpot of its own, with no task yet.
 *
 * @throws TypeError for an option with a wrong value.
 */
export function createSimulator(options?: SimulatorOptions): Simulator;
