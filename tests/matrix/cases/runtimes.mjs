// Runtimes outside of browsers. Each asks a server over HTTP, by its own fetch.
import { RESULTS, SLIM } from "../context.mjs";
import { EXPECTED_OF_RESULTS } from "../scenario.mjs";

const PACKAGE = "hubspot-async-tasks";

/** How a runtime is started with a consumer: its program and arguments. */
const node = (major) => (c) => [c.node(major)];
const bun = () => ["bun", "run"];
const deno = () => ["deno", "run", "--allow-all", "--no-lock"];

const esm = (runtime, entry = PACKAGE) => (c) => {
  c.project("console");
  c.entry(entry);
  const [program, ...args] = runtime(c);
  return c.printed(program, [...args, "main.mjs"]);
};

const cjs = (runtime, entry = PACKAGE) => (c) => {
  c.project("console");
  c.entry(entry);
  for (const file of ["main.mjs", "tasks.mjs", "scenario.mjs"]) c.commonjs(file);
  const [program, ...args] = runtime(c);
  return c.printed(program, [...args, "main.cjs"]);
};

/** The .wasm file as a user in Node reads it. */
const slim = (runtime) => (c) => {
  c.project("console");
  c.entry(SLIM, 'import { readFile } from "node:fs/promises";\nconst wasm = readFile(new URL(import.meta.resolve("hubspot-async-tasks/wasm")));\n');
  const [program, ...args] = runtime(c);
  return c.printed(program, [...args, "main.mjs"]);
};

const bundledByBun = (entry = PACKAGE) => async (c) => {
  c.project("console");
  c.entry(entry);
  await c.tool("bun", ["build", "main.mjs", "--target=bun", "--outdir=dist"]);
  c.holds("dist");
  return c.printed("bun", ["run", "dist/main.js"]);
};

/** Built by wrangler, whose configuration names the file only, and run by its workerd. */
const workerd = (entry, holds) => async (c) => {
  c.project("workerd");
  c.entry(entry);
  // Keeps its logs in the case's folder, and asks Cloudflare for nothing.
  const env = { XDG_CONFIG_HOME: c.folder, TMPDIR: c.folder, CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  await c.tool("wrangler", ["deploy", "--dry-run", "--outdir=dist"], { env });
  c.holds("dist", holds);
  const { match } = await c.startTool("wrangler", ["dev", "--ip=127.0.0.1", "--port=0", "--inspector-port=0"], {
    env,
    ready: /Ready on (http\S+)/,
  });
  const { url } = await c.server();
  return (await fetch(`${match[1]}?server=${url}`, { signal: c.signal })).json();
};

export const runtimes = [
  { name: "Node 20, ESM", quick: true, run: esm(node(20)) },
  { name: "Node 20, CommonJS", quick: true, run: cjs(node(20)) },
  { name: "Node 22, ESM", quick: true, run: esm(node(22)) },
  { name: "Node 22, CommonJS", quick: true, run: cjs(node(22)) },
  { name: "Node 24, ESM", quick: true, run: esm(node(24)) },
  { name: "Node 24, CommonJS", quick: true, run: cjs(node(24)) },
  { name: "Node 20, ESM, ./js", quick: true, run: esm(node(20), `${PACKAGE}/js`) },
  { name: "Node 24, CommonJS, ./js", quick: true, run: cjs(node(24), `${PACKAGE}/js`) },
  { name: "Node 20, ESM, ./slim", quick: true, run: slim(node(20)) },
  { name: "Deno", quick: true, run: esm(deno) },
  { name: "Deno, ./js", run: esm(deno, `${PACKAGE}/js`) },
  { name: "Bun", quick: true, run: esm(bun) },
  { name: "Bun, CommonJS", run: cjs(bun) },
  { name: "Bun, bundled", quick: true, run: bundledByBun() },
  { name: "Bun, ./js", run: esm(bun, `${PACKAGE}/js`) },
  ...[
    { name: "Node 20, ESM, ./results", quick: true, run: esm(node(20), RESULTS) },
    { name: "Node 20, CommonJS, ./results", quick: true, run: cjs(node(20), RESULTS) },
    { name: "Node 24, ESM, ./results", run: esm(node(24), RESULTS) },
    { name: "Deno, ./results", quick: true, run: esm(deno, RESULTS) },
    { name: "Bun, ./results", quick: true, run: esm(bun, RESULTS) },
    { name: "Bun, bundled, ./results", run: bundledByBun(RESULTS) },
    { name: "workerd, ./results", run: workerd(RESULTS, { inlined: 0, wasm: 1 }) },
  ].map((it) => ({ ...it, expected: EXPECTED_OF_RESULTS })),
  { name: "workerd", quick: true, run: workerd(PACKAGE, { inlined: 0, wasm: 1 }) },
  { name: "workerd, ./js", run: workerd(`${PACKAGE}/js`, { inlined: 0 }) },
];
