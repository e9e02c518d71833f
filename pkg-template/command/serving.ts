// What both servers do: the address is the first line on the standard output, and they serve until they are ended.
import type { Server } from "node:http";
import type { Context } from "./context.js";
import { CommandError, OTHER, type Interrupted } from "./exit.js";

/** As it stands in an address. */
const inUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

export async function listening(context: Context, server: Server, port: number, host: string, path: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => { reject(cannotListen(error)); });
    server.listen(port, host, resolve);
  });
  const close = () => new Promise<void>((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return serving(context, `http://${inUrl(host)}:${server.address().port}${path}`, close);
}

export async function serving({ output, display, signal }: Context, url: string, close: () => Promise<void>): Promise<number> {
  output.line(url);
  display.note("Ctrl-C ends it");
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => { resolve(); });
  });
  await close();
  return (signal.reason as Interrupted).status;
}

export const cannotListen = (error: Error): CommandError => new CommandError(OTHER, `cannot listen: ${error.message}`);
