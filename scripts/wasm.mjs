// What becomes of the wasm that wasm-pack built, for scripts/assemble.mjs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "esbuild";

/** What scripts/build lets the compiler use. */
const FEATURES = ["bulk-memory", "sign-ext", "mutable-globals"].map((name) => `--enable-${name}`);

/** Calls `use` with a folder that is gone afterwards. */
function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "wasm-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The wasm with a custom section at its end. */
export function withSection(wasm, name, text) {
  const content = Buffer.from(`${String.fromCharCode(name.length)}${name}${text}`);
  if (content.length > 127) throw new Error("a section of this length would need a length of two bytes");
  return Buffer.concat([wasm, Buffer.from([0, content.length]), content]);
}

/** The wasm as a module of JavaScript, which exports `instantiate()`: the exports, of the same names. */
export const toJavaScript = (wasm) =>
  inFolder((folder) => {
    const [given, lowered, out] = ["given.wasm", "lowered.wasm", "out.js"].map((name) => join(folder, name));
    writeFileSync(given, wasm);
    execFileSync("wasm-opt", [given, ...FEATURES, "--signext-lowering", "-o", lowered]);
    execFileSync("wasm2js", [lowered, "--enable-bulk-memory", "-Oz", "-o", out]);
    // What is generated is read by nobody; as it is, it would be three times as large.
    return transformSync(lazily(readFileSync(out, "utf8")), { minify: true, target: "es2022", format: "esm" }).code;
  });

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
    export const instantiate = () => asmFunc({});`;
}

/** A string of a printable character for each byte: its code is the byte, or 256 more. */
const literal = (base64) => JSON.stringify(Array.from(Buffer.from(base64, "base64"), printable).join(""));

const printable = (byte) => String.fromCharCode(byte < 32 || byte > 126 ? byte + 256 : byte);

/** Replaces so many places, neither fewer nor none. */
function replaced(text, pattern, replacement, expected = 1) {
  const found = [...text.matchAll(pattern)].length;
  if (found !== expected || found === 0) throw new Error(`${pattern} is there ${found} times, not ${expected}`);
  return text.replace(pattern, replacement);
}
