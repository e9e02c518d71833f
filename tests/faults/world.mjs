// Virtual time: it stands still until nobody can do anything, then one timer rings.

/** When each run begins. */
export const START_MS = Date.parse("2026-08-21T10:00:00Z");

/** More than any run has timers: a client that asks without end is stopped here. */
const MOST_RINGS = 3_000_000;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** So many turns of the host's may follow from one timer, where files are read and written. */
const QUIET_TURNS = 8;

/** The same where files are at work: those take real time. */
export async function settledWithFiles() {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
    await turn();
    if (process.getActiveResourcesInfo().some((name) => /^FSReq|^CloseReq/.test(name))) quiet = -1;
  }
}

export class World {
  /** The time that has passed. */
  nowMs = 0;
  /** A heap: the timer that rings next comes first. */
  #timers = [];
  /** Timers of no time, in their order. */
  #turns = [];
  #serial = 0;
  #counts = new Map();
  /** Resolves when all that can happen without a timer has happened. */
  #settled;

  constructor(settled = turn) {
    this.#settled = settled;
  }

  /** Rings after so long, in true time; `whose` names whom it is counted for. */
  timer(callback, afterMs, whose) {
    const timer = { callback, whose, dueMs: this.nowMs + Math.max(0, afterMs), serial: ++this.#serial, isSet: true };
    this.#count(whose, 1);
    if (afterMs <= 0) this.#turns.push(timer);
    else this.#push(timer);
    return timer;
  }

  clear(timer) {
    if (!timer?.isSet) return;
    timer.isSet = false;
    this.#count(timer.whose, -1);
  }

  sleep(afterMs, whose) {
    return new Promise((resolve) => this.timer(resolve, afterMs, whose));
  }

  /** How many timers of theirs are set. */
  timersOf(whose) {
    return this.#counts.get(whose) ?? 0;
  }

  /** Time passes until no timer is set; gives whether that came to an end. */
  async run() {
    for (let rings = 0; rings < MOST_RINGS; rings++) {
      await this.#settled();
      const timer = this.#next();
      if (!timer) return true;
      this.nowMs = Math.max(this.nowMs, timer.dueMs);
      this.clear(timer);
      timer.callback();
    }
    return false;
  }

  #count(whose, by) {
    this.#counts.set(whose, this.timersOf(whose) + by);
  }

  #next() {
    for (;;) {
      const timer = this.#turns.length > 0 ? this.#turns.shift() : this.#pop();
      if (!timer || timer.isSet) return timer;
    }
  }

  #push(timer) {
    const heap = this.#timers;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(timer, heap[above])) break;
      heap[at] = heap[above];
      at = above;
    }
    heap[at] = timer;
  }

  #pop() {
    const heap = this.#timers;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1], heap[below])) below++;
      if (!isBefore(heap[below], last)) break;
      heap[at] = heap[below];
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (one, other) => one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.serial < other.serial);
