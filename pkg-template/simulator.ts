/**
 * A simulator of HubSpot's asynchronous task API: a `fetch` that answers as HubSpot does.
 *
 * It starts, shows and ends tasks of the five built-in families (file import, folder update, CRM export, source-code
 * extract, CRM import) in `v3` and in every dated version, and of families that are defined by data; it brings the files of
 * exports. All of it on the real clock or on a given one, with faults on demand, rate limits and queues where asked for. It
 * needs no port, imports nothing, draws nothing but from a seed, and shares no code with the client that it tests.
 *
 * @example
 * ```ts
 * const simulator = createSimulator();
 * const taskId = simulator.addTask("export", { pendingMs: 2_000, processingMs: 5_000 });
 * simulator.script([faults.rateLimited(), "network-error"]);
 * const client = new HubSpotTasks({ fetch: simulator.fetch });
 * ```
 *
 * @packageDocumentation
 */
export type { SimulatedStart, StartedTask } from "./simulator/account.js";
export type { SimulatedUpload } from "./simulator/bodies.js";
export { type VirtualClock, type VirtualClockOptions, createVirtualClock } from "./simulator/clock.js";
export type { SimulatedFamilyDefinition, SimulatedPath } from "./simulator/definition.js";
export type { SimulatedFamily } from "./simulator/families.js";
export { type Change, type Fault, type FaultOptions, faults } from "./simulator/faults.js";
export type { SimulatedDownloads, SimulatedFile } from "./simulator/files.js";
export type { SimulatorOptions } from "./simulator/options.js";
export type { SimulatorClock, SimulatorRequestInit, SimulatorSignal } from "./simulator/requests.js";
export type { HostResponse, SimulatorResponse } from "./simulator/responses.js";
export { type ServeOptions, type ServedSimulator, type SimulatorServer, serveSimulator } from "./simulator/serve.js";
export type {
  BodyOf,
  BrokenBody,
  ScriptOptions,
  ScriptedAnswer,
  ScriptedReply,
  ScriptedResponse,
  SimulatedCall,
  UsualBody,
} from "./simulator/script.js";
export { type SimulatedRequest, type Simulator, createSimulator } from "./simulator/simulator.js";
export type { SimulatedOutcome, SimulatedTask } from "./simulator/tasks.js";
