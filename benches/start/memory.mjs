// Waiting tasks: bytes each, how long they block the event loop, and how long it takes to abort all of them.
import { spread } from "../statistics.mjs";
import { probes } from "./processes.mjs";

export const CROWDS = [
  { key: "few", count: 10_000, isAsked: false },
  { key: "many", count: 100_000, isAsked: false },
  { key: "fewAsked", count: 10_000, isAsked: true },
  { key: "manyAsked", count: 100_000, isAsked: true },
];

export async function measureMemory({ samples, limitS }) {
  const figures = {};
  for (const { key, count, isAsked } of CROWDS) {
    const options = { limitS, flags: ["--expose-gc"] };
    const runs = await probes(samples(3), "memory.mjs", [count, Number(isAsked)], options);
    figures[key] = runs && medians(runs);
  }
  const ratio = (more, fewer) => more && fewer && more.cpuMs / fewer.cpuMs;
  return {
    ...figures,
    cpuRatio: ratio(figures.many, figures.few),
    cpuRatioAsked: ratio(figures.manyAsked, figures.fewAsked),
  };
}

function medians(runs) {
  const median = (of) => spread(runs.map(of)).median;
  const kinds = Object.keys(runs[0].each);
  return {
    each: Object.fromEntries(kinds.map((kind) => [kind, median(({ each }) => each[kind])])),
    callUs: median(({ callUs }) => callUs),
    cpuMs: median(({ cpuMs }) => cpuMs),
    waitingBlockMs: median(({ waitingBlockMs }) => waitingBlockMs),
    abortMs: median(({ abortMs }) => abortMs),
    abortBlockMs: median(({ abortBlockMs }) => abortBlockMs),
  };
}
