// The files behind results' URLs: what is in them, and the URLs, which live for some minutes.
import { Zip, ZipDeflate } from "fflate";
import { LONGEST_ROW, csv } from "./csv.js";
import { randomNumbers, uuid } from "./random.js";
import type { Task } from "./tasks.js";
import { joined } from "./values.js";

/** The file behind an export's URL. What is not given is of what the export was started with, or made up. */
export interface SimulatedFile {
  /** How many rows below the header, in a CSV file: 25 unless given. How many kilobytes, in a file of Excel's. */
  rows?: number | undefined;
  /** The header: its `objectProperties`, or five columns. */
  columns?: string[] | undefined;
  /** CSV unless given. Files of the other two are opaque bytes that begin as such files do. */
  format?: "CSV" | "XLS" | "XLSX" | undefined;
  /** Without an extension: its `exportName`. */
  name?: string | undefined;
  /** The whole content in the place of rows. */
  content?: string | Uint8Array | undefined;
}

/** How files are brought, an option of the simulator. */
export interface SimulatedDownloads {
  /** How long a URL lives, in milliseconds: 300,000 unless given, which is five minutes. */
  livesMs?: number | undefined;
  /** A file that is longer comes in a zip: 2,000,000 unless given. */
  zipOverBytes?: number | undefined;
  /** More rows than these are several files of one zip: 1,000,000 unless given. */
  rowsPerFile?: number | undefined;
  /** Whether parts of a file can be asked for: true unless given. */
  hasRanges?: boolean | undefined;
  /**
   * Where URLs point: "https://exports.hubspot.example" unless given; {@link serveSimulator} puts its own address there.
   * The simulator's fetch answers wherever they point.
   */
  origin?: string | undefined;
}

/** A file as it is brought. */
export interface BuiltFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly etag: string;
}

const TYPES = {
  csv: "text/csv;charset=utf-8",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  zip: "application/zip",
};

/**
 * A workbook is a zip whose first file has this name: the header of that file, of 30 bytes, stands before it. As bytes, for
 * Jest's jsdom has no TextEncoder.
 */
const CONTENT_TYPES = Array.from("[Content_Types].xml", (letter) => letter.charCodeAt(0));

/** What files of Excel's begin with. */
const MAGIC = {
  XLS: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
  XLSX: [0x50, 0x4b, 0x03, 0x04, 20, ...Array<number>(21).fill(0), CONTENT_TYPES.length, 0, 0, 0, ...CONTENT_TYPES],
};

/** Where files are, whatever the host. */
export const FILES_PATH = "/exports/";

const ORIGIN = "https://exports.hubspot.example";

/** Files in zips have no date of their own, so that the same seed gives the same bytes. */
const ZIP_DATE = "2026-01-01T12:00:00";

export class Files {
  readonly options: SimulatedDownloads;
  readonly #now: () => number;
  readonly #newUuid: () => string;
  /** By their signature, in order of their death. */
  readonly #urls = new Map<string, { task: Task; diesAt: number }>();

  constructor(options: SimulatedDownloads, now: () => number, newUuid: () => string) {
    this.options = options;
    this.#now = now;
    this.#newUuid = newUuid;
  }

  /** A new URL of a task's file. */
  urlOf(task: Task): string {
    const diesAt = this.#now() + (this.options.livesMs ?? 300_000);
    for (const [signature, url] of this.#urls) {
      if (url.diesAt > this.#now()) break;
      this.#urls.delete(signature);
    }
    const signature = this.#newUuid();
    this.#urls.set(signature, { task, diesAt });
    const path = `${FILES_PATH}${encodeURIComponent(task.id)}/${encodeURIComponent(this.#nameOf(task))}`;
    return `${this.options.origin ?? ORIGIN}${path}?expires=${diesAt}&signature=${signature}`;
  }

  /** The task whose file a URL is of; undefined where the URL is of none, or has died. */
  taskAt(path: string, search: string): Task | undefined {
    const signature = /[?&]signature=([^&]+)/.exec(search)?.[1] ?? "";
    const url = this.#urls.get(signature);
    return url && this.#now() < url.diesAt && path.startsWith(`${FILES_PATH}${encodeURIComponent(url.task.id)}/`) ? url.task : undefined;
  }

  /** A short file is not made for its name alone: nobody may ask for it. */
  #nameOf(task: Task): string {
    const { name, extension, rows, columns, content } = planOf(task);
    const { zipOverBytes = 2_000_000, rowsPerFile = 1_000_000 } = this.options;
    const isShort = content === undefined && !columns && rows * LONGEST_ROW <= zipOverBytes && rows <= rowsPerFile;
    return isShort && extension === "csv" ? `${name}.csv` : this.build(task).name;
  }

  build(task: Task): BuiltFile {
    return (task.built ??= this.#built(task));
  }

  #built(task: Task): BuiltFile {
    const { zipOverBytes = 2_000_000, rowsPerFile = 1_000_000 } = this.options;
    const { name, extension } = planOf(task);
    const parts = contentsOf(task, rowsPerFile);
    const [first = new Uint8Array()] = parts;
    if (parts.length === 1 && first.length <= zipOverBytes) return built(`${name}.${extension}`, TYPES[extension], first);
    const names = parts.map((_, index) => `${name}${parts.length > 1 ? `-${index + 1}` : ""}.${extension}`);
    return built(`${name}.zip`, TYPES.zip, zipped(names, parts));
  }
}

/** As a server writes it that does not know how long it will be: lengths stand behind the contents. */
function zipped(names: readonly string[], contents: readonly Uint8Array[]): Uint8Array {
  const written: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    written.push(part);
  });
  for (const [index, name] of names.entries()) {
    const file = new ZipDeflate(name);
    file.mtime = ZIP_DATE;
    zip.add(file);
    file.push(contents[index] ?? new Uint8Array(), true);
  }
  zip.end();
  return joined(written);
}

const built = (name: string, type: string, bytes: Uint8Array): BuiltFile => ({ name, type, bytes, etag: `"${hashOf(bytes)}"` });

/** What a task's file is to be: of the caller, of what it was started with, or usual. */
function planOf({ file, with: { request } }: Task) {
  const given = file.format ?? request.format;
  const format = given === "XLS" || given === "XLSX" ? given : "CSV";
  const columns = file.columns ?? (Array.isArray(request.objectProperties) ? request.objectProperties.map(String) : undefined);
  const name = file.name ?? (typeof request.exportName === "string" ? request.exportName : "export");
  const extension = format === "XLS" ? "xls" : format === "XLSX" ? "xlsx" : "csv";
  return { format, extension, columns, name, rows: file.rows ?? 25, content: file.content } as const;
}

/** The contents of its files, mostly one. */
function contentsOf(task: Task, rowsPerFile: number): Uint8Array[] {
  const { format, columns, rows, content } = planOf(task);
  if (typeof content === "string") return [new TextEncoder().encode(content)];
  if (content) return [content];
  if (format !== "CSV") return [opaque(MAGIC[format], rows * 1_000, task.serial)];
  const parts = Math.max(Math.ceil(rows / rowsPerFile), 1);
  return Array.from({ length: parts }, (_, part) => {
    const from = part * rowsPerFile;
    return new TextEncoder().encode(csv(columns, from, Math.min(from + rowsPerFile, rows), task.serial));
  });
}

function opaque(magic: readonly number[], length: number, seed: number): Uint8Array {
  const random = randomNumbers(seed);
  const bytes = Uint8Array.from({ length }, () => random() * 256);
  bytes.set(magic.slice(0, length));
  return bytes;
}

function hashOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5; // FNV-1a
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return uuid(hash >>> 0).replaceAll("-", "");
}
