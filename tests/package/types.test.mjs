// The types of the tarball, compiled as its users compile them: strictly, as ESM and as CommonJS, with and without the
// DOM library, by each TypeScript that matters: the oldest one supported, the last one in JavaScript, the newest.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { installed, project, root } from "./pack.mjs";

const compiler = (name) => join(root, "node_modules", name, "bin", "tsc");
const NEWEST = compiler("typescript-7");
const OLDEST = compiler("typescript-5.0");
/** Beside the newest, which checks every example on its own. */
const OTHERS = { "5.0": OLDEST, "6.0": compiler("typescript") };

/**
 * Compiles sources in a folder of the project, each as `.mts`, `.cts` or both, unless its name says which; gives the
 * complaints, one a line.
 */
function compile(folder, { format, lib, sources, tsc = NEWEST, ...others }) {
  const target = join(project, folder);
  mkdirSync(target, { recursive: true });
  const files = Object.entries(sources).flatMap(([name, text]) =>
    /\.[cm]ts$/.test(name) ? [[name, text]] : [format].flat().map((end) => [`${name}.${end}`, text]),
  );
  for (const [name, text] of files) writeFileSync(join(target, name), text);
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    noImplicitOverride: true,
    isolatedModules: true,
    skipLibCheck: false,
    module: "nodenext",
    target: "es2022",
    lib,
    types: [],
    noEmit: true,
    ...others,
  };
  writeFileSync(join(target, "tsconfig.json"), JSON.stringify({ compilerOptions, files: files.map(([name]) => name) }));
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [tsc, "-p", target, "--pretty", "false"], {
    encoding: "utf8",
  });
  if (error) throw error;
  const complaints = `${stdout}${stderr}`.trim().split("\n").filter(Boolean);
  assert.equal(status === 0, complaints.length === 0, `tsc: ${status} ${complaints}`);
  return complaints;
}

const source = (name) => readFileSync(new URL(`types/${name}.ts`, import.meta.url), "utf8");
const sources = (...names) => Object.fromEntries(names.map((name) => [name, source(name)]));
const LIBRARIES = { "without the DOM library": ["es2022"], "with the DOM library": ["es2022", "dom", "dom.iterable"] };

for (const format of ["mts", "cts"]) {
  for (const [how, lib] of Object.entries(LIBRARIES)) {
    const folder = `types-${format}-${lib.length}`;

    test(`every type and call compiles in .${format}, ${how}`, () => {
      assert.deepEqual(compile(folder, { format, lib, sources: sources("usage", "results", "proxy", "ui-extension", "react") }), []);
    });

    test(`what is wrong does not compile in .${format}, ${how}`, () => {
      assert.deepEqual(compile(`${folder}-refused`, { format, lib, sources: { refused: source("refused") } }), []);
    });
  }

  test(`the global fetch, its signals and its responses fit in .${format}`, () => {
    const lib = LIBRARIES["with the DOM library"];
    assert.deepEqual(compile(`types-${format}-dom`, { format, lib, sources: sources("dom", "results-dom", "proxy-dom") }), []);
  });
}

for (const format of ["mts", "cts"]) {
  for (const [how, lib] of Object.entries(LIBRARIES)) {
    test(`the entries have one set of types in .${format}, ${how}`, () => {
      const complaints = compile(`entries-${format}-${lib.length}`, { format, lib, sources: sources("entries") });
      assert.deepEqual(complaints, []);
    });
  }
}

/** Clients of ESM, of CommonJS and made by hand, side by side. */
const FIT = { "commonjs.cts": source("commonjs"), "fit.mts": source("fit") };

for (const [how, lib] of Object.entries(LIBRARIES)) {
  test(`clients of ESM, of CommonJS and made by hand fit one another, ${how}`, () => {
    assert.deepEqual(compile(`fit-${lib.length}`, { format: "mts", lib, sources: FIT }), []);
  });
}

for (const [version, tsc] of Object.entries(OTHERS)) {
  for (const [how, lib] of Object.entries(LIBRARIES)) {
    test(`TypeScript ${version} takes all of it, ${how}`, () => {
      const names = ["usage", "results", "proxy", "ui-extension", "react", "refused", "entries", ...(lib.includes("dom") ? ["dom", "results-dom", "proxy-dom"] : [])];
      const options = { format: ["mts", "cts"], lib, sources: { ...sources(...names), ...FIT }, tsc };
      assert.deepEqual(compile(`by-${version}-${lib.length}`, options), []);
    });
  }
}

test("a bundler for workerd, which sets its condition, finds the same types", () => {
  const options = { module: "esnext", moduleResolution: "bundler", customConditions: ["workerd"] };
  for (const tsc of [NEWEST, ...Object.values(OTHERS)]) {
    const lib = LIBRARIES["without the DOM library"];
    assert.deepEqual(compile("workerd", { format: "mts", lib, sources: sources("entries"), tsc, ...options }), []);
  }
});

/** What each way to find modules needs of the options, which each compiler knows it, and which formats it tells apart. */
const RESOLUTIONS = {
  nodenext: { module: "nodenext", compilers: [NEWEST, ...Object.values(OTHERS)], format: ["mts", "cts"] },
  node16: { module: "node16", compilers: [NEWEST, ...Object.values(OTHERS)], format: ["mts", "cts"] },
  bundler: { module: "esnext", compilers: [NEWEST, ...Object.values(OTHERS)], format: "mts" },
  // TypeScript 7 knows it no more.
  node10: { module: "esnext", compilers: [OLDEST], format: "mts" },
};

for (const [moduleResolution, { compilers, ...options }] of Object.entries(RESOLUTIONS)) {
  for (const [how, lib] of Object.entries(LIBRARIES)) {
    test(`every type and call of ./simulator, ./results, ./proxy, ./ui-extension and ./react compiles under moduleResolution ${moduleResolution}, ${how}`, () => {
      for (const [index, tsc] of compilers.entries()) {
        const folder = `resolution-${moduleResolution}-${lib.length}-${index}`;
        const names = ["simulator", "results", "proxy", "ui-extension", "react"];
        assert.deepEqual(compile(folder, { ...options, lib, sources: sources(...names), tsc, moduleResolution }), []);
      }
    });
  }
}

test("the compilers are of the versions that they are said to be", () => {
  for (const [version, tsc] of Object.entries({ ...OTHERS, "7.0": NEWEST })) {
    const { stdout } = spawnSync(process.execPath, [tsc, "--version"], { encoding: "utf8" });
    assert(stdout.startsWith(`Version ${version}.`), stdout);
  }
});

test("the compilers that check these examples do find what is wrong", () => {
  const wrong =
    'import { HubSpotTasks } from "hubspot-async-tasks";\nnew HubSpotTasks({ pace: "fast" });\n// @ts-expect-error\nnew HubSpotTasks();\n';
  for (const tsc of [NEWEST, ...Object.values(OTHERS)]) {
    const complaints = compile("types-wrong", { format: "mts", lib: ["es2022"], sources: { wrong }, tsc });
    assert.deepEqual(
      complaints.map((line) => /^[^(]*wrong\.mts\((\d+),.*error (TS\d+)/.exec(line)?.slice(1)),
      [
        ["2", "TS2322"],
        ["3", "TS2578"],
      ],
    );
  }
});

/** The names that a declaration file exports, each with the text before it. */
function* declarations(text) {
  for (const match of text.matchAll(/^export (?:declare )?(?:class|interface|type|function|const|enum) (\w+)/gm)) {
    yield [match[1], text.slice(0, match.index)];
  }
}

/** The declaration files with declarations of their own, and how many at least. */
const DECLARING = { index: 30, slim: 1, results: 11, proxy: 10, "ui-extension": 8, react: 3, simulator: 2 };

for (const [name, least] of Object.entries(DECLARING)) {
  test(`${name}.d.ts and ${name}.d.cts document every export, and say the same`, () => {
    const [esm, cjs] = ["ts", "cts"].map((extension) =>
      readFileSync(join(installed, `${name}.d.${extension}`), "utf8"),
    );
    assert.equal(cjs.replaceAll('.cjs"', '.js"'), esm);
    let count = 0;
    for (const [declared, before] of declarations(esm)) {
      count++;
      assert.match(before, /\*\/\n$/, `${declared} has no doc comment`);
    }
    assert(count >= least, `${count} exports`);
  });
}

test("every field of what HubSpot sends, and every option, has a doc comment", () => {
  const text = readFileSync(join(installed, "index.d.ts"), "utf8");
  const documented = [
    "HubSpotFile",
    "HubSpotFolder",
    "StandardError",
    "ErrorDetail",
    "HttpErrorBody",
    "TaskStatus",
    "TaskLocator",
    "ClientOptions",
    "TaskOptions",
    "WaitOptions",
    "CallOptions",
    "FinishedTask",
    "HubSpotTaskError",
  ];
  for (const name of documented) {
    const [, body] =
      new RegExp(`^export (?:declare )?(?:interface|class) ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(text) ??
      assert.fail(`no ${name}`);
    const lines = body.split("\n");
    const fields = lines.flatMap((line, index) =>
      /^ {4}(?:readonly )?\w+\??(?:\(|:)/.test(line) ? [[line.trim(), lines[index - 1]]] : [],
    );
    assert(fields.length > 0, name);
    for (const [field, before] of fields) assert.match(before ?? "", /\*\/$/, `${name}: ${field} has no doc comment`);
  }
});

test("the examples use every name that the package exports", () => {
  for (const name of Object.keys(DECLARING)) {
    const usage = source(["simulator", "results", "proxy", "ui-extension", "react"].includes(name) ? name : "usage");
    for (const [declared] of declarations(readFileSync(join(installed, `${name}.d.ts`), "utf8"))) {
      assert.match(usage, new RegExp(`\\b${declared}\\b`), `${name}: ${declared}`);
    }
  }
});

test("no doc comment shows Rust: no path, no attribute, no link of rustdoc", () => {
  const text = readFileSync(join(installed, "index.d.ts"), "utf8");
  assert.doesNotMatch(text, /\w::\w|\[`\w+`\]|wasm_bindgen|tsify|serde|JsValue|Option</);
});

/** What a declaration file says, without what it explains. */
const bare = (name) =>
  readFileSync(join(installed, `${name}.d.ts`), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\n/gm, "");

test("the public API is what tests/package/public-api.txt says", () => {
  const golden = new URL("public-api.txt", import.meta.url);
  const names = ["index", "slim", "js", "wasm", "results", "proxy", "ui-extension", "react", "simulator"];
  const api = names.map((name) => `=== ${name}.d.ts\n${bare(name)}`).join("\n");
  if (process.env.RENEW_PUBLIC_API) writeFileSync(golden, api);
  const how = "If it is meant: RENEW_PUBLIC_API=1 node --test tests/package/types.test.mjs, and CHANGELOG.md";
  assert.equal(api, readFileSync(golden, "utf8"), `The public API has changed. ${how}`);
});

test("each entry exports the values that its types declare, and no other", async () => {
  const values = (name) => [...bare(name).matchAll(/^export (?:declare )?(?:class|function|const) (\w+)/gm)].map(([, value]) => value);
  const own = { index: "index", slim: "index", js: "index", "index.min": "index", results: "results", "results.node": "results", proxy: "proxy", "ui-extension": "ui-extension", simulator: "simulator", "simulator.node": "simulator" };
  for (const [name, declared] of Object.entries(own)) {
    const exported = Object.keys(await import(pathToFileURL(join(installed, `${name}.js`)).href));
    // With what it re-exports, less what is its own by the same name.
    const all = [...values(declared), ...(/^export \* from "\.\/index\.js"/m.test(bare(declared)) ? values("index") : [])];
    assert.deepEqual(exported.sort(), [...new Set(all)].sort(), name);
  }
});
