// What kind of file it is, by its first bytes: names and types that servers give may be missing or wrong.

/** So many bytes are enough. */
export const BEGINNING = 64;

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** What the first file of a workbook's zip is called, after the 30 bytes of its header. */
const WORKBOOK = /^.{30}(?:\[Content_Types\]\.xml|_rels\/|docProps\/|xl\/)/s;

/** `zip` is one of other files; an XLSX workbook is a zip as well, and an XLS workbook an OLE2 file. */
export function kindOf(beginning: Uint8Array): "zip" | "xlsx" | "xls" | "other" {
  const text = ascii(beginning.subarray(0, BEGINNING));
  if (text.startsWith("\xd0\xcf\x11\xe0")) return "xls";
  // Of something, or of nothing.
  if (!/^PK(?:\x03\x04|\x05\x06)/.test(text)) return "other";
  return WORKBOOK.test(text) ? "xlsx" : "zip";
}
