// The snippets of docs/recipes/ that show a task by a framework: compiled by the framework's own compiler, and drawn.
import { symlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { compile as compileSvelte } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";
import { root } from "../package/pack.mjs";

/** Those of the pages. */
export const RECIPES = {
  "react.md": ["export.tsx", "start-export.tsx", "boundary.tsx", "suspended.tsx"],
  "vue.md": ["use-task.ts", "tasks.ts", "Export.vue"],
  "svelte.md": ["shown.ts", "tasks.ts", "Export.svelte", "task-store.ts"],
};

/** Of the compiler, as the frameworks' own tools set them. */
export const COMPILER_OPTIONS = { jsx: "react-jsx", module: "esnext", moduleResolution: "bundler", types: [], skipLibCheck: true };

const { resolve } = createRequire(join(root, "package.json"));

/** What `npm install` of the frameworks brings; their types, too. */
export function installFrameworks(folder) {
  const link = (name) => symlinkSync(dirname(resolve(`${name}/package.json`)), join(folder, "node_modules", name));
  for (const name of ["react", "react-dom", "vue", "svelte", "@types/react"]) link(name);
}

/** A single-file component as a module, with its template in the script. */
const vue = {
  name: "vue",
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor, errors } = parse(await readFile(path, "utf8"), { filename: path });
      if (errors.length > 0) throw new AggregateError(errors, path);
      return { contents: compileScript(descriptor, { id: path, inlineTemplate: true }).content, loader: "ts" };
    });
  },
};

const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js, warnings } = compileSvelte(await readFile(path, "utf8"), { filename: path, generate: "client" });
      if (warnings.length > 0) throw new AggregateError(warnings, path);
      return { contents: js.code };
    });
  },
};

/** How each framework draws a component: a function of component, target and properties that gives what ends it. */
const MOUNT = {
  react: `
import { createElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
export function mount(component, target, properties) {
  const root = createRoot(target);
  root.render(createElement(StrictMode, null, createElement(component, properties)));
  return () => root.unmount();
}`,
  vue: `
import { createApp } from "vue";
export function mount(component, target, properties) {
  const app = createApp(component, properties);
  app.mount(target);
  return () => app.unmount();
}`,
  svelte: `
import { mount as begin, unmount } from "svelte";
export function mount(component, target, props) {
  const instance = begin(component, { target, props });
  return () => unmount(instance);
}`,
};

const NAMES = { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" };

/** Bundles a file of a folder for a page; gives `{ mount, …what it exports }`. */
export async function bundled(framework, folder, file) {
  const outfile = join(folder, `${file}.bundled.mjs`);
  await build({
    stdin: { contents: `${MOUNT[framework]}\nexport * from "./${file}";\nexport * as all from "./${file}";`, resolveDir: folder },
    outfile,
    bundle: true,
    format: "esm",
    platform: "browser",
    define: { "process.env.NODE_ENV": '"development"', ...NAMES },
    jsx: "automatic",
    logLevel: "error",
    plugins: [vue, svelte],
  });
  return import(pathToFileURL(outfile).href);
}
