// Clocks as clients have them: right, wrong, set forth and back by hours, standing still. Their timers keep true time.
import { START_MS } from "./world.mjs";

const HOUR_MS = 3_600_000;

/** How long the clocks do what they do; later they go right on from there. */
const LASTS_MS = 6 * HOUR_MS;

/** Each gives what a clock says, from the true time that has passed. */
const KINDS = {
  right: () => (nowMs) => nowMs,
  wrong: (random) => {
    const offMs = random.between(-48, 48) * HOUR_MS;
    return (nowMs) => nowMs + offMs;
  },
  jumps: (random) => {
    const jumps = random.list(3, 12, () => ({ atMs: random.between(0, LASTS_MS), byMs: random.between(-9, 9) * HOUR_MS }));
    return (nowMs) => jumps.reduce((now, { atMs, byMs }) => (nowMs >= atMs ? now + byMs : now), nowMs);
  },
  /** Set back alone: it never seems later than it is. */
  back: (random) => {
    const jumps = random.list(1, 6, () => ({ atMs: random.between(0, LASTS_MS), byMs: random.between(-9, -1) * HOUR_MS }));
    return (nowMs) => jumps.reduce((now, { atMs, byMs }) => (nowMs >= atMs ? now + byMs : now), nowMs);
  },
  stands: (random) => {
    const stands = random.list(1, 4, () => {
      const fromMs = random.between(0, LASTS_MS);
      return { fromMs, untilMs: fromMs + random.between(1_000, HOUR_MS) };
    });
    return (nowMs) => stands.reduce((now, { fromMs, untilMs }) => (nowMs >= fromMs && nowMs < untilMs ? Math.min(now, fromMs) : now), nowMs);
  },
};

export const CLOCKS = Object.keys(KINDS);

/** Clocks by which more time seems to pass than does: a client cannot tell that from a machine that slept. */
export const isFast = (kind) => kind === "jumps" || kind === "stands";

/** A client's clock on the world's time. */
export function clockOf(kind, random, world, whose) {
  const says = KINDS[kind](random);
  return {
    now: () => START_MS + says(world.nowMs),
    setTimeout: (callback, ms) => world.timer(callback, ms, whose),
    clearTimeout: (timer) => world.clear(timer),
  };
}
