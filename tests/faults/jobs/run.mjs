// One run of jobs on virtual time: clients, the simulator, and everybody who starts a task and brings what it made. Gives what
// was wrong, and counts.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../differential/random.mjs";
import { clockOf } from "../clocks.mjs";
import { exceeds } from "../judge.mjs";
import { secretIn } from "../secrets.mjs";
import { serversClock } from "../server.mjs";
import { World, settledWithFiles } from "../world.mjs";
import { doJob } from "./callers.mjs";
import { wrongsOfBring, wrongsOfJob, wrongsOfStart } from "./judge.mjs";
import { jobsPlanOf } from "./plan.mjs";
import { markerIn } from "./requests.mjs";
import { Tokens } from "./tokens.mjs";
import { truthOf } from "./truth.mjs";
import { Way } from "./way.mjs";

const SIGNAL_LISTENERS = { addEventListener: "add", removeEventListener: "delete" };

export async function runJobs(entry, results, simulatorEntry, seed, jobs) {
  const folder = await mkdtemp(join(tmpdir(), "jobs-"));
  try {
    return await new JobsRun(entry, results, simulatorEntry, jobsPlanOf(seed, jobs), folder).play();
  } finally {
    await rm(folder, { recursive: true });
  }
}

class JobsRun {
  world = new World(settledWithFiles);
  wrongs = [];
  /** Handles of tasks. */
  held = [];
  starts = [];
  brings = [];
  ends = {};
  /** When each signal aborted. */
  abortedAt = new Map();
  markerIn = markerIn;
  #listeners = new Set();
  #reasons = new Set();

  constructor(entry, results, { createSimulator, faults }, plan, folder) {
    Object.assign(this, { entry, results, faults, plan, folder });
    this.simulator = createSimulator({
      clock: serversClock(this.world),
      seed: plan.seed,
      startedTask: ({ request }) => this.jobOf(request.marker).plan.simulated,
      ...plan.simulator,
    });
    this.way = new Way(this);
    this.tokens = new Tokens(this, plan.tokens);
    this.jobs = plan.jobs.map((of, number) => this.#newJob(of, `job ${number}, ${of.family}`, number));
    this.warm = { ...this.#newJob({ family: "folderUpdate" }, "the first task"), isWarm: true };
    this.warm.taskId = this.simulator.addTask("folderUpdate");
    this.seats = [0, 1].map((number) => this.#newSeat(number));
  }

  #newJob(plan, name, number) {
    return { plan, name, number, random: new Random(plan.seed ?? 0), results: [], errorReads: [], brings: [], calls: 0 };
  }

  #newSeat(number) {
    const { plan, world } = this;
    const whose = `client ${number}`;
    const random = new Random(plan.seed + number);
    const client = new this.entry.HubSpotTasks({
      ...plan.options,
      clock: clockOf("right", random, world, whose),
      fetch: this.way.fetchOf({ whose }),
      token: this.tokens.optionOf(random),
      onEvent: (event) => this.#comesOut(event, "an event"),
    });
    return { whose, client };
  }

  // Jobs, and what is known of them.

  /** A mark is `JOB-CALL`. */
  jobOf(marker) {
    return this.jobs[Number(marker.split("-")[0])];
  }

  /** That whose task a URL is of. */
  jobAt(url) {
    const segments = url.split(/[/?]/).map(decodeURIComponent);
    const isOf = ({ taskId }) => taskId !== undefined && segments.includes(taskId);
    const start = this.simulator.starts.find(isOf);
    const job = start ? this.jobOf(start.request.marker) : this.warm;
    job.taskId ??= start?.taskId;
    return job;
  }

  /** The tasks that a call of start() started. */
  startsOf({ marker }) {
    return this.simulator.starts.filter(({ request }) => request.marker === marker);
  }

  // Calls.

  beginStart(job, seat) {
    const marker = `${job.number}-${++job.calls}`;
    const kind = job.plan.isRun ? "run" : "start";
    const call = { job, seat, marker, kind, name: `${kind} ${marker} of ${job.name} by ${seat.whose}`, beganAt: this.world.nowMs };
    this.starts.push(call);
    return call;
  }

  endStart(call, end) {
    Object.assign(call, { end, endedAt: this.world.nowMs });
    if (end.outcome) call.job.results.push(end.result);
    this.#count(`${call.kind}: ${this.#wordOf(end)}`);
  }

  beginBring(job, kind, attempt) {
    const seat = job.random.of(this.seats);
    const name = `${kind} ${job.brings.length + 1}.${attempt + 1} of ${job.name}`;
    const call = { job, seat, kind, attempt, name, records: [], beganAt: this.world.nowMs };
    this.brings.push(call);
    job.brings.push(call);
    return call;
  }

  endBring(call, end) {
    Object.assign(call, { end, endedAt: this.world.nowMs });
    this.#count(`${call.kind}: ${this.#wordOf(end)}`);
  }

  #wordOf({ isWhole, isCanceled, isLeft, taskId, outcome, code }) {
    return isWhole ? "whole" : isCanceled ? "canceled" : isLeft ? "left" : (code ?? outcome ?? (taskId && "started"));
  }

  #count(what) {
    this.ends[what] = (this.ends[what] ?? 0) + 1;
  }

  /** What a promise rejected with: an error of the package's, or the caller's own. */
  failed(error) {
    if (this.#reasons.has(error)) return { isLeft: true };
    this.#comesOut(error, "an error");
    if (!this.entry.isHubSpotTaskError(error)) {
      this.wrongs.push(`no error of the package's: ${String(error?.stack ?? error)}`);
      return { code: "none of the package's", message: String(error) };
    }
    const { code, taskId, retryAfterMs, isRetryable, message } = error;
    return { code, taskId, retryAfterMs, isRetryable, message };
  }

  #comesOut(value, what) {
    const place = secretIn(value) ?? (value?.toJSON && secretIn(JSON.stringify(value)));
    if (place) this.wrongs.push(`${what} shows a secret: ${place}${value?.code ? ` of ${value.code}` : ""}`);
  }

  // Who leaves.

  leaver = (job) => this.leaverOf(job).signal;

  /** A signal that aborts at an instant, or when a request of the job has come so far. */
  leaverOf(job) {
    const { random } = job;
    const controller = new AbortController();
    const { signal } = controller;
    for (const [name, change] of Object.entries(SIGNAL_LISTENERS)) {
      const original = signal[name].bind(signal);
      signal[name] = (type, listener, ...given) => {
        this.#listeners[change](listener);
        return original(type, listener, ...given);
      };
    }
    const reason = new Error("left");
    this.#reasons.add(reason);
    const abort = () => {
      if (!signal.aborted) this.abortedAt.set(signal, this.world.nowMs);
      controller.abort(reason);
    };
    const way = random.of(["at once", "soon", "later", "stage", "stage", "never"]);
    if (way === "at once") abort();
    if (way === "soon") this.world.timer(abort, random.between(0, 600), "caller");
    if (way === "later") this.world.timer(abort, random.between(0, 60_000), "caller");
    job.leaving = way === "stage" ? { stage: random.of(["sent", "arrived", "answered"]), nth: random.between(1, 3), abort } : undefined;
    return { signal, abort };
  }

  /** A request of a job has come so far: some leave at that very point. */
  stage(job, stage) {
    const { leaving } = job;
    if (leaving?.stage !== stage || --leaving.nth > 0) return;
    job.leaving = undefined;
    leaving.abort();
  }

  // All of it.

  async play() {
    const all = this.#playAll();
    if (!(await this.world.run())) this.wrongs.push("time never ends: somebody sets timers for ever");
    const end = await Promise.race([all.then(() => "settled", (failure) => failure), new Promise((resolve) => setImmediate(() => resolve("unsettled")))]);
    if (end instanceof Error) throw end;
    if (end === "unsettled") this.wrongs.push("a job never ends");
    const requests = this.way.records.length;
    await this.#judge();
    return {
      story: () => this.#story(),
      wrongs: [...this.wrongs, ...this.way.wrongs].map((wrong) => `jobs, seed ${this.plan.seed}: ${wrong}`),
      requests,
      faults: this.way.records.map(({ fault }) => fault).filter(Boolean),
      ends: this.ends,
      tasks: this.jobs.length,
      starts: this.starts.length,
      brings: this.brings.length,
    };
  }

  async #playAll() {
    // A good answer to each client comes first: a set-up that works is what is tried here.
    for (const { client } of this.seats) await client.folderUpdates.status(this.warm.taskId);
    await Promise.all(this.jobs.map((job) => doJob(this, job)));
    // Who has just left had a turn of no time.
    await this.world.sleep(1, "caller");
    for (const whose of [...this.seats.map((seat) => seat.whose), "downloads"]) {
      const timers = this.world.timersOf(whose);
      if (timers > 0) this.wrongs.push(`${whose}: ${timers} timers left`);
    }
    const open = this.way.records.filter(({ isBodyOpen }) => isBodyOpen).length;
    if (open > 0) this.wrongs.push(`${open} connections to the file's host left open`);
    if (this.way.underWay > 0) this.wrongs.push(`${this.way.underWay} requests left under way`);
    if (this.#listeners.size > 0) this.wrongs.push(`${this.#listeners.size} listeners left at signals`);
  }

  async #judge() {
    const { simulator, wrongs, plan } = this;
    const isLeak = ({ call, headers }) => call === "download" && headers.authorization !== undefined;
    if (simulator.requests.some(isLeak)) wrongs.push("the simulator's host of files got a token");
    if (simulator.starts.length > this.starts.length) wrongs.push(`${this.starts.length} calls started ${simulator.starts.length} tasks`);
    if (plan.options.rateLimit) {
      for (const { whose } of this.seats) {
        const arrivals = this.way.records.filter(({ seat }) => seat?.whose === whose).flatMap(({ arrivedAt }) => arrivedAt ?? []);
        const tooMany = exceeds(arrivals, plan.options.rateLimit);
        if (tooMany) wrongs.push(`${whose}: ${tooMany}`);
      }
    }
    simulator.tokens = undefined;
    for (const call of this.starts) wrongs.push(...wrongsOfStart(this, call));
    for (const job of this.jobs) {
      const truth = job.taskId === undefined ? {} : await truthOf(simulator, job.plan.family, job.taskId);
      wrongs.push(...wrongsOfJob(job, truth));
      for (const call of job.brings) wrongs.push(...wrongsOfBring(call, truth.file));
    }
  }

  /** All that happened, for whoever looks for what went wrong. */
  #story() {
    const ofCall = ({ name, marker, beganAt, endedAt, end, progress }) => ({ at: beganAt, name, marker, endedAt, end, progress: progress?.length });
    const ofRecord = ({ call, seat, sentAt, arrivedAt, deliveredAt, abortedAt, fault, told, means, range, status }) =>
      ({ at: sentAt, call, by: seat?.whose, arrivedAt, deliveredAt, abortedAt, fault, told, means, range, status });
    const ofJob = (job) => ({
      name: job.name,
      plan: job.plan,
      taskId: job.taskId,
      end: job.end,
      events: [
        ...this.starts.filter((call) => call.job === job).map(ofCall),
        ...job.brings.map(ofCall),
        ...this.way.records.filter((record) => record.job === job).map(ofRecord),
      ].sort((one, other) => one.at - other.at),
    });
    return { plan: { ...this.plan, jobs: undefined }, jobs: this.jobs.map(ofJob) };
  }
}
