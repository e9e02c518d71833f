// What an answer's status line and headers say of a file: which bytes of how many, and of which version of it.
import { headerOf, httpDate, retryAfter } from "../headers.js";
import { attempt, count, fieldsOf, known } from "../values.js";
import { invalid } from "./fault.js";

export interface Head {
  readonly status: number;
  /** Where in the file its first byte is. NaN where that cannot be told. */
  readonly offset: number;
  /** How many bytes the whole file has. */
  readonly totalBytes?: number;
  /** Where in the file the bytes end that are to come with this answer. */
  readonly end?: number;
  /** What tells two versions of the file apart: a strong ETag, and when it was changed. */
  readonly etag?: string;
  readonly lastModified?: string;
  readonly contentType?: string;
  readonly disposition?: string;
  /** Whether its bytes are compressed on their way, so that places in it are not those in the file. */
  readonly isEncoded: boolean;
  readonly retryAfterMs?: number;
}

/** `{ start, last, total }` of `bytes 5-9/10`; the total is not always known. */
function contentRange(text: string | undefined) {
  const [, start, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(text ?? "") ?? [];
  return { start: Number(start), last: Number(last), total };
}

/** What is no number of bytes says nothing. */
function bytesIn(text: string | undefined): number | undefined {
  const bytes = count(text);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/**
 * Whether all headers can be seen: a page sees few of another origin's, and not whether what it reads was compressed. Then a
 * Content-Length says nothing of the file. A URL of its own origin may lead to another one's, and to a page in a sandbox all are
 * others: the answer's type tells.
 */
const seesAll = (url: string, type: unknown): boolean => {
  const origin = attempt(() => globalThis.location?.origin);
  return origin === undefined || (type !== "cors" && url.startsWith(`${origin}/`));
};

export function headOf(response: unknown, url: string, nowMs: number): Head {
  const given = fieldsOf(response);
  const { headers } = given;
  const header = (name: string) => headerOf(headers, name);
  const status = Number(given.status ?? given.statusCode);
  if (!(status >= 0)) throw invalid("fetch gave something that is no response");
  const serverTimeMs = httpDate(header("date"));
  const isEncoded = !["", "identity"].includes(header("content-encoding") ?? "");
  const etag = header("etag");
  const range = contentRange(header("content-range"));
  const length = isEncoded || !seesAll(url, given.type) ? undefined : header("content-length");
  const totalBytes = bytesIn(status === 206 ? range.total : length);
  return {
    status,
    isEncoded,
    offset: status === 206 ? range.start : 0,
    ...known({
      totalBytes,
      end: status === 206 ? range.last + 1 : totalBytes,
      etag: etag?.startsWith('"') ? etag : undefined,
      lastModified: header("last-modified"),
      contentType: header("content-type"),
      disposition: header("content-disposition"),
      retryAfterMs: retryAfter(header("retry-after"), serverTimeMs >= 0 ? serverTimeMs : nowMs),
    }),
  };
}

/** Whether they are certainly of one version of the file. */
export const isSameVersion = (one: Version, other: Version): boolean =>
  one.etag !== undefined && other.etag !== undefined
    ? one.etag === other.etag
    : one.lastModified !== undefined && one.lastModified === other.lastModified;

export type Version = Pick<Head, "etag" | "lastModified" | "totalBytes">;
