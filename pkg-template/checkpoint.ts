// Checkpoints, checked: as this package gave them, or as a caller wrote them by docs/checkpoint.schema.json.
import { isTaskId } from "./engine.js";
import { CHECKPOINT_VERSION, type PROGRESS_FIELDS } from "./generated/names.js";
import { API_VERSION, FAMILY, idRefusal, idText } from "./ids.js";
import { INSTANT, type Takes, aNumber, allFields, checkedBy, fields, isCount, known, refusalOfKind } from "./values.js";

const TALLY = aNumber("a count", (value) => value === 0 || isCount(value));
const QUEUED: Takes<number> = ["true or false", (value) => (typeof value === "boolean" ? Number(value) : undefined)];
const VERSION: Takes<number> = [
  `${CHECKPOINT_VERSION}: it is no checkpoint, or a later version's`,
  (value) => (value === CHECKPOINT_VERSION ? value : undefined),
];

/** What says of which task it is. */
const NAMED = { version: VERSION, family: FAMILY, apiVersion: API_VERSION };

const REST = {
  taskId: checkedBy((id) => id),
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

export function readCheckpoint(checkpoint: unknown): CheckpointGiven {
  if (typeof checkpoint !== "object" || checkpoint === null) {
    throw refusalOfKind("checkpoint", checkpoint, "a checkpoint, as this package gave it");
  }
  const { family, apiVersion } = allFields(checkpoint, NAMED, "checkpoint.");
  const { taskId, deadlineMs, ...given } = fields(checkpoint, REST, "checkpoint.");
  if (typeof taskId !== "string" || !isTaskId(family, idText(taskId))) throw idRefusal("checkpoint.taskId", family, taskId);
  const unknown: Progress = { polls: 0, faults: 0, queued: 0, startedMs: NaN, processingMs: NaN, dueMs: NaN };
  return { family, taskId, apiVersion, deadlineMs, progress: { ...unknown, ...known(given) } };
}
