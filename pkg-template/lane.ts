// Where requests and timers belong: one lane a client. It sends, has one timer for all that is to come and one for the next
// turn, and wakes when the page is shown or the network is back.
import type { Clock } from "./types.js";
import { attempt, reading, soon } from "./values.js";

/** What a lane tells its driver. */
export interface LaneEvents {
  /** A new task of the host's began: the timer rang, or a turn was wanted. */
  turn(rang: boolean): void;
  /** The host was away, or its network is back. */
  wake(): void;
}

/** A timer that is set. */
interface Alarm {
  readonly untilMs: number;
  readonly stop: () => void;
}

/** The timers of hidden pages are slow, and the network may be back before a retry is due. */
const WAKING = { online: () => globalThis, visibilitychange: () => attempt(() => document) };

/** The host's own timers, as they were when this was loaded. */
const ownSetTimeout = setTimeout;

export class Lane {
  readonly #clock: Clock;
  readonly #events: LaneEvents;
  #alarm: Alarm | undefined;
  #turn: (() => void) | undefined;
  #stopWaking: (() => void) | undefined;

  constructor(clock: Clock, events: LaneEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  /** The one timer is to ring then. */
  ringAt(untilMs: number, nowMs: number): void {
    if (this.#alarm?.untilMs === untilMs) return;
    this.#alarm?.stop();
    this.#alarm = { untilMs, stop: this.#timer(untilMs - nowMs, true) };
    this.#stopWaking ??= this.#listen();
  }

  /** Nothing is to come. */
  rest(): void {
    this.#alarm?.stop();
    this.#alarm = undefined;
    this.#stopWaking?.();
    this.#stopWaking = undefined;
  }

  /** A new task of the host's is wanted. */
  takeTurn(): void {
    this.#turn ??= this.#timer(0, false);
  }

  /** All of it is over. */
  stop(): void {
    this.rest();
    this.#turn?.();
    this.#turn = undefined;
  }

  /** Takes a turn once, on a stack of its own, whatever the clock does, even at once; gives what prevents that. */
  #timer(ms: number, isAlarm: boolean): () => void {
    let isOver = false;
    const ring = () => {
      soon(() => {
        if (isOver) return;
        isOver = true;
        if (isAlarm) this.#alarm = undefined;
        else this.#turn = undefined;
        this.#events.turn(isAlarm);
      });
    };
    const set = () => reading("clock.setTimeout", () => this.#clock.setTimeout(ring, ms));
    let handle = set();
    // A test tool that takes its timers away: what it set never rings then. It is looked for so often, for 10 s.
    const usedSetTimeout = setTimeout;
    let looks = 20;
    const watch = () => {
      if (isOver || usedSetTimeout === ownSetTimeout) return;
      if (usedSetTimeout !== setTimeout) handle = set();
      else if (looks--) ownSetTimeout(watch, 500);
    };
    watch();
    return () => {
      isOver = true;
      // A clock that cannot clear: the timer will ring, and find nothing to do.
      attempt(() => {
        this.#clock.clearTimeout(handle);
      });
    };
  }

  #listen(): () => void {
    const wake = () => {
      if (attempt(() => document?.visibilityState) === "hidden") return;
      this.#events.wake();
    };
    const each = (act: "addEventListener" | "removeEventListener") => {
      for (const [type, target] of Object.entries(WAKING)) attempt(() => target()?.[act]?.(type, wake));
    };
    each("addEventListener");
    return () => {
      each("removeEventListener");
    };
  }
}
