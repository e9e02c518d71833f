// How others poll, as data: when they ask again, what becomes of a refusal, and which ends they know. Of published packages
// the intervals and the repeats are imitated, with what is usual around them; benches/polling/ measures the packages themselves.
import type { HabitKey } from "./settings.ts";

export interface Habit {
  /** From an answer to the next request, after so many polls; `random` is from 0 to below 1. */
  readonly intervalMs: (polls: number, random: number) => number;
  /** What is sent again; without it, 429 and 5xx are read like any answer, and no answer is an end. */
  readonly repeats?: Repeats;
  /** Whether CANCELED ends it. */
  readonly knowsCanceled: boolean;
}

export interface Repeats {
  readonly most: number;
  /** How long before a repeat (the first is 1) of a request that got this status, or no answer; undefined: none. */
  readonly waitMs: (repeat: number, status: number | undefined) => number | undefined;
}

/** A loop by hand: it asks, it sleeps, until it reads COMPLETE. */
const byHand = (intervalMs: number): Habit => ({ intervalMs: () => intervalMs, knowsCanceled: false });

/** HubSpot's official client below a poller that brings none: told to repeat as often as it can, which is not its default. */
const OFFICIAL_CLIENT: Repeats = {
  most: 5,
  waitMs: (repeat, status) => (status === undefined ? undefined : repeat * (status === 429 ? 10_000 : 200)),
};

export const HABITS: Readonly<Record<HabitKey, Habit>> = {
  every1s: byHand(1_000),
  every2s: byHand(2_000),
  every5s: byHand(5_000),
  coreLro: { intervalMs: () => 2_000, repeats: OFFICIAL_CLIENT, knowsCanceled: true },
  openai: { intervalMs: () => 5_000, repeats: { most: 2, waitMs: (repeat) => 500 * 2 ** (repeat - 1) }, knowsCanceled: true },
  // It means to wait between repeats, but does not (1.4.0).
  replicate: { intervalMs: () => 500, repeats: { most: 5, waitMs: () => 0 }, knowsCanceled: true },
  gax: { intervalMs: (polls) => Math.min(100 * 1.3 ** (polls - 1), 60_000), repeats: OFFICIAL_CLIENT, knowsCanceled: true },
  smithy: {
    intervalMs: (polls, random) => 2_000 + random * (Math.min(2_000 * 2 ** (polls - 1), 120_000) - 2_000),
    repeats: OFFICIAL_CLIENT,
    knowsCanceled: true,
  },
};
