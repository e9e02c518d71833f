// The proxy over real connections of node:http, with what only these have: raw addresses, raw headers, slow and broken ones.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { request as httpRequest } from "node:http";
import {
  ACTIONS, EXPORT, SECRET, TOKEN,
  assertRefused, createProxy, createSimulator, paths, served, signatureOf, test, toNodeHandler, turns,
} from "./support.mjs";

const OPEN = { authorize: () => true, allow: ACTIONS };

/** A proxy on a port, before a simulated HubSpot: `use({ url, port, taskId, simulator })`. */
async function open(options, use, wrap = (listener) => listener) {
  const simulator = createSimulator({ tokens: [TOKEN] });
  const taskId = simulator.addTask("export", { file: { rows: 3 } });
  const proxy = createProxy({ token: TOKEN, families: ["export"], fetch: simulator.fetch, ...OPEN, ...options });
  return served(wrap(toNodeHandler(proxy)), (url, server) => use({ url, port: server.address().port, taskId, simulator, server }));
}

/** Sends bytes as they are; gives what came until the connection ended, or for so long. */
const raw = (port, text, { end = true, forMs = 2_000 } = {}) =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const parts = [];
    const timer = setTimeout(() => socket.destroy(), forMs);
    socket.on("data", (part) => parts.push(part));
    socket.on("error", (error) => (error.code === "ECONNRESET" || error.code === "EPIPE" ? undefined : reject(error)));
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(Buffer.concat(parts).toString());
    });
    socket.write(text);
    if (end) socket.end();
  });

const statusIn = (text) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);

const get = (target, ...headers) => ["GET " + target + " HTTP/1.1", "Host: app.example.com", "Connection: close", ...headers, "", ""].join("\r\n");

test("statuses, starts, details and files pass over node:http", async () => {
  await open({}, async ({ url, taskId }) => {
    assert.equal((await (await fetch(url + paths.status(taskId))).json()).status, "COMPLETE");
    assert.equal((await (await fetch(url + paths.details(taskId))).json()).exportState, "DONE");
    assert.equal((await (await fetch(url + paths.download(taskId))).text()).trim().split("\n")[0].startsWith('"'), true);
    const started = await fetch(url + paths.start(), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(EXPORT) });
    assert.equal(started.status, 202);
    await started.text();
    const head = await fetch(url + paths.status(taskId), { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("allow")], [405, "GET"]);
  });
});

test("a connection that takes nothing of a file is ended, and that to the file's server", async () => {
  const part = new Uint8Array(65_536);
  let closeUpstream;
  const isClosed = new Promise((resolve) => (closeUpstream = resolve));
  const fetch = async (url) => {
    if (url.includes("/crm/")) return new Response('{"status":"COMPLETE","result":"https://files.example/x"}');
    // Without end: whatever the connection's buffers hold is full at some time.
    return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(part), cancel: closeUpstream }));
  };
  await open({ fetch, readerTimeoutMs: 300 }, async ({ port, server }) => {
    const isEnded = new Promise((resolve) => server.once("connection", (connection) => connection.once("close", resolve)));
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    socket.once("data", () => socket.pause());
    socket.write(get(paths.download("7")));
    await Promise.all([isClosed, isEnded]);
    socket.destroy();
  });
});

test("a connection that takes a file part by part gets the whole of it, however large it is", async () => {
  const size = 20_000_000;
  const fetch = async (url) => (url.includes("/crm/") ? new Response('{"status":"COMPLETE","result":"https://files.example/x"}') : new Response(new Uint8Array(size)));
  await open({ fetch, readerTimeoutMs: 5_000 }, async ({ url }) => {
    let length = 0;
    for await (const part of (await globalThis.fetch(url + paths.download("7"))).body) {
      length += part.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(length, size);
  });
});

for (const [name, target, status] of [
  ["dots in the address", (path) => path.replace("/crm/", "/x/../crm/"), 400],
  ["escaped dots in the address", (path) => path.replace("/crm/", "/x/%2e%2e/crm/"), 400],
  ["a dot in the address", (path) => `/.${path}`, 400],
  ["a backslash in the address", (path) => path.replace("/crm/", "\\crm/"), 400],
  ["a backslash that leads out", (path) => path.replace("/crm/", "/x\\..\\crm/"), 400],
  ["an address of another host", (path) => `http://evil.example${path}`, 400],
  ["an address without a slash", (path) => path.slice(1), 400],
  ["two slashes at the beginning", (path) => `/${path}`, 404],
  ["a hash in the address", (path) => `${path}#x`, 400],
  ["a user in the address", (path) => `@evil.example${path}`, 400],
  ["a port in the address", (path) => `:80${path}`, 400],
  ["quotes in the address", (path) => `${path}?"`, 400],
  ["a query", (path) => `${path}?a?b`, 400],
  ["bytes beyond ASCII in the address", (path) => `${path}\u00e9`, 400],
  ["a star", () => "*", 400],
]) {
  test(`${status} for ${name}, and nothing reaches HubSpot`, async () => {
    await open({}, async ({ port, taskId, simulator }) => {
      const answered = await raw(port, get(target(paths.status(taskId))));
      assert.equal(statusIn(answered), status, answered);
      assert.deepEqual(simulator.requests, []);
    });
  });
}

for (const [name, host] of [["a path", "app.example.com/x"], ["a user", "user@app.example.com"], ["a query", "app.example.com?x"], ["a backslash", "app.example.com\\x"], ["nothing in it", ""], ["a blank", "a b"]]) {
  test(`a Host header with ${name} reaches nothing`, async () => {
    await open({}, async ({ port, taskId, simulator }) => {
      const answered = await raw(port, ["GET " + paths.status(taskId) + " HTTP/1.1", `Host: ${host}`, "Connection: close", "", ""].join("\r\n"));
      assert.equal(statusIn(answered), 400, answered);
      assert.deepEqual(simulator.requests, []);
    });
  });
}

for (const [name, text] of Object.entries({
  "TRACE": (path) => get(path).replace("GET", "TRACE"),
  "a GET with a body": (path) => get(path, "Content-Length: 2") + "{}",
  "a GET with a body in parts": (path) => get(path, "Transfer-Encoding: chunked") + "2\r\n{}\r\n0\r\n\r\n",
})) {
  test(`400 for ${name}, and nothing reaches HubSpot`, async () => {
    await open({}, async ({ port, taskId, simulator }) => {
      assert.equal(statusIn(await raw(port, text(paths.status(taskId)))), 400);
      assert.deepEqual(simulator.requests, []);
    });
  });
}

test("a smuggled second request, and two lengths, reach nothing", async () => {
  await open({}, async ({ port, taskId, simulator }) => {
    const smuggled = get(paths.status(taskId));
    const body = `0\r\n\r\n${smuggled}`;
    const both = ["POST " + paths.start() + " HTTP/1.1", "Host: a", "Content-Type: application/json", `Content-Length: ${body.length}`, "Transfer-Encoding: chunked", "Connection: close", "", body].join("\r\n");
    assert.equal(statusIn(await raw(port, both)), 400);
    const lengths = ["POST " + paths.start() + " HTTP/1.1", "Host: a", "Content-Type: application/json", "Content-Length: 2", "Content-Length: 3", "Connection: close", "", "{}}"].join("\r\n");
    assert.equal(statusIn(await raw(port, lengths)), 400);
    assert.deepEqual(simulator.requests, []);
  });
});

test("a body that says that it is huge is refused before it has come", async () => {
  await open({}, async ({ port, simulator }) => {
    const text = ["POST " + paths.start() + " HTTP/1.1", "Host: a", "Content-Type: application/json", "Content-Length: 10000000000", "", "{"].join("\r\n");
    const answered = await raw(port, text, { end: false });
    assert.equal(statusIn(answered), 413);
    assert.match(answered, /^connection: close/im);
    assert.deepEqual(simulator.requests, []);
  });
});

test("a body without end is refused at 1 MB, and its connection ended", async () => {
  await open({}, async ({ port, simulator }) => {
    const sent = await new Promise((resolve) => {
      const request = httpRequest({ port, method: "POST", path: paths.start(), headers: { "content-type": "application/json", "transfer-encoding": "chunked" } });
      const part = Buffer.alloc(65_536, 97);
      let bytes = 0;
      let status;
      const write = () => {
        while (!request.destroyed && bytes < 2 ** 28) {
          bytes += part.length;
          if (!request.write(part)) return void request.once("drain", write);
        }
      };
      request.on("response", (response) => {
        status = response.statusCode;
        response.resume();
      });
      request.on("error", () => {});
      request.on("close", () => resolve({ bytes, status }));
      write();
    });
    assert.equal(sent.status, 413);
    assert(sent.bytes < 2 ** 27, `${sent.bytes} bytes were taken`);
    assert.deepEqual(simulator.requests, []);
  });
});

test("a body that does not come is refused in time, and its connection ended", async () => {
  await open({ requestTimeoutMs: 100 }, async ({ port, simulator }) => {
    const text = ["POST " + paths.start() + " HTTP/1.1", "Host: a", "Content-Type: application/json", "Content-Length: 20", "", "{"].join("\r\n");
    assert.equal(statusIn(await raw(port, text, { end: false })), 400);
    assert.deepEqual(simulator.requests, []);
  });
});

test("a caller who hangs up ends the request to HubSpot", async () => {
  let signal;
  const fetch = (url, init) => new Promise((_, reject) => {
    ({ signal } = init);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  await open({ fetch }, async ({ port, taskId }) => {
    const socket = connect(port, "127.0.0.1");
    socket.write(get(paths.status(taskId)));
    while (!signal) await turns();
    socket.destroy();
    while (!signal.aborted) await turns();
  });
});

test("a caller who reads slowly is waited for, and one who hangs up within a file ends its connection", async () => {
  let [given, isCanceled] = [0, false];
  const fetch = async (url) => {
    if (url.includes("/crm/")) return new Response('{"status":"COMPLETE","result":"https://files.example/x"}');
    return new Response(new ReadableStream({
      pull(controller) {
        given += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel: () => void (isCanceled = true),
    }));
  };
  await open({ fetch }, async ({ port, taskId }) => {
    const socket = connect(port, "127.0.0.1");
    socket.pause();
    socket.write(get(paths.download(taskId)));
    let before = -1;
    while (given === 0 || before !== given) {
      before = given;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert(given < 2 ** 26, `${given} bytes are held for one who does not read`);
    socket.destroy();
    while (!isCanceled) await turns();
  });
});

test("a file that breaks off breaks the connection off: a part is not taken for the whole", async () => {
  const clock = { now: Date.now, setTimeout: (callback, ms) => setTimeout(callback, ms / 1_000), clearTimeout };
  const fetch = async (url) => {
    if (url.includes("/crm/")) return new Response('{"status":"COMPLETE","result":"https://files.example/x"}');
    let parts = 0;
    return new Response(new ReadableStream({ pull: (controller) => (parts++ === 0 ? controller.enqueue(new Uint8Array(10_000).fill(97)) : controller.error(new Error("broken"))) }));
  };
  await open({ fetch, clock }, async ({ url, taskId }) => {
    const response = await globalThis.fetch(url + paths.download(taskId));
    await assert.rejects(response.text());
  });
});

test("the signed address is the whole one where a framework takes its mount off", async () => {
  const mount = (listener) => (request, response) => {
    // As Express' app.use("/hubspot", …) does.
    request.originalUrl = request.url;
    request.url = request.url.replace("/hubspot", "");
    listener(request, response);
  };
  await open({ clientSecret: SECRET, path: "/hubspot", publicUrl: "https://app.example.com" }, async ({ url, taskId }) => {
    const path = `/hubspot${paths.status(taskId)}?portalId=123&userEmail=a%40b.c`;
    const timestamp = Date.now();
    const headers = { "x-hubspot-signature-v3": signatureOf({ method: "GET", url: `https://app.example.com${path}`, timestamp }), "x-hubspot-request-timestamp": String(timestamp) };
    const response = await fetch(url + path, { headers });
    assert.equal(response.status, 200);
    await response.text();
  }, mount);
});

test("an apostrophe that stands in the query as it is passes, as HubSpot signed it", async () => {
  await open({ clientSecret: SECRET, publicUrl: "https://app.example.com" }, async ({ port, taskId }) => {
    const target = `${paths.status(taskId)}?portalId=123&userEmail=o'neil%40example.com`;
    const timestamp = Date.now();
    const signature = signatureOf({ method: "GET", url: `https://app.example.com${target}`, timestamp });
    const answered = await raw(port, get(target, `X-HubSpot-Signature-v3: ${signature}`, `X-HubSpot-Request-Timestamp: ${timestamp}`), { end: false });
    assert.equal(statusIn(answered), 200, answered);
  });
});

test("without a public address the signed one is what Host says, and no header beside it", async () => {
  await open({ clientSecret: SECRET }, async ({ url, port, taskId }) => {
    const path = `${paths.status(taskId)}?portalId=123`;
    const timestamp = Date.now();
    const signed = (base) => ({ "x-hubspot-signature-v3": signatureOf({ method: "GET", url: base + path, timestamp }), "x-hubspot-request-timestamp": String(timestamp) });
    const right = await fetch(url + path, { headers: signed(url) });
    assert.equal(right.status, 200);
    await right.text();
    const other = "https://app.example.com";
    const forwarded = { "x-forwarded-host": "app.example.com", "x-forwarded-proto": "https", forwarded: "host=app.example.com;proto=https" };
    const wrong = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { ...signed(other), ...forwarded } });
    assertRefused({ status: wrong.status, text: await wrong.text() }, 401, "SIGNATURE");
  });
});

test("a body that was read before is taken from where hosts keep it", async () => {
  const keep = (listener) => async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    request.rawBody = Buffer.concat(parts);
    listener(request, response);
  };
  await open({}, async ({ url, simulator }) => {
    const started = await fetch(url + paths.start(), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(EXPORT) });
    assert.equal(started.status, 202);
    await started.text();
    assert.equal(simulator.requests[0].body, JSON.stringify(EXPORT));
  }, keep);
});

test("a body that was read before, and is nowhere, is refused", async () => {
  const lose = (listener) => async (request, response) => {
    for await (const _ of request);
    listener(request, response);
  };
  await open({}, async ({ url, simulator }) => {
    const started = await fetch(url + paths.start(), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(EXPORT) });
    assertRefused({ status: started.status, text: await started.text() }, 400, "BODY");
    assert.deepEqual(simulator.requests, []);
  }, lose);
});

test("a handler that throws breaks the connection off, and the process goes on", async () => {
  await served(toNodeHandler(() => Promise.reject(new Error("not one of ours"))), async (url) => {
    await assert.rejects(fetch(url));
  });
});
