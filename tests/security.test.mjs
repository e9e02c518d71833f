// What SECURITY.md claims has a test that exists, and what it says of the package holds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assertNamesTest, entriesOf, rowsOf } from "./tables.mjs";

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const rows = rowsOf("SECURITY.md", ["what could be tried", "what stops it", "shown by"]);

test("the threat model speaks of each who could do something", () => {
  assert(rows.length >= 20, `${rows.length} rows`);
  const page = read("SECURITY.md");
  for (const who of ["server", "proxy", "page", "extension", "dependency"]) assert(new RegExp(`^### .*${who}`, "m").test(page), who);
  for (const row of rows) for (const cell of Object.values(row)) assert(cell, JSON.stringify(row));
});

for (const row of rows) {
  test(`a test shows what stops this: ${row["what could be tried"]}`, () => {
    for (const entry of entriesOf(row["shown by"])) assertNamesTest(entry);
  });
}

test("it says how to report, and makes up no address", () => {
  const [, how] = /## How to report\n([\s\S]*?)\n## /.exec(read("SECURITY.md"));
  assert.match(how, /private vulnerability reporting/);
  assert.doesNotMatch(how, /https?:|@/);
});

test("the package has no dependency, and runs nothing when it is installed", () => {
  const manifest = JSON.parse(read("pkg-template/package.json"));
  const { peerDependencies, peerDependenciesMeta, ...others } = manifest;
  for (const name of Object.keys(others)) assert.doesNotMatch(name, /dependencies$/i, name);
  // What is optional is the caller's own, and never installed for this package.
  for (const name of Object.keys(peerDependencies)) assert.equal(peerDependenciesMeta[name].optional, true, name);
  assert.equal(manifest.scripts, undefined);
});
