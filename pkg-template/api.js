// What every entry exports but for init(), which differs: what callers hold, over the handles of the wasm.
import * as glue from "#glue";
import { HubSpotTaskError, isHubSpotTaskError } from "#error";
import { promised, statuses } from "./calls.js";

/** What the wasm made, unless it is the error that says why not. */
function made(result) {
  if (result instanceof HubSpotTaskError) throw result;
  return result;
}

const look = (task, options) =>
  promised({
    begin: (call) => made(task.look(options, call)),
    leave: (id) => task.hangUp(id),
    run: () => task.run(),
  });

// What gives a promise is async, so that it rejects where it is called without its object, too.
class Task {
  #task;

  constructor(task) {
    this.#task = made(task);
  }

  get id() {
    return this.checkpoint().taskId;
  }

  get family() {
    return this.checkpoint().family;
  }

  get latest() {
    return this.#task.latest();
  }

  checkpoint() {
    return this.#task.checkpoint();
  }

  async status(options) {
    return look(this.#task, options);
  }

  async wait(options) {
    const task = this.#task;
    return promised({
      begin: (call) => made(task.join(options, call, true)),
      leave: (id) => task.leave(id),
      run: () => task.run(),
    });
  }

  statuses(options) {
    const task = this.#task;
    return statuses({
      begin: (call) => made(task.join(options, call, false)),
      attend: (id) => task.attend(id),
      rest: (id) => task.rest(id),
      leave: (id) => task.leave(id),
      run: () => task.run(),
    });
  }

  [Symbol.asyncIterator]() {
    return this.statuses();
  }

  /** A task shows what it is in logs, without its result. */
  toJSON() {
    const { family, id, latest } = this;
    return { family, id, status: latest?.status };
  }
}

class TaskFamily {
  #client;
  #family;

  constructor(client, family) {
    this.#client = client;
    this.#family = family;
  }

  task(id, options) {
    return new Task(this.#client.task(this.#family, id, options));
  }

  async status(id, options) {
    return this.task(id).status(options);
  }
}

/** In the order of Family::ALL in src/family.rs. */
const FAMILIES = ["fileImports", "folderUpdates", "exports", "sourceCodeExtracts"];

class HubSpotTasks {
  #client;

  constructor(options) {
    const client = made(glue.openClient(options));
    this.#client = client;
    FAMILIES.forEach((name, family) => Object.defineProperty(this, name, { value: new TaskFamily(client, family) }));
  }

  resume(checkpoint, options) {
    return new Task(this.#client.resume(checkpoint, options, false));
  }

  async poll(checkpoint, options) {
    return look(made(this.#client.resume(checkpoint, undefined, true)), options);
  }

  learned() {
    return this.#client.learned();
  }
}

const outcomeOf = (status, family) => made(glue.outcomeOf(status, family));

export { HubSpotTasks, HubSpotTaskError, isHubSpotTaskError, outcomeOf };
