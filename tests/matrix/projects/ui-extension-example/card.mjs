// The example's card under HubSpot's own testing library: an export from the button to its link, a link that dies, and a
// start that is refused; and the cards of docs/ui-extension.md. Prints what they showed.
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { remoteBuild } from "@hubspot/ui-extensions-dev-server";
import { Alert, Button, Link, Text, hubspot } from "@hubspot/ui-extensions";
import { createRenderer } from "@hubspot/ui-extensions/testing";
import { createElement } from "react";
import { createSimulator } from "hubspot-async-tasks/simulator";

const LINK_LIVES_MS = 5 * 60_000;

const simulator = createSimulator({ baseUrl: "/hubspot" });
const calls = [];
let answer = simulator.fetch;
/** Whether the next status is the first one of a task that was just started: it is pending, however slow this machine is. */
let isFirst = false;
hubspot.fetch = async (url, { body, ...options }) => {
  calls.push({ url, body, ...options });
  const wasFirst = isFirst;
  isFirst = body !== undefined;
  if (wasFirst && !isFirst) return new Response(JSON.stringify({ status: "PENDING" }), { status: 202 });
  const sent = body && { body: JSON.stringify(body), headers: { ...options.headers, "content-type": "application/json" } };
  return answer(url, { ...options, ...sent });
};

await build({
  entryPoints: ["src/app/cards/ExportCard.tsx", "src/app/cards/Contacts.tsx", "src/app/cards/Export.tsx"],
  outdir: "cards",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  format: "esm",
  jsx: "automatic",
  logLevel: "error",
});
const { ExportCard } = await import("./cards/ExportCard.mjs");
const { Contacts } = await import("./cards/Contacts.mjs");
const { Export } = await import("./cards/Export.mjs");

// The clock can be put forward, so that nobody waits for a link to die.
const realNow = Date.now;
let aheadMs = 0;
Date.now = () => realNow() + aheadMs;

const { render, find, maybeFind, waitFor, getRootNode } = createRenderer("crm.record.tab");
const LONG = { timeoutInMs: 20_000 };
const seen = (component, matcher) =>
  waitFor(() => find(component, matcher), LONG).catch(() => {
    throw new Error(`shown is ${getRootNode()}`);
  });
const button = (text) => (node) => node.text === text;
const press = (text) => find(Button, button(text)).trigger("onClick");

render(createElement(ExportCard));
const shown = { before: [find(Button).text, maybeFind(Link), maybeFind(Text)] };

press("Export contacts");
await seen(Text, ({ text }) => /^Starting, for 0 s$/.test(text));
shown.isDisabled = find(Button).props.disabled;
await seen(Text, ({ text }) => /^PENDING, for \d+ s$/.test(text));
await seen(Text, ({ text }) => /^Likely over at \d+:\d\d:\d\d/.test(text));
await seen(Link);
const first = find(Link).props.href;
shown.afterwards = [find(Link).text, maybeFind(Text), find(Button).props.disabled];

aheadMs += LINK_LIVES_MS;
await seen(Button, button("Get a new link"));
shown.isDead = maybeFind(Link) === null;
press("Get a new link");
await seen(Link);
shown.isNew = /^https:/.test(first) && find(Link).props.href !== first;

answer = async () => new Response(JSON.stringify({ status: "error", category: "MISSING_SCOPES", message: "no" }), { status: 403 });
press("Export contacts");
await seen(Alert);
shown.failure = [/HTTP 403.*crm\.export/s.test(find(Alert).text), maybeFind(Link), find(Button).props.disabled];

const { method, timeout, headers, body } = calls[0];
shown.sent = { method, timeout, headers, body };
shown.onlyAllowed = calls.every((call) => Object.entries(call).every(([name, value]) => value === undefined || ["url", "method", "timeout", "body"].includes(name)));

answer = simulator.fetch;
render(createElement(Contacts));
press("Export contacts");
await seen(Text, ({ text }) => text === "PENDING");
await seen(Link);
shown.ofDocs = [find(Link).text, maybeFind(Button)];

simulator.script([{ status: 202, body: { status: "PROCESSING" } }]);
const id = simulator.addTask("export");
render(createElement(Export, { id }));
await seen(Text, ({ text }) => text === "Asking");
await seen(Text, ({ text }) => text === "PROCESSING");
await seen(Link);
shown.byHook = [find(Link).text, simulator.requests.filter(({ url }) => url.includes(`/${id}/`)).length];

await remoteBuild({ root: `${process.cwd()}/src/app/cards`, entryPoint: "Export.tsx", outputDir: "dist", logLevel: "error" });
const built = readFileSync("src/app/cards/dist/Export.js", "utf8");
shown.builtWithHostsReact = [/\w+\.useSyncExternalStore\(/.test(built), /useSyncExternalStore\s*[=:]/.test(built)];
console.log(JSON.stringify(shown));
process.exit(0);
