// What this package promises of its start, its CPU and its memory, checked against what was measured.
import { CALLS } from "./burst.mjs";

/** `of` finds the figure in what its part measured, or finds none where that took too long. */
const BARS = [
  {
    part: "cold",
    text: "cold start of `.`: CPU ÷ the bare loop's",
    most: 1.06,
    digits: 3,
    of: ({ own }) => own.subjects.default.cpuRatio.median,
  },
  {
    part: "first",
    text: "first use of `.`: CPU in ms",
    most: 6.5,
    digits: 1,
    of: ({ node }) => node.default.cpuMs.median,
  },
  ...[["400 B", 1.8], ["10 kB", 1.25], ["500 kB", 1.06]].map(([body, most]) => ({
    part: "poll",
    text: `a poll of ${body}: CPU ÷ the bare loop's`,
    most,
    digits: 3,
    of: (bodies) => bodies[body]?.ratio.median,
  })),
  {
    part: "memory",
    text: "100,000 waiting by the defaults: bytes each that the process grew by (RSS)",
    most: 2_500,
    digits: 0,
    of: ({ many }) => many?.each.rss,
  },
  {
    part: "memory",
    text: "100,000 waiting, each asked once: bytes each (heap and external)",
    most: 2_500,
    digits: 0,
    of: ({ manyAsked }) => manyAsked && manyAsked.each.heap + manyAsked.each.external,
  },
  ...[["many", "by the defaults"], ["manyAsked", "each asked once"]].map(([crowd, how]) => ({
    part: "memory",
    text: `100,000 waiting, ${how}: abort of all in ms`,
    most: 1_000,
    digits: 0,
    of: (crowds) => crowds[crowd]?.abortMs,
  })),
  ...[["cpuRatio", "by the defaults"], ["cpuRatioAsked", "each asked once"]].map(([ratio, how]) => ({
    part: "memory",
    text: `\`wait()\`, ${how}: CPU of ten times the calls`,
    most: 12,
    digits: 1,
    of: (crowds) => crowds[ratio],
  })),
  {
    part: "burst",
    text: "100,000 `status()`: CPU of a call in µs, over a bare call's",
    most: 15,
    digits: 1,
    of: ({ status }) => status.many?.overBareUs,
  },
  {
    part: "burst",
    text: "100,000 `status()`: longest block of the event loop in ms",
    most: 100,
    digits: 0,
    of: ({ status }) => status.many?.blockMs,
  },
  ...CALLS.map(({ kind, title }) => ({
    part: "burst",
    text: `${title}: CPU of ten times the calls`,
    most: 12,
    digits: 1,
    of: (kinds) => kinds[kind].cpuRatio,
  })),
];

/** `{ text, measured, most, isMet }` for each promise about a part that was measured; the first three are texts. */
export function checkBars(results, limitS) {
  return BARS.filter(({ part }) => part in results).map(({ part, text, most, digits, of }) => {
    const measured = of(results[part]);
    const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return {
      text,
      measured: measured?.toLocaleString("en", format) ?? `over ${limitS} s`,
      most: most.toLocaleString("en"),
      isMet: measured <= most,
    };
  });
}
