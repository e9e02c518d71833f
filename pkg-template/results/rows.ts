// rows(): the rows of an export's CSV, one by one, out of a zip where it is in one.
import { taskError, told } from "../error.js";
import { type Takes, readOptions } from "../values.js";
import { joined } from "./bytes.js";
import { CsvReader, Header } from "./csv.js";
import { beginning } from "./download.js";
import { Fault } from "./fault.js";
import { type Source, readDownload, readSource } from "./given.js";
import { BEGINNING, kindOf } from "./kind.js";
import { Receiver } from "./receiver.js";
import type { ExportClient, ExportTask, Row, RowsOptions } from "./types.js";
import { NEXT_FILE, ZipReader } from "./zip.js";

const ROWS = {
  header: ["true or false", (value) => (typeof value === "boolean" ? value : undefined)] as Takes<boolean>,
};

/**
 * The rows of an export's CSV as they come, each an object by the names in the header; those of several files of one zip one
 * after the other. The whole file is never in memory. Otherwise as {@link download}; who leaves the loop ends it.
 *
 * Throws HubSpotTaskError: INVALID_ARGUMENT for an XLS or XLSX workbook, INVALID_RESPONSE for what is no CSV, or a
 * zip that is damaged or encrypted.
 */
export function rows<HasHeader extends boolean = true>(
  client: ExportClient,
  taskOrId: ExportTask,
  options?: RowsOptions<HasHeader>,
): AsyncIterableIterator<HasHeader extends false ? string[] : Row> {
  return read(client, taskOrId, options) as AsyncIterableIterator<HasHeader extends false ? string[] : Row>;
}

function argumentsOf(client: unknown, taskOrId: unknown, options: unknown) {
  try {
    return { source: readSource(client, taskOrId), given: readDownload(options), ...readOptions(options, ROWS) };
  } catch (thrown) {
    throw told(thrown);
  }
}

async function* read(client: unknown, taskOrId: unknown, options: unknown): AsyncGenerator<Row | string[]> {
  const { source, given, header = true } = argumentsOf(client, taskOrId, options);
  const receiver = new Receiver(source, given);
  let count = 0;
  try {
    const parts = await beginning(receiver);
    const zip = kindOf(joined(parts)) === "zip" ? new ZipReader() : undefined;
    let file = new CsvFile(header);
    for (let part = parts.shift() ?? (await receiver.next()); part; part = parts.shift() ?? (await receiver.next())) {
      for (const piece of zip?.push(part) ?? [part]) {
        for (const row of piece === NEXT_FILE ? file.end() : file.push(piece)) {
          receiver.check();
          count++;
          yield row;
        }
        if (piece === NEXT_FILE) file = new CsvFile(header);
      }
    }
    zip?.end();
    for (const row of file.end()) {
      count++;
      yield row;
    }
  } catch (thrown) {
    throw thrown instanceof Fault ? errorOf(thrown, source, count) : thrown;
  } finally {
    receiver.close();
  }
}

/** One file, as its bytes come. */
class CsvFile {
  readonly #text = new TextDecoder();
  readonly #csv = new CsvReader();
  readonly #hasHeader: boolean;
  #header: Header | undefined;
  /** The first bytes, until there are enough of them to see what kind of file it is. */
  #beginning: Uint8Array | undefined = new Uint8Array(0);

  constructor(hasHeader: boolean) {
    this.#hasHeader = hasHeader;
  }

  /** The rows that are complete with these bytes. */
  push(bytes: Uint8Array): (Row | string[])[] {
    if (!this.#beginning) return this.#named(this.#csv.push(this.#text.decode(bytes, { stream: true })));
    this.#beginning = joined([this.#beginning, bytes]);
    return this.#beginning.length < BEGINNING ? [] : this.#begin(this.#beginning);
  }

  end(): (Row | string[])[] {
    const rows = this.#beginning ? this.#begin(this.#beginning) : [];
    return rows.concat(this.#named([...this.#csv.push(this.#text.decode()), ...this.#csv.end()]));
  }

  #begin(beginning: Uint8Array): (Row | string[])[] {
    const kind = kindOf(beginning);
    if (kind !== "other") {
      const message = `it is no CSV (${kind}): start the export with the format CSV, or take download()`;
      throw new Fault("lasts", { code: "INVALID_ARGUMENT", message });
    }
    this.#beginning = undefined;
    return this.push(beginning);
  }

  #named(rows: string[][]): (Row | string[])[] {
    if (!this.#hasHeader) return rows;
    const first = this.#header ? undefined : rows.shift();
    const header = first ? new Header(first) : this.#header;
    this.#header = header;
    return header ? rows.map((row) => header.named(row)) : [];
  }
}

function errorOf({ fields }: Fault, { family, id: taskId }: Source, count: number): Error {
  const message = `${family} ${taskId}: ${fields.message} (after ${count} rows)`;
  return taskError({ ...fields, message, family: family, taskId });
}
