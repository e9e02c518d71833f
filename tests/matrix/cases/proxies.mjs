// The proxy in the servers that it is for, asked from outside as HubSpot's host asks: signed, over a real connection.
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { EXPECTED_OF_RESULTS } from "../scenario.mjs";

const PUBLIC = "https://app.example.com";
const QUERY = "?userId=42&portalId=123&userEmail=jane%40example.com&appId=9";
const STATUS = "/proxy/crm/exports/2026-03/export/async/tasks/1/status";
const DOWNLOAD = STATUS.replace(/status$/, "download");

/** A fetch as HubSpot's host has it, for a proxy that answers at `origin`. */
const hosted = (origin, secret = "matrix-secret") => (address, { method = "GET", body, ...init } = {}) => {
  const url = address + QUERY;
  const timestamp = String(Date.now());
  const signature = createHmac("sha256", secret).update(method + url.replaceAll("%40", "@")).update(body ?? "").update(timestamp).digest("base64");
  const headers = { ...init.headers, "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": timestamp };
  return fetch(url.replace(PUBLIC, origin), { ...init, method, body, headers });
};

/** What the proxy answers to who is signed, and to who is not. */
async function answersOf(c, origin) {
  const { HubSpotTasks } = await import(pathToFileURL(join(c.installed, "index.js")));
  const { rows } = await import(pathToFileURL(join(c.installed, "results.js")));
  const ask = hosted(origin);
  const statusOf = async (response) => {
    const { status } = await response;
    await (await response).text();
    return status;
  };
  const client = new HubSpotTasks({ baseUrl: `${PUBLIC}/proxy`, fetch: ask, minIntervalMs: 50 });
  const { outcome, polls, result } = await client.exports.task("1").wait();
  const task = await client.exports.start({ exportType: "VIEW", exportName: "contacts", format: "CSV" });
  const fromStartToRows = [];
  for await (const row of rows(client, task, { fetch: ask })) fromStartToRows.push(row);
  const call = { method: "POST", headers: { "content-type": "application/json" }, body: '{"exportType":"VIEW"}' };
  const replay = await replayed(origin, call);
  const leaving = Array.from({ length: 30 }, (_, at) => {
    const gone = at % 3 === 0 ? new AbortController() : undefined;
    if (gone) setTimeout(() => gone.abort(), 5);
    return ask(PUBLIC + STATUS, { signal: gone?.signal }).then(statusOf).catch((error) => error.name);
  });
  const together = (await Promise.all(leaving)).filter((_, at) => at % 3 !== 0);
  const file = await ask(PUBLIC + DOWNLOAD);
  return {
    wait: { outcome, polls, isOwn: result === PUBLIC + DOWNLOAD },
    fromStartToRows,
    file: [file.status, file.headers.get("content-type"), (await file.arrayBuffer()).byteLength > 0],
    replay,
    together: [...new Set(together)],
    refused: [
      await statusOf(fetch(origin + STATUS)),
      await statusOf(hosted(origin, "another-secret")(PUBLIC + STATUS)),
      await statusOf(ask(`${PUBLIC}/proxy/crm/v3/objects/contacts`)),
      await statusOf(ask(PUBLIC + STATUS, { method: "DELETE" })),
      await statusOf(ask(PUBLIC + STATUS.replace("/tasks/1/status", ""), { ...call, body: "x".repeat(1_100_000) })),
    ],
  };
}

/** One signed start, sent three times. */
async function replayed(origin, { method, headers, body }) {
  const url = `${PUBLIC}${STATUS.replace("/tasks/1/status", "")}${QUERY}`;
  const timestamp = String(Date.now());
  const signature = createHmac("sha256", "matrix-secret").update(method + url.replaceAll("%40", "@") + body + timestamp).digest("base64");
  const init = { method, body, headers: { ...headers, "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": timestamp } };
  const statuses = [];
  for (let at = 0; at < 3; at++) {
    const response = await fetch(url.replace(PUBLIC, origin), init);
    await response.text();
    statuses.push(response.status);
  }
  return statuses;
}

const EXPECTED = {
  wait: { outcome: "succeeded", polls: 2, isOwn: true },
  fromStartToRows: EXPECTED_OF_RESULTS.fromStartToRows,
  file: [200, "application/zip", true],
  replay: [202, 409, 409],
  together: [200],
  refused: [401, 401, 404, 405, 413],
};

const served = (file, program) => async (c) => {
  c.project("proxy");
  const { url } = await c.server();
  const [name, ...args] = program(c);
  const { match } = await c.startTool(name, [...args, file, url], { ready: /Ready on (http\S+)/ });
  return answersOf(c, match[1]);
};

const node = (major) => (c) => [c.node(major)];
const bun = () => ["bun", "run"];
const deno = () => ["deno", "run", "--allow-all", "--no-lock"];

const workerd = async (c) => {
  c.project("proxy");
  const { url } = await c.server();
  // Keeps its logs in the case's folder, and asks Cloudflare for nothing.
  const env = { XDG_CONFIG_HOME: c.folder, TMPDIR: c.folder, CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  const args = ["dev", "--ip=127.0.0.1", "--port=0", "--inspector-port=0", "--var", `SERVER:${url}`];
  const { match } = await c.startTool("wrangler", args, { env, ready: /Ready on (http\S+)/ });
  return answersOf(c, match[1]);
};

export const proxies = [
  { name: "Node 20, ./proxy", quick: true, run: served("node.mjs", node(20)) },
  { name: "Node 24, ./proxy", run: served("node.mjs", node(24)) },
  { name: "Bun, ./proxy", quick: true, run: served("bun.mjs", bun) },
  { name: "Bun, ./proxy by node:http", run: served("node.mjs", bun) },
  { name: "Deno, ./proxy", quick: true, run: served("deno.mjs", deno) },
  { name: "Deno, ./proxy by node:http", run: served("node.mjs", deno) },
  { name: "workerd, ./proxy", quick: true, run: workerd },
].map((it) => ({ ...it, expected: EXPECTED }));
