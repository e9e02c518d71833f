// One task as two lanes saw it: what HubSpot did, when each lane asked, what came of it, and when it noticed the end.
import { type LaneKey, type Moment, type Row, delayOf, isWrong } from "../../world/lane.ts";

export type State = "PENDING" | "PROCESSING" | "COMPLETE";

/** Instants of a timeline are milliseconds since the task was asked for. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export type MarkKind = "poll" | "refused" | "fault";

export interface Strip {
  readonly bands: readonly (Span & { readonly state: State })[];
  /** Requests, at the instant at which each was sent. */
  readonly marks: readonly { readonly atMs: number; readonly kind: MarkKind }[];
  /** What held up the next poll. */
  readonly waits: readonly (Span & { readonly kind: "throttled" | "retrying" })[];
  /** From the end of the task until it was noticed, or until now. */
  readonly late: Span | undefined;
  readonly toldMs: number | undefined;
  readonly isWrong: boolean;
  /** Where requests before this instant are no longer kept. */
  readonly keptFromMs: number | undefined;
}

export interface Timeline {
  readonly endMs: number;
  /** Time has reached its end: nothing of it changes any more, once both lanes told. */
  readonly isWhole: boolean;
  readonly strips: Readonly<Record<LaneKey, Strip>>;
}

/** What was counted of a lane's task. */
export interface Counted {
  readonly requests: number;
  readonly refused: number;
  readonly faults: number;
  readonly heldMs: number;
  readonly lateMs: number | undefined;
}

type Rows = Readonly<Record<LaneKey, Row>>;

/** Shorter than this, a picture says nothing. */
const SHORTEST_MS = 2_000;

export function timelineOf(rows: Rows, nowMs: number): Timeline {
  const { requestedMs, completedMs } = rows.loop.task;
  const strips = { loop: stripOf(rows.loop, nowMs), package: stripOf(rows.package, nowMs) };
  const ends = [rows.loop, rows.package].map(({ toldMs }) => toldMs ?? nowMs);
  const lastMs = Math.max(completedMs, ...ends) - requestedMs;
  const endMs = roomFor(Math.max(SHORTEST_MS, lastMs));
  return { endMs, isWhole: nowMs - requestedMs >= endMs, strips };
}

/** A little more, in steps: while time runs, the picture does not creep. */
function roomFor(ms: number): number {
  const step = 10 ** Math.floor(Math.log10(ms)) / 4;
  return Math.ceil((ms * 1.04) / step) * step;
}

function stripOf(row: Row, worldMs: number): Strip {
  const { task, history, polls, toldMs } = row;
  const since = (ms: number) => ms - task.requestedMs;
  const marks = marksOf(history);
  const delayMs = delayOf(row, worldMs);
  const endMs = since(task.completedMs);
  return {
    bands: bandsOf(row, worldMs),
    marks: marks.map(({ atMs, kind }) => ({ atMs: since(atMs), kind })),
    waits: waitsOf(history).map(({ fromMs, toMs, kind }) => ({ fromMs: since(fromMs), toMs: since(toMs), kind })),
    late: delayMs === undefined ? undefined : { fromMs: endMs, toMs: endMs + delayMs },
    toldMs: toldMs === undefined ? undefined : since(toldMs),
    isWrong: isWrong(row),
    keptFromMs: polls > marks.length && history[0] ? since(history[0].atMs) : undefined,
  };
}

function bandsOf({ task }: Row, worldMs: number): Strip["bands"] {
  const { requestedMs, startedMs, completedMs } = task;
  const bands = [
    { state: "PENDING", fromMs: requestedMs, toMs: startedMs },
    { state: "PROCESSING", fromMs: startedMs, toMs: completedMs },
    { state: "COMPLETE", fromMs: completedMs, toMs: Infinity },
  ] as const;
  return bands
    .map(({ state, fromMs, toMs }) => ({ state, fromMs: fromMs - requestedMs, toMs: Math.min(toMs, worldMs) - requestedMs }))
    .filter(({ fromMs, toMs }) => toMs > fromMs);
}

/** A request is what its answer makes of it; one that has none yet is a poll. */
function marksOf(history: readonly Moment[]): { atMs: number; kind: MarkKind }[] {
  const marks: { atMs: number; kind: MarkKind }[] = [];
  for (const { atMs, kind } of history) {
    const last = marks.at(-1);
    if (kind === "asked") marks.push({ atMs, kind: "poll" });
    else if (last && (kind === "refused" || kind === "fault")) last.kind = kind;
  }
  return marks;
}

/** A budget is told of when it lets the poll go, and so often; HubSpot's pauses and retries when they begin. */
function waitsOf(history: readonly Moment[]): Strip["waits"] {
  const waits: { fromMs: number; toMs: number; kind: "throttled" | "retrying" }[] = [];
  for (const { atMs, kind, detail, delayMs = 0 } of history) {
    if (kind !== "throttled" && kind !== "retrying") continue;
    const [fromMs, toMs] = detail === "budget" ? [atMs - delayMs, atMs] : [atMs, atMs + delayMs];
    const last = waits.at(-1);
    if (last?.kind === kind && fromMs < last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else waits.push({ fromMs, toMs, kind });
  }
  return waits;
}

export function countedOf(row: Row, nowMs: number): Counted {
  const strip = stripOf(row, nowMs);
  const count = (kind: MarkKind) => strip.marks.filter((mark) => mark.kind === kind).length;
  const heldMs = strip.waits.filter(({ kind }) => kind === "throttled").reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return { requests: row.polls, refused: count("refused"), faults: count("fault"), heldMs, lateMs: delayOf(row, nowMs) };
}

/** So much more telling must another task be before the picture leaves the one it shows. */
const MUCH_MORE = 1.5;

/** The task of which both lanes told the end, the loop by far the later: its index. `shown` stays while it is nearly as telling. */
export function mostTelling(lanes: Readonly<Record<LaneKey, { readonly rows: readonly Row[] }>>, nowMs: number, shown: number): number {
  const gap = (index: number) => {
    const [loop, ours] = [lanes.loop.rows[index], lanes.package.rows[index]];
    if (loop?.toldMs === undefined || ours?.toldMs === undefined) return 0;
    const [loopMs, oursMs] = [delayOf(loop, nowMs), delayOf(ours, nowMs)];
    return loopMs === undefined || oursMs === undefined ? 0 : loopMs - oursMs;
  };
  let [best, most] = [shown, gap(shown) * MUCH_MORE];
  lanes.loop.rows.forEach((_, index) => {
    const found = gap(index);
    if (found > most) [best, most] = [index, found];
  });
  return best;
}
