// Measures one subject with a crowd of tasks in one account. Runs in a process of its own, as measure.mjs does.
import { answer } from "./pool.mjs";
import { generator, normal } from "./random.mjs";
import { LIMIT, Server } from "./server.mjs";
import { mean, quantile } from "../statistics.mjs";
import { VirtualClock, replaceGlobals } from "./virtual-time.mjs";

/** All tasks are started within it. */
const START_WITHIN_MS = 60_000;

/** The budget counts until so many tasks have been seen; the last ones are so old that none needs all of it. */
const SEEN_SHARE = 0.9;

answer(async ({ subject, tasks, seeds }) => {
  const clock = new VirtualClock();
  replaceGlobals(clock, generator(seeds[0]));
  const { create, createForCrowd = create } = await import(subject.module);
  const runs = [];
  for (const seed of seeds) {
    const server = new Server(clock, LIMIT);
    runs.push(await measure(clock, server, createForCrowd(server, clock), crowd(tasks, seed)));
  }
  return runs;
});

/** When each task starts, and how long it takes: lognormal with a mean of 89 s. */
function crowd(tasks, seed) {
  const random = generator(seed);
  return Array.from({ length: tasks }, () => ({
    startMs: Math.floor(random() * START_WITHIN_MS),
    durationMs: Math.max(1, Math.round(45_000 * Math.exp(1.17 * normal(random)))),
  }));
}

async function measure(clock, server, wait, plan) {
  const begin = clock.now();
  const records = [];
  const waits = plan.map(async ({ startMs, durationMs }, index) => {
    await new Promise((resolve) => clock.setTimeout(resolve, startMs));
    const task = server.start(String(index + 1), durationMs);
    records.push(task);
    await wait(task.id).then(() => (task.seenMs = clock.now()), () => {});
  });
  await clock.run(Promise.all(waits));
  const seen = records.filter(({ seenMs }) => seenMs !== undefined);
  const delays = seen.map(({ seenMs, completedMs }) => (seenMs - completedMs) / 1_000);
  return {
    requests: mean(records.map(({ requests }) => requests)),
    refused: mean(records.map(({ refused }) => refused)),
    meanDelayS: mean(delays),
    p95DelayS: quantile(delays, 0.95),
    gaveUp: records.length - seen.length,
    budgetUsed: seen.length < SEEN_SHARE * records.length ? NaN : budgetUsed(begin, server.accepted, seen),
  };
}

/** Accepted requests as a share of what the limit allows until most tasks have been seen. */
function budgetUsed(begin, accepted, seen) {
  const end = quantile(seen.map(({ seenMs }) => seenMs), SEEN_SHARE);
  const allowed = ((end - begin) / LIMIT.perMs) * LIMIT.requests;
  return accepted.filter((at) => at <= end).length / allowed;
}
