// The code that the demo page shows: each snippet compiles under `strict`; those for Node run, components and cards are mounted
// and driven to their result, against the simulator in the code or in the place of the network; and of each form one is a
// recipe, letter by letter. Run: node --test tests/walk/demo-code.test.mjs
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { load } from "../demo-page/world.mjs";
import { COMPILER_OPTIONS, installFrameworks } from "../frameworks/recipes.mjs";
import { openPage } from "../frameworks/stage.mjs";
import { installed } from "../package/pack.mjs";
import { snippetsOf } from "./snippets.mjs";
import { compile, copy, page, run, settle, stubSdk } from "./stranger.mjs";

const { FAMILIES, FORMS, askedFor, firstFilled, snippetOf } = await load("panels/tasks/families.ts", "panels/code/snippet.ts");
const { createSimulator, faults } = await import(pathToFileURL(join(installed, "simulator.js")).href);

const SERVER = { kind: "server", baseUrl: "https://app.example.com/hubspot" };
const CONNECTIONS = { simulator: { kind: "simulator" }, server: SERVER };

/** As they are entered: the host in the place of the network knows the export. */
const IDS = { fileImport: "a1-b2", folderUpdate: "a1-b3", export: "90151673", sourceCodeExtract: "7", import: "8" };

const checkpointOf = (family, taskId) => ({ version: 1, family, taskId, apiVersion: "2026-03", polls: 2, startedMs: Date.now() - 5_000 });

/** All that the tasks panel can do, as it does it at first. */
const deedsWith = (idOf) =>
  FAMILIES.flatMap((family) =>
    Object.entries(CONNECTIONS).flatMap(([server, connection]) => [
      { name: `${family}-start-${server}`, deed: { connection, family, how: "start", asked: askedFor(family, firstFilled(family, "https://example.com/logo.svg")) } },
      { name: `${family}-id-${server}`, deed: { connection, family, how: "id", id: idOf(family) } },
      { name: `${family}-checkpoint-${server}`, deed: { connection, family, how: "checkpoint", checkpoint: checkpointOf(family, idOf(family)) } },
    ]),
  );

const ENDINGS = { esm: "mjs", cjs: "cjs", react: "tsx", ui: "tsx" };
const snippetsFor = (form, idOf) => deedsWith(idOf).map(({ name, deed }) => ({ file: `${form}/${name}.${ENDINGS[form]}`, code: snippetOf(deed, form), deed, form }));

/** Each task that a component shows is another one. */
let lastId = 100;
const newId = () => String(++lastId);

const scripts = ["esm", "cjs"].flatMap((form) => snippetsFor(form, (family) => IDS[family]));
const components = ["react", "ui"].flatMap((form) => snippetsFor(form, newId));
/** Those that are refused at first. */
const refused = ["react", "ui"].flatMap((form) =>
  snippetsFor(form, newId).filter(({ file }) => /(?:folderUpdate-id|export-start)-server/.test(file)).map((snippet) => ({ ...snippet, file: snippet.file.replace("/", "/refused-") })),
);

/** The host knows one task, and what is started; the simulator in the code knows what the code says. */
const runs = ({ connection, how, family }) => connection.kind === "simulator" || how === "start" || family === "export";

/** As much of HubSpot's SDK for cards as is used: `card` is the one that was handed over last. */
const SDK = {
  types: `import type { ReactElement, ReactNode } from "react";
interface Host { extend<Point extends string>(render: () => ReactElement): Point | undefined }
export declare const Text: (properties: { children?: ReactNode }) => ReactElement;
export declare const Link: (properties: { href: string; children?: ReactNode }) => ReactElement;
export declare const Button: (properties: { onClick: () => void; children?: ReactNode }) => ReactElement;
`,
  code: `import { createElement } from "react";
export const Text = ({ children }) => createElement("p", null, children);
export const Link = ({ href, children }) => createElement("a", { href }, children);
export const Button = ({ onClick, children }) => createElement("button", { onClick: () => onClick() }, children);
export let card;
hubspot.extend = (render) => void (card = render);
`,
};

/** Draws a component, under StrictMode, as pages have it. */
const MOUNT = `import { StrictMode, createElement } from "react";
import { createRoot } from "react-dom/client";
export * as sdk from "@hubspot/ui-extensions";
export function mount(component, target) {
  const root = createRoot(target);
  root.render(createElement(StrictMode, null, createElement(component)));
  return () => root.unmount();
}
`;

const folder = settle();
installFrameworks(folder);
stubSdk(folder, SDK);
copy(folder, [...scripts, ...components, ...refused]);

describe("the demo page's code", { concurrency: 3 }, () => {
  test("compiles under strict, as ES modules and as CommonJS", async () => {
    assert.deepEqual(await compile(folder, scripts), []);
  });

  test("compiles under strict, as components for React and for cards", async () => {
    assert.deepEqual(await compile(folder, components, { ...COMPILER_OPTIONS, types: ["react"], skipLibCheck: false }), []);
  });

  for (const { file, deed } of scripts.filter(({ deed }) => runs(deed))) {
    test(`${file} runs to its result`, async () => {
      const isServer = deed.connection.kind === "server";
      const { code, printed, stderr } = await run(folder, file, isServer ? { host: "hubspot", env: { BASE_URL: SERVER.baseUrl } } : {});
      assert.equal(code, 0, stderr);
      assert.match(printed, PRINTED[deed.family]);
    });
  }

  test("has every form", () => {
    assert.deepEqual(FORMS, Object.keys(ENDINGS));
  });
});

/** What scripts print: HubSpot's last word, and the result. */
const PRINTED = {
  fileImport: /^COMPLETE\nsucceeded https:\S+$/m,
  folderUpdate: /^COMPLETE\nsucceeded \/\S+$/m,
  export: /^COMPLETE\n\{/m,
  sourceCodeExtract: /^COMPLETE\nsucceeded$/m,
  import: /^succeeded \{/m,
};

describe("the demo page's components", () => {
  /** What is shown of each result; `download` is what a link to an export's file says. */
  const RESULTS = {
    fileImport: () => /^<a href="https:[^"]+">[^<]+<\/a>$/,
    folderUpdate: () => /^<p>\/[^<]+<\/p>$/,
    export: (download) => new RegExp(`^<a href="https:[^"]+">${download}</a>$`),
    sourceCodeExtract: () => /^<p>Extracted<\/p>$/,
    import: () => /^<p>\{"[^<]+\}<\/p>$/,
  };
  const DOWNLOAD = { react: "Download", ui: "Download, within five minutes" };
  const STARTS = { fileImport: "Import the file", folderUpdate: "Update the folder", export: "Export", sourceCodeExtract: "Extract the files", import: "Import" };

  const cards = new Map();
  let simulator, document, mount;
  const { fetch } = globalThis;

  before(async () => {
    ({ document } = openPage({ isInAct: false }));
    simulator = createSimulator({ baseUrl: SERVER.baseUrl, startedTask: { processingMs: 500 } });
    globalThis.fetch = simulator.fetch;
    writeFileSync(join(folder, "mount.js"), MOUNT);
    // One React, one package and one SDK for all of them.
    await build({
      entryPoints: [...[...components, ...refused].map(({ file }) => file), "mount.js"].map((file) => join(folder, file)),
      outdir: join(folder, "mounted"),
      bundle: true,
      splitting: true,
      format: "esm",
      jsx: "automatic",
      define: { "process.env.NODE_ENV": '"development"' },
      logLevel: "error",
      outExtension: { ".js": ".mjs" },
    });
    const { mount: mountOne, sdk } = await imported("mount.js");
    mount = mountOne;
    for (const { file } of [...components, ...refused].filter(({ form }) => form === "ui")) {
      await imported(file);
      cards.set(file, sdk.card);
    }
  });
  after(() => (globalThis.fetch = fetch));

  const imported = (file) => import(pathToFileURL(join(folder, "mounted", file.replace(/\w+$/, "mjs"))).href);

  /** Mounts what a snippet exports, or what it hands to HubSpot; gives what it shows, and all that it has shown. */
  async function shown({ file }) {
    // A simulator in the code begins when it is loaded.
    const exported = await imported(file);
    const component = cards.get(file) ?? exported.Page ?? Object.values(exported)[0];
    const target = document.createElement("div");
    document.body.append(target);
    const leave = mount(component, target);
    const texts = [];
    return {
      texts,
      press: () => target.querySelector("button").click(),
      leave: () => (leave(), target.remove()),
      async until(pattern) {
        const end = Date.now() + 60_000;
        while (!pattern.test(target.innerHTML)) {
          assert(Date.now() < end, `it shows ${target.innerHTML}, not ${pattern}`);
          if (target.innerHTML !== "" && texts.at(-1) !== target.textContent) texts.push(target.textContent);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
    };
  }

  /** The id of the task that a component shows, if it starts none. */
  const idIn = ({ code }) => /taskId: "(\d+)"|<\w+ id="(\d+)"/.exec(code)?.slice(1).find(Boolean);

  /** A card asks a server, whomever the page asks. */
  const mounted = components.filter(({ form, deed }) => form === "react" || deed.connection === SERVER);

  describe("are driven to what they show of the result", { concurrency: mounted.length }, () => {
    for (const snippet of mounted) {
      const { file, form, deed, code } = snippet;
      test(file, async () => {
        const id = idIn(snippet);
        const isSimulated = code.includes("createSimulator");
        if (id && !isSimulated) {
          // It is running when it is asked first, however slow this machine is, and over then.
          simulator.addTask(deed.family, { id });
          simulator.script([{ status: 202, body: { status: "PROCESSING", state: "PROCESSING" } }], { taskId: id });
        }
        const { until, press, leave, texts } = await shown(snippet);
        if (!id) {
          await until(new RegExp(`^<button>${STARTS[deed.family]}</button>$`));
          press();
          await until(/^<p>waiting<\/p>$/);
        } else if (!isSimulated) await until(deed.family === "import" ? /^<p>waiting<\/p>$/ : /^<p>PROCESSING<\/p>$/);
        await until(RESULTS[deed.family](DOWNLOAD[form]));
        leave();
        const phases = ["idle", "asking", "waiting"];
        const meanwhile = !id ? [STARTS[deed.family], ...phases] : deed.family === "import" ? phases : ["Asking", "PROCESSING"];
        assert.deepEqual(texts.filter((text) => !meanwhile.includes(text)), []);
      });
    }
  });

  for (const form of ["react", "ui"]) {
    const named = (name) => refused.find(({ file }) => file === `${form}/refused-${name}-server.tsx`);

    test(`${form}: one that shows a task says why it cannot, and tries again at a press of its button`, async () => {
      const snippet = named("folderUpdate-id");
      simulator.addTask("folderUpdate", { id: idIn(snippet) });
      simulator.script([faults.forbidden({ scopes: ["files"] })], { taskId: idIn(snippet) });
      const { until, press, leave } = await shown(snippet);
      await until(/^<button>[^<]*HTTP 403/);
      press();
      await until(RESULTS.folderUpdate());
      leave();
    });

    test(`${form}: one that starts a task says why the start was refused`, async () => {
      const snippet = named("export-start");
      simulator.script([faults.forbidden({ scopes: ["crm.export"] })], { call: "start" });
      const { until, press, leave } = await shown(snippet);
      await until(/^<button>Export<\/button>$/);
      press();
      await until(/^<p>[^<]*HTTP 403/);
      leave();
    });
  }

  test("as cards are the same where the page asks its simulator", () => {
    for (const { name, deed } of deedsWith((family) => IDS[family]).filter(({ deed }) => deed.connection !== SERVER && deed.how !== "checkpoint")) {
      assert.equal(snippetOf(deed, "ui"), snippetOf({ ...deed, connection: SERVER }, "ui"), name);
    }
  });
});

/** What the page shows is, of each form once, what stands in a page of the docs under that name. */
const RECIPES = {
  esm: ["README.md", "first.mjs", { connection: CONNECTIONS.simulator, how: "start", filled: { exportType: "VIEW", objectProperties: "email, firstname", format: "CSV" } }],
  cjs: ["docs/start/node.md", "first.cjs", { connection: CONNECTIONS.simulator, how: "start", filled: { exportType: "VIEW", objectProperties: "email, firstname", format: "CSV" } }],
  react: [
    "docs/recipes/react.md",
    "start-export.tsx",
    { connection: { kind: "server", baseUrl: "/hubspot" }, how: "start", filled: { exportType: "VIEW", objectType: "CONTACT", objectProperties: "email", format: "CSV" } },
  ],
  ui: ["docs/ui-extension.md", "Export.tsx", { connection: SERVER, how: "id", id: "90151673" }],
};

describe("the demo page's code is a recipe that the tests run, letter by letter", () => {
  for (const form of FORMS) {
    const [name, file, { filled, ...deed }] = RECIPES[form];
    test(`${form}: ${file} of ${name}`, () => {
      const { code } = snippetsOf(page(folder, name)).find((snippet) => snippet.file === file);
      assert.equal(snippetOf({ family: "export", ...deed, ...(filled && { asked: askedFor("export", filled) }) }, form), code);
    });
  }
});
