// The option `baseUrl`, checked.
import { attempt, refusalOfKind, refused } from "./values.js";

/** Where the API answers, and whether a token may be sent there: over https, or not over the network at all. */
export interface BaseUrl {
  readonly address: string;
  readonly isSafe: boolean;
}

const TAKES = "an http or https URL without user, query and hash, or a relative one where a page resolves it";

/** Such a URL, by its protocol and its host. A bare ? or # counts, too, and an empty address takes the page's own. */
const FITS = /^(https?):\/\/([^/?#@]+)(\/[^?#]*)?$/;

/** The hosts of one machine's own. */
const LOOPBACK = /^(127\.[\d.]*|(.*\.)?localhost|\[::1\])(:\d+)?$/;

export function readBaseUrl(address: unknown): BaseUrl {
  if (typeof address !== "string") throw refusalOfKind("baseUrl", address, TAKES);
  // A relative address is resolved against the document, else against the worker's own.
  const base = attempt(() => globalThis.document?.baseURI) ?? attempt(() => globalThis.location?.href);
  const href = attempt(() => new URL(address, base).href) ?? "";
  const [, protocol, host = ""] = FITS.exec(href) ?? [];
  if (!protocol) throw refused("baseUrl", "no such URL", TAKES);
  return { address: href, isSafe: protocol === "https" || LOOPBACK.test(host) };
}
