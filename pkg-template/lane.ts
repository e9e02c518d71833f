// Where requests and timers belong: one lane a client. It sends, has one timer for all that is to come and one for the next
// turn, and wakes when the page is shown or the network is back.
import { setTimer } from "./clock.js";
import type { Clock } from "./types.js";
import { attempt, soon } from "./values.js";

/** What a lane tells its driver. */
export interface LaneEvents {
  /** A new task of the host's began: the timer rang that was set for this instant, or a turn was wanted, with 0. */
  turn(rangMs: number): void;
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
    const stop = this.#timer(untilMs - nowMs, () => {
      this.#alarm = undefined;
      this.#events.turn(untilMs);
    });
    this.#alarm = { untilMs, stop };
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
    this.#turn ??= this.#timer(0, () => {
      this.#turn = undefined;
      this.#events.turn(0);
    });
  }

  /** All of it is over. */
  stop(): void {
    this.rest();
    this.#turn?.();
    this.#turn = undefined;
  }

  /** Calls back once, on a stack of its own, whatever the clock does, even at once; gives what prevents that. */
  #timer(ms: number, callback: () => void): () => void {
    let isOver = false;
    const ring = () => {
      soon(() => {
        if (isOver) return;
        isOver = true;
        callback();
      });
    };
    const set = () => setTimer(this.#clock, ring, ms);
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
