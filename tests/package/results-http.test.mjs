// The same over real connections: Node's fetch, node:http, sockets that are cut.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { project } from "./pack.mjs";
import { run } from "./run.mjs";
import { contentOf, download, partHeaders, sha, wholeHeaders } from "./files.mjs";
import { HubSpotTasks, complete, isHubSpotTaskError, test } from "./support.mjs";

const CONTENT = contentOf(300_000);

/** Pauses take a hundredth of their time, lest tests wait for real. */
const FAST = { now: Date.now, setTimeout: (callback, ms) => setTimeout(callback, ms / 100), clearTimeout };

/** A server that does so with each request: `serve(request, response, number)`; gives what `use(url, requests)` gives. */
async function withServer(serve, use) {
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(request);
    serve(request, response, requests.length);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`, requests);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function bytesFrom(url) {
  const client = new HubSpotTasks({ token: "pat-na1-secret", fetch: async () => complete({ result: `${url}/contacts.csv` }) });
  const result = await download(client, "7", { clock: FAST });
  return { ...result, bytes: Buffer.from(await new Response(result.body).arrayBuffer()) };
}

const startOf = ({ headers }) => Number(/^bytes=(\d+)-$/.exec(headers.range ?? "bytes=0-")[1]);

function serveWell(request, response) {
  const start = startOf(request);
  response.writeHead(start ? 206 : 200, start ? partHeaders(CONTENT, start) : wholeHeaders(CONTENT));
  response.end(CONTENT.subarray(start));
}

test("a_socket_that_is_cut_again_and_again_loses_and_doubles_no_byte", async () => {
  const serve = (request, response) => {
    const start = startOf(request);
    response.writeHead(start ? 206 : 200, start ? partHeaders(CONTENT, start) : wholeHeaders(CONTENT));
    response.write(CONTENT.subarray(start, start + 40_000), () => setTimeout(() => response.destroy(), 5));
    if (start + 40_000 >= CONTENT.length) response.end();
  };
  await withServer(serve, async (url, requests) => {
    const { bytes, size } = await bytesFrom(url);
    assert.deepEqual([sha(bytes), size], [sha(CONTENT), 300_000]);
    assert(requests.length >= 8);
    for (const { headers } of requests) assert.equal(headers.authorization, undefined);
  });
});

test("a_redirect_to_where_the_file_lies_is_followed", async () => {
  const serve = (request, response) => {
    if (request.url.startsWith("/contacts")) response.writeHead(302, { location: "/store/9?signature=s" }).end();
    else serveWell(request, response);
  };
  await withServer(serve, async (url) => assert.equal(sha((await bytesFrom(url)).bytes), sha(CONTENT)));
});

test("a_server_that_compresses_unasked_is_read_and_gone_on_with", async () => {
  const packed = gzipSync(CONTENT);
  const serve = (request, response, number) => {
    assert.equal(request.headers["accept-encoding"], "identity");
    response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length, etag: '"z"' });
    if (number === 1) response.write(packed.subarray(0, packed.length / 2), () => setTimeout(() => response.destroy(), 5));
    else response.end(packed);
  };
  await withServer(serve, async (url, requests) => {
    const { bytes, size } = await bytesFrom(url);
    assert.deepEqual([sha(bytes), size], [sha(CONTENT), undefined]);
    assert(requests.length >= 2);
  });
});

test("a_chunked_body_without_a_length_that_is_cut_is_not_taken_for_the_whole", async () => {
  const serve = (request, response, number) => {
    response.writeHead(200, { "content-type": "text/csv" });
    if (number > 1) response.end(CONTENT);
    else response.write(CONTENT.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 5));
  };
  await withServer(serve, async (url) => assert.equal(sha((await bytesFrom(url)).bytes), sha(CONTENT)));
});

test("a_server_that_is_not_there_ends_it", async () => {
  const url = await withServer(serveWell, async (url) => url);
  const error = await bytesFrom(url).catch((reason) => reason);
  assert(isHubSpotTaskError(error));
  assert.equal(error.code, "NETWORK");
  assert.match(error.cause.stack, /ECONNREFUSED/);
  assert.doesNotMatch(JSON.stringify([error, error.stack, error.cause.stack]), /contacts\.csv/);
});

test("the_example_in_the_docs_runs", async () => {
  const [, example] = /```js\n([^]*?)```/.exec(readFileSync(new URL("../../docs/results.md", import.meta.url), "utf8"));
  const csv = "Email,Name\na@x.example,A\nb@x.example,B\n";
  const serve = (request, response) => {
    const isStatus = request.url.endsWith("/status");
    assert.equal(request.headers.authorization, isStatus ? "Bearer pat-na1-example" : undefined);
    if (isStatus) response.end(JSON.stringify({ status: "COMPLETE", result: `http://${request.headers.host}/file/contacts.csv` }));
    else response.end(csv);
  };
  await withServer(serve, async (url) => {
    const script = example
      .replace("token: () =>", `baseUrl: ${JSON.stringify(url)}, token: () =>`)
      .replace("process.env.HUBSPOT_TOKEN", '"pat-na1-example"')
      .replace("console.log(", "seen.push(");
    const seen = await run("mjs", `const seen = [];\n${script}\nconsole.log(JSON.stringify([seen, path, size, fileName, isZipped, await new Response(body).text()]));`);
    assert.deepEqual(seen, [["a@x.example", "b@x.example"], "contacts.csv", csv.length, "contacts.csv", false, csv]);
    assert.equal(readFileSync(join(project, "contacts.csv"), "utf8"), csv);
  });
});

test("imported_and_required_it_takes_the_clients_of_every_entry", async () => {
  const script = `
    const one = async (client) => {
      const found = [];
      for await (const row of results.rows(client, "7", { fetch: async () => ({ status: 200, body: Buffer.from("a,b\\n1,2\\n") }) })) found.push(row);
      const error = await results.download(client, "x").catch((error) => error);
      const own = await results.download(client, "7", { fetch: async () => ({ status: 404 }) }).catch((error) => error);
      return [found, ...[error, own].map((error) => [error.code, main.isHubSpotTaskError(error), error instanceof main.HubSpotTaskError])];
    };
    const fetch = async () => ({ status: 200, body: { status: "COMPLETE", result: "https://files.example/a.csv" } });
    (async () => console.log(JSON.stringify([Object.keys(results).filter((name) => /^[a-z]/.test(name) && name !== "default").sort(), await one(new main.HubSpotTasks({ fetch })), await one(new js.HubSpotTasks({ fetch }))])))();`;
  const names = ["hubspot-async-tasks", "hubspot-async-tasks/js", "hubspot-async-tasks/results"];
  const load = {
    mjs: ["main", "js", "results"].map((name, at) => `import * as ${name} from "${names[at]}";`).join("\n"),
    cjs: ["main", "js", "results"].map((name, at) => `const ${name} = require("${names[at]}");`).join("\n"),
  };
  const each = [[{ a: "1", b: "2" }], ["INVALID_ARGUMENT", true, true], ["HTTP", true, true]].map((value, at) => (at ? value : [value[0]]));
  for (const extension of ["mjs", "cjs"]) {
    assert.deepEqual(await run(extension, load[extension] + script), [["download", "rows", "saveTo"], each, each]);
  }
});
