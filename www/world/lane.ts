// What one lane did, and what it knows: a row for each task, a list of all requests, and what can be told of them.
import type { Outcome, PlannedTask } from "./plan.ts";

export type LaneKey = "loop" | "package";

/** What a lane says of a task in the end. */
export type Told = Outcome | "failed";

/** Something that happened to a task in a lane. */
export interface Moment {
  /** Since the world began. */
  readonly atMs: number;
  readonly kind: "asked" | "answered" | "refused" | "fault" | "changed" | "throttled" | "retrying" | "told";
  /** The HTTP status, the word of state, the code or the outcome. */
  readonly detail?: string | number | undefined;
  /** How long it holds up the next poll. */
  readonly delayMs?: number | undefined;
}

/** A task as a lane sees it. Instants are milliseconds since the world began. */
export interface Row {
  readonly task: PlannedTask;
  /** The word of state that was seen last. */
  state: string | undefined;
  polls: number;
  askedMs: number | undefined;
  isAsking: boolean;
  /** Its last answer was a 429. */
  isRefused: boolean;
  /** Where the lane knows it. */
  nextPollMs: number | undefined;
  told: Told | undefined;
  toldMs: number | undefined;
  /** The lane saw the end, and did not take it for one: it asks for ever. */
  isMissed: boolean;
  /** The newest of them, oldest first. */
  readonly history: Moment[];
}

/** What is counted of a lane. Delays are those of tasks that are over: told ones, and so far of those not told yet. */
export interface Metrics {
  readonly requests: number;
  readonly refused: number;
  readonly meanDelayMs: number | undefined;
  readonly worstDelayMs: number | undefined;
  readonly wrong: number;
  readonly told: number;
}

/** A request at HubSpot's door. */
export interface Sent {
  readonly atMs: number;
  /** Known when the answer comes. */
  isRefused: boolean;
}

/** The requests of one second. */
export interface Second {
  sent: number;
  refused: number;
}

/** So much of a task's history is kept. */
const KEPT = 400;

export const isWrong = (row: Row): boolean => row.isMissed || (row.told !== undefined && row.told !== row.task.outcome);

/** How long after the task's end it was told, or has not been told yet; undefined where nothing can be said. */
export function delayOf({ task: { completedMs }, toldMs, isMissed }: Row, nowMs: number): number | undefined {
  const seenMs = toldMs ?? nowMs;
  return isMissed || seenMs < completedMs || nowMs < completedMs ? undefined : seenMs - completedMs;
}

export class Lane {
  readonly key: LaneKey;
  readonly rows: readonly Row[];
  /** In their order. */
  readonly sent: Sent[] = [];
  /** By the second in which they were sent, since the world began. */
  readonly seconds: Second[] = [];
  #refused = 0;

  constructor(key: LaneKey, plan: readonly PlannedTask[]) {
    this.key = key;
    this.rows = plan.map((task) => ({
      task,
      polls: 0,
      isAsking: false,
      isMissed: false,
      state: undefined,
      askedMs: undefined,
      isRefused: false,
      nextPollMs: undefined,
      told: undefined,
      toldMs: undefined,
      history: [],
    }));
  }

  note(row: Row, moment: Moment): void {
    row.history.push(moment);
    if (row.history.length > KEPT) row.history.shift();
  }

  /** A request; gives what `answered` takes. */
  asked(row: Row | undefined, atMs: number): Sent {
    const sent = { atMs, isRefused: false };
    this.sent.push(sent);
    this.#secondOf(sent).sent++;
    if (row) {
      row.polls++;
      row.isAsking = true;
      row.askedMs = atMs;
      row.nextPollMs = undefined;
      this.note(row, { atMs, kind: "asked" });
    }
    return sent;
  }

  /** Its answer: the HTTP status, or undefined where none came. */
  answered(sent: Sent, row: Row | undefined, atMs: number, status: number | undefined): void {
    sent.isRefused = status === 429;
    if (sent.isRefused) {
      this.#refused++;
      this.#secondOf(sent).refused++;
    }
    if (!row) return;
    row.isAsking = false;
    row.isRefused = sent.isRefused;
    const isFault = status === undefined || status >= 500;
    this.note(row, { atMs, kind: isFault ? "fault" : sent.isRefused ? "refused" : "answered", detail: status });
  }

  #secondOf({ atMs }: Sent): Second {
    const place = Math.floor(atMs / 1_000);
    while (this.seconds.length <= place) this.seconds.push({ sent: 0, refused: 0 });
    return this.seconds[place] as Second;
  }

  saw(row: Row, atMs: number, state: string): void {
    if (row.state === state) return;
    row.state = state;
    this.note(row, { atMs, kind: "changed", detail: state });
  }

  tell(row: Row, atMs: number, told: Told): void {
    row.told = told;
    row.toldMs = atMs;
    row.nextPollMs = undefined;
    this.note(row, { atMs, kind: "told", detail: told });
  }

  /** Nothing more will be told. */
  get isOver(): boolean {
    return this.rows.every(({ told, isMissed }) => told !== undefined || isMissed);
  }

  metrics(nowMs: number): Metrics {
    let [sum, count, worst, wrong, told] = [0, 0, 0, 0, 0];
    for (const row of this.rows) {
      if (isWrong(row)) wrong++;
      if (row.told !== undefined) told++;
      const delayMs = delayOf(row, nowMs);
      if (delayMs === undefined) continue;
      sum += delayMs;
      count++;
      worst = Math.max(worst, delayMs);
    }
    return {
      requests: this.sent.length,
      refused: this.#refused,
      meanDelayMs: count > 0 ? sum / count : undefined,
      worstDelayMs: count > 0 ? worst : undefined,
      wrong,
      told,
    };
  }
}
