// One run on virtual time: clients, the simulator, and everybody who follows a task. Gives what was wrong, and counts.
import { Random } from "../differential/random.mjs";
import { follow } from "./callers.mjs";
import { clockOf, isFast } from "./clocks.mjs";
import { TOKEN_MS, exceeds, tooSoon, wrongsOf } from "./judge.mjs";
import { planOf } from "./plan.mjs";
import { newToken, secretIn } from "./secrets.mjs";
import { Server, serversClock } from "./server.mjs";
import { World } from "./world.mjs";

const SIGNAL_LISTENERS = ["addEventListener", "removeEventListener"];

/** Nothing is for the console. */
const METHODS = ["debug", "error", "info", "log", "trace", "warn"];

export async function runVirtual(entry, simulatorEntry, seed, tasks) {
  const run = new Run(entry, simulatorEntry, planOf(seed, tasks));
  const { Response } = globalThis;
  // Where other clients' answers are given anyway, the simulator's plain ones cost less.
  if (run.plan.shape !== "response") globalThis.Response = undefined;
  const originals = METHODS.map((method) => console[method]);
  for (const method of METHODS) console[method] = (...given) => run.wrongs.push(`the console is told ${given.join(" ")}`);
  try {
    return await run.play();
  } finally {
    globalThis.Response = Response;
    METHODS.forEach((method, number) => (console[method] = originals[number]));
  }
}

class Run {
  world = new World();
  wrongs = [];
  /** Handles of tasks. */
  held = [];
  /** Promises that callers wait for. */
  calls = [];
  ends = {};
  #listeners = 0;
  #reasons = new Set();
  #sharedLeaver;
  #ids = new Map();
  #newest = 0;
  #accepted;

  constructor(entry, { createSimulator, faults }, plan) {
    Object.assign(this, { entry, faults, plan });
    const { rateLimit } = plan.options;
    const isStrict = rateLimit && !isFast(plan.clock);
    this.simulator = createSimulator({
      clock: serversClock(this.world),
      seed: plan.seed,
      ...(isStrict && { rateLimit: { ...rateLimit, window: plan.window } }),
    });
    this.server = new Server(this);
    this.tasks = plan.tasks.map((of, number) => this.#newTask(of, `task ${number}, a ${of.family}`));
    this.warm = this.#newTask({ family: "folderUpdate", simulated: {} }, "the first task");
    this.warm.isWarm = true;
    this.#accepted = [newToken(0)];
    const isAlone = Boolean(isStrict);
    this.clients = Array.from({ length: isAlone ? 1 : 2 }, (_, number) => this.#newSeat(number));
  }

  #newTask(plan, name) {
    return { plan, name, random: new Random(plan.seed ?? 0), records: [], requests: 0, id: undefined, heardEnds: 0 };
  }

  #newSeat(number) {
    const { plan, world } = this;
    const seat = { whose: `client ${number}`, events: 0 };
    const random = new Random(plan.seed + number);
    seat.client = new this.entry.HubSpotTasks({
      ...plan.options,
      clock: clockOf(plan.clock, random, world, seat.whose),
      fetch: this.server.fetchOf(seat),
      token: this.#tokenOf(random),
      onEvent: (event) => {
        seat.events++;
        this.comesOut(event, "an event");
        if (event.type === "finished") this.#finished(seat, event);
        if (seat.events % 50 === 0) throw new Error("thrown by onEvent");
      },
    });
    return seat;
  }

  /** An event says that polling is over: once, and as the task is. */
  #finished(seat, { taskId, outcome, polls }) {
    const task = this.taskOf(taskId);
    // Calls that leave end it for a while, and stops and deadlines do.
    if (outcome === "error" || outcome === "aborted") return;
    if (outcome !== task.plan.outcome && !task.isWarm) this.wrongs.push(`an event says that ${task.name} is ${outcome}, but it is ${task.plan.outcome}`);
    // An end that changes, as an export's URL does, is told anew.
    const key = `${seat.whose} ${polls} ${this.world.nowMs}`;
    if (task.finished === key) this.wrongs.push(`an event says twice that ${task.name} is over`);
    task.finished = key;
  }

  #tokenOf(random) {
    if (this.plan.tokens === "none") return undefined;
    if (this.plan.tokens === "string") return newToken(0);
    let cached = 0;
    return async ({ refresh }) => {
      const takesMs = random.between(0, TOKEN_MS);
      if (takesMs > 0) await this.world.sleep(takesMs, "token");
      if (refresh) cached = this.#newest;
      return newToken(cached);
    };
  }

  isAccepted = (token) => this.plan.tokens !== "function" || this.#accepted.includes(token);

  /** There is a new token; the one before is accepted for a while. */
  renew() {
    this.#accepted = [newToken(++this.#newest), newToken(this.#newest - 1)];
    this.simulator.tokens = this.#accepted;
  }

  // Tasks.

  add(task) {
    const { family, simulated = {} } = task.plan;
    const { pendingMs = 0, processingMs = 0 } = simulated;
    task.id = this.simulator.addTask(family, simulated);
    task.overAtMs = this.world.nowMs + pendingMs + processingMs;
    this.#ids.set(task.id, task);
  }

  taskOf = (id) => this.#ids.get(id);

  /** Whether somebody waits for a task, or did at this very instant. */
  isWanted(seat, task) {
    const isHere = ({ seat: of, endedAt, leftAt }) =>
      of === seat && (endedAt === undefined || endedAt === this.world.nowMs) && leftAt === undefined;
    return (task.calls ?? []).some(isHere);
  }

  /** Whether a caller need not ask again. */
  isFinal({ plan, records }, { outcome, code, isStep }) {
    if (isStep && outcome === "running") return false;
    if (outcome || code === "FAILED" || code === "CANCELED") return true;
    return code !== undefined && code === plan.stop?.fault.code && records.some(({ fault }) => fault === plan.stop.fault.name);
  }

  outcomeOf(task, status) {
    return this.entry.outcomeOf(status, task.plan.family);
  }

  // Calls.

  begin(seat, task, { kind, ...options }) {
    const call = { seat, task, kind, ...options, beganAt: this.world.nowMs, endedAt: undefined, ends: 0 };
    call.name = `${kind} of ${task.name} at ${call.beganAt} by ${seat.whose}`;
    this.calls.push(call);
    (task.calls ??= []).push(call);
    return call;
  }

  heard(call, status) {
    if (call.endedAt !== undefined) this.wrongs.push(`${call.name}: hears of a status after its end`);
    call.last = status;
    if (this.outcomeOf(call.task, status) === "running") return;
    // An export that has ended is asked once more, for a URL that lives: its last status is told before.
    if (call.task.plan.family === "export" && this.world.nowMs === call.beganAt) return;
    if (++call.ends > 1) this.wrongs.push(`${call.name}: hears of the end twice`);
  }

  /** What an iterator that is over told at last. */
  ofStatus(call) {
    const outcome = call.last ? this.outcomeOf(call.task, call.last) : "nothing";
    return { outcome: outcome === "running" ? "an iterator that ended while the task went on" : outcome };
  }

  leave(call) {
    call.leftAt = call.endedAt = this.world.nowMs;
  }

  end(call, end) {
    call.endedAt = this.world.nowMs;
    call.end = { ...end, status: undefined, checkpoint: undefined, result: undefined };
    const what = end.own ?? end.code ?? end.outcome ?? "a status";
    this.ends[what] = (this.ends[what] ?? 0) + 1;
    this.wrongs.push(...wrongsOf(this, call, end));
    return end;
  }

  /** A signal that aborts at any instant; some share one. */
  leaver(task, random) {
    const shared = this.#sharedLeaver;
    if (shared && !shared.signal.aborted && random.chance(0.5)) return shared;
    const controller = new AbortController();
    const { signal } = controller;
    for (const name of SIGNAL_LISTENERS) {
      const original = signal[name].bind(signal);
      signal[name] = (...given) => {
        this.#listeners += name === "addEventListener" ? 1 : -1;
        return original(...given);
      };
    }
    const reason = new Error("left");
    this.#reasons.add(reason);
    const abort = () => controller.abort(reason);
    // Some have left before they ask.
    if (random.chance(0.1)) abort();
    else if (random.chance(0.5)) this.world.timer(abort, random.of([0, random.between(0, 500), random.between(0, 60_000)]), "caller");
    else task.leaving = { stage: random.of(["sent", "arrived", "answered", "after"]), nth: random.between(1, 4), abort };
    // One whose stage never comes.
    this.world.timer(abort, 20 * 60_000, "caller");
    this.#sharedLeaver = controller;
    return controller;
  }

  /** A request of a task has come so far: some leave at that very point. */
  stage(task, stage) {
    const { leaving } = task;
    if (!leaving) return;
    if (leaving.stage === "after" ? stage !== "answered" : stage !== leaving.stage) return;
    if (--leaving.nth > 0) return;
    task.leaving = undefined;
    // After: when the package has read the answer, more or less.
    if (leaving.stage === "after") setImmediate(leaving.abort);
    else leaving.abort();
  }

  isLeaving = (error) => this.#reasons.has(error);

  isTaskError = (error) => this.entry.isHubSpotTaskError(error);

  /** Something that the package gives: it shows no secret. */
  comesOut(value, what) {
    const place = secretIn(value) ?? (value?.toJSON && secretIn(JSON.stringify(value)));
    if (place) this.wrongs.push(`${what} shows a secret: ${place}${value?.code ? ` of ${value.code} ${value.httpStatus ?? ""}` : ""}`);
  }

  // All of it.

  async play() {
    const { plan } = this;
    const ends = plan.tasks.map(() => undefined);
    this.add(this.warm);
    if (plan.tokens === "function") this.simulator.tokens = this.#accepted;
    const all = this.#playAll(ends);
    const isOver = await this.world.run();
    if (!isOver) this.wrongs.push("time never ends: somebody sets timers for ever");
    const failure = await Promise.race([all, new Promise((resolve) => setImmediate(() => resolve("unsettled")))]);
    if (failure instanceof Error) throw failure;
    this.#judge(ends);
    return {
      story: () => this.#story(),
      wrongs: [...this.wrongs, ...this.server.wrongs].map((wrong) => `seed ${plan.seed}: ${wrong}`),
      requests: this.server.records.length,
      faults: this.server.records.map(({ fault }) => fault).filter(Boolean),
      ends: this.ends,
      tasks: plan.tasks.length,
      virtualMs: this.world.nowMs,
    };
  }

  /** All that happened, for whoever looks for what went wrong. */
  #story() {
    const ofTask = ({ name, plan, records, calls = [] }) => ({
      name,
      journey: plan.journey,
      outcome: plan.outcome,
      stop: plan.stop?.fault.name,
      events: [
        ...records.map(({ client, sentAt, arrivedAt, deliveredAt, abortedAt, fault, means }) => ({ at: sentAt, by: client.whose, arrivedAt, deliveredAt, abortedAt, fault, means })),
        ...calls.map(({ name, beganAt, endedAt, timeoutMs, end }) => ({ at: beganAt, name, endedAt, timeoutMs, end })),
      ].sort((one, other) => one.at - other.at),
    });
    return { plan: { ...this.plan, tasks: undefined }, tasks: this.tasks.map(ofTask) };
  }

  async #playAll(ends) {
    // A good answer to each client comes first: a set-up that works is what is tried here.
    for (const { client } of this.clients) await client.folderUpdates.status(this.warm.id);
    await Promise.all(this.tasks.map(async (task, number) => (ends[number] = await follow(this, task))));
    // Who has just left had a turn of no time.
    await this.world.sleep(1, "caller");
    for (const { whose } of this.clients) {
      const timers = this.world.timersOf(whose);
      if (timers > 0) this.wrongs.push(`${whose}: ${timers} timers left`);
    }
  }

  #judge(ends) {
    const { plan, wrongs } = this;
    for (const { name, endedAt } of this.calls) if (endedAt === undefined) wrongs.push(`${name}: never settles`);
    ends.forEach((end, number) => {
      const { name, plan: of } = this.tasks[number];
      const is = end && (end.code ?? end.outcome);
      const right = of.stop?.fault.code ?? { failed: "FAILED", canceled: "CANCELED" }[of.outcome] ?? of.outcome;
      const isRight = is === right || (end?.isStep && end.outcome === of.outcome) || (!of.stop && end?.outcome === of.outcome);
      if (!isRight) wrongs.push(`${name}: ends as ${is ?? "nothing"}, and is ${right}`);
    });
    for (const seat of this.clients) {
      if (seat.events === 0) wrongs.push(`${seat.whose}: no event`);
      const { rateLimit = { requests: 100, perMs: 10_000 } } = plan.options;
      if (!rateLimit || isFast(plan.clock)) continue;
      const arrivals = this.server.records.filter(({ client }) => client === seat).flatMap(({ arrivedAt }) => arrivedAt ?? []);
      const tooMany = exceeds(arrivals, rateLimit);
      if (tooMany) wrongs.push(`${seat.whose}: ${tooMany}`);
    }
    wrongs.push(...tooSoon(this));
    if (this.server.underWay > 0) wrongs.push(`${this.server.underWay} requests left under way`);
    if (this.#listeners !== 0) wrongs.push(`${this.#listeners} listeners left at signals`);
  }
}
