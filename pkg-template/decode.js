// Undoes scripts/encode.mjs: gives the WebAssembly module out of its text. In loops over arrays of bytes, since it runs
// once, before anything is optimised, while its user waits.

/** The place in the alphabet: from space to ~, without quotation mark and backslash. */
const indexOf = (code) => code - 32 - (code > 34) - (code > 92);

/** A byte is one character where it is frequent, else a prefix and one more. */
function bytesOf({ text, isFrequent, prefixes, size }) {
  const ranked = ["1", "0"].flatMap((bit) => [...isFrequent].flatMap((is, byte) => (is === bit ? byte : [])));
  const bytes = new Uint8Array(text.length);
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    let rank = indexOf(text.charCodeAt(at)) - prefixes;
    if (rank < 0) rank = (rank + prefixes + 1) * size - prefixes + indexOf(text.charCodeAt(++at));
    bytes[end++] = ranked[rank];
  }
  return bytes;
}

/** The streams that are told apart here, by their place. */
const [HEAD, TAIL, INSTRUCTIONS, COUNTED, OFFSETS] = [0, 1, 2, 3, 4];

/** The module, with the instructions of each function and their immediates put together again. */
export function decode(code) {
  const bytes = bytesOf(code);
  /** Where each stream is read: one after the other. */
  let start = 0;
  const at = code.lengths.map((length) => (start += length) - length);
  const instructionsEnd = at[INSTRUCTIONS + 1];
  const streamOf = Array.from(code.streamOf, Number);
  const module = new Uint8Array(code.total);
  let end = 0;
  const copy = (stream, count) => {
    while (count-- > 0) module[end++] = bytes[at[stream]++];
  };
  copy(HEAD, code.lengths[HEAD]);
  while (at[INSTRUCTIONS] < instructionsEnd) {
    // A length in LEB128 comes first; no function is longer than two bytes can say.
    const body = (end += 2);
    copy(COUNTED, bytes[at[COUNTED]++]);
    let opcode;
    while ((opcode = bytes[at[INSTRUCTIONS]++]) !== code.last) {
      module[end++] = opcode;
      const stream = streamOf[opcode];
      // Every alignment is 0: see scripts/wasm.mjs.
      if (stream === OFFSETS) end++;
      if (stream === COUNTED) copy(COUNTED, bytes[at[COUNTED]++]);
      else if (stream >= 0) do copy(stream, 1); while (module[end - 1] > 127);
    }
    // The opcode of `end`.
    module[end++] = 11;
    const length = end - body;
    module[body - 2] = length & 127;
    if (length < 128) module.copyWithin(body - 1, body, end--);
    else module.set([(length & 127) | 128, length >> 7], body - 2);
  }
  copy(TAIL, code.lengths[TAIL]);
  return module;
}
