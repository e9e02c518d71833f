// Links: those inside the project lead to files and headings that are there, the README's to what is packed; those to other
// hosts stand in one list, which is asked at a release.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { anchorsOf, deadLinks, isExternal, linksOf, listedExternalLinks } from "../../scripts/links.mjs";
import { installed, root } from "../package/pack.mjs";

const read = (...path) => readFileSync(join(...path), "utf8");
const pagesIn = (folder, under) =>
  readdirSync(join(folder, under), { recursive: true }).filter((name) => name.endsWith(".md")).map((name) => join(under, name));

/** What is packed, and what the repository has besides. */
const PACKED = ["README.md", "SECURITY.md", ...pagesIn(installed, "docs")];
const OF_REPOSITORY = ["CONTRIBUTING.md", "CHANGELOG.md", ...["tests", "benches", "examples"].filter((name) => existsSync(join(root, name))).flatMap((name) => pagesIn(root, name))].filter(
  (page) => !page.includes("node_modules"),
);

/** Where a page's link leads: a path from the root, and perhaps a heading. */
function targetOf(page, link) {
  const [path, anchor] = link.split("#");
  return { path: path === "" ? page : join(dirname(page), path), anchor };
}

function assertLeads(page, link, folder) {
  const { path, anchor } = targetOf(page, link);
  assert(existsSync(join(folder, path)), `${link}: no ${path}`);
  if (anchor) assert(anchorsOf(read(folder, path)).includes(anchor), `${link}: no such heading`);
}

const inside = (page, folder) => linksOf(read(folder, page)).filter((link) => !isExternal(link));

test("each link of the README leads to what is packed", () => {
  const links = inside("README.md", installed);
  assert(links.length > 30, `${links.length} links`);
  for (const link of links) assertLeads("README.md", link, installed);
});

for (const page of PACKED.slice(1)) {
  test(`each link of ${page} leads to what is packed, or to what the repository has`, () => {
    for (const link of inside(page, installed)) {
      const isPacked = existsSync(join(installed, targetOf(page, link).path));
      assertLeads(page, link, isPacked ? installed : root);
    }
  });
}

test("each link of the repository's own pages leads somewhere", () => {
  for (const page of OF_REPOSITORY) for (const link of inside(page, root)) assertLeads(page, link, root);
});

test("the README leads to each page that is packed", () => {
  const links = inside("README.md", installed).map((link) => targetOf("README.md", link).path);
  for (const page of PACKED.slice(1)) assert(links.includes(page), page);
});

test("each page is packed as the repository has it", () => {
  const pages = ["README.md", "SECURITY.md", ...pagesIn(root, "docs")];
  assert.deepEqual(PACKED, pages);
  for (const page of pages) assert.equal(read(installed, page), read(root, page), `${basename(page)}: build the package anew`);
});

test("every link to another host stands in scripts/external-links.txt, once, and no other does", () => {
  const pages = ["README.md", "SECURITY.md", ...pagesIn(root, "docs"), ...OF_REPOSITORY];
  const found = new Set(pages.flatMap((page) => linksOf(read(root, page)).filter(isExternal)));
  assert.deepEqual(listedExternalLinks(), [...found].sort());
});

test("an address that is gone, fails or does not answer is told at a release; a refusal is an answer", async () => {
  const answers = { ok: 200, moved: 301, refused: 403, busy: 429, gone: 404, broken: 500 };
  const fetch = async (address) => {
    if (!(address in answers)) throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ENOTFOUND" } });
    return { status: answers[address] };
  };
  const told = await deadLinks([...Object.keys(answers), "nowhere"], fetch);
  assert.deepEqual(told, ["gone answers 404", "broken answers 500", "nowhere does not answer: ENOTFOUND"]);
});
