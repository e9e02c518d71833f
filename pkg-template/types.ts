// The public types that belong to no class: options, handles, checkpoints, events, and what callers give in place of hosts'.
import type { HubSpotTaskError } from "./error.js";
import type {
  CrmImport,
  CrmImportError,
  CrmImportResult,
  ExportDetails,
  ExportRequest,
  HubSpotFile,
  HubSpotFolder,
  HubSpotTaskErrorCode,
  TaskState,
  TaskStatus,
} from "./generated/data.js";

/** One kind of task. */
export interface TaskFamily<Result, Request, Family extends TaskFamilyName = TaskFamilyName> {
  /**
   * Asks once, now, and gives HubSpot's object as it came. An empty answer gives the newest status that there was, or
   * `{ status: "PENDING" }`. Passing faults reject, too: `wait()` is what survives them.
   */
  status(taskId: TaskId, options?: CallOptions): Promise<TaskStatus<Result>>;
  /**
   * A handle of one task; sends nothing. Handles of the same task share its polls.
   * @throws {HubSpotTaskError} INVALID_ARGUMENT
   */
  task(taskId: TaskId, options?: TaskOptions): Task<Result, Family>;
  /**
   * Starts a task: sends one POST, and never a second one where the first may have been carried out. Then it rejects with
   * UNKNOWN_OUTCOME: look in HubSpot before you start it again.
   *
   * Rejects with {@link HubSpotTaskError}: INVALID_ARGUMENT for what HubSpot would refuse for certain, before anything is
   * sent. The first poll of the task comes after `minIntervalMs`.
   */
  start(request: Request, options?: TaskOptions & CallOptions): Promise<Task<Result, Family>>;
  /**
   * Starts a task and waits for it. Rejects as `start()` does, with UNKNOWN_OUTCOME where the start may have been carried out,
   * and then as the task's `wait()` does: FAILED, CANCELED, TIMEOUT and what stops asking.
   */
  run(request: Request, options?: WaitOptions<Result>): Promise<FinishedTask<Result>>;
}

/** CRM exports. */
export interface ExportFamily extends TaskFamily<string, ExportRequest, "export"> {
  /** The export as HubSpot keeps it: the one place where its failure shows. One request, not repeated. */
  details(taskId: TaskId, options?: CallOptions): Promise<ExportDetails>;
}

/** CRM imports. */
export interface ImportFamily extends TaskFamily<CrmImportResult, CrmImportRequest, "import"> {
  /** What went wrong, row by row: a page is asked for when it is needed. */
  errors(taskId: TaskId, options?: CallOptions): AsyncIterable<CrmImportError>;
  /** Asks HubSpot to cancel it. `wait()` tells when that is done: it rejects with CANCELED. */
  cancel(taskId: TaskId, options?: CallOptions): Promise<void>;
}

/** What starts a CRM import. */
export interface CrmImportRequest {
  /** What HubSpot is to do with the files. */
  importRequest: CrmImport;
  /** The files, in the order of `importRequest.files`, whose names they get. */
  files: CrmImportSource | readonly CrmImportSource[];
}

/** A `File`, a `Blob` or bytes; in Node from 20.16 on also the path of a file. */
export type CrmImportSource = object | string;

/** A family that is not built in. `details()`, `errors()` and `cancel()` need the paths of its definition. */
export interface DefinedFamily<Result, Request> extends TaskFamily<Result, Request> {
  /** More of a task, as HubSpot sends it. */
  details(taskId: TaskId, options?: CallOptions): Promise<object>;
  /** The errors that a task met, page by page: the lists `results`, as far as `paging.next.after` leads. */
  errors(taskId: TaskId, options?: CallOptions): AsyncIterable<unknown>;
  /** Asks HubSpot to cancel a task. */
  cancel(taskId: TaskId, options?: CallOptions): Promise<void>;
}

/** A family of task that is not built in: docs/families.md. A field may be named with dots: `metadata.counters.ERRORS`. */
export interface FamilyDefinition<Result = unknown, Request = unknown> {
  /** Its name in errors, events and checkpoints. */
  readonly name: string;
  /** Paths after the base URL, with `{version}` for the API version and `{taskId}` for the id. */
  readonly paths: {
    /** Answers for one task (GET). */
    readonly status: FamilyPath;
    /** Starts one (POST). */
    readonly start?: FamilyPath | undefined;
    /** Tells more of one (GET). */
    readonly details?: FamilyPath | undefined;
    /** Cancels one (POST). */
    readonly cancel?: FamilyPath | undefined;
    /** Lists the errors that one met (GET). */
    readonly errors?: FamilyPath | undefined;
  };
  /** What its ids look like: `"text"` if not given. */
  readonly id?: "text" | "int32" | "int64" | undefined;
  /** Which field holds the word for where a task stands, and what the words mean: those of exports if not given. */
  readonly state?:
    | {
        /** `"status"` if not given. */
        readonly field?: string | undefined;
        /** Not begun; so is a word that is not named. */
        readonly queued?: readonly string[] | undefined;
        /** Being worked on. */
        readonly running?: readonly string[] | undefined;
        /** Over: with errors if there are any, failed if it lacks its result. */
        readonly succeeded?: readonly string[] | undefined;
        /** Over, with errors. */
        readonly succeededWithErrors?: readonly string[] | undefined;
        /** Over, without success. */
        readonly failed?: readonly string[] | undefined;
        /** It will not be done. */
        readonly canceled?: readonly string[] | undefined;
      }
    | undefined;
  /** Where a status has the result; not given: the family has none. */
  readonly result?:
    | {
        readonly field: string;
        /** Whether it is a text: then an empty one, or anything else, is none. */
        readonly isText?: boolean | undefined;
        /** The values that are a result: any other one is none. */
        readonly oneOf?: readonly string[] | undefined;
        /** For how long it can be used: then a task that has ended is asked for a fresh one. */
        readonly livesMs?: number | undefined;
      }
    | undefined;
  /** Where a status has the errors that its task met: `"errors"` and `"numErrors"` if not given. */
  readonly errors?: { readonly field?: string | undefined; readonly countField?: string | undefined } | undefined;
  /** The fields of its dates, where they have other names. */
  readonly dates?:
    | {
        readonly requestedAt?: string | undefined;
        readonly startedAt?: string | undefined;
        readonly completedAt?: string | undefined;
      }
    | undefined;
  /** The scopes of which a token needs one. */
  readonly scopes?: readonly string[] | undefined;
  /** Words of its details that end it though its status does not say so, as exports have: asked seldom, when it is silent. */
  readonly details?:
    | {
        readonly field: string;
        /** Told, but no end. */
        readonly queued?: readonly string[] | undefined;
        readonly failed?: readonly string[] | undefined;
        readonly canceled?: readonly string[] | undefined;
      }
    | undefined;
  /** How a task is started. */
  readonly start?:
    | {
        /** `"json"` if not given; in the parts of `"multipart"` each field is one, and each of `files`. */
        readonly sends?: "json" | "multipart" | undefined;
        /** What is answered, which has the id: `"locator"` if not given, or the whole task, or the field that it stands in. */
        readonly answers?: "locator" | "task" | { readonly field: string } | undefined;
        /** The fields of a request that HubSpot needs: of each list one. */
        readonly requires?: readonly (readonly string[])[] | undefined;
      }
    | undefined;
  /** Whether an account runs few at a time: then the time in HubSpot's queue is left out of the default deadline. */
  readonly isQueued?: boolean | undefined;
  /** Of types alone: never there. */
  readonly types?: { readonly result: Result; readonly request: Request };
}

/** A path for all API versions, or one for those like `v3` and one for those like `2026-03`. */
export type FamilyPath = string | { readonly numbered: string; readonly dated: string };

/** How many tasks of {@link HubSpotTasks.all} are over. */
export interface Progress {
  /** How many have ended, however. */
  done: number;
  /** How many of them ended with an error. */
  failed: number;
  /** How many there are. */
  total: number;
  /** When the last is likely to end, where enough is learned of each, in milliseconds since the Unix epoch. */
  expectedEndMs?: number;
}

/** What came of one of many tasks. */
export type Settled<Of> =
  | { task: Of; finished: Of extends Task<infer Result> ? FinishedTask<Result> : never; error?: undefined }
  | { task: Of; error: unknown; finished?: undefined };

/** What tasks of a family make. */
export type ResultOf<Family extends TaskFamilyName> = Family extends "fileImport"
  ? HubSpotFile
  : Family extends "folderUpdate"
    ? HubSpotFolder
    : Family extends "export"
      ? string
      : Family extends "import"
        ? CrmImportResult
        : Family extends "sourceCodeExtract"
          ? undefined
          : unknown;

/** A handle of one task. */
export interface Task<Result, Family extends TaskFamilyName = TaskFamilyName> {
  /** The id, as it was given. */
  readonly id: string;
  /** The family's name. */
  readonly family: Family;
  /** The newest status that HubSpot sent. */
  readonly latest: TaskStatus<Result> | undefined;
  /** Asks once, now. See {@link TaskFamily.status}. */
  status(options?: CallOptions): Promise<TaskStatus<Result>>;
  /**
   * Asks until the task is over. The first poll is at once, the next ones wait for the square root of the task's age.
   *
   * Rejects with {@link HubSpotTaskError}: CANCELED and FAILED when the task did not succeed, TIMEOUT at the deadline,
   * other codes for what asking again would not mend. An abort rejects with the signal's reason.
   */
  wait(options?: WaitOptions<Result>): Promise<FinishedTask<Result>>;
  /**
   * The task's statuses: the newest one first if there is one, then each changed one, the newest where they come faster
   * than they are taken; the last one always. Ends after it, canceled and failed tasks included, and throws on errors.
   * Nothing is sent while no `next()` is pending.
   */
  statuses(options?: CallOptions & TaskOptions): AsyncIterableIterator<TaskStatus<Result>>;
  /** The same: `for await (const status of task)`. */
  [Symbol.asyncIterator](): AsyncIterator<TaskStatus<Result>>;
  /** Where the polling stands: plain JSON that another process can carry on. */
  checkpoint(): Checkpoint<Family>;
  /**
   * How long the task is likely still to take, by how long the client's other tasks of its family took. Undefined where
   * too little is known: fewer than 20 of them have finished; also once the task is over, and with `learned: false`. Of a
   * task that was never asked, as if it began now. Sends nothing.
   */
  estimate(): TaskEstimate | undefined;
  /**
   * Calls the listener whenever there is a new snapshot, and gives what ends that. The task is polled while anybody listens:
   * handles of one task share it, and one poll serves all. Who comes after it ended with an error has it polled again.
   */
  subscribe(listener: () => void): () => void;
  /** How it stands now: the same object until something changes, for frameworks that compare. Sends nothing. */
  snapshot(): TaskSnapshot<Result>;
  /**
   * One promise for all handles of the task, made when it is first read: a `wait()` with the task's own time limit. Where
   * nobody handles its rejection, none is reported.
   */
  readonly finished: Promise<FinishedTask<Result>>;
}

/** How a task stands, for whoever shows it. */
export interface TaskSnapshot<Result> {
  /**
   * What happens now: `idle` (nobody listens), `waiting` for its next poll, `asking`, `retrying` after a passing fault,
   * `paused` by HubSpot's rate limit or the client's budget, `over`.
   */
  readonly phase: "idle" | "waiting" | "asking" | "retrying" | "paused" | "over";
  /** The newest status that HubSpot sent. It cannot be changed. */
  readonly status?: TaskStatus<Result>;
  /** How the task stands; `running` too where its polling ended with an error of another kind. */
  readonly outcome: Outcome;
  /** While it is retried or paused: why. */
  readonly problem?: HubSpotTaskError;
  /** When it is asked again, in milliseconds since the Unix epoch. */
  readonly nextPollAtMs?: number;
  /** How many polls were answered or failed. */
  readonly polls: number;
  /** How long the task is likely still to take: see {@link Task.estimate}. */
  readonly estimate?: TaskEstimate;
  /** What the task made. */
  readonly result?: Result;
  /** What `wait()` would have rejected with. */
  readonly error?: unknown;
}

/** How long a task is likely still to take. */
export interface TaskEstimate {
  /** Half of such tasks take no longer. */
  medianMs: number;
  /** Nine in ten take no longer. */
  ninetyPercentMs: number;
}

/**
 * Where a task's polling stands. Plain JSON for a queue's message or a JSON column, without token and result; described by
 * the JSON Schema `hubspot-async-tasks/checkpoint.schema.json`. Fields that this version does not know are kept: a later
 * one may have written them.
 *
 * For a task that you have just started yourself, `{ version: 1, family, taskId, apiVersion, startedMs: Date.now() }` is
 * one: its first poll comes one interval later.
 */
// An alias: an interface fits no type with an index, such as those that JSON columns have.
export type Checkpoint<Family extends TaskFamilyName = TaskFamilyName> = {
  /** The version of this form. */
  version: 1;
  /** The task's family. */
  family: Family;
  /** The id that HubSpot gave. */
  taskId: string;
  /** The version of HubSpot's API that knows the task; it wins over the client's. */
  apiVersion: string;
  /** How many polls were answered or failed so far. */
  polls?: number;
  /** How many passing faults there were in a row: the back-off grows with each. */
  faults?: number;
  /** When the task was started, or first asked for, in milliseconds since the Unix epoch, as all instants here. */
  startedMs?: number;
  /** When HubSpot was first known to work on it. */
  processingMs?: number;
  /** Whether it was seen before HubSpot began to work on it. */
  queued?: boolean;
  /** When the next poll is due; without it one interval after `startedMs`. */
  dueMs?: number;
  /** When to give up: the last poll is sent then; without it never. */
  deadlineMs?: number;
};

/** What {@link HubSpotTasks.poll} gives, told apart by `done` and `outcome`. */
export type PollStep<Family extends TaskFamilyName = TaskFamilyName> =
  | RunningStep<Family>
  | SuccessfulStep<Family, "succeeded">
  | SuccessfulStep<Family, "succeededWithErrors">
  | UnsuccessfulStep<Family, "failed">
  | UnsuccessfulStep<Family, "canceled">;

/** A poll of a task that is not over. */
export interface RunningStep<Family extends TaskFamilyName> {
  /** The task is not over. */
  done: false;
  /** How it stands. */
  outcome: "running";
  /** The newest status that HubSpot sent. */
  status?: TaskStatus<ResultOf<Family>>;
  /** The passing fault that this poll met. */
  fault?: HubSpotTaskError;
  /** For the next poll. */
  checkpoint: Checkpoint<Family>;
  /** How long until the next poll is due, in milliseconds. */
  delayMs: number;
}

/** A poll that saw a task succeed. */
export interface SuccessfulStep<Family extends TaskFamilyName, How extends "succeeded" | "succeededWithErrors"> {
  /** The task is over. */
  done: true;
  /** How it ended. */
  outcome: How;
  /** HubSpot's object as it came. */
  status: TaskStatus<ResultOf<Family>>;
  /** What the task made. */
  result: ResultOf<Family>;
  /** Where the polling stood. */
  checkpoint: Checkpoint<Family>;
}

/** A poll that saw a task end without success. */
export interface UnsuccessfulStep<Family extends TaskFamilyName, How extends "failed" | "canceled"> {
  /** The task is over. */
  done: true;
  /** How it ended. */
  outcome: How;
  /** HubSpot's object as it came. */
  status: TaskStatus<ResultOf<Family>>;
  /** What `wait()` would have rejected with: FAILED or CANCELED. */
  error: HubSpotTaskError;
  /** Where the polling stood. */
  checkpoint: Checkpoint<Family>;
}

/** Durations of finished tasks in seconds, by family: from start to end, and of the work alone. */
export type Learned = Partial<Record<TaskFamilyName, { whole?: number[]; processing?: number[] }>>;

/** Something that happened to a task: see {@link ClientOptions.onEvent}. */
export type TaskEvent = {
  family: TaskFamilyName;
  taskId: string;
  /** Milliseconds since the Unix epoch. */
  at: number;
} & (
  | { type: "asked"; poll: number }
  | { type: "answered"; poll: number; httpStatus: number; durationMs: number }
  | { type: "changed"; status: TaskState }
  /** A poll met a passing fault; the next one comes after `delayMs`. */
  | { type: "retrying"; code: HubSpotTaskErrorCode; delayMs: number }
  /** HubSpot asks for a pause of `delayMs`, or the client's own budget held a poll back for so long. */
  | { type: "throttled"; reason: "budget" | "rate-limit" | "retry-after"; delayMs: number }
  /** The task is over, or a wait ended with an error, or the last of those who waited left. `code` is that of the error. */
  | {
      type: "finished";
      outcome: Outcome | "error" | "aborted";
      code?: HubSpotTaskErrorCode;
      polls: number;
      detectionDelayMs?: number;
    }
);

/** The families' names. */
export type TaskFamilyName = "fileImport" | "folderUpdate" | "export" | "sourceCodeExtract" | "import" | (string & {});

/**
 * The id that HubSpot gave: a string, a safe integer or a bigint; for exports and source-code extracts decimal digits.
 */
export type TaskId = string | number | bigint;

/** How a task stands. `failed` is COMPLETE without the result that it should have; HubSpot has no word for it. */
export type Outcome = "running" | "succeeded" | "succeededWithErrors" | "failed" | "canceled";

/** Options of every call that sends something. */
export interface CallOptions {
  /** Ends the call at once; it rejects with the signal's reason, and nothing is sent afterwards. */
  signal?: TaskAbortSignal | null | undefined;
}

/** Options of a task, over those of its client. */
export interface TaskOptions {
  /** How eagerly to ask. */
  pace?: Pace | null | undefined;
  /**
   * How long to wait at most, in milliseconds; Infinity for no end, 0 to ask once. The last poll is sent then. Where neither
   * the task nor its client is given one, the time that an export or a CRM import spends in HubSpot's queue is left out, for
   * a day at most.
   */
  timeoutMs?: number | null | undefined;
}

/** Options of one wait, over those of its task. */
export interface WaitOptions<Result> extends CallOptions, TaskOptions {
  /**
   * Hears the newest status if there is one, then each changed one, the last one before the promise settles. What it
   * throws, or rejects with, ends this wait. If it returns promises, the wait gives its result after they settled.
   */
  onStatus?: ((status: TaskStatus<Result>) => unknown) | null | undefined;
}

/** A task that succeeded. */
export interface FinishedTask<Result> {
  /** Whether it met errors on its way. */
  outcome: "succeeded" | "succeededWithErrors";
  /** HubSpot's object as it came. */
  status: TaskStatus<Result>;
  /** What the task made. */
  result: Result;
  /** How many polls were answered or failed. */
  polls: number;
  /** How long after its completion that was seen, in milliseconds, where HubSpot told when it completed. */
  detectionDelayMs?: number;
}

/** Options of a client. */
export interface ClientOptions {
  /**
   * Sent as `Authorization: Bearer` to the origin of `baseUrl` alone, over https or to this machine. A function is
   * called for each request, and once more with `refresh: true` after a 401. White space around a token and `Bearer `
   * before it are taken off.
   */
  token?:
    | string
    | ((context: { refresh: boolean }) => string | null | undefined | Promise<string | null | undefined>)
    | null
    | undefined;
  /**
   * Where the API answers: `"https://api.hubapi.com"`, or your proxy. A relative one is
   * resolved on the page's, or the worker's, when the client is first to ask: INVALID_ARGUMENT where there is neither.
   */
  baseUrl?: string | null | undefined;
  /** `"2026-03"` if not given. */
  apiVersion?: "v3" | "2025-09" | "2026-03" | "2026-09" | (string & {}) | null | undefined;
  /** Sent with each request. */
  headers?: Record<string, string> | null | undefined;
  /** Called instead of the host's fetch, which is looked up at each call. */
  fetch?: FetchLike | null | undefined;
  /** How eagerly to ask; `"interactive"` if not given. */
  pace?: Pace | null | undefined;
  /** No interval between polls is shorter, in milliseconds (but for a phase of 10 %): 1,000 if not given. */
  minIntervalMs?: number | null | undefined;
  /** No interval between polls is longer, in milliseconds (but for a phase of 10 %): 60,000 if not given. */
  maxIntervalMs?: number | null | undefined;
  /** How long to wait for a task at most, in milliseconds; Infinity for no end: 900,000 if not given. */
  timeoutMs?: number | null | undefined;
  /** How long one attempt may take, in milliseconds: 30,000 if not given. */
  requestTimeoutMs?: number | null | undefined;
  /**
   * At most so many requests in any so long a time, for all tasks together; `false` for no limit: 100 in 10 s. Each takes
   * 8 bytes as long as it counts.
   */
  rateLimit?: { requests: number; perMs: number } | false | null | undefined;
  /** At most so many requests at a time: 20 if not given. */
  maxConcurrent?: number | null | undefined;
  /**
   * From 20 finished tasks of a family on, intervals follow how long those took. What {@link HubSpotTasks.learned} gave
   * elsewhere lets it start so; `false` keeps the intervals as they are without it.
   */
  learned?: Learned | boolean | null | undefined;
  /** Drives all waiting; the host's clock and timers if not given. */
  clock?: Clock | null | undefined;
  /** Hears what happens to the client's tasks. What it throws harms nothing. */
  onEvent?: ((event: TaskEvent) => void) | null | undefined;
}

/** k in "the interval is k times the square root of the task's age in seconds": interactive is 1, batch is 2. */
export type Pace = "interactive" | "batch" | number;

/** A clock and its timers. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `callback` once, `ms` later, and gives a handle. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Forgets the callback of that handle. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handle is whatever setTimeout gave
  clearTimeout(handle: any): void;
}

/** A function in the place of fetch; the global fetch fits. */
export type FetchLike = (url: string, init: FetchInit) => Promise<ResponseLike>;

/** What {@link FetchLike} is called with: a plain object. */
export interface FetchInit {
  /** GET but for what starts or cancels a task. */
  method: "GET" | "POST";
  /** By name; the token is among them, where there is one. */
  headers: Record<string, string>;
  /** To the host's own fetch alone, where it takes it: no poll is answered from a cache. */
  cache?: "no-store";
  /** The host's fetch takes a text here, HubSpot's an object. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- no fetch's body is refused
  body?: any;
  /** Aborted when the answer is no longer wanted. */
  signal?: TaskAbortSignal;
  /** No redirect is followed. */
  redirect?: "manual";
}

/** An answer: a `Response`, or as much of one as is needed. */
export type ResponseLike = ({ status: number } | { statusCode: number }) & {
  ok?: boolean;
  headers?: { get(name: string): string | null } | Record<string, string>;
  text?(): Promise<string>;
  json?(): Promise<unknown>;
  body?: unknown;
};

/** The host's AbortSignal where its types are known, else as much of one as is needed. */
export type TaskAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : {
      readonly aborted: boolean;
      readonly reason?: unknown;
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- no host's event is refused
      addEventListener(type: "abort", listener: (event: any) => void): void;
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the same
      removeEventListener(type: "abort", listener: (event: any) => void): void;
    };
