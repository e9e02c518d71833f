// What CommonJS gets, for types/fit.ts. Compiled, never run.
import * as commonJs from "hubspot-async-tasks";

export { commonJs };
export type { HubSpotTaskError, HubSpotTasks, Task, TaskFamily } from "hubspot-async-tasks";
