#!/usr/bin/env node
// Builds what is published: the demo page, and in docs/ beside it the docs as a site. The folder is an argument: www/dist if
// not given. It works from any path, and asks no other host for anything.
import { copyFileSync, existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import { build as buildPage } from "vite";
import { render, sectionsOf } from "./markdown.mjs";
import { ASSETS, root, sections } from "./pages.mjs";
import { reference } from "./reference.mjs";
import { whole } from "./template.mjs";

export async function build(out) {
  await buildPage({ configFile: join(root, "vite.config.js"), logLevel: "warn", build: { outDir: resolve(out), emptyOutDir: true } });
  await buildDocs(join(out, "docs"));
}

/** The docs alone. Gives the menu. */
export async function buildDocs(out) {
  const menu = sections(await reference());
  const pages = menu.flatMap(({ pages }) => pages);
  const addresses = { ...Object.fromEntries(pages.map(({ source, address }) => [source, address])), ...ASSETS };
  const write = (address, text) => {
    mkdirSync(dirname(join(out, address)), { recursive: true });
    writeFileSync(join(out, address), text);
  };

  rmSync(out, { recursive: true, force: true });
  const searched = [];
  for (const page of pages) {
    const { html, title, headings } = render(page, (path) => addresses[path] ?? elsewhere(path, page));
    const parts = sectionsOf(page);
    const about = parts.map(({ text }) => text).find(Boolean)?.slice(0, 200) ?? title;
    write(page.address, whole({ ...page, title, html, headings, about }, menu));
    for (const { id, heading, text } of parts) searched.push({ id: `${page.address}#${id}`, title, heading, text });
  }
  write("search.json", JSON.stringify(searched));
  for (const [source, address] of Object.entries(ASSETS)) copyFileSync(join(root, source), join(out, address));
  const client = (name) => join(root, "site/client", name);
  await bundle({
    entryPoints: ["theme.js", "site.js", "site.css"].map(client),
    outdir: out,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
  });
  return menu;
}

/** A file of the repository has no address here; what is nowhere is a mistake. */
function elsewhere(path, { source }) {
  if (!existsSync(join(root, path))) throw new Error(`${source} links to ${path}, which is not there`);
  return undefined;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const out = process.argv[2] ?? join(root, "www/dist");
  await build(out);
  console.log(`The demo page and docs/ are in ${out}`);
}
