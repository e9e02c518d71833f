// The results as Markdown: printed, and written to results.md.
import { table } from "../table.mjs";
import { PROCESSING } from "./answers.mjs";
import { CALLS } from "./burst.mjs";
import { CROWDS } from "./memory.mjs";

const fixed = (digits) => (value) =>
  value === undefined
    ? "–"
    : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const [whole, tenth, hundredth] = [0, 1, 2].map(fixed);

/** A median, and the quarters on both sides of it. */
const quartered = (format, { median, low, high }) => `${format(median)} (${format(low)}–${format(high)})`;

const START_HEAD = ["", "CPU, ms", "÷ bare loop", "wall, ms", "÷ bare loop"];
const startRow = ({ title, cpuMs, cpuRatio, wallMs, wallRatio }) => [
  title,
  tenth(cpuMs.median),
  quartered(hundredth, cpuRatio),
  tenth(wallMs.median),
  hundredth(wallRatio.median),
];
const startTable = (subjects) =>
  subjects ? table(START_HEAD, Object.values(subjects).map(startRow)) : "It is not here.";

const firstTable = (entries) => {
  const row = ({ title, cpuMs, wallMs }) => [title, cpuMs ? quartered(tenth, cpuMs) : "–", quartered(tenth, wallMs)];
  return table(["", "CPU, ms", "wall, ms"], Object.values(entries).map(row));
};

/** What each part measured, by its name. */
const SECTIONS = {
  cold: (comparisons) => [
    "## Cold start",
    ...Object.values(comparisons).flatMap(({ title, subjects }) => [title, startTable(subjects)]),
  ],
  first: ({ node, pages }) => [
    "## First use",
    firstTable(node),
    pages ? "In Chromium:" : "No Chromium is on the PATH.",
    ...(pages ? [firstTable(pages)] : []),
  ],
  poll: (bodies, over) => [
    "## A poll",
    table(
      ["body", "CPU, µs", "the bare loop's, µs", "÷ bare loop"],
      Object.entries(bodies).map(([body, measured]) =>
        measured
          ? [body, tenth(measured.ownUs.median), tenth(measured.bareUs.median), quartered(hundredth, measured.ratio)]
          : [body, over, "", ""],
      ),
    ),
  ],
  memory: (crowds, over) => [
    "## Waiting tasks",
    table(
      ["bytes each", "heap", "external", "of it wasm", "RSS", "a call, µs", "block, ms", "abort, ms", "its block, ms"],
      CROWDS.map(({ key, count, isAsked }) => {
        const title = `${whole(count)}, ${isAsked ? "each asked once" : "by the defaults"}`;
        const measured = crowds[key];
        if (!measured) return [title, over, "", "", "", "", "", "", ""];
        const { each, callUs, waitingBlockMs, abortMs, abortBlockMs } = measured;
        const bytes = [each.heap, each.external, each.wasm, each.rss].map(whole);
        return [title, ...bytes, tenth(callUs), ...[waitingBlockMs, abortMs, abortBlockMs].map(whole)];
      }),
    ),
  ],
  burst: (kinds, over) => [
    "## Many calls at once",
    table(
      ["", "calls", "CPU of a call, µs", "over a bare call", "block, ms", "CPU in all, ms", "÷ a tenth of the calls"],
      CALLS.flatMap(({ kind, title, few, many }) =>
        [["few", few], ["many", many]].map(([key, count]) => {
          const measured = kinds[kind][key];
          if (!measured) return [title, whole(count), over, "", "", "", ""];
          const { callUs, overBareUs, blockMs, cpuMs } = measured;
          const ratio = key === "many" ? tenth(kinds[kind].cpuRatio) : "";
          return [title, whole(count), tenth(callUs), tenth(overBareUs), whole(blockMs), whole(cpuMs), ratio];
        }),
      ),
    ),
  ],
};

export const section = (part, figures, limitS) => SECTIONS[part](figures, `over ${limitS} s`).join("\n\n");

export function barsSection(bars) {
  const rows = bars.map(({ text, measured, most, isMet }) => [text, measured, `≤ ${most}`, isMet ? "met" : "MISSED"]);
  return `## Bars\n\n${table(["", "measured", "bar", ""], rows)}`;
}

const HOW = `## How it was measured

\`npm run bench:start\` measures this package as built, by its public API, beside a bare loop that asks with
\`(await fetch(url)).json()\`, and beside the official client. Figures are medians. A ratio is the median of the ratios
within rounds, in which all take turns; the middle half of them is in brackets. CPU is the user's and the system's, of all
threads of the process. What takes too long is ended, and told as "over" so many seconds.

- **Cold start**: a whole process, from \`node\` to the first status from a server on this machine, as the operating system
  counts it. The official client asks for Node 22: beside it all run in the newer Node. Its three API classes
  (\`FilesApi\`, \`FoldersApi\`, \`PublicExportsApi\`) are bundled and minified by esbuild.
- **First use**: from the end of the import until fetch is called, by \`status()\`, with a stub for fetch; a new process or a
  new page in a new browser context each time.
- **A poll**: one \`wait()\` polls a task thousands of times, by a clock that fires the next timer as soon as nothing else is
  left to do; fetch gives \`new Response(text)\`. The bare loop sleeps by the same clock between its requests. While the
  task is at work the text stays the same; it is filled with errors of rows, so that its JSON has many small values.
- **Waiting tasks**: \`task(id).wait({ signal })\`, all with one signal. By the defaults most wait for their turn, since 100
  may be asked in 10 s. Those asked once hold a small status (${PROCESSING.length} bytes of text). Bytes are what the process grew by
  for each, after its garbage was collected: external memory holds the WebAssembly's; RSS is all of it, and at 10,000
  mostly what V8 keeps in reserve. The longest block is of the 3 s after the last call, or until all were asked; the next
  one is of the abort. CPU of ten times the calls is counted until then.
- **Many calls at once**: fetch answers in a task of its own; no rate limit, 20 requests at a time. A call's CPU is that of
  the loop that makes the calls, over the same loop of bare calls; the longest block is measured from its end on, CPU in
  all until every call has settled.`;

export function markdown({ date, node, newer, versions, results, bars, limitS }) {
  const peers = `@hubspot/api-client ${versions.client}, the newer Node ${newer ?? "is not here"}`;
  return [
    "# What it costs to start, to poll and to wait",
    `${date}, version ${versions.own}, Node ${node}; ${peers}.\nWritten by \`npm run bench:start\`.`,
    HOW,
    ...Object.entries(results).map(([part, figures]) => section(part, figures, limitS)),
    barsSection(bars),
  ].join("\n\n").concat("\n");
}
