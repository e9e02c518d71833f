// What was weighed, as Markdown: for results.md, and shorter for the README.
import { table } from "../table.mjs";

const kB = (bytes) => (bytes / 1000).toFixed(1);
const all = ({ raw, gzip, brotli }) => [raw, gzip, brotli].map(kB);
const bar = ({ budget, small }) => (budget ? `${kB(budget)}${small.brotli > budget ? ", MISSED" : ""}` : "");

const HOW = `\`npm run size\` bundles and minifies with esbuild what a user of the entry imports (all that it exports), and
compresses each file at the strongest level. For the peers likewise, with only what is named here. 1 kB is 1,000 bytes.
The **small** build is the released one: std is rebuilt for size, panics have no texts. The **plain** build is what
stable Rust makes without rust-src (\`scripts/build plain\`). Budgets are in brotli, bind the small build, and are
checked by \`npm test\` on the packed tarball.`;

export function results({ date, version, tools, entries, peers }) {
  return [
    "# What the package weighs, beside others",
    `${date}, version ${version}, in kB; ${tools}.\nWritten by \`npm run size\`, as is the table in the README.`,
    HOW,
    "## Entries",
    table(
      ["", "small: raw", "gzip", "brotli", "plain: raw", "gzip", "brotli", "budget"],
      entries.map((entry) => [entry.title, ...all(entry.small), ...all(entry.plain), bar(entry)]),
    ),
    "## Others",
    table(
      ["", "package", "does", "raw", "gzip", "brotli"],
      peers.map(({ title, npm, version, does, size }) => [title, `${npm} ${version}`, does, ...all(size)]),
      3,
    ),
  ].join("\n\n").concat("\n");
}

export function readmeSection({ date, entries, peers }) {
  const own = entries.map(({ title, small }) => [title, kB(small.brotli)]);
  const others = peers.map(({ title, npm, version, size }) => [`${npm} ${version}: ${title}`, kB(size.brotli)]);
  const note = "`benches/size/results.md` in the repository has it raw, after gzip, and of the build without rust-src.";
  return `${table(["", "brotli"], [...own, ...others])}\n\n${date}; ${note}\n`;
}
