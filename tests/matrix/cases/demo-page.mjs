// The demo page, built as it is published: driven in Firefox, and looked at by Lighthouse.
import { readFileSync } from "node:fs";
import { NAMES, findChromium } from "../../chromium.mjs";
import { STEPS } from "../../demo-page/drive.mjs";
import { serveSite } from "../../demo-page/site.mjs";
import { Missing, onPath } from "../tools.mjs";

const LIMIT_S = 600; // on two busy cores Firefox takes a minute and a half, Lighthouse's ten runs two and a half

/** Of 100, by each of Lighthouse's categories. */
const LEAST = 98;

async function served({ signal }) {
  const site = await serveSite();
  signal.addEventListener("abort", () => void site.close());
  return site;
}

/** Whatever tests/demo-page/drive.mjs does, and nothing goes wrong meanwhile; tests/page-drive.test.mjs does the same in Chromium. */
async function inFirefox(c) {
  const firefox = onPath("firefox-esr", "firefox");
  c.project("demo-page");
  c.write("drive.mjs", readFileSync(new URL("../../demo-page/drive.mjs", import.meta.url), "utf8"));
  const { url, strictUrl } = await served(c);
  return JSON.parse(await c.script("firefox.mjs", { args: [firefox, url, strictUrl] }));
}

/** Prints the figures; gives the scores that are too low, with what made them so. */
async function byLighthouse(c) {
  const chromium = findChromium();
  if (!chromium) throw new Missing(`${NAMES.join(" or ")} is not on the PATH`);
  c.project("demo-page");
  const { url } = await served(c);
  const read = JSON.parse(await c.script("lighthouse.mjs", { args: [chromium, url, String(LEAST)] }));
  for (const [device, { scores, figures }] of Object.entries(read)) console.log(`        demo page, Lighthouse, ${device}: ${listed(scores)}; ${listed(figures)}`);
  const low = Object.entries(read).filter(([, { scores }]) => Object.values(scores).some((score) => score < LEAST));
  return Object.fromEntries(low.map(([device, { scores, wanting }]) => [device, { scores, wanting }]));
}

const listed = (values) => Object.entries(values).map(([name, value]) => `${name} ${value}`).join(", ");

export const demoPage = [
  { name: "demo page, Firefox", limitS: LIMIT_S, expected: { done: Object.keys(STEPS), troubles: [] }, run: inFirefox },
  { name: "demo page, Lighthouse", limitS: LIMIT_S, isAlone: true, expected: {}, run: byLighthouse },
];
