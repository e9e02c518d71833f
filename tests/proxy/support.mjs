// What the tests of /proxy share: a proxy before a simulated HubSpot, and calls as HubSpot's host and as pages make them.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { project } from "../package/pack.mjs";
import { START, createSimulator, virtualClock } from "../package/support.mjs";

export * from "../package/support.mjs";

const entry = join(project, `proxy.${process.pid}.mjs`);
writeFileSync(entry, 'export * from "hubspot-async-tasks/proxy";\nexport { defineFamily } from "hubspot-async-tasks";\n');
export const { createProxy, toNodeHandler, defineFamily } = await import(pathToFileURL(entry).href);

export const TOKEN = "pat-na1-11111111-2222-3333";
export const SECRET = "7c3ce02c-0f0c-4c9f-9700-92440c9bdf2d";
export const ORIGIN = "https://app.example.com";
export const FAMILY_NAMES = ["fileImport", "folderUpdate", "export", "sourceCodeExtract", "import"];
export const ACTIONS = ["start", "details", "download"];

/** An account at HubSpot with an export that is over, what was asked of it, and a proxy before it, with these options. */
export function world(options = {}) {
  const clock = virtualClock();
  const simulator = createSimulator({ tokens: [TOKEN], ...options.simulator });
  const taskId = simulator.addTask("export");
  const sent = [];
  const fetch = (url, init) => {
    sent.push({ url, init });
    return (options.answer ?? simulator.fetch)(url, init);
  };
  const proxy = createProxy({ token: TOKEN, families: ["export"], clock, fetch, ...options.proxy });
  return { clock, simulator, taskId, sent, proxy };
}

/** Paths as the API documents them, independent of the package. */
export const paths = {
  status: (id, version = "2026-03") => `/crm/exports/${version}/export/async/tasks/${id}/status`,
  details: (id) => `/crm/exports/2026-03/export/${id}`,
  start: () => "/crm/exports/2026-03/export/async",
  download: (id) => `/crm/exports/2026-03/export/async/tasks/${id}/download`,
};

export const EXPORT = { exportType: "LIST", exportName: "All", format: "CSV", language: "EN", objectType: "CONTACT", objectProperties: ["email"], listId: "7" };

/** What HubSpot's host adds to each address. */
export const HOSTS_QUERY = "userId=42&portalId=123&userEmail=jane%40example.com&appId=9";

/** HubSpot's documented escapes, each with what it is decoded to. */
const TWELVE = { "%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$", "%27": "'", "%28": "(", "%29": ")", "%2A": "*", "%2C": ",", "%3B": ";" };

/** HubSpot's signature, written from its documentation, by Node's own crypto. */
export function signatureOf({ method, url, body = "", timestamp }, secret = SECRET) {
  const decoded = Object.entries(TWELVE).reduce((text, [escape, character]) => text.replaceAll(escape, character), url);
  return createHmac("sha256", secret).update(method + decoded).update(body).update(String(timestamp)).digest("base64");
}

/** A call as HubSpot's host makes it, signed: `{ method, url, headers, body }`. */
export function hosted({ method = "GET", path, query = HOSTS_QUERY, body, headers, timestamp = START, secret, origin = ORIGIN }) {
  const url = `${origin}${path}${query === "" ? "" : `?${query}`}`;
  const text = body === undefined || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  const signature = signatureOf({ method, url, body: text, timestamp }, secret);
  return {
    method,
    url,
    ...(text !== undefined && { body: text }),
    headers: {
      ...(text !== undefined && { "content-type": "application/json" }),
      "x-hubspot-signature-v3": signature,
      "x-hubspot-request-timestamp": String(timestamp),
      ...headers,
    },
  };
}

/** A call as a page or a program makes it. */
export const plainCall = ({ method = "GET", path, query = "", body, headers, origin = ORIGIN }) => ({
  method,
  url: `${origin}${path}${query === "" ? "" : `?${query}`}`,
  ...(body !== undefined && { body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body) }),
  headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
});

export const requestOf = ({ url, ...init }) => new Request(url, { ...init, ...(init.body instanceof ReadableStream && { duplex: "half" }) });

/** What every answer has, and none may have. */
export async function checked(response, secrets = [TOKEN, SECRET]) {
  const text = await response.text();
  const all = text + JSON.stringify([...response.headers]);
  for (const secret of secrets) assert(!all.includes(secret), `an answer shows a secret: ${all}`);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.doesNotMatch(response.headers.get("content-type") ?? "", /html/);
  return { status: response.status, headers: response.headers, text };
}

export const answerTo = async (proxy, call) => checked(await proxy(requestOf(call)));

/** Checks that a call was refused so, as HubSpot words it. */
export function assertRefused({ status, text }, expectedStatus, why) {
  assert.equal(status, expectedStatus, text);
  const body = JSON.parse(text);
  assert.equal(body.status, "error");
  assert.equal(body.category, why === "BUSY" ? "RATE_LIMITS" : `PROXY_${why}`);
  assert.deepEqual(Object.keys(body).sort(), ["category", ...(why === "BUSY" ? ["errorType"] : []), "message", "status"]);
}

/** A server by node:http for as long as `use(url)` takes. */
export async function served(listener, use) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`, server);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
