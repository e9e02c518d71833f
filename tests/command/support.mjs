// What the tests of the command share: the packed command as npx runs it, in a pipe or in a terminal, and a simulated HubSpot
// that counts what it is asked. Whatever a command prints is looked through for its token.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { project } from "../package/pack.mjs";

/** As npm links it. */
export const BIN = join(project, "node_modules", ".bin", "hubspot-async-tasks");

/** No output has any part of it. */
export const TOKEN = "pat-na1-5ecret-t0ken-0000";

// Written into the project, so that the name is resolved as a user's is.
const entry = join(project, `simulator.${process.pid}.mjs`);
writeFileSync(entry, 'export * from "hubspot-async-tasks/simulator";\n');
export const { createSimulator, faults, serveSimulator } = await import(pathToFileURL(entry).href);

const children = new Set();
process.once("exit", () => children.forEach((child) => child.kill("SIGKILL")));

const folders = [];
process.once("exit", () => folders.forEach((made) => rmSync(made, { recursive: true, force: true })));

/** An empty folder. */
export function folder() {
  const made = realpathSync(mkdtempSync(join(tmpdir(), "command-")));
  folders.push(made);
  return made;
}

/** A simulated HubSpot on a port, which takes the token alone. `counted(call)` is how often it was asked for that. */
export async function hubspot({ fetch, ...options } = {}) {
  const simulator = createSimulator({ tokens: [TOKEN], startedTask: { processingMs: 200 }, ...options });
  const server = await serveSimulator({ fetch: fetch ? fetch(simulator) : simulator.fetch, downloads: simulator.downloads });
  after(() => server.close());
  const counted = (call) => simulator.requests.filter((request) => request.call === call).length;
  return { ...simulator, simulator, url: server.url, counted };
}

/** Without what the runner of these tests, npm and this machine's own settings would change. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|node_|hubspot_|CI$|NO_COLOR|FORCE_COLOR)/i.test(name)));

export const environment = (env) => ({ ...ENVIRONMENT, HUBSPOT_TOKEN: TOKEN, ...env });

/** Short pauses, so that a test does not wait for what takes no time. */
export const QUICK = ["--interval", "10ms-100ms"];

/**
 * Starts the command. `stdout`, `stderr` are what it printed so far, `ended` is its status once it has ended; `until(text)`
 * waits for what it prints.
 */
export function start(args, { url, env, cwd = folder(), stdin = "ignore", command = BIN } = {}) {
  const child = spawn(command, args, { cwd, stdio: [stdin, "pipe", "pipe"], env: environment({ ...(url && { HUBSPOT_BASE_URL: url }), ...env }) });
  children.add(child);
  const run = { child, cwd, stdout: "", stderr: "" };
  const waiting = new Set();
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      run[name] += text;
      waiting.forEach((look) => look());
    });
  }
  run.ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      children.delete(child);
      waiting.forEach((look) => look(true));
      assertSecret(run.stdout, run.stderr);
      resolve(code ?? signal);
    });
  });
  run.until = (text) =>
    new Promise((resolve, reject) => {
      const look = (isOver) => {
        const found = [run.stdout, run.stderr].some((printed) => (typeof text === "string" ? printed.includes(text) : text.test(printed)));
        if (!found && !isOver) return;
        waiting.delete(look);
        if (found) resolve();
        else reject(new Error(`it ended without ${text}: ${run.stdout}${run.stderr}`));
      };
      waiting.add(look);
      look(child.exitCode !== null);
    });
  return run;
}

/** Runs it to its end. */
export async function run(args, options) {
  const started = start(args, options);
  if (options?.input !== undefined) started.child.stdin.end(options.input);
  const status = await started.ended;
  return { status, stdout: started.stdout, stderr: started.stderr, cwd: started.cwd };
}

/** By a shell: pipes, and examples as they are printed. */
export function shell(script, { url, env, cwd = folder() } = {}) {
  const own = { PATH: `${join(project, "node_modules", ".bin")}:${process.env.PATH}`, ...(url && { HUBSPOT_BASE_URL: url }), ...env };
  return new Promise((resolve) => {
    execFile("bash", ["-o", "pipefail", "-c", script], { cwd, env: environment(own), timeout: 120_000 }, (error, stdout, stderr) => {
      assertSecret(stdout, stderr);
      resolve({ status: error ? (error.code ?? error.signal) : 0, stdout, stderr, cwd });
    });
  });
}

export function assertSecret(...printed) {
  for (const text of printed) assert(!/5ecret|t0ken/.test(text), `the token is shown: ${text}`);
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
