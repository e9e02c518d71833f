// The recipes for React, Vue and Svelte: compiled under `strict` and by the frameworks' own compilers, drawn on a page
// without a browser, driven to the end of a task with the simulator, and left.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, test } from "node:test";
import { Linter } from "eslint";
import reactHooks from "eslint-plugin-react-hooks";
import { parser } from "typescript-eslint";
import { installed } from "../package/pack.mjs";
import { linesOf, snippetsOf } from "../walk/snippets.mjs";
import { compile, copy, settle } from "../walk/stranger.mjs";
import { COMPILER_OPTIONS, RECIPES, bundled, installFrameworks, onServer } from "./recipes.mjs";
import { openPage } from "./stage.mjs";

const { document } = openPage({ isInAct: false });
const { createSimulator, faults } = await import(pathToFileURL(join(installed, "simulator.js")).href);

const project = settle();
installFrameworks(project);

const settled = Object.keys(RECIPES).map((page) => {
  const folder = join(project, page);
  const snippets = snippetsOf(readFileSync(join(installed, "docs/recipes", page), "utf8"));
  copy(folder, snippets);
  return [page, { folder, snippets, named: (file) => snippets.find((snippet) => snippet.file === file) }];
});
const pages = Object.fromEntries(settled);

let simulator, target, drawn;
let seed = 0;

beforeEach(() => {
  // Another seed, other ids: the pages' clients know those of before.
  simulator = createSimulator({ baseUrl: "/hubspot", seed: seed++, startedTask: { processingMs: 500 } });
  globalThis.fetch = simulator.fetch;
  target = document.createElement("div");
  document.body.append(target);
});

afterEach(() => {
  drawn?.leave();
  drawn = undefined;
  target.remove();
});

/** Waits until the page shows something; the polls take the time that they take. */
async function shows(pattern) {
  const end = Date.now() + 30_000;
  while (!pattern.test(target.innerHTML)) {
    assert(Date.now() < end, `it shows ${target.innerHTML}, not ${pattern}`);
    await sleep(5);
  }
}

/** An export that is running when it is asked first, however slow this machine is, and over then. */
function addRunning() {
  simulator.script([{ status: 202, body: { status: "PROCESSING" } }]);
  return simulator.addTask("export");
}

const DOWNLOAD = /<a href="https:[^"]+">Download<\/a>/;

for (const [page, { folder, snippets }] of settled) {
  test(`${page} compiles under strict`, async () => {
    const code = snippets.filter(({ file }) => /\.tsx?$/.test(file));
    assert(code.length > 0);
    assert.deepEqual(await compile(folder, code, COMPILER_OPTIONS), []);
  });

  test(`every snippet of ${page} is known here`, () => assert.deepEqual(snippets.map(({ file }) => file), RECIPES[page]));
}

test("react.md keeps to the rules of React and of its compiler", () => {
  const config = { ...reactHooks.configs.flat.recommended, files: ["**/*.tsx"], languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } } };
  const complaints = (code, filename) => new Linter().verify(code, config, { filename }).map(({ message }) => `${filename}: ${message}`);
  for (const { file, code } of pages["react.md"].snippets) assert.deepEqual(complaints(code, file), []);
  const wrong = "export function Wrong({ task }) {\n  if (task) useTask(task);\n}\n";
  assert.equal(complaints(wrong, "wrong.tsx").length, 1);
});

/** Where each framework has the component that shows an export by its id. */
const EXPORTS = { react: ["react.md", "export.tsx", "Export"], vue: ["vue.md", "Export.vue", "default"], svelte: ["svelte.md", "Export.svelte", "default"] };

for (const [framework, [page, file, name]] of Object.entries(EXPORTS)) {
  describe(`${framework}: the component of ${page}`, () => {
    const show = async (id) => {
      const { mount, all } = await bundled(framework, pages[page].folder, file);
      drawn = mount(all[name], target, { id });
    };

    test("shows an export until it is over", async () => {
      await show(addRunning());
      await shows(/Asking/);
      await shows(/PROCESSING/);
      await shows(DOWNLOAD);
      assert.equal(simulator.requests.length, 2);
    });

    test("is rendered by a server without a request", async () => {
      const { render, all } = await onServer(framework, pages[page].folder, file);
      assert.match(await render(all[name], { id: simulator.addTask("export") }), /<p>Asking<\/p>/);
      await sleep(100);
      assert.equal(simulator.requests.length, 0);
    });

    test("shows another export when it is given another id", async () => {
      const [first, second] = [Infinity, 500].map((processingMs) => simulator.addTask("export", { processingMs }));
      await show(first);
      await shows(/PROCESSING/);
      drawn.change({ id: second });
      await shows(DOWNLOAD);
      assert.equal(simulator.requests.filter(({ url }) => url.includes(`/${first}/`)).length, 1);
    });

    test("shows an error", async () => {
      simulator.script([faults.forbidden({ scopes: ["crm.export"] })]);
      await show(simulator.addTask("export"));
      await shows(/HTTP 403/);
      assert.equal(simulator.requests.length, 1);
    });

    test("asks no more when it is gone", async () => {
      await show(simulator.addTask("export", { processingMs: Infinity }));
      await shows(/PROCESSING/);
      drawn.leave();
      drawn = undefined;
      const sent = simulator.requests.length;
      await sleep(2_500);
      assert.equal(simulator.requests.length, sent);
    });
  });
}

/** Bundles one of React's snippets and draws what it exports. */
async function draw(file, name, properties) {
  const { mount, all } = await bundled("react", pages["react.md"].folder, file);
  drawn = mount(all[name], target, properties);
}

test("start-export.tsx starts one export at a press of its button, and shows it to its end", async () => {
  await draw("start-export.tsx", "StartExport", {});
  await shows(/<button>Export</);
  target.querySelector("button").click();
  await shows(/waiting/);
  await shows(DOWNLOAD);
  assert.equal(simulator.starts.length, 1);
});

test("start-export.tsx shows why a start was refused", async () => {
  await draw("start-export.tsx", "StartExport", {});
  await shows(/<button>Export</);
  simulator.script([faults.forbidden({ scopes: ["crm.export"] })]);
  target.querySelector("button").click();
  await shows(/HTTP 403/);
});

test("boundary.tsx shows an error in its boundary, and tries again from there", async (context) => {
  // React tells of what is thrown.
  context.mock.method(console, "error", () => {});
  simulator.script([faults.forbidden({ scopes: ["crm.export"] })]);
  await draw("boundary.tsx", "Export", { id: simulator.addTask("export", { processingMs: 500 }) });
  await shows(/<button>.*HTTP 403/);
  assert.equal(simulator.requests.length, 1);
  target.querySelector("button").click();
  await shows(/COMPLETE/);
});

test("suspended.tsx shows its fallback until the export is over, with the same polls", async () => {
  await draw("suspended.tsx", "Export", { id: addRunning() });
  await shows(/PROCESSING/);
  await shows(DOWNLOAD);
  assert.equal(simulator.requests.length, 2);
});

test("the store of svelte.md is read while somebody subscribes", async () => {
  const { taskStore } = await bundled("svelte", pages["svelte.md"].folder, "task-store.ts");
  const { tasks } = await bundled("svelte", pages["svelte.md"].folder, "tasks.ts");
  const task = tasks.exports.task(addRunning());
  const store = taskStore(task);
  assert.equal(simulator.requests.length, 0);
  const { outcome } = await new Promise((resolve) => {
    const stop = store.subscribe((snapshot) => snapshot.phase === "over" && queueMicrotask(() => (stop(), resolve(snapshot))));
  });
  assert.equal(outcome, "succeeded");
});

test("a task is shown in 8 lines, hook and component, by React; the glue of Vue and Svelte takes a dozen", () => {
  const counted = (page, file) => linesOf(pages[page].named(file).code);
  assert(counted("react.md", "export.tsx") <= 8);
  for (const [page, file] of [["vue.md", "use-task.ts"], ["svelte.md", "shown.ts"], ["svelte.md", "task-store.ts"]]) {
    assert(counted(page, file) <= 12, `${file}: ${counted(page, file)} lines`);
  }
  for (const { snippets } of Object.values(pages)) for (const { code } of snippets) for (const line of code.split("\n")) assert(line.length <= 130, line);
});
