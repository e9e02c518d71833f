// Whom the tasks panel asks: the simulator in the page, or a server whose address is given (a proxy of the user's).

export type Connection = { readonly kind: "simulator" } | { readonly kind: "server"; readonly baseUrl: string; readonly token?: string };

export const SIMULATOR: Connection = { kind: "simulator" };

/** A token may be typed in for servers on this machine alone: elsewhere the proxy has it, and no page should. */
export function takesToken(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const { hostname } = new URL(baseUrl);
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
