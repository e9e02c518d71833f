// What every entry exports but for init(), which differs: what callers hold, over the numbers that the wasm knows them by.
import * as glue from "#glue";
import { ATTEND, CLOSE_TASK, FAMILIES, HANG_UP, LEAVE, REST, RUN, enter, isWellFormed, wasm } from "./host.js";
import { HubSpotTaskError, isHubSpotTaskError } from "./error.js";
import { promised, statuses } from "./calls.js";
import { checkpointOf, told } from "./told.js";
import * as options from "./options.js";

Object.assign(wasm, { act: glue.act, replied: glue.replied });

/** What is given, read; what is refused is told as the error that it is. */
function given(read, ...values) {
  try {
    return read(...values);
  } catch (refusal) {
    throw new HubSpotTaskError({ code: "INVALID_ARGUMENT", ...refusal });
  }
}

/** What the wasm made, unless it is why it was not made. */
function made(result, place = "") {
  if (typeof result === "number") return result;
  throw new HubSpotTaskError({ code: "INVALID_ARGUMENT", ...result, message: place + result.message });
}

/** A text as the wasm takes it: the code points of a string; none of anything else. */
const codes = (value) => (typeof value === "string" ? Array.from(value, (character) => character.codePointAt()) : []);

/** Calls what is registered with an object when nobody holds that any more. */
const collected = typeof FinalizationRegistry === "function" ? new FinalizationRegistry((close) => close()) : undefined;

/** A client in the wasm: open as long as somebody holds this. It holds what host.js finds of it. */
class Client {
  constructor(taken) {
    const { apiVersion, numbers, durations, ...host } = given(options.readClient, taken);
    const number = made(glue.openClient(codes(apiVersion), apiVersion, numbers, durations));
    Object.assign(this, host, { number });
    collected?.register(this, () => glue.closeClient(number));
  }

  /** Calls what the wasm exports, if that may ask something of its host. */
  enter(call, ...values) {
    return enter(this, call, ...values);
  }
}

/**
 * What is held of a task: the `key` that the wasm knows it by, its name, and what it was given. A resumed one keeps the
 * deadline that it came with, unless it is given a time limit.
 */
function held(client, key, name, { pace, timeoutMs }, keptMs) {
  const deadlineMs = timeoutMs === undefined ? keptMs : client.enter(glue.deadline, timeoutMs);
  return { client, key, ...name, pace, timeoutMs, deadlineMs };
}

function opened(client, family, taskId, taken) {
  const id = options.idText(taskId);
  const task = given(options.readTask, taken);
  const key = made(glue.openTask(client.number, family, codes(id), taskId));
  return held(client, key, { family: FAMILIES[family], id }, task);
}

function resumed(client, checkpoint, taken, isAlone) {
  const { family, taskId, apiVersion, deadlineMs, ...rest } = given(options.readCheckpoint, checkpoint);
  const task = given(options.readTask, taken);
  const id = isWellFormed(taskId) ? taskId : "";
  const { polls = 0, faults = 0, queued = false, startedMs, processingMs, dueMs } = rest;
  // As `resume_task` in src/web/exports.rs takes them.
  const numbers = [FAMILIES.indexOf(family), polls, faults, queued, startedMs, processingMs, dueMs, isAlone];
  const key = glue.resumeTask(client.number, numbers, codes(id), taskId, codes(apiVersion), apiVersion);
  return { ...held(client, made(key, "checkpoint."), { family, id }, task, deadlineMs), isAlone };
}

/** What the wasm begins. The same stands in src/web/exports.rs. */
const [LOOK, POLL, WAIT] = [0, 1, 2];

// What gives a promise is async, so that it rejects where it is called without its object, too. What is handed to
// calls.js holds the Task, and so keeps it open until the call is over.
class Task {
  #task;

  constructor(task) {
    const { client, key } = task;
    const close = client.enter.bind(client, glue.act, CLOSE_TASK, key);
    this.#task = task;
    collected?.register(this, close);
  }

  get id() {
    return this.#task.id;
  }

  get family() {
    return this.#task.family;
  }

  get latest() {
    const { client, key } = this.#task;
    return glue.latest(client.number, key)?.object;
  }

  checkpoint() {
    const { pace, deadlineMs } = this.#task;
    return checkpointOf(this.#task, pace, deadlineMs);
  }

  async status(taken) {
    return promised({
      begin: (listener) => this.#begin(this.#task.isAlone ? POLL : LOOK, options.readLook, taken, listener),
      leave: (id) => this.#act(HANG_UP, id),
      run: () => this.#act(RUN),
    });
  }

  async wait(taken) {
    return promised({
      begin: (listener) => this.#begin(WAIT, options.readWait, taken, listener),
      leave: (id) => this.#act(LEAVE, id),
      run: () => this.#act(RUN),
    });
  }

  statuses(taken) {
    return statuses({
      begin: (listener) => this.#begin(WAIT, options.readWatch, taken, listener),
      attend: (id) => this.#act(ATTEND, id),
      rest: (id) => this.#act(REST, id),
      leave: (id) => this.#act(LEAVE, id),
      run: () => this.#act(RUN),
    });
  }

  /** Begins a call as it was told, else as the task was; gives what it was told, and its number. */
  #begin(kind, read, taken, listener) {
    const task = this.#task;
    const wanted = given(read, taken);
    const { pace = task.pace, timeoutMs = task.timeoutMs } = wanted;
    const { client, key, deadlineMs } = task;
    const call = told(task, pace, listener);
    const id = made(client.enter(glue.begin, kind, key, pace, timeoutMs, deadlineMs, call));
    return { ...wanted, id };
  }

  #act(what, id) {
    const { client, key } = this.#task;
    client.enter(glue.act, what, key, id);
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

  task(id, taken) {
    return new Task(opened(this.#client, this.#family, id, taken));
  }

  async status(id, taken) {
    return this.task(id).status(taken);
  }
}

class HubSpotTasks {
  #client;

  constructor(taken) {
    const client = new Client(taken);
    this.#client = client;
    FAMILIES.forEach((name, family) =>
      Object.defineProperty(this, `${name}s`, { value: new TaskFamily(client, family) }),
    );
  }

  resume(checkpoint, taken) {
    return new Task(resumed(this.#client, checkpoint, taken, false));
  }

  async poll(checkpoint, taken) {
    return new Task(resumed(this.#client, checkpoint, undefined, true)).status(taken);
  }

  learned() {
    return options.learnedBy((at) => {
      const seconds = [];
      glue.learned(this.#client.number, at, seconds);
      return seconds;
    });
  }
}

function outcomeOf(status, family) {
  const { envelope, place } = given(options.readStatus, status, family);
  return glue.outcomeOf(envelope, place);
}

export { HubSpotTasks, HubSpotTaskError, isHubSpotTaskError, outcomeOf };
