// Virtual time: it stands still until nobody can do anything, then one timer rings. As player/world.rs has it.
import assert from "node:assert/strict";

/** When all scenarios begin. */
export const START_MS = Date.parse("2026-08-21T10:00:00Z");

/** Whose a timer is. Of several that are due at one instant they ring in this order, in both players. */
export const Whose = { caller: 0, token: 1, server: 2, client: 3 };

/** More than any scenario has timers. */
const MOST_ROUNDS = 100_000;

/** All that can happen without a timer has happened: microtasks alone, since nothing here waits for the host. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const isBefore = (one, other) => {
  const place = one.findIndex((part, at) => part !== other[at]);
  return place >= 0 && one[place] < other[place];
};

/** The timer that rings before all others. */
function first(timers) {
  let first;
  for (const timer of timers) if (!first || isBefore(timer.rank, first.rank)) first = timer;
  return first;
}

export class World {
  /** The time that has passed. */
  nowMs = 0;
  /** Those that wait for some time, each with what it is sorted by. */
  #timers = new Set();
  /** Those that wait for a turn alone. */
  #turns = new Set();
  #lastTimer = 0;

  /** What clocks say. */
  get clockMs() {
    return START_MS + this.nowMs;
  }

  /** Rings after so long; after nothing, when nobody can do anything any more. `place` tells those of one kind apart. */
  timer(callback, afterMs, whose, place) {
    const dueMs = this.nowMs + afterMs;
    const timer = { callback, dueMs, whose, client: place[0], rank: [dueMs, whose, ...place, ++this.#lastTimer] };
    (afterMs === 0 ? this.#turns : this.#timers).add(timer);
    return timer;
  }

  clear(timer) {
    this.#timers.delete(timer);
    this.#turns.delete(timer);
  }

  sleep(afterMs, whose, place) {
    return new Promise((resolve) => this.timer(resolve, afterMs, whose, place));
  }

  /** Whether that client has a timer. */
  hasTimer(client) {
    return [...this.#timers].some((timer) => timer.whose === Whose.client && timer.client === client);
  }

  /** A client's clock. */
  clock(client) {
    return {
      now: () => this.clockMs,
      setTimeout: (callback, ms) => this.timer(callback, ms, Whose.client, [client]),
      clearTimeout: (timer) => this.clear(timer),
    };
  }

  /** Time passes; `turns` are done at their instants, before anything else. */
  async run(turns, horizonMs, act) {
    const left = [...turns];
    for (let rounds = 0; ; rounds++) {
      assert(rounds < MOST_ROUNDS, "timers without end");
      await settled();
      const turn = first(this.#turns);
      if (turn) {
        this.#ring(turn);
        continue;
      }
      const timer = first(this.#timers);
      const timerMs = timer?.dueMs ?? Infinity;
      if (left.length > 0 && left[0].atMs <= Math.min(timerMs, horizonMs)) {
        const { atMs, acts } = left.shift();
        this.nowMs = atMs;
        for (const each of acts) act(each);
      } else if (timerMs <= horizonMs) {
        this.nowMs = timerMs;
        this.#ring(timer);
      } else {
        return;
      }
    }
  }

  #ring(timer) {
    this.clear(timer);
    timer.callback();
  }
}
