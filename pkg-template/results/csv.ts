// Rows of fields out of CSV (RFC 4180) that comes in pieces: quotes, line breaks within them, any kind of line end.
import { invalid } from "./fault.js";

/** A row of so many characters is none: a quote that is not closed would take the memory for the rest of the file. */
const LONGEST_ROW = 2 ** 24;

const [QUOTE, COMMA, CR, LF] = [34, 44, 13, 10];

/** Where the text goes on: before a field, in one without quotes, between quotes, or after a quote in there. */
type State = "before" | "bare" | "quoted" | "afterQuote";

export class CsvReader {
  #state: State = "before";
  #field = "";
  #row: string[] = [];
  #isQuoted = false;
  /** Whether a LF would belong to the CR before it. */
  #isAfterCr = false;
  #length = 0;

  /** The rows that are complete with this text. Lines with nothing in them are none. */
  push(text: string): string[][] {
    const rows: string[][] = [];
    let rowBegins = -this.#length;
    for (let at = 0; at < text.length; ) {
      const code = text.charCodeAt(at);
      const isLfOfCr = this.#isAfterCr && code === LF;
      this.#isAfterCr = false;
      if (this.#state === "quoted") {
        const quote = text.indexOf('"', at);
        const end = quote < 0 ? text.length : quote;
        this.#field += text.slice(at, end);
        if (quote >= 0) this.#state = "afterQuote";
        at = end + 1;
      } else if (code === QUOTE && this.#state === "afterQuote") {
        // Two of them are one.
        this.#field += '"';
        this.#state = "quoted";
        at++;
      } else if (code === QUOTE && this.#state === "before") {
        this.#state = "quoted";
        this.#isQuoted = true;
        at++;
      } else if (code === COMMA) {
        this.#endField();
        at++;
      } else if (code === LF || code === CR) {
        this.#isAfterCr = code === CR;
        at++;
        rowBegins = at;
        if (!isLfOfCr) this.#endRow(rows);
      } else {
        // What follows a closing quote belongs to the field.
        const end = endOfBare(text, at);
        this.#field += text.slice(at, end);
        this.#state = "bare";
        at = end;
      }
    }
    this.#length = text.length - rowBegins;
    if (this.#length > LONGEST_ROW) throw invalid(`a row has more than ${LONGEST_ROW} characters: a quote is not closed, or this is no CSV`);
    return rows;
  }

  /** The last row, where no line end follows it. */
  end(): string[][] {
    if (this.#state === "quoted") throw invalid("the CSV ends within a quoted field");
    const rows: string[][] = [];
    this.#endRow(rows);
    return rows;
  }

  #endField(): void {
    this.#row.push(this.#field);
    this.#field = "";
    this.#state = "before";
  }

  #endRow(rows: string[][]): void {
    const isEmpty = this.#row.length === 0 && this.#field === "" && !this.#isQuoted;
    this.#endField();
    const row = this.#row;
    this.#row = [];
    this.#isQuoted = false;
    if (!isEmpty) rows.push(row);
  }
}

/** Where a field without quotes ends. */
function endOfBare(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === LF || code === CR) return at;
  }
  return text.length;
}

/** Rows as objects by the names in the first one. */
export class Header {
  readonly #names: string[];

  /** A name that there is already gets its number. */
  constructor(row: readonly string[]) {
    const names = new Set<string>();
    for (const name of row) {
      let unique = name;
      for (let count = 2; names.has(unique); count++) unique = `${name} (${count})`;
      names.add(unique);
    }
    this.#names = [...names];
  }

  /** A field that is missing is empty; one more than there are names is called by its number. */
  named(row: readonly string[]): Record<string, string> {
    const named: Record<string, string> = {};
    const length = Math.max(row.length, this.#names.length);
    for (let at = 0; at < length; at++) set(named, this.#names[at] ?? String(at + 1), row[at] ?? "");
    return named;
  }
}

/** An assignment would set the prototype by one of the names. */
function set(object: Record<string, string>, name: string, value: string): void {
  if (name === "__proto__") Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  else object[name] = value;
}
