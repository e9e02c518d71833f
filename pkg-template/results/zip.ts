// The files of a zip that comes in pieces, one after the other, each checked by its checksum.
//
// Not fflate's own Unzip: where sizes follow a file's bytes, as in the zips that Java's streams write, it takes any bytes that
// look like a header for one (its issues 208 and 243). Here a file ends where its sizes say so, and they are found by that.
import { Inflate } from "fflate";
import { joined } from "./bytes.js";
import { crc32 } from "./crc.js";
import { invalid } from "./fault.js";

const FILE = 0x04034b50;
/** What follows the files: the directory, or its end where there is nothing in it. */
const DIRECTORY = [0x02014b50, 0x06054b50, 0x06064b50];
const DESCRIPTOR = 0x08074b50;
const HEADER = 30;

const [ENCRYPTED, SIZES_FOLLOW] = [1, 8];
const [STORED, DEFLATED] = [0, 8];
/** In the place of a size that is told in 64 bits elsewhere. */
const IN_64_BITS = 0xffffffff;

/**
 * So many bytes are inflated at a time: a thousand times as many may come of them, and more than 16 kB of literals alone lose
 * some in fflate (its pull request 295).
 */
const SLICE = 8_192;

const damaged = () => invalid("the zip is damaged");

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const u32 = (bytes: Uint8Array, at: number): number => (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;
const u64 = (bytes: Uint8Array, at: number): number => u32(bytes, at) + u32(bytes, at + 4) * 2 ** 32;

/** What a file has to come to. */
interface Sizes {
  readonly crc: number;
  readonly packed: number;
  readonly plain: number;
}

/** The forms of a descriptor: with its signature or without, with sizes of 64 bits or of 32. */
const DESCRIPTORS = [
  { length: 16, at: 4, read: u32, width: 4 },
  { length: 12, at: 0, read: u32, width: 4 },
  { length: 24, at: 4, read: u64, width: 8 },
  { length: 20, at: 0, read: u64, width: 8 },
];
/** So many bytes at the end may be a part of one with a signature after it. */
const HELD_BACK = 24 + 3;

/** A file of the zip, as far as it came. */
class Packed {
  readonly isFolder: boolean;
  /** Undefined until they are found. */
  sizes: Sizes | undefined;
  taken = 0;
  #crc = 0;
  #plain = 0;
  #out: Uint8Array[] = [];
  readonly #inflate: Inflate | undefined;

  constructor(header: Uint8Array) {
    const [flags, method] = [u16(header, 6), u16(header, 8)];
    if (flags & ENCRYPTED) throw invalid("the zip is encrypted");
    if (method !== STORED && method !== DEFLATED) throw invalid(`the zip is compressed by a method that is not read here (${method})`);
    const nameEnds = HEADER + u16(header, 26);
    this.isFolder = header[nameEnds - 1] === 47;
    if (!(flags & SIZES_FOLLOW)) this.sizes = sizesOf(header, nameEnds);
    if (method === DEFLATED) this.#inflate = new Inflate((part) => this.#out.push(part));
  }

  /** What comes of the next of its bytes. */
  *taking(bytes: Uint8Array): Generator<Uint8Array> {
    const isLast = this.taken + bytes.length === this.sizes?.packed;
    for (let at = 0; at < bytes.length || (isLast && at === 0); at += SLICE) {
      const slice = bytes.subarray(at, at + SLICE);
      this.#unpack(slice, isLast && at + SLICE >= bytes.length);
      for (const part of this.#out.splice(0)) {
        this.#crc = crc32(this.#crc, part);
        this.#plain += part.length;
        if (part.length > 0) yield part;
      }
    }
    this.taken += bytes.length;
    if (isLast && (this.#crc !== this.sizes?.crc || this.#plain !== this.sizes.plain)) throw damaged();
  }

  #unpack(slice: Uint8Array, isLast: boolean): void {
    if (!this.#inflate) {
      this.#out.push(slice);
      return;
    }
    try {
      this.#inflate.push(slice, isLast);
    } catch {
      throw damaged();
    }
  }
}

/** The sizes in a file's header, or in its extra field for 64 bits. */
function sizesOf(header: Uint8Array, nameEnds: number): Sizes {
  const [crc, packed, plain] = [u32(header, 14), u32(header, 18), u32(header, 22)];
  if (packed !== IN_64_BITS && plain !== IN_64_BITS) return { crc, packed, plain };
  for (let at = nameEnds; at + 4 <= header.length; at += 4 + u16(header, at + 2)) {
    if (u16(header, at) === 1 && u16(header, at + 2) >= 16) return { crc, plain: u64(header, at + 4), packed: u64(header, at + 12) };
  }
  throw damaged();
}

/** Stands between the bytes of two files. */
export const NEXT_FILE = Symbol("next file");

export class ZipReader {
  #held: Uint8Array = new Uint8Array(0);
  #file: Packed | undefined;
  #isOver = false;
  /** So far what is held was searched for the end of a file. */
  #searched = 0;

  /** What comes of the next bytes of the zip. */
  *push(bytes: Uint8Array): Generator<Uint8Array | typeof NEXT_FILE> {
    if (this.#isOver) return;
    this.#held = joined([this.#held, bytes]);
    for (;;) {
      if (!this.#file && !this.#header()) return;
      if (!this.#file || !(yield* this.#body(this.#file))) return;
      this.#file = undefined;
      yield NEXT_FILE;
    }
  }

  /** To be called after the last bytes. */
  end(): void {
    if (!this.#isOver) throw damaged();
  }

  /** Whether a file begins here, and its header is there. */
  #header(): boolean {
    const held = this.#held;
    if (held.length < 4) return false;
    const signature = u32(held, 0);
    this.#isOver = DIRECTORY.includes(signature);
    if (this.#isOver) return false;
    if (signature !== FILE) throw damaged();
    const end = HEADER + u16(held, 26) + u16(held, 28);
    if (held.length < HEADER || held.length < end) return false;
    this.#file = new Packed(held.subarray(0, end));
    this.#held = held.subarray(end);
    this.#searched = 0;
    return true;
  }

  /** Whether the file is whole with what came of it. */
  *#body(file: Packed): Generator<Uint8Array, boolean> {
    const descriptor = file.sizes ? 0 : this.#descriptor(file);
    // It may go on after what is held.
    const end = file.sizes ? file.sizes.packed - file.taken : this.#held.length - HELD_BACK;
    const taken = this.#held.subarray(0, Math.max(0, end));
    this.#held = this.#held.subarray(taken.length);
    this.#searched = Math.max(0, this.#searched - taken.length);
    // Its sizes may be found when all of it was taken: then nothing is taken, and it is checked.
    if (file.isFolder) file.taken += taken.length;
    else yield* file.taking(taken);
    if (file.taken !== file.sizes?.packed) return false;
    this.#held = this.#held.subarray(descriptor);
    return true;
  }

  /** Looks for what tells the sizes of a file after it; gives its length. */
  #descriptor(file: Packed): number {
    const held = this.#held;
    for (let at = Math.max(0, this.#searched); at + 4 <= held.length; at++) {
      if (held[at] !== 80 || held[at + 1] !== 75) continue;
      const signature = u32(held, at);
      if (signature !== FILE && !DIRECTORY.includes(signature)) continue;
      for (const { length, at: place, read, width } of DESCRIPTORS) {
        const start = at - length;
        if (start < 0 || (place > 0 && u32(held, start) !== DESCRIPTOR)) continue;
        const packed = read(held, start + place + 4);
        if (packed !== file.taken + start) continue;
        file.sizes = { crc: u32(held, start + place), packed, plain: read(held, start + place + 4 + width) };
        return length;
      }
    }
    this.#searched = Math.max(0, held.length - 3);
    return 0;
  }
}
