// The files that exports make: brought by the proxy, and their secret addresses hidden.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../package/pack.mjs";
import {
  ACTIONS, HubSpotTasks, ORIGIN, SECRET, START, TOKEN,
  answerTo, assertRefused, createProxy, createSimulator, defineFamily, hosted, paths, plainCall, requestOf, served, test, toNodeHandler, turns, virtualClock, world,
} from "./support.mjs";

const entry = join(project, `proxy-results.${process.pid}.mjs`);
writeFileSync(entry, 'export * from "hubspot-async-tasks/results";\n');
const { download, rows } = await import(pathToFileURL(entry).href);

const OPEN = { authorize: () => true, allow: ACTIONS };
const HIDING = { ...OPEN, hideExportUrls: true };
const CONTENT = "Email\njané@example.com\n".repeat(500);

function fileWorld({ file = { content: CONTENT }, ...options } = {}) {
  const made = world(options);
  return { ...made, taskId: made.simulator.addTask("export", { file, ...options.task }) };
}

const fileOf = (taskId) => plainCall({ path: paths.download(taskId) });

test("a file is brought by a fresh address, without the token, and named as HubSpot names it", async () => {
  const { proxy, sent, taskId } = fileWorld({ proxy: OPEN, file: { content: CONTENT, name: "All contacts" } });
  const response = await proxy(requestOf(fileOf(taskId)));
  assert.equal(response.status, 200);
  assert.equal(await response.text(), CONTENT);
  assert.match(response.headers.get("content-type"), /^text\/csv/);
  assert.match(response.headers.get("content-disposition"), /^attachment; filename="All contacts\.csv"; filename\*=UTF-8''All%20contacts\.csv$/);
  assert.equal(response.headers.get("content-length"), String(Buffer.byteLength(CONTENT)));
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(sent.length, 2);
  assert(!JSON.stringify(sent[1].init.headers).includes(TOKEN));
});

test("a file that is not there yet is a 409, and what HubSpot says of a task that it does not know passes", async () => {
  const running = fileWorld({ proxy: OPEN, task: { processingMs: Infinity } });
  assertRefused(await answerTo(running.proxy, fileOf(running.taskId)), 409, "NO_FILE");
  const failed = fileWorld({ proxy: OPEN, task: { outcome: "failed" } });
  assertRefused(await answerTo(failed.proxy, fileOf(failed.taskId)), 409, "NO_FILE");
  const unknown = await answerTo(running.proxy, fileOf("123"));
  assert.equal(unknown.status, 403);
  assert.match(unknown.text, /Permission to get export file/);
});

test("a connection that breaks is followed by another one, and no byte is lost or doubled", async () => {
  const clock = { now: Date.now, setTimeout: (callback, ms) => setTimeout(callback, ms / 100), clearTimeout };
  const { simulator, taskId } = fileWorld({ proxy: OPEN });
  let breaks = 3;
  const fetch = async (url, init) => {
    const response = await simulator.fetch(url, init);
    if (!url.includes("/crm/") && breaks-- > 0) {
      const part = new Uint8Array(await response.arrayBuffer()).slice(0, 1_000);
      let isGiven = false;
      const body = new ReadableStream({
        pull(controller) {
          if (isGiven) return controller.error(new Error("broken"));
          isGiven = true;
          controller.enqueue(part);
        },
      });
      return new Response(body, { status: response.status, headers: response.headers });
    }
    return response;
  };
  const proxy = createProxy({ ...OPEN, token: TOKEN, families: ["export"], fetch, clock });
  assert.equal(await (await proxy(requestOf(fileOf(taskId)))).text(), CONTENT);
});

test("a page, or anything else that a browser would show, is no file's type", async () => {
  for (const [type, shown] of [["text/html", /^application\/octet-stream$/], ["image/svg+xml", /^application\/octet-stream$/], ["text/csv;charset=utf-8", /^text\/csv$/], ["Text/CSV, text/html", /^text\/csv$/], ["application/zip", /^application\/zip$/]]) {
    const { proxy } = world({ proxy: OPEN, answer: async (url) => (url.includes("/crm/") ? new Response('{"status":"COMPLETE","result":"https://files.example/x"}') : new Response("a,b\n", { headers: { "content-type": type } })) });
    const response = await proxy(requestOf(fileOf("7")));
    if (response.status !== 200) assert.equal(type, "text/html");
    else assert.match(response.headers.get("content-type"), shown);
    await response.text();
  }
});

for (const [name, disposition] of Object.entries({
  "quotes and line ends": 'attachment; filename="a\\"; filename=evil.html\r\nX-Injected: 1"',
  folders: 'attachment; filename="../../etc/passwd"',
  "another script": "attachment; filename*=UTF-8''%E2%82%AC%20rates.csv",
})) {
  test(`a file's name with ${name} makes one header, of a safe name`, async () => {
    const answer = async (url) => (url.includes("/crm/") ? new Response('{"status":"COMPLETE","result":"https://files.example/x"}') : { status: 200, headers: { "content-disposition": disposition }, body: null, arrayBuffer: async () => new TextEncoder().encode("a,b\n").buffer });
    const { proxy } = world({ proxy: OPEN, answer });
    const response = await proxy(requestOf(fileOf("7")));
    const header = response.headers.get("content-disposition");
    assert.match(header, /^attachment; filename="[^"\\]*"; filename\*=UTF-8''[\w.!~%-]*$/);
    assert.equal(response.headers.get("x-injected"), null);
    assert.doesNotMatch(header, /[/\\]/);
    await response.text();
  });
}

test("what goes wrong at the file's server is a 502 that does not show the address", async () => {
  for (const file of [async () => new Response("<Error>", { status: 404 }), async () => new Response(null, { status: 302 }), () => Promise.reject(new Error("https://files.example/secret"))]) {
    const clock = { now: Date.now, setTimeout: (callback, ms) => setTimeout(callback, ms / 1_000), clearTimeout };
    const answer = async (url) => (url.includes("/crm/") ? new Response('{"status":"COMPLETE","result":"https://files.example/secret"}') : file());
    const { proxy } = world({ proxy: { ...OPEN, clock }, answer });
    const refused = await answerTo(proxy, fileOf("7"));
    assertRefused(refused, 502, "UPSTREAM");
    assert(!refused.text.includes("files.example"));
  }
});

test("a caller who leaves ends the connection to the file's server", async () => {
  let isCanceled = false;
  let signal;
  const answer = async (url, init) => {
    if (url.includes("/crm/")) return new Response('{"status":"COMPLETE","result":"https://files.example/x"}');
    ({ signal } = init);
    return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_000)), cancel: () => void (isCanceled = true) }));
  };
  const { proxy } = world({ proxy: OPEN, answer });
  const gone = new AbortController();
  const response = await proxy(requestOf({ ...fileOf("7"), signal: gone.signal }));
  await response.body.getReader().read();
  gone.abort();
  await turns();
  assert(isCanceled || signal.aborted);
});

// Readers who take their time.

/** A file whose server gives part after part, and what became of the connection to it. */
function endlessFile({ proxy, part = new Uint8Array(1_000), next = async () => part } = {}) {
  const upstream = { asked: 0, isCanceled: false, given: 0 };
  const answer = async (url, { signal }) => {
    if (url.includes("/crm/")) return new Response('{"status":"COMPLETE","result":"https://files.example/x"}');
    upstream.asked++;
    signal.addEventListener("abort", () => void (upstream.isCanceled = true));
    const source = { pull: async (controller) => controller.enqueue(await next(++upstream.given)), cancel: () => void (upstream.isCanceled = true) };
    return new Response(new ReadableStream(source, { highWaterMark: 0 }));
  };
  return { ...world({ proxy: { ...OPEN, ...proxy }, answer }), upstream };
}

const LATE = /^Error: nothing was read of the file for \d+ ms$/;

for (const [when, reads] of [["at all", 0], ["any more", 3]]) {
  for (const [readerTimeoutMs, lastsMs] of [[undefined, 120_000], [null, 120_000], [5_000, 5_000], [0.5, 1]]) {
    test(`a file that nobody reads ${when} is broken off after ${lastsMs} ms where readerTimeoutMs is ${readerTimeoutMs}`, async () => {
      const { proxy, clock, upstream } = endlessFile({ proxy: { readerTimeoutMs } });
      const reader = (await proxy(requestOf(fileOf("7")))).body.getReader();
      for (let read = 0; read < reads; read++) await reader.read();
      await clock.advance(lastsMs - 1);
      assert.equal(upstream.isCanceled, false);
      await clock.advance(1);
      assert.equal(upstream.isCanceled, true);
      assert.equal(clock.timers, 0);
      await assert.rejects(reader.read(), LATE);
      assert.equal(upstream.asked, 1, "nobody goes on with it");
    });
  }
}

test("one who reads slowly, and each time before it is too late, gets the whole file", async () => {
  const content = new Uint8Array(300_000).map((_, at) => at % 251);
  // All in one part: how much the file's server gives at once is not the reader's affair.
  const answer = async (url) => (url.includes("/crm/") ? new Response('{"status":"COMPLETE","result":"https://files.example/x"}') : { status: 200, headers: {}, arrayBuffer: async () => content.buffer });
  const { proxy, clock } = world({ proxy: { ...OPEN, readerTimeoutMs: 1_000 }, answer });
  const reader = (await proxy(requestOf(fileOf("7")))).body.getReader();
  const parts = [];
  for (;;) {
    await clock.advance(999);
    const { done, value } = await reader.read();
    if (done) break;
    assert(value.length <= 65_536, `${value.length} bytes at once`);
    // As a host does that sends it by another thread: its memory is gone here.
    parts.push(structuredClone(value, { transfer: [value.buffer] }));
  }
  assert(parts.length >= 5);
  assert.deepEqual(Buffer.concat(parts), Buffer.from(content));
});

test("one who waits for the file's server is no slow reader", async () => {
  let give;
  const { proxy, clock, upstream } = endlessFile({
    proxy: { readerTimeoutMs: 1_000 },
    next: (number) => (number === 1 ? new Uint8Array(1_000) : new Promise((resolve) => (give = () => resolve(new Uint8Array(7))))),
  });
  const { body } = await proxy(requestOf(fileOf("7")));
  const reader = body.getReader();
  await reader.read();
  const read = reader.read();
  await clock.advance(20_000);
  assert.equal(upstream.isCanceled, false);
  give();
  assert.equal((await read).value.length, 7);
  await reader.cancel();
  await turns();
  assert.equal(upstream.isCanceled, true);
  assert.equal(clock.timers, 0);
});

for (const [name, leave] of Object.entries({
  "who hangs up": ({ gone }) => gone.abort(),
  "who cancels what is read": ({ reader }) => reader.cancel(),
})) {
  test(`nothing is left of a reader ${name}: no connection and no timer`, async () => {
    const { proxy, clock, upstream } = endlessFile();
    const gone = new AbortController();
    const reader = (await proxy(requestOf({ ...fileOf("7"), signal: gone.signal }))).body.getReader();
    await reader.read();
    await leave({ gone, reader });
    await turns();
    assert.equal(upstream.isCanceled, true);
    assert.equal(clock.timers, 0);
  });
}

test("what the file's server breaks off reaches the reader, and leaves no timer", async () => {
  const next = async (number) => (number === 1 ? new Uint8Array(1_000) : Promise.reject(new Error("broken")));
  const { proxy, clock, upstream } = endlessFile({ next });
  const reader = (await proxy(requestOf(fileOf("7")))).body.getReader();
  await reader.read();
  await assert.rejects(clock.run(reader.read()), { code: "NETWORK" });
  assert(upstream.asked > 1);
  assert.equal(clock.timers, 0);
});

// Hidden addresses.

test("a status has the proxy's address in the place of the secret one, which brings the file", async () => {
  const { proxy, simulator, taskId } = fileWorld({ proxy: { ...HIDING, path: "/hubspot", publicUrl: "https://public.example.com" } });
  const { text } = await answerTo(proxy, plainCall({ path: `/hubspot${paths.status(taskId)}` }));
  const { result } = JSON.parse(text);
  assert.equal(result, `https://public.example.com/hubspot${paths.download(taskId)}`);
  assert.equal([...text.matchAll(/https?:/g)].length, 1, text);
  assert.equal(await (await proxy(new Request(result))).text(), CONTENT);
  assert.equal(simulator.requests.length, 3);
});

test("the address is that of the request where no public one is named", async () => {
  const { proxy, taskId } = fileWorld({ proxy: HIDING });
  const { text } = await answerTo(proxy, plainCall({ path: paths.status(taskId), origin: "http://localhost:3000" }));
  assert.equal(JSON.parse(text).result, `http://localhost:3000${paths.download(taskId)}`);
});

const URL_OF_FILE = "https://files.example/secret?token=x&sig=%2F";

for (const [name, path, answer, expected] of [
  ["a status that is running", "status", '{"status":"PROCESSING"}', '{"status":"PROCESSING"}'],
  ["an empty status", "status", "", ""],
  ["a status with a long number", "status", `{"status":"COMPLETE","big":9223372036854775807,"result":"${URL_OF_FILE}"}`, `{"status":"COMPLETE","big":9223372036854775807,"result":"OWN"}`],
  ["an address in JSON's escapes", "status", `{"status":"COMPLETE","result":"https:\\/\\/files.example\\u002fsecret"}`, `{"status":"COMPLETE","result":"OWN"}`],
  ["an address that is there twice", "status", `{"status":"COMPLETE","result":"${URL_OF_FILE}","links":{"file":"${URL_OF_FILE}","status":"https://api-na1.hubspot.com/x"}}`, '{"status":"COMPLETE","result":"OWN","links":{"file":"OWN","status":"[url]"}}'],
  ["a field that is there twice", "status", `{"status":"COMPLETE","result":"${URL_OF_FILE}","result":"https://files.example/b"}`, '{"status":"COMPLETE","result":"[url]","result":"OWN"}'],
  ["an address within a message", "status", `{"status":"COMPLETE","errors":[{"message":"see ${URL_OF_FILE} for it"}]}`, '{"status":"COMPLETE","errors":[{"message":"[url]"}]}'],
  ["an address without a scheme", "status", `{"status":"COMPLETE","result":"//files.example/secret"}`, '{"status":"COMPLETE","result":"OWN"}'],
  ["an address with escapes", "status", '{"status":"PROCESSING","next":"go?to=https%3A%2F%2Ffiles.example"}', '{"status":"PROCESSING","next":"[url]"}'],
  ["a result that is no address", "status", '{"status":"COMPLETE","result":"s3-key"}', '{"status":"COMPLETE","result":"OWN"}'],
  ["an address as a name", "status", `{"status":"PROCESSING","${URL_OF_FILE}":1}`, '{"status":"PROCESSING","[url]":1}'],
  ["details with an address", "details", `{"exportState":"DONE","id":"7","url":"${URL_OF_FILE}","deep":[{"download":"${URL_OF_FILE}"}]}`, '{"exportState":"DONE","id":"7","url":"[url]","deep":[{"download":"[url]"}]}'],
]) {
  test(`hidden, and the rest byte for byte: ${name}`, async () => {
    const { proxy } = world({ proxy: HIDING, answer: async () => new Response(answer) });
    const { status, text } = await answerTo(proxy, plainCall({ path: paths[path]("7") }));
    assert.deepEqual([status, text], [200, expected.replaceAll("OWN", ORIGIN + paths.download("7"))]);
  });
}

for (const [name, status, body, expected] of [
  ["a broken status", 200, `{"status":"COMPLETE","result":"${URL_OF_FILE}`, 502],
  ["a bare address", 200, URL_OF_FILE, 502],
  ["a page", 404, `<html><a href="${URL_OF_FILE}">`, 404],
  ["a text", 503, URL_OF_FILE, 503],
]) {
  test(`what is no JSON is not passed on where addresses are hidden: ${name}`, async () => {
    const { proxy } = world({ proxy: HIDING, answer: async () => new Response(body, { status, headers: { "retry-after": "7" } }) });
    const answer = await answerTo(proxy, plainCall({ path: paths.status("7") }));
    assert.equal(answer.status, expected);
    assert.equal(JSON.parse(answer.text).status, "error");
    assert(!answer.text.includes("files.example"));
    if (expected !== 502) assert.equal(answer.headers.get("retry-after"), "7");
  });
}

test("what other families say is left as it is", async () => {
  const text = `{"status":"COMPLETE","result":{"url":"https://files.example/a.png"}}`;
  const { proxy } = world({ proxy: { ...HIDING, families: ["export", "fileImport"] }, answer: async () => new Response(text) });
  assert.equal((await answerTo(proxy, plainCall({ path: "/files/2026-03/files/import-from-url/async/tasks/7/status" }))).text, text);
});

test("callers who share a status each see the address that they called", async () => {
  const { proxy } = world({ proxy: HIDING, answer: async () => { await turns(); return new Response(`{"status":"COMPLETE","result":"${URL_OF_FILE}"}`); } });
  const origins = ["http://a.example", "http://b.example"];
  const answers = await Promise.all(origins.map((origin) => answerTo(proxy, plainCall({ path: paths.status("7"), origin }))));
  assert.deepEqual(answers.map(({ text }) => new URL(JSON.parse(text).result).origin), origins);
});

test("a family of yours that makes files is brought and hidden as well", async () => {
  const definition = defineFamily({ name: "report", paths: { status: "/reports/{version}/{taskId}" }, result: { field: "out.file", isText: true } });
  const answer = async (url) => new Response(url.includes("/reports/") ? `{"status":"COMPLETE","out":{"file":"${URL_OF_FILE}"}}` : "a,b\n");
  const { proxy } = world({ proxy: { ...HIDING, families: [definition] }, answer });
  const own = JSON.parse((await answerTo(proxy, plainCall({ path: "/reports/2026-03/a-1" }))).text).out.file;
  assert.equal(own, `${ORIGIN}/reports/2026-03/a-1/download`);
  assert.equal(await (await proxy(new Request(own))).text(), "a,b\n");
});

// The clients of this package, behind it.

test("/results downloads and reads rows through it, with the guard's credentials by a fetch of its own", async () => {
  const simulator = createSimulator({ tokens: [TOKEN] });
  const taskId = simulator.addTask("export", { file: { rows: 7, columns: ["Email"] } });
  const proxy = createProxy({
    token: TOKEN, families: ["export"], allow: ["download"], hideExportUrls: true, path: "/hubspot", fetch: simulator.fetch,
    authorize: (request) => request.headers.get("authorization") === "Bearer session-of-jane",
  });
  await served(toNodeHandler(proxy), async (url) => {
    const client = new HubSpotTasks({ baseUrl: `${url}/hubspot`, token: "session-of-jane" });
    const refused = await rows(client, taskId).next().catch((error) => error);
    assert.deepEqual([refused.code, refused.httpStatus], ["HTTP", 403], "the file's server is not shown the client's token");
    const withSession = (address, init) => fetch(address, { ...init, headers: { ...init.headers, authorization: "Bearer session-of-jane" } });
    const seen = [];
    for await (const row of rows(client, taskId, { fetch: withSession })) seen.push(row);
    assert.equal(seen.length, 7);
    const { fileName, size, body } = await download(client, taskId, { fetch: withSession });
    assert.equal(fileName, "export.csv");
    assert.equal((await new Response(body).arrayBuffer()).byteLength, size);
  });
});

for (const [name, guard] of [["alone", {}], ["and a guard besides", { authorize: () => true }]]) {
  test(`with a signature ${name} the address is answered to who is signed, and to nobody else`, async () => {
    const { proxy, taskId } = fileWorld({ proxy: { ...guard, clientSecret: SECRET, publicUrl: ORIGIN, allow: ["download"], hideExportUrls: true } });
    const { text } = await answerTo(proxy, hosted({ path: paths.status(taskId) }));
    const { pathname } = new URL(JSON.parse(text).result);
    assertRefused(await answerTo(proxy, plainCall({ path: pathname })), 401, "SIGNATURE");
    const { status, body } = await proxy(requestOf(hosted({ path: pathname, timestamp: START })));
    await body.cancel();
    assert.equal(status, 200);
  });
}

test("files are asked for by the clock that is given", async () => {
  const clock = virtualClock();
  const { proxy } = world({ proxy: { ...OPEN, clock, requestTimeoutMs: 1_000 }, answer: (url) => (url.includes("/crm/") ? Promise.resolve(new Response(`{"status":"COMPLETE","result":"${URL_OF_FILE}"}`)) : new Promise(() => {})) });
  const answer = answerTo(proxy, fileOf("7"));
  await clock.run(answer);
  assertRefused(await answer, 502, "UPSTREAM");
});
