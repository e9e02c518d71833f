// How callers bring what a job made: an export's file in one of three ways, an import's errors page by page.
import { appendFile, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clockOf } from "../clocks.mjs";

const CALLER = "caller";
const MOST_ATTEMPTS = 6;

/** What stood under the final name before. */
export const BEFORE = "what was there before\n";

/** In one way, as often as it takes. */
export async function bring(run, job, kind, taskOrId) {
  const { random } = job;
  const path = join(run.folder, `${job.plan.seed}-${job.brings.length}.csv`);
  const isReplaced = random.chance(0.3);
  if (kind === "saveTo" && isReplaced) await writeFile(path, BEFORE);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const call = run.beginBring(job, kind, attempt);
    Object.assign(call, { path, before: isReplaced ? BEFORE : undefined, progress: [], parts: [], rows: [] });
    const options = optionsOf(run, call, attempt);
    await WAYS[kind](run, call, taskOrId, options).then(
      (end) => run.endBring(call, end),
      (error) => run.endBring(call, run.failed(error)),
    );
    if (kind === "saveTo") await look(call);
    if (!call.end.isLeft && !call.end.isRetryable) return;
    if (kind === "saveTo") await disturb(random, call);
    await run.world.sleep(random.between(1, 60_000), CALLER);
  }
}

function optionsOf(run, call, attempt) {
  const { job } = call;
  const { random } = job;
  const { signal, abort } = job.plan.leaves && attempt < 2 ? run.leaverOf(job) : {};
  call.signal = signal;
  const abortsAt = abort && random.chance(0.5) ? random.between(1, 4) : Infinity;
  return {
    ...(signal && { signal }),
    fetch: run.way.fileFetchOf(call),
    clock: clockOf("right", random, run.world, "downloads"),
    stallTimeoutMs: random.of([undefined, 1_000, 10_000]),
    onProgress(progress) {
      call.progress.push(progress);
      if (call.progress.length === abortsAt) abort();
    },
  };
}

const WAYS = {
  async download(run, call, taskOrId, options) {
    const { random } = call.job;
    const { body, size, isZipped } = await run.results.download(call.seat.client, taskOrId, options);
    const leavesAt = random.chance(0.1) ? random.between(0, 3) : Infinity;
    const slowMs = random.of([0, 0, 0, 500]);
    const reader = body.getReader();
    for (;;) {
      if (call.parts.length >= leavesAt) {
        await reader.cancel();
        return { isCanceled: true, size, isZipped };
      }
      const { done, value } = await reader.read();
      if (done) return { isWhole: true, size, isZipped };
      call.parts.push(value);
      if (slowMs > 0) await run.world.sleep(slowMs, CALLER);
    }
  },

  async rows(run, call, taskOrId, options) {
    const { random } = call.job;
    call.hasHeader = random.chance(0.5);
    const leavesAt = random.chance(0.1) ? random.between(1, 30) : Infinity;
    for await (const row of run.results.rows(call.seat.client, taskOrId, { ...options, header: call.hasHeader })) {
      call.rows.push(row);
      if (call.rows.length === leavesAt) return { isCanceled: true };
    }
    return { isWhole: true };
  },

  async saveTo(run, call, taskOrId, options) {
    const { size, isZipped } = await run.results.saveTo(call.seat.client, taskOrId, call.path, options);
    return { isWhole: true, size, isZipped };
  },
};

/** What a call of saveTo() left on the disk. */
async function look(call) {
  const read = (path, ...how) => readFile(path, ...how).catch(() => undefined);
  call.saved = await read(call.path);
  call.part = await read(`${call.path}.part`);
  call.partNote = await read(`${call.path}.part.json`, "utf8");
}

/** What a process that was killed leaves: more in the part than it says, or less. */
async function disturb(random, { path }) {
  const part = `${path}.part`;
  const length = (await stat(part).catch(() => undefined))?.size ?? 0;
  if (length === 0 || random.chance(0.5)) return;
  if (random.chance(0.7)) await appendFile(part, "x".repeat(random.between(1, 5_000)));
  else await truncate(part, random.between(0, length - 1));
}

/** An import's errors, from the first on, until they have come. */
export async function readErrors(run, job) {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const seat = job.random.of(run.seats);
    const read = { seen: [], end: undefined };
    job.errorReads.push(read);
    try {
      for await (const error of seat.client.imports.errors(job.taskId)) read.seen.push(error);
      read.end = { isWhole: true };
      return;
    } catch (error) {
      read.end = run.failed(error);
    }
    await run.world.sleep(read.end.retryAfterMs ?? 1_000, CALLER);
  }
}
