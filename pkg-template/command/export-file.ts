// An export's file: where it goes, checked before anything is started; and how it gets there, whole or not at all.
import { createReadStream } from "node:fs";
import { access, constants, open, rename, rm, stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { Readable } from "node:stream";
import type { FinishedTask, Task } from "../entries/index.js";
import { type DownloadProgress, type ExportClient, type ExportTask, download, rows, saveTo } from "../entries/results.js";
import type { Given } from "./args.js";
import type { Context } from "./context.js";
import type { WrittenFile } from "./ends.js";
import { UsageError } from "./exit.js";
import { size } from "./lines.js";
import { placeOf } from "./place.js";

export interface Target {
  /** As it was given. */
  readonly path: string;
  /** Where the file itself is; undefined for the standard output. */
  readonly place: string | undefined;
}

/** Where `--output` leads; undefined where it is not given. */
export async function readTarget(given: Given): Promise<Target | undefined> {
  const path = given.text("output");
  if (path === undefined) return undefined;
  if (path === "-") {
    if (given.has("json")) throw new UsageError("--output -: not with --json, which is written there");
    return { path, place: undefined };
  }
  const place = await placeOf("output", path);
  const isThere = await stat(place).then(() => true, () => false);
  if (isThere && given.has("no-clobber")) throw new UsageError(`--output: ${path} is there already`);
  const folder = dirname(place);
  await access(folder, constants.W_OK).catch(() => {
    throw new UsageError(`--output: ${folder} cannot be written to`);
  });
  return { path, place };
}

const EXTENSIONS = [".csv", ".xls", ".xlsx"];

/** Refuses a name that would say something else than the file is. */
export function assertFormat({ path, place }: Target, format: unknown): void {
  const extension = extname(path).toLowerCase();
  if (place === undefined || typeof format !== "string" || !EXTENSIONS.includes(extension)) return;
  const right = format.toLowerCase();
  if (extension === `.${right}`) return;
  throw new UsageError(`--output: ${path} is no name for a file of the format ${format}: takes one that ends in .${right}, or --format ${extension.slice(1)}`);
}

/** The task, whose URL is known: only another one is asked for. */
function withUrl(task: Task<string>, finished: FinishedTask<string>): ExportTask {
  let known: FinishedTask<string> | undefined = finished;
  const wait: Task<string>["wait"] = async (options) => {
    const first = known;
    known = undefined;
    return first ?? task.wait(options);
  };
  return { id: task.id, family: task.family, wait };
}

export async function writeFileOf(
  context: Context,
  client: ExportClient,
  task: Task<string>,
  finished: FinishedTask<string>,
  { path, place }: Target,
): Promise<WrittenFile> {
  const { display, signal } = context;
  const source = withUrl(task, finished);
  if (place === undefined) return { size: await streamed(context, client, task, source) };
  const options = { signal, onProgress: (progress: DownloadProgress) => { display.progress(path, progress); } };
  // Under its name there is nothing but the whole file: what is asked for as CSV may come as a zip.
  const isCsv = extname(path).toLowerCase() === ".csv";
  const came = isCsv ? `${place}.download` : place;
  const saved = await saveTo(client, source, came, options);
  const bytes = isCsv ? await putAsCsv(task, came, place, saved.isZipped, signal) : saved.size;
  display.note(`${path}: ${size(bytes)}${noteOn(path, saved.isZipped)}`);
  return { path, size: bytes };
}

/** What came, as one CSV file under its name. Gives its size. */
async function putAsCsv(task: Task<string>, came: string, place: string, isZipped: boolean, signal: Context["signal"]): Promise<number> {
  const plain = `${place}.unpacked`;
  try {
    const read = rowsOf(task, came, signal);
    if (isZipped) await unpacked(read, plain);
    // Refuses a workbook.
    else await read.next().finally(() => read.return?.());
    await rename(isZipped ? plain : came, place);
    return (await stat(place)).size;
  } finally {
    await rm(plain, { force: true });
    await rm(came, { force: true });
  }
}

/** Where the name says something else than the file is. */
function noteOn(path: string, isZipped: boolean): string {
  const extension = extname(path).toLowerCase();
  if (isZipped) return extension === ".csv" ? ", unpacked" : extension === ".zip" ? "" : ", a zip";
  return extension === ".zip" ? ", no zip: HubSpot zips what is over 2 MB" : "";
}

/** To the standard output, where whoever reads it sees how far it is. */
async function streamed({ output, signal }: Context, client: ExportClient, task: Task<string>, source: ExportTask): Promise<number> {
  const { body, isZipped } = await download(client, source, { signal });
  let written = 0;
  const write = async (part: Uint8Array) => {
    written += part.length;
    await output.bytes(part);
  };
  if (isZipped) {
    await body.cancel();
    await writeCsv(rows(client, task, { signal, header: false }), write);
    return written;
  }
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !value) return written;
      await write(value);
    }
  } finally {
    await reader.cancel();
  }
}

/** The rows of an export's file that lies on the disk, zipped or not. */
function rowsOf({ id, family }: Task<string>, path: string, signal: Context["signal"]): AsyncIterableIterator<string[]> {
  const fetch = async () => {
    const { size: length } = await stat(path);
    return { status: 200, headers: { "content-length": String(length) }, body: Readable.toWeb(createReadStream(path)) };
  };
  const wait = () => Promise.resolve({ result: "https://localhost/file" }) as unknown as ReturnType<Task<string>["wait"]>;
  return rows({ exports: {} } as unknown as ExportClient, { id, family, wait }, { fetch, header: false, signal });
}

async function unpacked(all: AsyncIterable<readonly string[]>, path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    await writeCsv(all, (part) => file.writeFile(part));
    await file.sync();
  } finally {
    await file.close();
  }
}

const AT_ONCE = 2 ** 16;

/** One header: the other files of a zip have the same one again. */
async function writeCsv(all: AsyncIterable<readonly string[]>, write: (part: Uint8Array) => Promise<void>): Promise<void> {
  const encoder = new TextEncoder();
  let header: string | undefined;
  let waiting = "";
  for await (const row of all) {
    const line = `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\n`;
    if (line === header) continue;
    header ??= line;
    waiting += line;
    if (waiting.length < AT_ONCE) continue;
    await write(encoder.encode(waiting));
    waiting = "";
  }
  if (waiting !== "") await write(encoder.encode(waiting));
}
