// The built demo page behind policies of a server's, at paths of their own: it is to work under each, from any path.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const policy = (scripts, connect = "'self'") =>
  `default-src 'none'; script-src ${scripts}; style-src 'self'; img-src 'self' data:; connect-src ${connect}; base-uri 'none'; form-action 'none'`;

/** By the path at which the page is served under them. */
const POLICIES = {
  "/docs/demo/": policy("'self' 'wasm-unsafe-eval'"),
  "/strict/": policy("'self'"),
  // Where it may ask a server that is given, as under the page's own policy.
  "/open/": policy("'self' 'wasm-unsafe-eval'", "'self' http://127.0.0.1:*"),
};

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** Builds the page, not into www/dist, which somebody may be looking at, and serves it. */
export async function serveSite() {
  const dist = mkdtempSync(join(tmpdir(), "demo-page-"));
  const configFile = fileURLToPath(new URL("../../vite.config.js", import.meta.url));
  await build({ configFile, logLevel: "warn", build: { outDir: dist, emptyOutDir: true } });
  const server = createServer((request, response) => answer(dist, request, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    url: `${origin}/docs/demo/`,
    strictUrl: `${origin}/strict/`,
    openUrl: `${origin}/open/`,
    /** What a file weighs on its way, by the path of its URL; and all files together. */
    weightOf: (path) => weigh(join(dist, fileOf(path)?.file ?? "")),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dist, { recursive: true, force: true });
    },
  };
}

const weigh = (path) => brotliCompressSync(readFileSync(path)).length;

function fileOf(path) {
  const [prefix, csp] = Object.entries(POLICIES).find(([prefix]) => path.startsWith(prefix)) ?? [];
  return prefix && { csp, file: normalize(path.slice(prefix.length)).replace(/^\.$/, "") || "index.html" };
}

/** With gzip, as the hosts of static pages send it. */
function answer(dist, { url, headers }, response) {
  const found = fileOf(new URL(url, "http://localhost").pathname);
  try {
    const body = readFileSync(join(dist, found.file));
    const isZipped = /\bgzip\b/.test(headers["accept-encoding"]);
    response.writeHead(200, {
      "content-type": TYPES[extname(found.file)] ?? "application/octet-stream",
      "content-security-policy": found.csp,
      ...(isZipped && { "content-encoding": "gzip" }),
    });
    response.end(isZipped ? gzipSync(body) : body);
  } catch {
    response.writeHead(404).end();
  }
}
