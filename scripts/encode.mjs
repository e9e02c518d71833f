// The WebAssembly module as text, in the way that is smallest after brotli; pkg-template/decode.js undoes it.
//
// What belongs together is put together: all opcodes, all numbers of locals, all offsets… each in a stream of its own.
// That is a tenth less than the module as it is, where brotli meets them by turns.
import { decode } from "../pkg-template/decode.js";

/** The streams, beside the module's head and tail. Numbers are LEB128; `counted` has a length before each item. */
const STREAMS = ["head", "tail", "instruction", "counted", "offset", "label", "i64", "function", "local", "i32"];

/** In which stream the immediate of an instruction is, by opcode; those that have none are not named. */
const IMMEDIATES = [
  ["instruction", 0x02, 0x03, 0x04], // the types of blocks
  ["label", 0x0c, 0x0d],
  ["function", 0x10],
  ["local", 0x20, 0x21, 0x22],
  ["offset", ...range(0x28, 0x3e)],
  ["i32", 0x41],
  ["i64", 0x42],
  ["counted", 0x0e, 0x11, 0x1c, ...range(0x23, 0x26), 0x3f, 0x40, 0x43, 0x44, 0xd0, 0xd2, 0xfc],
];

/** Stands for the `end` of a function: no opcode. */
const LAST = 0xff;

const CODE_SECTION = 10;

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** For each opcode the digit of its stream; a dash where it has none. */
const STREAM_OF = (() => {
  const digits = Array.from({ length: 256 }, () => "-");
  for (const [stream, ...opcodes] of IMMEDIATES) for (const opcode of opcodes) digits[opcode] = STREAMS.indexOf(stream);
  return digits;
})();

/** Reads a module from front to back. */
class Reader {
  at = 0;

  constructor(bytes) {
    this.bytes = bytes;
  }

  take(count) {
    return this.bytes.subarray(this.at, (this.at += count));
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** A number in LEB128, as it is. */
  leb() {
    const start = this.at;
    while (this.byte() > 127);
    return this.bytes.subarray(start, this.at);
  }

  number() {
    return this.leb().reduce((number, byte, index) => number + (byte & 127) * 2 ** (7 * index), 0);
  }

  /** What `read` goes over, as it is. */
  over(read) {
    const start = this.at;
    read();
    return this.bytes.subarray(start, this.at);
  }

  times(read) {
    for (let count = this.number(); count > 0; count--) read();
  }
}

/** How many numbers follow an instruction; one where it is not named. */
const NUMBERS = { 0x11: 2 };
/** The same by the number that follows 0xfc. */
const PREFIXED_NUMBERS = { 8: 2, 9: 1, 10: 2, 11: 1, 12: 2, 13: 1, 14: 2, 15: 1, 16: 1, 17: 1 };
/** The lengths of constants that are no LEB128. */
const CONSTANTS = { 0x43: 4, 0x44: 8 };
const BRANCH_TABLE = 0x0e;
const TYPED_SELECT = 0x1c;
const PREFIX = 0xfc;

/** Goes over the immediates of an instruction of the stream `counted`. */
function pass(reader, opcode) {
  if (opcode in CONSTANTS) return void reader.take(CONSTANTS[opcode]);
  if (opcode === BRANCH_TABLE || opcode === TYPED_SELECT) reader.times(() => reader.leb());
  if (opcode === TYPED_SELECT) return;
  let numbers = NUMBERS[opcode] ?? 1;
  if (opcode === PREFIX) numbers = PREFIXED_NUMBERS[reader.number()] ?? 0;
  while (numbers-- > 0) reader.leb();
}

/** The module's bytes by stream. */
function split(module) {
  const streams = Object.fromEntries(STREAMS.map((name) => [name, []]));
  const reader = new Reader(module);
  reader.take(8);
  while (reader.byte() !== CODE_SECTION) reader.take(reader.number());
  const end = reader.number() + reader.at;
  const count = reader.number();
  streams.head.push(...module.subarray(0, reader.at));
  streams.tail.push(...module.subarray(end));
  const addCounted = (bytes) => streams.counted.push(bytes.length, ...bytes);
  for (let index = 0; index < count; index++) {
    const last = reader.number() + reader.at - 1;
    addCounted(reader.over(() => reader.times(() => (reader.leb(), reader.byte()))));
    while (reader.at < last) {
      const opcode = reader.byte();
      streams.instruction.push(opcode);
      const stream = STREAMS[STREAM_OF[opcode]];
      if (stream === "offset" && reader.byte() !== 0) throw new Error("an alignment is not 0: --dealign is missing");
      if (stream === "counted") addCounted(reader.over(() => pass(reader, opcode)));
      else if (stream) streams[stream].push(...reader.leb());
    }
    reader.byte();
    streams.instruction.push(LAST);
  }
  return Object.values(streams);
}

/** The characters from space to ~ but for two, which a string literal would have to escape. */
const ALPHABET = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).filter((c) => !'"\\'.includes(c));
/** So many of them, the first ones, begin a code of two characters. */
const PREFIXES = 2;

/** Bytes as text of one or two characters each, the frequent ones of one; `isFrequent` has a 1 or 0 for each byte. */
function write(bytes) {
  const counts = Array.from({ length: 256 }, () => 0);
  for (const byte of bytes) counts[byte]++;
  const all = [...counts.keys()];
  const frequent = new Set(all.toSorted((a, b) => counts[b] - counts[a]).slice(0, ALPHABET.length - PREFIXES));
  const rank = new Map([...all.filter((b) => frequent.has(b)), ...all.filter((b) => !frequent.has(b))].map((b, i) => [b, i]));
  const text = Array.from(bytes, (byte) => codeOf(rank.get(byte))).join("");
  const isFrequent = all.map((byte) => Number(frequent.has(byte))).join("");
  return { text, isFrequent, prefixes: PREFIXES, size: ALPHABET.length };
}

function codeOf(rank) {
  const rest = rank - (ALPHABET.length - PREFIXES);
  if (rest < 0) return ALPHABET[PREFIXES + rank];
  return ALPHABET[Math.floor(rest / ALPHABET.length)] + ALPHABET[rest % ALPHABET.length];
}

/** What decode.js takes. */
export function encode(module) {
  const streams = split(module);
  const lengths = streams.map(({ length }) => length);
  const used = new Set(streams[STREAMS.indexOf("instruction")]);
  const streamOf = STREAM_OF.map((digit, opcode) => (used.has(opcode) ? digit : "-")).join("");
  const code = { ...write(streams.flat()), lengths, streamOf, last: LAST, total: module.length };
  if (!module.equals(decode(code))) throw new Error("decode.js does not give the module back");
  return code;
}
