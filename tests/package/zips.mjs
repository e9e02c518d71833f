// Zips of every kind that the tests of /results need, written by the zip format's own rules.
import { crc32 as crcOf } from "node:zlib";
import { deflateRawSync } from "node:zlib";

/** CRC-32, bit by bit: Node 20 has none. */
function crc32(bytes) {
  if (crcOf) return crcOf(bytes);
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const u16 = (value) => [value & 255, (value >>> 8) & 255];
const u32 = (value) => [...u16(value), ...u16(value >>> 16)];
const u64 = (value) => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))];

/**
 * A zip of `{ name, content }`. `sizes`: where they stand: in the header, in its field for 64 bits, or after the bytes (with
 * its signature, as Java's streams write it, or without, in 32 or 64 bits). `crc` and `plain` are told in the place of the true
 * checksum and length.
 */
export function zipOf(files, { sizes = "descriptor", method = 8, flags = 0, crc: wrongCrc, plain: wrongPlain, directory = true, level = 6 } = {}) {
  const parts = [];
  const entries = [];
  let at = 0;
  for (const { name, content = "" } of files) {
    const [bytes, title] = [Buffer.from(content), Buffer.from(name)];
    const packed = method === 8 ? deflateRawSync(bytes, { level }) : bytes;
    const crc = wrongCrc ?? crc32(bytes);
    const plain = wrongPlain ?? bytes.length;
    const follows = sizes.startsWith("descriptor");
    const is64 = sizes === "header64";
    const told = follows ? [0, 0, 0] : is64 ? [crc, 0xffffffff, 0xffffffff] : [crc, packed.length, plain];
    const extra = is64 ? [...u16(0x5455), ...u16(1), 0, ...u16(1), ...u16(16), ...u64(plain), ...u64(packed.length)] : [];
    const common = [...u16(20), ...u16(flags | (follows ? 8 : 0)), ...u16(method), ...u32(0), ...told.flatMap(u32), ...u16(title.length)];
    const local = [...u32(0x04034b50), ...common, ...u16(extra.length), ...title, ...extra];
    const wide = sizes.includes("64") ? u64 : u32;
    const signature = sizes.endsWith("bare") ? [] : u32(0x08074b50);
    const descriptor = follows ? [...signature, ...u32(crc), ...wide(packed.length), ...wide(plain)] : [];
    const entry = Buffer.concat([Buffer.from(local), packed, Buffer.from(descriptor)]);
    entries.push(Buffer.from([...u32(0x02014b50), ...u16(20), ...common, ...u16(0), ...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(at), ...title]));
    parts.push(entry);
    at += entry.length;
  }
  if (!directory) return Buffer.concat(parts);
  const central = Buffer.concat(entries);
  const end = [...u32(0x06054b50), ...u16(0), ...u16(0), ...u16(files.length), ...u16(files.length), ...u32(central.length), ...u32(at), ...u16(0)];
  return Buffer.concat([...parts, central, Buffer.from(end)]);
}

export const KINDS = ["descriptor", "descriptor bare", "descriptor64", "descriptor64 bare", "header", "header64"];
