// The demo page from its opening to its end, in a real Chromium: the drive that `npm run test:matrix` does in Firefox.
// Run: node --test tests/page-drive.test.mjs
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch } from "./chromium.mjs";
import { watch } from "./demo-page/checks.mjs";
import { STEPS } from "./demo-page/drive.mjs";
import { serveSite } from "./demo-page/site.mjs";

describe("the demo page, driven", () => {
  let site, browser, page, troubles;

  before(async () => {
    site = await serveSite();
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    troubles = watch(page, site.origin);
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  for (const [name, step] of Object.entries(STEPS)) {
    it(name, async () => {
      await step(page, site);
      assert.deepEqual(troubles, []);
    });
  }
});
