// The default entry, for every runtime that lets WebAssembly be compiled from bytes.
import "./load.js";
import { HubSpotTasks, Task, TaskFamily, outcomeOf } from "#glue";
import { HubSpotTaskError, isHubSpotTaskError } from "#error";

// Garbage collection frees what these hold; a call after free() could only fail.
for (const { prototype } of [HubSpotTasks, TaskFamily, Task]) {
  delete prototype.free;
  if (Symbol.dispose) delete prototype[Symbol.dispose];
}

// What the class holds is a pointer; what it is goes into logs, without the result.
Task.prototype.toJSON = function () {
  const { family, id, latest } = this;
  return { family, id, status: latest?.status };
};

export { HubSpotTasks, HubSpotTaskError, isHubSpotTaskError, outcomeOf };
