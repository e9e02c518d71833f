// The time and its timers: the host's, or those of the option `clock`.
import type { Clock } from "./types.js";
import { INSTANT, attempt, fieldsOf, has, kind, reading, refusalOfKind, refused } from "./values.js";

/** The host's clock and timers, looked up at each call: test tools replace them. */
export const hostClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => {
    clearTimeout(handle);
  },
};

/** A clock of the caller's. */
export function readClock(clock: unknown): Clock {
  const methods = ["now", "setTimeout", "clearTimeout"];
  if (typeof clock === "object" && attempt(() => methods.every((name) => has(fieldsOf(clock), name)))) return clock as Clock;
  throw refusalOfKind("clock", clock, "an object with now, setTimeout and clearTimeout");
}

/** The time in whole milliseconds since the Unix epoch. Throws the refusal that says what is wrong with the clock. */
export function readNow(clock: Clock): number {
  const given: unknown = reading("clock.now", () => clock.now());
  const [takes, read] = INSTANT;
  const now = read(given);
  if (now === undefined) throw refused("clock.now", kind(given), takes);
  return now;
}

/** Longer timers ring at once: hosts keep the delay in 31 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Sets a timer, which rings early where `ms` is more than hosts can wait. Throws as `readNow` does. */
export const setTimer = (clock: Clock, callback: () => void, ms: number): unknown =>
  reading("clock.setTimeout", () => clock.setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS)));
