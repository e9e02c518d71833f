// Each entry does the same: a success, an HTTP error, an abort, a network error, in ESM and CommonJS.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { installed, project } from "./pack.mjs";
import { run } from "./run.mjs";

/** What is loaded, and what comes before its first use. */
const ENTRIES = [
  { name: "hubspot-async-tasks" },
  { name: "hubspot-async-tasks", first: "await main.init();", how: " after init()" },
  {
    name: "hubspot-async-tasks/slim",
    first: 'await main.init(fs.promises.readFile(resolve("hubspot-async-tasks/wasm")));',
  },
  { name: "hubspot-async-tasks/js" },
  { name: "hubspot-async-tasks/ui-extension" },
];

const load = (name) => ({
  mjs: `
    import fs from "node:fs";
    import { createRequire } from "node:module";
    import * as main from ${JSON.stringify(name)};
    import * as simulation from "hubspot-async-tasks/simulator";
    const { resolve } = createRequire(import.meta.url);`,
  cjs: `
    const fs = require("node:fs");
    const main = require(${JSON.stringify(name)});
    const simulation = require("hubspot-async-tasks/simulator");
    const { resolve } = require;`,
});

const use = (first = "") => `
(async () => {
  ${first}
  const { HubSpotTasks, HubSpotTaskError, isHubSpotTaskError, outcomeOf } = main;
  const simulator = simulation.createSimulator();
  const client = new HubSpotTasks({ fetch: simulator.fetch, minIntervalMs: 1, maxIntervalMs: 1 });
  const { outcome, result, polls } = await client.exports.task(simulator.addTask("export", { result: "https://a.example/ü😀" })).wait();

  simulator.script([simulation.faults.forbidden({ scopes: ["crm.export"] })]);
  const forbidden = await client.exports.status("7").catch((error) => error);

  const controller = new AbortController();
  const wait = client.fileImports.task(simulator.addTask("fileImport", { processingMs: Infinity })).wait({ signal: controller.signal });
  setTimeout(() => controller.abort("enough"), 20);
  const aborted = await wait.catch((reason) => reason);

  simulator.script(["network-error"]);
  const network = await client.exports.status("7").catch((error) => error);

  let thrown;
  try { client.exports.task(""); } catch (error) { thrown = error; }
  console.log(JSON.stringify({
    success: [outcome, result, polls],
    errors: [forbidden, network, thrown].map((error) => [error.code, error instanceof HubSpotTaskError && error instanceof Error && isHubSpotTaskError(error)]),
    scopes: forbidden.requiredScopes,
    aborted,
    outcome: outcomeOf({ status: "COMPLETE", numErrors: 1, result: "x" }, "export"),
  }));
})();`;

const EXPECTED = {
  success: ["succeeded", "https://a.example/ü😀", 1],
  errors: [
    ["FORBIDDEN", true],
    ["NETWORK", true],
    ["INVALID_ARGUMENT", true],
  ],
  scopes: ["crm.export"],
  aborted: "enough",
  outcome: "succeededWithErrors",
};

for (const { name, first, how = "" } of ENTRIES) {
  for (const extension of ["mjs", "cjs"]) {
    test(`${name} as .${extension}${how}: a success, an HTTP error, an abort, a network error`, async () => {
      assert.deepEqual(await run(extension, load(name)[extension] + use(first)), EXPECTED);
    });
  }
}

test("the minified file for content delivery networks does the same", async () => {
  assert.deepEqual(await run("mjs", load(join(installed, "index.min.js")).mjs + use()), EXPECTED);
});

/** Gives a .wasm file as a module, as workerd does. */
const wasmAsModule = {
  name: "wasm as module",
  setup({ onLoad }) {
    onLoad({ filter: /\.wasm$/ }, ({ path }) => ({
      contents: `export default new WebAssembly.Module(Buffer.from("${readFileSync(path, "base64")}", "base64"));`,
    }));
  },
};

/** The inlined bytes. */
const BYTES = /"0061736d[0-9a-f]+"/g;

async function bundled(contents, options) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
    write: false,
    ...options,
  });
  return outputFiles[0].text;
}

for (const first of ["", "await main.init();"]) {
  test(`the condition workerd does the same, without inlined bytes${first && ", after init()"}`, async () => {
    const text = await bundled(load("hubspot-async-tasks").mjs + use(first), {
      conditions: ["workerd", "import"],
      plugins: [wasmAsModule],
    });
    assert.doesNotMatch(text, BYTES);
    assert.deepEqual(await run("mjs", text), EXPECTED);
  });
}

/** Runs a script where a policy refuses to compile WebAssembly and to evaluate text, as `script-src 'self'` does. */
const underPolicy = (script) => `
const fs = require("node:fs");
const vm = require("node:vm");
const { setTimeout, clearTimeout, AbortController, Headers, Response, TextDecoder, TextEncoder, URL } = globalThis;
const globals = { console, require, setTimeout, clearTimeout, AbortController, Headers, Response, TextDecoder, TextEncoder, URL };
const context = vm.createContext(globals, { codeGeneration: { strings: false, wasm: false } });
const load = (name) => {
  const module = { exports: {} };
  vm.runInContext(\`(module, exports) => {\${fs.readFileSync(require.resolve(name), "utf8")}\\n}\`, context)(module, module.exports);
  return module.exports;
};
globals.load = load;
vm.runInContext(${JSON.stringify(script)}, context);`;

for (const name of ["/js", "/ui-extension"]) {
  test(`where a policy refuses WebAssembly, ${name} does the same`, async () => {
    const script = `const main = load("hubspot-async-tasks${name}");\nconst simulation = load("hubspot-async-tasks/simulator");\n${use()}`;
    assert.deepEqual(await run("cjs", underPolicy(script)), EXPECTED);
  });
}

test("there the others say so, naming the policy and /js, at first use and by init()", async () => {
  const script = `
    (async () => {
      const seen = [];
      for (const [name, use] of [
        ["hubspot-async-tasks", (main) => new main.HubSpotTasks()],
        ["hubspot-async-tasks", (main) => main.init()],
        ["hubspot-async-tasks/slim", (main) => main.init(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))],
      ]) {
        const main = load(name);
        const error = await (async () => use(main))().catch((error) => error);
        seen.push([error instanceof main.HubSpotTaskError, error.code, error.cause.name, /'wasm-unsafe-eval'.*hubspot-async-tasks\\/js/.test(error.message)]);
      }
      console.log(JSON.stringify(seen));
    })();`;
  const blocked = [true, "WASM_BLOCKED", "CompileError", true];
  assert.deepEqual(await run("cjs", underPolicy(script)), [blocked, blocked, blocked]);
});

// What a growing memory must not harm: strings both ways, while views of the smaller memory are about.
const GROW = `
(async () => {
  const before = [];
  const client = new main.HubSpotTasks({ fetch: async (url) => ({ status: 200, body: { status: "PENDING", length: url.length } }) });
  const same = [];
  for (const length of [1_000, 100_000, 300_000]) {
    const id = "ü😀".repeat(length);
    const status = await client.fileImports.status(id);
    same.push(client.fileImports.task(id).id === id, status.length > encodeURIComponent(id).length, client.fileImports.task("7").id);
  }
  console.log(JSON.stringify(same));
})();`;
const GROWN = Array.from({ length: 3 }, () => [true, true, "7"]).flat();

test("the memory of /js may grow without harm to strings", async () => {
  for (const extension of ["mjs", "cjs"]) {
    assert.deepEqual(await run(extension, load("hubspot-async-tasks/js")[extension] + GROW), GROWN);
  }
});

test("nor does a minifier harm it, nor a host without structuredClone", async () => {
  const text = await bundled(load("hubspot-async-tasks/js").mjs + GROW, { minify: true });
  assert.deepEqual(await run("mjs", `delete globalThis.structuredClone;\n${text}`), GROWN);
});

test("all copies know each other's errors, by isHubSpotTaskError and by instanceof, though their classes differ", async () => {
  const script = `
    import { createRequire } from "node:module";
    import { readFileSync } from "node:fs";
    const require = createRequire(import.meta.url);
    const names = ["hubspot-async-tasks", "hubspot-async-tasks/slim", "hubspot-async-tasks/js", "hubspot-async-tasks/ui-extension"];
    const copies = [...await Promise.all(names.map((name) => import(name))), ...names.map((name) => require(name))];
    const bytes = readFileSync(require.resolve("hubspot-async-tasks/wasm"));
    const errors = [];
    for (const copy of copies) {
      await copy.init(bytes);
      try { new copy.HubSpotTasks({ pace: -1 }); } catch (error) { errors.push(error); }
    }
    console.log(JSON.stringify({
      classes: new Set(copies.map(({ HubSpotTaskError }) => HubSpotTaskError)).size,
      codes: errors.map(({ code }) => code),
      known: errors.every((error) => copies.every((copy) => copy.isHubSpotTaskError(error) && error instanceof copy.HubSpotTaskError)),
      foreign: copies.some((copy) => copy.isHubSpotTaskError(new Error("x")) || new Error("x") instanceof copy.HubSpotTaskError || null instanceof copy.HubSpotTaskError),
    }));`;
  assert.deepEqual(await run("mjs", script), {
    classes: 8,
    codes: Array.from({ length: 8 }, () => "INVALID_ARGUMENT"),
    known: true,
    foreign: false,
  });
});

test("a bundle has exactly one copy of the bytes and of the glue, wherever the package is imported", async () => {
  const text = await bundled(
    'import * as a from "hubspot-async-tasks";\nexport * from "hubspot-async-tasks";\nexport const b = () => [import("hubspot-async-tasks"), a];',
    { platform: "browser" },
  );
  const copies = (pattern) => [...text.matchAll(pattern)].length;
  assert.deepEqual([copies(BYTES), copies(/Symbol\.for\("hubspot-async-tasks\./g)], [1, 1]);
});
