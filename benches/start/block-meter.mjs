// How long the event loop is blocked: between two turns of a timer that is due every millisecond.

export class BlockMeter {
  #interval;
  #lastMs;
  #longestMs = 0;

  /** Counts from here on: what runs before the next turn is in it, the rest of the running task included. */
  start() {
    this.#lastMs = performance.now();
    this.#interval = setInterval(() => this.#look(), 1);
  }

  /** The longest block in milliseconds. */
  stop() {
    this.#look();
    clearInterval(this.#interval);
    return this.#longestMs;
  }

  #look() {
    const nowMs = performance.now();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }
}
