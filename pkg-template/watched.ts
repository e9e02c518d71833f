// A task that somebody watches: its newest snapshot, and who hears of each new one. It is polled while anybody does.
import { Call, type Calls, type Wanted } from "./calls.js";
import { type Output, outcomeOf } from "./engine.js";
import { told } from "./error.js";
import { resultOf } from "./families.js";
import { EventKind, OUTCOMES } from "./generated/names.js";
import type { Detail } from "./reading.js";
import { errorOfEnd, frozen, problemOf } from "./results.js";
import type { TaskRecord } from "./tasks.js";
import type { Checkpoint, Outcome, TaskEstimate, TaskSnapshot } from "./types.js";
import { attempt, known, soon } from "./values.js";

/** What a driver does for those who watch. */
export interface Watching extends Calls {
  /** The engine says from now on what happens. */
  observe(): void;
  checkpoint(task: TaskRecord, pace: number | undefined, deadlineMs: number | undefined): Checkpoint;
  estimate(task: TaskRecord): TaskEstimate | undefined;
}

/** What a task does after something happened; what is not here changes nothing of that. */
const PHASES: Readonly<Partial<Record<EventKind, TaskSnapshot<unknown>["phase"]>>> = {
  [EventKind.asked]: "asking",
  [EventKind.answered]: "waiting",
  [EventKind.retrying]: "retrying",
  [EventKind.throttled]: "paused",
};

/** One for each task, whoever watches it. */
export class Watched {
  readonly #driver: Watching;
  readonly #task: TaskRecord;
  readonly #listeners = new Set<{ readonly listener: () => void }>();
  #call: Call | undefined;
  #phase: TaskSnapshot<unknown>["phase"] = "idle";
  #nextPollAtMs: number | undefined;
  #problem: TaskSnapshot<unknown>["problem"];
  /** What ended the polling without success. */
  #error: unknown;
  #snapshot: TaskSnapshot<unknown> | undefined;
  #isToTell = false;

  constructor(driver: Watching, task: TaskRecord) {
    this.#driver = driver;
    this.#task = task;
    // An engine that failed is told by what waits.
    attempt(() => { driver.observe(); });
  }

  /** Calls the listener after each change; whoever comes when nothing is under way begins the polling. */
  subscribe(listener: () => void, wanted: () => Wanted): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    if (!this.#call) this.#begin(wanted);
    return () => {
      this.#listeners.delete(entry);
      if (this.#call && this.#listeners.size === 0) this.stop("idle");
    };
  }

  #begin(wanted: () => Wanted): void {
    this.#change("waiting");
    try {
      this.#call = new WatchCall(this.#task, wanted(), this);
      this.#driver.begin(this.#call);
    } catch (thrown) {
      this.stop("over", told(thrown));
    }
  }

  /** Nobody listens any more, or the polling is over: with an error, or because the task succeeded. */
  stop(phase: "idle" | "over", error?: unknown): void {
    if (this.#call) this.#driver.leave(this.#call);
    this.#call = undefined;
    this.#change(phase, error);
  }

  hear(output: Output, pause: Detail | undefined): void {
    const phase = PHASES[output.event];
    if (!phase || !this.#call) {
      this.changed();
      return;
    }
    this.#change(phase);
    this.#problem = problemOf(output, this.#task, pause);
    if (["retrying", "paused"].includes(phase)) this.#nextPollAtMs = output.atMs + output.delayMs;
  }

  #change(phase: TaskSnapshot<unknown>["phase"], error?: unknown): void {
    this.#phase = phase;
    this.#error = error;
    this.#problem = this.#nextPollAtMs = undefined;
    this.changed();
  }

  /** The next snapshot is a new one. Those who listen hear it once, however much changes in one turn. */
  changed(): void {
    this.#snapshot = undefined;
    if (this.#isToTell) return;
    this.#isToTell = true;
    soon(() => {
      this.#isToTell = false;
      // What one of them throws harms nothing, as with onEvent.
      for (const { listener } of [...this.#listeners]) attempt(listener);
    });
  }

  get snapshot(): TaskSnapshot<unknown> {
    return (this.#snapshot ??= Object.freeze(this.#made()));
  }

  #made(): TaskSnapshot<unknown> {
    const [driver, task] = [this.#driver, this.#task];
    const { latest, family: { facts } } = task;
    const status = latest && frozen(latest);
    // An engine that failed, and a clock that does not work, are told by what waits.
    const { polls = 0, dueMs } = attempt(() => driver.checkpoint(task, this.#call?.wanted.pace, undefined)) ?? {};
    const outcome = latest ? (OUTCOMES[outcomeOf(latest.envelope, !!facts.result)] as Outcome) : "running";
    const error = this.#error ?? errorOfEnd(task, outcome, polls);
    const phase = outcome === "running" ? this.#phase : "over";
    const nextPollAtMs = this.#nextPollAtMs ?? (phase === "waiting" ? dueMs : undefined);
    const result = outcome.startsWith("succeeded") ? resultOf(facts, status) : undefined;
    const estimate = attempt(() => driver.estimate(task));
    return known({ phase, outcome, polls, status, problem: this.#problem, nextPollAtMs, estimate, result, error });
  }
}

/** The call of all who listen. */
class WatchCall extends Call {
  readonly #watched: Watched;

  constructor(task: TaskRecord, wanted: Wanted, watched: Watched) {
    super(task, wanted, false);
    this.#watched = watched;
  }

  tell(): void {
    this.#watched.changed();
  }

  end(error: unknown): void {
    this.#watched.stop("over", error);
  }

  abort(reason: unknown): void {
    this.end(reason);
  }
}
