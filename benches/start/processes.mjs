// Runs programs in processes of their own: what they took of the machine, or what they report.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Bash's keyword tells what the operating system counted of a process, once it has ended. */
const TIMED = 'TIMEFORMAT="%R %U %S"; time "$@"';

/** `{ wallMs, cpuMs }` of a whole run of Node: CPU is the user's and the system's, of all threads. */
export async function timedRun(node, ...args) {
  const { status, stderr } = await run("bash", ["-c", TIMED, "bash", node, ...args], { LC_ALL: "C" });
  const times = stderr.trimEnd().split("\n").at(-1);
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}: ${stderr}`);
  const [wall, user, system] = times.split(" ").map((seconds) => 1_000 * Number(seconds));
  return { wallMs: wall, cpuMs: user + system };
}

/** What a program of `probes/` reports, run with Node's `flags`. Undefined when it takes longer than `limitS`. */
export async function probe(name, args, { limitS, flags = [] } = {}) {
  const words = [...flags, at(`probes/${name}`), ...args.map(String)];
  const { status, stdout, stderr } = await run(process.execPath, words, {}, limitS);
  if (status === OVER_LIMIT) return undefined;
  if (status !== 0) throw new Error(`${name} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** The same so many times, one after the other. Undefined as soon as one takes too long. */
export async function probes(times, ...args) {
  const reports = [];
  while (reports.length < times) {
    const report = await probe(...args);
    if (!report) return undefined;
    reports.push(report);
  }
  return reports;
}

const OVER_LIMIT = Symbol("the program was ended, since it took too long");

function run(command, args, environment, limitS) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    const printed = { stdout: "", stderr: "" };
    for (const stream of Object.keys(printed)) {
      child[stream].setEncoding("utf8").on("data", (text) => (printed[stream] += text));
    }
    let isOver = false;
    const end = () => {
      isOver = true;
      child.kill("SIGKILL");
    };
    const timer = limitS === undefined ? undefined : setTimeout(end, 1_000 * limitS);
    child.once("error", reject);
    child.once("close", (status) => {
      clearTimeout(timer);
      resolve({ status: isOver ? OVER_LIMIT : status, ...printed });
    });
  });
}
