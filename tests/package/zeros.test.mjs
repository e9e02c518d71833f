// What other pollers waste or leave behind, as four figures that are zero here.
import assert from "node:assert/strict";
import { START, processing, setUp, test, turns } from "./support.mjs";

const WAITS = 60;
const LATENCY_MS = 40;

/** Fixed, spread over the first five minutes. */
const instantOf = (index) => 1 + ((index * 7_919_117) % 300_000);

/** Every other wait is aborted when its time comes; the others have their deadline then. */
async function play() {
  const { client, clock, requests } = setUp(
    () => new Promise((resolve) => clock.setTimeout(() => resolve(processing()), LATENCY_MS)),
    { rateLimit: false, maxConcurrent: WAITS },
  );
  const waits = Array.from({ length: WAITS }, (_, index) => {
    const [isAborted, end] = [index % 2 === 0, instantOf(index)];
    const controller = new AbortController();
    if (isAborted) clock.setTimeout(() => controller.abort(), end);
    const options = isAborted ? { signal: controller.signal, timeoutMs: Infinity } : { timeoutMs: end };
    const wait = client.exports.task(String(index)).wait(options);
    return wait.then(assert.fail, (error) => ({ index, isAborted, end, error, settledAt: clock.now() - START }));
  });
  const ends = await clock.run(Promise.all(waits));
  await clock.advance(3_600_000);
  await turns();
  const sentFor = (index) => requests.filter(({ url }) => url.includes(`/tasks/${index}/`)).map(({ at }) => at);
  return { ends, sentFor, timers: clock.timers };
}

test("requests after abort, timers left over, unused deadline and overshoot are zero", async (context) => {
  const { ends, sentFor, timers } = await play();
  const [aborted, timedOut] = [ends.filter(({ isAborted }) => isAborted), ends.filter(({ isAborted }) => !isAborted)];
  assert.deepEqual([aborted.length, timedOut.length], [WAITS / 2, WAITS / 2]);
  assert(aborted.every(({ error, end, settledAt }) => error.name === "AbortError" && settledAt === end));
  assert(timedOut.every(({ error, end, settledAt }) => error.code === "TIMEOUT" && settledAt === end + LATENCY_MS));
  const lastSend = ({ index }) => sentFor(index).at(-1);
  const most = (of, figures) => Math.max(...figures.map(of));
  const figures = {
    requestsAfterAbort: aborted.flatMap(({ index, end }) => sentFor(index).filter((at) => at > end)).length,
    timersLeftOver: timers,
    unusedDeadlineMs: most((wait) => wait.end - lastSend(wait), timedOut),
    overshootMs: most((wait) => lastSend(wait) - wait.end, timedOut),
  };
  context.diagnostic(JSON.stringify(figures));
  assert.deepEqual(figures, { requestsAfterAbort: 0, timersLeftOver: 0, unusedDeadlineMs: 0, overshootMs: 0 });
});
