// The time and its timers: the host's, or those of the option `clock`.
import type { Clock } from "./types.js";
import { Refusal, hasMethod, isSome, kind, refusalOfKind, refused } from "./values.js";

/** The host's clock and timers, looked up at each call: test tools replace them. */
export const hostClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => {
    clearTimeout(handle);
  },
};

/** The clock that was given; the host's if none was. */
export function readClock(clock: unknown): Clock {
  if (!isSome(clock)) return hostClock;
  const isClock = ["now", "setTimeout", "clearTimeout"].every((name) => hasMethod(clock, name));
  if (typeof clock === "object" && isClock) return clock as Clock;
  throw refusalOfKind("clock", clock, "an object with the functions now, setTimeout and clearTimeout");
}

/** The time in whole milliseconds since the Unix epoch. Throws the {@link Refusal} that says what is wrong with the clock. */
export function readNow(clock: Clock): number {
  const now: unknown = calling("now", () => clock.now());
  if (typeof now === "number" && now >= 0 && now < Infinity) return Math.floor(now);
  throw refused("clock.now", kind(now), "a function that gives milliseconds since the Unix epoch");
}

/** Longer timers fire at once: hosts keep the delay in 31 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Sets a timer, which rings early where `ms` is more than hosts can wait. Throws as `readNow` does. */
export const setTimer = (clock: Clock, callback: () => void, ms: number): unknown =>
  calling("setTimeout", () => clock.setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS)));

function calling<Value>(name: string, call: () => Value): Value {
  try {
    return call();
  } catch (cause) {
    throw new Refusal(`clock.${name} threw`, cause);
  }
}
