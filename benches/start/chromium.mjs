// First use in Chromium: a page that nobody has opened before, each time.
import { createReadStream } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import { basename } from "node:path";
import { findChromium, launch } from "../../tests/chromium.mjs";
import { COMPLETE } from "./answers.mjs";

/** The files of an entry by its name. */
const FILES = { "": "index.js", "/slim": "slim.js", "/js": "js.js" };

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** Chromium, with `firstUse(entry)` and `close()`; undefined where there is none. */
export async function openChromium() {
  if (!findChromium()) return undefined;
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await launch();
  return {
    firstUse: (entry) => inFreshPage(browser, origin, (page) => page.evaluate(firstUse, [FILES[entry], COMPLETE])),
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** In a context of its own, which shares neither a cache nor a process with others. */
async function inFreshPage(browser, origin, use) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(origin);
    return await use(page);
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
async function firstUse([file, complete]) {
  const { HubSpotTasks, init } = await import(`/${file}`);
  let startMs;
  let wallMs;
  const fetch = async () => {
    wallMs = performance.now() - startMs;
    return { status: 200, headers: {}, text: async () => complete };
  };
  // What the import has left to do is done by then.
  await new Promise((resolve) => setTimeout(resolve, 50));
  startMs = performance.now();
  if (file === "slim.js") await init("/hubspot-async-tasks.wasm");
  const tasks = new HubSpotTasks({ token: "token", fetch });
  await tasks.exports.status("1");
  return { wallMs };
}

/** Serves an empty page, and the files of pkg/; isolated, so that the page's clock is exact to 5 µs. */
function answer({ url }, response) {
  const name = basename(url);
  const type = TYPES[name.slice(name.lastIndexOf("."))];
  response.setHeader("cross-origin-opener-policy", "same-origin");
  response.setHeader("cross-origin-embedder-policy", "require-corp");
  response.setHeader("content-type", type ?? "text/html");
  if (!type) return response.end("<!doctype html><title>First use</title>");
  return createReadStream(new URL(`../../pkg/${name}`, import.meta.url)).pipe(response);
}
