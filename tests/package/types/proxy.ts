// What the entry /proxy exports, as a user writes it. Compiled, never run; needs no type of any host.
import { defineFamily } from "hubspot-async-tasks";
import {
  createProxy,
  toNodeHandler,
  type NodeRequest,
  type NodeResponse,
  type ProxyAction,
  type ProxyAsked,
  type ProxyHandler,
  type ProxyOptions,
  type ProxyReplays,
  type ProxyRequest,
  type ProxyResponse,
} from "hubspot-async-tasks/proxy";

const replays: ProxyReplays = { add: async (key: string, ttlMs: number) => key !== "" && ttlMs > 0 };

const options: ProxyOptions = {
  token: async ({ portalId, refresh }) => (refresh ? null : portalId),
  clientSecret: "secret",
  authorize(request: ProxyRequest, { action, family, taskId, portalId }: ProxyAsked) {
    const allowed: ProxyAction[] = ["status", "start", "details", "download"];
    const id: string | undefined = taskId ?? portalId;
    return allowed.includes(action) && family === "export" && id !== undefined && request.headers.get("cookie") !== null;
  },
  families: ["export", "import", defineFamily({ name: "journal", paths: { status: "/journal/{version}/{taskId}" } })],
  allow: ["start", "details", "download"],
  hideExportUrls: true,
  path: "/hubspot",
  publicUrl: "https://app.example.com",
  origins: ["https://page.example.com"] as const,
  replays,
  apiVersion: "2026-03",
  baseUrl: "https://api.hubapi.com",
  clock: null,
  fetch: async (url, { method }) => ({ status: 200, body: [url, method] }),
  headers: { "x-mine": "1" },
  maxConcurrent: 10,
  rateLimit: { requests: 100, perMs: 10_000 },
  requestTimeoutMs: 10_000,
};

const handler: ProxyHandler = createProxy(options);
createProxy({ token: "x", authorize: () => true, families: ["export"], rateLimit: false, path: null, allow: null });
createProxy({ token: ({ portalId }) => (portalId === undefined ? undefined : "x"), clientSecret: "x", families: ["fileImport"] });

async function answered(request: ProxyRequest): Promise<void> {
  const response: ProxyResponse = await handler(request);
  const [status, type, text]: [number, string | null, string] = [response.status, response.headers.get("content-type"), await response.text()];
  void [status, type, text];
}

function served(request: NodeRequest, response: NodeResponse): void {
  toNodeHandler(handler)(request, response);
  toNodeHandler(createProxy(options))(request, response);
}

// @ts-expect-error -- it needs a token
createProxy({ authorize: () => true, families: ["export"] });
// @ts-expect-error -- it needs families
createProxy({ token: "x", authorize: () => true });
// @ts-expect-error -- no such option
createProxy({ token: "x", authorize: () => true, families: ["export"], pace: 1 });
// @ts-expect-error -- nothing else is allowed
createProxy({ token: "x", authorize: () => true, families: ["export"], allow: ["cancel"] });
// @ts-expect-error -- a guard says yes or no
createProxy({ token: "x", authorize: () => "yes", families: ["export"] });
// @ts-expect-error -- a store says whether it is new
createProxy({ token: "x", clientSecret: "x", families: ["export"], replays: { add: () => undefined } });

void [answered, served];
