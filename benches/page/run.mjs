#!/usr/bin/env node
// How soon the demo page polls, and how much work a frame of it is, in a real Chromium: each round opens the page anew. Of the
// rounds the median counts. Exits with 1 where a bar is missed. `node benches/page/run.mjs [ROUNDS]`, on a quiet machine.
import { loadavg } from "node:os";
import { launch } from "../../tests/chromium.mjs";
import { serveSite } from "../../tests/demo-page/site.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = Number(process.argv[2] ?? 5);
/** So long frames are noted, in milliseconds, from the page's opening on. */
const WATCHED_MS = 12_000;

/** What is measured, in milliseconds, and how much it may be. */
const BARS = {
  "first poll after opening": 500,
  "first poll after opening, CPU slowed four times": 2_000,
  "a frame's work with 500 tasks in both lanes, median": 8,
  "a frame's work with 500 tasks in both lanes, 95th percentile": 16,
};

async function firstPollMs(page, url) {
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName("first-poll").length > 0);
  return page.evaluate(() => performance.getEntriesByName("first-poll")[0].startTime);
}

async function slowDown(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}

/** The work of all frames, sorted. */
async function framesOf(page, url) {
  await page.addInitScript(() => {
    globalThis.work = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntriesByName("frame")) globalThis.work.push(duration);
    }).observe({ type: "measure" });
  });
  await page.goto(url);
  await page.waitForTimeout(WATCHED_MS);
  const work = await page.evaluate(() => globalThis.work);
  return work.sort((one, other) => one - other);
}

async function round(browser, { url }) {
  /** Nothing is in the cache of a new context. */
  const inNewPage = async (measure) => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
    try {
      return await measure(await context.newPage());
    } finally {
      await context.close();
    }
  };
  const polled = await inNewPage((page) => firstPollMs(page, url));
  const polledSlowly = await inNewPage(async (page) => {
    await slowDown(page);
    return firstPollMs(page, url);
  });
  const frames = await inNewPage((page) => framesOf(page, url));
  const at = (share) => frames[Math.floor(share * (frames.length - 1))];
  return [polled, polledSlowly, at(0.5), at(0.95)];
}

const site = await serveSite();
const browser = await launch();
const rounds = [];
try {
  for (let count = 0; count < ROUNDS; count++) rounds.push(await round(browser, site));
} finally {
  await browser.close();
  await site.close();
}
Object.entries(BARS).forEach(([what, bar], index) => {
  const measured = rounds.map((values) => values[index]);
  const { median } = spread(measured);
  console.log(`${what}: ${median.toFixed(1)} ms (bar: ${bar}; rounds: ${measured.map((ms) => ms.toFixed(1)).join(", ")})`);
  if (!(median <= bar)) process.exitCode = 1;
});
console.log(`The machine's load was ${loadavg()[0].toFixed(1)} at the end: a quiet one has about 1 from this alone.`);
