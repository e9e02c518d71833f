// What becomes of the wasm that wasm-pack built, for scripts/assemble.mjs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What Safari 15 knows, as in scripts/build. */
const FEATURES = ["bulk-memory", "sign-ext", "nontrapping-float-to-int", "mutable-globals"].map((name) => `--enable-${name}`);

/** Calls `use` with a folder that is gone afterwards. */
function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "wasm-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The wasm with names of one or two letters for what it imports and exports, and these names: 1 kB less. */
export const shorten = (wasm) =>
  inFolder((folder) => {
    const out = join(folder, "short.wasm");
    const pass = "--minify-imports-and-exports-and-modules";
    const names = execFileSync("wasm-opt", [wasm, ...FEATURES, pass, "-o", out], { encoding: "utf8" });
    return { bytes: readFileSync(out), ...JSON.parse(names) };
  });

/** The wasm with a custom section at its end. */
export function withSection(wasm, name, text) {
  const content = Buffer.from(`${String.fromCharCode(name.length)}${name}${text}`);
  if (content.length > 127) throw new Error("a section of this length would need a length of two bytes");
  return Buffer.concat([wasm, Buffer.from([0, content.length]), content]);
}

/** What newer WebAssembly has and JavaScript, as WebAssembly's MVP, has not. */
const LOWERING = ["--signext-lowering", "--llvm-nontrapping-fptoint-lowering", "--llvm-memory-copy-fill-lowering"];

/** The wasm as a module of JavaScript, which exports `instantiate(imports)`: the exports, of the same names. */
export const toJavaScript = (wasm) =>
  inFolder((folder) => {
    const [given, lowered, out] = ["given.wasm", "lowered.wasm", "out.js"].map((name) => join(folder, name));
    writeFileSync(given, wasm);
    execFileSync("wasm-opt", [given, ...FEATURES, ...LOWERING, "-o", lowered]);
    execFileSync("wasm2js", [lowered, "-Oz", "-o", out]);
    return lazily(readFileSync(out, "utf8"));
  });

/** wasm2js writes a module that instantiates itself when it is imported; this one waits until it is told to. */
function lazily(text) {
  const module = replaced(text, /^import \* as a from 'a';$/gm, "");
  const start = "var retasmFunc = asmFunc(";
  if (!module.includes(start)) throw new Error(`wasm2js wrote no "${start}"`);
  return `${module.slice(0, module.indexOf(start))}export const instantiate = (a) => asmFunc({ a });\n`;
}

/**
 * The glue for memory that grows by being copied into a larger buffer, as in JavaScript: the old buffer stays, so views
 * of it look as good as new (binaryen's issue 7126).
 */
export function growsByCopying(glue) {
  const views = glue.match(/^let cached\w+Memory0 = null;$/gm) ?? [];
  return replaced(glue, /cached(\w+)Memory0 === null \|\| .*(?=\) \{$)/gm, "cached$1Memory0?.buffer !== wasm.memory.buffer", views.length);
}

/** Replaces so many places, neither fewer nor none. */
function replaced(text, pattern, replacement, expected = 1) {
  const found = [...text.matchAll(pattern)].length;
  if (found !== expected || found === 0) throw new Error(`${pattern} is there ${found} times, not ${expected}`);
  return text.replace(pattern, replacement);
}
