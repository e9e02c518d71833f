// Every type and call of the simulator, compiled under each way to find modules by tests/package/types.test.mjs.
import { HubSpotTasks, type Clock, type FetchLike } from "hubspot-async-tasks";
import {
  createSimulator,
  createVirtualClock,
  faults,
  serveSimulator,
  type BodyOf,
  type BrokenBody,
  type Change,
  type Fault,
  type FaultOptions,
  type HostResponse,
  type ScriptOptions,
  type ScriptedAnswer,
  type ScriptedReply,
  type ScriptedResponse,
  type ServedSimulator,
  type ServeOptions,
  type SimulatedCall,
  type SimulatedDownloads,
  type SimulatedFamily,
  type SimulatedFamilyDefinition,
  type SimulatedFile,
  type SimulatedOutcome,
  type SimulatedPath,
  type SimulatedRequest,
  type SimulatedStart,
  type SimulatedTask,
  type SimulatedUpload,
  type Simulator,
  type SimulatorClock,
  type SimulatorOptions,
  type SimulatorRequestInit,
  type SimulatorResponse,
  type SimulatorServer,
  type SimulatorSignal,
  type StartedTask,
  type UsualBody,
  type VirtualClock,
  type VirtualClockOptions,
} from "hubspot-async-tasks/simulator";

async function simulated(): Promise<void> {
  const hostless: SimulatorClock = { now: () => 0, setTimeout: () => 1, clearTimeout: () => {} };
  const simulatorOptions: SimulatorOptions = {
    clock: hostless,
    latencyMs: 5,
    tokens: ["a"],
    scopes: ["files"],
    cors: "open",
    baseUrl: "/hubspot",
    rateLimit: { requests: 100, perMs: 10_000, daily: 250_000 },
    exportQueue: true,
    seed: 7,
  };
  createSimulator({ rateLimit: undefined, exportQueue: undefined, seed: undefined });
  createSimulator({ rateLimit: { requests: 0, perMs: 1 } });
  const own = createSimulator(simulatorOptions);
  const family: SimulatedFamily = "export";
  const outcomes: SimulatedOutcome[] = ["succeeded", "succeededWithErrors", "failed", "canceled"];
  const toAdd: SimulatedTask = {
    id: 7n,
    pendingMs: 1,
    processingMs: Infinity,
    outcome: outcomes[0]!,
    errors: [],
    result: "",
    unknown: { brandNew: 1 },
  };
  const added: string = own.addTask(family, toAdd);
  const drawn: string = own.addRandomTask(family);
  const breaks: BrokenBody = { how: "stall", after: 0 };
  const scripted: ScriptedResponse = { status: 200, headers: { date: null }, body: {}, breaks, latencyMs: 1 };
  const answers: ScriptedAnswer[] = [
    "network-error",
    "hang",
    scripted,
    faults.rateLimited({ retryAfter: 5 }),
    faults.forbidden({ scopes: ["a"] }),
    faults.redirect({ location: "/" }),
    faults.limitReached({ errorType: "A_LIMIT" }),
    faults.httpError({ status: 530 }),
    faults.errorBody({ category: "A" }),
    faults.enveloped({ answer: faults.notFound() }),
    faults.dropped({ after: 0 }),
    faults.stalled({ after: 1 }),
  ];
  const changes: Change[] = [faults.doubled, faults.dropped, faults.stalled];
  own.script(answers, { taskId: added });
  const faultOptions: FaultOptions = { retryAfter: "Fri, 21 Aug 2026 10:00:00 GMT", headers: {}, latencyMs: 1 };
  const every: Fault[] = [
    faults.unauthorized,
    faults.notFound,
    faults.notFoundHtml,
    faults.unknownExport,
    faults.locked,
    faults.rateLimited,
    faults.rateLimitedDaily,
    faults.limitReached,
    faults.migrating,
    faults.serverError,
    faults.badGateway,
    faults.unavailable,
    faults.gatewayTimeout,
    faults.httpError,
    faults.errorBody,
    faults.enveloped,
    faults.html,
    faults.truncated,
    faults.empty,
    faults.backwards,
  ];
  const status: number = every[0]!(faultOptions).status;
  const requests: readonly SimulatedRequest[] = own.requests;
  own.tokens = undefined;
  own.scopes = ["content"];
  own.latencyMs = 0;
  const signal: SimulatorSignal = { aborted: false, addEventListener() {}, removeEventListener() {} };
  const init: SimulatorRequestInit = { method: "GET", headers: [["a", "b"]], signal };
  const response: HostResponse = await own.fetch("/x", init);
  const minimal: SimulatorResponse = response;
  const bodyOf: BodyOf = (family) => ({ status: "error", message: family ?? "no family" });
  const twice: UsualBody = () => "";
  const doubled: BodyOf = (_, usual) => JSON.stringify(usual() ?? twice()).repeat(2);
  own.script([{ status: 400, body: bodyOf }, { body: doubled }, changes[0]!(faultOptions)]);
  createSimulator({ rateLimit: { requests: 1, perMs: 1_000, window: "fixed" } });
  const serveOptions: ServeOptions = { port: 0, host: "127.0.0.1" };
  const server: SimulatorServer = await serveSimulator(own, serveOptions);
  new HubSpotTasks({ baseUrl: server.url });
  await server.close();
  void [status, requests[0]?.url, await minimal.text(), drawn];
}

/** What is started, brought, and defined. */
async function tasks(): Promise<void> {
  const path: SimulatedPath = { numbered: "/a/{version}", dated: "/{version}/a" };
  const definition: SimulatedFamilyDefinition<"clone"> = {
    name: "clone",
    paths: { start: path, status: "/a/{taskId}", details: undefined, cancel: "/a/{taskId}/cancel" },
    id: "int64",
    state: { field: "state", queued: ["NEW"], running: [], succeeded: ["OK"], failed: ["NO"], canceled: ["GONE"] },
    result: { field: "a.b", isText: true, oneOf: ["GOOD"], livesMs: 1 },
    errors: { field: "errors", countField: "count" },
    dates: { requestedAt: "createdAt" },
    scopes: ["a"],
    start: { sends: "multipart", answers: { field: "id" } },
    isQueued: true,
  };
  const startedTask: StartedTask = ({ family, request, files }) => ({
    processingMs: family === "export" && request["exportType"] === "LIST" ? 1 : files.length,
  });
  const downloads: SimulatedDownloads = { livesMs: 1, zipOverBytes: 1, rowsPerFile: 1, hasRanges: false, origin: "https://a.example" };
  const clockOptions: VirtualClockOptions = { startMs: 0 };
  const clock: VirtualClock = createVirtualClock(clockOptions);
  const ofClient: Clock = clock;
  const own = createSimulator({
    clock,
    families: [definition],
    startedTask,
    downloads,
    locatorLinks: "array",
    importQueue: true,
    exportsPerDay: 30,
    importRows: 1_000,
  });
  const byName: Simulator<"clone"> = own;
  const any: Simulator = own;
  const file: SimulatedFile = { rows: 1, columns: ["a"], format: "XLSX", name: "a", content: new Uint8Array(1) };
  own.addTask("clone", { word: "NO", errors: 7 });
  own.addTask("export", { file, exportState: "FAILED" });
  // @ts-expect-error -- no family of that name
  own.addTask("clones");
  const named = createSimulator({ families: [{ name: "inline", paths: { status: "/b/{taskId}" } }] });
  named.addRandomTask("inline");
  // @ts-expect-error -- no family of that name
  named.addRandomTask("clone");
  const some: readonly SimulatedFamilyDefinition[] = [definition];
  createSimulator({ families: some }).addTask("whatever its name");
  // @ts-expect-error -- a family needs a path of its status
  createSimulator({ families: [{ name: "a", paths: {} }] });

  const call: SimulatedCall = "download";
  const reply: ScriptedReply = "hang";
  const scope: ScriptOptions = { call, family: "export", taskId: 7 };
  own.script([{ carriedOut: reply }, { carriedOut: faults.serverError() }, faults.cut({ after: 1 }), faults.slow({ bytesPerSecond: 1 })], scope);
  const starts: readonly SimulatedStart[] = own.starts;
  const uploads: readonly SimulatedUpload[] | undefined = starts[0]?.files;
  own.downloads.hasRanges = true;
  const served: ServedSimulator = { fetch: own.fetch };
  const fetch: FetchLike = own.fetch;
  new HubSpotTasks({ clock: ofClient, fetch });
  await clock.advance(1);
  await clock.runUntilIdle();
  const seven: number = await clock.run(Promise.resolve(7));
  void [byName, any, uploads, served, seven, clock.timers];
}

void [simulated, tasks];
