// Tests of the demo page, built and served as it ships, in a real Chromium. Run: node --test tests/page.test.mjs
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { TASKS } from "../www/tasks.js";
import { launch } from "./chromium.mjs";

const PATIENCE = 60_000; // far more than a run takes; only a failure waits so long

/** What each card shows in the end. */
const EXPECTED = {
  fileImport: { outcome: "succeeded", ending: /name\s*picture-1\s*extension\s*png\s*size\s*48213/ },
  folderUpdate: { outcome: "succeededWithErrors", ending: /name\s*folder-2[^]*VALIDATION_ERROR: One of the items/ },
  export: { outcome: "succeeded", ending: /https:\/\/exports\.hubspot\.example\/exports\/\d+\/export\.csv\?expires=\d+&signature=/ },
  sourceCodeExtract: { outcome: "succeeded", ending: /no result/ },
};

describe("the demo page", { concurrency: true }, () => {
  let dist, server, origin, browser;

  before(async () => {
    // Not in www/dist, which somebody may be looking at.
    dist = mkdtempSync(join(tmpdir(), "demo-page-"));
    const config = {
      configFile: fileURLToPath(new URL("../vite.config.js", import.meta.url)),
      logLevel: "warn",
      build: { outDir: dist, emptyOutDir: true },
      preview: { host: "127.0.0.1", port: 0 },
    };
    await build(config);
    server = await preview(config);
    origin = `http://127.0.0.1:${server.httpServer.address().port}`;
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await server?.close();
    rmSync(dist, { recursive: true, force: true });
  });

  /** A test with a page of its own, in which nothing may go wrong. */
  const itShows = (what, test, viewport = { width: 1200, height: 900 }) =>
    it(what, async () => {
      const page = await browser.newPage({ viewport });
      const troubles = watch(page, origin);
      await page.goto(origin);
      await test(page);
      await page.close();
      assert.deepEqual(troubles, []);
    });

  itShows("waits for a task of each family, and again when asked to", async (page) => {
    const first = await endings(page);
    checkEndings(first);

    await page.getByRole("button", { name: "Run again" }).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-outcome="running"]').length === 4);
    checkEndings(await endings(page));
  });

  itShows("shows how a task is going", async (page) => {
    const card = page.locator('[data-family="export"]');
    const seen = async (state) => {
      await page.locator(`[data-family="export"][data-state="${state}"]`).waitFor({ timeout: PATIENCE });
      await card.getByTestId("nextPoll").getByText(/^in \d/).waitFor({ timeout: PATIENCE });
      return { age: parseFloat(await card.getByTestId("age").textContent()), polls: await polls(card) };
    };

    const pending = await seen("PENDING");
    const processing = await seen("PROCESSING");

    assert.ok(pending.age > 0 && processing.age > pending.age, "the age grows");
    assert.ok(pending.polls >= 1 && processing.polls > pending.polls, "the polls are counted");
    assert.match(await page.getByRole("log").textContent(), /CRM export: PENDING.*CRM export: PROCESSING/);
  });

  itShows("leaves a run that is not over when it is told to run again", async (page) => {
    await page.locator('[data-state="PROCESSING"]').first().waitFor({ timeout: PATIENCE });
    await page.getByRole("button", { name: "Run again" }).click();

    checkEndings(await endings(page));
  });

  const narrow = { width: 360, height: 740 };
  itShows("fits a narrow screen, before and after the results", checkWidth, narrow);
});

/** Collects what must not happen on a page: errors, failed requests, requests to elsewhere. */
function watch(page, origin) {
  const troubles = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`thrown: ${error.message}`));
  page.on("requestfailed", (request) => troubles.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const { protocol, origin: target } = new URL(request.url());
    if (protocol !== "data:" && target !== origin) troubles.push(`elsewhere: ${request.url()}`);
  });
  return troubles;
}

/** Waits until all tasks are over, and reads what their cards show, by family. */
async function endings(page) {
  const running = page.locator('[data-outcome="running"]');
  await page.waitForFunction(
    (count) => document.querySelectorAll('.card:not([data-outcome="running"])').length === count,
    TASKS.length,
    { timeout: PATIENCE },
  );
  assert.equal(await running.count(), 0);
  const cards = await page.getByTestId("task").all();
  return Object.fromEntries(await Promise.all(cards.map(readCard)));
}

async function readCard(card) {
  const text = (name) => card.getByTestId(name).textContent();
  const { family, state, outcome } = await card.evaluate(({ dataset }) => ({ ...dataset }));
  return [
    family,
    {
      state,
      outcome,
      id: await text("id"),
      shownState: await text("state"),
      shownOutcome: await text("outcome"),
      polls: await polls(card),
      nextPoll: await text("nextPoll"),
      delay: await text("delay"),
      ending: await text("ending"),
    },
  ];
}

const polls = async (card) => Number(await card.getByTestId("polls").textContent());

function checkEndings(cards) {
  assert.deepEqual(Object.keys(cards).sort(), Object.keys(EXPECTED).sort());
  for (const [family, expected] of Object.entries(EXPECTED)) {
    const card = cards[family];
    assert.equal(card.outcome, expected.outcome, `${family}: ${card.ending}`);
    assert.equal(card.shownOutcome, expected.outcome);
    assert.equal(card.state, "COMPLETE");
    assert.equal(card.shownState, "COMPLETE");
    assert.match(card.ending, expected.ending);
    assert.match(card.delay, /^\d+\.\d s$/);
    assert.match(card.id, /./);
    assert.equal(card.nextPoll, "none");
    assert.ok(card.polls > 1, `${family} was polled ${card.polls} times`);
  }
}

async function checkWidth(page) {
  assert.equal(await overflow(page), 0);
  await endings(page);
  assert.equal(await overflow(page), 0);
}

/** By how many pixels the page is wider than its window. */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
