// Gets an export's file, part by part, each byte once and in its order, over as many connections and URLs as it takes.
import { type ErrorFields, isHubSpotTaskError, taskError } from "../error.js";
import { known } from "../values.js";
import { type Connection, connect } from "./connection.js";
import { crc32 } from "./crc.js";
import { fileNameOf } from "./file-name.js";
import { Fault, cut, invalid } from "./fault.js";
import type { DownloadGiven, Source } from "./given.js";
import { type Head, type Version, isSameVersion } from "./head.js";
import { Interrupt } from "./interrupt.js";

/** How often it begins anew without a byte more than before; and where nothing has ever answered. */
const MOST_FAILURES = 5;
const MOST_UNANSWERED = 2;
/** A new URL that is refused is followed by one more. */
const MOST_REFUSED_URLS = 2;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** What came so far, of which version of the file. */
export interface Received extends Version {
  readonly bytes: number;
  readonly crc: number;
}

export class Receiver {
  /** So many bytes were given out, and their checksum. */
  bytes: number;
  crc: number;
  /** Whether it ended since the file is no more what it was. */
  hasChanged = false;
  /** Of the first good answer. */
  head: Head | undefined;
  /** Its URL, which is a secret. */
  #url: string | undefined;
  #hasServed = false;
  readonly #source: Source;
  readonly #given: DownloadGiven;
  readonly #interrupt: Interrupt;
  /** Of the bytes that were given out. */
  #version: Version;
  /** Of what is read once more, while it is compared: only then it is known to be the same file. */
  #versionAgain: Version | undefined;
  #connection: Connection | undefined;
  /** Where in the file the connection's next byte is. */
  #at = 0;
  /** The checksum of what is read once more. */
  #crcAgain = 0;
  #takesRanges = true;
  #wasAnswered = false;
  #failures = 0;
  #refusedUrls = 0;

  /** Goes on after what came before. */
  constructor(source: Source, given: DownloadGiven, before?: Received) {
    this.#source = source;
    this.#given = given;
    this.bytes = before?.bytes ?? 0;
    this.crc = before?.crc ?? 0;
    this.#version = before ?? {};
    this.#interrupt = new Interrupt(given.clock, given.signal);
  }

  get totalBytes(): number | undefined {
    return this.#version.totalBytes;
  }

  get version(): Version {
    return this.#version;
  }

  /** What to call the file. */
  get fileName(): string {
    const { family, id } = this.#source;
    return fileNameOf(this.head?.disposition, this.#url ?? "", `${family}-${id}`);
  }

  /** Nothing more is wanted. */
  close(): void {
    this.#interrupt.end();
    this.#drop();
  }

  /** Throws the signal's reason once it is aborted. */
  check(): void {
    this.#interrupt.check();
  }

  /** The next bytes, at least one; undefined at the end of the file. Rejects for good. */
  async next(): Promise<Uint8Array | undefined> {
    try {
      const part = await this.#next();
      if (part === undefined) this.close();
      else this.#given.onProgress?.({ receivedBytes: this.bytes, ...known({ totalBytes: this.totalBytes }) });
      return part;
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  async #next(): Promise<Uint8Array | undefined> {
    for (;;) {
      this.check();
      try {
        this.#connection ??= await this.#connected();
        if (this.#isWhole) return undefined;
        const part = await this.#connection.read();
        if (part) {
          const fresh = this.#taken(part);
          if (fresh.length > 0) return fresh;
        } else {
          this.#assertWhole();
          return undefined;
        }
      } catch (thrown) {
        this.#drop();
        await this.#recover(thrown);
      }
    }
  }

  get #isWhole(): boolean {
    return this.bytes === this.totalBytes && this.#at === this.bytes;
  }

  /** A connection whose answer fits what came before. */
  async #connected(): Promise<Connection> {
    const url = (this.#url ??= await this.#freshUrl());
    const { etag, lastModified } = this.version;
    const from = this.#takesRanges && (etag ?? lastModified) !== undefined ? this.bytes : 0;
    const connection = await connect(url, from, this.#given, this.#interrupt);
    this.#wasAnswered = true;
    try {
      this.#check(connection.head, from);
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
    const { head } = connection;
    this.#hasServed = true;
    this.#refusedUrls = 0;
    if (head.isEncoded) this.#takesRanges = false;
    this.head ??= head;
    this.#at = head.offset;
    this.#crcAgain = 0;
    this.#versionAgain = head;
    if (this.#at === this.bytes) this.#isSame();
    return connection;
  }

  async #freshUrl(): Promise<string> {
    this.#hasServed = false;
    const { signal } = this.#given;
    const { result } = await this.#source.wait(known({ signal }));
    if (typeof result === "string" && /^https?:\/\//i.test(result)) return result;
    throw new Fault("lasts", { code: "INVALID_ARGUMENT", message: "its result is no URL: takes an export" });
  }

  #check(head: Head, from: number): void {
    const { status: httpStatus, totalBytes } = head;
    if (httpStatus === 200) {
      if (/^text\/html\b/i.test(head.contentType ?? "")) throw invalid("a page of HTML came in the place of the file");
      if (totalBytes !== undefined && this.totalBytes !== undefined && totalBytes !== this.totalBytes) throw this.#changed();
      return;
    }
    if (httpStatus === 206 && from > 0 && head.offset === from && this.#fits(head)) return;
    if (httpStatus === 206 || httpStatus === 416) {
      this.#takesRanges = false;
      throw invalid("the file's server did not give the part that was asked for", "passes");
    }
    const isPassing = httpStatus >= 500 || [408, 423, 425, 429].includes(httpStatus);
    throw new Fault(isPassing ? "passes" : httpStatus >= 400 ? "refused" : "lasts", {
      code: httpStatus === 429 ? "RATE_LIMITED" : "HTTP",
      message: `the file's server answered ${httpStatus}`,
      httpStatus,
      retryAfterMs: head.retryAfterMs,
    });
  }

  /** What comes from here on belongs to what was given out. */
  #isSame(): void {
    const { totalBytes } = this;
    const { etag, lastModified, totalBytes: total = totalBytes } = this.#versionAgain ?? {};
    this.#version = known({ etag, lastModified, totalBytes: total });
  }

  #fits(head: Head): boolean {
    const { totalBytes } = this;
    return isSameVersion(head, this.version) && (totalBytes ?? head.totalBytes) === head.totalBytes;
  }

  /** What of a part is new. What is read once more has to be what was given out. */
  #taken(part: Uint8Array): Uint8Array {
    const again = part.subarray(0, Math.max(0, this.bytes - this.#at));
    const fresh = part.subarray(again.length);
    this.#crcAgain = crc32(this.#crcAgain, again);
    this.#at += part.length;
    if (again.length > 0 && this.#at >= this.bytes) {
      if (this.#crcAgain !== this.crc) throw this.#changed();
      this.#isSame();
    }
    if (this.#at > (this.totalBytes ?? Infinity)) throw invalid("more bytes came than the file has");
    if (fresh.length > 0) this.#failures = 0;
    this.bytes += fresh.length;
    this.crc = crc32(this.crc, fresh);
    return fresh;
  }

  /** The connection's end is the file's, unless bytes are missing: of what was to come by it, or of what is known to be there. */
  #assertWhole(): void {
    const { end = 0, totalBytes = this.totalBytes ?? 0 }: Partial<Head> = this.#connection?.head ?? {};
    if (this.#at < Math.max(end, totalBytes)) throw cut("the connection broke");
    if (this.#at < this.bytes) throw this.#changed();
  }

  #changed(): Fault {
    this.hasChanged = true;
    return invalid("the file changed meanwhile. Begin anew");
  }

  #drop(): void {
    this.#interrupt.onAbort = undefined;
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Returns when the next attempt is due; throws where there is to be none. */
  async #recover(thrown: unknown): Promise<void> {
    this.check();
    if (isHubSpotTaskError(thrown)) throw this.bytes > 0 ? this.#error(Object.assign({}, thrown, { message: thrown.message, cause: thrown })) : thrown;
    if (!(thrown instanceof Fault)) throw thrown;
    const { prospect, fields } = thrown;
    const { retryAfterMs = 0 } = fields;
    const isDead = prospect === "refused";
    if (isDead) this.#url = undefined;
    // It lives for five minutes: one that was good is followed by a new one at once.
    if (isDead && this.#hasServed) return;
    if (isDead) {
      this.#refusedUrls++;
      this.#takesRanges = false;
    }
    const most = this.#wasAnswered ? MOST_FAILURES : MOST_UNANSWERED;
    const isHopeless = prospect === "lasts" || this.#refusedUrls >= MOST_REFUSED_URLS || retryAfterMs > LONGEST_PAUSE_MS;
    if (isHopeless || this.#failures >= most) throw this.#error(fields);
    await this.#interrupt.pause(Math.max(retryAfterMs, FIRST_PAUSE_MS * 2 ** this.#failures++));
  }

  #error({ message, ...fields }: ErrorFields): Error {
    const { family, id: taskId } = this.#source;
    const of = this.totalBytes === undefined ? "" : ` of ${this.totalBytes}`;
    return taskError({
      ...fields,
      message: `${family} ${taskId}: the download broke off after ${this.bytes}${of} bytes: ${message}`,
      family: family,
      taskId,
    });
  }
}
