// What a front end in Rust gets of this crate: what it calls, and nothing else. Builds tests/dependent; and, to show that
// there is something to be found, the same with the feature that adds declarations of types.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TARGET = "--target=wasm32-unknown-unknown";
const OWN = "stateOfExport";

/** In one piece: of many, the linker leaves out those that nobody calls, and the types that stand in them. */
const WHOLE = "--config=profile.dev.package.hubspot-async-tasks.codegen-units=1";

const folder = mkdtempSync(join(tmpdir(), "dependent-"));
after(() => rmSync(folder, { recursive: true }));
// wasm-bindgen writes ES modules.
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

const plain = build("plain");
const typed = build("typed", "--features=tsify");

/** Builds the front end: its wasm as cargo leaves it, and the files that wasm-bindgen makes of it. */
function build(name, ...features) {
  const crate = ["--package=dependent", TARGET, ...features];
  const args = ["build", "--locked", "--quiet", "--message-format=json-render-diagnostics", WHOLE, ...crate];
  const messages = execFileSync("cargo", args, { cwd: ROOT, encoding: "utf8" });
  const artifacts = messages.trim().split("\n").map((line) => JSON.parse(line));
  const [file] = artifacts.find(({ target }) => target?.name === "dependent").filenames;
  const made = join(folder, name);
  execFileSync("wasm-bindgen", ["--target=bundler", `--out-dir=${made}`, file]);
  return { wasm: readFileSync(file), glue: join(made, "dependent_bg.js"), types: join(made, "dependent.d.ts"), made };
}

/** Names without those that wasm-bindgen keeps for itself. */
const withoutItsOwn = (names) => names.filter((name) => name !== "memory" && !name.startsWith("__"));

const declarations = ({ types }) => readFileSync(types, "utf8").replace(/\/\*[^]*?\*\//g, "").trim();

test("a front end's wasm exports its own alone", () => {
  const names = WebAssembly.Module.exports(new WebAssembly.Module(plain.wasm)).map(({ name }) => name);
  // wasm-bindgen sets a hash behind each name.
  assert.deepEqual(withoutItsOwn(names).map((name) => name.replace(/_[0-9a-f]{16}$/, "")), [OWN]);
});

test("a front end's JavaScript exports its own alone, and has no file of the crate's", async () => {
  assert.deepEqual(withoutItsOwn(Object.keys(await import(pathToFileURL(plain.glue)))), [OWN]);
  // What a crate brings of JavaScript lies in a folder of this name.
  assert.throws(() => readFileSync(join(plain.made, "snippets")), { code: "ENOENT" });
});

test("a front end declares its own alone, unless it asks for the types", () => {
  for (const name of [OWN, "TaskStatus", "HubSpotFile"]) assert.match(declarations(typed), new RegExp(`export .*${name}`));
  // The whole text, since a section is copied as it is, whatever it declares.
  assert.equal(declarations(plain), `export function ${OWN}(id: string): Promise<string>;`);
});

const oldest = /^wasm-bindgen = \{ version = "(.*?)"/m.exec(readFileSync(join(ROOT, "Cargo.toml"), "utf8"))[1];
const locked = /^name = "wasm-bindgen"\nversion = "(.*)"$/m.exec(readFileSync(join(ROOT, "Cargo.lock"), "utf8"))[1];

test(`a front end that is bound to wasm-bindgen ${oldest}, the oldest, is built as one with ${locked} is`, () => {
  assert.notEqual(oldest, locked);
  const bound = join(folder, "bound");
  mkdirSync(join(bound, "src"), { recursive: true });
  writeFileSync(join(bound, "src", "lib.rs"), "pub use hubspot_async_tasks::web::FetchTransport;\n");
  const manifest = `[package]
name = "bound"
version = "0.0.0"
edition = "2024"
[dependencies]
hubspot-async-tasks = { path = ${JSON.stringify(ROOT)} }
wasm-bindgen = "=${oldest}"
[workspace]
`;
  writeFileSync(join(bound, "Cargo.toml"), manifest);
  const env = { ...process.env, CARGO_TARGET_DIR: join(ROOT, "target", "oldest-wasm-bindgen") };
  execFileSync("cargo", ["check", "--quiet", TARGET], { cwd: bound, env });
  const lock = readFileSync(join(bound, "Cargo.lock"), "utf8");
  assert.match(lock, new RegExp(`name = "wasm-bindgen"\nversion = "${oldest.replaceAll(".", "\\.")}"`));
});
