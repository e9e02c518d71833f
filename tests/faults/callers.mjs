// How callers follow a task to its end, as users' programs do: whoever is told that asking again may help asks again.
import { START_MS } from "./world.mjs";

const SERVICES = { fileImport: "fileImports", folderUpdate: "folderUpdates", export: "exports", sourceCodeExtract: "sourceCodeExtracts" };

/** More often nobody asks again. */
const MOST_ATTEMPTS = 300;

const CALLER = "caller";

/** What a handler of a caller's throws. */
const THROWN = new Error("thrown by onStatus");

/** Follows one task; gives how it ended: `{ outcome }` or `{ code }`. */
export async function follow(run, task) {
  const { random } = task;
  await run.world.sleep(task.plan.beginsAtMs, CALLER);
  run.add(task);
  const trip = new Trip(run, task, random);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const end = await JOURNEYS[task.plan.journey](trip, attempt);
    const isOver = end && run.isFinal(task, end);
    if (isOver) return end;
    if (end?.retryAfterMs) await run.world.sleep(end.retryAfterMs, CALLER);
    else if (end) await run.world.sleep(random.between(1, 5_000), CALLER);
  }
  return { code: `no end after ${MOST_ATTEMPTS} attempts` };
}

/** Each makes one attempt, and gives how it ended; undefined where it left by itself. */
const JOURNEYS = {
  wait: (trip) => trip.wait(),

  /** A deadline that may be too short; afterwards another client goes on from the error's checkpoint. */
  async waitAndCarryOn(trip, attempt) {
    // One that is held back for a day comes to its end as well.
    const timeoutMs = attempt < 10 ? trip.random.of([0, 1_000, 30_000, 300_000]) : Infinity;
    const end = await trip.wait({ timeoutMs });
    trip.checkpoint = end.checkpoint ?? trip.checkpoint;
    trip.change();
    return end;
  },

  /** A signal, which may be shared with others, aborts at any instant. */
  async leave(trip, attempt) {
    if (attempt > 12) return trip.wait();
    const { signal } = trip.run.leaver(trip.task, trip.random);
    return trip.wait({ signal });
  },

  /** Handlers that are slow, or throw. */
  async listen(trip, attempt) {
    const throwsAt = attempt < 2 ? trip.random.between(1, 4) : Infinity;
    const slowMs = trip.random.of([0, 0, 3_000]);
    let heard = 0;
    const onStatus = () => {
      if (++heard === throwsAt) throw THROWN;
      if (slowMs > 0) return trip.run.world.sleep(slowMs, CALLER);
    };
    return trip.wait({ onStatus, slowMs });
  },

  iterate: (trip, attempt) => trip.iterate(Infinity, attempt < 2 ? trip.random.of([undefined, 1_000, 60_000]) : undefined),

  async breakOff(trip, attempt) {
    return trip.iterate(attempt < 4 ? trip.random.between(1, 3) : Infinity);
  },

  /** A queue's worker: one poll a job, each by another client, from a checkpoint in a column of JSON. */
  async work(trip) {
    trip.change();
    return trip.poll();
  },

  /** Several at once, and somebody who looks now and then. */
  async crowd(trip) {
    const { random } = trip;
    const looks = random.list(0, 3, async () => {
      await trip.run.world.sleep(random.between(0, 60_000), CALLER);
      return trip.look();
    });
    const short = trip.wait({ timeoutMs: random.between(0, 60_000), pace: 0.5 });
    const [end] = await Promise.all([trip.wait({ pace: 3 }), short, ...looks]);
    return end;
  },

  /** The process ends at any instant; another one has its last checkpoint. */
  async crash(trip, attempt) {
    if (attempt > 2) return trip.wait();
    const { signal } = trip.run.leaver(trip.task, trip.random);
    const end = await trip.wait({ signal });
    trip.checkpoint = trip.keep(trip.handle().checkpoint());
    trip.change();
    return end;
  },
};

/** One caller of one task, who goes from client to client. */
class Trip {
  checkpoint;
  #client = 0;

  constructor(run, task, random) {
    Object.assign(this, { run, task, random });
  }

  change() {
    this.#client = (this.#client + 1) % this.run.clients.length;
  }

  get seat() {
    return this.run.clients[this.#client];
  }

  /** As a column of JSON has it. */
  keep(checkpoint) {
    this.run.comesOut(checkpoint, "a checkpoint");
    return JSON.parse(JSON.stringify(checkpoint));
  }

  handle() {
    const { client } = this.seat;
    const { family } = this.task.plan;
    const handle = this.checkpoint ? client.resume(this.checkpoint) : client[SERVICES[family]].task(this.task.id);
    // Until the end, since nobody can tell when one is collected, and a run is to be the same each time.
    this.run.held.push(handle);
    return handle;
  }

  /** One wait, of which everything is noted. */
  async wait({ slowMs = 0, onStatus, ...options } = {}) {
    const call = this.run.begin(this.seat, this.task, { kind: "wait", slowMs, ...options });
    const heard = (status) => {
      this.run.heard(call, status);
      return onStatus?.(status);
    };
    return this.#ends(call, this.handle().wait({ ...options, onStatus: heard }), ({ outcome, status, result }) => ({ outcome, status, result }));
  }

  async look() {
    const call = this.run.begin(this.seat, this.task, { kind: "look" });
    return this.#ends(call, this.handle().status(), (status) => ({ status }));
  }

  async iterate(most, timeoutMs) {
    const { run, task, seat } = this;
    const call = run.begin(seat, task, { kind: "iterate", ...(timeoutMs !== undefined && { timeoutMs }) });
    let heard = 0;
    try {
      for await (const status of this.handle().statuses({ timeoutMs })) {
        run.heard(call, status);
        if (++heard === most) {
          run.leave(call);
          break;
        }
      }
      return call.leftAt === undefined ? run.end(call, run.ofStatus(call)) : undefined;
    } catch (error) {
      return run.end(call, failed(run, error));
    }
  }

  async poll() {
    const { run, task, seat } = this;
    // Clocks that differ would make of a deadline's instant what nobody meant.
    const timeoutMs = run.plan.clock === "right" ? this.random.of([undefined, 30_000]) : undefined;
    this.checkpoint ??= this.keep(seat.client[SERVICES[task.plan.family]].task(task.id, { timeoutMs }).checkpoint());
    const deadlineAt = this.checkpoint.deadlineMs - START_MS;
    const call = run.begin(seat, task, { kind: "poll", deadlineAt });
    const end = await this.#ends(call, seat.client.poll(this.checkpoint), (step) => {
      const { outcome, status, result, fault, checkpoint, delayMs } = step;
      if (fault) run.comesOut(fault, "a fault");
      if (step.error) run.comesOut(step.error, "an error of a step");
      return { outcome, status, result, checkpoint, delayMs, isStep: true };
    });
    if (end.checkpoint) this.checkpoint = this.keep(end.checkpoint);
    if (end.outcome !== "running") return end;
    await run.world.sleep(end.delayMs, CALLER);
    return undefined;
  }

  async #ends(call, promise, read) {
    const { run } = this;
    try {
      return run.end(call, read(await promise));
    } catch (error) {
      return run.end(call, failed(run, error));
    }
  }
}

/** What a promise rejected with: an error of the package's, or one of the caller's own. */
function failed(run, error) {
  if (error === THROWN) return { own: "thrown" };
  if (run.isLeaving(error)) return { own: "left" };
  run.comesOut(error, "an error");
  if (!run.isTaskError(error)) return { code: `no error of the package's: ${String(error?.stack ?? error)}` };
  const { code, httpStatus, retryAfterMs, checkpoint, isRetryable } = error;
  return { code, httpStatus, retryAfterMs, isRetryable, checkpoint: checkpoint && JSON.parse(JSON.stringify(checkpoint)) };
}

