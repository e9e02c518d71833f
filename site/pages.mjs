// Which pages the site has, in which order, and where each lies: the Markdown of docs/, with the README and its like. What lies
// in a folder appears by itself; the tables here say what comes first, and how it is called in the menu.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("../", import.meta.url));

/** The menu. Of a folder the named pages come first, in this order; all others follow by their names. */
const SECTIONS = [
  {
    title: "Start",
    pages: { "docs/README.md": "Overview", "README.md": "A tour" },
    folder: "docs/start",
    first: ["node", "browser", "next", "vite", "cloudflare-workers", "deno", "bun", "ui-extension", "react-native", "rust"],
  },
  {
    title: "Guides",
    pages: {
      "docs/starting.md": "Starting tasks",
      "docs/results.md": "Files and rows",
      "docs/proxy.md": "A proxy of your own",
      "docs/ui-extension.md": "UI extensions",
      "docs/families.md": "Other families of task",
      "docs/simulator.md": "The simulator",
      "docs/hosts.md": "Hosts and policies",
    },
    folder: "docs",
  },
  { title: "Recipes", pages: {}, folder: "docs/recipes", first: ["export-to-file", "queue-worker"] },
  { title: "Reference", pages: { "docs/options.md": "Options", "docs/errors.md": "Errors" } },
  {
    title: "How it works",
    pages: { "docs/polling.md": "Polling", "docs/reliability.md": "Reliability", "SECURITY.md": "Security", "CHANGELOG.md": "Changelog" },
  },
];

/** Where pages lie that are not in docs/, and the first one of each folder. */
const ADDRESSES = { "docs/README.md": "index.html", "README.md": "tour.html", "SECURITY.md": "security.html", "CHANGELOG.md": "changelog.html" };

/** Beside them, as they are: what pages show or link to. */
export const ASSETS = { "docs/polling.svg": "polling.svg", "docs/demo-lanes.webp": "demo-lanes.webp", "docs/demo-pictures.webp": "demo-pictures.webp", "docs/checkpoint.schema.json": "checkpoint.schema.json" };

const addressOf = (source) => ADDRESSES[source] ?? posix.relative("docs", source).replace(/\.md$/, ".html");

/**
 * The sections with their pages: `{ source, address, label, text }`.
 *
 * @param generated the API's pages, as the others but for their text, which is made.
 */
export function sections(generated = []) {
  const named = new Set(SECTIONS.flatMap(({ pages }) => Object.keys(pages)));
  const made = SECTIONS.map(({ title, pages, folder, first = [] }) => ({
    title,
    pages: [
      ...Object.entries(pages).filter(([source]) => existsSync(`${root}${source}`)).map(([source, label]) => pageOf(source, label)),
      ...(folder ? others(folder, first).filter((source) => !named.has(source)).map((source) => pageOf(source)) : []),
    ],
  }));
  return generated.length > 0 ? [...made, { title: "API", pages: generated }] : made;
}

function others(folder, first) {
  const placeOf = (name) => (first.includes(name) ? first.indexOf(name) : first.length);
  const names = existsSync(`${root}${folder}`) ? readdirSync(`${root}${folder}`).filter((name) => name.endsWith(".md")) : [];
  const bare = names.map((name) => name.replace(/\.md$/, ""));
  return bare.sort((one, other) => placeOf(one) - placeOf(other) || (one < other ? -1 : 1)).map((name) => `${folder}/${name}.md`);
}

function pageOf(source, label) {
  const text = readFileSync(`${root}${source}`, "utf8");
  return { source, address: addressOf(source), label: label ?? headingOf(text), text };
}

const headingOf = (text) => /^# (.*)$/m.exec(text)[1].replaceAll("`", "");
