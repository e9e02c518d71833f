// What a run pays: requests a task against the mean delay, and the least delay that so many requests can have.
import { Optimum } from "../../../benches/polling/optimum.mjs";
import { type Lane, delayOf } from "../../world/lane.ts";
import type { PlannedTask } from "../../world/plan.ts";

export interface Point {
  /** A task, in the mean. */
  readonly requests: number;
  readonly meanDelayS: number;
}

/** Of the tasks that are over, as far as delays can be told of them; undefined while there is none. */
export function paidBy({ rows }: Pick<Lane, "rows">, nowMs: number): Point | undefined {
  let [polls, delays, count] = [0, 0, 0];
  for (const row of rows) {
    const delayMs = delayOf(row, nowMs);
    if (delayMs === undefined) continue;
    polls += row.polls;
    delays += delayMs;
    count++;
  }
  return count === 0 ? undefined : { requests: polls / count, meanDelayS: delays / count / 1_000 };
}

export interface Best {
  /** From one request a task to this many. */
  curve(mostRequests: number): Point[];
  delayAt(requests: number): number;
}

/** Of the tasks that are over: the best fixed schedule of somebody who knows all their durations. An answer takes so long. */
export function bestOf(plan: readonly PlannedTask[], nowMs: number, latencyMs: number): Best | undefined {
  const durations = plan.filter(({ completedMs }) => completedMs <= nowMs).map(({ requestedMs, completedMs }) => (completedMs - requestedMs) / 1_000);
  if (durations.length === 0) return undefined;
  const optimum = new Optimum(durations);
  const answerS = latencyMs / 1_000;
  return {
    curve: (mostRequests) => optimum.curve(mostRequests).map(({ requests, delay }) => ({ requests, meanDelayS: delay + answerS })),
    delayAt: (requests) => optimum.delayAt(requests) + answerS,
  };
}

/** What a logarithmic axis is marked with. */
const TICKS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];

/** The least and the most of the ticks that have all values between them: it changes rarely. */
export function rangeOf(values: readonly number[]): [number, number] {
  const known = values.filter((value) => value > 0);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return [TICKS.filter((tick) => tick <= least).at(-1) ?? 0.01, TICKS.find((tick) => tick >= most) ?? 100_000];
}

export const ticksWithin = (least: number, most: number): number[] => TICKS.filter((tick) => tick >= least && tick <= most);
