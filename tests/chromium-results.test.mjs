// The entry /results in a real Chromium: its own streams, its fetch, connections that are cut, and what CORS lets a page see. Run:
// node --test tests/chromium-results.test.mjs
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { launch } from "./chromium.mjs";

const CSV = `Email,Name\n${Array.from({ length: 20_000 }, (_, row) => `${row}@x.example,"Äpfel ${row}"`).join("\n")}\n`;
const BYTES = Buffer.from(CSV);
const PACKED = gzipSync(BYTES);

/**
 * Serves the page, also in a sandbox, the entry and the file: as it is, where the connection is cut after a third of the file,
 * once; or packed on its way, also by way of another server.
 */
function createFileServer() {
  const requests = [];
  const server = createServer((request, response) => {
    const cors = { "access-control-allow-origin": "*" };
    const { pathname, searchParams } = new URL(request.url, "http://host");
    if (pathname === "/") response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>");
    else if (pathname === "/sandbox") response.writeHead(200, { "content-type": "text/html", "content-security-policy": "sandbox allow-scripts" }).end("<!doctype html>");
    else if (pathname === "/elsewhere") response.writeHead(302, { location: searchParams.get("to") }).end();
    else if (pathname === "/packed.csv") response.writeHead(200, { "content-encoding": "gzip", "content-length": PACKED.length, ...cors }).end(PACKED);
    else if (pathname === "/results.js") response.writeHead(200, { "content-type": "text/javascript", ...cors }).end(readFileSync(new URL("../pkg/results.js", import.meta.url)));
    else if (!request.url.startsWith("/file")) response.writeHead(404).end();
    else {
      requests.push(request.headers);
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "bytes=0-")[1]);
      const range = start ? { "content-range": `bytes ${start}-${BYTES.length - 1}/${BYTES.length}` } : {};
      const headers = { "content-length": BYTES.length - start, "last-modified": "Fri, 21 Aug 2026 10:00:00 GMT", ...cors, ...range };
      if (request.url.includes("refused")) delete headers["access-control-allow-origin"];
      response.writeHead(start ? 206 : 200, headers);
      if (requests.length === 1 && request.url.includes("cut")) response.write(BYTES.subarray(0, BYTES.length / 3), () => setTimeout(() => response.destroy(), 50));
      else response.end(BYTES.subarray(start));
    }
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ server, requests, url: `http://127.0.0.1:${server.address().port}` }));
  });
}

/** In the page: what comes of an export whose file is at this URL. */
async function collect(url) {
  const { download, rows } = await import("/results.js");
  const client = { exports: { task: (id) => ({ id, family: "export", wait: async () => ({ result: url }) }) } };
  try {
    const { body, ...about } = await download(client, "7");
    const text = await new Response(body).text();
    let count = 0;
    let last;
    for await (const row of rows(client, "7")) [count, last] = [count + 1, row];
    return { about, text, count, last };
  } catch ({ code, message }) {
    return { code, message };
  }
}

describe("in Chromium", () => {
  let browser, page, own, other;

  before(async () => {
    [own, other] = await Promise.all([createFileServer(), createFileServer()]);
    browser = await launch();
    page = await browser.newPage();
    await page.goto(own.url);
  });

  after(async () => {
    await browser?.close();
    for (const { server } of [own, other]) {
      server.closeAllConnections();
      server.close();
    }
  });

  const LAST = { Email: "19999@x.example", Name: "Äpfel 19999" };

  it("a file of the page's own origin is gone on with by range", async () => {
    const { about, text, count, last } = await page.evaluate(collect, `${own.url}/file/cut.csv`);
    assert.deepEqual(about, { fileName: "cut.csv", isZipped: false, size: BYTES.length });
    assert.equal(text, CSV);
    assert.deepEqual([count, last], [20_000, LAST]);
    assert.match(own.requests[1].range, /^bytes=\d+-$/);
  });

  it("one of another origin is read whole as well, with what a page may see of it", async () => {
    const { about, text, count, last } = await page.evaluate(collect, `${other.url}/file/cut.csv`);
    assert.deepEqual(about, { fileName: "cut.csv", isZipped: false });
    assert.equal(text, CSV);
    assert.deepEqual([count, last], [20_000, LAST]);
  });

  it("one that was packed on its way is read whole, whether a page sees that or not", async () => {
    const urls = { own: `${own.url}/packed.csv`, other: `${other.url}/packed.csv`, elsewhere: `${own.url}/elsewhere?to=${other.url}/packed.csv` };
    for (const path of ["/", "/sandbox"]) {
      const frame = await browser.newPage();
      await frame.goto(own.url + path);
      assert.equal(await frame.evaluate(() => globalThis.origin === "null"), path === "/sandbox");
      for (const [name, url] of Object.entries(urls)) {
        // A page in a sandbox may not ask for what sends it on without a word on who may read that.
        if (name === "elsewhere" && path === "/sandbox") continue;
        const { text, count, about, message } = await frame.evaluate(collect, url);
        assert.equal(message, undefined, `${path}, ${name}`);
        assert.deepEqual([text === CSV, count, about.size], [true, 20_000, undefined], `${path}, ${name}`);
      }
      await frame.close();
    }
  });

  it("where the file's server lets no page read it, that is said soon", async () => {
    const { code, message } = await page.evaluate(collect, `${other.url}/file/refused.csv`);
    assert.equal(code, "NETWORK");
    assert.match(message, /CORS/);
    assert.doesNotMatch(message, /refused\.csv/);
  });
});
