// The recipes that need nothing but Node: their code, copied out of the packed pages, compiled under `strict`, and run. Those
// that need a newer Node or other tools are cases of tests/matrix/cases/recipes.mjs, those of frameworks are in tests/frameworks/.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { before, describe, test } from "node:test";
import { RECIPES as OF_FRAMEWORKS } from "../frameworks/recipes.mjs";
import { RECIPES as IN_MATRIX } from "../matrix/cases/recipes.mjs";
import { installed } from "../package/pack.mjs";
import { printedAs, snippetsOf } from "./snippets.mjs";
import { compile, copy, page, run, settle } from "./stranger.mjs";

const folder = settle();
const { createSimulator, serveSimulator } = await import(pathToFileURL(join(installed, "simulator.node.js")).href);

/** Those of the pages that are run here, with the host of each, and with the one whose output they print, where none is below them. */
const RUN = {
  // It asks once: the task is not over by then, however slow the machine is.
  "docs/hosts.md": { "slim.mjs": { host: "hubspot", env: { PROCESSING_MS: "60000" } } },
  "docs/recipes/export-to-file.md": { "contacts.mjs": { host: "hubspot" } },
  "docs/recipes/queue-worker.md": { "queue-worker.mts": { host: "hubspot" } },
  "docs/recipes/migrating.md": {
    "before-a-loop.mjs": { host: "hubspot", printsAs: "after-a-loop.mjs" },
    "after-a-loop.mjs": { host: "hubspot" },
    "after-api-client.mjs": { host: "hubspot" },
  },
  "docs/recipes/testing.md": { "node-timers.test.mjs": { flags: ["--test"] } },
};

/** Those that are run by a test of their own, or compiled alone. */
const OTHERS = {
  "docs/recipes/cron-and-serverless.md": ["start-export.mjs", "poll-due.mts", "function.mts"],
  "docs/recipes/react-native.md": ["exports.ts"],
};

const snippets = Object.keys({ ...RUN, ...OTHERS }).flatMap((name) =>
  snippetsOf(page(folder, name)).map((snippet) => ({ ...snippet, page: name })),
);
const ofNode = snippets.filter(({ page, file }) => page !== "docs/recipes/react-native.md" && !isElsewhere(page, file));
const isListed = ({ page, file }) => RUN[page]?.[file] !== undefined || OTHERS[page]?.includes(file);

function isElsewhere(page, file) {
  const name = page.split("/").at(-1);
  return [IN_MATRIX, OF_FRAMEWORKS].some((recipes) => recipes[name]?.includes(file));
}

test("every recipe is run here, in the matrix or in tests/frameworks/, snippet by snippet", () => {
  const pages = readdirSync(join(installed, "docs/recipes"));
  for (const name of pages) {
    const found = snippetsOf(page(folder, `docs/recipes/${name}`));
    assert(found.length > 0, `${name} has no snippet`);
    for (const { file } of found) {
      const at = { page: `docs/recipes/${name}`, file };
      assert.equal(isListed(at) ? 1 : 0, isElsewhere(at.page, file) ? 0 : 1, `${name}: ${file}`);
    }
  }
});

describe("the recipes' code", () => {
  before(() => copy(folder, ofNode));

  test("compiles under strict", async () => assert.deepEqual(await compile(folder, ofNode), []));

  test("of React Native compiles under strict, as its bundler resolves names", async () => {
    const ofReactNative = snippets.filter(({ page }) => page === "docs/recipes/react-native.md");
    const stubs = { "polyfill.d.ts": 'declare module "react-native-url-polyfill/auto" {}\n' };
    const options = { module: "esnext", moduleResolution: "bundler", types: [] };
    assert.deepEqual(await compile(folder, ofReactNative, { stubs, ...options }), []);
  });

  describe("prints what stands below it", { concurrency: true }, () => {
    for (const [name, files] of Object.entries(RUN)) {
      for (const [file, around] of Object.entries(files)) {
        test(`${file} of ${name}`, async () => {
          const { code, printed, stderr } = await run(folder, file, around);
          assert.equal(code, 0, stderr);
          const { output } = snippets.find((snippet) => snippet.file === (around.printsAs ?? file));
          assert.match(printed, file.endsWith(".test.mjs") ? /^# pass 1$|^ℹ pass 1$/m : printedAs(output));
        });
      }
    }
  });

  test("cron jobs carry an export from its start to its file, run by run", async () => {
    const simulator = createSimulator({ startedTask: { processingMs: 1_500, file: { rows: 2 } } });
    const { url, close } = await serveSimulator(simulator);
    const around = { host: "over-http", env: { SIMULATOR_URL: url } };
    const runs = [await run(folder, "start-export.mjs", around)];
    while (runs.length < 30 && !runs.some(({ printed }) => printed)) {
      runs.push(await run(folder, "poll-due.mts", around));
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await close();
    for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
    const { output } = snippets.find(({ file }) => file === "poll-due.mts");
    assert.match(runs.at(-1).printed, printedAs(output));
    assert.equal(simulator.starts.length, 1);
    const polls = simulator.requests.filter(({ call }) => call === "status").length;
    assert(polls < runs.length, `${polls} polls in ${runs.length} runs: those before the next is due ask for nothing`);
  });

  test("the serverless function says when to call it again, until the task is over", async () => {
    const previous = globalThis.fetch;
    const simulator = createSimulator({ startedTask: { processingMs: 300 } });
    globalThis.fetch = simulator.fetch;
    process.env.HUBSPOT_TOKEN = "a-token-of-a-private-app";
    const { handler } = await import(pathToFileURL(join(folder, "function.mjs")).href);
    const taskId = simulator.addTask("export", { processingMs: 300 });
    let event = { checkpoint: { version: 1, family: "export", taskId, apiVersion: "2026-03" } };
    let answer = await handler(event);
    assert.equal(answer.done, false);
    assert(answer.waitSeconds >= 1);
    event = JSON.parse(JSON.stringify(answer));
    await new Promise((resolve) => setTimeout(resolve, 400));
    answer = await handler(event);
    globalThis.fetch = previous;
    assert.deepEqual(answer, { done: true, taskId, outcome: "succeeded" });
  });
});
