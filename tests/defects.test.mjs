// Every test that defects.md names exists: no row outlives the test that proves it.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");

const rows = read("tests/defects.md")
  .split("\n")
  .filter((line) => /^\| (?!defect \|)/.test(line))
  .map((line) => {
    const [defect, whose, tests, ...more] = line.slice(1, -1).split(" | ");
    assert.deepEqual(more, [], `three columns: ${line}`);
    return { defect: defect.trim(), whose: whose.trim(), tests: tests.trim() };
  });

/** Whether a file's text defines a test of exactly that name. */
function defines(path, text, name) {
  if (path.endsWith(".mjs")) return text.includes(`test(${JSON.stringify(name)}, `);
  // Between the attribute and the function there may be other attributes and comments.
  const isTest = new RegExp(String.raw`#\[(?:wasm_bindgen_)?test\]\n(?:\s*(?:#\[|//).*\n)*\s*(?:async )?fn ${name}\(`);
  return isTest.test(text);
}

test("the table of defects has all rows of those that are known", () => {
  assert(rows.length >= 16, `${rows.length} rows`);
  assert.equal(new Set(rows.map(({ defect }) => defect)).size, rows.length);
  for (const { defect, whose } of rows) assert(defect && whose, `a defect, and whose it is: ${defect}`);
});

for (const { defect, tests } of rows) {
  test(`a test shows that we do not have this one: ${defect}`, () => {
    const named = tests.split("; `").map((entry, index) => (index > 0 ? `\`${entry}` : entry));
    for (const entry of named) {
      const [, path, name] = /^`(tests\/[^`]+)`: `([^`]+)`$/.exec(entry) ?? assert.fail(`no test: ${entry}`);
      assert(existsSync(new URL(path, root)), `there is no ${path}`);
      assert(defines(path, read(path), name), `${path} has no test called "${name}"`);
    }
  });
}

test("a name that is no test's, or only a part of one, is found out", () => {
  const rust = "#[test]\nfn it_holds() {}\n\nfn helper() {}\n\n#[test]\n/// Why.\n#[ignore]\nfn odd() {}\n";
  for (const [name, is] of [["it_holds", true], ["odd", true], ["it_hold", false], ["helper", false]]) {
    assert.equal(defines("a.rs", rust, name), is, name);
  }
  const script = 'test("it holds", () => {});\n// it is odd\n';
  for (const [name, is] of [["it holds", true], ["it hold", false], ["it is odd", false]]) {
    assert.equal(defines("a.mjs", script, name), is, name);
  }
});
