// What is in the tarball, and how it loads: as ESM, as CommonJS, as both; what importing it does not do.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { installed, npm, pkg, root } from "./pack.mjs";
import { run } from "./run.mjs";

const FILES = [
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "SECURITY.md",
  "THIRD-PARTY-NOTICES",
  "docs/README.md",
  "docs/checkpoint.schema.json",
  "docs/command.md",
  "docs/errors.md",
  "docs/families.md",
  "docs/hosts.md",
  "docs/options.md",
  "docs/polling.md",
  "docs/demo-lanes.webp",
  "docs/demo-pictures.webp",
  "docs/polling.svg",
  "docs/proxy.md",
  "docs/recipes/bullmq.md",
  "docs/recipes/cloudflare-worker.md",
  "docs/recipes/cron-and-serverless.md",
  "docs/recipes/export-to-file.md",
  "docs/recipes/express-and-hono.md",
  "docs/recipes/migrating.md",
  "docs/recipes/next.md",
  "docs/recipes/queue-worker.md",
  "docs/recipes/react-native.md",
  "docs/recipes/react.md",
  "docs/recipes/svelte.md",
  "docs/recipes/tanstack-query.md",
  "docs/recipes/testing.md",
  "docs/recipes/vue.md",
  "docs/reliability.md",
  "docs/results.md",
  "docs/simulator.md",
  "docs/start/browser.md",
  "docs/start/bun.md",
  "docs/start/cloudflare-workers.md",
  "docs/start/deno.md",
  "docs/start/next.md",
  "docs/start/node.md",
  "docs/start/react-native.md",
  "docs/start/rust.md",
  "docs/start/ui-extension.md",
  "docs/start/vite.md",
  "docs/starting.md",
  "docs/ui-extension.md",
  "command/bin.js",
  "command/log-update.js",
  "command/main.js",
  "command/usage.js",
  "package.json",
  "index.js",
  "index.cjs",
  "index.d.ts",
  "index.d.cts",
  "index.min.js",
  "workerd.js",
  "slim.js",
  "slim.cjs",
  "slim.d.ts",
  "slim.d.cts",
  "js.js",
  "js.cjs",
  "js.d.ts",
  "js.d.cts",
  "hubspot-async-tasks.wasm",
  "checkpoint.schema.json",
  "wasm.d.ts",
  "wasm.d.cts",
  "proxy.js",
  "proxy.cjs",
  "proxy.d.ts",
  "proxy.d.cts",
  "proxy.workerd.js",
  "results.js",
  "results.cjs",
  "results.node.js",
  "results.node.cjs",
  "results.d.ts",
  "results.d.cts",
  "ui-extension.js",
  "ui-extension.cjs",
  "ui-extension.d.ts",
  "ui-extension.d.cts",
  "react.js",
  "react.cjs",
  "react.d.ts",
  "react.d.cts",
  "simulator.js",
  "simulator.cjs",
  "simulator.d.ts",
  "simulator.d.cts",
  "simulator.node.js",
  "simulator.node.cjs",
];

/** The same script as ESM and as CommonJS. */
const LOAD = {
  mjs: `import * as main from "hubspot-async-tasks";\nimport * as simulation from "hubspot-async-tasks/simulator";\n`,
  cjs: `const main = require("hubspot-async-tasks");\nconst simulation = require("hubspot-async-tasks/simulator");\n`,
};

const USE = `
(async () => {
  const { HubSpotTasks, HubSpotTaskError, isHubSpotTaskError, outcomeOf } = main;
  const { createSimulator, faults, serveSimulator } = simulation;
  const simulator = createSimulator();
  const client = new HubSpotTasks({ fetch: simulator.fetch, minIntervalMs: 1, maxIntervalMs: 1 });
  const seen = {};
  const names = { fileImports: "fileImport", folderUpdates: "folderUpdate", exports: "export", sourceCodeExtracts: "sourceCodeExtract" };
  for (const [family, name] of Object.entries(names)) {
    const task = client[family].task(simulator.addTask(name));
    const running = { status: 202, body: { status: "PROCESSING" } };
    simulator.script([running, running]);
    const before = task.latest;
    const asked = await client[family].status(task.id);
    const finished = await task.wait();
    seen[family] = [task.family, before === undefined, asked.status, finished.outcome, typeof finished.result, task.latest.status === finished.status.status, outcomeOf(task.latest, name)];
  }
  simulator.script(faults.forbidden());
  const error = await client.exports.status("7").catch((error) => error);
  let thrown;
  try { client.exports.task(""); } catch (error) { thrown = error; }
  const server = await serveSimulator(createSimulator());
  const overHttp = await new HubSpotTasks({ baseUrl: server.url }).exports.status("7").catch((error) => error.httpStatus);
  await server.close();
  console.log(JSON.stringify({
    exported: Object.keys(main).filter((name) => name !== "__esModule" && name !== "default" && name !== "module.exports").sort(),
    seen,
    errors: [error, thrown].map((error) => [error instanceof HubSpotTaskError, error instanceof Error, isHubSpotTaskError(error), error.name, error.code]),
    own: Object.keys(error).sort(),
    text: String(error).startsWith("HubSpotTaskError: export 7: "),
    foreign: [isHubSpotTaskError(new Error("x")), isHubSpotTaskError({ code: "HTTP" }), isHubSpotTaskError(null), isHubSpotTaskError(undefined), isHubSpotTaskError("HTTP")],
    overHttp,
  }));
})();
`;

for (const [extension, how] of [
  ["mjs", "imported"],
  ["cjs", "required"],
]) {
  test(`the package works when it is ${how}, and its process ends by itself`, async () => {
    const result = await run(extension, LOAD[extension] + USE);
    const row = (name, status, type) => [name, true, status, "succeeded", type, true, "succeeded"];
    assert.deepEqual(result.exported, ["HubSpotTaskError", "HubSpotTasks", "defineFamily", "init", "isHubSpotTaskError", "outcomeOf"]);
    assert.deepEqual(result.seen, {
      fileImports: row("fileImport", "PROCESSING", "object"),
      folderUpdates: row("folderUpdate", "PROCESSING", "object"),
      exports: row("export", "PROCESSING", "string"),
      sourceCodeExtracts: row("sourceCodeExtract", "PROCESSING", "undefined"),
    });
    assert.deepEqual(result.errors, [
      [true, true, true, "HubSpotTaskError", "FORBIDDEN"],
      [true, true, true, "HubSpotTaskError", "INVALID_ARGUMENT"],
    ]);
    assert(!result.own.includes("name") && result.own.includes("requiredScopes"), String(result.own));
    assert.equal(result.text, true);
    assert.deepEqual(result.foreign, [false, false, false, false, false]);
    assert.equal(result.overHttp, 403);
  });
}

for (const [extension, load] of [
  ["mjs", (name) => `await import("${name}")`],
  ["cjs", (name) => `require("${name}")`],
]) {
  test(`loading the package as .${extension} compiles nothing, sets no timer and touches no global`, async () => {
    const script = `
      const calls = [];
      const forbid = (holder, name) => {
        const original = holder[name];
        holder[name] = new Proxy(original, { apply: (f, self, args) => (calls.push(name), f.apply(self, args)), construct: (f, args) => (calls.push(name), new f(...args)) });
      };
      for (const name of ["Module", "Instance", "compile", "instantiate", "compileStreaming", "instantiateStreaming"]) forbid(WebAssembly, name);
      for (const name of ["setTimeout", "setInterval", "setImmediate", "fetch"]) forbid(globalThis, name);
      const before = Reflect.ownKeys(globalThis).length;
      const main = ${load("hubspot-async-tasks")};
      ${load("hubspot-async-tasks/simulator")};
      ${load("hubspot-async-tasks/results")};
      ${load("hubspot-async-tasks/proxy")};
      const loaded = [...calls];
      const globals = Reflect.ownKeys(globalThis).length - before;
      main.isHubSpotTaskError(5);
      const guarded = [...calls];
      main.outcomeOf({ status: "PENDING" });
      main.outcomeOf({ status: "PENDING" });
      console.log(JSON.stringify({ loaded, guarded, globals, used: calls }));`;
    assert.deepEqual(await run(extension, script), {
      loaded: [],
      guarded: [],
      globals: 0,
      used: ["Module", "Instance"],
    });
  });
}

test("nothing is to be freed: no free and no Symbol.dispose on what a user sees", async () => {
  const script = `
    import { HubSpotTasks } from "hubspot-async-tasks";
    const client = new HubSpotTasks();
    const objects = [client, client.exports, client.exports.task("7")];
    const names = [];
    for (const object of objects) for (let at = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      names.push(...Reflect.ownKeys(at).map(String));
    }
    const dispose = [Symbol.dispose, Symbol.asyncDispose].filter(Boolean);
    console.log(JSON.stringify({
      free: objects.map((object) => "free" in object), dispose: objects.map((object) => dispose.some((symbol) => symbol in object)),
      statics: Object.getOwnPropertyNames(HubSpotTasks).filter((name) => !["length", "name", "prototype"].includes(name)),
      names: names.filter((name) => /dispose|^free$/i.test(name)),
      json: JSON.stringify(objects[2]),
    }));`;
  const { json, statics, ...rest } = await run("mjs", script);
  assert.deepEqual(rest, { free: [false, false, false], dispose: [false, false, false], names: [] });
  assert.deepEqual(statics, []);
  assert.equal(json, '{"family":"export","id":"7"}');
});

test("the JSON of a client and of a family shows nothing of their insides", async () => {
  const script = `
    import { HubSpotTasks } from "hubspot-async-tasks";
    const client = new HubSpotTasks();
    console.log(JSON.stringify({ client, family: client.exports }));`;
  assert.deepEqual(await run("mjs", script), { client: {}, family: {} });
});

test("a wait outlives its client and its handle, whatever the garbage collector does", async () => {
  const script = `
    import { HubSpotTasks } from "hubspot-async-tasks";
    import { createSimulator } from "hubspot-async-tasks/simulator";
    const collect = async () => { for (let round = 0; round < 5; round++) { gc(); await new Promise((resolve) => setTimeout(resolve, 1)); } };
    const simulator = createSimulator();
    const wait = (() => {
      const id = simulator.addTask("export", { processingMs: 50 });
      return new HubSpotTasks({ fetch: async (...args) => (await collect(), simulator.fetch(...args)), minIntervalMs: 5, maxIntervalMs: 5 }).exports.task(id).wait();
    })();
    await collect();
    const { exports } = new HubSpotTasks({ fetch: simulator.fetch });
    await collect();
    const { outcome } = await wait;
    await collect();
    const { status } = await exports.status(simulator.addTask("export"));
    console.log(JSON.stringify({ outcome, status, timers: process.getActiveResourcesInfo().filter((name) => name === "Timeout").length }));`;
  assert.deepEqual(await run("mjs", script, "--expose-gc"), { outcome: "succeeded", status: "COMPLETE", timers: 0 });
});

test("the newest 1,000 tasks that ended answer without asking, whatever the garbage collector does", async () => {
  const script = `
    import { HubSpotTasks } from "hubspot-async-tasks";
    const collect = async () => { for (let round = 0; round < 10; round++) { gc(); await new Promise((resolve) => setTimeout(resolve, 1)); } };
    let asked = 0;
    const client = new HubSpotTasks({ rateLimit: false, fetch: async (url) => (asked++, { status: 200, body: { status: "COMPLETE", result: {} } }) });
    const wait = (id) => client.fileImports.task(id).wait();
    const counts = [];
    const count = async (act) => { await collect(); asked = 0; await act(); counts.push(asked); };
    for (let id = 1; id <= 1_001; id++) await wait(id);
    await count(() => wait(1_001));
    await count(() => wait(2));
    await count(() => wait(1));
    await count(async () => { await client.fileImports.status("seen"); });
    await count(() => wait("seen"));
    await count(async () => { await client.exports.task(7).wait().catch(() => {}); });
    console.log(JSON.stringify(counts));`;
  assert.deepEqual(await run("mjs", script, "--expose-gc"), [0, 0, 1, 1, 0, 1]);
});

test("a client is collected, though all that it was given leads back to it", async () => {
  const script = `
    import { HubSpotTasks } from "hubspot-async-tasks";
    const collect = async () => { for (let round = 0; round < 10; round++) { gc(); await new Promise((resolve) => setTimeout(resolve, 1)); } };
    const clients = [];
    const use = async () => {
      const session = { token: "t" };
      const answer = { status: 200, body: { status: "COMPLETE", result: "u" } };
      const clock = { now: () => session && Date.now(), setTimeout: (...timer) => session && setTimeout(...timer), clearTimeout };
      const onEvent = () => session.client;
      session.client = new HubSpotTasks({ token: () => session.token, fetch: async () => session && answer, clock, onEvent });
      clients.push(new WeakRef(session.client));
      await session.client.exports.task("7").wait();
    };
    for (let count = 0; count < 20; count++) await use();
    await collect();
    console.log(clients.filter((client) => client.deref()).length);`;
  assert.equal(await run("mjs", script, "--expose-gc"), 0);
});

test("the memory may grow without harm to strings", async () => {
  const script = `
    import { HubSpotTasks } from "hubspot-async-tasks";
    const id = "ü😀".repeat(500_000);
    const client = new HubSpotTasks({ fetch: async (url) => ({ status: 200, body: { status: "PENDING", length: url.length } }) });
    const { length } = await client.fileImports.status(id);
    const task = client.fileImports.task(id);
    console.log(JSON.stringify({ whole: length > encodeURIComponent(id).length, same: task.id === id }));`;
  assert.deepEqual(await run("mjs", script), { whole: true, same: true });
});

test("npm pack takes the allow-list, exactly", () => {
  const listing = Object.values(JSON.parse(npm(pkg, "pack", "--dry-run", "--json")))[0];
  assert.deepEqual(listing.files.map(({ path }) => path).sort(), [...FILES].sort());
  const names = [...new Set(FILES.map((path) => path.split("/")[0]))];
  assert.deepEqual(readdirSync(installed).sort(), names.sort());
});

test("the licences of bundled libraries are passed on, and no other library is bundled", () => {
  const notices = readFileSync(join(installed, "THIRD-PARTY-NOTICES"), "utf8");
  assert.match(notices, /^fflate \d+\.\d+\.\d+ \(MIT\)\n\nMIT License\n\nCopyright[^]*WITHOUT WARRANTY/m);
  for (const name of FILES.filter((name) => /\.c?js$/.test(name))) {
    // esbuild names each file that it bundles.
    const bundled = readFileSync(join(installed, name), "utf8").matchAll(/^ *\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm);
    const libraries = new Set(Array.from(bundled, ([, library]) => library));
    if (name !== "command/log-update.js") assert.deepEqual(libraries, new Set(/^(results|simulator)/.test(name) ? ["fflate"] : []), name);
    else for (const library of libraries) assert.match(notices, new RegExp(`^${library} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC)\\)\n\n`, "m"), library);
  }
});

test("every file that package.json names is there, with types first", () => {
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const leaves = [];
  const walk = (node, path) => {
    if (typeof node === "string") return leaves.push([path, node]);
    const keys = Object.keys(node);
    if (keys.includes("types")) assert.equal(keys[0], "types", `${path}: types come first`);
    for (const key of keys) walk(node[key], `${path} ${key}`);
  };
  walk(manifest.exports, "");
  for (const field of ["main", "module", "types", "unpkg", "jsdelivr"]) leaves.push([field, manifest[field]]);
  for (const [name, file] of Object.entries(manifest.bin)) leaves.push([`bin ${name}`, file]);
  for (const file of manifest.sideEffects) leaves.push(["sideEffects", file]);
  for (const [path, file] of leaves) assert(FILES.includes(file.replace("./", "")), `${path}: ${file}`);
  assert.deepEqual(
    [manifest.dependencies, manifest.scripts, manifest.devDependencies],
    [undefined, undefined, undefined],
  );
});

test("no file, nor the WebAssembly in it, names a path of the machine that built it, or a registry", async () => {
  const script = `
    import { outcomeOf } from "hubspot-async-tasks";
    const { Module } = WebAssembly;
    let bytes;
    WebAssembly.Module = function (given) { bytes = given; return new Module(given); };
    outcomeOf({ status: "PENDING" });
    console.log(JSON.stringify(Buffer.from(bytes).toString("latin1")));`;
  const wasm = await run("mjs", script);
  assert.equal(wasm.slice(0, 4), "\0asm");
  const texts = [
    ["the WebAssembly", wasm],
    ...FILES.map((name) => [name, readFileSync(join(installed, name), "latin1")]),
  ];
  const paths = [
    root.replace(/\/$/, ""),
    "/root/",
    "/home/",
    "/Users/",
    "/.cargo",
    "/rustc/",
    "registry.npmjs",
    "crates.io",
    "index.crates",
    "github.com-",
  ];
  for (const [name, text] of texts) {
    for (const path of paths) {
      const at = text.indexOf(path);
      assert(at < 0, `${name} names ${path}: …${text.slice(at - 60, at + 80)}…`);
    }
  }
});

test("the entries load nothing by themselves, and has no import.meta and no top-level await", () => {
  for (const name of ["index.js", "index.min.js", "slim.js", "js.js", "proxy.js", "results.js", "ui-extension.js", "simulator.js"]) {
    const text = readFileSync(join(installed, name), "utf8");
    assert.doesNotMatch(text, /^\s*import\b|\bimport\s*\(|\brequire\s*\(|import\.meta|^await /m, name);
  }
});
