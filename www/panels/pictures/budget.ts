// How many requests a lane sent in any ten seconds, which is what HubSpot's limit counts.
import type { Second } from "../../world/lane.ts";

/** HubSpot's limits, and the simulator's, count so long. */
export const WINDOW_S = 10;

export interface Budget {
  /** Whole seconds since the world began, from 1 on. */
  readonly atS: number[];
  /** In the ten seconds before: all requests, and those of them that were refused. */
  readonly sent: number[];
  readonly refused: number[];
}

export function budgetOf(seconds: readonly Second[], nowMs: number): Budget {
  const last = Math.floor(nowMs / 1_000);
  const budget: Budget = { atS: [], sent: [], refused: [] };
  let [sent, refused] = [0, 0];
  for (let at = 1; at <= last; at++) {
    const [came, went] = [seconds[at - 1], seconds[at - 1 - WINDOW_S]];
    sent += (came?.sent ?? 0) - (went?.sent ?? 0);
    refused += (came?.refused ?? 0) - (went?.refused ?? 0);
    budget.atS.push(at);
    budget.sent.push(sent);
    budget.refused.push(refused);
  }
  return budget;
}

const STEPS = [10, 20, 30, 60, 120, 300, 600, 1_800, 3_600];

/** The seconds of which a table tells: at most so many, evenly spaced, the last one among them. */
export function rowsOf(lastS: number, most: number): number[] {
  if (lastS < 1) return [];
  const step = STEPS.find((step) => lastS / step < most) ?? Math.ceil(lastS / most);
  const rows = Array.from({ length: Math.floor(lastS / step) }, (_, index) => (index + 1) * step);
  return rows.at(-1) === lastS ? rows : [...rows, lastS];
}
