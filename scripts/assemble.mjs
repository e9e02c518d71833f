#!/usr/bin/env node
// Assembles a package out of pkg-template/ and wasm-pack's output: entries in ESM and CJS, the .wasm file, types; and
// prints what each file weighs. Both folders are arguments: where wasm-pack's output is, where the package goes.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { commonVersion, manifests } from "./manifests.mjs";
import { growsByCopying, shorten, toJavaScript, withSection } from "./wasm.mjs";

const [GLUE, OUT] = process.argv.slice(2);
const TEMPLATE = "pkg-template";
const WASM = "hubspot-async-tasks.wasm";
const JS = "entries/js.js";

const read = (...path) => readFileSync(join(...path), "utf8");

/** What import gets and what require gets. Each file is whole: no bundler meets a second copy of anything. */
const TWINS = [
  { format: "esm", extension: "js" },
  { format: "cjs", extension: "cjs" },
];

async function bundle(template, twins = TWINS) {
  for (const { format, extension, ...options } of twins) {
    await build({
      entryPoints: [join(TEMPLATE, template)],
      outfile: join(OUT, basename(template).replace(/js$/, extension)),
      bundle: true,
      format,
      platform: "neutral",
      target: "es2021",
      external: ["node:*"],
      ignoreAnnotations: true,
      legalComments: "none",
      plugins: [generated(template)],
      ...options,
    });
  }
}

/** What the templates import with a # is made by the build. */
const generated = (template) => ({
  name: "generated",
  setup({ onResolve, onLoad }) {
    // The glue names the snippet by a path with a hash; both must be one module, or instanceof fails.
    const paths = { "#glue": join(GLUE, "glue_bg.js"), "#error": snippet("error.js") };
    onResolve({ filter: /^#(glue|error)$/ }, ({ path }) => ({ path: join(process.cwd(), paths[path]) }));
    onLoad({ filter: /glue_bg\.js$/ }, ({ path }) => ({ contents: glue(readFileSync(path, "utf8"), template) }));
    onResolve({ filter: /^#wasm$/ }, () => ({ path: `./${WASM}`, external: true }));
    onResolve({ filter: /^#(bytes|imports|build|js)$/ }, ({ path }) => ({ path, namespace: "made" }));
    onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({ contents: made[path](), resolveDir: process.cwd() }));
  },
});

let javaScript;

const made = {
  "#bytes": () => encode(wasm),
  "#imports": () =>
    `export { ${imports.map(([, name, short]) => `${name} as ${JSON.stringify(short)}`).join(", ")} } from "#glue";`,
  "#build": () => `export const build = ${JSON.stringify(id)};`,
  "#js": () => (javaScript ??= toJavaScript(wasm)),
};

/** The glue, calling what the wasm exports by its short names. */
function glue(text, template) {
  const short = new Map(exports);
  const glue = template === JS ? growsByCopying(text) : text;
  return glue.replace(/(?<=\bwasm\.)\w+/g, (name) => short.get(name) ?? name);
}

const { bytes: wasm, imports, exports } = shorten(join(GLUE, "glue_bg.wasm"));
/** Tells the .wasm files of two builds apart: their short names mean different things. */
const id = createHash("sha256").update(wasm).digest("hex").slice(0, 16);

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
  for (const name of readdirSync(OUT).filter((name) => /\.(c?js|wasm)$/.test(name))) print(name, readFileSync(join(OUT, name)));
}

// Refuses crates and a package of different versions.
commonVersion(manifests());
if (exports.some(([name]) => name === "__wbindgen_start")) throw new Error("load.js calls no start function");
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const COPIED = ["LICENSE-MIT", "LICENSE-APACHE", "README.md", "docs/checkpoint.schema.json"];
for (const file of COPIED) cpSync(file, join(OUT, basename(file)));
cpSync(join(TEMPLATE, "package.json"), join(OUT, "package.json"));
writeFileSync(join(OUT, WASM), withSection(wasm, "build", id));
// For content delivery networks: one file, minified.
await bundle("entries/index.js", [...TWINS, { format: "esm", extension: "min.js", minify: true }]);
// The condition `workerd` is one for modules, as is a .wasm file.
await bundle("entries/workerd.js", [TWINS[0]]);
await bundle("entries/slim.js");
await bundle(JS);
await bundle("simulator.js");
await bundle("simulator.node.js");
writeTypes("index", types());
for (const name of ["slim", "js", "wasm", "simulator", "simulator.node"]) writeTypes(name, read(TEMPLATE, `${name}.d.ts`));
printSizes();
