// When the WebAssembly is compiled, from what, and what is said where it cannot be.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { installed } from "./pack.mjs";
import { assertError, complete, deferred, test, thrown, turns } from "./support.mjs";

const bytes = readFileSync(join(installed, "hubspot-async-tasks.wasm"));
const compiled = new WebAssembly.Module(bytes);

// Node's fetch compiles WebAssembly of its own before its first answer: not among what is recorded here.
const server = createServer((_, response) => response.end()).listen(0, "127.0.0.1");
await once(server, "listening");
await fetch(`http://127.0.0.1:${server.address().port}`);
server.close().closeAllConnections();

let copies = 0;

/** A copy of an entry that nobody has used yet. */
const fresh = (name) => import(`${pathToFileURL(join(installed, `${name}.js`))}?${++copies}`);

/** What a promise rejects with. Compiling takes real time. */
const rejected = (promise) => promise.then(() => assert.fail("it was resolved"), (error) => error);

/** Runs with some of WebAssembly's functions replaced; `replace` gives the new one for a name and the old one. */
async function withWebAssembly(replace, run) {
  const names = ["Module", "Instance", "compile", "instantiate", "compileStreaming", "instantiateStreaming"];
  const originals = Object.fromEntries(names.map((name) => [name, WebAssembly[name]]));
  for (const name of names) WebAssembly[name] = replace(name, originals[name]);
  try {
    return await run();
  } finally {
    Object.assign(WebAssembly, originals);
  }
}

/** Runs, and gives the names of what was called of WebAssembly. */
async function calls(run) {
  const called = [];
  const recorded = (name, original) =>
    new Proxy(original, {
      apply: (f, self, args) => (called.push(name), Reflect.apply(f, self, args)),
      construct: (f, args) => (called.push(name), new f(...args)),
    });
  await withWebAssembly(recorded, run);
  return called;
}

/** It works: a client made, a task polled. */
async function assertWorks({ HubSpotTasks, outcomeOf }) {
  assert.equal(outcomeOf({ status: "CANCELED" }), "canceled");
  const client = new HubSpotTasks({ fetch: async () => complete() });
  assert.equal((await client.exports.task("7").wait()).outcome, "succeeded");
}

// ---------------------------------------------------------------------------------------------------------------
// The default entry

test("init() compiles once, whoever calls it how often, and nothing is compiled afterwards", async () => {
  const main = await fresh("index");
  const called = await calls(async () => {
    assert.deepEqual(await Promise.all([main.init(), main.init(), main.init()]), [undefined, undefined, undefined]);
    await main.init();
    await assertWorks(main);
  });
  assert.deepEqual(called, ["instantiate"]);
});

test("init() after the first use compiles nothing", async () => {
  const main = await fresh("index");
  const called = await calls(async () => {
    await assertWorks(main);
    await main.init();
  });
  assert.deepEqual(called, ["Module", "Instance"]);
});

test("what is made while init() is at work stays whole", async () => {
  const main = await fresh("index");
  const ready = main.init();
  const client = new main.HubSpotTasks({ fetch: async () => complete() });
  const task = client.exports.task("7");
  await ready;
  assert.equal(task.id, "7");
  assert.equal((await task.wait()).outcome, "succeeded");
  assert.equal(client.exports.task("8").id, "8");
});

test("a host that refuses WebAssembly is WASM_BLOCKED with its cause, naming the policy and /js, and asked again", async () => {
  const boom = new WebAssembly.CompileError("blocked by a policy");
  const refuse = () =>
    function () {
      throw boom;
    };
  for (const name of ["index", "index.min"]) {
    const main = await fresh(name);
    await withWebAssembly(refuse, async () => {
      for (const error of [
        thrown(() => new main.HubSpotTasks()),
        thrown(() => main.outcomeOf({ status: "PENDING" })),
        await rejected(main.init()),
        await rejected(main.init()),
      ]) {
        assert(error instanceof main.HubSpotTaskError);
        assertError(error, "WASM_BLOCKED", { cause: boom });
        assert.match(error.message, /'wasm-unsafe-eval'.*hubspot-async-tasks\/js/);
        assert.doesNotMatch(error.message, /init\(\)/);
      }
    });
    await assertWorks(main);
  }
});

test("after a blocked init() the next init() may succeed", async () => {
  const main = await fresh("index");
  const refuse = () => () => Promise.reject(new WebAssembly.CompileError("blocked"));
  await withWebAssembly(refuse, async () => assertError(await rejected(main.init()), "WASM_BLOCKED"));
  await main.init();
  assert.deepEqual(await calls(() => assertWorks(main)), []);
});

test("a host without WebAssembly is WASM_BLOCKED, at first use and by init()", async () => {
  const { WebAssembly: original } = globalThis;
  const entries = [await fresh("index"), await fresh("slim")];
  try {
    delete globalThis.WebAssembly;
    assertError(thrown(() => new entries[0].HubSpotTasks()), "WASM_BLOCKED");
    for (const { init } of entries) assertError(await rejected(init(bytes)), "WASM_BLOCKED");
  } finally {
    globalThis.WebAssembly = original;
  }
  await assertWorks(entries[0]);
});

test("a browser that compiles on the main thread ahead of time only is told of init(), and works after it", async () => {
  const main = await fresh("index");
  const tooLarge = new RangeError("WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB.");
  const old = (name, original) =>
    /^(Module|Instance)$/.test(name)
      ? function () {
          throw tooLarge;
        }
      : original;
  await withWebAssembly(old, async () => {
    const error = assertError(thrown(() => new main.HubSpotTasks()), "WASM_BLOCKED", { cause: tooLarge });
    assert.match(error.message, /await init\(\) .*hubspot-async-tasks\/js/);
    assert.doesNotMatch(error.message, /unsafe-eval/);
    await main.init();
    await assertWorks(main);
  });
});

test("/js has an init() as well, and never asks for WebAssembly", async () => {
  for (const first of [({ init }) => init(), () => {}]) {
    const main = await fresh("js");
    const called = await calls(async () => {
      assert.equal(await first(main), undefined);
      await assertWorks(main);
    });
    assert.deepEqual(called, []);
  }
});

// ---------------------------------------------------------------------------------------------------------------
// slim

const dataUrl = `data:application/wasm;base64,${bytes.toString("base64")}`;
const wasmResponse = () => new Response(bytes, { headers: { "content-type": "application/octet-stream" } });
const shifted = () => {
  const larger = new Uint8Array(bytes.length + 7);
  larger.set(bytes, 3);
  return larger.subarray(3, 3 + bytes.length);
};
const foreign = vm.createContext({ given: [...bytes] });

const SOURCES = {
  "a WebAssembly.Module": () => compiled,
  "a WebAssembly.Module of another realm": () =>
    vm.runInContext("new WebAssembly.Module(new Uint8Array(given))", foreign),
  "an ArrayBuffer": () => new Uint8Array(bytes).buffer,
  "an ArrayBuffer of another realm": () => vm.runInContext("new Uint8Array(given).buffer", foreign),
  "a view of a part": shifted,
  "a DataView of a part": () => new DataView(shifted().buffer, 3, bytes.length),
  "a Buffer": () => bytes,
  "a Blob": () => new Blob([bytes]),
  "a Response of any type": wasmResponse,
  "as little as a Response must have": () => ({ arrayBuffer: async () => new Uint8Array(bytes).buffer }),
  "a URL": () => new URL(dataUrl),
  "a URL as a string": () => dataUrl,
  "a promise of a module": async () => compiled,
  "a promise of bytes": async () => bytes,
  "a promise of a Response": async () => wasmResponse(),
  "a promise of a URL": async () => dataUrl,
};

for (const [what, source] of Object.entries(SOURCES)) {
  test(`slim takes ${what}`, async () => {
    const main = await fresh("slim");
    assert.equal(await main.init(source()), undefined);
    await assertWorks(main);
    assert.deepEqual(await calls(() => main.init()), []);
  });
}

test("slim before init() says what to do, in each call, and works after it", async () => {
  const main = await fresh("slim");
  for (const call of [() => new main.HubSpotTasks(), () => main.outcomeOf({ status: "PENDING" })]) {
    assert.match(assertError(thrown(call), "WASM_BLOCKED").message, /await init\(source\)/);
  }
  assert.equal(main.isHubSpotTaskError(new Error("x")), false);
  await main.init(compiled);
  await assertWorks(main);
});

/** What is wrong, and how a message names it. */
const WRONG = {
  nothing: [undefined, "undefined"],
  null: [null, "Null"],
  "a number": [5, "number"],
  "a function": [() => bytes, "function"],
  "a plain object": [{}, "Object"],
  "an imported namespace": [import("node:fs"), "Module"],
  "a list": [[...bytes], "Array"],
  "a promise of nothing": [Promise.resolve(), "undefined"],
};

for (const [what, [source, kind]] of Object.entries(WRONG)) {
  test(`slim refuses ${what}, naming what it got and what it takes`, async () => {
    const main = await fresh("slim");
    const { message } = assertError(await rejected(main.init(source)), "INVALID_ARGUMENT");
    assert(message.startsWith(`source: got a value of type ${kind}, takes `), message);
    assert.match(message, /hubspot-async-tasks\/wasm.*WebAssembly\.Module.*ArrayBuffer.*Response.*URL.*promise/);
    await main.init(compiled);
    await assertWorks(main);
  });
}

test("slim refuses bytes that are no WebAssembly, and WebAssembly that is not of this build", async () => {
  const empty = [0, 97, 115, 109, 1, 0, 0, 0];
  const otherBuild = Buffer.from(bytes);
  otherBuild[otherBuild.length - 1] ^= 1;
  for (const [source, got] of [
    [new TextEncoder().encode("<!doctype html>"), /got bytes that are no WebAssembly/],
    [new Response("<!doctype html>"), /got bytes that are no WebAssembly/],
    [new ArrayBuffer(0), /got bytes that are no WebAssembly/],
    [new Uint8Array(empty), /got WebAssembly that is not of this build/],
    [new WebAssembly.Module(new Uint8Array(empty)), /got WebAssembly that is not of this build/],
    [otherBuild, /got WebAssembly that is not of this build/],
  ]) {
    const { init } = await fresh("slim");
    assert.match(assertError(await rejected(init(source)), "INVALID_ARGUMENT").message, got);
  }
});

test("slim says what kept it from loading: HTTP with the status, NETWORK with the cause, WASM_BLOCKED", async () => {
  const main = await fresh("slim");
  const boom = new Error("boom");
  assertError(await rejected(main.init(new Response("", { status: 404 }))), "HTTP", { httpStatus: 404 });
  assertError(await rejected(main.init(Promise.reject(boom))), "NETWORK", { cause: boom });
  assertError(await rejected(main.init({ arrayBuffer: () => Promise.reject(boom) })), "NETWORK", { cause: boom });
  const secret = "http://127.0.0.1:1/hubspot.wasm?token=secret";
  const refused = assertError(await rejected(main.init(secret)), "NETWORK");
  assert(refused.cause instanceof Error);
  assert.doesNotMatch(JSON.stringify(refused) + refused.message, /secret/);
  const blocked = new WebAssembly.CompileError("blocked");
  await withWebAssembly(
    (name, original) => (name === "compile" ? () => Promise.reject(blocked) : original),
    async () => assertError(await rejected(main.init(bytes)), "WASM_BLOCKED", { cause: blocked }),
  );
  await main.init(bytes);
  await assertWorks(main);
});

test("calls of slim's init() with one source share it; one that never answers holds up no other", async () => {
  const main = await fresh("slim");
  const never = deferred();
  let isReady = false;
  main.init(never.promise).then(() => (isReady = true));
  const called = await calls(() => Promise.all([main.init(bytes), main.init(bytes), main.init(bytes)]));
  assert.deepEqual(called, ["compile", "instantiate"]);
  const client = new main.HubSpotTasks({ fetch: async () => complete() });
  assert.equal(isReady, false);
  never.resolve(compiled);
  await turns();
  assert.equal(isReady, true);
  assert.equal((await client.exports.task("7").wait()).outcome, "succeeded", "what was made before stays");
});
