// The time of a world: it stands still until it is moved, in slices that may be cut short, and holds while an answer is read.

/** What the package, the simulator and the loops take for a clock. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

interface Timer {
  callback: (() => void) | undefined;
  readonly atMs: number;
  /** Timers of one instant ring in the order in which they were set. */
  readonly order: number;
}

const isBefore = (one: Timer, other: Timer) => one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);

export class WorldClock implements Clock {
  #nowMs: number;
  #order = 0;
  #heap: Timer[] = [];
  /** How many things happen in real time, for which the world's time waits. */
  #busy = 0;
  #whenFree: (() => void) | undefined;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now = (): number => this.#nowMs;

  setTimeout = (callback: () => void, ms: number): Timer => {
    const timer = { callback, atMs: this.#nowMs + Math.max(0, Math.round(ms)), order: ++this.#order };
    this.#push(timer);
    return timer;
  };

  clearTimeout = (timer: unknown): void => {
    if (timer) (timer as Timer).callback = undefined;
  };

  /** No time passes until `work` has settled: what a browser does meanwhile takes no time of the world's. */
  async during<Value>(work: Promise<Value>): Promise<Value> {
    this.#busy++;
    try {
      return await work;
    } finally {
      if (--this.#busy === 0) this.#whenFree?.();
    }
  }

  /**
   * Time passes, timer by timer, each with all that follows from it, until so much has passed or `isEnough` says that the
   * slice is long enough. Gives how much of it is left then.
   */
  async advance(ms: number, isEnough: () => boolean = () => false): Promise<number> {
    const endMs = this.#nowMs + ms;
    await this.#settled();
    for (let next = this.#next(); next && next.atMs <= endMs; next = this.#next()) {
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#ringAll();
      await this.#settled();
      if (isEnough()) return endMs - this.#nowMs;
    }
    this.#nowMs = endMs;
    return 0;
  }

  /** All that are due now; those that are set meanwhile ring after what follows from these. */
  #ringAll(): void {
    const due: Timer[] = [];
    for (let next = this.#next(); next && next.atMs <= this.#nowMs; next = this.#next()) {
      due.push(next);
      this.#pop();
    }
    for (const timer of due) {
      const { callback } = timer;
      timer.callback = undefined; // looked at again here, since one that rang before may have cleared it
      callback?.();
    }
  }

  /** All that can happen without time passing has happened. */
  async #settled(): Promise<void> {
    await nextTask();
    while (this.#busy > 0) {
      await new Promise<void>((resolve) => {
        this.#whenFree = resolve;
      });
      await nextTask();
    }
  }

  #next(): Timer | undefined {
    while (this.#heap[0] && !this.#heap[0].callback) this.#pop();
    return this.#heap[0];
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(timer);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (!parent || !isBefore(timer, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      let child = heap[below];
      const other = heap[below + 1];
      if (child && other && isBefore(other, child)) [below, child] = [below + 1, other];
      if (!child || !isBefore(child, last)) break;
      heap[place] = child;
      place = below;
    }
    heap[place] = last;
  }
}

/** Node's, which serves no message while it may end. */
declare const setImmediate: ((callback: () => void) => void) | undefined;

/** Resolves in a task of the host's own, after all promises. */
const nextTask: () => Promise<void> = (() => {
  if (typeof setImmediate === "function") return () => new Promise<void>(setImmediate);
  const waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      port2.postMessage(undefined);
    });
})();
