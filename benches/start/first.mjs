// First use: from the end of the import to the first request, in a fresh process or page each.
import { spread } from "../statistics.mjs";
import { openChromium } from "./chromium.mjs";
import { probe } from "./processes.mjs";

const ENTRIES = [
  { key: "default", entry: "", title: "`.`" },
  { key: "slim", entry: "/slim", title: "`/slim`, `init()` included" },
  { key: "js", entry: "/js", title: "`/js`" },
];

export async function measureFirst({ samples }) {
  const node = await byTurns(samples(31), ({ entry }) => probe("first-use.mjs", [entry]));
  const chromium = await openChromium();
  if (!chromium) return { node };
  try {
    return { node, pages: await byTurns(samples(21), ({ entry }) => chromium.firstUse(entry)) };
  } finally {
    await chromium.close();
  }
}

/** The medians of each entry; `measure` gives `{ wallMs }`, and `cpuMs` where the host tells it. */
async function byTurns(rounds, measure) {
  const runs = ENTRIES.map(() => []);
  for (const subject of ENTRIES) await measure(subject); // the files are in memory then
  for (let round = 0; round < rounds; round++) {
    for (const [index, subject] of ENTRIES.entries()) runs[index].push(await measure(subject));
  }
  const figures = ENTRIES.map(({ key, title }, index) => {
    const kinds = Object.keys(runs[index][0]);
    const medians = kinds.map((kind) => [kind, spread(runs[index].map((run) => run[kind]))]);
    return [key, { title, ...Object.fromEntries(medians) }];
  });
  return Object.fromEntries(figures);
}
