// What becomes of the wasm that wasm-pack built, for scripts/assemble.mjs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "esbuild";

/** What Safari 15 knows, as in scripts/build. */
const FEATURES = ["bulk-memory", "sign-ext", "nontrapping-float-to-int", "mutable-globals"].map(
  (name) => `--enable-${name}`,
);

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
export const shorten = (given) =>
  inFolder((folder) => {
    const short = join(folder, "short.wasm");
    const pass = "--minify-imports-and-exports-and-modules";
    const names = execFileSync("wasm-opt", [given, ...FEATURES, pass, "-o", short], { encoding: "utf8" });
    return { wasm: readFileSync(short), ...JSON.parse(names) };
  });

/** The wasm with a custom section at its end. */
export function withSection(wasm, name, text) {
  const content = Buffer.from(`${String.fromCharCode(name.length)}${name}${text}`);
  if (content.length > 127) throw new Error("a section of this length would need a length of two bytes");
  return Buffer.concat([wasm, Buffer.from([0, content.length]), content]);
}

/** The wasm as a module of JavaScript, which exports `instantiate(imports)`: the exports, of the same names. */
export const toJavaScript = (wasm) =>
  inFolder((folder) => {
    const files = ["given.wasm", "text.wat", "lowered.wasm", "out.js"].map((name) => join(folder, name));
    const [given, text, lowered, out] = files;
    writeFileSync(given, wasm);
    execFileSync("wasm-opt", [given, ...FEATURES, "--signext-lowering", "-S", "-o", text]);
    writeFileSync(text, withoutSaturation(readFileSync(text, "utf8")));
    execFileSync("wasm-as", [text, ...FEATURES, "-o", lowered]);
    execFileSync("wasm2js", [lowered, "--enable-bulk-memory", "-Oz", "-o", out]);
    // What is generated is read by nobody; as it is, it would be three times as large.
    return transformSync(lazily(readFileSync(out, "utf8")), { minify: true, target: "es2022", format: "esm" }).code;
  });

/**
 * The text of the wasm with functions in the place of the instructions that saturate, which wasm2js does not know. What
 * wasm-opt has for that is for C, where what does not fit may become anything: Rust's Infinity became 0.
 */
function withoutSaturation(text) {
  const instruction = /\((i32|i64)\.trunc_sat_(f32|f64)_(s|u)\b/g;
  const functions = new Map();
  const called = text.replace(instruction, (_, int, float, sign) => {
    const name = `$${int}_saturated_${float}_${sign}`;
    functions.set(name, saturating(name, int, float, sign));
    return `(call ${name}`;
  });
  return called.replace(/\)\s*$/, `${[...functions.values()].join("")})`);
}

function saturating(name, int, float, sign) {
  const bits = BigInt(int.slice(1)) - (sign === "s" ? 1n : 0n);
  const [least, end] = [sign === "s" ? -(2n ** bits) : 0n, 2n ** bits];
  const x = "(local.get 0)";
  return `(func ${name} (param ${float}) (result ${int})
    (if (${float}.ge ${x} (${float}.const ${end})) (then (return (${int}.const ${end - 1n}))))
    (if (${float}.ge ${x} (${float}.const ${least})) (then (return (${int}.trunc_${float}_${sign} ${x}))))
    (if (result ${int}) (${float}.lt ${x} (${float}.const 0)) (then (${int}.const ${least})) (else (${int}.const 0))))`;
}

/** wasm2js writes a module that instantiates itself when it is imported; this one waits until it is told to. */
function lazily(text) {
  const parts = text.split(/^(?=function initActiveSegments|function asmFunc|var retasmFunc = )/m);
  const [, segments, functions] = parts;
  if (parts.length !== 4) throw new Error("wasm2js writes other parts than it did");
  // The head imports, and decodes base64: 1.3 kB more after brotli than the data as it is.
  const data = /^ {2}base64DecodeToExistingUint8Array\(bufferView, (\d+), ("[^"]*")\);$/gm;
  const expected = segments.split("base64Decode").length - 1;
  const plain = replaced(segments, data, (_, at, base64) => `place(${at}, ${literal(base64)});`, expected);
  return `
    var bufferView;
    const place = (at, text) => bufferView.set(Array.from(text, (character) => character.charCodeAt()), at);
    ${plain}
    ${functions}
    export const instantiate = (a) => asmFunc({ a });`;
}

/** A string of a printable character for each byte: its code is the byte, or 256 more. */
const literal = (base64) => JSON.stringify(Array.from(Buffer.from(base64, "base64"), printable).join(""));

const printable = (byte) => String.fromCharCode(byte < 32 || byte > 126 ? byte + 256 : byte);

/**
 * The glue for memory that grows by being copied into a larger buffer, as in JavaScript: the old buffer stays, so views
 * of it look as good as new (binaryen's issue 7126).
 */
export function growsByCopying(glue) {
  const views = glue.match(/^let cached\w+Memory0 = null;$/gm) ?? [];
  const isStale = /cached(\w+)Memory0 === null \|\| .*(?=\) \{$)/gm;
  return replaced(glue, isStale, "cached$1Memory0?.buffer !== wasm.memory.buffer", views.length);
}

/** Replaces so many places, neither fewer nor none. */
function replaced(text, pattern, replacement, expected = 1) {
  const found = [...text.matchAll(pattern)].length;
  if (found !== expected || found === 0) throw new Error(`${pattern} is there ${found} times, not ${expected}`);
  return text.replace(pattern, replacement);
}
