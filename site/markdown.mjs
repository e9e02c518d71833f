// A page's Markdown as HTML: with GitHub's anchors, links that lead to pages of the site, and code in colours.
import { posix } from "node:path";
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import toml from "highlight.js/lib/languages/ini";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import MarkdownIt from "markdown-it";
import { anchorOf, isExternal } from "../scripts/links.mjs";

/** What fences say, by the language that they are coloured as. */
const LANGUAGES = {
  bash: ["bash", "console", "sh"],
  javascript: ["js", "jsx"],
  json: ["json"],
  plaintext: ["jsonl", "text"],
  python: ["py", "python"],
  rust: ["rust"],
  toml: ["toml"],
  typescript: ["ts", "tsx"],
  xml: ["html", "svelte", "vue"],
};
for (const [name, language] of Object.entries({ bash, javascript, json, python, rust, toml, typescript, xml })) hljs.registerLanguage(name, language);

const colouredAs = new Map(Object.entries(LANGUAGES).flatMap(([language, words]) => words.map((word) => [word, language])));

/**
 * `{ html, title, headings }` of a page. A heading is `{ level, id, text }`.
 *
 * @param targetOf what a link to a file of the repository becomes: an address, or undefined where there is none.
 */
export function render({ text, source, address }, targetOf) {
  const env = { source, address, targetOf, ids: new Map(), headings: [] };
  const html = markdown.render(text, env);
  const [{ text: title } = {}] = env.headings;
  if (!title) throw new Error(`${source} has no title`);
  return { html, title, headings: env.headings };
}

/** Comments are what HTML is in the pages, but for the anchors in the API's. */
const markdown = new MarkdownIt({ html: true });
const { rules } = markdown.renderer;
const { escapeHtml } = markdown.utils;

/** The words of a line, without its marks. */
const plain = (token) => token.children.map(({ type, content }) => (["text", "code_inline"].includes(type) ? content : type === "softbreak" ? " " : "")).join("");

// --- Headings ---------------------------------------------------------------------------------------------------------

/** An anchor that the page gives itself: `## Title {#anchor}`. */
const GIVEN = / \{#([^}]+)\}$/;

/** An anchor that HTML gives. */
const IN_HTML = /^<a id="([^"]+)">/;

markdown.core.ruler.push("headings", ({ tokens, env }) => {
  for (const { content } of tokens) for (const [, id] of content.matchAll(/ \{#([^}]+)\}$|<a id="([^"]+)">/g)) env.ids.set(id, 1);
  for (const [place, token] of tokens.entries()) {
    if (token.type !== "heading_open") continue;
    const line = tokens[place + 1];
    const [, given] = GIVEN.exec(line.content) ?? [];
    if (given) line.children.at(-1).content = line.children.at(-1).content.replace(GIVEN, "");
    const id = given ?? unused(anchorOf(line.content), env.ids);
    token.attrSet("id", id);
    env.headings.push({ level: Number(token.tag.slice(1)), id, text: plain(line) });
  }
});

/** The second heading of a name gets a number, as at GitHub. */
function unused(anchor, ids) {
  const before = ids.get(anchor) ?? 0;
  ids.set(anchor, before + 1);
  return before === 0 ? anchor : `${anchor}-${before}`;
}

// --- Rows that are looked for -------------------------------------------------------------------------------------------

/** Of a table's row: names and nothing else, perhaps behind an anchor. */
const NAMES = /^(?:<a id="[^"]+"><\/a> )?((?:`[^`]+`(?:, )?)+)$/;

// Each option, field or property of a table has an anchor of its own.
markdown.core.ruler.push("rows", ({ tokens, env }) => {
  let heading = "";
  for (const [place, token] of tokens.entries()) {
    if (token.type === "heading_open") heading = token.attrGet("id");
    if (token.type !== "tr_open") continue;
    const first = tokens[place + 2];
    const [, names] = NAMES.exec(first.content) ?? [];
    if (!names) continue;
    const [, given] = IN_HTML.exec(first.content) ?? [];
    const id = given ?? unused(`${heading}-${anchorOf(names)}`, env.ids);
    if (!given) tokens[place + 1].attrSet("id", id);
    token.meta = { id, names: names.replaceAll("`", "") };
  }
});

// --- Links and pictures -------------------------------------------------------------------------------------------------

/** From the page on which it stands; undefined where the site does not have what it leads to. */
function linkFrom({ source, address, targetOf }, link) {
  if (isExternal(link) || link.startsWith("#")) return link;
  const [path, anchor] = link.split("#");
  const target = targetOf(posix.join(posix.dirname(source), path));
  if (target === undefined || isExternal(target)) return target;
  return posix.relative(posix.dirname(address), target) + (anchor ? `#${anchor}` : "");
}

markdown.core.ruler.push("links", ({ tokens, env }) => {
  for (const { children } of tokens) {
    const open = [];
    for (const token of children ?? []) {
      if (token.type === "link_open") {
        const link = linkFrom(env, token.attrGet("href"));
        // What the repository has and the site has not stands there as text, until the repository has an address.
        if (link === undefined) token.tag = "span";
        token.attrs = link === undefined ? null : [["href", link]];
        open.push(token);
      }
      if (token.type === "link_close") token.tag = open.pop().tag;
      if (token.type === "image") token.attrSet("src", linkFrom(env, token.attrGet("src")));
    }
  }
});

// --- Tables and code ----------------------------------------------------------------------------------------------------

// What is wider than the screen is scrolled by itself, by keys as well.
rules.table_open = () => '<div class="wide" tabindex="0"><table>\n';
rules.table_close = () => "</table></div>\n";

// Columns of numbers are told by a class: the page's policy refuses styles in elements.
for (const name of ["th_open", "td_open"]) {
  rules[name] = (tokens, place, options, env, renderer) => {
    const token = tokens[place];
    const [, side] = /text-align:(\w+)/.exec(token.attrGet("style") ?? "") ?? [];
    if (side) token.attrs = [...token.attrs.filter(([key]) => key !== "style"), ["class", side]];
    return renderer.renderToken(tokens, place, options);
  };
}

// A head without words is no head.
markdown.core.ruler.push("heads", ({ tokens }) => {
  for (const [place, token] of tokens.entries()) {
    if (token.type === "th_open" && tokens[place + 1].content === "") token.tag = tokens[place + 2].tag = "td";
  }
});

rules.fence = (tokens, place) => {
  const { info, content } = tokens[place];
  const [word = "text", file] = info.split(" ").filter(Boolean);
  const language = colouredAs.get(word);
  if (!language) throw new Error(`no language is called ${word}: see LANGUAGES`);
  const code = language === "plaintext" ? escapeHtml(content) : hljs.highlight(content, { language }).value;
  const caption = file ? `<figcaption>${escapeHtml(file)}</figcaption>` : "";
  return `<figure class="${language === "plaintext" ? "code output" : "code"}">${caption}<pre tabindex="0"><code>${code}</code></pre></figure>\n`;
};

// --- Sections, for the search -------------------------------------------------------------------------------------------

/** What each heading, and each row with a name, is about: `{ id, heading, text }`, up to the next one. */
export function sectionsOf({ text }) {
  const env = { source: "", address: "", targetOf: () => "", ids: new Map(), headings: [] };
  const tokens = markdown.parse(text, env);
  const headings = env.headings.values();
  // Where a page gives anchors itself, what else has a heading (Properties, Returns) belongs to the one before.
  const isSection = ({ content }, level) => level === 1 || GIVEN.test(content) || !/ \{#[^}]+\}$/m.test(text);
  const sections = [];
  let section, row, named;
  for (const [place, token] of tokens.entries()) {
    if (token.type === "heading_open") {
      const { id, text: heading, level } = headings.next().value;
      if (!isSection(tokens[place + 1], level)) continue;
      sections.push((section = { id, heading, words: [] }));
      named = tokens[place + 1];
    }
    if (token.type === "tr_open" && token.meta) {
      sections.push((row = { id: token.meta.id, heading: token.meta.names, words: [section.heading] }));
      named = tokens[place + 2];
    }
    if (token.type === "tr_close") row = undefined;
    if (token.type === "inline" && token !== named) (row ?? section)?.words.push(plain(token));
    if (token.type === "fence") section?.words.push(token.content);
  }
  return sections.map(({ id, heading, words }) => ({ id, heading, text: words.join(" ").replace(/\s+/g, " ").trim() }));
}
