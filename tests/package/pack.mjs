// The packed tarball, installed into an empty project, as its users meet it.
//
// `node tests/package/pack.mjs` packs once, runs all tests of this folder, of tests/proxy/ and of tests/frameworks/, and cleans up.
// A test file run on its own packs for itself. With ENTRY=hubspot-async-tasks/js it runs what is to hold for that entry as well.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** The checkout. */
export const root = join(here, "../..");

/** What is packed. */
export const pkg = join(root, "pkg");

/** The variable that tells a test file where the project is, if somebody has made it already. */
export const PROJECT = "HUBSPOT_ASYNC_TASKS_PROJECT";

/** The project's folder: the package is in its node_modules. */
export const project = process.env[PROJECT] ?? install();

/** The installed package's folder. */
export const installed = join(project, "node_modules", "hubspot-async-tasks");

/** The tarball that was installed. */
export const tarball = () => {
  const [name] = readdirSync(dirname(project)).filter((name) => name.endsWith(".tgz"));
  return join(dirname(project), name);
};

function install() {
  if (!existsSync(join(pkg, "package.json"))) throw new Error("there is no pkg/: run scripts/build first");
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "packed-")));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const empty = join(folder, "project");
  mkdirSync(empty);
  const tarball = npm(pkg, "pack", "--pack-destination", folder).trim().split("\n").at(-1);
  // Without a file of its own, npm would look for a project in the folders above. No "type": the default is CommonJS.
  writeFileSync(join(empty, "package.json"), "{}\n");
  npm(empty, "install", "--no-audit", "--no-fund", join(folder, tarball));
  return empty;
}

/** Runs npm in a folder, untouched by the npm that may have started this process; gives what it printed. */
export function npm(cwd, ...args) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(config_local_prefix|package_|lifecycle_)/i.test(name),
  );
  const env = { ...Object.fromEntries(inherited), npm_config_update_notifier: "false", npm_config_loglevel: "error" };
  return execFileSync("npm", args, { cwd, env, encoding: "utf8", shell: process.platform === "win32" });
}

/** The tests that choose their entries themselves. */
const OF_THE_PACKAGE = new Set(
  ["border", "docs", "entries", "init", "internal", "linted", "package", "results", "results-http", "results-rows", "results-save", "scale", "stack", "types", "ui-extension", "ui-extension-docs"].map((name) => `${name}.test.mjs`),
);

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const isOfEachEntry = (name) => !process.env.ENTRY || !OF_THE_PACKAGE.has(name);
  const testsIn = (folder) => readdirSync(folder).filter((name) => name.endsWith(".test.mjs")).map((name) => join(folder, name));
  const files = testsIn(here).filter((path) => isOfEachEntry(basename(path)));
  // The proxy and React's hook have entries of their own.
  if (!process.env.ENTRY) files.push(...["tests/proxy", "tests/frameworks"].flatMap((name) => testsIn(join(root, name))));
  const args = ["--test", ...process.argv.slice(2), ...files];
  const { status } = spawnSync(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, [PROJECT]: project },
  });
  process.exitCode = status ?? 1;
}
