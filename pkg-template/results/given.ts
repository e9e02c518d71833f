// The arguments of the entry's functions, checked: what is refused is a Refusal.
import { hostClock, readClock } from "../clock.js";
import { readSignal } from "../signals.js";
import type { Clock, FetchLike, TaskAbortSignal } from "../types.js";
import {
  aFunction,
  aNumber,
  attempt,
  checkedBy,
  fieldsOf,
  has,
  readOptions,
  reading,
  refusalOfKind,
} from "../values.js";
import type { DownloadProgress } from "./types.js";

/** An export's task, whose `wait` gives a fresh URL each time. */
export interface Source {
  readonly family: string;
  readonly id: string;
  wait(options: { signal?: TaskAbortSignal }): Promise<{ result: unknown }>;
}

export interface DownloadGiven {
  readonly signal: TaskAbortSignal | undefined;
  readonly onProgress: ((progress: DownloadProgress) => unknown) | undefined;
  readonly stallTimeoutMs: number;
  readonly fetch: FetchLike | undefined;
  readonly clock: Clock;
}

const DOWNLOAD = {
  clock: checkedBy(readClock),
  fetch: aFunction<FetchLike>(),
  onProgress: aFunction<(progress: DownloadProgress) => unknown>(),
  signal: checkedBy(readSignal),
  stallTimeoutMs: aNumber("milliseconds: finite, above 0", (ms) => ms > 0 && ms < Infinity),
};

export function readDownload(options: unknown): DownloadGiven {
  const { clock = hostClock, stallTimeoutMs = 30_000, ...given } = readOptions(options, DOWNLOAD);
  return { ...given, clock, stallTimeoutMs };
}

const isTask = (value: unknown): value is Source => attempt(() => has(fieldsOf(value), "wait")) === true;

/** The task that is meant, or that of this id. The client's own errors say what is wrong with an id. */
export function readSource(client: unknown, taskOrId: unknown): Source {
  if (isTask(taskOrId)) return taskOrId;
  if (typeof taskOrId === "object") throw refusalOfKind("taskOrId", taskOrId, "a task, or the id of an export");
  const exports = reading("client", () => fieldsOf(fieldsOf(client).exports));
  if (!has(exports, "task")) throw refusalOfKind("client", client, "a HubSpotTasks");
  return exports.task(taskOrId) as Source;
}
