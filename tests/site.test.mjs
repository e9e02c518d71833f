// The docs as a site, built as it is published and opened in a real Chromium: every page in both themes, narrow and wide.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join, relative } from "node:path";
import { after, before, describe, test } from "node:test";
import MiniSearch from "minisearch";
import { anchorsOf } from "../scripts/links.mjs";
import { build } from "../site/build.mjs";
import { root, sections } from "../site/pages.mjs";
import { reference } from "../site/reference.mjs";
import { OPTIONS } from "../site/search.mjs";
import { launch } from "./chromium.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };
/** Where it is published is not known to it. */
const PATH = "/somewhere/else";
const WIDTHS = [360, 1440];

const out = mkdtempSync(join(tmpdir(), "site-"));
const docs = join(out, "docs");
after(() => rmSync(out, { recursive: true }));
await build(out);

const pages = readdirSync(docs, { recursive: true }).filter((name) => name.endsWith(".html")).sort();
const read = (name) => readFileSync(join(docs, name), "utf8");

// --- What was built -----------------------------------------------------------------------------------------------------

test("every page of docs/, and each of the API's, stands in the menu once", () => {
  const sources = readdirSync(join(root, "docs"), { recursive: true }).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
  const listed = sections().flatMap(({ pages }) => pages.map(({ source }) => source));
  assert.deepEqual(listed.sort(), [...sources, "README.md", "SECURITY.md", "CHANGELOG.md"].sort());
  const menu = /<nav class="menu"[^]*?<\/nav>/.exec(read("index.html"))[0];
  const shown = [...menu.matchAll(/href="([^"]+)"/g)].map(([, link]) => link);
  assert.deepEqual(shown.sort(), pages);
  assert.equal(pages.filter((name) => name.startsWith("api/")).length >= 5, true, "entries with a reference");
});

const idsOf = (html) => [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
const linksOf = (html) => [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link]) => link).filter((link) => !link.startsWith("data:"));

test("each link leads to a file and an anchor that are there, or to a host that is listed", () => {
  const listed = readFileSync(join(root, "scripts/external-links.txt"), "utf8").split("\n");
  let checked = 0;
  for (const name of pages) {
    for (const link of linksOf(read(name))) {
      checked += 1;
      if (/^https?:/.test(link)) {
        assert(listed.includes(link), `${name}: ${link}`);
        continue;
      }
      const [path, anchor] = link.split("#");
      const target = path === "" ? join(docs, name) : join(dirname(join(docs, name)), path);
      assert(existsSync(target), `${name}: ${link}`);
      if (anchor) assert(idsOf(readFileSync(target, "utf8")).includes(anchor), `${name}: ${link}`);
    }
  }
  assert(checked > 1_000, `${checked} links`);
});

test("no page has an id twice, and headings have the anchors that GitHub gives them", () => {
  for (const name of pages) {
    const ids = idsOf(read(name));
    assert.deepEqual(ids.filter((id, place) => ids.indexOf(id) !== place), [], name);
  }
  const anchors = anchorsOf(readFileSync(join(root, "docs/proxy.md"), "utf8"));
  for (const anchor of anchors) assert(idsOf(read("proxy.html")).includes(anchor), anchor);
});

describe("the search", () => {
  const documents = JSON.parse(read("search.json"));
  const index = new MiniSearch(OPTIONS);
  index.addAll(documents);
  /** Those that are seen without scrolling. */
  const addressesOf = (words) => index.search(words).slice(0, 5).map(({ id }) => id);
  const found = (words, page) => assert(addressesOf(words).some((id) => id.startsWith(page)), `${words}: ${addressesOf(words)}`);

  test("each heading is in it, and leads to itself", () => {
    for (const { id } of documents) {
      const [page, anchor] = id.split("#");
      assert(idsOf(read(page)).includes(anchor), id);
    }
  });

  test("finds each error code on the page of errors", () => {
    const codes = anchorsOf(readFileSync(join(root, "docs/errors.md"), "utf8")).slice(1);
    assert(codes.length >= 15);
    for (const code of codes) found(code.toUpperCase(), `errors.html#${code}`);
  });

  test("finds each option of a client, a wait, a download and a proxy on the page of options", () => {
    const names = [...readFileSync(join(root, "docs/options.md"), "utf8").matchAll(/^\| `(\w+)/gm)].map(([, name]) => name);
    assert(names.length >= 40, `${names.length} options`);
    for (const name of new Set(names)) found(name, "options.html");
  });

  test("finds each environment's start by its name", () => {
    const starts = { Node: "node", "Node.js": "node", Next: "next", "Next.js": "next", Vite: "vite", Deno: "deno", Bun: "bun", Cloudflare: "cloudflare-workers", "React Native": "react-native", "UI extension": "ui-extension", Rust: "rust" };
    for (const [name, page] of Object.entries(starts)) found(name, `start/${page}.html`);
  });
});

test("what TypeDoc warns of ends the build: a name without a comment, a link that leads nowhere", async () => {
  const pkg = join(out, "pkg");
  cpSync(join(root, "pkg"), pkg, { recursive: true });
  const types = readFileSync(join(pkg, "results.d.ts"), "utf8");
  writeFileSync(join(pkg, "results.d.ts"), `${types}/** {@link Nowhere} */\nexport type Linked = 1;\nexport type Silent = 2;\n`);
  await assert.rejects(reference(pkg), ({ message }) => /Silent.*does not have any documentation/.test(message) && /"Nowhere"/.test(message));
  rmSync(pkg, { recursive: true });
});

// --- In Chromium --------------------------------------------------------------------------------------------------------

let browser, server, origin;

before(async () => {
  server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    const file = join(out, path.slice(PATH.length));
    const isThere = path.startsWith(PATH) && !relative(out, file).startsWith("..") && extname(file) && existsSync(file);
    response.writeHead(isThere ? 200 : 404, { "content-type": TYPES[extname(file)] ?? "text/plain" });
    response.end(isThere ? readFileSync(file) : undefined);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

const urlOf = (name) => `${origin}${PATH}/docs/${name}`;

/** A tab, with what went wrong in it. */
async function open(options = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("response", (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== "data:") problems.push(`asks ${request.url()}`);
  });
  return { page, problems, close: () => context.close() };
}

/** What axe says against a page as it is shown now. @param rules Those of a category alone. */
async function complaintsOf(page, rules) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (category) => globalThis.axe.run(document, { resultTypes: ["violations"], ...(category && { runOnly: [category] }) }),
    rules,
  );
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
}

/** Several tabs at a time. */
const TABS = 2;

for (const width of WIDTHS) {
  test(`every page opens at ${width} pixels: axe finds nothing in both themes, nothing is wider, no other host is asked`, async () => {
    const left = [...pages];
    await Promise.all(
      Array.from({ length: TABS }, async () => {
        const { page, problems, close } = await open({ colorScheme: "light", viewport: { width, height: 900 } });
        for (let name = left.pop(); name; name = left.pop()) {
          await page.goto(urlOf(name));
          await page.getByRole("searchbox").waitFor();
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert(wide <= width, `${name} is ${wide} pixels wide`);
          assert.deepEqual(problems, [], name);
          assert.deepEqual(await complaintsOf(page), [], name);
          // The themes differ in their colours alone.
          await page.emulateMedia({ colorScheme: "dark" });
          assert.deepEqual(await complaintsOf(page, "cat.color"), [], `${name}, dark`);
          await page.emulateMedia({ colorScheme: "light" });
          // Axe measures by styles in elements, which the page's policy refuses and tells of.
          problems.length = 0;
        }
        await close();
      }),
    );
  });
}

test("axe sees a picture without words, and grey on grey", async () => {
  const { page, close } = await open({ colorScheme: "light" });
  await page.goto(urlOf("index.html"));
  await page.evaluate(() => {
    document.querySelector("main").append(document.createElement("img"));
    document.querySelector("main p").style.color = "#aaa";
  });
  const complaints = await complaintsOf(page);
  for (const rule of ["image-alt", "color-contrast"]) assert(complaints.some((complaint) => complaint.startsWith(rule)), rule);
  await close();
});

test("the search finds Retry-After and an option by keys alone, and leads to the place", async () => {
  const { page, problems, close } = await open({ viewport: { width: 1440, height: 900 } });
  await page.goto(urlOf("recipes/next.html"));
  await page.getByRole("searchbox").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("Retry-After");
  await page.getByRole("status").filter({ hasText: "found" }).waitFor();
  assert.match(await page.locator(".results").innerText(), /Retry-After/);
  await page.getByRole("searchbox").fill("stallTimeoutMs");
  await page.locator(".results strong").getByText("stallTimeoutMs").first().waitFor();
  assert.deepEqual(problems, []);
  assert.deepEqual(await complaintsOf(page), []);
  problems.length = 0;
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/docs\/options\.html#.+/);
  const anchor = new URL(page.url()).hash.slice(1);
  assert((await page.locator(`[id="${anchor}"]`).count()) === 1);
  await page.getByRole("searchbox").fill("xyzzy plugh");
  await page.getByRole("status").filter({ hasText: "Nothing found" }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".results").isVisible(), false);
  assert.deepEqual(problems, []);
  await close();
});

test("what is found is seen on a narrow screen, too", async () => {
  const { page, problems, close } = await open({ viewport: { width: 360, height: 700 } });
  await page.goto(urlOf("errors.html"));
  await page.getByRole("searchbox").fill("wasm-unsafe-eval");
  await page.getByRole("status").filter({ hasText: "found" }).waitFor();
  const { x, width } = await page.locator(".results").boundingBox();
  assert(x >= 0 && x + width <= 360, `from ${x} on, ${width} wide`);
  assert.deepEqual(problems, []);
  assert.deepEqual(await complaintsOf(page), []);
  await close();
});

test("the theme is the system's, until the switch chooses one, which other pages keep", async () => {
  const { page, close } = await open({ colorScheme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.goto(urlOf("index.html"));
  const dark = await ground();
  await page.emulateMedia({ colorScheme: "light" });
  const light = await ground();
  assert.notEqual(dark, light);
  await page.getByRole("button", { name: "Dark theme" }).press("Enter");
  assert.equal(await ground(), dark);
  await page.goto(urlOf("errors.html"));
  assert.equal(await ground(), dark);
  await page.getByRole("button", { name: "Light theme" }).click();
  assert.equal(await ground(), light);
  await close();
});

test("keys skip the menu, and open and close it where the screen is narrow", async () => {
  const { page, close } = await open({ viewport: { width: 360, height: 700 } });
  await page.goto(urlOf("polling.html"));
  const menu = page.getByRole("navigation", { name: "Pages" });
  const button = page.getByRole("button", { name: "Menu" });
  assert.equal(await menu.isVisible(), false);
  await button.press("Enter");
  assert.equal(await menu.isVisible(), true);
  assert.deepEqual(await complaintsOf(page), []);
  await page.keyboard.press("Escape");
  assert.equal(await menu.isVisible(), false);
  assert.equal(await button.evaluate((element) => element === document.activeElement), true);
  await page.reload();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the text");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "site-text");
  await close();
});

test("without scripts the pages are there, with their menu", async () => {
  const { page, problems, close } = await open({ javaScriptEnabled: false, viewport: { width: 360, height: 700 } });
  await page.goto(urlOf("start/node.html"));
  assert.equal(await page.getByRole("navigation", { name: "Pages" }).isVisible(), true);
  await page.getByRole("link", { name: "Errors", exact: true }).click();
  await page.waitForURL(/errors\.html$/);
  assert.deepEqual(problems, []);
  await close();
});
