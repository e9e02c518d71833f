// Tables in Markdown that name tests: their rows, and whether each named test exists.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");

/** The rows of all tables of a page, each by its columns' names. Its last column names tests. */
export function rowsOf(path, columns) {
  const lines = read(path)
    .split("\n")
    .filter((line) => line.startsWith("| "));
  const rows = lines.map((line) => {
    const cells = line.slice(1, -1).split(" | ");
    assert.equal(cells.length, columns.length, `${path}: ${columns.length} columns: ${line}`);
    return Object.fromEntries(columns.map((column, index) => [column, cells[index].trim()]));
  });
  return rows.filter((row) => row[columns[0]] !== columns[0]);
}

/** Whether a file's text defines a test of exactly that name, or has an answer of it that a test reads. */
export function defines(path, text, name) {
  if (path.endsWith(".json")) return JSON.parse(text).answers.some((answer) => answer.name === name);
  // A test that runs once for each of several things has a template as its name.
  if (path.endsWith(".mjs")) {
    const literals = [JSON.stringify(name), `\`${name}\``];
    // Or it is a case of the matrix.
    return literals.some((literal) => ["test(", "it(", "{ name: "].some((before) => text.includes(`${before}${literal}, `)));
  }
  // Between the attribute and the function there may be other attributes and comments.
  const isTest = new RegExp(String.raw`#\[(?:wasm_bindgen_)?test\]\n(?:\s*(?:#\[|//).*\n)*\s*(?:async )?fn ${name}\(`);
  return isTest.test(text);
}

/** The entries of a cell of tests: `path`: `name`, with semicolons between them. */
export const entriesOf = (cell) => cell.split("; `").map((entry, index) => (index > 0 ? `\`${entry}` : entry));

/** Fails unless there is the test that an entry names. */
export function assertNamesTest(entry) {
  const [, path, name] = /^`((?:tests|src)\/[^`]+)`: `([^`]+)`$/.exec(entry) ?? assert.fail(`no test: ${entry}`);
  assert(existsSync(new URL(path, root)), `there is no ${path}`);
  assert(defines(path, read(path), name), `${path} has no test called "${name}"`);
}
