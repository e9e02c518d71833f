// The snippets of docs/ui-extension.md, run as they stand there, and what is said of examples/ui-extension: how many lines
// its user writes, and that its files fit one another. (The matrix builds it, renders its card, and runs it.)
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { installed, project, root } from "./pack.mjs";

const page = readFileSync(join(root, "docs/ui-extension.md"), "utf8");
const snippets = Object.fromEntries([...page.matchAll(/^```\w+ (\S+)\n([^]*?)^```$/gm)].map(([, file, code]) => [file, code]));

const folder = join(project, "ui-extension");
const sdk = join(folder, "node_modules/@hubspot/ui-extensions");
mkdirSync(sdk, { recursive: true });
const write = (file, text) => writeFileSync(join(folder, file), text);

/** As much of HubSpot's SDK as the snippets need; with the simulator behind it, as HubSpot and as the backend. */
write("node_modules/@hubspot/ui-extensions/package.json", '{ "type": "module", "main": "index.js" }\n');
write(
  "node_modules/@hubspot/ui-extensions/index.js",
  `import { createRequire } from "node:module";
import { createSimulator } from "hubspot-async-tasks/simulator";

const simulators = ["/hubspot", ""].map((baseUrl) => createSimulator({ baseUrl, tokens: ["a-token-of-hubspot"] }));
const authorization = "Bearer a-token-of-hubspot";
globalThis.fetch = (url, init) => simulators[1].fetch(url, init);
export const hubspot = {
  fetch: async (url, { body, ...options }) => {
    const headers = { authorization, ...(body && { "content-type": "application/json" }) };
    return simulators[0].fetch(url, { ...options, headers, body: body && JSON.stringify(body) });
  },
  serverless: async (name, { parameters }) => createRequire(import.meta.url)(\`../../../\${name}.cjs\`).main({ parameters }),
};
`,
);
write(
  "tasks.mjs",
  `import { hubspot } from "@hubspot/ui-extensions";
import { HubSpotTasks, fromHubSpotFetch } from "hubspot-async-tasks/ui-extension";
export const tasks = new HubSpotTasks({ baseUrl: "https://app.example.com/hubspot", fetch: fromHubSpotFetch(hubspot.fetch) });
`,
);
for (const [file, code] of Object.entries(snippets)) write(file, code);

/** Asks the backend without a signature as soon as it listens, and prints how it was answered. */
write(
  "ask.mjs",
  `import { Server } from "node:net";
const { listen } = Server.prototype;
Server.prototype.listen = function (...given) {
  this.once("listening", async () => {
    const { status } = await fetch(\`http://127.0.0.1:\${this.address().port}/hubspot/crm/exports/2026-03/export/async/tasks/1/status\`);
    console.log("unsigned:", status);
    process.exit(0);
  });
  return listen.apply(this, given);
};
`,
);

const ENV = { PRIVATE_APP_ACCESS_TOKEN: "a-token-of-hubspot", HUBSPOT_TOKEN: "a-token-of-hubspot", HUBSPOT_CLIENT_SECRET: "a-client-secret", PORT: "0" };
const run = (...args) => execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", env: { ...process.env, ...ENV } });

const PRINTED = {
  "serverless.mjs": [[], /^download within five minutes: https:\S+\n$/],
  "learned.mjs": [[], /^half of them take no longer: \S+ true\n$/],
  "card.test.mjs": [[], /^succeeded true\n$/],
  "backend.mjs": [["--import", "./ask.mjs"], /^unsigned: 401\n$/],
};

for (const [file, [flags, printed]] of Object.entries(PRINTED)) {
  test(`${file} of docs/ui-extension.md works as it stands`, () => assert.match(run(...flags, file), printed));
}

test("the serverless function of docs/ui-extension.md passes on nothing but exports", async () => {
  const script = `
    const { main } = require("./tasks.cjs");
    globalThis.fetch = async () => { throw new Error("sent"); };
    const paths = ["/crm/v3/objects/contacts", "/crm/exports/../objects/2026-03/export/async", "/crm/exports/2026-03/export/async/../../x", "//evil.example/crm/exports/v3/export/async", "/crm/exports/v3/export/async?x=1"];
    Promise.all(paths.map((path) => main({ parameters: { path, method: "GET" } }))).then((answers) => console.log(answers.map(({ statusCode }) => statusCode).join()));`;
  assert.equal(run("-e", script), "403,403,403,403,403\n");
});

test("every named snippet is run here, or by the matrix", () => {
  assert.deepEqual(Object.keys(snippets).sort(), [...Object.keys(PRINTED), "Contacts.tsx", "Export.tsx", "tasks.cjs"].sort());
});

// --- The example -----------------------------------------------------------------------------------------------------

const example = (...path) => join(root, "examples/ui-extension", ...path);
const read = (...path) => readFileSync(example(...path), "utf8");
const json = (...path) => JSON.parse(read(...path));

/** What a user writes: all lines but blank ones and comments. */
const linesOf = (text) => text.split("\n").filter((line) => !/^\s*(\/\/.*)?$/.test(line));

test("the example's card has at most 35 lines, one of them glue; its backend at most 12", () => {
  const card = linesOf(read("src/app/cards/ExportCard.tsx"));
  assert(card.length <= 35, `${card.length} lines`);
  assert.equal(card.filter((line) => /new HubSpotTasks|fromHubSpotFetch\(/.test(line)).length, 1);
  const backend = linesOf(read("backend/server.mjs"));
  assert(backend.length <= 12, `${backend.length} lines`);
  // Nobody reads longer ones as one.
  assert([...card, ...backend].every((line) => line.length <= 130));
});

test("the example's files fit one another", () => {
  const { srcDir } = json("hsproject.json");
  const { config: app } = json(srcDir, "app/app-hsmeta.json");
  const { config: card } = json(srcDir, "app/cards/export-card-hsmeta.json");
  assert(existsSync(example(srcDir, card.entrypoint)));
  const text = read(srcDir, card.entrypoint);
  const [, baseUrl] = /baseUrl: "(.*?)"/.exec(text);
  assert(app.permittedUrls.fetch.some((url) => baseUrl.startsWith(url)));
  assert(text.includes(`hubspot.extend<"${card.location}">`));
  assert(read("backend/server.mjs").includes(`path: "${new URL(baseUrl).pathname}"`));
  assert(app.auth.requiredScopes.includes("crm.export"));
  assert.match(page, new RegExp(`"fetch": \\["${baseUrl}"\\]`));
});

test("the example asks for the package as it is released, and for no other version of HubSpot's than the matrix tries", () => {
  const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const tools = JSON.parse(readFileSync(join(root, "tests/matrix/package.json"), "utf8")).dependencies;
  for (const folder of ["src/app/cards", "backend"]) assert.equal(json(folder, "package.json").dependencies["hubspot-async-tasks"], `^${version}`);
  assert.equal(json("src/app/cards/package.json").dependencies["@hubspot/ui-extensions"], tools["@hubspot/ui-extensions"]);
});
