// What a front end in Rust gets of this crate: without the feature `npm` none of the exports and types of the npm
// package. Builds tests/dependent without the feature and, to show that there is something to be found, with it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const OWN = "stateOfExport";
const PUBLIC_TYPES = readFileSync(new URL("../src/web/service.d.ts", import.meta.url), "utf8");

/** In one piece: of many, the linker leaves out those that nobody calls, and the types that stand in them. */
const WHOLE = "--config=profile.dev.package.hubspot-async-tasks.codegen-units=1";

const folder = mkdtempSync(join(tmpdir(), "dependent-"));
after(() => rmSync(folder, { recursive: true }));
// wasm-bindgen writes ES modules.
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

const plain = build("plain");
const withNpm = build("npm", "--features=npm");

/** Builds the front end: its wasm as cargo leaves it, and the files that wasm-bindgen makes of it. */
function build(name, ...features) {
  const crate = ["--package=dependent", "--target=wasm32-unknown-unknown", ...features];
  const args = ["build", "--locked", "--quiet", "--message-format=json-render-diagnostics", WHOLE, ...crate];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const messages = execFileSync("cargo", args, { cwd, encoding: "utf8" });
  const artifacts = messages.trim().split("\n").map((line) => JSON.parse(line));
  const [file] = artifacts.find(({ target }) => target?.name === "dependent").filenames;
  const made = join(folder, name);
  execFileSync("wasm-bindgen", ["--target=bundler", `--out-dir=${made}`, file]);
  return { wasm: readFileSync(file), glue: join(made, "dependent_bg.js"), types: join(made, "dependent.d.ts") };
}

/** Names without those that wasm-bindgen keeps for itself. */
const withoutItsOwn = (names) => names.filter((name) => name !== "memory" && !name.startsWith("__"));

/** wasm-bindgen sets a hash behind each name. */
function exportsOfWasm({ wasm }) {
  const names = WebAssembly.Module.exports(new WebAssembly.Module(wasm)).map(({ name }) => name);
  return withoutItsOwn(names).map((name) => name.replace(/_[0-9a-f]{16}$/, ""));
}

const exportsOfGlue = async ({ glue }) => withoutItsOwn(Object.keys(await import(pathToFileURL(glue))));

const declarations = ({ types }) => readFileSync(types, "utf8").replace(/\/\*[^]*?\*\//g, "").trim();

const declaredNames = (text) =>
  [...text.matchAll(/^export (?:class|function|interface|type) (\w+)/gm)].map(([, name]) => name);

for (const [what, exportsOf] of Object.entries({ wasm: exportsOfWasm, glue: exportsOfGlue })) {
  test(`a front end's ${what} exports its own alone, and with the feature the npm package's functions`, async () => {
    const found = await exportsOf(withNpm);
    for (const name of [OWN, "openClient", "outcomeOf"]) assert(found.includes(name), `${name} in ${found}`);
    assert.deepEqual(await exportsOf(plain), [OWN]);
  });
}

test("a front end declares its own alone, and with the feature the npm package's types", () => {
  const found = declaredNames(declarations(withNpm));
  const expected = [OWN, "TaskStatus", "HubSpotFile", ...declaredNames(PUBLIC_TYPES)];
  assert(expected.length > 20, `${expected}`);
  for (const name of expected) assert(found.includes(name), `${name} in ${found}`);
  // The whole text, since a section is copied as it is, whatever it declares.
  assert.equal(declarations(plain), `export function ${OWN}(id: string): Promise<string>;`);
});
