// A stranger's folder: npm init, the tarball installed, code copied out of a page, compiled under `strict`, and run.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { npm, root, tarball } from "../package/pack.mjs";

const HOSTS = fileURLToPath(new URL("hosts/", import.meta.url));
const TSC = join(root, "node_modules", "typescript", "bin", "tsc");
const LIMIT_MS = 120_000; // some ten times what a snippet takes

/** What `tsc` is told: all that is strict, and what Node needs. */
const COMPILER_OPTIONS = {
  strict: true,
  // What is required is typed where a script stays one.
  allowJs: true,
  checkJs: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  module: "nodenext",
  target: "es2022",
  lib: ["es2022", "dom", "dom.iterable"],
  types: ["node"],
  skipLibCheck: false,
};

/** An empty folder in which the tarball has been installed. */
export function settle() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "stranger-")));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  npm(folder, "init", "-y");
  npm(folder, "install", "--no-audit", "--no-fund", tarball());
  // What `npm install -D typescript @types/node` brings; there is no network here.
  mkdirSync(join(folder, "node_modules", "@types"));
  symlinkSync(join(root, "node_modules", "@types", "node"), join(folder, "node_modules", "@types", "node"));
  cpSync(HOSTS, join(folder, "hosts"), { recursive: true });
  return folder;
}

/**
 * What HubSpot's projects have beside the package: as much of the SDK as a card's transport needs, on the global fetch.
 *
 * @param more What else it has: `types` and `code`, each added to what is there.
 */
export function stubSdk(folder, more = { types: "", code: "" }) {
  const sdk = join(folder, "node_modules", "@hubspot", "ui-extensions");
  mkdirSync(sdk, { recursive: true });
  const types = `interface Options { timeout?: number; method?: "GET" | "POST" | "PUT" | "DELETE" | "PATCH"; body?: { [key: string]: unknown } }
interface Host { fetch(url: string, options?: Options): Promise<Response> }
export declare const hubspot: Host;\n${more.types}`;
  const code = `const known = ["timeout", "method", "body", "headers"];
export const hubspot = {
  async fetch(url, { timeout, body, ...options } = {}) {
    const other = Object.keys(options).find((name) => !known.includes(name));
    if (other) throw new Error("hubspot.fetch takes no " + other);
    const sent = body && { body: JSON.stringify(body), headers: { ...options.headers, "content-type": "application/json" } };
    return fetch(url, { ...options, ...sent });
  },
};\n${more.code}`;
  const manifest = { name: "@hubspot/ui-extensions", version: "0.0.0", type: "module", exports: "./index.js" };
  for (const [file, text] of Object.entries({ "index.d.ts": types, "index.js": code, "package.json": JSON.stringify(manifest) })) {
    writeFileSync(join(sdk, file), text);
  }
}

/** The text of a page of the installed package. */
export const page = (folder, name) => readFileSync(join(folder, "node_modules", "hubspot-async-tasks", name), "utf8");

/** Copies snippets into the folder. A script is typed by a copy of itself, and runs as it stands. */
export function copy(folder, snippets) {
  for (const { file, code } of snippets) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), code);
  }
}

/**
 * Compiles snippets: those in TypeScript into what runs, of modules in JavaScript a copy; CommonJS as it stands. Gives the
 * complaints.
 *
 * @param more `stubs`, declarations of what the stranger has besides: text by file name; compiler options.
 */
export async function compile(folder, snippets, { stubs = {}, ...options } = {}) {
  const typed = join(folder, `typed-${process.pid}-${Date.now()}`);
  const nameOf = (file) => file.replace(/\.(m?)js(x?)$/, ".$1ts$2");
  for (const { file, code } of snippets) {
    mkdirSync(dirname(join(typed, file)), { recursive: true });
    writeFileSync(join(typed, nameOf(file)), code);
  }
  for (const [name, text] of Object.entries(stubs)) writeFileSync(join(typed, name), text);
  const files = [...snippets.map(({ file }) => nameOf(file)), ...Object.keys(stubs)];
  const compilerOptions = { ...COMPILER_OPTIONS, outDir: "made", rootDir: ".", ...options };
  writeFileSync(join(typed, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const { printed } = await execute(process.execPath, [TSC, "-p", typed, "--pretty", "false"], { cwd: folder });
  // Also where something is wrong: what is right runs all the same.
  for (const { file } of snippets.filter(({ file }) => /\.m?tsx?$/.test(file))) {
    const script = file.replace(/\.(m?)tsx?$/, ".$1js");
    cpSync(join(typed, "made", script), join(folder, script));
  }
  rmSync(typed, { recursive: true });
  return printed.split("\n").filter(Boolean);
}

/** The arguments of Node for a snippet on hosts, files of hosts/. */
const argumentsFor = (file, host, flags = []) => [
  ...[host].flat().flatMap((name) => ["--import", `./hosts/${name}.mjs`]),
  ...flags,
  file.replace(/\.(m?)tsx?$/, ".$1js"),
];

/** Runs a snippet to its end; gives its status and what it printed. */
export const run = (folder, file, { host = [], flags, env } = {}) =>
  execute(process.execPath, argumentsFor(file, host, flags), { cwd: folder, env });

/** Starts a snippet that serves, on the host `any-port`, which tells where; gives that, and what ends it. */
export async function serve(folder, file, { host = [], env } = {}) {
  const child = spawn(process.execPath, argumentsFor(file, ["any-port", ...host]), { cwd: folder, env: environment(env), stdio: ["ignore", "pipe", "inherit"] });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const ended = new Promise((resolve) => child.once("close", resolve));
  const [line] = await Promise.race([once(child.stdout.setEncoding("utf8"), "data"), ended.then(() => [""])]);
  const [, origin] = /^listening at (\S+)/.exec(line) ?? [];
  if (!origin) throw new Error(`${file} does not serve: ${line}`);
  return { origin, close: () => (end(), ended) };
}

/** Without what the test runner of this process tells its own children. */
const environment = (env) => ({ ...process.env, NODE_TEST_CONTEXT: undefined, ...env });

function execute(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    if (!existsSync(cwd)) reject(new Error(`there is no ${cwd}`));
    execFile(command, args, { cwd, env: environment(env), timeout: LIMIT_MS }, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") reject(error);
      else resolve({ code: error ? error.code : 0, printed: stdout, stderr });
    });
  });
}
