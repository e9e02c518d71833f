// saveTo(), in Node: an export's file into a file, which is whole or not there.
//
// Beside it stand PATH.part, what came so far, and PATH.part.json, of which file that is. A part is gone on with where both
// agree, and where the server says that it still has that very file; else it is begun anew.
//
// A rename puts a file in the place of whatever stands there: so a link is followed first, and what is no file is refused.
import { type FileHandle, lstat, open, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { promising } from "../error.js";
import { type Read, type Takes, attempt, fields, fieldsOf, known, refusal, refused } from "../values.js";
import { crc32 } from "./crc.js";
import { type DownloadGiven, type Source, readDownload, readSource } from "./given.js";
import { BEGINNING, kindOf } from "./kind.js";
import { type Received, Receiver } from "./receiver.js";
import type { DownloadOptions, ExportClient, ExportTask, Saved } from "./types.js";

/** After so many bytes what came is made safe, so that a process that is killed loses no more. */
const SAFE_EVERY = 2 ** 24;
const READ_AT_ONCE = 2 ** 20;

/** See saveTo in save.browser.ts, which documents it. */
export function saveTo(client: ExportClient, taskOrId: ExportTask, path: string, options?: DownloadOptions): Promise<Saved> {
  return promising(async () => {
    const [source, given] = [readSource(client, taskOrId), readDownload(options)];
    const place = await placeOf(path);
    if (busy.has(place)) throw refused("path", `${JSON.stringify(path)}, which another saveTo() is writing`, "another one");
    busy.add(place);
    try {
      return { path, ...(await savedBy(source, given, new Disk(source, path, place))) };
    } finally {
      busy.delete(place);
    }
  });
}

/** Two that write one file would mix it up. */
const busy = new Set<string>();

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

/** Where the file itself is or will be, whatever links lead there. */
async function placeOf(path: unknown): Promise<string> {
  const isText = typeof path === "string" && path !== "" && !path.includes("\0");
  if (!isText) throw refusal("path", path, "the path of a file");
  const [found, link, folder] = await Promise.all([stat(path), lstat(path), stat(dirname(path))].map((one) => one.catch(() => undefined)));
  const named = JSON.stringify(path);
  if (found?.isDirectory()) throw refused("path", `the folder ${named}`, "the path of a file in it");
  if (found && !found.isFile()) throw refused("path", `${named}, which is there and no file`, "the path of a file");
  if (link && !found) throw refused("path", `${named}, a link that leads to nothing`, "the path of a file");
  if (!folder?.isDirectory()) throw refused("path", `${named} in a folder that is not there`, "the path of a file in one that is");
  if (path.endsWith("/") || path.endsWith(sep)) throw refused("path", `${named}, a folder's`, "the path of a file");
  return found ? realpath(path) : join(await realpath(dirname(path)), basename(path));
}

/** What is done on the disk for one file. What fails there says for which file of which task. */
class Disk {
  readonly part: string;
  readonly note: string;
  /** Of the note, until it is whole. */
  readonly draft: string;

  constructor(
    readonly source: Source,
    /** As it was given. */
    readonly path: string,
    readonly place: string,
  ) {
    this.part = `${place}.part`;
    this.note = `${place}.part.json`;
    this.draft = `${place}.part.json.new`;
  }

  async do<Value>(act: () => Promise<Value>): Promise<Value> {
    try {
      return await act();
    } catch (cause) {
      const { family, id: taskId } = this.source;
      const { message, code } = cause as Error & { code?: unknown };
      throw Object.assign(new Error(`${family} ${taskId}: ${this.path}: ${message}`), { code, path: this.path, family, taskId, cause });
    }
  }

  /** Of what stands beside the file. */
  async forget(): Promise<void> {
    for (const path of [this.part, this.note, this.draft]) await rm(path, { force: true });
  }
}

/** By what came before where the server still has that, else from the beginning. */
async function savedBy(source: Source, given: DownloadGiven, disk: Disk): Promise<Omit<Saved, "path">> {
  const part = await disk.do(async () => open(disk.part, (await exists(disk.part)) ? "r+" : "w+"));
  try {
    const before = await disk.do(() => receivedBefore(disk, part));
    const receiver = new Receiver(source, given, before);
    try {
      return await saved(receiver, disk, part);
    } catch (thrown) {
      // What came of another version of the file is of no use.
      if (!before || !receiver.hasChanged) throw thrown;
      return await saved(new Receiver(source, given), disk, part);
    }
  } finally {
    await part.close().catch(() => undefined);
  }
}

async function saved(receiver: Receiver, disk: Disk, part: FileHandle): Promise<Omit<Saved, "path">> {
  const resumedFrom = receiver.bytes;
  let safe = receiver.bytes;
  const makeSafe = async () => {
    if (receiver.bytes === safe) return;
    await part.datasync();
    await note(disk, receiver);
    safe = receiver.bytes;
  };
  await disk.do(() => part.truncate(receiver.bytes));
  try {
    for (;;) {
      const at = receiver.bytes;
      const bytes = await receiver.next();
      if (!bytes) break;
      await disk.do(async () => {
        await writeAll(part, bytes, at);
        if (receiver.bytes - safe >= SAFE_EVERY) await makeSafe();
      });
    }
  } catch (thrown) {
    receiver.close();
    // What it broke off for is what is told.
    await (receiver.bytes > 0 ? makeSafe() : disk.forget()).catch(() => undefined);
    throw thrown;
  }
  const beginning = new Uint8Array(Math.min(BEGINNING, receiver.bytes));
  await disk.do(async () => {
    await part.sync();
    await part.read(beginning, 0, beginning.length, 0);
    await part.close();
    await rename(disk.part, disk.place);
    await disk.forget();
  });
  const { bytes: size, fileName, head } = receiver;
  return {
    size,
    fileName,
    isZipped: kindOf(beginning) === "zip",
    resumedFrom,
    ...known({ contentType: head?.contentType }),
  };
}

async function writeAll(part: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await part.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/** What PATH.part.json says: whose file it is, and how far it is safe. Neither a URL nor a token. */
async function note({ source: { family, id }, draft, note: path }: Disk, { bytes, crc, version }: Receiver): Promise<void> {
  try {
    await writeFile(draft, JSON.stringify({ family, id, bytes, crc, ...version }));
    await rename(draft, path);
  } catch (error) {
    // A disk that is full has it, and nothing in it.
    await rm(draft, { force: true });
    throw error;
  }
}

const TEXT: Takes<string> = ["a string", (value) => (typeof value === "string" ? value : undefined)];
const COUNT: Takes<number> = ["a whole number", (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined)];
const NOTE = { family: TEXT, id: TEXT, bytes: COUNT, crc: COUNT, totalBytes: COUNT, etag: TEXT, lastModified: TEXT };

/** What of this file came before, and is still there as it was. */
async function receivedBefore({ source, note: path }: Disk, part: FileHandle): Promise<Received | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  const noted: Read<typeof NOTE> | undefined = attempt(() => fields(fieldsOf(JSON.parse(text)), NOTE));
  if (noted?.family !== source.family || noted.id !== source.id) return undefined;
  const { bytes = 0, crc = 0, totalBytes, etag, lastModified } = noted;
  // The last byte at least is to be asked for: its answer says whether the file is still the same.
  if (bytes === 0 || bytes >= (totalBytes ?? Infinity)) return undefined;
  return (await checksum(part, bytes)) === crc ? { bytes, crc, ...known({ totalBytes, etag, lastModified }) } : undefined;
}

/** Of the first bytes; undefined where there are fewer. */
async function checksum(part: FileHandle, length: number): Promise<number | undefined> {
  const buffer = new Uint8Array(Math.min(length, READ_AT_ONCE));
  let crc = 0;
  for (let at = 0; at < length; ) {
    const { bytesRead } = await part.read(buffer, 0, Math.min(buffer.length, length - at), at);
    if (bytesRead === 0) return undefined;
    crc = crc32(crc, buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return crc;
}
