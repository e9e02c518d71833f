// What lies between a client and the simulator: the way there and back, and what goes wrong on it. Each request leaves a
// record of what its answer meant, and when the client had it.
import { FAULTS_PERCENT } from "./plan.mjs";
import { leakOf } from "./secrets.mjs";
import { VANISHED, drawFault } from "./table.mjs";
import { START_MS } from "./world.mjs";

const SERVER = "server";

export class Server {
  /** All requests of all clients, in the order in which they were sent. */
  records = [];
  /** What was wrong with requests themselves. */
  wrongs = [];
  #run;

  constructor(run) {
    this.#run = run;
  }

  /** One client's fetch. */
  fetchOf(client) {
    return (url, init) => this.#answer(client, url, init);
  }

  get underWay() {
    return this.records.filter(({ endedAt }) => endedAt === undefined).length;
  }

  async #answer(client, url, { headers, signal }) {
    const { plan } = this.#run;
    if (signal.aborted) this.wrongs.push("a request is sent with a signal that has aborted");
    const record = this.#note(client, url, headers);
    const { task, comes, leak } = record;
    const own = new Leaving();
    const comesBack = this.#travel(record, url, headers, own);
    const left = this.#left(record, signal, own);
    // Who has left hears nothing of it.
    comesBack.catch(() => {});
    left.catch(() => {});
    const isStalled = comes.breaks?.how === "stall";
    try {
      const response = await Promise.race([comesBack, left]);
      this.#run.stage(task, "answered");
      if (!isStalled) this.#end(record);
      return await shaped(plan.shape, response, leak(task.random), headers);
    } catch (reason) {
      this.#end(record);
      throw reason;
    }
  }

  /** What is known of a request when it is sent: who asks for what, and how that will go wrong. */
  #note(client, url, headers) {
    const task = this.#run.taskOf(decodeURIComponent(url.split("/").at(-2)));
    if (!task.isWarm && !this.#run.isWanted(client, task)) this.wrongs.push(`${task.name} is asked though nobody waits for it`);
    const fault = this.#faultOf(task, client);
    const token = headers.Authorization?.replace(/^Bearer /, "");
    const before = task.records.at(-1);
    const isRepeat = before?.means === "renews" && before.client === client;
    const leak = leakOf([isRepeat && before.token, token].filter(Boolean));
    const comes = fault?.comes(this.#run.faults, task.random, leak) ?? {};
    const { name, means, code, lastsMs } = fault ?? {};
    const record = { client, task, token, sentAt: this.#run.world.nowMs, fault: name, means, code, lastsMs, comes, leak };
    if (means === "passes" || means === "usual") record.holdsMs = heldBackMs(comes.headers?.["retry-after"]);
    this.records.push(record);
    task.records.push(record);
    this.#run.stage(task, "sent");
    return record;
  }

  /** Rejects when whoever sent the request leaves. */
  #left(record, signal, own) {
    return new Promise((_, reject) => {
      const leave = () => {
        record.abortedAt = record.endedAt = this.#run.world.nowMs;
        if (record.arrivedAt !== undefined) own.abort();
        reject(signal.reason);
      };
      // One signal serves several requests, one by one.
      record.unhear = () => signal.removeEventListener("abort", leave);
      signal.addEventListener("abort", leave);
    });
  }

  #end(record) {
    record.unhear();
    if (record.endedAt !== undefined) return;
    record.endedAt = record.deliveredAt = this.#run.world.nowMs;
  }

  /** There and back. */
  async #travel(record, url, headers, own) {
    const { world, plan, simulator } = this.#run;
    const { task, comes, leak } = record;
    const { random } = task;
    if (typeof comes === "string" && comes.startsWith("unsent")) {
      await world.sleep(random.between(1, 3_000), SERVER);
      throw comes === "unsent" ? new TypeError("fetch failed") : leakingError(leak(random), headers);
    }
    // It is counted when it arrives, whether somebody waits for it or not.
    await world.sleep(random.between(1, plan.jitterMs), SERVER);
    record.arrivedAt = world.nowMs;
    this.#run.stage(task, "arrived");
    if (record.abortedAt !== undefined) own.abort();
    const answers = this.#run.isAccepted(record.token);
    simulator.script(comes, { taskId: task.id });
    const asked = simulator.requests.length;
    const answer = simulator.fetch(url, { headers, signal: record.abortedAt === undefined ? own : undefined });
    if (!record.means || record.means === "usual") {
      record.isOver = answers && world.nowMs >= task.overAtMs;
      record.means = answers ? (record.isOver ? "over" : "running") : "renews";
    }
    // A fault may change a refusal, too.
    const isUsual = typeof comes === "object" && comes.status === undefined && !comes.breaks;
    if (isUsual && !answers) record.means = "renews";
    else if (record.means === "renews" && record.fault) this.#run.renew();
    const response = await answer;
    const seen = simulator.requests[asked];
    if (seen.status === 429 && record.means !== "pauses" && record.means !== "stops") this.wrongs.push("the server's limit was exceeded");
    await world.sleep(this.#wayBackMs(random), SERVER);
    return response;
  }

  #wayBackMs(random) {
    return random.weighed([[30, 5], [10, 80], [10, 400], [3, 1_500], [1, 6_000], [0.3, 40_000]]);
  }

  #faultOf(task, client) {
    const nth = ++task.requests;
    const { plan, random } = task;
    if (task.isWarm) return undefined;
    if (plan.stop && nth >= plan.stop.at) return plan.stop.fault;
    if (nth === plan.vanishesAt) return { ...VANISHED, code: VANISHED.codeOf(plan.family), comes: (f) => VANISHED.comes(f, plan.family) };
    const last = task.records.at(-1);
    if (last?.means === "renews" || !random.chance(FAULTS_PERCENT / 100)) return undefined;
    const fault = drawFault(random, this.#run.plan.tokens === "function");
    // What comes twice in a row may mean something else than what comes once. A request that was broken off is no answer,
    // and another client's is none to this one.
    const before = task.records.findLast((one) => one.client === client && one.abortedAt === undefined);
    return fault.name === before?.fault ? undefined : fault;
  }
}

/** For how long an answer holds its task back: in whole seconds, else not known here. */
const heldBackMs = (header) => (/^\d+$/.test(header ?? "") ? Number(header) * 1_000 : undefined);

/** A signal for the simulator: an AbortController weighs more than all else here. */
class Leaving {
  aborted = false;
  reason = new Error("left");
  #listeners = new Set();

  addEventListener(_, listener) {
    this.#listeners.add(listener);
  }

  removeEventListener(_, listener) {
    this.#listeners.delete(listener);
  }

  abort() {
    this.aborted = true;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** What other clients throw: an error with all of the request in it. */
function leakingError(text, headers) {
  return Object.assign(new Error(`request failed: ${text}`, { cause: new Error(text) }), {
    config: { headers },
    request: { headers: { ...headers }, text },
  });
}

const LIMITS = ["max", "remaining", "interval-milliseconds"].map((name) => `x-hubspot-ratelimit-${name}`);
const HEADERS = ["content-type", "date", "retry-after", "location", ...LIMITS];

/** An answer as several clients give it. */
async function shaped(shape, response, leak, sent) {
  if (shape === "response") return response;
  const { status } = response;
  const headers = Object.fromEntries(HEADERS.flatMap((name) => (response.headers.get(name) === null ? [] : [[name, response.headers.get(name)]])));
  const text = await response.text();
  if (shape === "undici") return { statusCode: status, headers, body: { text: async () => text, json: async () => JSON.parse(text) } };
  const plain = { status, headers, body: text };
  if (shape === "plain" || status < 300) return plain;
  throw Object.assign(new Error(`Request failed with status code ${status}`), { response: plain, config: { headers: sent }, note: leak });
}

/** The simulator's clock is right. */
export const serversClock = (world) => ({
  now: () => START_MS + world.nowMs,
  setTimeout: (callback, ms) => world.timer(callback, ms, SERVER),
  clearTimeout: (timer) => world.clear(timer),
});
