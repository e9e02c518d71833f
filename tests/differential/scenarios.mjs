// Scenarios, made from seeds: who does what when, and what the server says. What their fields mean: player/scenario.rs.
import { detailsStory, hopelessStory, story } from "./answers.mjs";
import { Random } from "./random.mjs";
import { START_MS } from "./world.mjs";

const FAMILIES = ["fileImport", "folderUpdate", "export", "sourceCodeExtract"];

const API_VERSIONS = ["2026-03", "v3", "2025-09"];

/** Long enough for all but the longest waits, of which the beginning is seen. */
const HORIZON_MS = 600_000;

export function scenarioOf(seed) {
  const random = new Random(seed);
  const clients = random.list(1, random.chance(0.3) ? 2 : 1, () => newClient(random));
  const hasTokens = clients.some(({ token }) => token !== null);
  const works = random.chance(0.93);
  const newTask = (place) => {
    const family = random.of(FAMILIES);
    const answers = works ? story(random, family, hasTokens) : hopelessStory(random);
    return { family, id: String(1_000 + 7 * place), answers, details: detailsStory(random) };
  };
  const tasks = random.list(1, random.weighed([[3, 2], [2, 4], [1, 12]]), newTask);
  const turns = newTurns(random, clients, tasks);
  return { seed, horizonMs: HORIZON_MS, apiVersions: API_VERSIONS, clients, tasks, turns };
}

function newClient(random) {
  const minIntervalMs = random.of([250, 1_000, 1_000, 2_000]);
  const learns = random.chance(0.9);
  return {
    apiVersion: random.of(API_VERSIONS),
    pace: random.of([0.5, 1, 1, 2, 3.7]),
    minIntervalMs,
    maxIntervalMs: minIntervalMs + random.of([0, 4_000, 59_000]),
    timeoutMs: random.weighed([[1, 20_000], [3, 120_000], [3, 900_000], [1, null]]),
    requestTimeoutMs: random.weighed([[1, 400], [2, 2_500], [4, 30_000]]),
    rateLimit: random.weighed([
      [3, { requests: 100, perMs: 10_000 }],
      [3, { requests: random.between(1, 5), perMs: random.of([500, 2_000, 10_000]) }],
      [1, null],
    ]),
    maxConcurrent: random.weighed([[3, 20], [1, 1], [1, 2]]),
    learns,
    learned: learns && random.chance(0.3) ? newLearned(random) : {},
    observes: random.chance(0.5),
    token: random.chance(0.4) ? newToken(random) : null,
  };
}

const newLearned = (random) =>
  Object.fromEntries(
    FAMILIES.map((family) => {
      const durations = () => random.list(0, 30, () => random.between(1, 40) / 2);
      return [family, { whole: durations(), processing: durations() }];
    }),
  );

/** A token function, which throws where it gives null. */
const newToken = (random) => ({
  afterMs: random.weighed([[4, 0], [2, 20], [1, 1_000], [0.3, 50_000]]),
  gives: [...random.list(0, 5, (nth) => random.weighed([[10, `token-${nth}`], [2, "token-0"], [1, null]])), "token-last"],
});

/** Half of all turns are in the first seconds, and at round instants. */
function newTurns(random, clients, tasks) {
  const someTime = () =>
    random.weighed([[2, 0], [3, 250 * random.between(0, 40)], [3, 500 * random.between(0, 120)], [2, random.between(0, 240_000)]]);
  const instants = new Set([0, ...random.list(2, 12, someTime)]);
  const writer = new Writer(random, clients, tasks);
  return [...instants]
    .sort((one, other) => one - other)
    .map((atMs) => ({ atMs, acts: writer.turn() }));
}

/** Writes what callers do. */
class Writer {
  #random;
  #clients;
  #tasks;
  #calls = 0;

  constructor(random, clients, tasks) {
    this.#random = random;
    this.#clients = clients;
    this.#tasks = tasks;
  }

  /**
   * What is done in one turn of the host's. An iterator begins to wait some microtasks later than others: it comes alone.
   * Those who leave come last, and began before: the package's loop takes in what begins before what ends, and nothing of
   * a call that did both; the crate's takes in all of it, in its order.
   */
  turn() {
    const random = this.#random;
    if (random.chance(0.2)) return [this.#call("watch")];
    const earlier = this.#calls;
    const acts = random.list(1, random.weighed([[2, 1], [3, 3], [1, 8]]), () => this.#act(earlier));
    return acts.sort((one, other) => (one.do === "leave") - (other.do === "leave"));
  }

  #act(earlier) {
    const random = this.#random;
    const kind = random.weighed([[6, "wait"], [3, "status"], [2, "poll"], [earlier > 0 ? 3 : 0, "leave"]]);
    return kind === "leave" ? { do: kind, call: random.between(0, earlier - 1) } : this.#call(kind);
  }

  #call(kind) {
    const random = this.#random;
    const about = { do: kind, call: this.#calls++, client: random.between(0, this.#clients.length - 1), of: this.#source() };
    if (kind === "status") return about;
    if (kind === "poll") return { ...about, rounds: random.of([1, 1, 3, 10]) };
    return {
      ...about,
      pace: random.chance(0.3) ? random.of([0.5, 1, 2, 5]) : null,
      timeoutMs: random.weighed([[5, null], [0.5, 0], [2, random.of([500, 1_000, 5_000, 20_000])], [2, random.between(1, 90_000)]]),
      leavesAfter: random.chance(0.2) ? random.between(1, 3) : null,
    };
  }

  #source() {
    const random = this.#random;
    const task = random.between(0, this.#tasks.length - 1);
    return random.weighed([
      [8, () => ({ task })],
      [1, () => ({ from: random.between(0, this.#clients.length - 1), task, timeoutMs: random.of([null, 0, 3_000, 60_000]) })],
      [1, () => ({ checkpoint: this.#checkpoint(task) })],
    ])();
  }

  /** What another process left, perhaps long ago. */
  #checkpoint(task) {
    const random = this.#random;
    const { family, id: taskId } = this.#tasks[task];
    const instant = (least, most) => START_MS + random.between(least, most);
    return {
      version: 1,
      family,
      taskId,
      apiVersion: random.of(API_VERSIONS),
      ...(random.chance(0.7) && { polls: random.weighed([[2, random.between(0, 40)], [1, random.of([21, 22, 23])]]) }),
      ...(random.chance(0.4) && { faults: random.between(0, 5) }),
      ...(random.chance(0.4) && { queued: random.chance(0.5) }),
      ...(random.chance(0.8) && { startedMs: instant(-600_000, 10_000) }),
      ...(random.chance(0.4) && { processingMs: instant(-60_000, 10_000) }),
      ...(random.chance(0.5) && { dueMs: instant(-10_000, 30_000) }),
      ...(random.chance(0.3) && { deadlineMs: instant(-5_000, 90_000) }),
    };
  }
}
