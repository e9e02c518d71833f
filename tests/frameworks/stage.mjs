// A page without a browser, and each React that is supported with the packed hook on it, as a user's project has them.
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Window } from "happy-dom";
import { installed, project } from "../package/pack.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Where each version of React is installed. */
const FROM = { 18: join(here, "react-18/package.json"), 19: join(here, "../../package.json") };

export const VERSIONS = Object.keys(FROM);

/** What frameworks take for granted on a page. */
const GLOBALS = ["document", "location", "navigator", "Comment", "Element", "HTMLElement", "HTMLMediaElement", "Node", "SVGElement", "Text"];

/** Opens a page: its globals are there before frameworks are loaded. `isInAct`: updates are told by React's own `act()`. */
export function openPage({ isInAct = true } = {}) {
  const window = new Window({ url: "https://app.example.com/" });
  const globals = Object.fromEntries(GLOBALS.map((name) => [name, window[name]]));
  // Node has a `navigator` of its own, from 21 on.
  for (const [name, value] of Object.entries({ window, ...globals, ...(isInAct && { IS_REACT_ACT_ENVIRONMENT: true }) })) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  return window;
}

/** The packed package beside one version of React: `{ React, dom, server, hook }`, of which `dom` is for a page alone. */
export function stage(version, { isPage = true } = {}) {
  const folder = join(project, `react-${version}-${process.pid}`);
  if (!existsSync(folder)) furnish(folder, version);
  const require = createRequire(join(folder, "package.json"));
  const React = require("react");
  if (!React.version.startsWith(`${version}.`)) throw new Error(`React ${React.version} is not ${version}`);
  return {
    folder,
    React,
    act: React.act ?? require("react-dom/test-utils").act,
    dom: isPage ? require("react-dom/client") : undefined,
    server: require("react-dom/server"),
    hook: require("hubspot-async-tasks/react"),
  };
}

function furnish(folder, version) {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}\n");
  cpSync(installed, join(folder, "node_modules/hubspot-async-tasks"), { recursive: true });
  const { resolve } = createRequire(FROM[version]);
  for (const name of ["react", "react-dom"]) symlinkSync(dirname(resolve(`${name}/package.json`)), join(folder, "node_modules", name));
}
