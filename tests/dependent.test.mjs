// What a front end in Rust gets of this crate: what it asks for, and nothing besides. Builds tests/dependent, which has an
// export and an allocator of its own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const OWN = "stateOfExport";

/** In one piece: of many, the linker leaves out those that nobody calls. */
const WHOLE = "--config=profile.dev.package.hubspot-async-tasks.codegen-units=1";

const folder = mkdtempSync(join(tmpdir(), "dependent-"));
after(() => rmSync(folder, { recursive: true }));
// wasm-bindgen writes ES modules.
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

/** The wasm as cargo leaves it. Beside an allocator of the crate's it would not compile. */
const wasm = build();

function build() {
  const crate = ["--package=dependent", "--target=wasm32-unknown-unknown"];
  const args = ["build", "--locked", "--quiet", "--message-format=json-render-diagnostics", WHOLE, ...crate];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const messages = execFileSync("cargo", args, { cwd, encoding: "utf8" });
  const artifacts = messages.trim().split("\n").map((line) => JSON.parse(line));
  const [file] = artifacts.find(({ target }) => target?.name === "dependent").filenames;
  execFileSync("wasm-bindgen", ["--target=bundler", `--out-dir=${folder}`, file]);
  return readFileSync(file);
}

/** Names without those that wasm-bindgen keeps for itself; it sets a hash behind the others. */
const own = (names) =>
  names
    .filter((name) => name !== "memory" && !name.startsWith("__"))
    .map((name) => name.replace(/_[0-9a-f]{16}$/, ""));

test("a front end's wasm exports its own alone", () => {
  assert.deepEqual(own(WebAssembly.Module.exports(new WebAssembly.Module(wasm)).map(({ name }) => name)), [OWN]);
});

test("a front end's JavaScript exports its own alone, and takes in none of the crate's", async () => {
  assert.deepEqual(own(Object.keys(await import(pathToFileURL(join(folder, "dependent_bg.js"))))), [OWN]);
  assert(!existsSync(join(folder, "snippets")));
});

test("a front end declares its own alone", () => {
  const text = readFileSync(join(folder, "dependent.d.ts"), "utf8").replace(/\/\*[^]*?\*\//g, "").trim();
  assert.equal(text, `export function ${OWN}(id: string): Promise<string>;`);
});
