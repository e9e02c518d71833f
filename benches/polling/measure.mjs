// Measures one subject on one scenario. Runs in a process of its own, since the globals are replaced there.
import { answer } from "./pool.mjs";
import { generator } from "./random.mjs";
import { SCENARIOS, TASKS, durations, seedOf, thinned } from "./scenarios.mjs";
import { Server } from "./server.mjs";
import { mean, quantile } from "../statistics.mjs";
import { VirtualClock, replaceGlobals } from "./virtual-time.mjs";

answer(async ({ subject, scenarioKey, tasks = TASKS, pace }) => {
  const scenario = SCENARIOS.find(({ key }) => key === scenarioKey);
  const clock = new VirtualClock();
  replaceGlobals(clock, generator(seedOf(scenario)));
  const server = new Server(clock);
  const { create, learn } = await import(subject.module);
  const learned = subject.key === "learned" ? await learn(server, clock, scenario) : undefined;
  const wait = create(server, clock, { pace, learned });
  const sample = thinned(durations(scenario, seedOf(scenario)), tasks);
  return measure(clock, server, wait, sample);
});

/** One task after the other, each alone on the server. */
async function measure(clock, server, wait, sample) {
  const requests = [];
  const delays = [];
  let gaveUp = 0;
  for (const [index, durationMs] of sample.entries()) {
    const task = server.start(String(index + 1), durationMs);
    const isSeen = await clock.run(wait(task.id).then(() => true, () => false));
    if (isSeen) delays.push((clock.now() - task.completedMs) / 1_000);
    else gaveUp++;
    requests.push(task.requests);
    server.forget(task.id);
  }
  return {
    tasks: sample.length,
    gaveUp,
    requests: mean(requests),
    meanDelayS: mean(delays),
    p95DelayS: quantile(delays, 0.95),
  };
}
