// Serving a simulator over HTTP: what it takes and gives, everywhere; the server itself is simulator.node.ts's.
import type { SimulatedDownloads } from "./files.js";
import type { Simulator } from "./simulator.js";

/** Options of {@link serveSimulator}. */
export interface ServeOptions {
  /** 0, the default, takes any free port. */
  port?: number | undefined;
  /** The address to listen on: 127.0.0.1 unless given. */
  host?: string | undefined;
}

/** What is served: a simulator, or a fetch around its own. */
export interface ServedSimulator {
  /** Answers each request. */
  readonly fetch: Simulator["fetch"];
  /** Where no origin is given, URLs of files point to the server from then on. */
  readonly downloads?: SimulatedDownloads;
}

/** A simulator that listens on a port. */
export interface SimulatorServer {
  /** Without a slash at the end: "http://127.0.0.1:49152". */
  readonly url: string;
  /** Drops all connections and stops the server. */
  readonly close: () => Promise<void>;
}

/**
 * Serves a simulator over HTTP, in Node. What it scripts happens for real: "network-error" drops the connection, "hang"
 * leaves it open, and a client that hangs up aborts its request.
 *
 * @returns Rejects when the port cannot be had, and outside of Node.
 */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- Declared here with what simulator.node.ts takes.
export function serveSimulator(_simulator: ServedSimulator, _options: ServeOptions = {}): Promise<SimulatorServer> {
  return Promise.reject(new Error("serveSimulator works in Node alone: elsewhere give the client simulator.fetch"));
}
