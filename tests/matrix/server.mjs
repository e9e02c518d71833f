// What a case talks to: the account at HubSpot under /hubspot, the files of its exports under /exports, a path that drops
// connections, a place for the result, and the case's own files.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { account } from "./account.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Reports what a page or its scripts could not even begin with. */
const ERRORS = `addEventListener("error", ({ message, filename, target }) => {
  const thrown = { message: message ?? "could not load " + target.src, filename };
  fetch("/report", { method: "POST", body: JSON.stringify({ thrown }) });
}, true);`;

/**
 * @param options `createSimulator` of the package; `folder`, whose files it serves, and `installed`, the package's, as
 *   /package/; `csp`, their Content-Security-Policy; `handlers`, by path: each gets what is sent, and gives a Response.
 * @returns Its `url`, the result that will be `reported`, and `close`.
 */
export async function serve({ createSimulator, folder, installed, csp, handlers = {} }) {
  let report;
  const reported = new Promise((resolve) => (report = resolve));

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    try {
      if (pathname === "/report") await takeReport(request, response);
      else if (Object.hasOwn(handlers, pathname)) await handle(handlers[pathname], request, response);
      else if (/^\/(hubspot|exports|dropped)\//.test(pathname)) await answer(request, response);
      else await file(pathname, response);
    } catch {
      request.socket.destroy();
    }
  });

  async function takeReport(request, response) {
    const text = (await request.setEncoding("utf8").toArray()).join("");
    response.writeHead(204, { "access-control-allow-origin": "*" }).end();
    report(JSON.parse(text));
  }

  async function answer(request, response) {
    const { url, method, headers } = request;
    const sent = Buffer.concat(await request.toArray());
    await pass(await hubspot(url, { method, headers, ...(sent.length > 0 && { body: sent }) }), response);
  }

  async function handle(handler, request, response) {
    await pass(await handler(Buffer.concat(await request.toArray()).toString()), response);
  }

  /** Without what said how it came here. */
  async function pass(answer, response) {
    const body = Buffer.from(await answer.arrayBuffer());
    const { "content-encoding": _, "transfer-encoding": _other, "content-length": _length, ...headers } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, headers).end(body);
  }

  async function file(pathname, response) {
    const safe = normalize(decodeURIComponent(pathname));
    const path = safe.startsWith("/package/") ? join(installed, safe.slice(9)) : join(folder ?? "", safe);
    const text = safe === "/errors.js" ? ERRORS : folder && (await readFile(path).catch(() => undefined));
    if (!text) return response.writeHead(404).end();
    const policy = csp && { "content-security-policy": csp };
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain", ...policy }).end(text);
  }

  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const hubspot = account(createSimulator, url);
  return {
    url,
    reported,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
