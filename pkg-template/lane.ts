// Where requests and timers belong: one lane a client. It sends, has one timer for all that is to come and one for the next
// turn, and wakes when the page is shown or the network is back.
import { setTimer } from "./clock.js";
import { withRoom } from "./stack.js";
import type { Clock } from "./types.js";
import { attempt } from "./values.js";

/** What a lane tells its driver. */
export interface LaneEvents {
  /** A new task of the host's began: the timer rang, maybe early, since hosts cannot wait for long, or a turn was wanted. */
  turn(): void;
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
    this.#alarm = undefined;
    const stop = this.#timer(untilMs - nowMs, () => {
      this.#alarm = undefined;
      this.#events.turn();
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
      this.#events.turn();
    });
  }

  /** All of it is over. */
  stop(): void {
    this.rest();
    this.#turn?.();
    this.#turn = undefined;
  }

  /** Calls back once, whatever the clock does; gives what prevents that. */
  #timer(ms: number, callback: () => void): () => void {
    let isOver = false;
    const handle = setTimer(
      this.#clock,
      () => {
        if (isOver) return;
        isOver = true;
        withRoom(callback);
      },
      ms,
    );
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
