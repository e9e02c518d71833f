// Checkpoints, checked: as this package gave them, or as a caller wrote them by docs/checkpoint.schema.json.
import { CHECKPOINT_VERSION, type PROGRESS_FIELDS } from "./generated/names.js";
import { type Checks, idRefusal, placeOf, readApiVersion } from "./ids.js";
import { ANYTHING, type Takes, aNumber, fields, isCount, isWellFormed, known, refusal, refusalOfKind } from "./values.js";

const INSTANT = aNumber("milliseconds since the Unix epoch", (ms) => ms >= 0 && ms < Infinity, Math.floor);
const TALLY = aNumber("a count", (value) => value === 0 || isCount(value));
const QUEUED: Takes<number> = ["true or false", (value) => (typeof value === "boolean" ? Number(value) : undefined)];
const VERSION: Takes<number> = [
  `${CHECKPOINT_VERSION}: it is no checkpoint, or a later version's`,
  (value) => (value === CHECKPOINT_VERSION ? value : undefined),
];
const FAMILY: Takes<number> = ["the name of a family", placeOf];

const CHECKPOINT = {
  version: VERSION,
  family: FAMILY,
  taskId: ANYTHING,
  apiVersion: ANYTHING,
  polls: TALLY,
  faults: TALLY,
  queued: QUEUED,
  startedMs: INSTANT,
  processingMs: INSTANT,
  dueMs: INSTANT,
  deadlineMs: INSTANT,
};

export type Progress = Record<(typeof PROGRESS_FIELDS)[number], number>;

export interface CheckpointGiven {
  /** The family's place in `FAMILIES`. */
  readonly family: number;
  readonly taskId: string;
  readonly apiVersion: string;
  readonly deadlineMs: number | undefined;
  /** NaN for an instant that is not known. */
  readonly progress: Progress;
}

export function readCheckpoint(checkpoint: unknown, checks: Checks): CheckpointGiven {
  if (typeof checkpoint !== "object" || checkpoint === null) {
    throw refusalOfKind("checkpoint", checkpoint, "a checkpoint, as this package gave it");
  }
  const { version, family, taskId, apiVersion, deadlineMs, ...given } = fields(checkpoint, CHECKPOINT, "checkpoint.");
  if (version === undefined) throw refusal("checkpoint.version", version, VERSION[0]);
  if (family === undefined) throw refusal("checkpoint.family", family, FAMILY[0]);
  if (!isWellFormed(taskId) || !checks.isTaskId(family, taskId)) {
    throw idRefusal("checkpoint.taskId", family, taskId);
  }
  const unknown = { startedMs: NaN, processingMs: NaN, dueMs: NaN };
  const progress: Progress = { polls: 0, faults: 0, queued: 0, ...unknown, ...known(given) };
  return {
    family,
    taskId,
    apiVersion: readApiVersion("checkpoint.apiVersion", apiVersion, checks),
    deadlineMs,
    progress,
  };
}
