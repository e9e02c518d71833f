// How long the simulated tasks take: nobody publishes HubSpot's durations, so the policies must do well on many shapes.
import { generator, normal } from "./random.mjs";

/** Tasks a scenario. */
export const TASKS = 6_000;

/** Tasks from which a schedule is learned before the measured ones start. */
export const TRAINING_TASKS = 100;

/** From a request to its answer; the server looks at the task halfway. */
export const RTT_MS = 150;

const lognormal = (medianS, sigma) => (random) => medianS * Math.exp(sigma * normal(random));

/** `draw` gives one duration in seconds. */
export const SCENARIOS = [
  { key: "lognormal45", title: "lognormal, median 45 s, σ 1.2", draw: lognormal(45, 1.2) },
  { key: "lognormal3", title: "lognormal, median 3 s, σ 0.8", draw: lognormal(3, 0.8) },
  { key: "pareto", title: "Pareto, α 1.2 from 2 s", draw: (random) => 2 * (1 - random()) ** (-1 / 1.2) },
  { key: "exponential", title: "exponential, mean 60 s", draw: (random) => -60 * Math.log(1 - random()) },
  { key: "loguniform", title: "log-uniform, 1 s to 1 h", draw: (random) => 3_600 ** random() },
  {
    key: "bimodal",
    title: "half 4 s, half 300 s, σ 0.3",
    draw: (random) => lognormal(random() < 0.5 ? 4 : 300, 0.3)(random),
  },
];

/** Durations in whole milliseconds, as `completedAt` has them. */
export function durations(scenario, seed, count = TASKS) {
  const random = generator(seed);
  return Array.from({ length: count }, () => Math.max(1, Math.round(scenario.draw(random) * 1_000)));
}

/** Fewer of them, spread evenly from the shortest to the longest, so that means stay nearly the same. */
export function thinned(sample, count) {
  if (count === sample.length) return sample;
  const sorted = sample.toSorted((one, other) => one - other);
  return Array.from({ length: count }, (_, index) => sorted[Math.floor(((index + 0.5) * sample.length) / count)]);
}

/** The seed of a scenario's measured tasks; the training sample has another one. */
export const seedOf = (scenario) => 1_000 + SCENARIOS.indexOf(scenario);
export const trainingSeedOf = (scenario) => 2_000 + SCENARIOS.indexOf(scenario);
