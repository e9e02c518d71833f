// The WebAssembly, inlined by the build as text: no bundler needs to know about a .wasm file.
import { isFrequent, prefixes, size, text } from "#bytes";

/** Undoes the build's encoding: a byte is one character where it is frequent, else a prefix and one more. */
export function bytes() {
  const ranked = ["1", "0"].flatMap((bit) => [...isFrequent].flatMap((is, byte) => (is === bit ? byte : [])));
  const bytes = [];
  for (let at = 0; at < text.length; at++) {
    let rank = indexOf(text.charCodeAt(at)) - prefixes;
    if (rank < 0) rank = (rank + prefixes + 1) * size - prefixes + indexOf(text.charCodeAt(++at));
    bytes.push(ranked[rank]);
  }
  return new Uint8Array(bytes);
}

/** The place in the alphabet: from # to ~, without the backslash. */
const indexOf = (code) => code - 35 - (code > 92);
