// The default entry, for every runtime that lets WebAssembly be compiled from bytes.
import "./load.js";
import { HubSpotTasks, Task, TaskFamily, outcomeOf } from "#glue";
import { HubSpotTaskError, isHubSpotTaskError } from "#error";

// Garbage collection frees what these hold; a call after free() could only fail.
for (const { prototype } of [HubSpotTasks, TaskFamily, Task]) {
  delete prototype.free;
  if (Symbol.dispose) delete prototype[Symbol.dispose];
}

// What the classes hold is a pointer. A task shows what it is in logs, without its result.
HubSpotTasks.prototype.toJSON = TaskFamily.prototype.toJSON = () => ({});
Task.prototype.toJSON = function () {
  const { family, id, latest } = this;
  return { family, id, status: latest?.status };
};

// Called without its object, the glue throws; what gives a promise rejects instead.
const rejecting = (method) =>
  async function (...options) {
    return method.apply(this, options);
  };
TaskFamily.prototype.status = rejecting(TaskFamily.prototype.status);
Task.prototype.status = rejecting(Task.prototype.status);
Task.prototype.wait = rejecting(Task.prototype.wait);

export { HubSpotTasks, HubSpotTaskError, isHubSpotTaskError, outcomeOf };
