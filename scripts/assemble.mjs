#!/usr/bin/env node
// Assembles pkg/ out of pkg-template/ and wasm-pack's output in target/wasm-pack/: inlined bytes, ESM and CJS, types;
// and prints what each file weighs.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const GLUE = "target/wasm-pack";
const TEMPLATE = "pkg-template";
const OUT = "pkg";

const read = (...path) => readFileSync(join(...path), "utf8");

function checkVersions() {
  const crate = read("Cargo.toml").match(/^version = "(.*)"$/m)[1];
  const { version } = JSON.parse(read(TEMPLATE, "package.json"));
  if (crate !== version) throw new Error(`Cargo.toml says ${crate}, ${TEMPLATE}/package.json says ${version}`);
}

/** One file for import and one for require. Each is whole: a bundler meets no .wasm file and no second copy. */
async function bundle(name) {
  for (const [format, extension] of [["esm", "js"], ["cjs", "cjs"]]) {
    await build({
      entryPoints: [join(TEMPLATE, `${name}.js`)],
      outfile: join(OUT, `${name}.${extension}`),
      bundle: true,
      format,
      platform: "neutral",
      target: "es2022",
      external: ["node:*"],
      ignoreAnnotations: true,
      legalComments: "none",
      plugins: [generated],
    });
  }
}

/** What the templates import with a # is made by the build. */
const generated = {
  name: "generated",
  setup({ onResolve, onLoad }) {
    // The glue names the snippet by a path with a hash; both must be one module, or instanceof fails.
    const paths = { "#glue": join(GLUE, "glue_bg.js"), "#error": snippet("error.js") };
    onResolve({ filter: /^#(glue|error)$/ }, ({ path }) => ({ path: join(process.cwd(), paths[path]) }));
    onLoad({ filter: /glue_bg\.js$/ }, ({ path }) => ({ contents: withShortExports(readFileSync(path, "utf8")) }));
    onResolve({ filter: /^#bytes$/ }, ({ path }) => ({ path, namespace: "bytes" }));
    onLoad({ filter: /.*/, namespace: "bytes" }, () => ({ contents: encode(wasm) }));
    onResolve({ filter: /^#imports$/ }, ({ path }) => ({ path, namespace: "imports" }));
    onLoad({ filter: /.*/, namespace: "imports" }, () => ({ contents: shortImports(), resolveDir: process.cwd() }));
  },
};

/** The wasm with names of one or two letters for what it imports and exports, and these names: 1 kB less. */
const { bytes: wasm, imports, exports } = (() => {
  const folder = mkdtempSync(join(tmpdir(), "assemble-"));
  try {
    const out = join(folder, "short.wasm");
    // What Safari 15 knows, as in scripts/build.
    const features = ["bulk-memory", "sign-ext", "nontrapping-float-to-int", "mutable-globals"].map((name) => `--enable-${name}`);
    const pass = "--minify-imports-and-exports-and-modules";
    const names = execFileSync("wasm-opt", [join(GLUE, "glue_bg.wasm"), ...features, pass, "-o", out], { encoding: "utf8" });
    return { bytes: readFileSync(out), ...JSON.parse(names) };
  } finally {
    rmSync(folder, { recursive: true });
  }
})();

/** What the wasm imports, by its short names. */
const shortImports = () =>
  `export { ${imports.map(([, name, short]) => `${name} as ${JSON.stringify(short)}`).join(", ")} } from "#glue";`;

/** The glue, calling what the wasm exports by its short names. */
function withShortExports(glue) {
  const short = new Map(exports);
  return glue.replace(/(?<=\bwasm\.)\w+/g, (name) => short.get(name) ?? name);
}

/**
 * The bytes as text of one or two characters each, the frequent ones of one: after brotli 3 % larger than the bytes
 * themselves, where hex is 8 % and base64 29 %. load.js decodes it; `isFrequent` has a 1 or 0 for each byte.
 */
function encode(bytes) {
  const counts = Array.from({ length: 256 }, () => 0);
  for (const byte of bytes) counts[byte]++;
  const all = [...counts.keys()];
  const frequent = new Set(all.toSorted((a, b) => counts[b] - counts[a]).slice(0, ALPHABET.length - PREFIXES));
  const rank = new Map([...all.filter((b) => frequent.has(b)), ...all.filter((b) => !frequent.has(b))].map((b, i) => [b, i]));
  const text = Array.from(bytes, (byte) => codeOf(rank.get(byte))).join("");
  const isFrequent = all.map((byte) => Number(frequent.has(byte))).join("");
  return Object.entries({ text, isFrequent, prefixes: PREFIXES, size: ALPHABET.length })
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
    .join("\n");
}

/** The characters from # to ~ but for the backslash, which a string literal would have to escape. */
const ALPHABET = Array.from({ length: 92 }, (_, index) => String.fromCharCode(35 + index)).filter((c) => c !== "\\");
/** So many of them, the first ones, begin a code of two characters. */
const PREFIXES = 3;

function codeOf(rank) {
  const rest = rank - (ALPHABET.length - PREFIXES);
  if (rest < 0) return ALPHABET[PREFIXES + rank];
  return ALPHABET[Math.floor(rest / ALPHABET.length)] + ALPHABET[rest % ALPHABET.length];
}

function snippet(name) {
  const folder = join(GLUE, "snippets");
  const [crate] = readdirSync(folder).filter((entry) => entry.startsWith("hubspot-async-tasks-"));
  return join(folder, crate, TEMPLATE, name);
}

/** What tsify and the service section wrote, without wasm-bindgen's remarks to linters. */
function types() {
  return read(GLUE, "glue.d.ts").replace(/^\/\* (tslint|eslint)[^\n]*\n/gm, "").trimStart();
}

/** For import and for require: TypeScript takes a .d.ts of a "type": "module" package for ESM alone. */
function writeTypes(name, text) {
  writeFileSync(join(OUT, `${name}.d.ts`), text);
  writeFileSync(join(OUT, `${name}.d.cts`), text.replaceAll('.js"', '.cjs"'));
}

function printSizes() {
  const kB = (bytes) => (bytes / 1000).toFixed(1).padStart(8);
  console.log(`${"file".padEnd(22)}${"raw".padStart(8)}${"gzip".padStart(8)}${"brotli".padStart(8)}  kB`);
  const print = (name, bytes) =>
    console.log(name.padEnd(22) + kB(bytes.length) + kB(gzipSync(bytes).length) + kB(brotliCompressSync(bytes).length));
  print("(the wasm alone)", wasm);
  for (const name of readdirSync(OUT).filter((name) => /\.c?js$/.test(name))) print(name, readFileSync(join(OUT, name)));
}

checkVersions();
if (exports.some(([name]) => name === "__wbindgen_start")) throw new Error("load.js calls no start function");
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);
for (const file of ["LICENSE-MIT", "LICENSE-APACHE", "README.md"]) cpSync(file, join(OUT, file));
cpSync(join(TEMPLATE, "package.json"), join(OUT, "package.json"));
await bundle("index");
await bundle("simulator");
await bundle("simulator.node");
writeTypes("index", types());
for (const name of ["simulator", "simulator.node"]) writeTypes(name, read(TEMPLATE, `${name}.d.ts`));
printSizes();
