// Undoes scripts/encode.mjs: gives the WebAssembly module out of its text.

/** The place in the alphabet: from space to ~, without quotation mark and backslash. */
const indexOf = (code) => code - 32 - (code > 34) - (code > 92);

/** A byte is one character where it is frequent, else a prefix and one more. */
function bytesOf({ text, isFrequent, prefixes, size }) {
  const ranked = ["1", "0"].flatMap((bit) => [...isFrequent].flatMap((is, byte) => (is === bit ? byte : [])));
  const bytes = [];
  for (let at = 0; at < text.length; at++) {
    let rank = indexOf(text.charCodeAt(at)) - prefixes;
    if (rank < 0) rank = (rank + prefixes + 1) * size - prefixes + indexOf(text.charCodeAt(++at));
    bytes.push(ranked[rank]);
  }
  return bytes;
}

/** A length in LEB128, as the module has it. No function is longer than two bytes can say. */
const leb = (length) => (length < 128 ? [length] : [(length & 127) | 128, length >> 7]);

/** The module, with the instructions of each function and their immediates put together again. */
export function decode(code) {
  const bytes = bytesOf(code);
  // Each from its end, so that pop() takes the next byte.
  const streams = code.lengths.map((length) => bytes.splice(0, length).reverse());
  const [head, tail, instructions, counted, offsets] = streams;
  const module = head.reverse();
  while (instructions.length) {
    const body = [];
    const copy = (stream, count) => {
      while (count--) body.push(stream.pop());
    };
    copy(counted, counted.pop());
    let opcode;
    while ((opcode = instructions.pop()) !== code.last) {
      body.push(opcode);
      const stream = streams[code.streamOf[opcode]];
      // Every alignment is 0: see scripts/wasm.mjs.
      if (stream === offsets) body.push(0);
      if (stream === counted) copy(counted, counted.pop());
      else if (stream) do copy(stream, 1); while (body[body.length - 1] > 127);
    }
    // The opcode of `end`.
    body.push(11);
    module.push(...leb(body.length), ...body);
  }
  return new Uint8Array([...module, ...tail.reverse()]);
}
