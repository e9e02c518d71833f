// onStatus: what it hears, and what becomes of a wait whose handler fails.
import assert from "node:assert/strict";
import {
  answer,
  assertError,
  complete,
  deferred,
  inTurn,
  processing,
  rejection,
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

test("onStatus is called later than wait(), without `this`, with HubSpot's own object", async () => {
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
  assert.equal(calls.at(-1)[1], task.latest);
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
    assert.equal(task.latest, status);
    inner.push(task.wait(), client.exports.task("7").status());
  };
  assert.equal((await clock.run(task.wait({ onStatus }))).outcome, "succeeded");
  for (const promise of inner) await clock.run(promise);
  assert(inner.length >= 4);
});
