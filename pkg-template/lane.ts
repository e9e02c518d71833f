// Where timers belong: to one lane a client, but in Cloudflare's workers (contexts.ts). It has one timer for all that is to come
// and one for the next turn, and wakes when the page is shown or the network is back.
import type { Call, Calls } from "./calls.js";
import { setTimer } from "./clock.js";
import { type Requests, Sender, type SenderParts } from "./requests.js";
import type { Clock } from "./types.js";
import { attempt, soon } from "./values.js";

/** What a lane asks of its driver. */
export interface LaneDriver {
  /** The loop is to run. */
  run(): void;
  /** A new task of the host's began: the timer rang that was set for this instant, or a turn was wanted, with 0. */
  turn(rangMs: number): void;
  /** The host was away, or its network is back. */
  wake(): void;
}

/** What a driver asks of its lane, or of that whose turn it is. */
export interface HostLane extends Pick<Lane, "wantRun" | "ringAt" | "rest" | "takeTurn" | "nextTurn" | "after" | "stop"> {
  /** Something is to be sent for a call, whose caller's turn it is. */
  join?(call: Call): void;
}

/** A timer that is set. */
interface Alarm {
  readonly untilMs: number;
  /** What the clock said when it was set. */
  readonly clockMs: number;
  readonly stop: () => void;
}

/** The timers of hidden pages are slow, and the network may be back before a retry is due. */
const WAKING = { online: () => globalThis, visibilitychange: () => attempt(() => document) };

/** The host's own timers, as they were when this was loaded. */
const ownSetTimeout = setTimeout;

export class Lane {
  readonly #clock: Clock;
  readonly #driver: LaneDriver;
  /** One, unless the clock was set back: those that were set before alone know how much time had passed. */
  #alarms: Alarm[] = [];
  #turn: (() => void) | undefined;
  /** Those who wait for the next turn. */
  readonly #afterTurn: (() => void)[] = [];
  #isRunWanted = false;
  #stopWaking: (() => void) | undefined;

  constructor(clock: Clock, driver: LaneDriver) {
    this.#clock = clock;
    this.#driver = driver;
  }

  /** The loop is to run soon. */
  wantRun(): void {
    if (this.#isRunWanted) return;
    soon(() => {
      this.#isRunWanted = false;
      this.#driver.run();
    });
    this.#isRunWanted = true;
  }

  /** The timer is to ring then, or before; `clockMs` is what the clock says now. */
  ringAt(untilMs: number, nowMs: number, clockMs: number): void {
    // By a clock that may stand still, one that rings too early is better than one that is set anew.
    this.#keepAlarms((alarm) => alarm.untilMs === untilMs || alarm.clockMs - clockMs >= +(alarm.untilMs > untilMs));
    if (this.#alarms.some((alarm) => alarm.untilMs <= untilMs)) return;
    const stop = this.after(untilMs - nowMs, () => {
      this.#keepAlarms((alarm) => alarm.untilMs !== untilMs);
      this.#beginTurn(untilMs);
    });
    this.#alarms.push({ untilMs, clockMs, stop });
    this.#stopWaking ??= this.listen();
  }

  #keepAlarms(isKept: (alarm: Alarm) => boolean): void {
    this.#alarms = this.#alarms.filter((alarm) => {
      if (isKept(alarm)) return true;
      alarm.stop();
      return false;
    });
  }

  /** Nothing is to come. */
  rest(): void {
    this.#keepAlarms(() => false);
    this.#stopWaking?.();
    this.#stopWaking = undefined;
  }

  /** A new task of the host's is wanted. */
  takeTurn(): void {
    this.#turn ??= this.after(0, () => {
      this.#turn = undefined;
      this.#beginTurn(0);
    });
  }

  /** Resolves in its next turn, which somebody has to take. */
  nextTurn(): Promise<void> {
    return new Promise((resolve) => this.#afterTurn.push(resolve));
  }

  #beginTurn(rangMs: number): void {
    this.#goOn();
    this.#driver.turn(rangMs);
  }

  #goOn(): void {
    for (const goOn of this.#afterTurn.splice(0)) goOn();
  }

  /** All of it is over. */
  stop(): void {
    this.rest();
    this.#turn?.();
    this.#turn = undefined;
    this.#goOn();
  }

  /** Calls back once after that time, on a stack of its own, whatever the clock does, even at once; gives what prevents that. */
  after(ms: number, callback: () => void): () => void {
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

  protected listen(): () => void {
    const wake = () => {
      if (attempt(() => document?.visibilityState) === "hidden") return;
      this.#driver.wake();
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

/** What belongs to a client of the host's. */
export interface Host {
  readonly lane: HostLane;
  readonly sender: Requests;
}

/** How an entry's clients get theirs. */
let make = (clock: Clock, driver: LaneDriver & Calls, sender: SenderParts): Host => ({
  lane: new Lane(clock, driver),
  sender: new Sender(sender),
});

export const makeHost: typeof make = (...given) => make(...given);

/** The entry says how; without that a client has one lane. */
export function useHosts(how: typeof make): void {
  make = how;
}
