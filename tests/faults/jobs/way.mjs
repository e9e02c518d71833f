// What lies between a client and the simulator in a run of jobs, and between a download and the host of files: the way there
// and back, and what goes wrong on it. Each request leaves a record.
import { leakOf, secretIn } from "../secrets.mjs";
import { STATUS_FAULTS_PERCENT } from "./plan.mjs";
import { drawFileFault, drawStartFault, drawStatusFault } from "./table.mjs";

const SERVER = "server";

const wayBackMs = (random) => random.weighed([[30, 5], [10, 80], [10, 400], [3, 1_500], [1, 6_000], [0.3, 40_000]]);

export class Way {
  /** All requests of all clients and downloads, in the order in which they were sent. */
  records = [];
  wrongs = [];
  #run;
  #lastStartMs = 0;

  constructor(run) {
    this.#run = run;
  }

  get underWay() {
    return this.records.filter(({ isOpen }) => isOpen).length;
  }

  #note(fields) {
    const record = { sentAt: this.#run.world.nowMs, isOpen: true, ...fields };
    this.records.push(record);
    return record;
  }

  // The API.

  /** A client's fetch. */
  fetchOf(seat) {
    return async (url, init) => {
      if (url.includes("signature=")) this.wrongs.push("a client asks for a file");
      const marker = init.method === "POST" ? await this.#run.markerIn(init.body) : undefined;
      const job = marker === undefined ? this.#run.jobAt(url) : this.#run.jobOf(marker);
      const record = this.#note({ seat, job, marker, call: marker === undefined ? "status" : "start", url });
      record.token = init.headers.Authorization?.replace(/^Bearer /, "");
      this.#run.stage(job, "sent");
      return this.#raced(record, init.signal, (own) => (marker === undefined ? this.#asked(record, init, own) : this.#started(record, init, own)));
    };
  }

  /** What comes of a request, unless whoever sent it leaves before. */
  async #raced(record, signal, send) {
    const { world } = this.#run;
    const own = new AbortController();
    let leave;
    const left = new Promise((_, reject) => {
      leave = () => {
        Object.assign(record, { abortedAt: world.nowMs, isOpen: false });
        if (record.arrivedAt !== undefined) own.abort();
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave);
    });
    left.catch(() => {});
    const comes = send(own);
    comes.catch(() => {});
    try {
      const response = await Promise.race([comes, left]);
      Object.assign(record, { deliveredAt: world.nowMs, isOpen: false });
      this.#run.stage(record.job, "answered");
      // A body that stalls is left by the same signal.
      if (record.fault?.includes("stalled")) return response;
      signal.removeEventListener("abort", leave);
      return response;
    } catch (reason) {
      signal.removeEventListener("abort", leave);
      record.isOpen = false;
      throw reason;
    }
  }

  /** A start: it arrives, whoever left meanwhile, and is carried out or not. */
  async #started(record, { headers, body }, own) {
    const { world, plan, simulator, faults, tokens } = this.#run;
    const { job, url, token } = record;
    const { random } = job;
    const fault = random.chance(plan.startFaultsPercent / 100) ? drawStartFault(random) : undefined;
    // One after the other, so that each gets the answer that is meant for it.
    this.#lastStartMs = Math.max(this.#lastStartMs + 1, world.nowMs + random.between(1, plan.jitterMs));
    await world.sleep(this.#lastStartMs - world.nowMs, SERVER);
    record.arrivedAt = world.nowMs;
    this.#run.stage(job, "arrived");
    const isAccepted = tokens.isAccepted(token);
    const comes = fault?.comes(faults, random) ?? {};
    const isOfUsual = fault?.told === "started" || (typeof comes === "object" && comes.status === undefined && !comes.carriedOut);
    Object.assign(record, { fault: fault?.name, told: fault ? fault.told : "started", lastsMs: fault?.lastsMs });
    if (!isAccepted && isOfUsual) record.told = fault ? undefined : "renews";
    if (fault?.told === "renews") tokens.renew();
    simulator.script(comes, { call: "start", family: job.plan.family });
    const response = await simulator.fetch(url, { method: "POST", headers, body, signal: own.signal });
    await world.sleep(wayBackMs(random), SERVER);
    return response;
  }

  /** A status, details, or a page of errors. */
  async #asked(record, { headers }, own) {
    const { world, plan, simulator, faults, tokens } = this.#run;
    const { job, url, token } = record;
    const { random } = job;
    const last = job.last;
    const fault = job.isWarm || last?.means === "renews" || !random.chance(STATUS_FAULTS_PERCENT / 100) ? undefined : drawStatusFault(random, tokens.isFunction);
    // What comes twice in a row may mean something else than what comes once.
    const used = fault?.name === last?.name ? undefined : fault;
    job.last = used;
    const comes = used?.comes(faults, random, leakOf([token].filter(Boolean))) ?? {};
    Object.assign(record, { fault: used?.name, lastsMs: used?.lastsMs });
    if (typeof comes === "string" && comes.startsWith("unsent")) {
      await world.sleep(random.between(1, 3_000), SERVER);
      throw new TypeError("fetch failed");
    }
    await world.sleep(random.between(1, plan.jitterMs), SERVER);
    record.arrivedAt = world.nowMs;
    this.#run.stage(job, "arrived");
    if (used?.means === "renews") tokens.renew();
    if (record.abortedAt !== undefined) throw new Error("left");
    simulator.script(comes, { taskId: job.taskId });
    const response = await simulator.fetch(url, { headers, signal: own.signal });
    await world.sleep(wayBackMs(random), SERVER);
    return response;
  }

  // The host of files.

  /** The fetch of one download. */
  fileFetchOf(bring) {
    return async (url, init) => {
      const { job } = bring;
      const headers = Object.fromEntries(Object.entries(init.headers).map(([name, value]) => [name.toLowerCase(), value]));
      if (headers.authorization !== undefined || secretIn(headers)) {
        this.wrongs.push(`${bring.name}: the file's host is shown a token`);
      }
      const record = this.#note({ bring, job, call: "download", range: headers.range });
      bring.records.push(record);
      this.#run.stage(job, "sent");
      return this.#raced(record, init.signal, () => this.#file(record, url, headers, init.signal));
    };
  }

  async #file(record, url, headers, signal) {
    const { world, plan, simulator, faults } = this.#run;
    const { job } = record;
    const { random } = job;
    const fault = random.chance(plan.fileFaultsPercent / 100) ? drawFileFault(random) : undefined;
    const comes = fault?.comes(faults, random, headers.range !== undefined) ?? {};
    Object.assign(record, { fault: fault?.name, means: fault?.means });
    if (comes === "unsent") {
      await world.sleep(random.between(1, 3_000), SERVER);
      throw new TypeError("fetch failed");
    }
    await world.sleep(random.between(1, plan.jitterMs), SERVER);
    record.arrivedAt = world.nowMs;
    this.#run.stage(job, "arrived");
    signal.throwIfAborted();
    simulator.script(comes, { call: "download", taskId: job.taskId });
    const response = await simulator.fetch(url, { headers, signal });
    await world.sleep(wayBackMs(random), SERVER);
    record.status = response.status;
    return new Response(this.#noted(record, response.body, signal), { status: response.status, headers: response.headers });
  }

  /** A body that is known to be open until it is read, canceled or given up. */
  #noted(record, body, signal) {
    if (!body) return null;
    const reader = body.getReader();
    record.isBodyOpen = !signal.aborted;
    const close = () => (record.isBodyOpen = false);
    signal.addEventListener("abort", close, { once: true });
    const source = {
      async pull(stream) {
        const { done, value } = await reader.read().catch((reason) => {
          close();
          throw reason;
        });
        if (!done) return stream.enqueue(value);
        close();
        return stream.close();
      },
      cancel(reason) {
        close();
        return reader.cancel(reason);
      },
    };
    return new ReadableStream(source, { highWaterMark: 0 });
  }
}
