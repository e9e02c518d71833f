// The recipes of docs/recipes/ that need other tools, or a newer Node: their code, copied out of the packed pages.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

/** Which of their snippets are run here. */
export const RECIPES = {
  "bullmq.md": ["queues.mjs", "start.mjs", "worker.mts", "told.mjs"],
  "testing.md": ["vitest-timers.test.mjs", "msw.test.mjs", "nock.test.mts"],
};

/** HubSpot for programs of the case, over HTTP; and its address in their environment. */
async function hubspot(c, options) {
  const { createSimulator, serveSimulator } = await import(pathToFileURL(join(c.installed, "simulator.node.js")).href);
  const simulator = createSimulator(options);
  const { url, close } = await serveSimulator(simulator);
  c.signal.addEventListener("abort", close);
  return { simulator, url, env: { SIMULATOR_URL: url } };
}

const OVER_HTTP = ["--import", "./hosts/over-http.mjs"];

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

const TASKS = 200;

/** Some fail, some are canceled, the others succeed; the last one takes 20 seconds. */
function startedTask({ request: { listId } }) {
  const outcome = listId % 10 === 3 ? "failed" : listId % 25 === 7 ? "canceled" : "succeeded";
  return { processingMs: 1_000 + 95 * listId, outcome };
}

/** Starts 200 exports, which three workers follow; one is killed when it has told 20 ends, with a job that is not done. */
async function bullmq(c) {
  c.project("bullmq");
  await c.recipe("bullmq.md", RECIPES["bullmq.md"]);
  const port = await freePort();
  const redis = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", c.folder];
  await c.startProgram("redis-server", redis, { ready: /Ready to accept connections/ });
  const account = await hubspot(c, { latencyMs: 50, startedTask });
  const env = { ...account.env, REDIS_URL: `redis://127.0.0.1:${port}` };
  const worker = (...more) => c.startScript([...OVER_HTTP, ...more, "worker.mjs"], { env });

  const told = await c.startScript(["told.mjs"], { env });
  const [victim, ...workers] = await Promise.all([worker("--import", "./dies.mjs"), worker(), worker()]);
  const end = victim.failed.catch((error) => error.message);
  const lists = Array.from({ length: TASKS }, (_, index) => String(index));
  await c.script("start.mjs", { flags: OVER_HTTP, args: lists, env });
  while (JSON.parse(await c.script("left.mjs", { env })) > 0) await sleep(500, undefined, { signal: c.signal });

  const lines = told.output().trim().split("\n");
  const takenOver = workers.flatMap(({ output }) => [...output().matchAll(/^taken over: (\S+)$/gm)].map(([, id]) => id));
  const [, last] = /^killed after telling: (\S+)$/m.exec(victim.output()) ?? [];
  const right = account.simulator.starts.map(({ taskId, request }) => `export ${taskId} ${startedTask({ request }).outcome}`);
  return {
    killed: (await end).includes("ended with null"),
    isLastTakenOver: takenOver.includes(last),
    started: right.length,
    told: lines.length,
    twice: lines.filter((line, index) => lines.indexOf(line) !== index),
    lostOrWrong: right.filter((line) => !lines.includes(line)),
  };
}

const TOLD_ONCE = { killed: true, isLastTakenOver: true, started: TASKS, told: TASKS, twice: [], lostOrWrong: [] };

/** A test of Node's own runner. */
const nodeTest = (file) => async (c) => {
  await c.recipe("testing.md", [file]);
  const printed = await c.script(file.replace(/mts$/, "mjs"), { flags: ["--test", "--test-reporter=tap"] });
  return { passed: /^# pass 1$/m.test(printed) };
};

async function vitest(c) {
  const file = "vitest-timers.test.mjs";
  await c.recipe("testing.md", [file]);
  await c.tool("vitest", ["run", "--reporter=json", "--outputFile=report.json", file]);
  const { numPassedTests } = JSON.parse(readFileSync(c.path("report.json"), "utf8"));
  return { passed: numPassedTests === 1 };
}

const PASSED = { passed: true };

export const recipes = [
  { name: "recipe: BullMQ on Redis, a worker killed in the middle", limitS: 300, expected: TOLD_ONCE, run: bullmq },
  { name: "recipe: Vitest's fake timers", expected: PASSED, run: vitest },
  { name: "recipe: MSW", expected: PASSED, run: nodeTest("msw.test.mjs") },
  { name: "recipe: nock", expected: PASSED, run: nodeTest("nock.test.mts") },
];
