// The option `baseUrl`, checked.
import { attempt, refusalOfKind, refused } from "./values.js";

/** Where the API answers, and whether a token may be sent there: over https, or not over the network at all. */
export interface BaseUrl {
  readonly address: string;
  readonly isSafe: boolean;
}

const TAKES = "an http or https URL without user, query and hash";

/** The hosts of one machine's own. */
const LOOPBACK = /^(127\.[\d.]*|(.*\.)?localhost|\[::1\])$/;

export function readBaseUrl(address: unknown): BaseUrl {
  if (typeof address !== "string") throw refusalOfKind("baseUrl", address, TAKES);
  const url = attempt(() => resolved(address));
  const got = url ? complaint(url) : "no URL, or a relative one that nothing here resolves";
  if (!url || got) throw refused("baseUrl", got ?? "no URL", TAKES);
  return { address: url.href, isSafe: url.protocol === "https:" || LOOPBACK.test(url.hostname) };
}

/** What is asked of a URL: a host may know no more. */
type Parts = Omit<HostUrl, "pathname">;

/** A relative address is resolved against the document, else against the worker's own. */
function resolved(address: string): Parts {
  const base = attempt(() => globalThis.document?.baseURI) ?? attempt(() => globalThis.location?.href);
  const { href, protocol, hostname, username, password } = new URL(address, base);
  return { href, protocol, hostname, username, password };
}

function complaint({ href, protocol, username, password }: Parts): string | undefined {
  if (protocol !== "https:" && protocol !== "http:") return "another protocol";
  if (username || password) return "a URL with a user in it";
  // Looked for in the whole: a bare ? or # is no part, and an empty address takes the page's own.
  if (/[?#]/.test(href)) return "a URL with a query or a hash";
  return undefined;
}
