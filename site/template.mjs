// What stands around a page's text: head, menu, what is on the page, the pages before and after.
import { posix } from "node:path";

/** Scripts, styles and requests of this site alone; the theme is chosen by a script of its own, before anything is shown. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";

export const escape = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** @param page `{ address, title, html, headings, about }`. @param sections the menu, as pages.mjs gives it. */
export function whole(page, sections) {
  const to = (address) => posix.relative(posix.dirname(page.address), address);
  const root = posix.relative(posix.dirname(page.address), "") || ".";
  return `<!doctype html>
<html lang="en" data-root="${root}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escape(page.about)}">
<title>${escape(page.title)} · hubspot-async-tasks</title>
<link rel="icon" href="data:,">
<script src="${to("theme.js")}"></script>
<link rel="stylesheet" href="${to("site.css")}">
<script type="module" src="${to("site.js")}"></script>
</head>
<body>
<a class="skip" href="#site-text">Skip to the text</a>
<header>
<a class="brand" href="${to("index.html")}">hubspot-async-tasks</a>
<div class="tools" id="site-tools"></div>
<nav aria-label="Site"><a href="${to("../index.html")}">Demo</a></nav>
</header>
<div class="columns">
<nav class="menu" id="site-menu" aria-label="Pages">
${sections.map((section) => menuOf(section, page, to)).join("\n")}
</nav>
<main id="site-text" tabindex="-1">
${page.html}
${neighbours(page, sections, to)}
</main>
${contents(page)}
</div>
<footer>MIT or Apache-2.0, as you like. Not affiliated with HubSpot.</footer>
</body>
</html>
`;
}

const menuOf = ({ title, pages }, page, to) => `<p>${title}</p>
<ul>
${pages.map(({ address, label }) => `<li><a href="${to(address)}"${address === page.address ? ' aria-current="page"' : ""}>${escape(label)}</a></li>`).join("\n")}
</ul>`;

/** Of a page with a few headings; the API's have hundreds, of which those of names are shown. */
function contents({ headings }) {
  const shown = headings.filter(({ level }) => level === 2 || (level === 3 && headings.some((other) => other.text === "Interfaces")));
  if (shown.length < 2) return "";
  const items = shown.map(({ level, id, text }) => `<li class="level-${level}"><a href="#${id}">${escape(text)}</a></li>`);
  return `<nav class="contents" aria-label="On this page">\n<p>On this page</p>\n<ul>\n${items.join("\n")}\n</ul>\n</nav>`;
}

function neighbours({ address }, sections, to) {
  const all = sections.flatMap(({ pages }) => pages);
  const place = all.findIndex((page) => page.address === address);
  const link = (page, rel, words) => (page ? `<a rel="${rel}" href="${to(page.address)}">${words}: ${escape(page.label)}</a>` : "<span></span>");
  return `<nav class="neighbours" aria-label="Before and after">${link(all[place - 1], "prev", "Before")}${link(all[place + 1], "next", "Next")}</nav>`;
}
