// How others poll, as data: when they ask again, what becomes of a refusal, and which ends they know. Of published packages
// the intervals and the repeats are imitated, with what is usual around them; benches/polling/ measures the packages themselves.
import type { HabitKey } from "./settings.ts";

export interface Habit {
  /** From an answer to the next request, after so many polls; `random` is from 0 to below 1. */
  readonly intervalMs: (polls: number, random: number) => number;
  /** What is done with 429 and 5xx; without it they are read like any answer. */
  readonly repeats?: Repeats;
  /** Whether CANCELED ends it. */
  readonly knowsCanceled: boolean;
}

export interface Repeats {
  readonly most: number;
  /** How long before a repeat: the first is 1. */
  readonly waitMs: (repeat: number) => number;
}

/** A loop by hand: it asks, it sleeps, until it reads COMPLETE. */
const byHand = (intervalMs: number): Habit => ({ intervalMs: () => intervalMs, knowsCanceled: false });

/** What HubSpot's official client does below a poller that brings no client, at most. */
const OFFICIAL_CLIENT: Repeats = { most: 6, waitMs: (repeat) => 10_000 * repeat };

export const HABITS: Readonly<Record<HabitKey, Habit>> = {
  every1s: byHand(1_000),
  every2s: byHand(2_000),
  every5s: byHand(5_000),
  coreLro: { intervalMs: () => 2_000, repeats: OFFICIAL_CLIENT, knowsCanceled: true },
  openai: { intervalMs: () => 5_000, repeats: { most: 2, waitMs: (repeat) => 500 * 2 ** (repeat - 1) }, knowsCanceled: true },
  replicate: { intervalMs: () => 500, repeats: { most: 5, waitMs: (repeat) => 500 * 2 ** (repeat - 1) }, knowsCanceled: true },
  gax: { intervalMs: (polls) => Math.min(100 * 1.3 ** (polls - 1), 60_000), repeats: OFFICIAL_CLIENT, knowsCanceled: true },
  smithy: {
    intervalMs: (polls, random) => 2_000 + random * (Math.min(2_000 * 2 ** (polls - 1), 120_000) - 2_000),
    repeats: OFFICIAL_CLIENT,
    knowsCanceled: true,
  },
};
