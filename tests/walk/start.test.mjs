// The pages of docs/start/: each environment's programs, copied out of the packed page, compiled under `strict`, and run here
// in Node, in Vite's build and in Chromium. Deno, Bun, wrangler and Next run theirs in tests/matrix/cases/starts.mjs.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, describe, test } from "node:test";
import { build } from "vite";
import { launch } from "../chromium.mjs";
import { installed, root } from "../package/pack.mjs";
import { printedAs, snippetsOf } from "./snippets.mjs";
import { compile, copy, page, run, serve, settle, stubSdk } from "./stranger.mjs";

const HUBSPOT = { host: "hubspot" };
/** What runs to its end, and the host that it asks. */
const RUN = {
  "node.md": { "first.mjs": {}, "export.mjs": HUBSPOT, "first.cjs": {} },
  "deno.md": { "first.ts": {}, "export.ts": HUBSPOT },
  "bun.md": { "first.ts": {}, "export.ts": HUBSPOT },
  "ui-extension.md": { "first.mjs": {}, "card.mjs": { ...HUBSPOT, env: { BASE_URL: "https://app.example.com/hubspot" } } },
};
/** What a test of its own runs, or what is compiled alone. */
const OTHERS = {
  "browser.md": ["index.html", "server.mjs", "page.mjs"],
  "vite.md": ["src/main.ts", "vite.config.ts", "src/export.ts"],
  "next.md": ["app/try/route.ts", "app/exports/route.ts"],
  "cloudflare-workers.md": ["first.ts", "exports.ts"],
  "react-native.md": ["first.ts", "exports.ts"],
  "rust.md": [],
};

const stranger = settle();
const pages = readdirSync(join(installed, "docs/start"));
const snippets = Object.fromEntries(pages.map((name) => [name, snippetsOf(page(stranger, `docs/start/${name}`))]));
const named = (name, file) => snippets[name].find((snippet) => snippet.file === file);
/** Each page has a folder of its own. */
const folderOf = (name) => join(stranger, name.replace(/\.md$/, ""));
const imported = (name, file) => import(pathToFileURL(join(folderOf(name), file)).href);

/** The code of these pages, with the folder in each name. */
const codeOf = (names) =>
  names.flatMap((name) => snippets[name].map(({ file, code }) => ({ file: `${name.replace(/\.md$/, "")}/${file}`, code })));

/** Those whose bundler resolves names. */
const BUNDLED = ["vite.md", "next.md", "react-native.md"];

test("every snippet of every start is run, or compiled", () => {
  assert.deepEqual(pages.sort(), [...Object.keys(RUN), ...Object.keys(OTHERS)].sort());
  for (const name of pages) {
    assert.deepEqual(snippets[name].map(({ file }) => file), RUN[name] ? Object.keys(RUN[name]) : OTHERS[name], name);
  }
});

describe("the starts' code", () => {
  before(() => {
    // The projects that these tools make hold ES modules.
    writeFileSync(join(stranger, "package.json"), '{ "type": "module" }\n');
    copy(stranger, codeOf(pages));
    for (const name of pages) cpSync(join(stranger, "hosts"), join(folderOf(name), "hosts"), { recursive: true });
    symlinkSync(join(stranger, "node_modules"), join(folderOf("browser.md"), "node_modules"));
    stubSdk(stranger);
    const polyfill = join(stranger, "node_modules/react-native-url-polyfill");
    mkdirSync(polyfill);
    writeFileSync(join(polyfill, "package.json"), '{ "name": "react-native-url-polyfill", "exports": { "./auto": "./auto.js" } }\n');
    writeFileSync(join(polyfill, "auto.js"), "");
  });

  const isCode = ({ file }) => /\.[cm]?[jt]s$/.test(file) && !file.endsWith("vite.config.ts");

  test("compiles under strict, as Node resolves names", async () => {
    assert.deepEqual(await compile(stranger, codeOf(pages.filter((name) => !BUNDLED.includes(name))).filter(isCode)), []);
  });

  test("compiles under strict, as bundlers resolve names", async () => {
    const stubs = { "polyfill.d.ts": 'declare module "react-native-url-polyfill/auto" {}\n' };
    const options = { module: "esnext", moduleResolution: "bundler" };
    assert.deepEqual(await compile(stranger, codeOf(BUNDLED).filter(isCode), { stubs, ...options }), []);
  });

  describe("prints what stands below it", { concurrency: true }, () => {
    for (const [name, files] of Object.entries(RUN)) {
      for (const [file, around] of Object.entries(files)) {
        test(`${file} of ${name}`, async () => {
          const { code, printed, stderr } = await run(folderOf(name), file, around);
          assert.equal(code, 0, stderr);
          assert.match(printed, printedAs(named(name, file).output));
        });
      }
    }
  });

  test("Next's route handler answers what the simulated export came to", async () => {
    const { GET } = await imported("next.md", "app/try/route.js");
    assert.equal((await (await GET()).json()).outcome, "succeeded");
  });

  test("a worker answers what the simulated export came to", async () => {
    const { default: worker } = await imported("cloudflare-workers.md", "first.js");
    assert.equal((await (await worker.fetch()).json()).outcome, "succeeded");
  });

  test("an app on React Native shows each status that was seen of the simulated export", async () => {
    const { tryExport } = await imported("react-native.md", "first.js");
    const shown = [];
    await tryExport((text) => shown.push(text));
    // On a slow machine it is over before it is first asked.
    assert.deepEqual(shown.filter((text) => text !== "PROCESSING"), ["COMPLETE", "succeeded"]);
  });

  describe("at HubSpot", () => {
    const hosts = globalThis.fetch;
    before(async () => {
      const { createSimulator } = await import(pathToFileURL(join(installed, "simulator.node.js")).href);
      const simulator = createSimulator({ startedTask: { processingMs: 60_000 }, tokens: ["pat"] });
      globalThis.fetch = simulator.fetch;
      process.env.HUBSPOT_TOKEN = "pat";
    });
    after(() => (globalThis.fetch = hosts));

    test("Next's route handler starts an export", async () => {
      const { POST } = await imported("next.md", "app/exports/route.js");
      const answer = await POST();
      assert.equal(answer.status, 202);
      assert.match((await answer.json()).id, /^\d+$/);
    });

    test("a worker starts an export for one visitor, and tells another how it is going", async () => {
      const { default: worker } = await imported("cloudflare-workers.md", "exports.js");
      const ask = async (path, init) => (await worker.fetch(new Request(`https://exports.example${path}`, init), process.env)).json();
      const { id } = await ask("/", { method: "POST" });
      assert.equal((await ask(`/${id}`)).status, "PROCESSING");
    });
  });

  test("a page is told by its proxy what the browser's start shows; who is not signed in is told nothing", async () => {
    const folder = folderOf("browser.md");
    const { origin, close } = await serve(folder, "server.mjs", { host: ["hubspot"] });
    const { code, printed, stderr } = await run(folder, "page.mjs", { host: "page", env: { ORIGIN: origin } });
    const unknown = await fetch(`${origin}/hubspot/crm/exports/2026-03/export/async/tasks/1/status`);
    await close();
    assert.equal(code, 0, stderr);
    assert.match(printed, printedAs(named("browser.md", "page.mjs").output));
    assert.equal(unknown.status, 403);
  });

  describe("in Chromium", () => {
    const TYPES = { ".html": "text/html", ".js": "text/javascript" };
    let browser;
    before(async () => (browser = await launch()));
    after(() => browser?.close());

    /** Serves a folder, opens its page, and gives what it says when it says that. */
    async function says(folder, text) {
      const server = createServer((request, response) => {
        const file = join(folder, request.url === "/" ? "index.html" : request.url);
        const isThere = existsSync(file) && extname(file) in TYPES;
        response.writeHead(isThere ? 200 : 404, { "content-type": TYPES[extname(file)] ?? "text/plain" });
        response.end(isThere ? readFileSync(file) : undefined);
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const tab = await browser.newPage();
      const problems = [];
      tab.on("pageerror", (error) => problems.push(String(error)));
      await tab.goto(`http://127.0.0.1:${server.address().port}/`);
      await tab.getByText(text).waitFor();
      await tab.close();
      server.close();
      assert.deepEqual(problems, []);
    }

    test("the page without a bundler says succeeded", () => says(folderOf("browser.md"), "succeeded"));

    test("the page that Vite builds says succeeded", async () => {
      const folder = folderOf("vite.md");
      writeFileSync(join(folder, "index.html"), '<!doctype html><body><script type="module" src="/src/main.ts"></script></body>');
      await build({ root: folder, configFile: false, logLevel: "error" });
      await says(join(folder, "dist"), "succeeded");
    });
  });
});

test("the Rust of its start is what tests/dependent/ builds", () => {
  const [, code] = /```rust\n([^]*?)```/.exec(page(stranger, "docs/start/rust.md"));
  const built = readFileSync(join(root, "tests/dependent/lib.rs"), "utf8");
  for (const part of code.split("\n\n")) assert(built.includes(part.trim()), part);
});
