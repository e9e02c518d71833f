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

test("who uses no React has none installed, and npm misses nothing", () => {
  const { peerDependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.deepEqual(Object.keys(peerDependencies), ["react"]);
  assert(!existsSync(join(project, "node_modules/react")));
  assert.match(npm(project, "ls", "--all"), /hubspot-async-tasks@/);
});
