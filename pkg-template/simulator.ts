/**
 * A simulator of HubSpot's asynchronous task API: a `fetch` that answers as HubSpot does.
 *
 * It simulates the status calls of the four families of task (file import, folder update, CRM export, source-code
 * extract) in `v3` and in every dated version, on the real clock or on a given one, with faults on demand, rate limits
 * and an export queue where asked for. It needs no port, imports nothing, draws nothing but from a seed, and shares no
 * code with the client that it tests.
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
export type { SimulatedFamily } from "./simulator/families.js";
export { type Change, type Fault, type FaultOptions, faults } from "./simulator/faults.js";
export type { SimulatorClock, SimulatorRequestInit, SimulatorSignal } from "./simulator/requests.js";
export type { HostResponse, SimulatorResponse } from "./simulator/responses.js";
export { type ServeOptions, type SimulatorServer, serveSimulator } from "./simulator/serve.js";
export type { BodyOf, BrokenBody, ScriptedAnswer, ScriptedResponse, UsualBody } from "./simulator/script.js";
export {
  type SimulatedRequest,
  type Simulator,
  type SimulatorOptions,
  createSimulator,
} from "./simulator/simulator.js";
export type { SimulatedOutcome, SimulatedTask } from "./simulator/tasks.js";
