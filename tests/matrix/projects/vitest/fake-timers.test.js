// A user's tests with this tool's fake timers.
import { HubSpotTasks } from "hubspot-async-tasks";
import { createSimulator } from "hubspot-async-tasks/simulator";
import { expect, test, vi } from "vitest";

const DATE_ALONE = { toFake: ["Date"] };
const START = Date.parse("2026-08-21T10:00:00Z");

async function played(fake, real, steps) {
  fake();
  const fetch = async () => ({ status: 202, body: { status: "PROCESSING" } });
  const client = new HubSpotTasks({ fetch, minIntervalMs: 50, maxIntervalMs: 100, timeoutMs: 400 });
  const wait = client.exports.task("7").wait().catch((error) => error.code);
  await steps();
  real();
  return wait;
}

test("an hour of polling takes no hour with fake timers", async () => {
  vi.useFakeTimers({ now: START });
  const simulator = createSimulator();
  const client = new HubSpotTasks({ fetch: simulator.fetch, timeoutMs: Infinity });
  let finished;
  client.exports.task(simulator.addTask("export", { processingMs: 3_600_000 })).wait().then((end) => (finished = end));
  while (!finished) await vi.advanceTimersByTimeAsync(60_000);
  expect(finished.outcome).toBe("succeeded");
  expect(Date.now() - START).toBeLessThan(3_800_000);
  vi.useRealTimers();
});

test("with a Date that stands still and real timers a wait ends at its deadline", async () => {
  const code = await played(() => vi.useFakeTimers(DATE_ALONE), () => {}, async () => {});
  vi.useRealTimers();
  expect(code).toBe("TIMEOUT");
});

test("a wait ends at its deadline where fake timers are taken away in its middle", async () => {
  const code = await played(
    () => vi.useFakeTimers({ now: START }),
    () => vi.useRealTimers(),
    () => vi.advanceTimersByTimeAsync(120),
  );
  expect(code).toBe("TIMEOUT");
});
