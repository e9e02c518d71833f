// What to call the file: by its server's word, by its URL, or by its task; never with a folder in it.
import { attempt } from "../values.js";

/** The value of `filename*` or else `filename` in a Content-Disposition (RFC 6266, RFC 8187). */
function nameIn(disposition: string): string | undefined {
  const parameters = new Map<string, string>();
  for (const [, name = "", value = ""] of disposition.matchAll(/;\s*([\w!#$%&+^`|~.*-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)/g)) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value);
  }
  const [, charset = "", encoded = ""] = /^([\w-]+)'[^']*'(.*)$/.exec(parameters.get("filename*") ?? "") ?? [];
  const extended = /^utf-8$/i.test(charset) ? attempt(() => decodeURIComponent(encoded)) : undefined;
  const plain = parameters.get("filename");
  return extended ?? (plain === undefined ? undefined : fromUtf8(plain));
}

/** Headers come with a character for each byte; servers that know no better write UTF-8 into them. */
const fromUtf8 = (text: string): string =>
  (/^[\0-\u00ff]*$/.test(text) && attempt(() => decodeURIComponent(escape(text)))) || text;

/** Each byte beyond ASCII, and the percent sign, as its percent-escape. */
const escape = (text: string): string =>
  text.replace(/[%\u0080-\u00ff]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** The last part of a URL's path, where it looks like a file's name. */
function nameInUrl(url: string): string | undefined {
  const name = attempt(() => decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? ""));
  return name !== undefined && /\.\w{1,8}$/.test(name) ? name : undefined;
}

/** File systems take 255 bytes, in UTF-8, and something may be added to the name. */
const LONGEST = 210;

/** What of a text, from its beginning, is no more than so many bytes. */
function shortened(text: string, bytes: number): string {
  let [short, left] = ["", bytes];
  for (const character of text) {
    left -= encodeURIComponent(character).replace(/%../g, "_").length;
    if (left < 0) break;
    short += character;
  }
  return short;
}

/** As a file's name on every system: no folder, no control character, nothing that turns the writing around. */
function safe(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const clean = last
    .replace(/[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu, "")
    .replace(/[<>:"|?*]/g, "_")
    .replace(/^[\s.]+|[\s.]+$/g, "");
  const [extension = ""] = /\.\w{1,8}$/.exec(clean) ?? [];
  const stem = shortened(clean.slice(0, clean.length - extension.length), LONGEST - extension.length);
  const named = stem.replace(/[\s.]+$/, "") + extension;
  // Windows takes these for devices.
  return /^(con|prn|aux|nul|(com|lpt)[\d¹²³]|conin\$|conout\$)\s*(\.|$)/i.test(named) ? `_${named}` : named;
}

/** The first of them that is one. */
export function fileNameOf(disposition: string | undefined, url: string, otherwise: string): string {
  for (const name of [disposition && nameIn(disposition), nameInUrl(url)]) {
    const found = name ? safe(name) : "";
    if (found) return found;
  }
  return safe(otherwise);
}
