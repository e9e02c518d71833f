// A server's text as a message may hold it: short, without the token, without a result.

/** So much of a text enters a message, in characters. */
const LONGEST = 200;

/**
 * What may not enter a message: an export's URL needs no token. In JSON within JSON another quote than `"` follows its
 * name.
 */
const RESULT = '"result';

/** The beginning of a text; undefined where it is no text. The secret is the token that was sent. */
export function quoted(text: string, secret: string | undefined): string;
export function quoted(text: unknown, secret: string | undefined): string | undefined;
export function quoted(text: unknown, secret: string | undefined): string | undefined {
  if (typeof text !== "string") return undefined;
  const clean = secret ? text.replaceAll(secret, "[token]") : text;
  const place = clean.indexOf(RESULT);
  const end = place < 0 ? LONGEST : Math.min(place, LONGEST);
  return clean.slice(0, end) + (clean.length > end ? "…" : "");
}
