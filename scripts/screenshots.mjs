#!/usr/bin/env node
// Writes pictures of the demo page and the docs beside it, as they are published, to www/screenshots/: six scenes, narrow to wide,
// light and dark. Needs a build. `scripts/screenshots.mjs [--png] [--only SCENE] [FOLDER]`: as PNG, which every viewer shows; one
// scene alone.
//
// The README shows two of them, which are copied to docs/, since all that it shows is packed.
//
// The same again gives the same pictures: the page's clock of frames stands still but for the steps that are taken here, and
// what it draws by chance comes from a seed. The tasks panel runs in real time, and its ages may differ by a second.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { preview } from "vite";
import { build } from "../site/build.mjs";
import { launch } from "../tests/chromium.mjs";
import { settled } from "../tests/demo-page/checks.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const OWN = join(root, "www/screenshots");
const WIDTHS = [360, 768, 1440];
const THEMES = ["light", "dark"];
/** A whole panel may be tall; no picture is taller. */
const TALLEST = 3_000;
const QUALITY = 80;
/** A window in which all of the page is seen, at any width. */
const WHOLE = 8_000;
/** Around a part, in pixels. */
const AROUND = 8;

/** Of docs/, what it is a copy of. */
const OF_README = { "demo-lanes.webp": "lanes-1440-light.webp", "demo-pictures.webp": "pictures-1440-dark.webp" };

/** What is seen: the address, what is done there, and which part of it is shown (else what the window shows). */
const SCENES = {
  "lanes": { path: "", act: (page) => pass(page, 60) },
  "faults": { path: "?lang=de#tasks=50&serverErrors=5&dropped=5", act: (page) => pass(page, 60) },
  "tasks": { path: "#tasks=1", act: startTasks, part: ".panel.tasks" },
  "pictures": { path: "", act: (page) => pass(page, 40), part: ".panel.pictures" },
  "code": { path: "#tasks=1", act: (page) => page.locator(".code-panel pre").filter({ hasText: "tasks.exports.start" }).waitFor(), part: ".panel.code-panel" },
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
    await settled(page, 3);
  }
  const text = [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
  await page.locator(".passed").filter({ hasText: text }).waitFor();
}

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

// --- How it is taken ------------------------------------------------------------------------------------------------

/** Runs in the page before its own scripts. */
function standStill() {
  globalThis.framesMs = 0;
  performance.now = () => globalThis.framesMs;
  let state = 7;
  Math.random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

async function take(browser, origin, scene, width, theme, { isPng }) {
  const page = await browser.newPage({ viewport: { width, height: scene.part ? WHOLE : 900 }, colorScheme: theme, locale: "en" });
  try {
    await page.addInitScript(standStill);
    await page.goto(origin + scene.path);
    if (!scene.path.startsWith("docs/")) await page.waitForFunction(() => performance.getEntriesByName("panels-shown").length > 0);
    await scene.act(page);
    const clip = scene.part && (await boxOf(page, scene.part, width));
    return await shoot(page, clip, isPng);
  } finally {
    await page.close();
  }
}

/** The whole part, with a little of what is around it. */
async function boxOf(page, part, width) {
  const { top, height } = await page.locator(part).evaluate((node) => ({ top: node.getBoundingClientRect().top + scrollY, height: node.offsetHeight }));
  return { x: 0, y: top - AROUND, width, height: Math.min(TALLEST, height + 2 * AROUND) };
}

/** As WebP by Chromium's own encoder: a third of the bytes of a PNG. */
async function shoot(page, clip, isPng) {
  const session = await page.context().newCDPSession(page);
  const format = isPng ? { format: "png" } : { format: "webp", quality: QUALITY };
  const { data } = await session.send("Page.captureScreenshot", { ...format, ...(clip && { clip: { ...clip, scale: 1 } }) });
  return Buffer.from(data, "base64");
}

const { values, positionals } = parseArgs({ options: { png: { type: "boolean" }, only: { type: "string" } }, allowPositionals: true });
const folder = positionals[0] ?? OWN;
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
if (folder === OWN && !values.png) for (const [copy, name] of Object.entries(OF_README)) copyFileSync(join(OWN, name), join(root, "docs", copy));
const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
console.log(`${folder} holds ${Math.round(bytes / 1_000)} kB`);
