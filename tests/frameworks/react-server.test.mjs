// The hook where a server renders, and where a page goes on from there, with React 18 and 19.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { complete, inTurn, processing, setUp, test, turns } from "../package/support.mjs";
import { VERSIONS, openPage, stage } from "./stage.mjs";

const { document } = openPage();

for (const version of VERSIONS) {
  const { folder, React, act, dom, server, hook } = stage(version);
  const { createElement: h, StrictMode } = React;
  const on = (name, run) => test(`React ${version}: ${name}`, run);

  function Shown({ task }) {
    const { phase, outcome, polls, status, retry } = hook.useTask(task);
    return h("button", { onClick: retry }, `${phase} ${outcome} ${polls} ${status?.status ?? "nothing yet"}`);
  }

  const IDLE = "idle running 0 nothing yet";

  async function streamed(element) {
    const html = new PassThrough();
    const { pipe } = server.renderToPipeableStream(element, { onAllReady: () => pipe(html) });
    return text(html);
  }

  for (const [how, render] of Object.entries({
    renderToString: async (element) => server.renderToString(element),
    renderToPipeableStream: streamed,
  })) {
    on(`${how} shows a task as idle, sends nothing and leaves no timer`, async () => {
      const { client, clock, requests } = setUp(inTurn(processing(), complete()));
      const task = client.exports.task(1);
      for (const given of [task, null]) assert.equal(await render(h(Shown, { task: given })), `<button>${IDLE}</button>`);
      // What others on the server know is not what the page knows.
      await task.status();
      assert.equal(await render(h(Shown, { task })), `<button>${IDLE}</button>`);
      await clock.advance(100_000);
      assert.equal(requests.length, 1);
      assert.equal(clock.timers, 0);
    });
  }

  for (const [when, before] of Object.entries({
    "nobody has asked": async () => {},
    "the page knows its end": (task) => task.wait(),
  })) {
    on(`a page is hydrated without a warning where ${when}, and polls then`, async (context) => {
      const said = [];
      for (const how of ["error", "warn"]) context.mock.method(console, how, (...words) => void said.push(words.join(" ")));
      const { client, clock, requests } = setUp(inTurn(processing(), complete()));
      const App = () => h(StrictMode, null, h(Shown, { task: client.exports.task(1) }));
      const container = document.createElement("div");
      container.innerHTML = server.renderToString(h(App));
      const sent = container.firstChild;
      await clock.run(Promise.resolve(before(client.exports.task(1))));
      let root;
      await act(async () => void (root = dom.hydrateRoot(container, h(App), { onRecoverableError: (error) => said.push(String(error)) })));
      await act(() => clock.advance(10_000));
      assert.match(container.textContent, /^over succeeded \d COMPLETE$/);
      assert.equal(container.firstChild, sent, "what the server sent is kept");
      assert(requests.length >= 2);
      await act(async () => root.unmount());
      await turns();
      assert.deepEqual(said, []);
    });
  }

  on("an answer that comes while a page is hydrated is drawn", async () => {
    const { client, clock } = setUp(inTurn(complete()));
    const App = () => [1, 2].map((key) => h(Shown, { key, task: client.fileImports.task(1) }));
    const container = document.createElement("div");
    container.innerHTML = server.renderToString(h(App));
    client.fileImports.task(1).subscribe(() => {});
    let root;
    await act(async () => {
      await clock.advance(10);
      root = dom.hydrateRoot(container, h(App));
      await clock.advance(10);
    });
    assert.equal(container.textContent, "over succeeded 1 COMPLETE".repeat(2));
    await act(async () => root.unmount());
  });

  on("the entry says that it is for clients, first of all, for the bundlers of server components", () => {
    const first = { "react.js": /^"use client";/, "react.cjs": /^"use strict";\n"use client";/ };
    for (const [file, directive] of Object.entries(first)) {
      assert.match(readFileSync(join(folder, "node_modules/hubspot-async-tasks", file), "utf8"), directive);
    }
  });
}
