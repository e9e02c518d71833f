// A lane's counters: five numbers whose digits do not jump, each with a bar by which the lanes compare.
import type { LaneKey, Metrics } from "../world/lane.ts";
import type { WordKey } from "../words/en.ts";
import type { Speech } from "../words/words.ts";
import { element, write } from "./dom.ts";

interface Counter {
  readonly key: "requests" | "refused" | "mean" | "worst" | "wrong";
  readonly valueOf: (metrics: Metrics) => number | undefined;
  readonly isTime: boolean;
}

const COUNTERS: readonly Counter[] = [
  { key: "requests", valueOf: ({ requests }) => requests, isTime: false },
  { key: "refused", valueOf: ({ refused }) => refused, isTime: false },
  { key: "mean", valueOf: ({ meanDelayMs }) => meanDelayMs, isTime: true },
  { key: "worst", valueOf: ({ worstDelayMs }) => worstDelayMs, isTime: true },
  { key: "wrong", valueOf: ({ wrong }) => wrong, isTime: false },
];

/** Below so much, a bar shows no difference: milliseconds of delay, and counts. */
const LEAST = { time: 1_000, count: 1 };

export interface Counters {
  readonly node: HTMLElement;
  show(metrics: Metrics, others: Metrics): void;
}

export function createCounters(lane: LaneKey, speech: Speech): Counters {
  const parts = COUNTERS.map((counter) => {
    const { key } = counter;
    const number = element("span", { className: "number", attributes: { "data-count": key } });
    const bar = element("span", { className: "bar" });
    const node = element(
      "div",
      { className: `counter counter-${key}` },
      element("dt", {}, speech.say(`count.${key}` satisfies WordKey)),
      element("dd", {}, number, element("span", { className: "bar-track" }, bar)),
    );
    return { ...counter, node, number, bar };
  });

  return {
    node: element("dl", { className: "counters", attributes: { "data-lane": lane } }, ...parts.map(({ node }) => node)),
    show(metrics, others) {
      for (const { valueOf, isTime, number, bar, node } of parts) {
        const value = valueOf(metrics);
        write(number, isTime ? speech.seconds(value) : speech.number(value ?? 0));
        const most = Math.max(value ?? 0, valueOf(others) ?? 0, isTime ? LEAST.time : LEAST.count);
        bar.style.transform = `scaleX(${String((value ?? 0) / most)})`;
        node.classList.toggle("is-none", !value);
      }
    },
  };
}
