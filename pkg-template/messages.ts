// A text of others' as a message may hold it: short, without the tokens, without a result, without URLs.

/** So much of a text enters a message, in characters. */
const LONGEST = 200;

/**
 * What may not enter a message: an export's URL needs no token. In JSON within JSON another quote than `"` follows its
 * name.
 */
const RESULT = '"result';

/** A shorter token is somebody's test's: its letters are those of other words, too. */
const SHORTEST_TOKEN = 8;

/** A pattern for a text as it is, in JSON's escapes (those of JSON within JSON, too), and in percent-escapes. */
const escaped = (text: string): string =>
  Array.from(text, (character) => {
    const hex = character.charCodeAt(0).toString(16).padStart(4, "0");
    const percent = character < "\u0080" ? `%(?:25)*${hex.slice(2)}` : encodeURIComponent(character);
    // So few backslashes at most, since a server can send any number of them.
    return `\\\\{0,8}(?:\\u${hex}|u${hex}|${percent})`;
  }).join("");

/** Any may be an export's result, in a body that is no JSON, or has it in another place. */
const urls = () => new RegExp(`https?${escaped("://")}[^\\s"'<>]*`, "gi");

/** A secret in each of its forms, after what comes before it. */
function patternOf(secret: string): RegExp {
  const [before, after] = secret.length < SHORTEST_TOKEN ? ["^|\\W", "(?!\\w)"] : ["", ""];
  return new RegExp(`(${before})${escaped(secret)}${after}`, "gi");
}

/** What may enter no message: the longest first, since one may begin as another does. */
export type Secrets = readonly string[];

/**
 * The secrets of an `Authorization` header, after those that went before it in the same flight: what follows the scheme,
 * as a whole, and each credential and parameter in it.
 */
export function secretsIn(authorization: string, earlier: Secrets = []): Secrets {
  const credentials = authorization.replace(/^\S+\s+/, "");
  // Between them: white space, commas, quotes, and the names of parameters. (At the end of base64 there is a = as well.)
  const parts = credentials.split(/[\s,"]+|[\w-]+=(?=[^=])/);
  return [credentials, ...parts, ...earlier].filter(Boolean).sort((one, other) => other.length - one.length);
}

/** The beginning of a text; undefined where it is no text. */
export function quoted(text: string, secrets: Secrets): string;
export function quoted(text: unknown, secrets: Secrets): string | undefined;
export function quoted(text: unknown, secrets: Secrets): string | undefined {
  if (typeof text !== "string") return undefined;
  const masked = secrets.reduce((rest, secret) => rest.replace(patternOf(secret), "$1[token]"), text);
  const clean = masked.replace(urls(), "[url]");
  const place = clean.indexOf(RESULT);
  const end = place < 0 ? LONGEST : Math.min(place, LONGEST);
  // Without half a character at its end.
  return clean.slice(0, end).replace(/[\ud800-\udbff]$/, "") + (clean.length > end ? "…" : "");
}
