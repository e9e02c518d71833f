// A user's tests with this tool's fake timers.
const { HubSpotTasks } = require("hubspot-async-tasks");
const { createSimulator } = require("hubspot-async-tasks/simulator");

const DATE_ALONE = {
  doNotFake: ["nextTick", "hrtime", "performance", "queueMicrotask", "setImmediate", "clearImmediate", "setInterval", "clearInterval",
    "setTimeout", "clearTimeout", "requestAnimationFrame", "cancelAnimationFrame", "requestIdleCallback", "cancelIdleCallback"],
};
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
  jest.useFakeTimers({ now: START });
  const simulator = createSimulator();
  const client = new HubSpotTasks({ fetch: simulator.fetch, timeoutMs: Infinity });
  let finished;
  client.exports.task(simulator.addTask("export", { processingMs: 3_600_000 })).wait().then((end) => (finished = end));
  while (!finished) await jest.advanceTimersByTimeAsync(60_000);
  expect(finished.outcome).toBe("succeeded");
  expect(Date.now() - START).toBeLessThan(3_800_000);
  jest.useRealTimers();
});

test("with a Date that stands still and real timers a wait ends at its deadline", async () => {
  const code = await played(() => jest.useFakeTimers(DATE_ALONE), () => {}, async () => {});
  jest.useRealTimers();
  expect(code).toBe("TIMEOUT");
});

test("a wait ends at its deadline where fake timers are taken away in its middle", async () => {
  const code = await played(
    () => jest.useFakeTimers({ now: START }),
    () => jest.useRealTimers(),
    () => jest.advanceTimersByTimeAsync(120),
  );
  expect(code).toBe("TIMEOUT");
});
