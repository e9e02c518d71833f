// Cloudflare's workers: timers and requests belong to the visitor in whose context they were made, and end when the visitor
// leaves. A client in a module variable serves all of them. MATRIX_SEED=7 draws other visitors.
import { createServer, request } from "node:http";
import { readdirSync } from "node:fs";

const WAYS = ["wait", "statuses", "status", "poll"];
const VISITORS = 30;
/** The last of them come so much later than the first. */
const COMING_MS = 6_000;
const LEAVING_MS = 12_000;
/** Longer than visitors stay who leave, and than their contexts outlive them. */
const TASK_MS = 17_000;

/** What waits say of a task, and what its last status says. */
const ENDS = {
  succeeded: { told: "succeeded", status: "COMPLETE" },
  failed: { code: "FAILED", told: "failed", status: "COMPLETE" },
  canceled: { code: "CANCELED", told: "canceled", status: "CANCELED" },
};

/** A generator of numbers from 0 to 1 (mulberry32): the same for the same seed. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Every third visitor leaves; every second of those has company, who waits for the same task. */
function plan(simulator, random) {
  return WAYS.flatMap((way) => {
    let shared;
    return Array.from({ length: VISITORS }, (_, index) => {
      const outcome = Object.keys(ENDS)[Math.floor(random() * 3)];
      const isCompany = index % 6 === 1;
      const task = isCompany ? shared : { outcome, ms: TASK_MS + random() * 6_000 };
      task.id ??= simulator.addTask("fileImport", { pendingMs: task.ms / 3, processingMs: (task.ms * 2) / 3, outcome });
      shared = task;
      const leavesMs = index % 3 === 0 ? 500 + random() * (LEAVING_MS - 500) : undefined;
      return { way, task, comesMs: random() * COMING_MS, leavesMs };
    });
  });
}

/** Comes, and stays or leaves; gives what it was told. */
const visit = (origin, server, { way, task, comesMs, leavesMs }, signal) =>
  new Promise((resolve) => {
    setTimeout(() => {
      const query = new URLSearchParams({ way, id: task.id, server });
      const visitor = request(`${origin}/?${query}`, { signal }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (more) => (text += more));
        response.on("end", () => resolve(response.statusCode === 200 ? JSON.parse(text) : { http: response.statusCode }));
      });
      visitor.on("error", (error) => resolve({ left: error.code }));
      visitor.end();
      if (leavesMs !== undefined) setTimeout(() => visitor.destroy(), leavesMs);
    }, comesMs);
  });

/** Whether that is the truth about the task. */
function isTrue({ way, task }, told) {
  const end = ENDS[task.outcome];
  if (way === "status" || way === "statuses") return told.told?.status === end.status;
  return end.code && way === "wait" ? told.code === end.code : told.told === end.told;
}

/** HubSpot's side: the simulator, which takes its time. */
async function serve(simulator, random, signal) {
  const server = createServer(async ({ url, method, headers }, response) => {
    const answer = await simulator.fetch(url, { method, headers });
    const text = await answer.text();
    setTimeout(() => response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text), 50 + random() * 250);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  signal.addEventListener("abort", () => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}/hubspot`;
}

/** Starts what wrangler built in the workerd that miniflare runs; gives its origin. */
async function start(c, compatibilityDate) {
  const modules = readdirSync(c.path("dist")).filter((name) => /\.(js|wasm)$/.test(name));
  const kind = (name) => (name.endsWith(".wasm") ? "wasm" : "esModule");
  // The one that is named first is the worker.
  modules.sort((one, other) => one.endsWith(".wasm") - other.endsWith(".wasm"));
  const listed = modules.map((name) => `(name = "${name}", ${kind(name)} = embed "dist/${name}")`).join(", ");
  c.write(
    "config.capnp",
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (modules = [${listed}], compatibilityDate = "${compatibilityDate}")),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
  );
  const { match } = await c.startTool("workerd", ["serve", "config.capnp", "--control-fd=1"], { ready: /"port":(\d+)/ });
  return `http://127.0.0.1:${match[1]}`;
}

const visitors = (compatibilityDate) => async (c) => {
  const seed = Number(process.env.MATRIX_SEED ?? 1);
  const random = numbers(seed);
  c.project("workerd-visitors");
  const env = { XDG_CONFIG_HOME: c.folder, TMPDIR: c.folder, CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  await c.tool("wrangler", ["deploy", "--dry-run", "--outdir=dist"], { env });
  const simulator = c.createSimulator({ baseUrl: "/hubspot", seed });
  const server = await serve(simulator, random, c.signal);
  const origin = await start(c, compatibilityDate);
  const all = plan(simulator, random);
  const told = await Promise.all(all.map((visitor) => visit(origin, server, visitor, c.signal)));
  const staying = all.map((visitor, index) => ({ visitor, told: told[index] })).filter(({ visitor }) => !visitor.leavesMs);
  const wrong = staying.filter(({ visitor, told }) => !isTrue(visitor, told));
  return {
    stayed: staying.length,
    left: told.filter(({ left }) => left === "ECONNRESET").length,
    // With what replays it.
    wrong: wrong.map(({ visitor: { way, task }, told }) => ({ seed, way, outcome: task.outcome, told })),
  };
};

const expected = { stayed: WAYS.length * VISITORS * (2 / 3), left: WAYS.length * VISITORS * (1 / 3), wrong: [] };

export const workers = [
  { name: "workerd, visitors who leave", expected, run: visitors("2026-01-01") },
  // Before 2024-10-14 a promise goes on in the context of whoever settles it.
  { name: "workerd of 2024, visitors who leave", expected, run: visitors("2024-01-01") },
];
