// What is asked of the demo page in every test, whatever it shows.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Collects what must not happen on a page: errors, failed requests, requests to elsewhere. */
export function watch(page, ...origins) {
  const troubles = [];
  page.on("console", (message) => {
    // Chromium says so where the page tries WebAssembly first, under a policy without it.
    const isRefusal = /WebAssembly|wasm/.test(message.text()) && page.url().includes("/strict/");
    if (["error", "warning"].includes(message.type()) && !isRefusal) troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`thrown: ${error.message}`));
  page.on("requestfailed", (request) => {
    // What is under way when a test reloads the page is given up by the browser.
    const { errorText } = request.failure();
    if (errorText !== "net::ERR_ABORTED") troubles.push(`failed: ${request.url()}: ${errorText}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const { protocol, origin: target } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && !origins.includes(target)) troubles.push(`elsewhere: ${request.url()}`);
  });
  return troubles;
}

/** All panels are there. */
export const whole = (page) => page.waitForFunction(() => performance.getEntriesByName("panels-shown").length > 0);

/** What axe finds. It is put into the page by the test, which no policy forbids. */
export async function axe(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("; ")}`);
}

/** Texts that are wider than their place, and what sticks out of its part of the page. Tables of results scroll. */
export const cutOff = (page) =>
  page.evaluate(() => {
    // What is folded away is not seen; what scrolls by itself, by keys too, is not cut off.
    const isSeen = (node) => node.checkVisibility() && getComputedStyle(node).clipPath === "none" && !node.parentElement.closest(".scrolls, .table");
    const seen = [...document.querySelectorAll("body :not(option, script, noscript)")].filter(isSeen);
    const isText = ({ childElementCount, textContent }) => childElementCount === 0 && textContent !== "";
    const wide = seen.filter((node) => isText(node) && node.clientWidth > 0 && node.scrollWidth > node.clientWidth + 1);
    const out = seen.filter((node) => {
      const part = node.parentElement.closest("section");
      if (!part) return false;
      const { left, right } = part.getBoundingClientRect();
      const padding = parseFloat(getComputedStyle(part).paddingLeft);
      const box = node.getBoundingClientRect();
      return box.left < left + padding - 1 || box.right > right - padding + 1;
    });
    return [...wide, ...out].map((node) => `${node.tagName}.${node.className} ${node.textContent}`);
  });
