// What every entry exports but for init(), which differs: what callers hold, over the handles of the wasm.
import * as glue from "#glue";
import { HubSpotTaskError, isHubSpotTaskError } from "#error";
import { wasm } from "#host";
import { promised, statuses } from "./calls.js";

Object.assign(wasm, { run: glue.run, ring: glue.ring, wake: glue.wake, replied: glue.replied });

/** What the wasm made, unless it is the error that says why not. */
function made(result) {
  if (result instanceof HubSpotTaskError) throw result;
  return result;
}

/** Calls what is registered with an object when nobody holds that any more. */
const collected = typeof FinalizationRegistry === "function" ? new FinalizationRegistry((close) => close()) : undefined;

/** The number of a client in the wasm: open as long as somebody holds this. */
class Client {
  constructor(options) {
    const number = made(glue.openClient(options));
    this.number = number;
    collected?.register(this, () => glue.closeClient(number));
  }
}

// What gives a promise is async, so that it rejects where it is called without its object, too. What is handed to
// calls.js holds the task, and so keeps it open until the call is over.
class Task {
  #client;
  #task;

  constructor(client, task) {
    const { key } = made(task);
    this.#client = client;
    this.#task = task;
    collected?.register(this, () => glue.closeTask(client.number, key));
  }

  get id() {
    return this.checkpoint().taskId;
  }

  get family() {
    return this.checkpoint().family;
  }

  get latest() {
    return glue.latest(this.#client.number, this.#task.key);
  }

  checkpoint() {
    return glue.checkpoint(this.#client.number, this.#task);
  }

  async status(options) {
    return promised({
      begin: (call) => made(glue.look(this.#client.number, this.#task, options, call)),
      leave: (id) => glue.hangUp(this.#client.number, id),
      run: () => glue.run(this.#client.number),
    });
  }

  async wait(options) {
    return promised({
      begin: (call) => made(glue.join(this.#client.number, this.#task, options, call, true)),
      leave: (id) => glue.leave(this.#client.number, this.#task.key, id),
      run: () => glue.run(this.#client.number),
    });
  }

  statuses(options) {
    return statuses({
      begin: (call) => made(glue.join(this.#client.number, this.#task, options, call, false)),
      attend: (id) => glue.attend(this.#client.number, this.#task.key, id),
      rest: (id) => glue.rest(this.#client.number, this.#task.key, id),
      leave: (id) => glue.leave(this.#client.number, this.#task.key, id),
      run: () => glue.run(this.#client.number),
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
    return new Task(this.#client, glue.openTask(this.#client.number, this.#family, id, options));
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
    const client = new Client(options);
    this.#client = client;
    FAMILIES.forEach((name, family) => Object.defineProperty(this, name, { value: new TaskFamily(client, family) }));
  }

  resume(checkpoint, options) {
    return new Task(this.#client, glue.resumeTask(this.#client.number, checkpoint, options, false));
  }

  async poll(checkpoint, options) {
    return new Task(this.#client, glue.resumeTask(this.#client.number, checkpoint, undefined, true)).status(options);
  }

  learned() {
    return glue.learned(this.#client.number);
  }
}

const outcomeOf = (status, family) => made(glue.outcomeOf(status, family));

export { HubSpotTasks, HubSpotTaskError, isHubSpotTaskError, outcomeOf };
