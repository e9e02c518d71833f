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

// Called on anything else, the glue throws or worse; what gives a promise rejects instead.
for (const [Class, name] of [
  [TaskFamily, "status"],
  [Task, "status"],
  [Task, "wait"],
]) {
  const method = Class.prototype[name];
  Class.prototype[name] = async function (...options) {
    if (!(this instanceof Class)) throw new TypeError(`${name} was called without its object`);
    return method.apply(this, options);
  };
}

export { HubSpotTasks, HubSpotTaskError, isHubSpotTaskError, outcomeOf };
