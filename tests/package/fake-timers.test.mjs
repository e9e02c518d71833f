// Tests of the package's users: fake timers drive the host's clock.
import assert from "node:assert/strict";
import { HubSpotTasks, START, createSimulator, faults, setUpSimulator, test, turns } from "./support.mjs";

const HOUR = 3_600_000;
const SCRIPT = [{}, {}, faults.unavailable(), {}, "network-error", {}, faults.locked()];

test("with the fake timers of node:test, an hour of polling takes no hour, and every poll comes when it should", async (context) => {
  const virtual = setUpSimulator({ timeoutMs: Infinity });
  const expectedId = virtual.simulator.addTask("export", { processingMs: HOUR });
  virtual.simulator.script(SCRIPT);
  const expected = await virtual.clock.run(virtual.client.exports.task(expectedId).wait());

  const { timers } = context.mock;
  timers.enable({ apis: ["setTimeout", "Date"], now: START });
  try {
    const simulator = createSimulator();
    const id = simulator.addTask("export", { processingMs: HOUR });
    assert.equal(id, expectedId);
    simulator.script(SCRIPT);
    const client = new HubSpotTasks({ fetch: simulator.fetch, timeoutMs: Infinity });
    let finished;
    client.exports
      .task(id)
      .wait()
      .then((end) => (finished = end));
    for (let rings = 0; !finished; rings++) {
      assert(rings < 1_000, "timers without end");
      await turns();
      if (!finished) timers.runAll();
    }
    const times = simulator.requests.map(({ at }) => at - START);
    assert.deepEqual(times, virtual.times());
    assert(times.at(-1) >= HOUR && times.at(-1) <= HOUR + 66_000);
    assert.equal(finished.polls, times.length);
    assert.equal(finished.polls, expected.polls);
    assert.equal(finished.outcome, "succeeded");
    assert.equal(finished.detectionDelayMs, expected.detectionDelayMs);
    assert.equal(Date.now(), START + times.at(-1));
  } finally {
    timers.reset();
  }
});

test("fake timers that are installed after the client was made are used", async (context) => {
  const client = new HubSpotTasks({ fetch: (...given) => simulator.fetch(...given), timeoutMs: 10_000 });
  const { timers } = context.mock;
  timers.enable({ apis: ["setTimeout", "Date"], now: START });
  const simulator = createSimulator();
  try {
    let error;
    client.exports
      .task(simulator.addTask("export", { processingMs: HOUR }))
      .wait()
      .catch((reason) => (error = reason));
    await turns();
    for (let second = 0; second < 9; second++) {
      timers.tick(1_000);
      await turns();
    }
    assert.equal(error, undefined);
    timers.tick(1_000);
    await turns();
    assert.equal(error?.code, "TIMEOUT");
    assert.equal(simulator.requests.at(-1).at, START + 10_000);
  } finally {
    timers.reset();
  }
});

test("an aborted wait leaves no fake timer", async (context) => {
  const { timers } = context.mock;
  timers.enable({ apis: ["setTimeout", "Date"], now: START });
  try {
    const simulator = createSimulator();
    const client = new HubSpotTasks({ fetch: simulator.fetch });
    const controller = new AbortController();
    const wait = client.exports
      .task(simulator.addTask("export", { processingMs: HOUR }))
      .wait({ signal: controller.signal });
    await turns();
    controller.abort("enough");
    await assert.rejects(wait, (reason) => reason === "enough");
    const asked = simulator.requests.length;
    timers.tick(HOUR);
    await turns();
    assert.equal(simulator.requests.length, asked);
  } finally {
    timers.reset();
  }
});
