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

/** For a page, or for a server that renders. */
const svelte = (generate) => ({
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js, warnings } = compileSvelte(await readFile(path, "utf8"), { filename: path, generate });
      if (warnings.length > 0) throw new AggregateError(warnings, path);
      return { contents: js.code };
    });
  },
});

/** How each framework draws a component: a function of component, target and properties that gives `{ change, leave }`. */
const MOUNT = {
  react: `
import { createElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
export function mount(component, target, properties) {
  const root = createRoot(target);
  const change = (properties) => root.render(createElement(StrictMode, null, createElement(component, properties)));
  change(properties);
  return { change, leave: () => root.unmount() };
}`,
  vue: `
import { createApp, h, shallowRef } from "vue";
export function mount(component, target, properties) {
  const given = shallowRef(properties);
  const app = createApp({ setup: () => () => h(component, given.value) });
  app.mount(target);
  return { change: (properties) => void (given.value = properties), leave: () => app.unmount() };
}`,
  svelte: `
import { createClassComponent } from "svelte/legacy";
export function mount(component, target, props) {
  const instance = createClassComponent({ component, target, props });
  return { change: (props) => instance.$set(props), leave: () => instance.$destroy() };
}`,
};

/** How each framework renders a component on a server: a function of component and properties that gives HTML. */
const RENDER = {
  react: `
import { createElement } from "react";
import { renderToString } from "react-dom/server";
export const render = async (component, properties) => renderToString(createElement(component, properties));`,
  vue: `
import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
export const render = (component, properties) => renderToString(createSSRApp(component, properties));`,
  svelte: `
import { render as renderToParts } from "svelte/server";
export const render = async (component, props) => (await renderToParts(component, { props })).body;`,
};

const FLAGS = { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" };

/** Bundles a file of a folder with what goes before it; gives what both export, and the file's exports as `all`. */
async function made(before, folder, file, options) {
  const outfile = join(folder, `${file}.${options.platform}.mjs`);
  await build({
    stdin: { contents: `${before}\nexport * from "./${file}";\nexport * as all from "./${file}";`, resolveDir: folder },
    outfile,
    bundle: true,
    format: "esm",
    define: { "process.env.NODE_ENV": '"development"', ...FLAGS },
    jsx: "automatic",
    logLevel: "error",
    ...options,
  });
  return import(pathToFileURL(outfile).href);
}

/** A file of a folder as a page has it: `{ mount, all, … }`. */
export const bundled = (framework, folder, file) =>
  made(MOUNT[framework], folder, file, { platform: "browser", plugins: [vue, svelte("client")] });

/** A file of a folder as a server has it, where the frameworks stay packages: `{ render, all, … }`. */
export const onServer = (framework, folder, file) =>
  made(RENDER[framework], folder, file, { platform: "node", packages: "external", plugins: [vue, svelte("server")] });
