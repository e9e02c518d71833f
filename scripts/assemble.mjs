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
import { toJavaScript, withSection } from "./wasm.mjs";

const [GLUE, OUT] = process.argv.slice(2);
const TEMPLATE = "pkg-template";
const WASM = "hubspot-async-tasks.wasm";

const read = (...path) => readFileSync(join(...path), "utf8");

/** What import gets and what require gets. Each file is whole: no bundler meets a second copy of anything. */
const TWINS = [
  { format: "esm", extension: "js" },
  { format: "cjs", extension: "cjs" },
];

async function bundle(template, twins = TWINS, ofEntry = {}) {
  for (const { format, extension, ...options } of twins) {
    await build({
      entryPoints: [join(TEMPLATE, template)],
      outfile: join(OUT, basename(template).replace(/[jt]s$/, extension)),
      bundle: true,
      format,
      platform: "neutral",
      target: "es2022",
      external: ["node:*", "react"],
      ignoreAnnotations: true,
      legalComments: "none",
      plugins: [generated],
      ...options,
      ...ofEntry,
    });
  }
}

/** What the templates import with a # is made by the build. */
const generated = {
  name: "generated",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^#wasm$/ }, () => ({ path: `./${WASM}`, external: true }));
    onResolve({ filter: /^#/ }, ({ path }) => ({ path, namespace: "made" }));
    onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({ contents: made[path]() }));
  },
};

let javaScript;

const made = {
  "#bytes": () => `export const hex = "${inHex(wasm)}";`,
  "#build": () => `export const build = ${JSON.stringify(id)};`,
  "#js": () => (javaScript ??= toJavaScript(wasm)),
  "#version": () => `export const version = ${JSON.stringify(JSON.parse(read(TEMPLATE, "package.json")).version)};`,
};

/** The entries that the command imports as they are packed, lest the tarball has them twice. */
const PACKED = { "entries/index": "index", "entries/results": "results.node", "entries/proxy": "proxy", simulator: "simulator.node" };

const packed = {
  name: "packed",
  setup({ onResolve }) {
    // A file of its own, since only a terminal wants it.
    onResolve({ filter: /^#log-update$/ }, () => ({ path: "./log-update.js", external: true }));
    onResolve({ filter: /^\.\.\// }, ({ path }) => {
      const entry = PACKED[path.replace(/^(\.\.\/)+/, "").replace(/\.js$/, "")];
      return entry && { path: `../${entry}.js`, external: true };
    });
  },
};

/** The command: its first file has what help needs, and loads the others. What the first two share is a third. */
async function bundleCommand() {
  const options = { outdir: join(OUT, "command"), bundle: true, format: "esm", platform: "node", target: "node20", legalComments: "none" };
  await build({
    entryPoints: ["bin.ts", "main.ts"].map((name) => join(TEMPLATE, "command", name)),
    splitting: true,
    chunkNames: "usage",
    plugins: [packed, generated],
    ...options,
  });
  await build({ entryPoints: { "log-update": "log-update" }, ...options });
}

/** The bytes as hex.ts takes them. A tenth more after brotli than the bytes; base64 would be a third more. */
function inHex(bytes) {
  const text = bytes.toString("hex");
  if (!bytes.equals(fromHex(text))) throw new Error("hex.ts does not give the bytes back");
  return text;
}

const { fromHex } = await tsImport("../pkg-template/hex.ts", import.meta.url);

const wasm = readFileSync(join(GLUE, "glue_bg.wasm"));
/** Tells the .wasm files of two builds apart: the records of another lie elsewhere. */
const id = createHash("sha256").update(wasm).digest("hex").slice(0, 16);

/** Nothing is called from inside the wasm, and nothing of wasm-bindgen's glue is needed: see pkg-template/engine.ts. */
function checkBorder() {
  const module = new WebAssembly.Module(wasm);
  const imports = WebAssembly.Module.imports(module).map(({ name }) => name);
  if (imports.length > 0) throw new Error(`the wasm imports ${imports.join(", ")}`);
}

/** For import and for require: TypeScript takes a .d.ts of a "type": "module" package for ESM alone. */
function writeTypes(name, text) {
  writeFileSync(join(OUT, `${name}.d.ts`), text);
  writeFileSync(join(OUT, `${name}.d.cts`), text.replaceAll('.js"', '.cjs"'));
}

/** The libraries that are bundled into files of ours, with what their licences want to be passed on. */
function thirdParty(parts) {
  const notice = (name) => {
    const { version, license } = JSON.parse(read("node_modules", name, "package.json"));
    const file = readdirSync(join("node_modules", name)).find((file) => /^licen[cs]e/i.test(file));
    return `${name} ${version} (${license})\n\n${read("node_modules", name, file).trim()}\n`;
  };
  return parts.map(([files, names]) => `${files} contain parts of:\n\n${names.map(notice).join("\n")}`).join("\n\n");
}

/** The packages that esbuild put into a file. */
const bundledIn = (name) =>
  [...new Set(Array.from(read(OUT, name).matchAll(/^ *\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm), ([, library]) => library))].sort();

function printSizes() {
  const kB = (bytes) => (bytes / 1000).toFixed(1).padStart(8);
  console.log(`${"file".padEnd(22)}${"raw".padStart(8)}${"gzip".padStart(8)}${"brotli".padStart(8)}  kB`);
  const print = (name, bytes) =>
    console.log(name.padEnd(22) + kB(bytes.length) + kB(gzipSync(bytes).length) + kB(brotliCompressSync(bytes).length));
  for (const name of readdirSync(OUT).filter((name) => /\.(c?js|wasm)$/.test(name))) print(name, readFileSync(join(OUT, name)));
}

// Refuses crates and a package of different versions.
commonVersion(manifests());
checkBorder();
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const COPIED = ["LICENSE-MIT", "LICENSE-APACHE", "README.md", "SECURITY.md", "docs/checkpoint.schema.json"];
for (const file of COPIED) cpSync(file, join(OUT, basename(file)));
// What users read: the README and the types lead there.
cpSync("docs", join(OUT, "docs"), { recursive: true });
cpSync(join(TEMPLATE, "package.json"), join(OUT, "package.json"));
writeFileSync(join(OUT, WASM), withSection(wasm, "build", id));
// For content delivery networks: one file, minified.
await bundle("entries/index.ts", [...TWINS, { format: "esm", extension: "min.js", minify: true }]);
// The condition `workerd` is one for modules, as is a .wasm file.
await bundle("entries/workerd.ts", [TWINS[0]]);
await bundle("entries/proxy.ts");
await bundle("entries/proxy.workerd.ts", [TWINS[0]]);
await bundle("entries/slim.ts");
await bundle("entries/js.ts");
await bundle("entries/ui-extension.ts");
await bundle("entries/react.ts");
// By its annotations most of fflate is left out.
for (const name of ["entries/results.ts", "entries/results.node.ts", "simulator.ts", "simulator.node.ts"]) {
  await bundle(name, TWINS, { ignoreAnnotations: false });
}
await bundleCommand();
const NOTICES = [
  ["hubspot-async-tasks/results and hubspot-async-tasks/simulator", ["fflate"]],
  // Its own dependencies may change with its version.
  ["The command's live lines", bundledIn("command/log-update.js")],
];
writeFileSync(join(OUT, "THIRD-PARTY-NOTICES"), thirdParty(NOTICES));
writeTypes("index", await declarations("entries/index.ts"));
for (const name of ["slim", "js", "wasm"]) writeTypes(name, read(TEMPLATE, `${name}.d.ts`));
writeTypes("results", await declarations("entries/results.ts"));
writeTypes("proxy", await declarations("entries/proxy.ts"));
writeTypes("ui-extension", await declarations("entries/ui-extension.ts"));
writeTypes("react", await declarations("entries/react.ts"));
writeTypes("simulator", await declarations("simulator.ts"));
printSizes();
