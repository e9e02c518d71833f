// Headers: those of the option, checked and merged; those of an answer, read.
import { attempt, count, fieldsOf, has, isSome, kind, reading, refusalOfKind, refused } from "./values.js";

const TAKES = "a plain object of strings";

/** The caller's headers, by lower-case name: those that differ in case alone are one. */
export function readHeaders(object: unknown): Record<string, string> {
  const given = reading("headers", () => pairs(object));
  if (!given) throw refusalOfKind("headers", object, TAKES);
  const merged = new Map<string, string>();
  for (const [name, value] of given) {
    const [key, text] = [name.toLowerCase(), headerValue(name, value).trim()];
    const before = merged.get(key);
    merged.set(key, before === undefined ? text : `${before}, ${text}`);
  }
  return Object.fromEntries(merged);
}

/** The fields of a plain object, without those that have none; undefined for what is no such object. */
function pairs(object: unknown): [name: string, value: unknown][] | undefined {
  if (typeof object !== "object" || object === null || isSome((object as Partial<Iterable<unknown>>)[Symbol.iterator])) {
    return undefined;
  }
  return Object.entries(object).filter(([, value]) => isSome(value));
}

/** A header's value, if it can be sent by that name. */
function headerValue(name: string, value: unknown): string {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
    throw refused(`headers: ${name}`, "that name", "a name of letters, digits and dashes");
  }
  if (typeof value !== "string") throw refused(`headers.${name}`, kind(value), "a string");
  if (!isHeaderValue(value)) {
    const takes = "characters up to U+00FF, without control characters";
    throw refused(`headers.${name}`, "a value that no header can carry", takes);
  }
  return value;
}

/** Whether a header can carry it: bytes, and no control character but the tab. Node refuses others when it sends. */
export const isHeaderValue = (value: string): boolean => !/[^\t -~\u0080-\u00ff]/.test(value);

/** A header that cannot be read, or is no text, is as good as absent. */
export function headerOf(headers: unknown, name: string): string | undefined {
  const value = attempt(() => {
    const own = fieldsOf(headers);
    if (has(own, "get")) return own.get(name);
    return Object.entries(own).find(([key]) => key.toLowerCase() === name)?.[1];
  });
  return typeof value === "string" ? value : undefined;
}

/** A date of a header; NaN for what is none. The oldest form, "Sun Nov  6 08:49:37 1994", does not say that it is GMT. */
export function httpDate(text = ""): number {
  const date = text.replace(/^\w{3} \w{3} .*\d{4}$/, "$& GMT");
  // Date.parse takes much that is none, and some of it by the host's own time zone.
  return /^\s*[A-Za-z].* GMT\s*$/.test(date) ? Date.parse(date) : NaN;
}

/** The span that `Retry-After` asks for, in seconds or until a date; NaN for none. */
export function retryAfter(text: string | undefined, nowMs: number): number {
  const seconds = count(text);
  // The highest number of seconds is a time beyond all waiting.
  if (seconds >= 0) return Math.min(seconds, 2 ** 32 - 1) * 1000;
  const dateMs = httpDate(text);
  return dateMs >= 0 ? Math.max(0, dateMs - nowMs) : NaN;
}
