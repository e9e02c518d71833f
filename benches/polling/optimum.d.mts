// The types of optimum.mjs, for the demo page.

export declare class Optimum {
  /** Durations, in any unit. */
  constructor(times: Iterable<number>);
  delayAt(requests: number): number;
  curve(mostRequests: number): { requests: number; delay: number }[];
}
