// CRC-32, as zip has it.

const TABLE = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** The checksum of what `before` is that of, with these bytes after it; 0 is that of nothing. */
export function crc32(before: number, bytes: Uint8Array): number {
  let crc = ~before;
  // By its index: for…of takes longer.
  for (let at = 0; at < bytes.length; at++) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] as number)) & 255] as number);
  return ~crc >>> 0;
}
