// The stranger's walk: with the tarball and its README alone, each snippet of it is copied into an empty folder, compiled
// under `strict`, run, and compared with the output that the README shows.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { COMPILER_OPTIONS, bundled, installFrameworks } from "../frameworks/recipes.mjs";
import { openPage } from "../frameworks/stage.mjs";
import { installed } from "../package/pack.mjs";
import { linesOf, printedAs, snippetsOf } from "./snippets.mjs";
import { compile, copy, page, run, serve, settle, stubSdk } from "./stranger.mjs";

const folder = settle();
const { createSimulator } = await import(pathToFileURL(join(installed, "simulator.js")).href);
const snippets = snippetsOf(page(folder, "README.md"));
const named = (file) => snippets.find((snippet) => snippet.file === file) ?? assert.fail(`the README has no ${file}`);
copy(folder, snippets);

/** What stands around each: the host, in the place of HubSpot's network. */
const AROUND = {
  "first.mjs": {},
  "export.mjs": { host: "hubspot" },
  "worker.mts": { host: "hubspot" },
  "card.mjs": { host: "hubspot", env: { BASE_URL: "https://app.example.com/hubspot" } },
  "errors.mjs": { host: "hubspot", env: { SCOPES: "files" } },
  "export.test.mjs": { flags: ["--test"] },
};

/** Run together: the server, and the page that asks it. */
const PROXY = ["server.mts", "page.mjs"];

/** A component. */
const REACT = "export.tsx";

stubSdk(folder);
installFrameworks(folder);

/** Of the shell: the command, as npx runs it. */
const SHELL = ["contacts.sh"];

test("every snippet compiles under strict, as ES modules for Node", async () => {
  assert.deepEqual(await compile(folder, snippets.filter(({ file }) => file !== REACT && !SHELL.includes(file))), []);
});

test(`${REACT} compiles under strict, as bundlers resolve names`, async () => {
  assert.deepEqual(await compile(folder, [named(REACT)], COMPILER_OPTIONS), []);
});

test(`${REACT} shows what the README says`, async () => {
  const { document } = openPage({ isInAct: false });
  const previous = globalThis.fetch;
  const simulator = createSimulator({ baseUrl: "/hubspot" });
  simulator.script(["PENDING", "PROCESSING"].map((status) => ({ status: 202, body: { status } })));
  globalThis.fetch = simulator.fetch;
  const target = document.createElement("div");
  const { mount, Export } = await bundled("react", folder, REACT);
  const { leave } = mount(Export, target, { id: simulator.addTask("export") });
  const shown = [];
  while (shown.at(-1) !== "Download") {
    if (target.textContent !== (shown.at(-1) ?? "")) shown.push(target.textContent);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  leave();
  globalThis.fetch = previous;
  assert.deepEqual(shown, ["Asking", "PENDING", "PROCESSING", "Download"]);
});

describe("each prints what the README shows", { concurrency: true }, () => {
  for (const [file, around] of Object.entries(AROUND)) {
    test(`${file} prints what stands below it`, async () => {
      const { code, printed, stderr } = await run(folder, file, around);
      assert.equal(code, 0, stderr);
      const { output = "…" } = named(file);
      assert.match(printed, file.endsWith(".test.mjs") ? /^# pass 1$|^ℹ pass 1$/m : printedAs(output));
    });
  }
});

for (const file of SHELL) {
  test(`${file} prints what stands below it`, () => {
    // HubSpot takes the place of the network in the command's process, and gives it its token.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: "--import ./hosts/hubspot.mjs" };
    const { status, stdout, stderr } = spawnSync("bash", [file], { cwd: folder, env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.match(stdout, printedAs(named(file).output));
    assert.equal(readFileSync(join(folder, "contacts.csv"), "utf8").split("\n")[0], '"email","firstname"');
  });
}

test("page.mjs is told by server.mts what the README shows; who is not signed in is told nothing", async () => {
  // So long that the page has begun before its task is over, however slow the machine is.
  const { origin, close } = await serve(folder, "server.mts", { host: ["hubspot"], env: { PROCESSING_MS: "8000" } });
  const { code, printed, stderr } = await run(folder, "page.mjs", { host: "page", env: { ORIGIN: origin } });
  const unknown = await fetch(`${origin}/hubspot/crm/exports/2026-03/export/async/tasks/90151673/status`);
  await close();
  assert.equal(code, 0, stderr);
  assert.match(printed, printedAs(named("page.mjs").output));
  assert.equal(unknown.status, 403);
});

test("every snippet of the README is run", () => {
  assert.deepEqual(snippets.map(({ file }) => file).sort(), [...Object.keys(AROUND), ...SHELL, ...PROXY, REACT].sort());
});

/** How many lines a user writes, at most: imports, comments and blank lines are not counted. Of one, those up to its file. */
const BARS = [
  ["first.mjs", 8],
  ["export.mjs", 4, /^.* saveTo\(.*\n/m],
  ["worker.mts", 8],
  ["server.mts", 3],
  [REACT, 8],
];
/** Of a page: no bar is met by lines that are longer. */
const WIDTH = 125;

for (const [file, most, last] of BARS) {
  test(`${file} takes ${most} lines at most`, () => {
    const { code } = named(file);
    const end = last ? last.exec(code) : { index: code.length, 0: "" };
    const counted = linesOf(code.slice(0, end.index + end[0].length));
    assert(counted <= most, `${counted} lines`);
    for (const line of code.split("\n")) assert(line.length <= WIDTH, line);
  });
}
