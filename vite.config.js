// The demo page in www/, made with the built package in pkg/.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The page imports the package by its name; what a browser gets then is what the exports map says. */
function packageEntry(name, entry) {
  const { exports } = JSON.parse(readFileSync(here("pkg/package.json"), "utf8"));
  return { find: new RegExp(`^${name}$`), replacement: here(`pkg/${exports[entry].import.default}`) };
}

/** The package is asked for with the page, and not only when the page's script has come. */
const preloadPackage = {
  name: "preload-package",
  transformIndexHtml(_, { bundle = {} }) {
    const chunk = Object.values(bundle).find(({ facadeModuleId }) => facadeModuleId === here("pkg/index.js"));
    return chunk ? [{ tag: "link", attrs: { rel: "modulepreload", href: `./${chunk.fileName}`, crossorigin: true }, injectTo: "head" }] : [];
  },
};
/** Of the benchmark's results the page shows some, in as many digits as it writes. */
const shortResults = {
  name: "short-results",
  enforce: "pre",
  transform(code, id) {
    if (id !== here("benches/polling/results.json")) return undefined;
    return JSON.stringify(JSON.parse(code, (key, value) => (NOT_SHOWN.includes(key) ? undefined : typeof value === "number" ? Number(value.toPrecision(3)) : value)));
  },
};
const NOT_SHOWN = ["title", "tasks", "gaveUp", "p95DelayS", "pace"];

export default defineConfig({
  root: here("www"),
  base: "./", // so that www/dist works below any path
  resolve: {
    alias: [
      packageEntry("hubspot-async-tasks", "."),
      packageEntry("hubspot-async-tasks/js", "./js"),
      packageEntry("hubspot-async-tasks/results", "./results"),
      packageEntry("hubspot-async-tasks/simulator", "./simulator"),
    ],
  },
  plugins: [preloadPackage, shortResults],
  build: {
    license: { fileName: "licenses.md" }, // what the page brings of others is passed on with its licence
    target: "es2022",
    assetsInlineLimit: 0, // the page's policy takes nothing inline
    modulePreload: { polyfill: false },
  },
  server: { fs: { allow: [here(".")] } }, // pkg/ lies outside www/
});
