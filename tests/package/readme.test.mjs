// The README's examples, run as they stand there, in a project that has the package installed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { project, root } from "./pack.mjs";

const examples = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);

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
