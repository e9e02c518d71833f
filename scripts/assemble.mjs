#!/usr/bin/env node
// Assembles a package out of pkg-template/ and wasm-pack's output: entries in ESM and CJS, the .wasm file, types; and
// prints what each file weighs. Both folders are arguments: where wasm-pack's output is, where the package goes.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { tsImport } from "tsx/esm/api";
import { declarations } from "./declarations.mjs";
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
      outfile: join(OUT, basename(template).replace(/[jt]s$/, extension)),
      bundle: true,
      format,
      platform: "neutral",
      target: "es2022",
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
    // The glue names them by a path with a hash; both must be one module, for they share what is under way.
    onResolve({ filter: /^\.\/snippets\/.*\.js$/ }, ({ path }) => ({ path: join(process.cwd(), TEMPLATE, basename(path)) }));
    const paths = { "#glue": join(GLUE, "glue_bg.js"), "#text": join(TEMPLATE, "text.js") };
    onResolve({ filter: /^#(glue|text)$/ }, ({ path }) => ({ path: join(process.cwd(), paths[path]) }));
    onLoad({ filter: /glue_bg\.js$/ }, ({ path }) => ({ contents: glue(readFileSync(path, "utf8"), template) }));
    onResolve({ filter: /^#wasm$/ }, () => ({ path: `./${WASM}`, external: true }));
    onResolve({ filter: /^#(bytes|imports|build|js)$/ }, ({ path }) => ({ path, namespace: "made" }));
    onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({ contents: made[path](), resolveDir: process.cwd() }));
  },
});

let javaScript;

const made = {
  "#bytes": () => `export const hex = "${inHex(wasm)}";`,
  "#imports": shortImports,
  "#build": () => `export const build = ${JSON.stringify(id)};`,
  "#js": () => (javaScript ??= toJavaScript(wasm)),
};

/** The bytes as hex.ts takes them. A tenth more after brotli than the bytes; base64 would be a third more. */
function inHex(bytes) {
  const text = bytes.toString("hex");
  if (!bytes.equals(fromHex(text))) throw new Error("hex.ts does not give the bytes back");
  return text;
}

/**
 * What the wasm imports, by its short names: an object, since esbuild makes a getter of each export of a namespace. What
 * needs no glue it imports from the very file.
 */
function shortImports() {
  const lines = imports.map(([from, name], at) => {
    const file = from.startsWith("./snippets/") ? from : "#glue";
    return `import { ${name} as import${at} } from ${JSON.stringify(file)};`;
  });
  const fields = imports.map(([, , short], at) => `${JSON.stringify(short)}: import${at}`);
  return `${lines.join("\n")} export const imports = { ${fields.join(", ")} };`;
}

/** The glue, calling what the wasm exports by its short names, and with the TextDecoder of text.js. */
function glue(text, template) {
  const short = new Map(exports);
  const glue = template === JS ? growsByCopying(text) : text;
  return IMPORTS_OF_GLUE + glue.replace(/(?<=\bwasm\.)\w+/g, (name) => short.get(name) ?? name);
}

const IMPORTS_OF_GLUE = 'import { TextDecoder } from "#text";\n';

const { fromHex } = await tsImport("../pkg-template/hex.ts", import.meta.url);

const { wasm, imports, exports } = shorten(join(GLUE, "glue_bg.wasm"));
/** Tells the .wasm files of two builds apart: their short names mean different things. */
const id = createHash("sha256").update(wasm).digest("hex").slice(0, 16);

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
await bundle("simulator.ts");
await bundle("simulator.node.ts");
writeTypes("index", types());
for (const name of ["slim", "js", "wasm"]) writeTypes(name, read(TEMPLATE, `${name}.d.ts`));
writeTypes("simulator", await declarations("simulator.ts"));
writeTypes("simulator.node", await declarations("simulator.node.ts", ["simulator.js"]));
printSizes();
