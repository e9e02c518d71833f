// The entry /react of the tarball: what it exports to import and to require, beside each React; and what it adds.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { installed, npm, project } from "../package/pack.mjs";
import { VERSIONS, stage } from "./stage.mjs";

const USE = `
  const Shown = () => {
    const { phase, retry } = useTask({ subscribe: () => () => {}, snapshot: () => { throw new Error("read on a server"); } });
    return React.createElement("p", { onClick: retry }, phase);
  };
  console.log(JSON.stringify([Object.keys(entry).filter((name) => name !== "module.exports"), renderToString(React.createElement(Shown))]));`;

const LOAD = {
  mjs: `import * as entry from "hubspot-async-tasks/react";
import { useTask } from "hubspot-async-tasks/react";
import React from "react";
import { renderToString } from "react-dom/server";`,
  cjs: `const entry = require("hubspot-async-tasks/react");
const { useTask } = entry;
const React = require("react");
const { renderToString } = require("react-dom/server");`,
};

for (const version of VERSIONS) {
  const { folder } = stage(version, { isPage: false });
  for (const [extension, load] of Object.entries(LOAD)) {
    test(`as .${extension}, beside React ${version}, the hook is exported, and nothing else`, () => {
      const file = join(folder, `entry.${extension}`);
      writeFileSync(file, load + USE);
      assert.deepEqual(JSON.parse(execFileSync(process.execPath, [file], { encoding: "utf8" })), [["useTask"], "<p>idle</p>"]);
    });
  }
}

/** Shows and leaves twenty tasks, each of a client of its own, and says how much of them is still there. */
const LEAVE = `
import { openPage } from ${JSON.stringify(new URL("stage.mjs", import.meta.url).href)};
const { document } = openPage({ isInAct: false });
const { default: React } = await import("react");
const { default: dom } = await import("react-dom/client");
const { useTask } = await import("hubspot-async-tasks/react");
const { HubSpotTasks } = await import("hubspot-async-tasks");
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const Shown = ({ task }) => React.createElement("p", null, useTask(task).phase);
const show = async (task) => {
  const root = dom.createRoot(document.createElement("div"));
  root.render(React.createElement(Shown, { task }));
  await turn();
  root.unmount();
  await turn();
};
const held = [];
const use = () => {
  const client = new HubSpotTasks({ fetch: async () => ({ status: 202, body: { status: "PROCESSING" } }) });
  const task = client.exports.task("7");
  held.push(new WeakRef(client), new WeakRef(task));
  return show(task);
};
for (let count = 0; count < 20; count++) await use();
// React keeps what it drew last.
for (let count = 0; count < 3; count++) await show(null);
for (let round = 0; round < 10; round++) gc(), await turn();
console.log(held.filter((weak) => weak.deref()).length);`;

for (const version of VERSIONS) {
  test(`React ${version}: tasks that are shown no more are not held, and the process ends by itself`, () => {
    const file = join(stage(version, { isPage: false }).folder, "leave.mjs");
    writeFileSync(file, LEAVE);
    const held = Number(execFileSync(process.execPath, ["--expose-gc", file], { encoding: "utf8" }));
    // React, and the engine below it, may hold on to one that they saw.
    assert(held <= 2, `${held} of 40`);
  });
}

test("who uses no React has none installed, and npm misses nothing", () => {
  const { peerDependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.deepEqual(Object.keys(peerDependencies), ["react"]);
  assert(!existsSync(join(project, "node_modules/react")));
  assert.match(npm(project, "ls", "--all"), /hubspot-async-tasks@/);
});
