// Generated from Rust by npm/src/bin/generate.rs: change it there.

/** The families, in the order of their numbers. */
export const FAMILIES = [
  {
    "name": "fileImport",
    "scopes": [
      "files",
      "files.read",
      "files.ui_hidden.read"
    ],
    "hasTextResult": false,
    "takesId": "the task id that HubSpot gave: a non-empty string, a safe integer or a bigint"
  },
  {
    "name": "folderUpdate",
    "scopes": [
      "files",
      "files.write",
      "files.ui_hidden.write"
    ],
    "hasTextResult": false,
    "takesId": "the task id that HubSpot gave: a non-empty string, a safe integer or a bigint"
  },
  {
    "name": "export",
    "scopes": [
      "crm.export"
    ],
    "hasTextResult": true,
    "takesId": "decimal digits up to 9223372036854775807: a string, a safe integer or a bigint"
  },
  {
    "name": "sourceCodeExtract",
    "scopes": [
      "content"
    ],
    "hasTextResult": false,
    "takesId": "decimal digits up to 2147483647: a string, a safe integer or a bigint"
  }
] as const;

/** Error codes, in the order of their numbers. */
export const CODES = [
  "INVALID_ARGUMENT",
  "UNAUTHORIZED",
  "FORBIDDEN",
  "NOT_FOUND",
  "RATE_LIMITED",
  "MIGRATING",
  "HTTP",
  "NETWORK",
  "INVALID_RESPONSE",
  "TIMEOUT",
  "CANCELED",
  "FAILED",
  "WASM_BLOCKED",
  "INTERNAL"
] as const;

/** How a task stands, or a task or a wait ended, in the order of their numbers. */
export const OUTCOMES = [
  "running",
  "succeeded",
  "succeededWithErrors",
  "failed",
  "canceled",
  "error",
  "aborted"
] as const;

/** What may hold a poll back, in the order of their numbers. */
export const THROTTLE_REASONS = [
  "budget",
  "rate-limit",
  "retry-after"
] as const;

/** Of what a learned duration is, in the order of their numbers. */
export const PHASES = [
  "whole",
  "processing"
] as const;

/** The paces that have a name. */
export const PACES = {
  "interactive": 1.0,
  "batch": 2.0
} as const;

/** Where and how HubSpot's API is asked, unless a client says otherwise. */
export const DEFAULTS = {
  "baseUrl": "https://api.hubapi.com",
  "apiVersion": "2026-03",
  "timeoutMs": 900000
} as const;

/** A client's settings, where it says nothing of them. */
export const DEFAULT_SETTINGS = {
  "pace": 1.0,
  "minIntervalMs": 1000,
  "maxIntervalMs": 60000,
  "requestTimeoutMs": 30000,
  "maxConcurrent": 20,
  "rateLimitRequests": 100,
  "rateLimitPerMs": 10000
} as const;

/** The version of a checkpoint's form. */
export const CHECKPOINT_VERSION = 1 as const;

/** What an API version looks like, for messages. */
export const API_VERSION_TAKES = "an API version such as \"2026-03\" or \"v3\"" as const;

/** HubSpot's words of state, in the order of their numbers. */
export const STATES = [
  "PENDING",
  "PROCESSING",
  "COMPLETE",
  "CANCELED"
] as const;

/** The fields of the record of settings. */
export const SETTINGS_FIELDS = [
  "pace",
  "minIntervalMs",
  "maxIntervalMs",
  "timeoutMs",
  "requestTimeoutMs",
  "maxConcurrent",
  "rateLimitRequests",
  "rateLimitPerMs",
  "learns",
  "hasObserver"
] as const;

/** The fields of the record of an answer. */
export const ANSWER_FIELDS = [
  "kind",
  "httpStatus",
  "retryAfterMs",
  "serverTimeMs",
  "limitKind",
  "body",
  "state",
  "hasErrors",
  "hasResult",
  "requestedAtMs",
  "startedAtMs",
  "completedAtMs",
  "limit",
  "remaining",
  "windowMs",
  "isRepeatable",
  "isSame"
] as const;

/** The fields of the record of progress. */
export const PROGRESS_FIELDS = [
  "polls",
  "faults",
  "queued",
  "startedMs",
  "processingMs",
  "dueMs"
] as const;

/** The fields of the record of an output. */
export const OUTPUT_FIELDS = [
  "kind",
  "call",
  "task",
  "request",
  "isRepeat",
  "nowMs",
  "untilMs",
  "outcome",
  "polls",
  "detectionDelayMs",
  "code",
  "faultCode",
  "faultOf",
  "retryAfterMs",
  "delayMs",
  "event",
  "atMs",
  "poll",
  "httpStatus",
  "durationMs",
  "reason"
] as const;

/** What an answer may be. */
export enum AnswerKind {
  http,
  noAnswer,
  noToken,
  noFetch,
}

/** What the body of a good answer may be. */
export enum BodyKind {
  status,
  empty,
  error,
  unreadable,
}

/** Which limit may have been hit. */
export enum LimitKind {
  rate,
  daily,
  other,
}

/** What may be to be done. */
export enum OutputKind {
  idle,
  waitUntil,
  newTurn,
  send,
  giveUp,
  late,
  status,
  finished,
  failed,
  seen,
  stepped,
  happened,
}

/** What may have happened. */
export enum EventKind {
  asked,
  answered,
  changed,
  retrying,
  throttled,
  finished,
}

/** Whose a fault may be. */
export enum FaultOwner {
  task,
  pause,
  call,
}

/** What to keep of a reply: the place of each one's bit. */
export enum Kept {
  status,
  fault,
  pause,
  end,
}
