// Remembers what was received, in this instance's memory.
import { readNow } from "../clock.js";
import type { Clock } from "../types.js";
import type { ProxyReplays } from "./types.js";

export class Memory implements ProxyReplays {
  readonly #clock: Clock;
  /** By key, until when. */
  readonly #known = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(key: string, ttlMs: number): boolean {
    const nowMs = readNow(this.#clock);
    // Those behind one that is still known go with it: none is kept for more than ten minutes.
    for (const [old, untilMs] of this.#known) {
      if (untilMs > nowMs) break;
      this.#known.delete(old);
    }
    if ((this.#known.get(key) ?? 0) > nowMs) return false;
    this.#known.delete(key);
    this.#known.set(key, nowMs + ttlMs);
    return true;
  }
}
