// What a case has at hand: a folder of its own, programs, a server, browsers. All of it ends with the case.
import { transformSync } from "esbuild";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BROWSERS } from "./browsers.mjs";
import { run, start } from "./processes.mjs";
import { serve } from "./server.mjs";
import { compile, copy } from "../walk/stranger.mjs";
import { snippetsOf } from "../walk/snippets.mjs";
import { node, nodeOfTools, onPath } from "./tools.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

export const SLIM = "hubspot-async-tasks/slim";
export const RESULTS = "hubspot-async-tasks/results";

export function createContext({ tools, work, installed, createSimulator, piece }, name, signal) {
  const folder = join(work, name.replace(/\W+/g, "-").toLowerCase());
  const path = (...names) => join(folder, ...names);
  const options = { cwd: folder, signal };
  // A consumer as `npm init` makes it, but without a "type": its files' names say what they are.
  write("package.json", '{ "name": "consumer", "private": true }\n');
  for (const file of ["scenario.mjs", "account.mjs"]) cpSync(join(here, file), path(file));

  function write(file, text) {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  }

  function writeTasksWithResults() {
    write(
      "tasks.mjs",
      'import { HubSpotTasks, isHubSpotTaskError } from "hubspot-async-tasks";\n' +
        `import { rows } from "${RESULTS}";\n` +
        "export const load = async () => ({ HubSpotTasks, isHubSpotTaskError, rows });\n",
    );
  }

  async function server(details) {
    const server = await serve({ createSimulator, folder, installed, ...details });
    signal.addEventListener("abort", server.close);
    return server;
  }

  const command = (name) => (isAbsolute(name) ? name : join(tools, "node_modules", ".bin", name));
  const withTools = ({ env, ...more } = {}) => {
    const PATH = [dirname(nodeOfTools(tools)), join(tools, "node_modules", ".bin"), process.env.PATH].join(delimiter);
    return { ...options, ...more, env: { PATH, ...env } };
  };

  return {
    folder,
    signal,
    path,
    write,
    server,
    installed,
    createSimulator,

    /** Snippets of a recipe. */
    recipe(page, files, options) {
      return this.snippets(`recipes/${page}`, files, options);
    },

    /**
     * Copies a page's snippets into the folder, and compiles them under `strict`, with what walks have of hosts.
     *
     * @param page A path in docs/.
     * @param files Those to take.
     * @param options Of the compiler; `hasSources`, whether those in TypeScript are copied, too.
     * @returns The last one of them, with the output that the page shows.
     */
    async snippets(page, files, { hasSources = true, ...options } = {}) {
      const found = snippetsOf(readFileSync(join(installed, "docs", page), "utf8"));
      const snippets = found.filter(({ file }) => files.includes(file));
      cpSync(join(here, "../walk/hosts"), path("hosts"), { recursive: true });
      copy(folder, snippets.filter(({ file }) => hasSources || !/\.m?tsx?$/.test(file)));
      // Their tools' own types are not ours to check.
      const code = snippets.filter(({ file }) => /[jt]sx?$/.test(file));
      const complaints = await compile(folder, code, { skipLibCheck: true, ...options });
      if (complaints.length > 0) throw new Error(complaints.join("\n"));
      return snippets.at(-1);
    },

    /** Copies a consumer out of projects/. */
    project(name) {
      cpSync(join(here, "projects", name), folder, { recursive: true });
    },

    /**
     * Writes tasks.mjs, by which consumers load the package. For ./slim, `source` says what `wasm` is; ./results comes with
     * the package's own entry.
     */
    entry(entry, source = "") {
      if (entry === RESULTS) return writeTasksWithResults();
      const names = ["HubSpotTasks", "isHubSpotTaskError"];
      const imported = entry === SLIM ? ["init", ...names] : names;
      const begin = entry === SLIM ? "await init(wasm); " : "";
      write(
        "tasks.mjs",
        `import { ${imported.join(", ")} } from "${entry}";\n${source}` +
          `export const load = async () => { ${begin}return { ${names.join(", ")} }; };\n`,
      );
    },

    /** Writes an ES module once more as CommonJS. */
    commonjs(file) {
      const { code } = transformSync(readFileSync(path(file), "utf8"), { format: "cjs" });
      write(file.replace(/\.mjs$/, ".cjs"), code.replaceAll('.mjs"', '.cjs"'));
    },

    node: (major) => node(tools, major),

    /** Runs a command of the tools' packages, or a program, to its end, or starts it. */
    tool: (name, args, more) => run(command(name), args, withTools(more)),
    startTool: (name, args, more) => start(command(name), args, withTools(more)),

    /** Runs a script of the case's folder, which imports what it needs of the tools; or starts it. */
    script: (file, { flags = [], args = [], env } = {}) => run(nodeOfTools(tools), [...flags, file, ...args], withTools({ env })),
    startScript: (args, more) => start(nodeOfTools(tools), args, withTools(more)),

    /** Starts a program of the machine's. */
    startProgram: (name, args, more) => start(onPath(name), args, withTools(more)),

    /** Starts a consumer that is given the server's address and prints the scenario's result. */
    async printed(program, args) {
      const { url } = await server();
      return JSON.parse(await run(program, [...args, url], withTools()));
    },

    /** Opens one of the folder's pages, and gives what it reports. */
    async page(browser, page, details) {
      const { url, reported } = await server(details);
      await BROWSERS[browser](`${url}/${page}`, { folder, signal });
      return reported;
    },

    /** Opens a page that another server serves, and gives what it reports. */
    async pageOf(origin, browser = "Chromium") {
      const { url, reported } = await server();
      await BROWSERS[browser](`${origin}/?server=${url}`, { folder, signal });
      return reported;
    },

    /** Fails unless the files of a folder hold the inlined bytes so many times, and so many .wasm files. */
    holds(output, { inlined = 1, wasm = 0 } = {}) {
      const entries = readdirSync(path(output), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const files = entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
      const maps = /\.map$/; // a map quotes what it maps
      const texts = files.filter((file) => !maps.test(file)).map((file) => readFileSync(file, "latin1"));
      const held = {
        inlined: texts.reduce((sum, text) => sum + text.split(piece).length - 1, 0),
        wasm: files.filter((file) => file.endsWith(".wasm")).length,
      };
      if (held.inlined !== inlined) throw new Error(`${output}/ holds the inlined bytes ${held.inlined} times, not ${inlined}`);
      if (held.wasm !== wasm) throw new Error(`${output}/ holds ${held.wasm} .wasm files, not ${wasm}`);
    },
  };
}
