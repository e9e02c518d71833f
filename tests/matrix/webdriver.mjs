// A browser by the WebDriver protocol: as much as it takes to open a page. https://www.w3.org/TR/webdriver2/
import { createServer } from "node:net";
import { start } from "./processes.mjs";

/**
 * Starts a driver and a browser, which end with the signal, and opens a page.
 *
 * @param driver The driver's program, and `args` for a port.
 */
export async function open(url, { driver, args, capabilities, env, signal }) {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const { failed } = await start(driver, args(port), { env, signal });
  await Promise.race([untilReady(address, signal), failed]);
  const { sessionId } = await call(address, "/session", { capabilities: { alwaysMatch: capabilities } });
  await call(address, `/session/${sessionId}/url`, { url });

  async function call(address, path, body) {
    const answer = await fetch(address + path, { method: "POST", headers: JSON_TYPE, body: JSON.stringify(body), signal });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`WebDriver ${path}: ${value.error}: ${value.message}`);
    return value;
  }
}

const JSON_TYPE = { "content-type": "application/json" };

/** Drivers want to be told their port. That somebody else takes it meanwhile is unlikely, and fails the case. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(address, signal) {
  for (;;) {
    const status = await fetch(`${address}/status`, { signal }).then((answer) => answer.json(), () => undefined);
    signal.throwIfAborted();
    if (status?.value?.ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
