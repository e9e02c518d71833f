#!/usr/bin/env node
// Writes tests/wasm_shared/simulator.js, the simulator as the WebAssembly tests import it: they take no TypeScript, and
// run by themselves, without npm. With --check it writes nothing, and fails where the file is not of today's simulator.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { notices } from "./notices.mjs";

const FILE = "tests/wasm_shared/simulator.js";

const { outputFiles } = await build({
  entryPoints: ["pkg-template/simulator.ts"],
  outfile: FILE,
  bundle: true,
  format: "esm",
  target: "es2022",
  banner: { js: "// Made of pkg-template/simulator.ts by scripts/wasm-simulator.mjs: not to be changed here." },
  ...notices("fflate"),
  write: false,
});
const [{ text }] = outputFiles;
if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (readFileSync(FILE, "utf8") !== text) {
  console.error(`${FILE} is out of date: run scripts/wasm-simulator.mjs`);
  process.exitCode = 1;
}
