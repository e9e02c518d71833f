// Bundlers, without configuration or with what no user of theirs can do without. What they make runs as a page's script
// in Chromium, and holds the bytes once.
import { RESULTS, SLIM } from "../context.mjs";
import { EXPECTED_OF_RESULTS } from "../scenario.mjs";

const PACKAGE = "hubspot-async-tasks";
const JS = `${PACKAGE}/js`;
const VITE_WASM = 'import wasm from "hubspot-async-tasks/wasm?url";\n';

const SCRIPT = '<!doctype html><title>Matrix</title><script src="/errors.js"></script><script defer src="/dist/main.js"></script>\n';
const MODULE = SCRIPT.replace("defer", 'type="module"');

/** The command of a bundler, and the page that loads what it makes. */
const esbuild = (...more) => ({ command: ["esbuild", "main.mjs", "--bundle", "--outdir=dist", ...more], html: SCRIPT });
const rollup = { command: ["rollup", "main.mjs", "-p", "node-resolve", "-d", "dist"], html: MODULE };
const webpack = (mode) => ({ command: ["webpack", "./main.mjs", "-o", "dist", "--mode", mode], html: SCRIPT });

const built = ({ command, html }, entry = PACKAGE, { source, ...holds } = {}) => async (c) => {
  c.project("page");
  c.entry(entry, source);
  c.write("index.html", html);
  const [name, ...args] = command;
  await c.tool(name, args);
  c.holds("dist", holds);
  return c.page("Chromium", "index.html");
};

/** Vite's input is the page itself, and its output a site. */
const VITE_PAGE = MODULE.replace("/dist/main.js", "/main.mjs").replace('<script src="/errors.js"></script>', "");

const viteBuild = (entry = PACKAGE, { source, ...holds } = {}) => async (c) => {
  c.project("page");
  c.entry(entry, source);
  c.write("index.html", VITE_PAGE);
  await c.tool("vite", ["build"]);
  c.holds("dist", holds);
  return c.page("Chromium", "index.html", { folder: c.path("dist") });
};

const viteDev = (entry = PACKAGE, source) => async (c) => {
  c.project("page");
  c.entry(entry, source);
  c.write("index.html", VITE_PAGE);
  const { match } = await c.startTool("vite", ["--host=127.0.0.1", "--port=0"], { ready: /(http:\/\/127\.0\.0\.1:\d+)/ });
  return c.pageOf(match[1]);
};

/** Next is built once for all its cases, which wait for it. */
const NEXT_LIMIT_S = 300;
let nextFolder;

function nextBuild(c) {
  nextFolder ??= (async () => {
    c.project("next");
    c.project("page");
    c.entry(PACKAGE);
    await c.tool("next", ["build"]);
    c.holds(".next/static");
    c.holds(".next/server", { inlined: 3 }); // a bundle each: the page as the server renders it, the route, the one on edge
    return c.folder;
  })();
  return nextFolder;
}

async function nextStart(c) {
  const folder = await nextBuild(c);
  const { match } = await c.startTool("next", ["start", "--hostname=127.0.0.1", "--port=0"], {
    cwd: folder,
    ready: /(http:\/\/127\.0\.0\.1:\d+)/,
  });
  return match[1];
}

const nextClient = async (c) => c.pageOf(await nextStart(c));

const nextServer = (path) => async (c) => {
  const origin = await nextStart(c);
  const { url } = await c.server();
  return (await fetch(`${origin}${path}?server=${url}`, { signal: c.signal })).json();
};

export const bundlers = [
  { name: "esbuild (iife)", quick: true, run: built(esbuild()) },
  { name: "esbuild (iife, minified)", quick: true, run: built(esbuild("--minify")) },
  { name: "esbuild (esm)", run: built({ ...esbuild("--format=esm"), html: MODULE }) },
  { name: "esbuild, ./js", quick: true, run: built(esbuild("--minify"), JS, { inlined: 0 }) },
  {
    name: "esbuild, ./slim",
    run: built(esbuild("--loader:.wasm=file", "--public-path=/dist/"), SLIM, {
      source: 'import wasm from "hubspot-async-tasks/wasm";\n',
      inlined: 0,
      wasm: 1,
    }),
  },
  { name: "Rollup", quick: true, run: built(rollup) },
  { name: "Rollup, ./js", run: built(rollup, JS, { inlined: 0 }) },
  { name: "webpack (production)", quick: true, run: built(webpack("production")) },
  { name: "webpack (development)", run: built(webpack("development")) },
  { name: "webpack, ./js", run: built(webpack("production"), JS, { inlined: 0 }) },
  {
    name: "webpack, ./slim",
    run: built(webpack("production"), SLIM, {
      source: 'const wasm = new URL("hubspot-async-tasks/wasm", import.meta.url);\n',
      inlined: 0,
      wasm: 1,
    }),
  },
  { name: "Vite (build)", quick: true, run: viteBuild() },
  { name: "Vite (dev)", quick: true, run: viteDev() },
  { name: "Vite (build), ./js", run: viteBuild(JS, { inlined: 0 }) },
  { name: "Vite (build), ./slim", quick: true, run: viteBuild(SLIM, { source: VITE_WASM, inlined: 0, wasm: 1 }) },
  { name: "Vite (dev), ./slim", run: viteDev(SLIM, VITE_WASM) },
  { name: "esbuild, ./results", run: built(esbuild("--minify"), RESULTS), expected: EXPECTED_OF_RESULTS },
  { name: "webpack, ./results", quick: true, run: built(webpack("production"), RESULTS), expected: EXPECTED_OF_RESULTS },
  { name: "Vite (build), ./results", quick: true, run: viteBuild(RESULTS), expected: EXPECTED_OF_RESULTS },
  { name: "Next (client)", limitS: NEXT_LIMIT_S, run: nextClient },
  { name: "Next (server)", limitS: NEXT_LIMIT_S, run: nextServer("/scenario") },
  { name: "Next (edge)", limitS: NEXT_LIMIT_S, run: nextServer("/scenario-on-edge") },
];
