// The recipes of docs/recipes/ that need other tools, or a newer Node: their code, copied out of the packed pages.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { printedAs } from "../../walk/snippets.mjs";

/** Which of their snippets are run here. */
export const RECIPES = {
  "bullmq.md": ["queues.mjs", "start.mjs", "worker.mts", "told.mjs"],
  "cloudflare-worker.md": ["worker.ts", "wrangler.json"],
  "express-and-hono.md": ["express-server.mts", "hono-server.mts", "start-route.mts"],
  "migrating.md": ["before-api-client.mjs"],
  "next.md": ["app/hubspot/[...path]/route.ts", "app/exports/[id]/page.tsx", "app/exports/[id]/follow.tsx"],
  "tanstack-query.md": ["export-query.mts"],
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

const STATUS = "/hubspot/crm/exports/2026-03/export/async/tasks/90151673/status";
const SIGNED_IN = { headers: { cookie: "session=ada" } };
const ON_HUBSPOT = ["--import", "./hosts/hubspot.mjs", "--import", "./hosts/any-port.mjs"];
const LISTENING = /listening at (\S+)/;

const asked = async (c, url, init) => {
  const response = await fetch(url, { ...init, signal: c.signal });
  return { httpStatus: response.status, isOk: response.ok, body: await response.json() };
};

/** A server with the proxy: what those get who are signed in, and the others. */
const server = (file) => async (c) => {
  await c.recipe("express-and-hono.md", [file]);
  const { match } = await c.startScript([...ON_HUBSPOT, file.replace(/mts$/, "mjs")], { ready: LISTENING });
  const known = await asked(c, match[1] + STATUS, SIGNED_IN);
  const { httpStatus } = await asked(c, match[1] + STATUS);
  return { known: [known.isOk, typeof known.body.status], unknown: httpStatus };
};

const LET_IN = { known: [true, "string"], unknown: 403 };

async function startRoute(c) {
  await c.recipe("express-and-hono.md", ["start-route.mts"]);
  const { match } = await c.startScript([...ON_HUBSPOT, "start-route.mjs"], { ready: LISTENING });
  const { httpStatus, body } = await asked(c, `${match[1]}/exports`, { method: "POST" });
  return { httpStatus, hasId: /^\d+$/.test(body.id) };
}

/** A page that the server renders, and that goes on by the route handler, with the visitor's cookie. */
async function next(c) {
  c.project("next-recipe");
  // Where Next finds TypeScript, it wants to install a compiler.
  const options = { hasSources: false, jsx: "react-jsx", module: "esnext", moduleResolution: "bundler" };
  await c.recipe("next.md", RECIPES["next.md"], options);
  const account = await hubspot(c);
  const id = account.simulator.addTask("export", { id: "90151673", processingMs: 60_000 });
  await c.tool("next", ["build"]);
  const env = { ...account.env, NODE_OPTIONS: `--import ${pathToFileURL(c.path("hosts/over-http.mjs"))}` };
  const { match } = await c.startTool("next", ["start", "--hostname=127.0.0.1", "--port=0"], {
    env,
    ready: /(http:\/\/127\.0\.0\.1:\d+)/,
  });
  const [, origin] = match;
  const html = await (await fetch(`${origin}/exports/${id}`, { signal: c.signal })).text();
  const { httpStatus } = await asked(c, origin + STATUS);
  account.simulator.script({ status: 200, body: { status: "COMPLETE", result: "https://exports.example/1.csv" } }, { taskId: id });
  return { rendered: /<p>(\w+)/.exec(html)?.[1], unknown: httpStatus, page: await c.pageOf(`${origin}/exports/${id}`) };
}

const FOLLOWED = { rendered: "PROCESSING", unknown: 403, page: "COMPLETE" };

/** Started by a request, followed by the queue, noted in the namespace: in wrangler's own workerd. */
async function cloudflare(c) {
  await c.recipe("cloudflare-worker.md", RECIPES["cloudflare-worker.md"]);
  const { url, simulator } = await hubspot(c, { startedTask: { processingMs: 3_000 } });
  const env = { XDG_CONFIG_HOME: c.folder, TMPDIR: c.folder, CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  const vars = ["--var", `HUBSPOT_URL:${url}`, "--var", "HUBSPOT_TOKEN:a-token-of-a-private-app"];
  const flags = ["--ip=127.0.0.1", "--port=0", "--inspector-port=0", ...vars];
  const { match } = await c.startTool("wrangler", ["dev", ...flags], { env, ready: /Ready on (http\S+)/ });
  const { body: started } = await asked(c, `${match[1]}/exports`, { method: "POST" });
  let outcome = null;
  while (outcome === null) {
    await sleep(200, undefined, { signal: c.signal });
    ({ outcome } = (await asked(c, `${match[1]}/exports/${started.id}`)).body);
  }
  return { outcome, started: simulator.starts.length };
}

async function tanstackQuery(c) {
  const [file] = RECIPES["tanstack-query.md"];
  const { output } = await c.recipe("tanstack-query.md", [file]);
  c.write("location.mjs", 'globalThis.location = { href: "https://app.example.com/" };\n');
  const flags = ["--import", "./hosts/hubspot.mjs", "--import", "./location.mjs"];
  const printed = await c.script(file.replace(/mts$/, "mjs"), { flags, env: { BASE_URL: "/hubspot" } });
  return { passed: printedAs(output).test(printed), ...(!printedAs(output).test(printed) && { printed }) };
}

/** With the official client, and as it becomes: both print what stands below. */
async function migrating(c) {
  const files = [...RECIPES["migrating.md"], "after-api-client.mjs"];
  // The official client's options take no `undefined` by name.
  const { output } = await c.recipe("migrating.md", files, { exactOptionalPropertyTypes: false });
  const run = (file) => c.script(file, { flags: ["--import", "./hosts/hubspot.mjs"] });
  const [before, after] = await Promise.all(files.map(run));
  const isRight = (printed) => printedAs(output).test(printed) || printed;
  return { before: isRight(before), after: isRight(after) };
}

export const recipes = [
  { name: "recipe: BullMQ on Redis, a worker killed in the middle", limitS: 300, expected: TOLD_ONCE, run: bullmq },
  { name: "recipe: Cloudflare's workers", expected: { outcome: "succeeded", started: 1 }, run: cloudflare },
  { name: "recipe: Express", expected: LET_IN, run: server("express-server.mts") },
  { name: "recipe: Hono", expected: LET_IN, run: server("hono-server.mts") },
  { name: "recipe: a route that starts an export", expected: { httpStatus: 202, hasId: true }, run: startRoute },
  { name: "recipe: migrating from @hubspot/api-client", expected: { before: true, after: true }, run: migrating },
  { name: "recipe: Next", limitS: 300, expected: FOLLOWED, run: next },
  { name: "recipe: TanStack Query", expected: PASSED, run: tanstackQuery },
  { name: "recipe: Vitest's fake timers", expected: PASSED, run: vitest },
  { name: "recipe: MSW", expected: PASSED, run: nodeTest("msw.test.mjs") },
  { name: "recipe: nock", expected: PASSED, run: nodeTest("nock.test.mts") },
];
