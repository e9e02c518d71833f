// The demo page from its opening to its end, in a real Chromium: the drive that `npm run test:matrix` does in Firefox.
// Run: node --test tests/page-drive.test.mjs
import { describe } from "node:test";
import { STEPS, withoutWasm } from "./demo-page/drive.mjs";
import { demoPage } from "./demo-page/pages.mjs";

const demo = demoPage();

describe("the demo page, driven", { concurrency: 3 }, () => {
  for (const [name, step] of Object.entries(STEPS)) demo.itHas(name, {}, (page) => step(page, demo.site));

  // To Firefox each refusal of a policy is an error of the page's.
  demo.itHas("does without WebAssembly under script-src 'self', by itself", {}, (page) => withoutWasm(page, demo.site.strictUrl));
});
