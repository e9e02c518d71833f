// What stands in an export's file: rows with what is hard to read in them, the same for the same seed.
import { randomNumbers } from "./random.js";

const COLUMNS = ["Record ID", "First Name", "Last Name", "Email", "Note"];

/** What cells hold: separators, quotes, line ends and letters beyond ASCII among it. */
const VALUES = ["Zoë", "Smith, John", 'said "hello"', "two\nlines", "😀", "", "Ltd.; Co.", " padded ", "0123", "tab\there"];

/** No row of the usual columns is longer. */
export const LONGEST_ROW = 120;

/** The text of one CSV file: a header and the rows from one number to before another. */
export function csv(columns: readonly string[] | undefined, from: number, to: number, seed: number): string {
  const header = columns && columns.length > 0 ? columns : COLUMNS;
  const lines = [header.map(quoted).join(",")];
  const random = randomNumbers(seed);
  for (let row = from; row < to; row++) {
    const cells = header.map((_, column) => (column === 0 ? String(seed * 1000 + row) : cell(random())));
    lines.push(cells.map(quoted).join(","));
  }
  return `${lines.join("\n")}\n`;
}

const cell = (drawn: number) => VALUES[Math.floor(drawn * VALUES.length)] ?? "";

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
