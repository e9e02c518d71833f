// What every entry exports but for init(), which differs: the classes of the glue, with the promises and iterators around them.
import { HubSpotTasks, Task, TaskFamily, outcomeOf } from "#glue";
import { HubSpotTaskError, isHubSpotTaskError } from "#error";
import { promised, statuses } from "./calls.js";

/** Takes what is ours alone off a class that users see. */
function take(Class, ...names) {
  const methods = names.map((name) => Class.prototype[name]);
  // Garbage collection frees what these hold; a call after free() could only fail.
  for (const name of [...names, "free", Symbol.dispose]) if (name) delete Class.prototype[name];
  return methods;
}

const [join, watch, leave, attend, rest, look, hangUp, run] = take(Task, "join", "watch", "leave", "attend", "rest", "look", "hangUp", "run");
const [once] = take(HubSpotTasks, "once");
take(TaskFamily);

/** Adds a method that gives a promise. Called on anything else, the glue throws or worse; this rejects instead. */
function promises(Class, name, method) {
  Class.prototype[name] = async function (...options) {
    if (!(this instanceof Class)) throw new TypeError(`${name} was called without its object`);
    return method(this, ...options);
  };
}

const status = (task, options) =>
  promised({
    begin: (call) => look.call(task, options, call),
    leave: (id) => hangUp.call(task, id),
    run: () => run.call(task),
  });

promises(TaskFamily, "status", (family, id, options) => status(family.task(id), options));
promises(Task, "status", status);
promises(Task, "wait", (task, options) =>
  promised({
    begin: (call) => join.call(task, options, call),
    leave: (id) => leave.call(task, id),
    run: () => run.call(task),
  }),
);
promises(HubSpotTasks, "poll", (client, checkpoint, options) => {
  let task;
  return promised({
    begin: (call) => {
      task = once.call(client, checkpoint, options, call);
      return call.id;
    },
    leave: (id) => hangUp.call(task, id),
    run: () => run.call(task),
  });
});

Task.prototype.statuses = function (options) {
  return statuses({
    begin: (call) => watch.call(this, options, call),
    attend: (id) => attend.call(this, id),
    rest: (id) => rest.call(this, id),
    leave: (id) => leave.call(this, id),
    run: () => run.call(this),
  });
};
Task.prototype[Symbol.asyncIterator] = function () {
  return this.statuses();
};

// What the classes hold is a pointer. A task shows what it is in logs, without its result.
HubSpotTasks.prototype.toJSON = TaskFamily.prototype.toJSON = () => ({});
Task.prototype.toJSON = function () {
  const { family, id, latest } = this;
  return { family, id, status: latest?.status };
};

export { HubSpotTasks, HubSpotTaskError, isHubSpotTaskError, outcomeOf };
