// Starts other programs, and leaves none behind: each leads a process group, which is killed as a whole.
import { spawn } from "node:child_process";

const groups = new Set();

const kill = (group) => {
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // ended by itself
  }
};

process.once("exit", () => groups.forEach(kill));
for (const [name, number] of [["SIGINT", 2], ["SIGTERM", 15], ["SIGHUP", 1]]) {
  process.once(name, () => process.exit(128 + number));
}

/** What programs get of the environment: nothing of the npm that may run this, no colours, nothing sent home. */
const ENVIRONMENT = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|node_|FORCE_COLOR)/i.test(name))),
  NO_COLOR: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
};

/** Starts a program whose process group ends with the signal. `output()` is what it printed, `ended` its status. */
function launch(command, args, { cwd, env, signal }) {
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd, env: { ...ENVIRONMENT, ...env }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (printed += text));
  const end = () => child.pid && kill(child.pid);
  if (child.pid) groups.add(child.pid);
  signal.addEventListener("abort", end);
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status));
  }).finally(() => {
    end(); // what it started itself
    groups.delete(child.pid);
    signal.removeEventListener("abort", end);
  });
  return { child, ended, output: () => printed };
}

const failure = (command, what, output) =>
  new Error(`${command.split("/").at(-1)} ${what}: ${output.trim().split("\n").slice(-8).join("\n") || "it printed nothing"}`);

/** Runs a program to its end, and gives what it printed on its standard output. */
export async function run(command, args, options) {
  const { child, ended, output } = launch(command, args, options);
  let stdout = "";
  child.stdout.on("data", (text) => (stdout += text));
  const status = await ended;
  options.signal.throwIfAborted();
  if (status !== 0) throw failure(command, `ended with ${status}`, output());
  return stdout;
}

/**
 * Starts a program that goes on until the signal. Resolves when what it printed matches `ready`, with the match, with
 * `failed`, a promise that rejects if it ends too early, and with `output()`, what it printed so far.
 */
export async function start(command, args, { ready = /^/, ...options }) {
  const { child, ended, output } = launch(command, args, options);
  const failed = ended.then((status) => {
    options.signal.throwIfAborted();
    throw failure(command, `ended with ${status}`, output());
  });
  failed.catch(() => {}); // nobody may be waiting for it any more
  const match = new Promise((resolve) => {
    const look = () => ready.test(output()) && resolve(output().match(ready));
    look();
    child.stdout.on("data", look);
    child.stderr.on("data", look);
  });
  return { match: await Promise.race([match, failed]), failed, output };
}
