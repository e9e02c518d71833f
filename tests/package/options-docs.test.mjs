// docs/options.md names every option that the packed types have, and no other.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { installed, root } from "./pack.mjs";

const page = readFileSync(join(root, "docs/options.md"), "utf8");

/** What stands below a heading that names these types, up to the next heading. */
const sections = page.split(/^## /m).slice(1).map((section) => {
  const [heading, ...lines] = section.split("\n");
  const types = [...heading.matchAll(/`(\w+)/g)].map(([, name]) => name);
  return { types, options: lines.flatMap((line) => /^\| `(\w+)` \|/.exec(line)?.[1] ?? []) };
});

const declarations = readdirSync(installed).filter((name) => name.endsWith(".d.ts")).map((name) => join(installed, name));
const program = ts.createProgram(declarations, { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [] });
const checker = program.getTypeChecker();

/** The exported types of all entries, by their name. */
const exported = new Map(
  declarations.flatMap((path) => {
    const symbol = checker.getSymbolAtLocation(program.getSourceFile(path));
    return symbol ? checker.getExportsOfModule(symbol).map((type) => [type.name, type]) : [];
  }),
);

const fieldsOf = (name) => checker.getDeclaredTypeOfSymbol(exported.get(name)).getProperties().map((property) => property.name);

test("every type of options has a section of its own", () => {
  const types = [...exported.keys()].filter((name) => name.endsWith("Options"));
  assert(types.length >= 12, types.join());
  assert.deepEqual(sections.flatMap((section) => section.types).filter((name) => name.endsWith("Options")).sort(), types.sort());
});

for (const { types, options } of sections.filter(({ types }) => types.every((name) => name.endsWith("Options")))) {
  test(`the options of ${types.join(" and ")} are those of the types`, () => {
    const fields = types.flatMap(fieldsOf).sort();
    assert.deepEqual(options.sort(), fields);
  });
}

test("what all() takes besides is told", () => {
  const client = checker.getDeclaredTypeOfSymbol(exported.get("HubSpotTasks"));
  const [declaration] = client.getProperty("all").declarations;
  const options = checker.getTypeFromTypeNode(declaration.parameters[1].type).getProperties().map(({ name }) => name);
  const told = sections.find(({ types }) => types.includes("all")).options;
  const others = [...fieldsOf("CallOptions"), ...fieldsOf("TaskOptions")];
  assert.deepEqual(told, options.filter((name) => !others.includes(name)));
});

test("an option with a number in the types has the same one on the page", () => {
  const source = readFileSync(join(installed, "index.d.ts"), "utf8");
  const [, options] = /export interface ClientOptions \{([^]*?)\n\}/.exec(source);
  const numbers = [...options.matchAll(/([\d,]+) if not given\. \*\/\n\s+(\w+)\?/g)];
  assert(numbers.length >= 5);
  for (const [, number, name] of numbers) {
    const [, , unless] = page.split("\n").find((line) => line.startsWith(`| \`${name}\``)).split(" | ");
    assert(unless.startsWith(number), `${name}: ${unless}`);
  }
});
