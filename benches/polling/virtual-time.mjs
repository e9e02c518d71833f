// Virtual time: a clock that jumps to its next timer, also as the globals that published packages look up.

/** The longest delay of a host's timer; a longer one fires at once, as in Node and in browsers. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** A clock, its timers in a binary heap: thousands of them are set at a time. */
export class VirtualClock {
  #now;
  #heap = [];
  #order = 0;
  #cleared = 0;

  constructor(now = Date.parse("2026-08-21T10:00:00.000Z")) {
    this.#now = now;
    // Packages take these functions from the global object, without a `this`.
    this.now = () => this.#now;
    this.setTimeout = (callback, ms, ...args) => this.#set(callback, ms, args);
    this.clearTimeout = (timer) => this.#clear(timer);
  }

  /** Time passes until the promise has settled; gives the promise. */
  async run(promise) {
    let isPending = true;
    const settled = () => (isPending = false);
    promise.then(settled, settled);
    await quiet();
    while (isPending) {
      if (!this.#fireNext()) throw new Error("the promise is pending, and no timer is set: it never settles");
      await quiet();
    }
    return promise;
  }

  #set(callback, ms, args) {
    // As hosts do: whole milliseconds, at least one.
    const wanted = Math.trunc(Number(ms)) || 0;
    const delay = wanted >= 1 && wanted <= LONGEST_DELAY_MS ? wanted : 1;
    const timer = { at: this.#now + delay, order: this.#order++, callback: () => callback(...args) };
    timer.ref = timer.unref = () => timer;
    this.#push(timer);
    return timer;
  }

  #clear(timer) {
    if (!timer?.callback) return;
    timer.callback = undefined;
    // Cleared ones (a request's time limit) would pile up until they are due.
    if (++this.#cleared > 1_000 && this.#cleared > this.#heap.length / 2) this.#compact();
  }

  #compact() {
    const live = this.#heap.filter((timer) => timer.callback);
    this.#heap = [];
    this.#cleared = 0;
    for (const timer of live) this.#push(timer);
  }

  #fireNext() {
    for (;;) {
      const timer = this.#pop();
      if (!timer) return false;
      const { callback } = timer;
      timer.callback = undefined;
      if (!callback) {
        this.#cleared--;
        continue;
      }
      this.#now = timer.at;
      callback();
      return true;
    }
  }

  #push(timer) {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(timer, heap[parent])) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = timer;
  }

  #pop() {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], last)) break;
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

const isBefore = (one, other) => one.at < other.at || (one.at === other.at && one.order < other.order);

const realSetImmediate = setImmediate;
let immediates = 0;

/** Everything that can happen without time passing has happened, the package's own setImmediate included. */
async function quiet() {
  do await new Promise(realSetImmediate);
  while (immediates > 0);
}

/** Puts the clock, and random numbers from `random`, in the place of the host's. */
export function replaceGlobals(clock, random) {
  const RealDate = Date;
  const origin = clock.now();
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length === 0 ? [clock.now()] : args));
    }
    static now() {
      return clock.now();
    }
  };
  performance.now = () => clock.now() - origin;
  globalThis.setTimeout = clock.setTimeout;
  globalThis.clearTimeout = clock.clearTimeout;
  globalThis.setImmediate = (callback, ...args) => {
    immediates++;
    return realSetImmediate(() => {
      immediates--;
      callback(...args);
    });
  };
  Math.random = random;
}
