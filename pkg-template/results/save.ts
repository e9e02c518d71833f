// saveTo(), in Node: an export's file into a file, which is whole or not there.
//
// Beside it stand PATH.part, what came so far, and PATH.part.json, of which file that is. A part is gone on with where both
// agree, and where the server says that it still has that very file; else it is begun anew.
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
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
    await assertPath(path);
    const place = resolve(path);
    if (busy.has(place)) throw refused("path", "one that another saveTo() is writing", "another one");
    busy.add(place);
    try {
      return await savedBy(source, given, path);
    } finally {
      busy.delete(place);
    }
  });
}

/** Two that write one file would mix it up. */
const busy = new Set<string>();

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

async function assertPath(path: unknown): Promise<void> {
  const isText = typeof path === "string" && path !== "" && !path.includes("\0");
  const found = isText ? await stat(path).catch(() => undefined) : undefined;
  const folder = isText ? await stat(dirname(path)).catch(() => undefined) : undefined;
  if (!isText) throw refusal("path", path, "the path of a file");
  if (found?.isDirectory()) throw refused("path", "a folder", "the path of a file in it");
  if (!folder?.isDirectory()) throw refused("path", "one in a folder that is not there", "the path of a file in one that is");
}

/** By what came before where the server still has that, else from the beginning. */
async function savedBy(source: Source, given: DownloadGiven, path: string): Promise<Saved> {
  const part = await open(`${path}.part`, (await exists(`${path}.part`)) ? "r+" : "w+");
  try {
    const before = await receivedBefore(source, path, part);
    const receiver = new Receiver(source, given, before);
    try {
      return await saved(source, receiver, path, part);
    } catch (thrown) {
      // What came of another version of the file is of no use.
      if (!before || !receiver.hasChanged) throw thrown;
      return await saved(source, new Receiver(source, given), path, part);
    }
  } finally {
    await part.close().catch(() => undefined);
  }
}

async function saved(source: Source, receiver: Receiver, path: string, part: FileHandle): Promise<Saved> {
  const resumedFrom = receiver.bytes;
  let safe = receiver.bytes;
  const makeSafe = async () => {
    if (receiver.bytes === safe) return;
    await part.datasync();
    await note(path, source, receiver);
    safe = receiver.bytes;
  };
  await part.truncate(receiver.bytes);
  try {
    for (;;) {
      const at = receiver.bytes;
      const bytes = await receiver.next();
      if (!bytes) break;
      await writeAll(part, bytes, at);
      if (receiver.bytes - safe >= SAFE_EVERY) await makeSafe();
    }
  } catch (thrown) {
    receiver.close();
    // What it broke off for is what is told.
    await (receiver.bytes > 0 ? makeSafe() : forget(path)).catch(() => undefined);
    throw thrown;
  }
  await part.sync();
  const beginning = new Uint8Array(Math.min(BEGINNING, receiver.bytes));
  await part.read(beginning, 0, beginning.length, 0);
  await part.close();
  await rename(`${path}.part`, path);
  await rm(`${path}.part.json`, { force: true });
  const { bytes: size, fileName, head } = receiver;
  return {
    path,
    size,
    fileName,
    isZipped: kindOf(beginning) === "zip",
    resumedFrom,
    ...known({ contentType: head?.contentType }),
  };
}

async function forget(path: string): Promise<void> {
  await rm(`${path}.part`, { force: true });
  await rm(`${path}.part.json`, { force: true });
}

async function writeAll(part: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await part.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/** What PATH.part.json says: whose file it is, and how far it is safe. Neither a URL nor a token. */
async function note(path: string, { family, id }: Source, { bytes, crc, version }: Receiver): Promise<void> {
  const draft = `${path}.part.json.new`;
  await writeFile(draft, JSON.stringify({ family, id, bytes, crc, ...version }));
  await rename(draft, `${path}.part.json`);
}

const TEXT: Takes<string> = ["a string", (value) => (typeof value === "string" ? value : undefined)];
const COUNT: Takes<number> = ["a whole number", (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined)];
const NOTE = { family: TEXT, id: TEXT, bytes: COUNT, crc: COUNT, totalBytes: COUNT, etag: TEXT, lastModified: TEXT };

/** What of this file came before, and is still there as it was. */
async function receivedBefore(source: Source, path: string, part: FileHandle): Promise<Received | undefined> {
  const text = await readFile(`${path}.part.json`, "utf8").catch(() => "");
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
