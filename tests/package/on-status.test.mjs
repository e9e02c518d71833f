// onStatus: what it hears, and what becomes of a wait whose handler fails.
import assert from "node:assert/strict";
import { run } from "./run.mjs";
import {
  START,
  answer,
  assertError,
  complete,
  deferred,
  inTurn,
  processing,
  rejection,
  rejectionInTime,
  setUp,
  stateOf,
  test,
  turns,
  value,
} from "./support.mjs";

test("onStatus hears the newest status first, then changes alone", async () => {
  const { client, clock } = setUp(
    inTurn(
      processing({ n: 1 }),
      processing({ n: 1 }),
      answer(202, ""),
      processing({ n: 2 }),
      answer(503),
      processing({ n: 2 }),
      processing({ n: 1 }),
      complete(),
    ),
  );
  const task = client.exports.task("7");
  await value(task.status());
  const heard = [];
  await clock.run(task.wait({ onStatus: ({ status, n }) => heard.push(n ?? status) }));
  assert.deepEqual(heard, [1, 2, 1, "COMPLETE"]);
});

test("onStatus is called later than wait(), without `this`", async () => {
  const { client } = setUp(async () => complete());
  const task = client.exports.task("7");
  await value(task.status());
  const calls = [];
  const wait = task.wait({
    onStatus (...args) {
      calls.push([this, ...args]);
    },
  });
  assert.deepEqual(calls, []);
  await value(wait);
  assert(calls.length >= 1);
  for (const call of calls) assert.deepEqual([call.length, call[0], call[1].status], [2, undefined, "COMPLETE"]);
  assert.deepEqual(calls.at(-1)[1], task.latest);
});

test("an onStatus that throws or rejects ends its own wait, and no other", async () => {
  const boom = new Error("boom");
  for (const [onStatus, reason] of [
    [
      () => {
        throw boom;
      },
      boom,
    ],
    [
      async () => {
        throw boom;
      },
      boom,
    ],
    [
      () => {
        throw undefined;
      },
      undefined,
    ],
    [() => ({ then: (_, reject) => reject("later") }), "later"],
  ]) {
    const { client, clock } = setUp(inTurn(processing(), complete()));
    const heard = [];
    const bad = client.exports.task("7").wait({ onStatus });
    const good = client.exports.task("7").wait({ onStatus: ({ status }) => heard.push(status) });
    assert.equal(await rejection(bad), reason);
    assert.equal((await clock.run(good)).outcome, "succeeded");
    assert.deepEqual(heard, ["PROCESSING", "COMPLETE"]);
  }
});

test("an onStatus that throws at the last status wins over the result", async () => {
  const { client } = setUp(async () => complete());
  const boom = new Error("boom");
  assert.equal(
    await rejection(
      client.exports.task("7").wait({
        onStatus: () => {
          throw boom;
        },
      }),
    ),
    boom,
  );
});

test("an onStatus that throws at the last status does not hide that the task failed", async () => {
  const { client } = setUp(async () => answer(200, { status: "CANCELED" }));
  const heard = [];
  const wait = client.exports.task("7").wait({
    onStatus({ status }) {
      heard.push(status);
      throw new Error("boom");
    },
  });
  assertError(await rejection(wait), "CANCELED");
  assert.deepEqual(heard, ["CANCELED"]);
});

test("what an async onStatus does is awaited before the result", async () => {
  const { client } = setUp(async () => complete());
  const work = deferred();
  const wait = client.exports.task("7").wait({ onStatus: () => work.promise });
  assert.equal((await stateOf(wait)).state, "pending");
  work.resolve();
  assert.equal((await value(wait)).outcome, "succeeded");

  const boom = new Error("boom");
  const late = deferred();
  const failing = client.exports.task("8").wait({ onStatus: () => late.promise });
  assert.equal((await stateOf(failing)).state, "pending");
  late.reject(boom);
  assert.equal(await rejection(failing), boom);
});

test("an async onStatus that rejects while the task is running ends its wait then", async () => {
  const { client, clock } = setUp(async () => processing());
  const work = deferred();
  const wait = client.exports.task("7").wait({ onStatus: () => work.promise });
  wait.catch(() => {});
  await clock.advance(10_000);
  assert.equal((await stateOf(wait)).state, "pending");
  work.reject("enough");
  assert.equal(await rejection(wait), "enough");
  assert.equal(clock.timers, 0);
});

test("a rejection of onStatus that comes after another end is not left unhandled", async () => {
  const { client } = setUp(async () => answer(200, { status: "CANCELED" }));
  const work = deferred();
  const error = await rejection(client.exports.task("7").wait({ onStatus: () => work.promise }));
  assertError(error, "CANCELED");
  work.reject(new Error("too late"));
  await turns();
});

test("onStatus may come back into the task", async () => {
  const { client, clock } = setUp(inTurn(processing(), processing({ n: 2 }), complete()));
  const task = client.exports.task("7");
  const inner = [];
  const onStatus = (status) => {
    assert.deepEqual(task.latest, status);
    inner.push(task.wait(), client.exports.task("7").status());
  };
  assert.equal((await clock.run(task.wait({ onStatus }))).outcome, "succeeded");
  for (const promise of inner) await clock.run(promise);
  assert(inner.length >= 4);
});

/** Handlers whose promises do not settle, in the forms that there are. */
const NEVER = {
  "a promise that nobody else holds": () => new Promise(() => {}),
  "one promise, again and again": (() => {
    const never = new Promise(() => {});
    return () => never;
  })(),
  "an async function that hangs": async () => new Promise(() => {}),
  "a thenable that never calls back": () => ({ then() {} }),
};

for (const [name, onStatus] of Object.entries(NEVER)) {
  test(`an onStatus that never settles is waited for until the deadline, no longer: ${name}`, async () => {
    for (const timeoutMs of [60_000, undefined]) {
      const { client, clock } = setUp(inTurn(processing(), complete()));
      const wait = client.fileImports.task("7").wait({ onStatus, ...(timeoutMs && { timeoutMs }) });
      const limitMs = timeoutMs ?? 900_000;
      await clock.advance(limitMs - 1);
      assert.equal((await stateOf(wait)).state, "pending");
      await clock.advance(1);
      assert.equal((await value(wait)).outcome, "succeeded", "the truth about the task");
      assert.equal(clock.timers, 0);
    }
  });
}

test("a wait whose task is not over ends at its deadline, whatever onStatus does", async () => {
  const { client, clock } = setUp(async () => processing());
  const wait = client.fileImports.task("7").wait({ timeoutMs: 5_000, onStatus: () => new Promise(() => {}) });
  assertError(await rejectionInTime(clock, wait), "TIMEOUT");
  assert.equal(clock.now() - START, 5_000);
});

test("a task that failed rejects at once, though an onStatus never settles", async () => {
  const { client } = setUp(async () => answer(200, { status: "CANCELED" }));
  assertError(await rejection(client.fileImports.task("7").wait({ onStatus: () => new Promise(() => {}) })), "CANCELED");
});

test("an abort ends a wait that is held up by onStatus alone, and leaves no timer", async () => {
  const { client, clock } = setUp(async () => complete());
  const controller = new AbortController();
  const wait = client.fileImports.task("7").wait({ signal: controller.signal, onStatus: () => new Promise(() => {}) });
  assert.equal((await stateOf(wait)).state, "pending");
  controller.abort("enough");
  assert.equal(await rejection(wait), "enough");
  assert.equal(clock.timers, 0);
});

test("a resumed wait that is held up by onStatus settles at its checkpoint's deadline", async () => {
  const { client, clock } = setUp(async () => complete());
  const checkpoint = client.fileImports.task("7", { timeoutMs: 10_000 }).checkpoint();
  await clock.advance(4_000);
  const wait = client.resume(checkpoint).wait({ onStatus: () => new Promise(() => {}) });
  await clock.advance(5_999);
  assert.equal((await stateOf(wait)).state, "pending");
  await clock.advance(1);
  assert.equal((await value(wait)).outcome, "succeeded");
});

test("onStatus that settles in time takes none of the wait's time, and its timer is gone", async () => {
  const { client, clock } = setUp(inTurn(processing(), complete()));
  const work = deferred();
  const wait = client.fileImports.task("7").wait({ onStatus: () => work.promise });
  await clock.advance(20_000);
  assert.equal((await stateOf(wait)).state, "pending");
  work.resolve();
  await value(wait);
  assert.equal(clock.timers, 0);
});

test("nothing of 3,000 changes is held while onStatus is at work on them", async () => {
  const script = `
    import { HubSpotTasks } from "hubspot-async-tasks";
    import { setImmediate } from "node:timers/promises";
    const turn = () => setImmediate();
    const BODY = "x".repeat(20_000);
    let [now, asked, ring] = [Date.now(), 0, undefined];
    const clock = { now: () => now, setTimeout: (callback) => void (ring = callback), clearTimeout() { ring = undefined; } };
    const fetch = async () => ({ status: 202, text: async () => JSON.stringify({ status: "PROCESSING", n: ++asked, BODY }) });
    const client = new HubSpotTasks({ clock, fetch, minIntervalMs: 1, maxIntervalMs: 1, rateLimit: false });
    const kept = [];
    let heard = 0;
    const never = new Promise(() => {});
    const bodies = new Set();
    const onStatus = (status) => {
      heard++;
      bodies.add(new WeakRef(status));
      return heard % 2 ? never : new Promise(() => {});
    };
    void client.fileImports.task("7").wait({ onStatus, timeoutMs: Infinity }).catch(() => {});
    const held = async () => {
      for (let round = 0; round < 3; round++) { gc(); await turn(); }
      return [...bodies].filter((body) => body.deref()).length;
    };
    while (heard < 3_000) {
      await turn();
      now += 2;
      const callback = ring;
      ring = undefined;
      callback?.();
    }
    console.log(JSON.stringify({ heard, held: await held() }));`;
  const { heard, held } = await run("mjs", script, "--expose-gc");
  assert.equal(heard, 3_000);
  assert(held <= 2, `${held} of the bodies are held`);
});
