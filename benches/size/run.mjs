// Weighs each entry of both builds and the peers; prints and writes the tables, in results.md and in the README; exits
// with 1 when a budget is missed.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { version as esbuild } from "esbuild";
import { installPeers, versionOf } from "../install.mjs";
import { readmeSection, results } from "./report.mjs";
import { ENTRIES, PEERS } from "./subjects.mjs";
import { weigh } from "./weigh.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const SMALL = at("../../pkg");
const PLAIN = at("../../target/plain/pkg");
const PEERS_FOLDER = at("..");
const README = at("../../README.md");

/** What stands between these in the README is written here. */
const MARKED = /(?<=<!-- sizes: written by npm run size -->\n)[^]*(?=<!-- end of sizes -->)/;

async function main() {
  checkBuilds();
  installPeers();
  const measured = { date: new Date().toISOString().slice(0, 10), entries: [], peers: [] };
  for (const entry of ENTRIES) {
    measured.entries.push({ ...entry, small: await weigh(entry, SMALL), plain: await weigh(entry, PLAIN) });
  }
  for (const peer of PEERS) {
    measured.peers.push({ ...peer, version: versionOf(peer.npm), size: await weigh(peer, PEERS_FOLDER) });
  }
  const text = results({ ...measured, version: versionOf("hubspot-async-tasks"), tools: tools() });
  console.log(text);
  writeFileSync(at("results.md"), text);
  writeReadme(readmeSection(measured));

  const missed = measured.entries.filter(({ budget, small }) => small.brotli > budget);
  for (const { title, small, budget } of missed) console.error(`missed: ${title} ${small.brotli} bytes, not ${budget}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
}

/** What the sizes depend on. */
function tools() {
  const [rustc, wasmOpt] = ["rustc", "wasm-opt"].map((tool) => execFileSync(tool, ["--version"], { encoding: "utf8" }));
  const [, rust] = rustc.split(" ");
  const [, binaryen] = wasmOpt.match(/version (\d+)/);
  return `Rust ${rust}, binaryen ${binaryen}, esbuild ${esbuild}`;
}

function checkBuilds() {
  const [small, plain] = [SMALL, PLAIN].map((folder) => {
    const path = `${folder}/hubspot-async-tasks.wasm`;
    if (!existsSync(path)) throw new Error(`there is no ${path}: run npm run size, which builds it`);
    return readFileSync(path);
  });
  if (small.equals(plain)) throw new Error("pkg/ is the plain build: install rust-src (rustup component add rust-src)");
}

function writeReadme(section) {
  const readme = readFileSync(README, "utf8");
  if (!MARKED.test(readme)) throw new Error("README.md has no place for the sizes");
  writeFileSync(README, readme.replace(MARKED, () => section));
}

await main();
