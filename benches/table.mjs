/** A Markdown table whose columns line up as text, too; all but the first so many are aligned to the right. */
export function table(head, rows, textColumns = 1) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)));
  const isLeft = (column) => column < textColumns;
  const pad = (cell, column) => (isLeft(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]));
  const line = (row) => `| ${row.map(pad).join(" | ")} |`;
  const rule = widths.map((width, column) => (isLeft(column) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
