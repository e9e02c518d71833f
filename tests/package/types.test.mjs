// The types of the tarball, compiled as its users compile them: strictly, as ESM and as CommonJS, with and without the
// DOM library.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { installed, project, root } from "./pack.mjs";

const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

/** Compiles sources in a folder of the project, each as `.mts` or `.cts`; gives the complaints, one a line. */
function compile(folder, { format, lib, sources }) {
  const target = join(project, folder);
  mkdirSync(target, { recursive: true });
  const names = Object.keys(sources).map((name) => `${name}.${format}`);
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(target, `${name}.${format}`), text);
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
  };
  writeFileSync(join(target, "tsconfig.json"), JSON.stringify({ compilerOptions, files: names }));
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [tsc, "-p", target, "--pretty", "false"], {
    encoding: "utf8",
  });
  if (error) throw error;
  const complaints = `${stdout}${stderr}`.trim().split("\n").filter(Boolean);
  assert.equal(status === 0, complaints.length === 0, `tsc: ${status} ${complaints}`);
  return complaints;
}

const source = (name) => readFileSync(new URL(`types/${name}.ts`, import.meta.url), "utf8");
const LIBRARIES = { "without the DOM library": ["es2022"], "with the DOM library": ["es2022", "dom", "dom.iterable"] };

for (const format of ["mts", "cts"]) {
  for (const [how, lib] of Object.entries(LIBRARIES)) {
    const folder = `types-${format}-${lib.length}`;

    test(`every type and call compiles in .${format}, ${how}`, () => {
      assert.deepEqual(compile(folder, { format, lib, sources: { usage: source("usage") } }), []);
    });

    test(`what is wrong does not compile in .${format}, ${how}`, () => {
      assert.deepEqual(compile(`${folder}-refused`, { format, lib, sources: { refused: source("refused") } }), []);
    });
  }

  test(`the global fetch, its signals and its responses fit in .${format}`, () => {
    const lib = LIBRARIES["with the DOM library"];
    assert.deepEqual(compile(`types-${format}-dom`, { format, lib, sources: { dom: source("dom") } }), []);
  });
}

test("the compiler that checks these examples does find what is wrong", () => {
  const wrong =
    'import { HubSpotTasks } from "hubspot-async-tasks";\nnew HubSpotTasks({ pace: "fast" });\n// @ts-expect-error\nnew HubSpotTasks();\n';
  const complaints = compile("types-wrong", { format: "mts", lib: ["es2022"], sources: { wrong } });
  assert.deepEqual(
    complaints.map((line) => /^[^(]*wrong\.mts\((\d+),.*error (TS\d+)/.exec(line)?.slice(1)),
    [
      ["2", "TS2322"],
      ["3", "TS2578"],
    ],
  );
});

/** The names that a declaration file exports, each with the text before it. */
function* declarations(text) {
  for (const match of text.matchAll(/^export (?:declare )?(?:class|interface|type|function|const|enum) (\w+)/gm)) {
    yield [match[1], text.slice(0, match.index)];
  }
}

for (const name of ["index", "simulator", "simulator.node"]) {
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
    assert(count >= (name === "index" ? 30 : 2), `${count} exports`);
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
      new RegExp(`^export (?:interface|class) ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(text) ??
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
  const usage = source("usage");
  for (const name of ["index", "simulator", "simulator.node"]) {
    for (const [declared] of declarations(readFileSync(join(installed, `${name}.d.ts`), "utf8"))) {
      assert.match(usage, new RegExp(`\\b${declared}\\b`), `${name}: ${declared}`);
    }
  }
});

test("no doc comment shows Rust: no path, no attribute, no link of rustdoc", () => {
  const text = readFileSync(join(installed, "index.d.ts"), "utf8");
  assert.doesNotMatch(text, /\w::\w|\[`\w+`\]|wasm_bindgen|tsify|serde|JsValue|Option</);
});
