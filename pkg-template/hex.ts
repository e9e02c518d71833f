// Bytes out of hex digits, in the quickest way that the host has: the WebAssembly is inlined as such.

/** The bytes of a text of lower-case hex digits, two for each. */
export function fromHex(text: string): Uint8Array {
  if (Uint8Array.fromHex) return Uint8Array.fromHex(text);
  if (globalThis.Buffer) return globalThis.Buffer.from(text, "hex");
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}
