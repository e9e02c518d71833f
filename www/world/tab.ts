// The timers of a browser's tab: while nobody looks at it they ring once a minute, as browsers do after five minutes.
import type { Clock } from "./clock.ts";

const THROTTLED_TO_MS = 60_000;

interface TabTimer {
  readonly callback: () => void;
  /** When it should ring. */
  readonly atMs: number;
  handle: unknown;
}

export class Tab implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<TabTimer>();
  #isHidden = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now = (): number => this.#clock.now();

  setTimeout = (callback: () => void, ms: number): TabTimer => {
    const timer: TabTimer = { callback, atMs: this.now() + Math.max(0, ms), handle: undefined };
    this.#timers.add(timer);
    // A timer of no time is a turn of the host's, which hidden tabs have, too.
    this.#set(timer, this.#isHidden && ms > 0);
    return timer;
  };

  clearTimeout = (handle: unknown): void => {
    const timer = handle as TabTimer | undefined;
    if (!timer || !this.#timers.delete(timer)) return;
    this.#clock.clearTimeout(timer.handle);
  };

  /** What is overdue when the tab is shown again rings at once. */
  set isHidden(isHidden: boolean) {
    if (isHidden === this.#isHidden) return;
    this.#isHidden = isHidden;
    for (const timer of this.#timers) {
      this.#clock.clearTimeout(timer.handle);
      this.#set(timer, isHidden);
    }
  }

  #set(timer: TabTimer, isThrottled: boolean): void {
    const ringsMs = isThrottled ? Math.ceil(timer.atMs / THROTTLED_TO_MS) * THROTTLED_TO_MS : timer.atMs;
    timer.handle = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      timer.callback();
    }, ringsMs - this.now());
  }
}
