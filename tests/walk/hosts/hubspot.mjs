// HubSpot in the place of the network: the simulator is the global fetch. It knows the export that the pages speak of.
import { createSimulator } from "hubspot-async-tasks/simulator";

const { SCOPES, BASE_URL: baseUrl, PROCESSING_MS = 500 } = process.env;
const startedTask = { pendingMs: 500, processingMs: 500, file: { rows: 2 } };
const simulator = createSimulator({ seed: 1, startedTask, baseUrl, ...(SCOPES && { scopes: SCOPES.split(",") }) });
simulator.addTask("export", { id: "90151673", processingMs: Number(PROCESSING_MS) });
globalThis.fetch = simulator.fetch;
process.env.HUBSPOT_TOKEN = "a-token-of-a-private-app";
