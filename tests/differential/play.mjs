// Plays one scenario through the npm package: clients on a virtual clock, those who call them, and what was seen of it.
// As player/stage.rs and told.rs have it.
import assert from "node:assert/strict";
import { HubSpotTasks, HubSpotTaskError } from "../../pkg/index.js";
import { server } from "./server.mjs";
import { START_MS, Whose, World } from "./world.mjs";

const SERVICES = {
  fileImport: "fileImports",
  folderUpdate: "folderUpdates",
  export: "exports",
  sourceCodeExtract: "sourceCodeExtracts",
};

/** What those who leave by a signal reject with. */
const LEFT = Symbol("left");

/** What there was to see. */
export async function play(scenario) {
  const stage = new Stage(scenario);
  await stage.world.run(scenario.turns, scenario.horizonMs, (act) => stage.act(act));
  return stage.seen();
}

class Stage {
  world = new World();
  #scenario;
  #seats;
  #callers = new Map();

  constructor(scenario) {
    this.#scenario = scenario;
    this.#seats = scenario.clients.map((_, place) => newSeat(scenario, this.world, place));
  }

  act(act) {
    if (act.do === "leave") this.#callers.get(act.call)?.leave();
    else this.#call(act);
  }

  #call(act) {
    const caller = new Caller(this.world, act.call);
    this.#callers.set(act.call, caller);
    const { signal } = caller;
    if (act.do === "poll") {
      caller.work(this.#seats[act.client].client, this.#checkpoint(act.client, act.of), act.rounds);
      return;
    }
    const task = this.#handle(act.client, act.of);
    if (act.do === "status") caller.hears(task.status({ signal }), seen);
    else {
      const options = { signal, pace: act.pace, timeoutMs: act.timeoutMs };
      if (act.do === "wait") caller.waits(task, options, act.leavesAfter);
      else caller.watches(task.statuses(options), act.leavesAfter);
    }
  }

  #handle(client, of) {
    const seat = this.#seats[client];
    if (of.from === undefined && of.task !== undefined) return seat.tasks[of.task];
    return seat.client.resume(this.#checkpoint(client, of));
  }

  #checkpoint(client, { checkpoint, from = client, task, timeoutMs }) {
    if (checkpoint) return checkpoint;
    const taken = this.#seats[from].tasks[task].checkpoint();
    return { ...taken, ...((timeoutMs ?? undefined) !== undefined && { deadlineMs: this.world.clockMs + timeoutMs }) };
  }

  seen() {
    const callers = [...this.#callers];
    assert.deepEqual(callers.flatMap(([, { accidents }]) => accidents), []);
    return {
      seed: this.#scenario.seed,
      clients: this.#seats.map((seat, place) => ({ ...seat.seen(), hasTimer: this.world.hasTimer(place) })),
      calls: callers.map(([call, { told }]) => ({ call, told })).sort((one, other) => one.call - other.call),
    };
  }
}

/** One client, and what was seen of it. */
function newSeat(scenario, world, place) {
  const given = scenario.clients[place];
  const { fetch, token, requests, tokenCalls } = server(scenario, world, place);
  const events = [];
  const client = new HubSpotTasks({
    clock: world.clock(place),
    fetch,
    token,
    apiVersion: given.apiVersion,
    pace: given.pace,
    minIntervalMs: given.minIntervalMs,
    maxIntervalMs: given.maxIntervalMs,
    timeoutMs: given.timeoutMs ?? Infinity,
    requestTimeoutMs: given.requestTimeoutMs,
    rateLimit: given.rateLimit ?? false,
    maxConcurrent: given.maxConcurrent,
    learned: given.learns && given.learned,
    ...(given.observes && { onEvent: (event) => void events.push(eventSeen(event)) }),
  });
  const tasks = scenario.tasks.map(({ family, id }) => client[SERVICES[family]].task(id));
  // Of several polls that are equally urgent the one goes first whose task was opened first. Held to the end, since nobody can
  // tell when one is collected.
  const all = scenario.tasks.flatMap(({ family, id: taskId }) =>
    scenario.apiVersions.map((apiVersion) => client.resume({ version: 1, family, taskId, apiVersion })),
  );
  const seen = () => ({
    requests,
    tokenCalls,
    events,
    tasks: tasks.map((task) => ({ checkpoint: task.checkpoint(), latest: task.latest ?? null })),
    learned: Object.entries(client.learned()).map(([family, durations]) => ({ family, ...durations })),
  });
  return { client, tasks, all, seen };
}

/** Who made a call: what it was told, and when. */
class Caller {
  told = [];
  /** What should not have happened. */
  accidents = [];
  #world;
  #call;
  #controller = new AbortController();

  constructor(world, call) {
    this.#world = world;
    this.#call = call;
  }

  get signal() {
    return this.#controller.signal;
  }

  get #isOver() {
    return this.told.at(-1)?.end !== undefined;
  }

  /** Not thrown: what a handler throws is the package's to tell. */
  #note(what) {
    if (this.#isOver) this.accidents.push(`call ${this.#call} is told ${JSON.stringify(what)} after its end`);
    else this.told.push({ ...what, at: this.#world.nowMs });
  }

  #end(end) {
    this.#note({ end });
  }

  /** Goes, if it is not over. */
  leave() {
    if (this.#isOver) return;
    this.#end({ is: "left" });
    this.#controller.abort(LEFT);
  }

  /** A call that is told one thing. */
  hears(promise, read) {
    promise.then(
      (value) => this.#end(read(value)),
      (error) => this.#fails(error),
    );
  }

  #fails(error) {
    // It was noted when it left.
    if (error !== LEFT) this.#end(failed(error));
  }

  waits(task, options, leavesAfter) {
    let heard = 0;
    const onStatus = (status) => {
      this.#note({ status: copy(status) });
      if (++heard === leavesAfter) this.leave();
    };
    this.hears(task.wait({ ...options, onStatus }), finished);
  }

  async watches(statuses, leavesAfter) {
    let heard = 0;
    try {
      for await (const status of statuses) {
        this.#note({ status: copy(status) });
        if (++heard === leavesAfter) {
          this.#end({ is: "left" });
          break;
        }
      }
      if (!this.#isOver) this.#end({ is: "over" });
    } catch (error) {
      this.#fails(error);
    }
  }

  /** A worker: it polls, and again when that is due. */
  async work(client, checkpoint, rounds) {
    const { signal } = this;
    try {
      for (let round = 1; ; round++) {
        const step = await client.poll(checkpoint, { signal });
        const how = stepSeen(step);
        if (step.done || round === rounds) {
          this.#end(how);
          return;
        }
        this.#note({ step: how });
        checkpoint = step.checkpoint;
        await this.#world.sleep(step.delayMs, Whose.caller, [this.#call]);
        if (this.#isOver) return;
      }
    } catch (error) {
      this.#fails(error);
    }
  }
}

// What callers and observers are told.

/** The fields that are known. */
const known = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Callers may change what they were given: it is seen as it was. */
const copy = (status) => status && structuredClone(status);

const seen = (status) => ({ is: "seen", status: copy(status) });

function finished({ outcome, status, result, polls, detectionDelayMs }) {
  assert.equal(result, status.result ?? undefined);
  return known({ is: "finished", outcome, status: copy(status), polls, detectionDelayMs });
}

function stepSeen({ done, outcome, status, fault, checkpoint, delayMs }) {
  assert.equal(done, outcome !== "running");
  return known({ is: "step", outcome, status: copy(status), fault: fault && failed(fault), checkpoint, delayMs });
}

/** Words of the package's own: the crate has none for these. */
const OWN_WORDS = ["TIMEOUT", "CANCELED", "FAILED"];

function failed(error) {
  assert(error instanceof HubSpotTaskError, `no error of the package's: ${String(error?.stack ?? error)}`);
  const { code, polls, lastStatus, retryAfterMs } = error;
  const fault = OWN_WORDS.includes(code) ? error.cause : error;
  return known({ is: "failed", code, polls, lastStatus: copy(lastStatus), retryAfterMs, fault: fault && faultSeen(fault, error) });
}

function faultSeen(fault, error) {
  const { code, httpStatus, category, correlationId, requiredScopes, family, taskId } = fault;
  const about = `${family} ${taskId}: `;
  assert(fault.message.startsWith(about), fault.message);
  const message = fault.message.slice(about.length);
  const retryAfterMs = fault === error ? undefined : fault.retryAfterMs;
  return known({ code, message, httpStatus, category, correlationId, requiredScopes, retryAfterMs });
}

function eventSeen({ family, taskId, at, ...what }) {
  return { family, taskId, atMs: at - START_MS, what };
}
