// The simulator for Node: all of simulator.ts, and a server for clients that need a port.
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { ServeOptions, ServedSimulator, SimulatorServer } from "./simulator.js";
import { joined } from "./simulator/values.js";

export * from "./simulator.js";

/** In the place of the one that says that it needs Node. */
export function serveSimulator(simulator: ServedSimulator, options: ServeOptions = {}): Promise<SimulatorServer> {
  const { port = 0, host = "127.0.0.1" } = options;
  let url = "";
  const server = createServer((request, response) => void serve(simulator, url, request, response));

  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });

  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      url = `http://${host.includes(":") ? `[${host}]` : host}:${server.address().port}`;
      if (simulator.downloads) simulator.downloads.origin ??= url;
      resolve({ url, close });
    });
  });
}

async function serve(simulator: ServedSimulator, url: string, request: IncomingMessage, response: ServerResponse) {
  const hangUp = new AbortController();
  response.on("close", () => {
    hangUp.abort();
  });
  try {
    const { method, headers } = request;
    const sent = await bodyOf(request);
    const answer = await simulator.fetch(url + request.url, { method, headers, ...(sent && { body: sent }), signal: hangUp.signal });
    const { headers: headersOfAnswer, body } = answer as HostsResponse; // Node has a Response
    response.sendDate = false; // the date is the simulator's
    response.writeHead(answer.status, Object.fromEntries(headersOfAnswer)).flushHeaders();
    // Part by part, since it may break off.
    for await (const part of body ?? []) {
      await new Promise<void>((sent) => {
        response.write(part, sent);
      });
    }
    response.end();
  } catch {
    request.socket.destroy();
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  return parts.length > 0 ? joined(parts) : undefined;
}
