// Every test that defects.md names exists: no row outlives the test that proves it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertNamesTest, defines, entriesOf, rowsOf } from "./tables.mjs";

const rows = rowsOf("tests/defects.md", ["defect", "whose", "our tests"]);

test("the table of defects has all rows of those that are known", () => {
  assert(rows.length >= 16, `${rows.length} rows`);
  assert.equal(new Set(rows.map(({ defect }) => defect)).size, rows.length);
  for (const { defect, whose } of rows) assert(defect && whose, `a defect, and whose it is: ${defect}`);
});

for (const { defect, "our tests": tests } of rows) {
  test(`a test shows that we do not have this one: ${defect}`, () => {
    for (const entry of entriesOf(tests)) assertNamesTest(entry);
  });
}

test("a name that is no test's, or only a part of one, is found out", () => {
  const rust = "#[test]\nfn it_holds() {}\n\nfn helper() {}\n\n#[test]\n/// Why.\n#[ignore]\nfn odd() {}\n";
  for (const [name, is] of [["it_holds", true], ["odd", true], ["it_hold", false], ["helper", false]]) {
    assert.equal(defines("a.rs", rust, name), is, name);
  }
  const script = 'test("it holds", () => {});\ntest(`${what} holds`, () => {});\n// it is odd\n';
  for (const [name, is] of [["it holds", true], ["${what} holds", true], ["it hold", false], ["it is odd", false]]) {
    assert.equal(defines("a.mjs", script, name), is, name);
  }
  const answers = '{ "answers": [{ "name": "half a text" }] }';
  for (const [name, is] of [["half a text", true], ["half", false]]) assert.equal(defines("a.json", answers, name), is, name);
});
