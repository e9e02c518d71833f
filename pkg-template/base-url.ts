// The option `baseUrl`: checked, and resolved where it is relative.
import { Refusal, attempt, refusalOfKind, refused } from "./values.js";

const TAKES = "an http or https URL without user, query and hash, or a relative one in a page";
const SAFE_TAKES = "an https URL, or one of this machine, since a token goes there";

/** Such a URL, by its protocol and its host. A bare ? or # counts, too, and an empty address takes the page's own. */
const FITS = /^(https?):\/\/([^/?#@]+)(\/[^?#]*)?$/;

/** One machine's own hosts, everywhere. */
const LOOPBACK = /^(127\.[\d.]*|localhost|\[::1\])(:\d+)?$/;

/**
 * Browsers never look such a name up, so that it is their own machine's. Elsewhere the system's resolver is asked for it,
 * and what answers there may be any machine. A browser is taken to be where a relative address can be resolved.
 */
const LOOPBACK_OF_BROWSERS = /\.localhost(:\d+)?$/;

/** The end of what HubSpot names as a task's `links.status`. */
export const STATUS_PATH = /(^|\/)tasks\/[^/]+\/status\/?$/;

export function readBaseUrl(given: unknown): string {
  if (typeof given !== "string") throw refusalOfKind("baseUrl", given, TAKES);
  return given;
}

/** Where the API answers, without a slash at its end. */
export type Address = () => string;

/**
 * Refuses what is no such URL, and one to which no token may go. A relative one is resolved when it is asked for: a client
 * may be made on a server for a page, and there is nothing to resolve it.
 */
export function addressOf(given: string, hasSecret: boolean): Address {
  let known: string | undefined;
  const address = () => (known ??= resolved(given, hasSecret));
  const isAbsolute = /^\s*[A-Za-z][\w+.-]*:/.test(given);
  if (isAbsolute) address();
  return address;
}

/** What a relative address is resolved on: the document's, else the worker's own. */
const page = () => attempt(() => globalThis.document?.baseURI) ?? attempt(() => globalThis.location?.href);

function resolved(given: string, hasSecret: boolean): string {
  const base = page();
  const href = attempt(() => new URL(given, base).href) ?? "";
  const [, protocol, host = ""] = FITS.exec(href) ?? [];
  if (!protocol && attempt(() => new URL("http://a").href)) throw refused("baseUrl", "no such URL", TAKES);
  if (!protocol) throw new Refusal("baseUrl: this host has no URL that works: load a polyfill of it");
  if (STATUS_PATH.test(href)) {
    throw refused("baseUrl", "the address of a task's status", "what stands before the path in it: task() takes the id");
  }
  // A token goes over https, or not over the network at all.
  const isSafe = protocol === "https" || LOOPBACK.test(host) || (base !== undefined && LOOPBACK_OF_BROWSERS.test(host));
  if (hasSecret && !isSafe) throw refused("baseUrl", "an unencrypted URL", SAFE_TAKES);
  return href.replace(/\/+$/, "");
}
