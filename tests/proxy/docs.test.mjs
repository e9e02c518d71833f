// docs/proxy.md: its snippets run as they stand there, and its tables name what there is.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { project, root } from "../package/pack.mjs";
import { createProxy, hosted, thrown } from "./support.mjs";

const page = readFileSync(join(root, "docs/proxy.md"), "utf8");
const snippets = [...page.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);

const HOST = `
import http from "node:http";
import { createProxy } from "hubspot-async-tasks/proxy";
import { createSimulator } from "hubspot-async-tasks/simulator";

Object.assign(process.env, { HUBSPOT_TOKEN: "pat-na1-a-token", HUBSPOT_CLIENT_SECRET: "a-client-secret" });
const simulator = createSimulator({ tokens: ["pat-na1-a-token"] });
simulator.addTask("export", { id: "90151673" });

// What the snippets take from their surroundings.
globalThis.isLoggedIn = (request) => request.headers.get("cookie") !== "nobody";
globalThis.userOf = async (request) => (isLoggedIn(request) ? { tasks: ["90151673"] } : undefined);
const kept = new Set();
globalThis.redis = { set: async (key, value, { NX, PX }) => (NX && PX > 0 && kept.size < kept.add(key).size ? "OK" : null) };

// A page at app.example.com, whose server has the proxy, and HubSpot.
const atApp = createProxy({ token: "pat-na1-a-token", authorize: () => true, families: ["export"], path: "/hubspot", fetch: simulator.fetch });
const realFetch = globalThis.fetch;
globalThis.fetch = (url, init) =>
  String(url).startsWith("http://127.0.0.1") ? realFetch(url, init) : String(url).startsWith("https://app.example.com/hubspot/") ? atApp(new Request(url, init)) : simulator.fetch(url, init);
globalThis.location = { href: "https://app.example.com/page", origin: "https://app.example.com" };

// Any free port in the place of the one that is named.
const { listen } = http.Server.prototype;
http.Server.prototype.listen = function (port) {
  return listen.call(this, 0, "127.0.0.1", async () => {
    const response = await fetch("http://127.0.0.1:" + this.address().port + "/hubspot" + PATH);
    console.log(port, response.status, (await response.json()).status);
    this.closeAllConnections();
    this.close();
  });
};
globalThis.PATH = "/crm/exports/2026-03/export/async/tasks/90151673/status";
globalThis.asked = async (proxy, { url = "https://app.example.com" + PATH, ...init } = {}) => {
  const response = await proxy(new Request(url, init));
  console.log(response.status, JSON.parse(await response.text()).category ?? "");
};
`;

writeFileSync(join(project, "proxy-docs-host.mjs"), HOST);

function run(snippet, place) {
  const name = `proxy-docs-${place}.mjs`;
  writeFileSync(join(project, name), snippet);
  return execFileSync(process.execPath, ["--import", "./proxy-docs-host.mjs", name], { cwd: project, encoding: "utf8" });
}

const call = (more) => JSON.stringify(hosted({ timestamp: Date.now(), secret: "a-client-secret", path: "/hubspot/crm/exports/2026-03/export/async/tasks/90151673/status", ...more }));
const start = () => call({ method: "POST", path: "/crm/exports/2026-03/export/async", body: { exportType: "VIEW" } });

/** What each snippet is, what is asked of it afterwards, and what it prints. */
const SNIPPETS = [
  ["the proxy", () => 'await asked(proxy, { url: "https://x.example/hubspot" + PATH }); await asked(proxy, { url: "https://x.example/hubspot" + PATH, headers: { cookie: "nobody" } });', /^200 \n403 PROXY_GUARD\n$/],
  ["the client in the page", () => "", /^succeeded\n$/],
  ["node:http", () => "", /^3000 200 COMPLETE\n$/],
  ["the signature", () => `await asked(proxy, ${call()}); await asked(proxy, ${call({ query: "portalId=124" })}); await asked(proxy, { url: "https://app.example.com/hubspot" + PATH });`, /^200 \n403 PROXY_TOKEN\n401 PROXY_SIGNATURE\n$/],
  ["the guard", () => 'await asked(proxy); await asked(proxy, { url: "https://x.example" + PATH.replace("73", "74") }); await asked(proxy, { headers: { cookie: "nobody" } });', /^200 \n403 PROXY_GUARD\n403 PROXY_GUARD\n$/],
  ["hidden addresses", () => "", /^https:\/\/app\.example\.com\/hubspot\/crm\/exports\/2026-03\/export\/async\/tasks\/90151673\/download\n$/],
  ["links of a card", () => `const signed = ${call()};
const { result } = await (await proxy(new Request(signed.url, signed))).json();
for (const [address, cookie] of [[result, "jane"], [result, "nobody"]]) {
  const response = await proxy(new Request(address, { headers: { cookie } }));
  console.log(response.status, response.headers.get("content-disposition")?.split(";")[0]);
  await response.body.cancel();
}
await asked(proxy, { url: "https://app.example.com/hubspot" + PATH, headers: { cookie: "jane" } });
await asked(card, { url: result, headers: { cookie: "jane" } });`, /^200 attachment\n403 undefined\n401 PROXY_SIGNATURE\n401 PROXY_SIGNATURE\n$/],
  ["the store", () => `const call = ${start()}; await asked(proxy, call); await asked(proxy, call);`, /^202 \n409 PROXY_REPLAY\n$/],
];

test("every snippet of docs/proxy.md is run", () => assert.equal(snippets.length, SNIPPETS.length));

for (const [place, [name, after, printed]] of SNIPPETS.entries()) {
  test(`the snippet of docs/proxy.md works as it stands: ${name}`, () => {
    assert.match(run(`${snippets[place]}\n${after()}`, place), printed);
  });
}

test("a proxy is three lines at most", () => {
  const lines = snippets[0].split("\n").filter((line) => line.trim() !== "");
  assert(lines.length <= 3, `${lines.length} lines`);
});

/** The first cells of a table, after its head. */
function cells(head, column = 0) {
  const [, rows] = new RegExp(`^\\| ${head.join(" \\| ")} \\|\\n\\|[-|]+\\|\\n((?:\\|.*\\n)+)`, "m").exec(page);
  return rows.trim().split("\n").map((row) => row.split(/ ?\| ?/)[column + 1]);
}

test("the table of options names each, and no other", () => {
  const [, known] = /takes one of (.*)$/.exec(thrown(() => createProxy({ other: 1 })).message);
  const named = cells(["option", "what it is", "unless given"]).flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  assert.deepEqual(named.sort(), known.split(", ").sort());
});

test("the tables of answers name each refusal with its status", () => {
  const source = readFileSync(join(root, "pkg-template/proxy/answers.ts"), "utf8");
  const known = [...source.matchAll(/^ {2}([A-Z_]+): \[(\d+), "/gm)].map(([, why, status]) => `${status} ${why === "BUSY" ? "RATE_LIMITS" : `PROXY_${why}`}`);
  assert.equal(known.length, 15);
  const refused = cells(["status", "category", "when"]).map((status, at) => `${status} ${cells(["status", "category", "when"], 1)[at].replaceAll("`", "")}`);
  const upstream = [...page.matchAll(/^\|[^|]*\| (\d+), `(PROXY_\w+)` \|/gm)].map(([, status, category]) => `${status} ${category}`);
  assert.deepEqual([...new Set([...refused, ...upstream])].sort(), known.sort());
});
