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
export function serveSimulator(simulator: Simulator, options?: ServeOptions): Promise<SimulatorServer>;
