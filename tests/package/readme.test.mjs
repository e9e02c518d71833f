// The README's examples, run as they stand there, in a project that has the package installed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";

import { installed, project, root } from "./pack.mjs";

const examplesOf = (page) => [...readFileSync(join(root, page), "utf8").matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);
const examples = examplesOf("README.md");

/** What stands around an example: the simulator in the place of the network, and what the text speaks of. */
const HOST = `
import { readFileSync } from "node:fs";
import { createSimulator } from "hubspot-async-tasks/simulator";
const simulator = createSimulator({ baseUrl: "/hubspot" });
simulator.addTask("export", { id: "90151673", processingMs: 20 });
globalThis.taskId = simulator.addTask("fileImport", { processingMs: 20 });
const wasm = readFileSync("node_modules/hubspot-async-tasks/hubspot-async-tasks.wasm");
globalThis.wasmUrl = "/assets/hubspot-async-tasks.wasm";
globalThis.fetch = async (url, init) => (url === wasmUrl ? new Response(wasm) : simulator.fetch(url, init));
globalThis.location = { href: "https://app.example/page" };
process.env.HUBSPOT_TOKEN = "a-token";
`;

function run(example) {
  writeFileSync(join(project, "host.mjs"), HOST);
  writeFileSync(join(project, "example.mjs"), example);
  return execFileSync(process.execPath, ["--import", "./host.mjs", "example.mjs"], { cwd: project, encoding: "utf8" });
}

for (const [subject, printed] of [
  ["Node", /COMPLETE\nsucceeded after \d+ polls; download within five minutes: https:/],
  ["starting a task", /^(\{ email: '.*', firstname: .* \}\n){25}succeeded \{[^]* TOTAL_ROWS: 1,[^]* CREATED_OBJECTS: 1,/],
  ["a browser", /^https:/],
  ["the entry slim", /^(PENDING|PROCESSING|COMPLETE)$/m],
  ["the simulator", /^succeeded$/m],
]) {
  test(`the README's example for ${subject} works as it stands`, () => {
    const example = examples.shift();
    assert.match(run(example), printed);
  });
}

test("every example of the README is run", () => assert.deepEqual(examples, []));

test("every example of the page on the simulator works as it stands", () => {
  assert.deepEqual(
    examplesOf("docs/simulator.md").map((example) => run(example).replace(/\d+$/m, "N")),
    ["succeeded N\n", "202 true\n", "EXPIRED\n"],
  );
});

/** The packed pages, and the links of each that lead to no other host. */
const PAGES = ["README.md", "SECURITY.md", "docs/errors.md", "docs/polling.md", "docs/results.md", "docs/simulator.md", "docs/starting.md", "docs/families.md"];
const linksOf = (page) => [...readFileSync(join(installed, page), "utf8").matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link);

/** What npm shows at the repository's address, and the package has not. */
const OF_REPOSITORY = /^(CONTRIBUTING\.md|benches\/|src\/|tests\/)/;

/** How a page's headings are linked to. */
const anchorsOf = (text) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-"));

for (const page of PAGES) {
  test(`each link of ${page} leads to what is packed, or to what the repository has`, () => {
    for (const link of linksOf(page)) {
      const [path, anchor] = link.split("#");
      const target = join(dirname(page), path === "" ? basename(page) : path);
      const folder = OF_REPOSITORY.test(target) ? root : installed;
      assert(existsSync(join(folder, target)), `${link}: no ${target}`);
      if (anchor) assert(anchorsOf(readFileSync(join(folder, target), "utf8")).includes(anchor), `${link}: no such heading`);
    }
  });
}

test("the README leads to each page of the docs, and says what React Native needs", () => {
  const links = linksOf("README.md");
  for (const page of PAGES.slice(1)) assert(links.some((link) => link.startsWith(page)), page);
  assert.match(readFileSync(join(installed, "README.md"), "utf8"), /React Native[^.]*react-native-url-polyfill/);
});
