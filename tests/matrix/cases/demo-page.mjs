// The demo page, built as it is published: driven in Firefox, and looked at by Lighthouse.
import { readFileSync } from "node:fs";
import { STEPS } from "../../demo-page/drive.mjs";
import { serveSite } from "../../demo-page/site.mjs";
import { onPath } from "../tools.mjs";

/** A minute and a half on two busy cores. */
const LIMIT_S = 600;

/** Whatever tests/demo-page/drive.mjs does, and nothing goes wrong meanwhile. The same drive runs in Chromium: tests/page-drive.test.mjs. */
async function inFirefox(c) {
  const firefox = onPath("firefox-esr", "firefox");
  c.project("demo-page");
  c.write("drive.mjs", readFileSync(new URL("../../demo-page/drive.mjs", import.meta.url), "utf8"));
  const { url, strictUrl } = await served(c);
  return JSON.parse(await c.script("firefox.mjs", { args: [firefox, url, strictUrl] }));
}

async function served({ signal }) {
  const site = await serveSite();
  signal.addEventListener("abort", () => void site.close());
  return site;
}

export const demoPage = [
  { name: "demo page, Firefox", limitS: LIMIT_S, expected: { done: Object.keys(STEPS), troubles: [] }, run: inFirefox },
];
