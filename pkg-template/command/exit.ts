// With which status the command exits: usage.ts says what each tells.
import { type HubSpotTaskErrorCode, isHubSpotTaskError } from "../entries/index.js";

/** Wrong usage, found before anything was started. */
export class UsageError extends Error {}

/** What the command itself has to say, with its status. */
export class CommandError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The user ended it. */
export class Interrupted extends Error {
  readonly status: number;

  constructor(status: number) {
    super("interrupted");
    this.status = status;
  }
}

/** Nobody reads what it writes any more: an end like any other. */
export class NobodyReads extends Error {}

export const SUCCEEDED = 0;
export const FAILED = 1;
export const USAGE = 2;
const DEADLINE = 3;
export const AUTHENTICATION = 4;
export const PASSING = 5;
export const OTHER = 6;
export const INTERRUPTED = 130;
export const TERMINATED = 143;

const OF_CODE: Readonly<Record<HubSpotTaskErrorCode, number>> = {
  FAILED,
  CANCELED: FAILED,
  INVALID_ARGUMENT: USAGE,
  TIMEOUT: DEADLINE,
  UNAUTHORIZED: AUTHENTICATION,
  FORBIDDEN: AUTHENTICATION,
  RATE_LIMITED: PASSING,
  MIGRATING: PASSING,
  NETWORK: PASSING,
  INVALID_RESPONSE: PASSING,
  HTTP: OTHER,
  NOT_FOUND: OTHER,
  UNKNOWN_OUTCOME: OTHER,
  WASM_BLOCKED: OTHER,
  INTERNAL: OTHER,
};

export function statusOf(error: unknown): number {
  if (error instanceof UsageError) return USAGE;
  if (error instanceof CommandError || error instanceof Interrupted) return error.status;
  if (error instanceof NobodyReads) return SUCCEEDED;
  if (!isHubSpotTaskError(error)) return OTHER;
  return error.code === "HTTP" && error.isRetryable ? PASSING : OF_CODE[error.code];
}
