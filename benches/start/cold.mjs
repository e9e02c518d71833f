// Cold starts: a whole process, from `node` to the first status from a server on this machine.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { newerNode } from "../install.mjs";
import { spread } from "../statistics.mjs";
import { timedRun } from "./processes.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const CLASSES = at("../../target/bench-start/classes.cjs");

const BARE = { key: "bare", title: "bare loop", program: at("cold/bare.mjs") };
const DEFAULT = { key: "default", title: "`.`", program: at("cold/default.mjs") };
const SLIM = { key: "slim", title: "`/slim`", program: at("cold/slim.mjs") };
const JS = { key: "js", title: "`/js`", program: at("cold/js.mjs") };
const BESIDE_OFFICIAL = [
  BARE,
  DEFAULT,
  { key: "classes", title: "@hubspot/api-client: three API classes, bundled", program: CLASSES },
  { key: "client", title: "@hubspot/api-client", program: at("cold/client.mjs") },
];

const thisNode = () => process.execPath;

/** Who is compared, in which Node and how often: most where a few hundredths decide. */
const COMPARISONS = [
  { key: "own", title: "In this Node:", findNode: thisNode, subjects: [BARE, DEFAULT], rounds: 100 },
  { key: "entries", title: "The other entries:", findNode: thisNode, subjects: [BARE, SLIM, JS], rounds: 25 },
  { key: "newer", title: "In the newer Node:", findNode: newerNode, subjects: BESIDE_OFFICIAL, rounds: 25 },
];

export async function measureCold({ samples }) {
  await bundleClasses();
  const server = fork(at("server.mjs"));
  const [origin] = await once(server, "message");
  const figures = {};
  try {
    for (const { key, title, findNode, subjects, rounds } of COMPARISONS) {
      const node = findNode();
      figures[key] = { title, subjects: node && (await compare(node, subjects, origin, samples(rounds))) };
    }
  } finally {
    server.disconnect();
  }
  return figures;
}

/** One after the other, in rounds; each is set against the bare loop of its round. */
async function compare(node, subjects, origin, rounds) {
  const runs = new Map(subjects.map(({ key }) => [key, []]));
  for (const { program } of subjects) await timedRun(node, program, origin); // the files are in memory then
  for (let round = 0; round < rounds; round++) {
    // A different one comes first each time.
    for (let turn = 0; turn < subjects.length; turn++) {
      const { key, program } = subjects[(round + turn) % subjects.length];
      runs.get(key).push(await timedRun(node, program, origin));
    }
  }
  const bare = runs.get("bare");
  const figures = subjects.map(({ key, title }) => {
    const own = runs.get(key);
    const toBare = (kind) => spread(own.map((run, round) => run[kind] / bare[round][kind]));
    return [
      key,
      {
        title,
        cpuMs: spread(own.map(({ cpuMs }) => cpuMs)),
        wallMs: spread(own.map(({ wallMs }) => wallMs)),
        cpuRatio: toBare("cpuMs"),
        wallRatio: toBare("wallMs"),
      },
    ];
  });
  return Object.fromEntries(figures);
}

async function bundleClasses() {
  await build({
    entryPoints: [at("cold/classes.mjs")],
    outfile: CLASSES,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
}
