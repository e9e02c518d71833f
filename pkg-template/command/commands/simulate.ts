// `simulate`: a simulated HubSpot over HTTP, for tests in any language, with a page that lists its tasks.
import { readFile } from "node:fs/promises";
import type { SimulatedTask, Simulator } from "../../simulator.js";
import type { Given } from "../args.js";
import type { Context } from "../context.js";
import { UsageError } from "../exit.js";
import { familyOf } from "../families.js";
import { COUNT, DURATION, PORT, RATE_LIMIT, oneOf } from "../readings.js";
import { cannotListen, serving } from "../serving.js";
import { scriptFault } from "../simulate/faults.js";
import { HEADERS, type ListedTask, page } from "../simulate/page.js";

const OUTCOME = oneOf("succeeded", "succeededWithErrors", "failed", "canceled");

interface Added {
  readonly family: string;
  readonly taskId: string;
  readonly at: number;
  readonly request: Readonly<Record<string, unknown>>;
}

type Played = SimulatedTask & { readonly pendingMs: number; readonly processingMs: number };

export async function simulate(context: Context): Promise<number> {
  const { given } = context;
  const played = playedAs(given);
  // Loaded here alone.
  const { createSimulator, faults, serveSimulator } = await import("../../simulator.js");
  const simulator = refusing(() => createSimulator(optionsOf(given, played)));
  simulator.tokens = await tokensOf(given);
  const added = given.all("task").map((typed) => addTask(simulator, typed, played));
  for (const typed of given.all("fault")) scriptFault(simulator, faults, typed);
  const host = given.text("host") ?? "127.0.0.1";
  const tasks = () => listed(simulator, [...added, ...simulator.starts], played);
  let url = "";
  // The API first: no task's path is one of these.
  const fetch: Simulator["fetch"] = (asked, init) => {
    const { pathname } = new URL(String(asked));
    if (pathname === "/") return answered(page(url, tasks(), simulator.requests.length), HEADERS);
    if (pathname === "/tasks.json") return answered(JSON.stringify(tasks()), { "content-type": "application/json", "cache-control": "no-store" });
    simulator.downloads.origin = originOf(init?.headers) ?? url;
    return simulator.fetch(asked, init);
  };
  const server = await serveSimulator({ fetch, downloads: simulator.downloads }, { port: given.read("port", PORT) ?? 0, host }).catch((error: unknown) => {
    throw cannotListen(error as Error);
  });
  ({ url } = server);
  return serving(context, url, server.close);
}

const playedAs = (given: Given): Played => ({
  pendingMs: given.read("pending", DURATION) ?? 1_000,
  processingMs: given.read("processing", DURATION) ?? 3_000,
  outcome: given.read("outcome", OUTCOME),
  file: { rows: given.read("rows", COUNT) },
});

const optionsOf = (given: Given, startedTask: Played) => ({
  startedTask,
  rateLimit: given.read("rate-limit", RATE_LIMIT) || undefined,
  latencyMs: given.read("latency", DURATION),
  scopes: given.list("scopes"),
  seed: given.read("seed", COUNT),
  cors: given.has("cors") ? ("open" as const) : ("none" as const),
});

/** With a file that one alone is taken; else any, and none. */
async function tokensOf(given: Given): Promise<string[] | undefined> {
  const path = given.text("token-file");
  if (path === undefined) return undefined;
  const token = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UsageError(`--token-file: ${(error as Error).message}`);
  });
  return [token.trim()];
}

/** By whatever name it was asked: in another container it is not the one that it listens on. Files' URLs lead there. */
function originOf(headers: unknown): string | undefined {
  const { host } = (headers ?? {}) as { host?: unknown };
  return typeof host === "string" && /^[\w.:[\]-]+$/.test(host) ? `http://${host}` : undefined;
}

/** What the simulator does not take was given as an option. */
function refusing<Value>(act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(error.message);
  }
}

function addTask(simulator: Simulator, typed: string, played: Played): Added {
  const [name = "", ...rest] = typed.split(":");
  const family = familyOf(name).name;
  const id = rest.length > 0 ? rest.join(":") : undefined;
  return { family, taskId: refusing(() => simulator.addTask(family, { ...played, id })), at: Date.now(), request: {} };
}

/** By the times that all of them have, and by cancels. */
function listed({ requests }: Simulator, tasks: readonly Added[], { pendingMs, processingMs, outcome = "succeeded" }: Played): ListedTask[] {
  const now = Date.now();
  return tasks.map(({ family, taskId: id, at, request }) => {
    const own = requests.filter((asked) => asked.family === family && asked.taskId === id);
    const isCanceled = own.some(({ call, status }) => call === "cancel" && typeof status === "number" && status < 300);
    const ageMs = now - at;
    const isOver = isCanceled || ageMs >= pendingMs + processingMs;
    const running = ageMs < pendingMs ? "PENDING" : "PROCESSING";
    return {
      ...{ family, id, name: nameIn(request), state: isCanceled ? "canceled" : isOver ? outcome : running, ageMs },
      leftMs: isOver ? undefined : pendingMs + processingMs - ageMs,
      requests: own.length,
    };
  });
}

const nameIn = ({ exportName, name, url, path }: Added["request"]): string | undefined =>
  [exportName, name, url, path].find((value): value is string => typeof value === "string");

const answered = (text: string, headers: Record<string, string>): ReturnType<Simulator["fetch"]> =>
  Promise.resolve(new (globalThis.Response as unknown as new (body: string, init: object) => Awaited<ReturnType<Simulator["fetch"]>>)(text, { headers }));
