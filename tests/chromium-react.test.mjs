// The packed hook in a real Chromium, with React 18 and 19, on real time: what is asked, in StrictMode, in two roots, after
// an unmount, and on a page that a server rendered. Run: node --test tests/chromium-react.test.mjs
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { build } from "esbuild";
import { launch } from "./chromium.mjs";
import { VERSIONS, stage } from "./frameworks/stage.mjs";

/** What the page is given, as its bundler makes it of the tarball. */
const PAGE = `
import { HubSpotTasks } from "hubspot-async-tasks";
import { useTask } from "hubspot-async-tasks/react";
import { createSimulator, faults } from "hubspot-async-tasks/simulator";
import { StrictMode, createElement as h, version } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";

Object.assign(window, { h, StrictMode, createRoot, hydrateRoot, renderToString, faults, version });

/** An account and its client; \`Shown\` draws one of its tasks. */
window.open = () => {
  const simulator = createSimulator({ seed: 1 });
  const tasks = new HubSpotTasks({ fetch: simulator.fetch });
  function Shown({ id }) {
    const { phase, status, result, error, retry } = useTask(tasks.exports.task(id));
    return h("button", { onClick: retry }, [phase, status?.status, result && "link", error?.code].filter(Boolean).join(" "));
  }
  return { simulator, Shown };
};

window.running = { status: 202, body: { status: "PROCESSING" } };
/** A place for a root. */
window.place = () => document.body.appendChild(document.createElement("div"));
window.pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
window.shows = async (element, pattern) => {
  while (!pattern.test(element.textContent)) await pass(5);
};`;

for (const version of VERSIONS) {
  describe(`React ${version} in Chromium`, () => {
    let browser, page;
    const said = [];

    before(async () => {
      const { folder } = stage(version, { isPage: false });
      const bundling = { stdin: { contents: PAGE, resolveDir: folder }, bundle: true, write: false, format: "iife", platform: "browser" };
      const { outputFiles } = await build({ ...bundling, define: { "process.env.NODE_ENV": '"development"' } });
      browser = await launch();
      page = await browser.newPage();
      page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
      page.on("pageerror", (error) => said.push(String(error)));
      await page.addScriptTag({ content: outputFiles[0].text });
      assert((await page.evaluate(() => window.version)).startsWith(`${version}.`));
    });

    after(() => browser?.close());

    it("StrictMode, and two roots, send no request more than one component", async () => {
      assert.deepEqual(await page.evaluate(countRequests), { alone: 3, strict: 3, twice: 3 });
    });

    it("nothing is sent after the last root is unmounted", async () => {
      assert.deepEqual(await page.evaluate(leave), { first: 1, later: 1, atTheEnd: 1 });
    });

    it("a press of a button tries again after an error", async () => {
      assert.deepEqual(await page.evaluate(retry), { refused: "over FORBIDDEN", afterwards: "over COMPLETE link", requests: 2 });
    });

    it("a page that a server rendered goes on by itself", async () => {
      assert.deepEqual(await page.evaluate(hydrate), { sent: "<button>idle</button>", isKept: true, afterwards: "over COMPLETE link" });
    });

    it("a thousand components of one task are drawn, and send one poll at a time", async () => {
      assert.deepEqual(await page.evaluate(drawMany), { drawn: 1_000, requests: 2 });
    });

    it("none of that made React, or the page, complain", () => assert.deepEqual(said, []));
  });
}

// What follows runs in the page.

/** A task of three polls: shown by one component; in StrictMode; and by two roots in StrictMode. */
async function countRequests() {
  const { h, StrictMode, createRoot, open, place, shows, running } = window;
  const counts = {};
  const strictly = (element) => h(StrictMode, null, element);
  for (const [name, wraps] of Object.entries({ alone: [(element) => element], strict: [strictly], twice: [strictly, strictly] })) {
    const { simulator, Shown } = open();
    simulator.script([running, running]);
    const id = simulator.addTask("export");
    const places = wraps.map(place);
    const roots = places.map((place) => createRoot(place));
    roots.forEach((root, at) => root.render(wraps[at](h(Shown, { id }))));
    for (const place of places) await shows(place, /link/);
    counts[name] = simulator.requests.length;
    roots.forEach((root) => root.unmount());
  }
  return counts;
}

async function leave() {
  const { h, StrictMode, createRoot, open, place, pass, shows } = window;
  const { simulator, Shown } = open();
  const id = simulator.addTask("export", { processingMs: Infinity });
  const places = [place(), place()];
  const roots = places.map((place) => createRoot(place));
  for (const root of roots) root.render(h(StrictMode, null, h(Shown, { id })));
  for (const place of places) await shows(place, /PROCESSING/);
  const first = simulator.requests.length;
  roots[0].unmount();
  await pass(10);
  const later = simulator.requests.length;
  roots[1].unmount();
  await pass(2_500);
  return { first, later, atTheEnd: simulator.requests.length };
}

async function retry() {
  const { h, StrictMode, createRoot, open, place, shows, faults } = window;
  const { simulator, Shown } = open();
  const id = simulator.addTask("export");
  simulator.script([faults.forbidden()]);
  const root = createRoot(place());
  root.render(h(StrictMode, null, h(Shown, { id })));
  await shows(document.body.lastChild, /FORBIDDEN/);
  const refused = document.body.lastChild.textContent;
  document.body.lastChild.firstChild.click();
  await shows(document.body.lastChild, /link/);
  const afterwards = document.body.lastChild.textContent;
  root.unmount();
  return { refused, afterwards, requests: simulator.requests.length };
}

async function hydrate() {
  const { h, StrictMode, hydrateRoot, open, place, shows, renderToString } = window;
  const { simulator, Shown } = open();
  const app = h(StrictMode, null, h(Shown, { id: simulator.addTask("export") }));
  const sent = renderToString(app);
  const container = place();
  container.innerHTML = sent;
  const button = container.firstChild;
  const root = hydrateRoot(container, app);
  await shows(container, /link/);
  const end = { sent, isKept: container.firstChild === button, afterwards: container.textContent };
  root.unmount();
  return end;
}

async function drawMany() {
  const { h, createRoot, open, place, shows, running } = window;
  const { simulator, Shown } = open();
  simulator.script([running]);
  const id = simulator.addTask("export");
  const container = place();
  const root = createRoot(container);
  root.render(Array.from({ length: 1_000 }, (_, key) => h(Shown, { key, id })));
  await shows(container, /^(over COMPLETE link)+$/);
  const { length } = container.children;
  root.unmount();
  return { drawn: length, requests: simulator.requests.length };
}
