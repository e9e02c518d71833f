// The default entry, for every runtime that lets WebAssembly be compiled from bytes.
import "./load.js";
import { HubSpotTasks, Task, TaskFamily, outcomeOf } from "#glue";
import { HubSpotTaskError, isHubSpotTaskError } from "#error";

// Garbage collection frees what these hold; a call after free() could only fail.
for (const { prototype } of [HubSpotTasks, TaskFamily, Task]) {
  delete prototype.free;
  if (Symbol.dispose) delete prototype[Symbol.dispose];
}

export { HubSpotTasks, HubSpotTaskError, isHubSpotTaskError, outcomeOf };
