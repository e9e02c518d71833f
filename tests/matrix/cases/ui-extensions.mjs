// HubSpot's UI extensions: built by HubSpot's own builder, and run in a worker whose fetch throws; and the example,
// under HubSpot's testing library and against its backend.
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BROWSERS } from "../browsers.mjs";
import { createHost } from "../hubspot-host.mjs";
import { run, start } from "../processes.mjs";
import { TOKEN } from "../scenario.mjs";
import { snippetsOf } from "../../walk/snippets.mjs";

const PAGE = '<!doctype html><title>Matrix</title><script src="/errors.js"></script><script src="host.js"></script>\n';

const root = fileURLToPath(new URL("../../..", import.meta.url));

const extension = (entry, { csp, glue, ...holds } = {}) => async (c) => {
  c.project("ui-extension");
  c.entry(entry);
  if (glue) c.write("glue.js", glue);
  c.write("index.html", PAGE);
  await c.script("build.mjs");
  c.holds("dist", holds);
  return c.page("Chromium", "index.html", { csp });
};

const JS = "hubspot-async-tasks/js";
const OWN = "hubspot-async-tasks/ui-extension";
const GLUE = `import { hubspot } from "@hubspot/ui-extensions";
import { fromHubSpotFetch } from "${OWN}";
export const fetch = fromHubSpotFetch(hubspot.fetch);
`;
const STRICT = "script-src 'self'"; // whether HubSpot's own is so strict is not documented

/**
 * Copies the example, with the React that HubSpot's packages bring: others of the tools want a newer one. The package is beside
 * it, so that its hook finds that one.
 */
function copyExample(c) {
  for (const project of ["ui-extension", "ui-extension-example"]) c.project(project);
  cpSync(join(root, "examples/ui-extension"), c.folder, { recursive: true });
  const sdk = dirname(dirname(realpathSync(createRequire(c.path("package.json")).resolve("@hubspot/ui-extensions"))));
  mkdirSync(c.path("node_modules/@remote-ui"), { recursive: true });
  cpSync(c.installed, c.path("node_modules/hubspot-async-tasks"), { recursive: true });
  for (const name of ["react", "@remote-ui/react"]) symlinkSync(join(sdk, "node_modules", name), c.path("node_modules", name));
}

/** The cards of the page on UI extensions: what it begins with, and one with the hook. */
const CARDS_OF_DOCS = ["Contacts.tsx", "Export.tsx"];

/** HubSpot's own types fit without a cast. */
const TRANSPORTS = `import { hubspot } from "@hubspot/ui-extensions";
import { fetchHubSpotApi } from "@hubspot/ui-extensions/experimental/api-client";
import { type FetchLike, fromHubSpotApi, fromHubSpotFetch, fromServerless } from "hubspot-async-tasks/ui-extension";
export const transports: FetchLike[] = [fromHubSpotFetch(hubspot.fetch), fromServerless(hubspot.serverless, "tasks"), fromHubSpotApi(fetchHubSpotApi)];
`;

/** The types of all cards, and what they show under `@hubspot/ui-extensions/testing`. */
async function card(c) {
  copyExample(c);
  const snippets = snippetsOf(readFileSync(join(root, "docs/ui-extension.md"), "utf8"));
  for (const name of CARDS_OF_DOCS) c.write(`src/app/cards/${name}`, snippets.find(({ file }) => file === name).code);
  c.write("src/app/cards/transports.tsx", TRANSPORTS);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "--project", "src/app/cards", "--pretty", "false"], { cwd: c.folder, signal: c.signal });
  return JSON.parse(await c.script("card.mjs"));
}

const SHOWN = {
  before: ["Export contacts", null, null],
  isDisabled: true,
  afterwards: ["Download the contacts", null, false],
  isDead: true,
  isNew: true,
  failure: [true, null, false],
  sent: {
    method: "POST",
    timeout: 15_000,
    body: JSON.parse(readFileSync(join(root, "examples/ui-extension/src/app/cards/contacts.json"), "utf8")),
  },
  onlyAllowed: true,
  ofDocs: ["Download, within five minutes", null],
  byHook: ["Download, within five minutes", 2],
  builtWithHostsReact: [true, false],
};

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Calls until somebody answers. */
async function answered(url, signal) {
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(url).catch(() => undefined);
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The example as HubSpot builds it, in a worker, with its backend, whose calls HubSpot signs. */
async function example(c) {
  copyExample(c);
  c.write("index.html", PAGE);
  await c.script("build.mjs");
  c.holds("src/app/cards/dist", { inlined: 0 });
  const [secret, origin, port] = ["the-app's-client-secret", "https://app.example.com", await freePort()];
  const backend = `http://127.0.0.1:${port}`;
  const host = createHost({ secret, origin, sendTo: backend });
  const handlers = {
    "/host": (text) => host.call(JSON.parse(text)),
    "/lose": () => (host.lose(), new Response(null, { status: 204 })),
  };
  const { url, reported } = await c.server({ handlers });
  const env = { HUBSPOT_TOKEN: TOKEN, HUBSPOT_CLIENT_SECRET: secret, PUBLIC_URL: origin, PORT: String(port), SIMULATOR: `${url}/hubspot` };
  const { failed } = await start(process.execPath, ["--import", "./simulated.mjs", "backend/server.mjs"], { cwd: c.folder, env, signal: c.signal });
  const unsigned = await Promise.race([failed, answered(`${backend}/hubspot/crm/exports/2026-03/export/async/tasks/1/status`, c.signal)]);
  await BROWSERS.Chromium(`${url}/index.html`, { folder: c.folder, signal: c.signal });
  const shown = await Promise.race([failed, reported]);
  return { ...shown, unsigned: unsigned.status, starts: readFileSync(c.path("starts.txt"), "utf8").split("\n").length - 1 };
}

export const uiExtensions = [
  { name: "HubSpot UI extension", quick: true, run: extension("hubspot-async-tasks") },
  { name: "HubSpot UI extension, ./js", run: extension(JS, { inlined: 0 }) },
  { name: `HubSpot UI extension, CSP ${STRICT}, ./js`, run: extension(JS, { inlined: 0, csp: STRICT }) },
  { name: "HubSpot UI extension, ./ui-extension", run: extension(OWN, { inlined: 0, glue: GLUE }) },
  { name: "HubSpot UI extension, the example's card under HubSpot's testing library", quick: true, expected: SHOWN, run: card },
  {
    name: "HubSpot UI extension, the example in a worker, with its signed backend",
    quick: true,
    expected: { waiting: true, link: true, failure: true, unsigned: 401, starts: 2 },
    run: example,
  },
];
