// `proxy`: for development, a proxy for pages on this machine. It lets in whoever asks for this machine, and nobody else can.
import { createServer } from "node:http";
import type { Context } from "../context.js";
import { isLoopback, noToken, sharedOptions } from "../client.js";
import { UsageError } from "../exit.js";
import { FAMILY_NAMES, familyOf } from "../families.js";
import { PORT } from "../readings.js";
import { listening } from "../serving.js";

const ALLOWED = ["start", "details", "download"] as const;

type Allowed = (typeof ALLOWED)[number];

function allowOf(names: readonly string[]): Allowed[] {
  return names.map((name) => {
    const found = ALLOWED.find((known) => known === name);
    if (!found) throw new UsageError(`--allow: takes ${ALLOWED.join(", ")}`);
    return found;
  });
}

export async function proxy(context: Context): Promise<number> {
  const { given } = context;
  const host = given.text("host") ?? "127.0.0.1";
  if (!isLoopback(host)) throw new UsageError("--host: takes 127.0.0.1, ::1 or localhost: who reaches the proxy uses your token");
  const { token, ...shared } = await sharedOptions(given);
  if (token === undefined) throw noToken();
  // Loaded here alone: it is as large as all the rest.
  const { createProxy, toNodeHandler } = await import("../../entries/proxy.js");
  const handler = createProxy({
    ...shared,
    token,
    families: given.list("families")?.map((typed) => familyOf(typed).name) ?? FAMILY_NAMES,
    allow: allowOf(given.list("allow") ?? []),
    origins: given.list("origins"),
    path: given.text("path"),
    // A page of another host whose name leads here asks by that name.
    authorize: ({ url }) => isLoopback(new URL(url).hostname),
  });
  return listening(context, createServer(toNodeHandler(handler)), given.read("port", PORT) ?? 0, host, given.text("path") ?? "");
}
