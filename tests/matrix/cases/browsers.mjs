// Browsers that load the package's own files, without a bundler: in pages, in workers, under a
// Content-Security-Policy.
import { SLIM } from "../context.mjs";

const INDEX = "/package/index.js";
const JS = "/package/js.js";

const MODULE = '<!doctype html><title>Matrix</title><script src="/errors.js"></script><script type="module" src="main.mjs"></script>\n';
const STARTER = MODULE.replace('type="module" src="main.mjs"', 'src="main.js"');

const page = (browser, file, csp) => (c) => {
  c.project("page");
  c.entry(file);
  c.write("index.html", MODULE);
  return c.page(browser, "index.html", { csp });
};

/** By bare names, as code without a bundler has them from an import map. */
const byImportMap = (browser) => (c) => {
  const imports = { [SLIM]: "/package/slim.js" };
  c.project("page");
  c.entry(SLIM, 'const wasm = fetch("/package/hubspot-async-tasks.wasm");\n');
  c.write("index.html", `<script type="importmap">${JSON.stringify({ imports })}</script>\n${MODULE}`);
  return c.page(browser, "index.html");
};

const worker = (browser, project, file = INDEX, csp) => (c) => {
  c.project("page");
  c.project(project);
  c.entry(file);
  c.write("index.html", STARTER);
  return c.page(browser, "index.html", { csp });
};

const STRICT = "script-src 'self'";
const WITH_WASM = "script-src 'self' 'wasm-unsafe-eval'";

/** What `.` says where WebAssembly is refused. */
const BLOCKED = {
  thrown: {
    name: "HubSpotTaskError",
    code: "WASM_BLOCKED",
    message:
      "this host compiles no WebAssembly: add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy, or import hubspot-async-tasks/js",
  },
};

const casesIn = (browser) => {
  const quick = browser === "Chromium";
  return [
    { name: `${browser}, <script type="module">`, quick, run: page(browser, INDEX) },
    { name: `${browser}, the minified file`, quick, run: page(browser, "/package/index.min.js") },
    { name: `${browser}, ./js`, run: page(browser, JS) },
    { name: `${browser}, ./slim by an import map`, quick, run: byImportMap(browser) },
    { name: `${browser}, dedicated worker`, quick, run: worker(browser, "worker") },
    { name: `${browser}, CSP ${STRICT}, . says WASM_BLOCKED`, quick, expected: BLOCKED, run: page(browser, INDEX, STRICT) },
    { name: `${browser}, CSP ${STRICT}, ./js`, quick, run: page(browser, JS, STRICT) },
    { name: `${browser}, CSP ${WITH_WASM}`, quick, run: page(browser, INDEX, WITH_WASM) },
    { name: `${browser}, dedicated worker, CSP ${STRICT}, ./js`, run: worker(browser, "worker", JS, STRICT) },
  ];
};

export const browsers = [
  ...casesIn("Chromium"),
  { name: "Chromium, service worker", quick: true, run: worker("Chromium", "service-worker") },
  ...casesIn("Firefox"),
  ...casesIn("WebKitGTK"),
];
