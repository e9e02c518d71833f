// What the tests of the demo page in Chromium have in common: the built page is served, a browser runs, and each test has a page
// of its own, in which nothing may go wrong.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { launch } from "../chromium.mjs";
import { watch, whole } from "./checks.mjs";
import { serveSite } from "./site.mjs";

/** Far more than anything here takes; only a failure waits so long. */
export const PATIENCE_MS = 60_000;

/** For a whole test file, called once at its top. Gives its `site`, there as soon as a test runs, and two ways to write one. */
export function demoPage() {
  let site, browser;

  before(async () => {
    site = await serveSite();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  /**
   * A test with an empty page. `asks` gives the origins that it may ask beside its own, `inTurn` runs it when nobody is in its way; the
   * rest is Playwright's.
   */
  function itHas(what, { asks = () => [], inTurn = (run) => run(), ...options }, test) {
    const run = async (context) => {
      const session = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
      try {
        const page = await session.newPage();
        page.setDefaultTimeout(PATIENCE_MS);
        const troubles = watch(page, site.origin, ...asks());
        try {
          await test(page, context);
        } catch (error) {
          for (const trouble of troubles) context.diagnostic(`meanwhile: ${trouble}`); // often why
          throw error;
        }
        assert.deepEqual(troubles, []);
      } finally {
        await session.close();
      }
    };
    it(what, (context) => inTurn(() => run(context)));
  }

  /** A test of the page, whole as it opens: `at` one of the site's addresses; `prepare` comes before. */
  function itShows(what, { path = "", at = "url", prepare = () => {}, ...options }, test) {
    itHas(what, options, async (page, context) => {
      await prepare(page);
      await page.goto(site[at] + path);
      await page.locator(".passed").filter({ hasText: /\d/ }).waitFor();
      await whole(page);
      await test(page, context);
    });
  }

  return {
    get site() {
      return site;
    },
    itHas,
    itShows,
  };
}
