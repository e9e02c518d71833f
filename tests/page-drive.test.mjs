// The demo page from its opening to its end, in a real Chromium: the drive that `npm run test:matrix` does in Firefox.
// Run: node --test tests/page-drive.test.mjs
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch } from "./chromium.mjs";
import { watch } from "./demo-page/checks.mjs";
import { STEPS } from "./demo-page/drive.mjs";
import { serveSite } from "./demo-page/site.mjs";

describe("the demo page, driven", { concurrency: 3 }, () => {
  let site, browser;

  before(async () => {
    site = await serveSite();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  for (const [name, step] of Object.entries(STEPS)) {
    it(name, async () => {
      const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      const troubles = watch(page, site.origin);
      try {
        await step(page, site);
        assert.deepEqual(troubles, []);
      } finally {
        await page.close();
      }
    });
  }
});
