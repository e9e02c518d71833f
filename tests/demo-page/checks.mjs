// What the tests of the demo page ask of it, whatever it shows.
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
    const isText = (node) => node.textContent !== "" && (node.childElementCount === 0 || node.matches("h2, h3, h4, p, label, li, summary"));
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

/** How much of the world's time has passed. */
export const worldSeconds = async (page) => inSeconds(await page.locator(".passed").textContent());

const inSeconds = (text) => {
  const [minutes, seconds] = text.split(":").map(Number);
  return minutes * 60 + seconds;
};

/** Waits until so many seconds of the world's have passed. */
export const passed = (page, atLeast) =>
  page.waitForFunction((atLeast) => {
    const [minutes, seconds] = document.querySelector(".passed").textContent.split(":").map(Number);
    return minutes * 60 + seconds >= atLeast;
  }, atLeast);

/** Some frames went by, and numbers were written. */
export const settled = (page, frames = 30) =>
  page.evaluate(
    (frames) =>
      new Promise((resolve) => {
        const frame = () => (--frames > 0 ? requestAnimationFrame(frame) : resolve());
        requestAnimationFrame(frame);
      }),
    frames,
  );

/** Before the page opens: notes how long the work of each frame takes. */
export const noteFrames = (page) =>
  page.addInitScript(() => {
    globalThis.work = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntriesByName("frame")) globalThis.work.push(duration);
    }).observe({ type: "measure" });
  });

/** How long it took: how many frames, the median, and what one of twenty took longer. */
export async function workOf(page) {
  const frames = (await page.evaluate(() => globalThis.work)).sort((one, other) => one - other);
  const at = (share) => frames[Math.floor(share * (frames.length - 1))];
  return { frames: frames.length, median: at(0.5), p95: at(0.95) };
}

/** The titles of the pictures. */
export const PICTURES = ["One task, waited for twice", "Requests in any ten seconds", "Fewer requests or less delay"];

/** A picture, in sight and with its table open. */
export async function opened(page, title) {
  const figure = page.getByRole("figure", { name: title });
  await figure.scrollIntoViewIfNeeded();
  await figure.locator("canvas").first().waitFor();
  await figure.locator("summary").focus();
  await page.keyboard.press("Enter");
  await figure.locator("details[open] tbody tr").first().waitFor();
  return figure;
}
