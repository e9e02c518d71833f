/**
 * The simulator for Node: all of `simulator.js`, and a server for clients that need a port.
 *
 * @module
 */
import { createServer } from "node:http";

export * from "./simulator.js";

/**
 * Serves a simulator over HTTP. What it scripts happens for real: "network-error" drops the connection, "hang" leaves
 * it open, and a client that hangs up aborts its request.
 *
 * @param {import("./simulator.js").Simulator} simulator
 * @param {object} [options]
 * @param {number} [options.port] 0, the default, takes any free port.
 * @param {string} [options.host] The address to listen on: 127.0.0.1 unless given.
 * @returns {Promise<{ url: string, close(): Promise<void> }>} The server's URL, without a slash at the end, and a
 *   function that drops all connections and stops it. Rejects when the port cannot be had.
 */
export function serveSimulator(simulator, { port = 0, host = "127.0.0.1" } = {}) {
  let url;

  const server = createServer(async (request, response) => {
    const hangUp = new AbortController();
    response.on("close", () => hangUp.abort());
    try {
      const { method, headers } = request;
      const answer = await simulator.fetch(url + request.url, { method, headers, signal: hangUp.signal });
      const body = await answer.text();
      response.sendDate = false; // the date is the simulator's
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
    } catch {
      request.socket.destroy();
    }
  });

  const close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
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
