// Runs over real sockets: the simulator as a server, Node's own fetch, real timers. What goes wrong here goes wrong in the
// connection itself. Gives what was wrong, and counts.
import { Random } from "../differential/random.mjs";
import { leakOf, newToken, secretIn } from "./secrets.mjs";
import { FAULTS_PERCENT } from "./plan.mjs";
import { FAULTS, drawStop } from "./table.mjs";

const FAMILIES = { fileImport: "fileImports", folderUpdate: "folderUpdates", export: "exports", sourceCodeExtract: "sourceCodeExtracts" };

/** So many tasks of one client, which has a server of its own. */
const TASKS_A_CLIENT = 50;

/** Real time is dear: short intervals, short tasks. */
const OPTIONS = {
  minIntervalMs: 20,
  maxIntervalMs: 150,
  requestTimeoutMs: 1_500,
  timeoutMs: Infinity,
  rateLimit: { requests: 60, perMs: 300 },
};

/** Those that may come at any time without costing seconds of pauses. */
const PASSING = FAULTS.filter(({ name, means, weight }) => weight && ["passes", "running", "usual"].includes(means) && !/Retry-After|423/.test(name));

/** How long a wait may take in all, before it counts as unsettled. */
const HANGS_MS = 120_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function runSockets(entry, simulatorEntry, seed, tasks) {
  const sums = { tasks: 0, requests: 0, faults: [], wrongs: [], ends: {} };
  const runs = Array.from({ length: Math.ceil(tasks / TASKS_A_CLIENT) }, (_, number) => number);
  // Two at a time: more would only wait for the processor.
  const worker = async () => {
    for (let number = runs.shift(); number !== undefined; number = runs.shift()) {
      const seen = await new SocketRun(entry, simulatorEntry, seed * 1_000 + number).play(Math.min(TASKS_A_CLIENT, tasks));
      sums.tasks += seen.tasks;
      sums.requests += seen.requests;
      sums.faults.push(...seen.faults);
      sums.wrongs.push(...seen.wrongs.map((wrong) => `sockets, seed ${seed}, client ${number}: ${wrong}`));
      for (const [what, count] of Object.entries(seen.ends)) sums.ends[what] = (sums.ends[what] ?? 0) + count;
    }
  };
  await Promise.all([worker(), worker()]);
  return sums;
}

class SocketRun {
  wrongs = [];
  faults = [];
  ends = {};
  #giveUp;
  #givenUp = new Promise((resolve) => {
    this.#giveUp = (why) => resolve(this.wrongs.push(why));
  });
  #tasks = new Map();
  #timers = new Set();
  #random;
  #seed;

  constructor(entry, simulatorEntry, seed) {
    this.entry = entry;
    this.hubspot = simulatorEntry;
    this.#seed = seed;
    this.#random = new Random(seed);
  }

  async play(count) {
    const { rateLimit } = OPTIONS;
    const window = this.#random.of(["sliding", "fixed"]);
    this.simulator = this.hubspot.createSimulator({ seed: this.#seed, tokens: [newToken(0)], rateLimit: { ...rateLimit, window } });
    const served = await this.hubspot.serveSimulator({ fetch: (url, init) => this.#answer(url, init) });
    this.client = new this.entry.HubSpotTasks({
      ...OPTIONS,
      baseUrl: served.url,
      token: newToken(0),
      clock: this.#clock(),
      onEvent: (event) => this.#comesOut(event),
      fetch: (url, init) => this.#send(url, init),
    });
    const first = this.#newTask({ family: "folderUpdate" });
    await this.client.folderUpdates.status(first.id);
    const all = Promise.all(Array.from({ length: count }, () => this.#follow(this.#newTask(this.#plan()))));
    const hangs = setTimeout(() => this.#giveUp("a task is not over after two minutes"), HANGS_MS);
    await Promise.race([all, this.#givenUp]);
    clearTimeout(hangs);
    await this.#judge();
    await served.close();
    const requests = this.simulator.requests.length;
    return { tasks: count, requests, faults: this.faults, wrongs: this.wrongs, ends: this.ends };
  }

  #plan() {
    const random = this.#random;
    const family = random.of(Object.keys(FAMILIES));
    const hasErrors = family !== "sourceCodeExtract";
    const outcome = random.weighed([[6, "succeeded"], [1, "canceled"], ...(hasErrors ? [[1, "succeededWithErrors"], [1, "failed"]] : [])]);
    const stop = random.chance(0.1) ? { fault: drawStop(random, false), at: random.between(1, 4) } : undefined;
    return { family, outcome, stop, pendingMs: random.between(0, 400), processingMs: stop ? Infinity : random.between(0, 800) };
  }

  #newTask(plan) {
    const { family, outcome, pendingMs, processingMs } = plan;
    const id = this.simulator.addTask(family, { outcome, pendingMs, processingMs });
    const task = { id, plan, requests: 0, wanted: 0, last: undefined };
    this.#tasks.set(id, task);
    return task;
  }

  /** Timers are counted. */
  #clock() {
    const timers = this.#timers;
    return {
      now: () => Date.now(),
      setTimeout(callback, ms) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          callback();
        }, ms);
        timers.add(timer);
        return timer;
      },
      clearTimeout(timer) {
        timers.delete(timer);
        clearTimeout(timer);
      },
    };
  }

  /** The client's fetch: Node's, but that some connections cannot be had. */
  async #send(url, init) {
    const task = this.#tasks.get(decodeURIComponent(url.split("/").at(-2)));
    if (task.plan.outcome && task.wanted === 0) this.wrongs.push(`${task.plan.family} is asked though nobody waits for it`);
    task.fault = this.#faultOf(task);
    const comes = task.fault?.comes(this.hubspot.faults, this.#random, leakOf([newToken(0)])) ?? {};
    if (task.fault) this.faults.push(task.fault.name);
    if (typeof comes === "string" && comes.startsWith("unsent")) {
      await sleep(this.#random.between(0, 30));
      throw comes === "unsent" ? new TypeError("fetch failed") : new Error(leakOf([newToken(0)])(this.#random));
    }
    task.comes = comes;
    return fetch(url, init);
  }

  #faultOf(task) {
    const { plan } = task;
    if (!plan.outcome) return undefined;
    const nth = ++task.requests;
    if (plan.stop && nth >= plan.stop.at) return plan.stop.fault;
    if (!this.#random.chance(FAULTS_PERCENT / 100)) return undefined;
    const fault = this.#random.weighed(PASSING.map((one) => [one.weight, one]));
    if (fault.name === task.last) return undefined;
    task.last = fault.name;
    return fault;
  }

  /** The server's side of it. */
  #answer(url, init) {
    const task = this.#tasks.get(decodeURIComponent(new URL(url).pathname.split("/").at(-2)));
    this.simulator.script(task.comes ?? {}, { taskId: task.id });
    task.comes = undefined;
    return this.simulator.fetch(url, init);
  }

  /** In one of several ways, to its end. */
  async #follow(task) {
    const random = this.#random;
    const { family } = task.plan;
    await sleep(random.between(0, 1_500));
    const handle = this.client[FAMILIES[family]].task(task.id);
    const way = random.of(["wait", "wait", "leave", "iterate", "work"]);
    task.wanted++;
    const end = await this.#ways[way](handle, task, random);
    task.wanted--;
    this.ends[end] = (this.ends[end] ?? 0) + 1;
    const right = task.plan.stop?.fault.code ?? task.plan.outcome;
    if (end !== right) this.wrongs.push(`a ${family} is ${right}, and ${way} tells ${end}`);
  }

  #ways = {
    wait: (handle) => this.#endOf(async () => (await handle.wait()).outcome),

    leave: async (handle, task, random) => {
      for (let times = 0; times < 3; times++) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), random.between(0, 300));
        const end = await this.#endOf(async () => (await handle.wait({ signal: controller.signal })).outcome);
        if (end !== "AbortError") return end;
      }
      return this.#endOf(async () => (await handle.wait()).outcome);
    },

    iterate: (handle, { plan }) =>
      this.#endOf(async () => {
        let ends = 0;
        let outcome;
        for await (const status of handle) {
          outcome = this.entry.outcomeOf(status, plan.family);
          if (outcome !== "running" && ++ends > 1) this.wrongs.push("an iterator tells the end twice");
        }
        return outcome;
      }),

    work: (handle) =>
      this.#endOf(async () => {
        let checkpoint = handle.checkpoint();
        for (;;) {
          const step = await this.client.poll(JSON.parse(JSON.stringify(checkpoint)));
          this.#comesOut(step.checkpoint);
          this.#comesOut(step.fault);
          if (step.outcome !== "running") return step.outcome;
          checkpoint = step.checkpoint;
          await sleep(step.delayMs);
        }
      }),
  };

  /** The outcome, or an error's code. */
  async #endOf(act) {
    try {
      return await act();
    } catch (error) {
      if (!this.entry.isHubSpotTaskError(error)) return error?.name ?? String(error);
      this.#comesOut(error);
      return { FAILED: "failed", CANCELED: "canceled" }[error.code] ?? error.code;
    }
  }

  #comesOut(value) {
    const place = secretIn(value) ?? (value?.toJSON && secretIn(JSON.stringify(value)));
    if (place) this.wrongs.push(`${value.code ?? "what comes out"} shows a secret: ${place}`);
  }

  async #judge() {
    const { simulator, wrongs } = this;
    // What was aborted is known to the server a little later.
    const isUnderWay = ({ status }) => status === undefined || status === "hang";
    // And who has just left had a turn of no time.
    for (let turns = 0; turns < 5 || (turns < 100 && simulator.requests.some(isUnderWay)); turns++) await sleep(20);
    const underWay = simulator.requests.filter(isUnderWay).length;
    if (underWay > 0) wrongs.push(`${underWay} requests left under way`);
    if (this.#timers.size > 0) wrongs.push(`${this.#timers.size} timers left`);
  }
}
