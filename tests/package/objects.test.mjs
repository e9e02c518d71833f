// The objects that callers are given: whoever changes one changes nobody else's, and `latest`, which all see, is frozen.
import assert from "node:assert/strict";
import { HubSpotTaskError, answer, inTurn, rejection, setUp, test, value } from "./support.mjs";

const RUNNING = { status: "PROCESSING", links: { self: "/7" }, list: [{ n: 1 }] };
const COMPLETE = { status: "COMPLETE", result: { id: "9", tags: ["a"] }, list: [{ n: 2 }] };

/** Changes all of it, as a caller may. */
function spoil(object) {
  for (const key of Object.keys(object)) {
    if (typeof object[key] === "object" && object[key] !== null) spoil(object[key]);
    delete object[key];
  }
  object.spoiled = true;
}

/** Whether any part of it is one of the other's parts. */
function shares(one, other) {
  const parts = new Set();
  const collect = (part) => typeof part === "object" && part && (parts.add(part), Object.values(part).forEach(collect));
  collect(one);
  const meets = (part) => typeof part === "object" && part && (parts.has(part) || Object.values(part).some(meets));
  return Boolean(meets(other));
}

/** How a caller is given a status, by what gives it: all of one task of a client, whose every answer is the same. */
const GIVERS = {
  "status()": async ({ task }) => value(task.status()),
  "status(id)": async ({ client }) => value(client.fileImports.status("7")),
  "wait()": async ({ task }) => (await value(task.wait())).status,
  onStatus: async ({ task }) => {
    const heard = [];
    await value(task.wait({ onStatus: (status) => heard.push(status) }));
    return heard.at(-1);
  },
  "statuses()": async ({ task }) => (await value(task.statuses().next())).value,
  "poll()": async ({ client, task }) => (await value(client.poll(task.checkpoint()))).status,
};

for (const [one, give] of Object.entries(GIVERS)) {
  test(`whoever is given a status by ${one} may change it: nobody else sees that`, async () => {
    for (const giveOther of Object.values(GIVERS)) {
      const given = setUp(async () => answer(200, COMPLETE));
      given.task = given.client.fileImports.task("7");
      spoil(await give(given));
      const other = await giveOther(given);
      assert.deepEqual(other, COMPLETE);
      if (given.task.latest) assert.deepEqual(given.task.latest, COMPLETE);
      spoil(other);
      assert.deepEqual(await value(given.task.status()), COMPLETE);
    }
  });
}

test("waits that are told the same end have objects of their own, results included", async () => {
  const { client } = setUp(async () => answer(200, COMPLETE));
  const task = client.fileImports.task("7");
  const [one, other] = await value(Promise.all([task.wait(), client.fileImports.task("7").wait()]));
  assert.equal(shares(one, other), false);
  spoil(one.result);
  assert.deepEqual([other.status, other.result], [COMPLETE, COMPLETE.result]);
});

test("iterators and listeners that hear the same change have objects of their own", async () => {
  const { client, clock } = setUp(inTurn(answer(200, RUNNING), answer(200, COMPLETE)));
  const task = client.fileImports.task("7");
  const heard = [];
  const collect = async () => {
    for await (const status of task) heard.push(status);
  };
  const onStatus = (status) => heard.push(status);
  await clock.run(Promise.all([collect(), collect(), task.wait({ onStatus }), task.wait({ onStatus })]));
  assert.equal(heard.length, 8);
  for (const [index, one] of heard.entries()) {
    for (const other of heard.slice(index + 1)) assert.equal(shares(one, other), false);
  }
});

test("the lastStatus of an error is its own object", async () => {
  const failing = { status: "COMPLETE", errors: [{ message: "no" }] };
  const { client } = setUp(async () => answer(200, failing));
  const task = client.fileImports.task("7");
  const errors = [await rejection(task.wait()), await rejection(task.wait())];
  for (const error of errors) assert(error instanceof HubSpotTaskError);
  spoil(errors[0].lastStatus);
  assert.deepEqual([errors[1].lastStatus, task.latest], [failing, failing]);
});

test("latest is one object for all until the status changes, and nobody can change it", async () => {
  const { client } = setUp(inTurn(answer(200, RUNNING), answer(200, RUNNING), answer(200, COMPLETE)));
  const [one, other] = [client.fileImports.task("7"), client.fileImports.task("7")];
  await value(one.status());
  const { latest } = one;
  assert.equal(other.latest, latest);
  await value(one.status());
  assert.equal(one.latest, latest, "the same text");
  for (const part of [latest, latest.links, latest.list, latest.list[0]]) {
    assert.throws(() => (part.n = 5), TypeError);
  }
  await value(other.status());
  assert.deepEqual([latest, one.latest], [RUNNING, COMPLETE]);
});

test("the text of a status that did not change is not parsed again, whatever words are in it", async (t) => {
  const running = { status: "PROCESSING", errors: [{ category: "VALIDATION_ERROR", message: "no" }] };
  const { client } = setUp(async () => answer(200, running));
  const task = client.fileImports.task("7");
  await value(task.status());
  const statuses = Array.from({ length: 5 }, () => task.status());
  const { mock } = t.mock.method(JSON, "parse");
  const parsed = () => mock.calls.filter((call) => call.arguments[0].includes("PROCESSING")).length;
  await value(Promise.all(statuses));
  // Each is given an object of its own.
  assert.equal(parsed(), statuses.length);
});
