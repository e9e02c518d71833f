#!/usr/bin/env node
// Assembles pkg/ out of pkg-template/ and wasm-pack's output in target/wasm-pack/: inlined bytes, ESM and CJS, types;
// and prints what each file weighs.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { encode } from "./encode.mjs";

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
    // The glue names the snippets by a path with a hash; both must be one module, or instanceof fails.
    const paths = { "#glue": join(GLUE, "glue_bg.js"), "#error": snippet("error.js"), "#host": snippet("host.js") };
    onResolve({ filter: /^#(glue|error|host)$/ }, ({ path }) => ({ path: join(process.cwd(), paths[path]) }));
    onLoad({ filter: /glue_bg\.js$/ }, ({ path }) => ({ contents: withShortExports(readFileSync(path, "utf8")) }));
    onResolve({ filter: /^#bytes$/ }, ({ path }) => ({ path, namespace: "bytes" }));
    onLoad({ filter: /.*/, namespace: "bytes" }, () => ({ contents: `export const code = ${JSON.stringify(encode(wasm))};` }));
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

/** What the wasm imports, by its short names: an object, since esbuild makes a getter of each export of a namespace. */
function shortImports() {
  const names = imports.map(([, name]) => name).join(", ");
  const fields = imports.map(([, name, short]) => `${JSON.stringify(short)}: ${name}`).join(", ");
  return `import { ${names} } from "#glue"; export const imports = { ${fields} };`;
}

/** The glue, calling what the wasm exports by its short names. */
function withShortExports(glue) {
  const short = new Map(exports);
  return glue.replace(/(?<=\bwasm\.)\w+/g, (name) => short.get(name) ?? name);
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
