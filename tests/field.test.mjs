// What field.md says holds: every test that it names exists, each kind has its siblings, and what is open is counted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertNamesTest, entriesOf, rowsOf } from "./tables.mjs";

/** The row's own test, and three siblings. */
const LEAST = 4;

const rows = rowsOf("tests/field.md", ["what came", "what is right", "kind", "tests"]).map((row) => {
  // What is open comes last.
  const [, named, open] = /^(.*?)(?:(?:^|; )(open(?:: .*)?))?$/.exec(row.tests);
  return { ...row, named: named === "" ? [] : entriesOf(named), open };
});

const open = rows.filter((row) => row.open !== undefined);

test("each row of the field says what came, what is right, and of what kind it is", () => {
  assert(rows.length >= 53, `${rows.length} rows`);
  for (const row of rows) for (const cell of Object.values(row).slice(0, 4)) assert(cell, JSON.stringify(row));
});

for (const row of rows) {
  test(`a test shows it, or it is open: ${row["what came"]} (${row.kind})`, () => {
    assert(row.named.length > 0 || row.open, "no test, and not open");
    for (const entry of row.named) assertNamesTest(entry);
  });
}

for (const kind of new Set(rows.map((row) => row.kind))) {
  test(`of a kind there are ${LEAST} tests, or a row is open: ${kind}`, () => {
    const ofKind = rows.filter((row) => row.kind === kind);
    const tests = new Set(ofKind.flatMap(({ named }) => named));
    const isWhole = tests.size >= LEAST;
    assert(isWhole || ofKind.some((row) => row.open !== undefined), `${tests.size} tests: ${[...tests].join("; ")}`);
  });
}

test("it is told how many rows are open", (context) => {
  for (const row of open) context.diagnostic(`open: ${row["what came"]} (${row.kind})`);
  context.diagnostic(`${open.length} of ${rows.length} rows are open`);
});
