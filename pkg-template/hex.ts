// Bytes out of hex digits, in the quickest way that the host has: the WebAssembly is inlined as such.

/** The bytes of a text of lower-case hex digits, two for each. */
export function fromHex(text: string): Uint8Array {
  if (Uint8Array.fromHex) return Uint8Array.fromHex(text);
  if (globalThis.Buffer) return globalThis.Buffer.from(text, "hex");
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = 16 * digit(text.charCodeAt(2 * at)) + digit(text.charCodeAt(2 * at + 1));
  }
  return bytes;
}

/** The four low bits of "0" to "9" are the digit's value, those of "a" to "f" nine less; bit 6 is set for letters alone. */
const digit = (character: number): number => (character & 15) + 9 * (character >> 6);
