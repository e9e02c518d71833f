// Many calls at once, and ten times as many: a call costs the same, however many wait.
import { spread } from "../statistics.mjs";
import { probes } from "./processes.mjs";

export const CALLS = [
  { kind: "status", title: "`status()`", few: 10_000, many: 100_000 },
  { kind: "poll", title: "`poll()`", few: 2_000, many: 20_000 },
  { kind: "wait", title: "`wait()`, each on its own task", few: 2_000, many: 20_000 },
  { kind: "waitForOne", title: "`wait()`, all on one task", few: 2_000, many: 20_000 },
];

export async function measureBurst({ samples, limitS }) {
  const figures = {};
  for (const { kind, few, many } of CALLS) {
    const [fewer, more] = [
      medians(await probes(samples(5), "burst.mjs", [kind, few], { limitS })),
      medians(await probes(samples(3), "burst.mjs", [kind, many], { limitS })),
    ];
    figures[kind] = { few: fewer, many: more, cpuRatio: more && fewer && more.cpuMs / fewer.cpuMs };
  }
  return figures;
}

function medians(runs) {
  if (!runs) return undefined;
  return Object.fromEntries(Object.keys(runs[0]).map((name) => [name, spread(runs.map((run) => run[name])).median]));
}
