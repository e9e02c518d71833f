// pkg-template/hex.ts: the same bytes in every way that a host may have.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { runInNewContext } from "node:vm";
import { tsImport } from "tsx/esm/api";

const { fromHex } = await tsImport("../pkg-template/hex.ts", import.meta.url);

const { Buffer } = globalThis;
const ownFromHex = Object.getOwnPropertyDescriptor(Uint8Array, "fromHex");

/** This host's own way stays aside until the test is over. */
function only({ fromHex, buffer }) {
  delete Uint8Array.fromHex;
  delete globalThis.Buffer;
  if (fromHex) Uint8Array.fromHex = fromHex;
  if (buffer) globalThis.Buffer = buffer;
}

afterEach(() => {
  delete Uint8Array.fromHex;
  if (ownFromHex) Object.defineProperty(Uint8Array, "fromHex", ownFromHex);
  globalThis.Buffer = Buffer;
});

const BYTES = Uint8Array.from({ length: 512 }, (_, index) => (index * 167) % 256);
const HEX = Array.from(BYTES, (byte) => byte.toString(16).padStart(2, "0")).join("");

test("Uint8Array.fromHex is taken where there is one", () => {
  const asked = [];
  only({ buffer: Buffer, fromHex: (text) => (asked.push(text), BYTES) });
  assert.equal(fromHex(HEX), BYTES);
  assert.deepEqual(asked, [HEX]);
});

test("else Node's Buffer is", () => {
  only({ buffer: Buffer });
  const bytes = fromHex(HEX);
  assert(bytes instanceof Buffer);
  assert.deepEqual([...bytes], [...BYTES]);
});

test("a host that has neither gets the same bytes", () => {
  only({});
  const bytes = fromHex(HEX);
  assert.equal(bytes.constructor, Uint8Array);
  assert.deepEqual(bytes, BYTES);
  assert.deepEqual(fromHex(""), new Uint8Array());
});

test("a Buffer of another realm, as Jest's jsdom has, is compiled", () => {
  const module = "0061736d01000000";
  only({ buffer: Buffer });
  const compiled = runInNewContext("new WebAssembly.Module(bytes)", { bytes: fromHex(module) });
  assert.equal(Object.prototype.toString.call(compiled), "[object WebAssembly.Module]");
});
