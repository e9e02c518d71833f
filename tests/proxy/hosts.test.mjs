// The proxy in a realm that has what workers have, and nothing of Node's; and where two copies of the package meet.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import vm from "node:vm";
import { installed, project } from "../package/pack.mjs";
import { ACTIONS, EXPORT, ORIGIN, SECRET, TOKEN, createProxy, createSimulator, hosted, paths, requestOf, test } from "./support.mjs";

/** What a worker has, whose own WebAssembly and language are the realm's. */
const HAS = ["URL", "TextEncoder", "TextDecoder", "crypto", "Request", "Response", "Headers", "ReadableStream", "AbortController", "DOMException", "setTimeout", "clearTimeout", "btoa", "console"];

/** The package as it is loaded in a realm of its own. */
function loadedIn(name, globals = {}, before = "") {
  const context = vm.createContext({ ...Object.fromEntries(HAS.map((name) => [name, globalThis[name]])), ...globals });
  const module = { exports: {} };
  vm.runInContext(before, context);
  vm.runInContext(`(function (module, exports, require) {${readFileSync(join(installed, name), "utf8")}\n})`, context)(module, module.exports, () => assert.fail("it loads nothing"));
  return module.exports;
}

test("it works in a realm with what workers have alone", async () => {
  const proxyModule = loadedIn("proxy.cjs");
  const simulator = createSimulator({ tokens: [TOKEN] });
  const taskId = simulator.addTask("export", { file: { content: "a,b\n" } });
  const proxy = proxyModule.createProxy({
    token: ({ portalId }) => (portalId === "123" ? TOKEN : null), clientSecret: SECRET, families: ["export"], allow: ACTIONS, hideExportUrls: true, publicUrl: ORIGIN, fetch: simulator.fetch,
  });
  const timestamp = Date.now();
  const of = async (call) => {
    const response = await proxy(requestOf(hosted({ timestamp, ...call })));
    return [response.status, await response.text()];
  };
  const [status, text] = await of({ path: paths.status(taskId) });
  assert.deepEqual([status, JSON.parse(text).result], [200, ORIGIN + paths.download(taskId)]);
  assert.deepEqual(await of({ path: paths.download(taskId) }), [200, "a,b\n"]);
  const start = { method: "POST", path: paths.start(), body: EXPORT };
  assert.equal((await of(start))[0], 202);
  assert.equal((await of(start))[0], 409);
  assert.equal((await of({ path: paths.status(taskId), secret: "x" }))[0], 401);
  assert.throws(() => proxyModule.createProxy({ token: TOKEN, families: ["export"] }), { name: "HubSpotTaskError", code: "INVALID_ARGUMENT" });
});

test("a host without WebCrypto is told so when the proxy is made, and needs none for a guard of your own", () => {
  for (const crypto of [undefined, {}]) {
    const { createProxy } = loadedIn("proxy.cjs", { crypto });
    const options = { token: TOKEN, families: ["export"] };
    assert.throws(() => createProxy({ ...options, clientSecret: SECRET }), { code: "INVALID_ARGUMENT", message: /^clientSecret: this host has no WebCrypto/ });
    assert.equal(typeof createProxy({ ...options, authorize: () => true }), "function");
  }
});

test("an engine that failed is followed by a fresh one: one call is refused, and the next is answered", async () => {
  let isToFail = false;
  const { Instance } = WebAssembly;
  const simulator = createSimulator({ tokens: [TOKEN] });
  const taskId = simulator.addTask("export");
  const proxyModule = loadedIn("proxy.cjs", {
    tapped: (exports) => ({ ...exports, errand: (...values) => (isToFail ? exports.missing() : exports.errand(...values)) }),
  }, "const { Instance } = WebAssembly; WebAssembly.Instance = function (...given) { return { exports: tapped(new Instance(...given).exports) }; };");
  const proxy = proxyModule.createProxy({ token: TOKEN, authorize: () => true, families: ["export"], fetch: simulator.fetch });
  const ask = async () => (await proxy(new Request(ORIGIN + paths.status(taskId)))).status;
  assert.equal(await ask(), 200);
  isToFail = true;
  assert.equal(await ask(), 502);
  isToFail = false;
  assert.equal(await ask(), 200);
  assert.equal(WebAssembly.Instance, Instance, "this realm's own is left alone");
});

test("the host's own fetch is looked up at each call, and told to keep nothing", async () => {
  const simulator = createSimulator({ tokens: [TOKEN] });
  const taskId = simulator.addTask("export");
  const inits = [];
  const { fetch } = globalThis;
  const proxy = createProxy({ token: TOKEN, authorize: () => true, families: ["export"] });
  try {
    globalThis.fetch = (url, init) => {
      inits.push(init);
      return simulator.fetch(url, init);
    };
    assert.equal((await proxy(new Request(ORIGIN + paths.status(taskId)))).status, 200);
  } finally {
    globalThis.fetch = fetch;
  }
  assert.deepEqual(inits.map(({ cache, redirect }) => [cache, redirect]), [["no-store", "manual"]]);
});

test("ESM and CommonJS have one API", async () => {
  const required = createRequire(join(project, "x.cjs"))("hubspot-async-tasks/proxy");
  assert.deepEqual(Object.keys(required).sort(), ["createProxy", "toNodeHandler"]);
  assert.equal(typeof required.createProxy({ token: TOKEN, authorize: () => true, families: ["export"] }), "function");
});
