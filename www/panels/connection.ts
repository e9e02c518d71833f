// Whom the tasks panel asks: the simulator in the page, or a server whose address is given (a proxy of the user's).

export type Connection = { readonly kind: "simulator" } | { readonly kind: "server"; readonly baseUrl: string };

export const SIMULATOR: Connection = { kind: "simulator" };

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** A token may be typed in for servers on this machine alone: elsewhere the proxy has it, and no page should. */
export const takesToken = (baseUrl: string): boolean => URL.canParse(baseUrl) && LOOPBACK.test(new URL(baseUrl).hostname);

/**
 * Why the page cannot ask a server at this address; undefined where it can.
 * - `bad`: it is no address, and no path of the page's own server
 * - `hubspot`: HubSpot's own API answers no page
 * - `insecure`: the page's policy lets it ask servers over https, and over http those of this machine
 */
export function refusalOf(baseUrl: string, page: string): "bad" | "hubspot" | "insecure" | undefined {
  const isPath = /^\.{0,2}\//.test(baseUrl);
  if (!isPath && !/^https?:\/\//i.test(baseUrl)) return "bad";
  if (!URL.canParse(baseUrl, page)) return "bad";
  const { protocol, hostname, origin, username, search, hash } = new URL(baseUrl, page);
  if (username !== "" || search !== "" || hash !== "") return "bad";
  if (/(?:^|\.)(?:hubapi|hubspot)\.com$/.test(hostname)) return "hubspot";
  // A policy has no way to name [::1].
  const isAllowed = protocol === "https:" || origin === new URL(page).origin || hostname === "localhost" || hostname === "127.0.0.1";
  return isAllowed ? undefined : "insecure";
}
