#!/usr/bin/env node
// Writes pictures of the demo page and the docs beside it, as they are published, to www/screenshots/: six scenes, narrow to wide,
// light and dark. Needs a build. `scripts/screenshots.mjs [--png] [FOLDER]`: as PNG, which every viewer shows.
//
// The same again gives the same pictures: the page's clock of frames stands still but for the steps that are taken here, and
// what it draws by chance comes from a seed. The tasks panel runs in real time, and its ages may differ by a second.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { preview } from "vite";
import { build } from "../site/build.mjs";
import { launch } from "../tests/chromium.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const WIDTHS = [360, 768, 1440];
const THEMES = ["light", "dark"];
/** A whole panel may be tall; no picture is taller. */
const TALLEST = 3_000;
const QUALITY = 80;

/** What is seen: the address, what is done there, and which part of it is shown (else what the window shows). */
const SCENES = {
  "lanes": { path: "", act: (page) => pass(page, 20) },
  "faults": { path: "?lang=de#tasks=50&serverErrors=20&dropped=20&habit=openai", act: (page) => pass(page, 40) },
  "tasks": { path: "#tasks=1", act: startTasks, part: ".panel.tasks" },
  "pictures": { path: "", act: showPictures, part: ".panel.pictures" },
  "code": { path: "#tasks=1", act: (page) => page.getByLabel("Kind of task").selectOption("fileImport"), part: ".panel.code-panel" },
  "docs": { path: "docs/polling.html", act: () => undefined },
};

// --- What is done there ---------------------------------------------------------------------------------------------

/** So many seconds of the world's, of which the last ones have just been seen to be asked. */
async function pass(page, seconds) {
  await page.locator(".play").evaluate((node) => node.click()); // held
  for (let passed = 1; passed <= seconds; passed++) {
    await page.evaluate(() => {
      globalThis.framesMs += 200;
      document.querySelector(".play + button").click();
    });
    await drawn(page);
  }
  const text = `00:${String(seconds).padStart(2, "0")}`;
  await page.locator(".passed").filter({ hasText: text }).waitFor();
}

/** Some frames went by. */
const drawn = (page, frames = 3) =>
  page.evaluate(
    (frames) =>
      new Promise((resolve) => {
        const frame = () => (--frames > 0 ? requestAnimationFrame(frame) : resolve());
        requestAnimationFrame(frame);
      }),
    frames,
  );

async function startTasks(page) {
  const start = async (family, scenario) => {
    await page.locator("[name=family]").selectOption(family);
    await page.locator("[name=scenario]").selectOption(scenario);
    await page.locator(".way:not([hidden]) .primary").click();
  };
  await start("fileImport", "fails");
  await page.locator("[name=scenario]").selectOption("errors");
  await page.getByRole("button", { name: "Start one of each" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".task:is([data-state=failed], [data-state=succeeded], [data-state=succeededWithErrors])").length === 6);
  await start("export", "long");
  await page.locator(".task[data-state=working]").waitFor();
}

async function showPictures(page) {
  await pass(page, 40);
  for (const summary of await page.locator(".pictures summary").all()) await summary.scrollIntoViewIfNeeded();
  for (const plot of await page.locator(".pictures .plot").all()) {
    await plot.scrollIntoViewIfNeeded();
    await drawn(page);
  }
}

// --- How it is taken ------------------------------------------------------------------------------------------------

/** Runs in the page before its own scripts. */
function standStill() {
  globalThis.framesMs = 0;
  performance.now = () => globalThis.framesMs;
  let state = 7;
  Math.random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

async function take(browser, origin, scene, width, theme, { isPng }) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: theme, locale: "en" });
  try {
    await page.addInitScript(standStill);
    await page.goto(origin + scene.path);
    if (!scene.path.startsWith("docs/")) await page.waitForFunction(() => performance.getEntriesByName("panels-shown").length > 0);
    await scene.act(page);
    if (scene.part) await page.locator(scene.part).scrollIntoViewIfNeeded();
    await drawn(page);
    const box = scene.part && (await page.locator(scene.part).evaluate((node) => ({ top: node.getBoundingClientRect().top + scrollY, height: node.offsetHeight })));
    const margin = 8;
    const clip = box
      ? { x: 0, y: box.top - margin, width, height: Math.min(TALLEST, box.height + 2 * margin), scale: 1 }
      : { x: 0, y: 0, width, height: 900, scale: 1 };
    const session = await page.context().newCDPSession(page);
    const format = isPng ? { format: "png" } : { format: "webp", quality: QUALITY };
    const { data } = await session.send("Page.captureScreenshot", { ...format, clip, captureBeyondViewport: true });
    return Buffer.from(data, "base64");
  } finally {
    await page.close();
  }
}

const { values, positionals } = parseArgs({ options: { png: { type: "boolean" }, only: { type: "string" } }, allowPositionals: true });
const folder = positionals[0] ?? join(root, "www/screenshots");
const ending = values.png ? "png" : "webp";
const site = mkdtempSync(join(tmpdir(), "screenshots-"));
let server, browser;
try {
  await build(site);
  server = await preview({ configFile: join(root, "vite.config.js"), logLevel: "warn", build: { outDir: site } });
  browser = await launch();
  mkdirSync(folder, { recursive: true });
  for (const [name, scene] of Object.entries(SCENES)) {
    if (values.only && values.only !== name) continue;
    for (const width of WIDTHS) {
      for (const theme of THEMES) {
        writeFileSync(join(folder, `${name}-${width}-${theme}.${ending}`), await take(browser, server.resolvedUrls.local[0], scene, width, theme, { isPng: values.png }));
      }
    }
  }
} finally {
  await browser?.close();
  await server?.close();
  rmSync(site, { recursive: true, force: true });
}
const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
console.log(`${folder} holds ${Math.round(bytes / 1_000)} kB`);
