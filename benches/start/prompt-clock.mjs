// A clock that lets nobody wait: its next timer fires as soon as nothing else is left to do.

export class PromptClock {
  #nowMs = Date.parse("2026-11-28T10:00:00.000Z");
  #timers = new Set();
  #isPumping = false;

  now() {
    return this.#nowMs;
  }

  setTimeout(callback, ms) {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timers.add(timer);
    this.#pump();
    return timer;
  }

  clearTimeout(timer) {
    this.#timers.delete(timer);
  }

  /** How many timers are set. */
  get timers() {
    return this.#timers.size;
  }

  /** Fires in a task of its own: an answer that is there has been read by then. */
  #pump() {
    if (this.#isPumping || this.#timers.size === 0) return;
    this.#isPumping = true;
    setImmediate(() => {
      this.#isPumping = false;
      this.#fireNext();
      this.#pump();
    });
  }

  #fireNext() {
    let next;
    // There are two or three.
    for (const timer of this.#timers) if (!next || timer.atMs < next.atMs) next = timer;
    if (!next) return;
    this.#timers.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.callback();
  }
}
