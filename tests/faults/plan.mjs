// What is to happen in one run, and what is true of each task: made from a seed, before anything is asked.
import { Random } from "../differential/random.mjs";
import { CLOCKS } from "./clocks.mjs";
import { drawStop } from "./table.mjs";

const FAMILIES = ["fileImport", "folderUpdate", "export", "sourceCodeExtract"];
const MINUTE_MS = 60_000;

/** How callers follow a task: callers.mjs has each. */
export const JOURNEYS = ["wait", "waitAndCarryOn", "leave", "listen", "iterate", "breakOff", "work", "crowd", "crash"];

/** So many requests of a hundred go wrong. */
export const FAULTS_PERCENT = 30;

export function planOf(seed, tasks) {
  const random = new Random(seed);
  const tokens = random.weighed([[1, "none"], [2, "string"], [4, "function"]]);
  const rateLimit = random.weighed([
    [3, undefined],
    [1, false],
    [4, { requests: random.between(3, 40), perMs: random.of([1_000, 5_000, 10_000]) }],
  ]);
  // Most leave while their requests are under way, at a limit that is used up.
  const isStorm = random.chance(0.15);
  const clock = random.weighed(CLOCKS.map((kind) => [kind === "right" ? 3 : 1, kind]));
  return {
    seed,
    tokens,
    clock,
    /** Limits of the server's, as the client has them. */
    window: random.of(["sliding", "fixed"]),
    /** How answers come: fetch's own, or another client's. */
    shape: random.of(["response", "response", "plain", "undici", "rejects"]),
    /** Milliseconds on the way to the server, at most. */
    jitterMs: isStorm ? 400 : random.of([5, 100, 400]),
    options: {
      rateLimit: isStorm ? { requests: random.between(5, 30), perMs: random.of([1_000, 3_000]) } : rateLimit,
      apiVersion: random.of(["v3", "2025-09", "2026-03", "2026-09"]),
      pace: random.of(["interactive", "batch", 0.3, 4]),
      minIntervalMs: random.of([200, 1_000, 5_000]),
      maxIntervalMs: random.of([5_000, 60_000]),
      timeoutMs: Infinity,
      requestTimeoutMs: random.of([2_000, 10_000, 30_000]),
      maxConcurrent: random.of([1, 3, 20]),
      learned: random.chance(0.8),
    },
    tasks: Array.from({ length: tasks }, (_, number) => taskOf(random, { seed: seed * 1_000 + number, hasRefresh: tokens === "function", isStorm })),
  };
}

function taskOf(random, { seed, hasRefresh, isStorm }) {
  const family = random.of(FAMILIES);
  const hasErrors = family !== "sourceCodeExtract";
  const outcome = random.weighed([[8, "succeeded"], [1, "canceled"], ...(hasErrors ? [[1, "succeededWithErrors"], [1, "failed"]] : [])]);
  const durationMs = () => Math.round(random.of([0, 2_000, 20_000, 5 * MINUTE_MS]) * (0.5 + random.next()));
  // A task that stops would never end: so it cannot end before it is stopped.
  const stop = random.chance(0.12) ? { fault: drawStop(random, hasRefresh), at: random.between(1, 8) } : undefined;
  return {
    seed,
    family,
    journey: isStorm && random.chance(0.8) ? "leave" : random.of(JOURNEYS),
    beginsAtMs: random.between(0, isStorm ? 20_000 : 10 * MINUTE_MS),
    /** The truth. */
    outcome,
    stop,
    simulated: { outcome, pendingMs: durationMs(), processingMs: stop ? Infinity : durationMs() },
    /** At which requests its id vanishes, for that one request. */
    vanishesAt: !stop && random.chance(0.15) ? random.between(1, 6) : undefined,
  };
}
