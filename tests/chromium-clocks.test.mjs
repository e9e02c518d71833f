// Playwright's clock, as users' tests of pages use it: no wait outlives its deadline, and no task is asked sooner than after
// the shortest interval, where each timer that rang counts as its time. Run: node --test tests/chromium-clocks.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { launch } from "./chromium.mjs";

const MIN = 1_000;
/** The shortest interval with its phase of 10 %. */
const LEAST = 900;

/** What a test does with the clock, and by which clock of the page's its polls are measured. */
const USES = {
  "time that is fixed": { measured: "real", act: ({ clock }) => clock.setFixedTime("2026-08-21T10:00:00Z") },
  "a system time that is set": { measured: "real", act: ({ clock }) => clock.setSystemTime("2027-08-21T10:00:00Z") },
  "a clock that is driven": {
    measured: "mocked",
    act: async (page) => {
      await page.clock.install();
      for (let seconds = 0; seconds < 8; seconds++) await page.clock.runFor(1_000);
    },
  },
  "a clock that skips ahead": {
    measured: "mocked",
    act: async (page) => {
      await page.clock.install();
      for (let minutes = 0; minutes < 3; minutes++) await page.clock.fastForward("01:00");
    },
  },
};

describe("in Chromium, with Playwright's clock", { concurrency: 4 }, () => {
  let browser;
  const text = readFileSync(new URL("../pkg/index.min.js", import.meta.url), "utf8");

  before(async () => {
    browser = await launch();
  });

  after(() => browser?.close());

  for (const [name, { measured, act }] of Object.entries(USES)) {
    for (const when of ["before the wait", "in its middle"]) {
      it(`${name}, ${when}: the wait ends, and asks no sooner than it may`, async () => {
        const page = await browser.newPage();
        await page.evaluate(load, text);
        if (when === "before the wait") await act(page);
        await page.evaluate(begin, MIN);
        if (when === "in its middle") {
          await page.waitForTimeout(MIN);
          await act(page);
        }
        if (measured === "mocked") for (let seconds = 0; seconds < 8; seconds++) await page.clock.runFor(1_000);
        const { code, asked } = await page.evaluate(ended);
        assert.equal(code, "TIMEOUT");
        // The last poll is sent at the deadline, whenever that is.
        const gaps = asked.slice(1, -1).map((at, index) => at[measured] - asked[index][measured]);
        if (measured === "real") assert(gaps.every((gap) => gap >= LEAST), gaps.join(", "));
        assert(asked.length > 1, "polls");
        await page.close();
      });
    }
  }
});

async function load(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  globalThis.library = await import(url);
  globalThis.realNow = performance.now.bind(performance);
}

function begin(minIntervalMs) {
  const asked = (globalThis.asked = []);
  const client = new globalThis.library.HubSpotTasks({
    minIntervalMs,
    timeoutMs: 5 * minIntervalMs,
    fetch: async () => {
      asked.push({ real: globalThis.realNow(), mocked: Date.now() });
      return { status: 202, body: { status: "PROCESSING" } };
    },
  });
  globalThis.end = client.exports.task("7").wait().catch((error) => error.code);
}

const ended = async () => ({ code: await globalThis.end, asked: globalThis.asked });
