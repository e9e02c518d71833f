// Checkpoints, checked: as this package gave them, or as a caller wrote them by docs/checkpoint.schema.json.
import type { Family } from "./families.js";
import { CHECKPOINT_VERSION, type PROGRESS_FIELDS } from "./generated/names.js";
import { API_VERSION, familyNamed, readId } from "./ids.js";
import { INSTANT, type Read, type Takes, aNumber, fields, isCount, reading, refusalOfKind, refused } from "./values.js";

const TALLY = aNumber("a count", (value) => value === 0 || isCount(value));
const QUEUED: Takes<number> = ["true or false", (value) => (typeof value === "boolean" ? Number(value) : undefined)];
const VERSION: Takes<number> = [
  `${CHECKPOINT_VERSION}: it is no checkpoint, or a later version's`,
  (value) => (value === CHECKPOINT_VERSION ? value : undefined),
];

const ID: Takes<string> = ["a string", (id) => (typeof id === "string" ? id : undefined)];

/** What says of which task it is. */
const NAMED = { version: VERSION, family: ID as Takes<unknown>, apiVersion: API_VERSION, taskId: ID };

const REST = {
  polls: TALLY,
  faults: TALLY,
  queued: QUEUED,
  startedMs: INSTANT,
  processingMs: INSTANT,
  dueMs: INSTANT,
  deadlineMs: INSTANT,
};

/** All of these are needed. */
type Named = { [Name in keyof typeof NAMED]: NonNullable<Read<typeof NAMED>[Name]> } & { family: Family };

export type Progress = Record<(typeof PROGRESS_FIELDS)[number], number | undefined>;

export interface CheckpointGiven {
  readonly family: Family;
  readonly taskId: string;
  readonly apiVersion: string;
  readonly deadlineMs: number | undefined;
  /** Undefined for what is not known, which the engine's record takes for NaN. */
  readonly progress: Progress;
  /** What this version does not know: a later one may have written it. */
  readonly others: object;
}

/** Whether a field is none that is known. One that differs from such a one in the case of letters alone is a mistake. */
function isOther(name: string): boolean {
  const meant = Object.keys({ ...NAMED, ...REST }).find((known) => known.toLowerCase() === name.toLowerCase());
  if (meant && meant !== name) throw refused(`checkpoint.${name}`, "a field that is unknown", meant);
  return !meant;
}

/** `families` are those that the client knows. */
export function readCheckpoint(checkpoint: unknown, families: readonly Family[]): CheckpointGiven {
  if (typeof checkpoint !== "object" || checkpoint === null) {
    throw refusalOfKind("checkpoint", checkpoint, "a checkpoint, as this package gave it");
  }
  const [names, find] = familyNamed(families, ({ facts }) => facts);
  const named = { ...NAMED, family: [`${names}, or one that was given to family()`, find] as const };
  const { family, apiVersion, taskId } = fields(checkpoint, named, "checkpoint.", NAMED) as Named;
  const { deadlineMs, ...progress } = fields(checkpoint, REST, "checkpoint.");
  readId("checkpoint.taskId", family.facts, taskId);
  const others = Object.fromEntries(reading("checkpoint", () => Object.entries(checkpoint)).filter(([name]) => isOther(name)));
  return { family, taskId, apiVersion, deadlineMs, progress, others };
}
