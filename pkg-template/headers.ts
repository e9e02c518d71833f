// The option `headers`, checked and merged.
import { isSome, kind, reading, refusalOfKind, refused } from "./values.js";

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
