// A table that is kept in step with a picture: only cells that changed are written, and nothing is announced.
import { element, newId, write } from "../../view/dom.ts";

/** The first cell of each is what the row is about. */
export type Rows = readonly (readonly string[])[];

export interface Table {
  readonly node: HTMLElement;
  show(rows: Rows): void;
}

export function createTable(caption: string, columns: readonly string[]): Table {
  const captionId = newId();
  const body = element("tbody");
  const head = element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)));
  const table = element("table", {}, element("caption", { id: captionId }, caption), element("thead", {}, head), body);
  return {
    // It may be wider or longer than its place: it scrolls, by the keyboard too.
    node: element("div", { className: "table", tabIndex: 0, attributes: { "role": "group", "aria-labelledby": captionId } }, table),
    show(rows) {
      while (body.rows.length > rows.length) body.deleteRow(-1);
      while (body.rows.length < rows.length) body.append(rowOf(columns.length));
      rows.forEach((texts, row) => {
        const { cells } = body.rows[row] as HTMLTableRowElement;
        texts.forEach((text, column) => {
          write(cells[column] as HTMLTableCellElement, text);
        });
      });
    },
  };
}

const rowOf = (columns: number) =>
  element("tr", {}, element("th", { scope: "row" }), ...Array.from({ length: columns - 1 }, () => element("td")));
