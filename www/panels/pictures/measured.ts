// What the benchmark measured (npm run bench:polling): this package and others, one task at a time, and the optimum.
import { scenarios } from "../../../benches/polling/results.json";
import type { Point } from "./tradeoff.ts";

export type SubjectKey = "default" | "learned" | "core-lro" | "smithy" | "gax" | "openai" | "replicate";
export type ScenarioKey = "lognormal45" | "lognormal3" | "pareto" | "exponential" | "loguniform" | "bimodal";

export interface Scenario {
  readonly key: ScenarioKey;
  readonly meanDurationS: number;
  readonly subjects: Readonly<Record<SubjectKey, Point & { readonly optimumDelayS: number; readonly timesOptimum: number }>>;
  readonly curves: Readonly<Record<"default" | "learned", readonly Point[]>>;
  readonly optimum: readonly Point[];
}

export const SCENARIOS = scenarios as readonly Scenario[];

/** As their packages are called. */
export const PEERS = {
  "core-lro": "@azure/core-lro",
  "smithy": "@smithy/util-waiter",
  "gax": "google-gax",
  "openai": "openai",
  "replicate": "replicate",
} as const satisfies Partial<Record<SubjectKey, string>>;

export const PEER_KEYS = Object.keys(PEERS) as (keyof typeof PEERS)[];

/** The scenario whose tasks take about as long as these, in seconds. */
export function nearest(meanDurationS: number): Scenario {
  const distance = (scenario: Scenario) => Math.abs(Math.log(scenario.meanDurationS / meanDurationS));
  return SCENARIOS.reduce((one, other) => (distance(other) < distance(one) ? other : one));
}
