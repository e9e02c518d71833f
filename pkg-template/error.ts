// The one error class, and how the package makes its errors.
import type { HubSpotTaskErrorCode, TaskStatus } from "./generated/data.js";
import { EXCEPTIONS } from "./generated/passing.js";
import type { Checkpoint, TaskFamilyName } from "./types.js";
import { Refusal, known } from "./values.js";

/** Shared by all copies of the package (ESM, CJS, another version), whose classes differ. */
const BRAND = Symbol.for("hubspot-async-tasks.HubSpotTaskError");

/** Codes that asking again later may mend. Of HTTP the status decides. */
const RETRYABLE: readonly HubSpotTaskErrorCode[] = [
  "RATE_LIMITED",
  "MIGRATING",
  "NETWORK",
  "INVALID_RESPONSE",
  "TIMEOUT",
  "INTERNAL",
];

/** What of a status a log may show. A defined family's result may be any other field. */
const LOGGED = ["status", "taskId", "requestedAt", "startedAt", "completedAt", "numErrors", "errors"] as const;

/** Why a call or a wait ended without success. Aborts reject with the signal's reason instead. */
export class HubSpotTaskError extends Error {
  private constructor({ message, ...fields }: ErrorFields) {
    super(message);
    Object.assign(this, known(fields));
  }

  /** Which kind it is: {@link HubSpotTaskErrorCode} says what each means, what to do, and whether asking again may help. */
  declare readonly code: HubSpotTaskErrorCode;
  /** The task's family. */
  declare readonly family?: TaskFamilyName;
  /** The task's id. */
  declare readonly taskId?: string;
  /** The answer's HTTP status. */
  declare readonly httpStatus?: number;
  /** HubSpot's category, such as `MISSING_SCOPES`. */
  declare readonly category?: string;
  /** What HubSpot's support asks for. */
  declare readonly correlationId?: string;
  /** The scopes of which the token needs one. */
  declare readonly requiredScopes?: string[];
  /** How long HubSpot wants no request, in milliseconds. */
  declare readonly retryAfterMs?: number;
  /** The newest status that HubSpot sent. */
  declare readonly lastStatus?: TaskStatus<unknown>;
  /** How many polls were answered or failed. */
  declare readonly polls?: number;
  /** At a TIMEOUT: to carry the polling on, without a deadline. */
  declare readonly checkpoint?: Checkpoint;
  /** What led to it; at a TIMEOUT the fault of the last poll. */
  declare readonly cause?: unknown;

  /**
   * Whether asking again later may mend it: RATE_LIMITED, MIGRATING, NETWORK, INVALID_RESPONSE, TIMEOUT, INTERNAL (with a
   * new client), and HTTP where the server may get over it.
   */
  get isRetryable(): boolean {
    const { code, httpStatus = 0 } = this;
    if (code !== "HTTP") return RETRYABLE.includes(code);
    return EXCEPTIONS.includes(httpStatus) !== (httpStatus >= 500 && httpStatus <= 599);
  }

  /** A plain object for logs, without the result (an export's URL is a secret). */
  toJSON(): object {
    const { lastStatus, cause, ...fields } = this;
    const json: Record<string, unknown> = Object.assign({ name: this.name, message: this.message }, fields);
    if (lastStatus) json.lastStatus = known(Object.fromEntries(LOGGED.map((name) => [name, lastStatus[name]])));
    // Another cause's text is the host's or the caller's, and may hold anything.
    if (isHubSpotTaskError(cause)) json.cause = cause.toJSON();
    return json;
  }
}

type Fields = Omit<HubSpotTaskError, keyof Error | "code" | "toJSON" | "isRetryable">;

/** What an error is made of: what is undefined, or NaN, it does not have. */
export type ErrorFields = { message: string; code: HubSpotTaskErrorCode; cause?: unknown } & {
  [Name in keyof Fields]?: Fields[Name] | undefined;
};

/** Those that no caller was told yet. */
const untold = new WeakSet();

/** Makes one. (The public type keeps the constructor to the package.) */
export function taskError(fields: ErrorFields): HubSpotTaskError {
  const Constructor = HubSpotTaskError as unknown as new (fields: ErrorFields) => HubSpotTaskError;
  const error = new Constructor(fields);
  untold.add(error);
  return error;
}

/** What is refused, as the error that it is. */
export function told(thrown: unknown): unknown {
  if (!(thrown instanceof Refusal)) return thrown;
  const { message, cause } = thrown;
  return taskError({ code: "INVALID_ARGUMENT", message, cause });
}

/** What a call promises. It rejects where `act` throws: a method may be called without its object, too. */
export function promising<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return awaited(act());
  } catch (thrown) {
    return Promise.reject(withStack(thrown, promising));
  }
}

/**
 * An error of ours is made while the loop runs, where nothing of the caller's is on the stack: it gets its stack here, where
 * V8 knows who awaits this. Nothing but the promise is held meanwhile: there may be many.
 */
async function awaited<Value>(promise: Promise<Value>): Promise<Value> {
  try {
    return await promise;
  } catch (thrown) {
    throw withStack(thrown, awaited);
  }
}

/** What the caller is told, whose stack begins with who called that function. */
function withStack(thrown: unknown, called: (given: never) => unknown): Error {
  const error = told(thrown) as Error;
  if (untold.delete(error)) Error.captureStackTrace?.(error, called);
  return error;
}

/** Whether a value is a {@link HubSpotTaskError}, of this copy of the package or of another one. */
export function isHubSpotTaskError(value: unknown): value is HubSpotTaskError {
  try {
    return (value as Record<symbol, unknown>)[BRAND] === true;
  } catch {
    return false;
  }
}

// Beside the class, whose public type shows none of it.
Object.assign(HubSpotTaskError.prototype, { [BRAND]: true, name: "HubSpotTaskError" });
// So that instanceof knows the errors of other copies, too.
Object.defineProperty(HubSpotTaskError, Symbol.hasInstance, { value: isHubSpotTaskError });
