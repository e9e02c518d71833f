// How the values of options are read.
import type { Pace } from "../entries/index.js";
import type { Takes } from "./args.js";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationOf(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return text === "0" ? 0 : amount && unit ? Number(amount) * (UNITS[unit] ?? NaN) : undefined;
}

/** Milliseconds. */
export const DURATION: Takes<number> = ["a time with its unit, such as 90s, 15m or 2h", durationOf];

export const DEADLINE: Takes<number> = [
  "a time with its unit, such as 90s, 15m or 2h, or none",
  (text) => (text === "none" ? Infinity : durationOf(text)),
];

export const INTERVAL: Takes<{ minIntervalMs: number; maxIntervalMs: number }> = [
  "two times with their units, such as 2s-60s",
  (text) => {
    const [minIntervalMs, maxIntervalMs, more] = text.split("-").map(durationOf);
    return minIntervalMs && maxIntervalMs && more === undefined && minIntervalMs <= maxIntervalMs ? { minIntervalMs, maxIntervalMs } : undefined;
  },
];

export const RATE_LIMIT: Takes<{ requests: number; perMs: number } | false> = [
  "a number and a time, such as 100/10s, or none",
  (text) => {
    const [requests, perMs] = [Number(/^[1-9]\d{0,8}(?=\/)/.exec(text)?.[0]), durationOf(text.slice(text.indexOf("/") + 1))];
    if (text === "none") return false;
    return requests && perMs ? { requests, perMs } : undefined;
  },
];

export const PACE: Takes<Pace> = [
  "interactive, batch or a number above 0",
  (text) => (text === "interactive" || text === "batch" ? text : Number(/^\d+(\.\d+)?$/.exec(text)?.[0]) || undefined),
];

export const COUNT: Takes<number> = ["a whole number", (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined)];

export const PORT: Takes<number> = ["a port, 0 to 65535", (text) => (/^\d{1,5}$/.test(text) && Number(text) < 65_536 ? Number(text) : undefined)];

/** One of these words. */
export const oneOf = <Word extends string>(...words: readonly Word[]): Takes<Word> => [
  words.join(", "),
  (text) => words.find((word) => word === text),
];
