// The code that the demo page shows: each snippet compiles under `strict`, those for Node run, against the simulator or in the
// place of the network, and their lines are the recipes'. Run: node --test tests/walk/demo-code.test.mjs
import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { load } from "../demo-page/world.mjs";
import { root } from "../package/pack.mjs";
import { snippetsOf } from "./snippets.mjs";
import { compile, copy, page, run, settle } from "./stranger.mjs";

const { FAMILIES, FORMS, askedFor, firstFilled, snippetOf } = await load("panels/tasks/families.ts", "panels/code/snippet.ts");
const folder = settle();

const SERVER = "https://app.example.com/hubspot";
const CONNECTIONS = { simulator: { kind: "simulator" }, server: { kind: "server", baseUrl: SERVER } };
/** As they are entered: the host in the place of the network knows the export. */
const IDS = { fileImport: "a1-b2", folderUpdate: "a1-b3", export: "90151673", sourceCodeExtract: "7", import: "8" };

/** All that the tasks panel can do, as it does it at first. */
const deeds = FAMILIES.flatMap((family) =>
  Object.entries(CONNECTIONS).flatMap(([server, connection]) => [
    { name: `${family}-start-${server}`, deed: { connection, family, how: "start", asked: askedFor(family, firstFilled(family, "https://example.com/logo.svg")) } },
    { name: `${family}-id-${server}`, deed: { connection, family, how: "id", id: IDS[family] } },
    { name: `${family}-checkpoint-${server}`, deed: { connection, family, how: "checkpoint", checkpoint: { version: 1, family, taskId: IDS[family], apiVersion: "2026-03", polls: 2, startedMs: Date.now() - 5_000 } } },
  ]),
);
const ENDINGS = { esm: "mjs", cjs: "cjs", react: "tsx", ui: "tsx" };
const snippetsFor = (form) => deeds.map(({ name, deed }) => ({ file: `${form}/${name}.${ENDINGS[form]}`, code: snippetOf(deed, form), deed }));

/** The host knows one task, and what is started; the simulator in the code knows what the code says. */
const runs = ({ connection, how, family }) => connection.kind === "simulator" || how === "start" || family === "export";

/** As much of HubSpot's SDK for cards as is used. */
const SDK = `declare module "@hubspot/ui-extensions" {
  import type { ReactElement, ReactNode } from "react";
  export const Text: (properties: { children?: ReactNode }) => ReactElement;
  export const Link: (properties: { href: string; children?: ReactNode }) => ReactElement;
  export const Button: (properties: { onClick: () => void; children?: ReactNode }) => ReactElement;
  export const hubspot: {
    extend<Point extends string>(render: () => ReactElement): Point | undefined;
    fetch(url: string, options?: object): Promise<Response>;
  };
}
`;

describe("the demo page's code", () => {
  const scripts = [...snippetsFor("esm"), ...snippetsFor("cjs")];
  before(() => {
    copy(folder, scripts);
    symlinkSync(join(root, "node_modules", "@types", "react"), join(folder, "node_modules", "@types", "react"));
  });

  test("compiles under strict, as ES modules", async () => {
    assert.deepEqual(await compile(folder, snippetsFor("esm")), []);
  });

  test("compiles under strict, as components for React and for cards", async () => {
    const options = { jsx: "react-jsx", module: "esnext", moduleResolution: "bundler", types: ["react"], stubs: { "sdk.d.ts": SDK } };
    assert.deepEqual(await compile(folder, [...snippetsFor("react"), ...snippetsFor("ui")], options), []);
  });

  describe("runs", { concurrency: true }, () => {
    for (const { file, deed } of scripts.filter(({ deed }) => runs(deed))) {
      test(file, async () => {
        const isServer = deed.connection.kind === "server";
        const { code, printed, stderr } = await run(folder, file, isServer ? { host: "hubspot", env: { BASE_URL: SERVER } } : {});
        assert.equal(code, 0, stderr);
        assert.match(printed, /^succeeded\b/m);
        if (deed.family === "export") assert.match(printed, /^\{/m, "its rows");
      });
    }
  });

  test("has the lines of the recipes that the tests run", () => {
    const recipes = snippetsOf(page(folder, "README.md")).concat(snippetsOf(page(folder, "docs/recipes/react.md")), snippetsOf(page(folder, "docs/starting.md")));
    const lines = new Set(recipes.flatMap(({ code }) => code.split("\n").map((line) => line.trim())));
    const find = (name, form) => snippetOf(deeds.find((one) => one.name === name).deed, form).split("\n").map((line) => line.trim());
    const inRecipes = (name, form, ...wanted) => {
      for (const line of wanted) {
        assert.ok(find(name, form).includes(line), `${form}: the page has no ${line}`);
        assert.ok(lines.has(line), `no recipe has ${line}`);
      }
    };
    inRecipes(
      "export-start-simulator",
      "esm",
      'import { HubSpotTasks } from "hubspot-async-tasks";',
      'import { rows } from "hubspot-async-tasks/results";',
      'import { createSimulator } from "hubspot-async-tasks/simulator";',
      "const tasks = new HubSpotTasks({ fetch: hubspot.fetch });",
      "for await (const row of rows(tasks, task, { fetch: hubspot.fetch })) console.log(row);",
    );
    inRecipes(
      "export-start-server",
      "react",
      'import { HubSpotTasks, type Task } from "hubspot-async-tasks";',
      'import { useTask } from "hubspot-async-tasks/react";',
      "const [isSent, setIsSent] = useState(false);",
      'const [task, setTask] = useState<Task<string, "export">>();',
      "const [refusal, setRefusal] = useState<unknown>();",
      "const { phase, result, error = refusal } = useTask(task);",
      "if (error) return <p>{String(error)}</p>;",
    );
    inRecipes(
      "export-id-server",
      "ui",
      'import { HubSpotTasks, fromHubSpotFetch } from "hubspot-async-tasks/ui-extension";',
      'const tasks = new HubSpotTasks({ baseUrl: "https://app.example.com/hubspot", fetch: fromHubSpotFetch(hubspot.fetch) });',
    );
  });

  test("has every form", () => {
    assert.deepEqual(FORMS, Object.keys(ENDINGS));
  });
});
