// The simulator for Node: all of simulator.ts, and a server for clients that need a port.
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { Simulator } from "./simulator.js";

export * from "./simulator.js";

/** Options of {@link serveSimulator}. */
export interface ServeOptions {
  /** 0, the default, takes any free port. */
  port?: number | undefined;
  /** The address to listen on: 127.0.0.1 unless given. */
  host?: string | undefined;
}

/** A simulator that listens on a port. */
export interface SimulatorServer {
  /** Without a slash at the end: "http://127.0.0.1:49152". */
  readonly url: string;
  /** Drops all connections and stops the server. */
  readonly close: () => Promise<void>;
}

/**
 * Serves a simulator over HTTP. What it scripts happens for real: "network-error" drops the connection, "hang" leaves
 * it open, and a client that hangs up aborts its request.
 *
 * @returns Rejects when the port cannot be had.
 */
export function serveSimulator(simulator: Simulator, options: ServeOptions = {}): Promise<SimulatorServer> {
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
      resolve({ url, close });
    });
  });
}

async function serve(simulator: Simulator, url: string, request: IncomingMessage, response: ServerResponse) {
  const hangUp = new AbortController();
  response.on("close", () => {
    hangUp.abort();
  });
  try {
    const { method, headers } = request;
    const answer = await simulator.fetch(url + request.url, { method, headers, signal: hangUp.signal });
    const body = await answer.text();
    const headersOfAnswer = answer.headers as HostsResponse["headers"]; // Node has a Response
    response.sendDate = false; // the date is the simulator's
    response.writeHead(answer.status, Object.fromEntries(headersOfAnswer)).end(body);
  } catch {
    request.socket.destroy();
  }
}
