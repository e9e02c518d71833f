// The benchmark: measures what it costs to start, to poll and to wait; prints the results, and exits with 1 when a bar is
// missed. A whole run writes them to results.md and results.json.
//   node benches/start/run.mjs [PART…] [--quick] [--limit-s SECONDS]
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { installPeers, linkThisPackage, newerNode, versionOf } from "../install.mjs";
import { checkBars } from "./bars.mjs";
import { measureBurst } from "./burst.mjs";
import { measureCold } from "./cold.mjs";
import { measureFirst } from "./first.mjs";
import { measureMemory } from "./memory.mjs";
import { measurePoll } from "./poll.mjs";
import { barsSection, markdown, section } from "./report.mjs";

const PARTS = { cold: measureCold, first: measureFirst, poll: measurePoll, memory: measureMemory, burst: measureBurst };

/** A quick run takes so much fewer samples. */
const QUICK_SHARE = 1 / 4;

const at = (path) => new URL(path, import.meta.url);

async function main() {
  const { parts, isQuick, limitS } = readArguments();
  if (!existsSync(at("../../pkg/package.json"))) throw new Error("there is no pkg/: run npm run build first");
  installPeers();
  linkThisPackage();

  const samples = (count) => (isQuick ? Math.ceil(count * QUICK_SHARE) : count);
  const results = {};
  for (const part of parts) {
    const startMs = performance.now();
    results[part] = await PARTS[part]({ samples, limitS });
    console.error(`${part}: measured in ${Math.round((performance.now() - startMs) / 1_000)} s`);
    console.log(`${section(part, results[part], limitS)}\n`);
  }
  const bars = checkBars(results, limitS);
  console.log(barsSection(bars));
  if (!isQuick && parts.length === Object.keys(PARTS).length) write({ results, bars, limitS });

  const missed = bars.filter(({ isMet }) => !isMet);
  for (const { text, measured, most } of missed) console.error(`missed: ${text} ${measured}, not ${most}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
}

function readArguments() {
  const options = { quick: { type: "boolean", default: false }, "limit-s": { type: "string", default: "40" } };
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const unknown = positionals.find((part) => !(part in PARTS));
  if (unknown) throw new Error(`no part is called ${unknown}: there are ${Object.keys(PARTS).join(", ")}`);
  const parts = positionals.length > 0 ? positionals : Object.keys(PARTS);
  return { parts, isQuick: values.quick, limitS: Number(values["limit-s"]) };
}

function write({ results, bars, limitS }) {
  const newer = newerNode();
  const measured = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    newer: newer && execFileSync(newer, ["--version"], { encoding: "utf8" }).trim(),
    versions: { own: versionOf("hubspot-async-tasks"), client: versionOf("@hubspot/api-client") },
    limitS,
    results,
    bars,
  };
  writeFileSync(at("results.json"), `${JSON.stringify(measured, null, 2)}\n`);
  writeFileSync(at("results.md"), markdown(measured));
}

await main();
