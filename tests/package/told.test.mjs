// Told before sent: who was told something, or left, has a turn of the host's before anything is sent. So nothing is sent
// for those who leave because of it.
import assert from "node:assert/strict";
import {
  HubSpotTasks,
  answer,
  complete,
  countingSignal,
  deferred,
  hang,
  inTurn,
  processing,
  rejection,
  setUp,
  test,
  turns,
  value,
  virtualClock,
} from "./support.mjs";

const IDS = Array.from({ length: 100 }, (_, index) => String(100 + index));
const CHECKPOINT = { version: 1, family: "export", apiVersion: "v3" };

/** What may be under way of a task, given the client, the task's id and a signal. */
const CALLS = {
  "wait()": (client, id, signal) => client.exports.task(id).wait({ signal }),
  "status()": (client, id, signal) => client.exports.status(id, { signal }),
  "statuses()": (client, id, signal) => client.exports.task(id).statuses({ signal }).next(),
  "poll()": (client, taskId, signal) => client.poll({ ...CHECKPOINT, taskId }, { signal }),
};

/** What holds most of a hundred requests back. */
const BUDGETS = [{ maxConcurrent: 10 }, { rateLimit: { requests: 10, perMs: 20 } }];

/** A clock for a client, and how enough of its time passes for whatever might still be sent. */
const HOSTS = {
  "a virtual clock": () => {
    const clock = virtualClock();
    return { clock, pass: () => clock.advance(600_000) };
  },
  "real timers": () => ({ clock: undefined, pass: () => new Promise((resolve) => setTimeout(resolve, 50)) }),
};

/** So many turns of the queue of microtasks: a reaction may take a few. */
async function microtasks(count) {
  for (let passed = 0; passed < count; passed++) await undefined;
}

/** How a call ends, as `{ reason }` or `{ value }`. */
const endOf = (promise) =>
  promise.then(
    (value) => ({ value }),
    (reason) => ({ reason }),
  );

/** A hundred calls, each of a task and with a signal of its own from `signalOf`; of their requests none is answered. */
function begin(call, options, signalOf) {
  const requests = [];
  const fetch = (url, init) => (requests.push(init), hang(url, init));
  const client = new HubSpotTasks({ fetch, ...options });
  return { requests, ends: Promise.all(IDS.map((id) => endOf(call(client, id, signalOf())))) };
}

// ---------------------------------------------------------------------------------------------------------------
// Aborts

/** How a hundred calls may be left by one abort: gives what gives each its signal. */
const SHARED = {
  "share a signal": (signal) => () => signal,
  "have each an AbortSignal.any() of one signal": (signal) => () => AbortSignal.any([signal]),
  "have each an AbortSignal.any() of the one before": (signal) => () => (signal = AbortSignal.any([signal])),
  "have each a controller that follows one signal": (signal) => () => {
    const own = new AbortController();
    signal.addEventListener("abort", () => own.abort(signal.reason));
    return own.signal;
  },
};

for (const [host, hostOf] of Object.entries(HOSTS)) {
  for (const [how, signals] of Object.entries(SHARED)) {
    test(`nothing is sent after an abort of 100 calls that ${how}, on ${host}`, async () => {
      for (const [name, call] of Object.entries(CALLS)) {
        for (const budget of BUDGETS) {
          const { clock, pass } = hostOf();
          const controller = new AbortController();
          const { requests, ends } = begin(call, { clock, ...budget }, signals(controller.signal));
          await turns();
          assert.equal(requests.length, 10, `${name} ${JSON.stringify(budget)}: the budget holds the others back`);
          controller.abort("enough");
          assert.deepEqual(new Set((await ends).map(({ reason }) => reason)), new Set(["enough"]));
          await pass();
          assert.equal(requests.length, 10, `${name} ${JSON.stringify(budget)}`);
          assert(requests.every(({ signal }) => signal.aborted));
        }
      }
    });

    test(`nothing is sent after the AbortSignal.timeout() of 100 calls that ${how}, on ${host}`, async () => {
      for (const [name, call] of Object.entries(CALLS)) {
        const { clock, pass } = hostOf();
        const { requests, ends } = begin(call, { clock, maxConcurrent: 10 }, signals(AbortSignal.timeout(20)));
        // The timer of a signal does not keep Node alive.
        await new Promise((resolve) => setTimeout(resolve, 30));
        for (const { reason } of await ends) assert.equal(reason?.name, "TimeoutError");
        assert.equal(requests.length, 10);
        await pass();
        assert.equal(requests.length, 10, name);
      }
    });
  }
}

test("an abort in a turn of its own, of one call after the other, sends nothing in the same turn", async () => {
  const controllers = [];
  const signalOf = () => controllers[controllers.push(new AbortController()) - 1].signal;
  const { requests } = begin(CALLS["wait()"], { clock: virtualClock(), maxConcurrent: 10 }, signalOf);
  await turns();
  for (const controller of controllers) {
    controller.abort();
    await microtasks(30);
    assert.equal(requests.length, 10);
  }
  await turns();
  assert.equal(requests.length, 10);
});

test("a client listens once to a signal, however many calls share it, and to none when they are over", async () => {
  for (const leave of [(signal) => signal.abort("enough"), (_, reply) => reply.resolve(complete())]) {
    const signal = countingSignal();
    const reply = deferred();
    const set = [1, 2].map(() => setUp(() => reply.promise, { rateLimit: false, maxConcurrent: 1_000 }));
    const ends = set.flatMap(({ client }) =>
      IDS.flatMap((id) => Object.values(CALLS).map((call) => endOf(call(client, id, signal)))),
    );
    await turns();
    assert.equal(signal.listeners, 2, "two clients");
    leave(signal, reply);
    for (const { reason } of await value(Promise.all(ends))) assert([undefined, "enough"].includes(reason), reason);
    assert.equal(signal.listeners, 0);
  }
});

test("a client listens no more to a signal whose calls ended one by one, and again for the next", async () => {
  const { client, clock } = setUp(async () => complete(), { maxConcurrent: 1 });
  const signal = countingSignal();
  for (let round = 0; round < 3; round++) {
    const waits = IDS.map((id) => client.exports.task(id).wait({ signal }));
    waits[0].then(() => assert.equal(signal.listeners, 1, "the others still wait"));
    await clock.run(Promise.all(waits));
    assert.equal(signal.listeners, 0);
  }
});

// ---------------------------------------------------------------------------------------------------------------
// Telling

/** What a caller may be told: the answer to its request, and its call, which calls back when it is told. */
const TELLING = {
  "a status": [processing(), (client, told) => client.exports.status("7").then(told)],
  "an error of status()": [answer(404), (client, told) => client.exports.status("7").catch(told)],
  "the end of wait()": [complete(), (client, told) => client.exports.task("7").wait().then(told)],
  "an error of wait()": [answer(404), (client, told) => client.exports.task("7").wait().catch(told)],
  "a step": [processing(), (client, told) => client.poll({ ...CHECKPOINT, taskId: "7" }).then(told)],
  "an onStatus": [complete(), (client, told) => client.exports.task("7").wait({ onStatus: told })],
  "an async onStatus": [
    complete(),
    (client, told) => client.exports.task("7").wait({ onStatus: async () => void told() }),
  ],
  "a status of for await": [
    complete(),
    async (client, told) => {
      for await (const _ of client.exports.task("7")) told();
    },
  ],
  "the end of for await": [
    answer(404),
    async (client, told) => {
      try {
        for await (const _ of client.exports.task("7")) assert.fail("no status came");
      } catch {
        told();
      }
    },
  ],
};

for (const [what, [first, call]] of Object.entries(TELLING)) {
  test(`who is told ${what} may leave 100 other waits, and nothing is sent for them`, async () => {
    for (const delay of [0, 1, 10, 50]) {
      const reply = deferred();
      const { client, clock, requests } = setUp(inTurn(() => reply.promise, processing()), { maxConcurrent: 1 });
      const controller = new AbortController();
      let isTold = false;
      const calling = call(client, async () => {
        isTold = true;
        await microtasks(delay);
        controller.abort("enough");
      });
      await turns();
      const ends = IDS.map((id) => endOf(client.exports.task(id).wait({ signal: controller.signal })));
      await turns();
      reply.resolve(first);
      await clock.run(Promise.all([calling, ...ends]));
      assert(isTold);
      assert.equal(requests.length, 1, `after ${delay} microtasks`);
      for (const { reason } of await Promise.all(ends)) assert.equal(reason, "enough");
      await clock.advance(60_000);
      assert.equal(requests.length, 1);
    }
  });
}

test("a deadline that ends one wait may end 100 others, and nothing is sent for them", async () => {
  const { client, clock, requests } = setUp(async () => processing(), { maxConcurrent: 1, rateLimit: { requests: 1, perMs: 5_000 } });
  const controller = new AbortController();
  const first = client.exports.task("7").wait({ timeoutMs: 5_000 });
  const ends = IDS.map((id) => endOf(client.exports.task(id).wait({ signal: controller.signal })));
  let sent;
  first.catch(({ code }) => {
    assert.equal(code, "TIMEOUT");
    sent = requests.length;
    controller.abort("enough");
  });
  await clock.run(Promise.all(ends));
  await clock.advance(60_000);
  assert.equal(requests.length, sent);
});

/** The numbers of the statuses that a task goes through, each poll another one; polled without a pause. */
const busy = () =>
  setUp(async (url, init, number) => (number < 6 ? processing({ number }) : complete()), { minIntervalMs: 0, maxIntervalMs: 0 });

for (let last = 1; last <= 6; last++) {
  test(`who leaves at status ${last} of 6 is not asked for again`, async () => {
    const leavings = {
      break: async (task) => {
        for await (const _ of task) if (requests.length === last) break;
      },
      "return()": async (task) => {
        const statuses = task.statuses();
        while (requests.length < last) await statuses.next();
        await statuses.return();
        assert.equal((await statuses.next()).done, true);
      },
      "return() while next() waits": async (task) => {
        const statuses = task.statuses();
        for (let taken = 0; taken < last; taken++) await statuses.next();
        const next = statuses.next();
        await statuses.return();
        assert.equal((await next).value, undefined);
      },
      throw: async (task) => {
        const loop = async () => {
          for await (const _ of task) if (requests.length === last) throw new Error("enough");
        };
        await assert.rejects(loop, /enough/);
      },
      "an abort in the loop's body": async (task, controller) => {
        const loop = async () => {
          for await (const _ of task.statuses(controller)) if (requests.length === last) controller.abort("enough");
        };
        await endOf(loop());
      },
      "an abort in onStatus": (task, { signal, abort }) =>
        endOf(task.wait({ signal, onStatus: () => requests.length === last && abort("enough") })),
      "an abort some time after onStatus": (task, { signal, abort }) => {
        const onStatus = async () => {
          await microtasks(30);
          if (requests.length === last) abort("enough");
        };
        return endOf(task.wait({ signal, onStatus }));
      },
      "an error in onStatus": (task) => {
        const onStatus = () => {
          if (requests.length === last) throw new Error("enough");
        };
        return endOf(task.wait({ onStatus }));
      },
    };
    let requests;
    for (const [how, leave] of Object.entries(leavings)) {
      const set = busy();
      requests = set.requests;
      const controller = new AbortController();
      const abort = (reason) => controller.abort(reason);
      await set.clock.run(leave(set.client.exports.task("7"), { signal: controller.signal, abort }));
      await set.clock.advance(60_000);
      assert.equal(requests.length, last, how);
    }
  });
}

// ---------------------------------------------------------------------------------------------------------------
// Other code of the caller's

test("an abort from within onEvent, whatever it tells of, sends nothing afterwards", async () => {
  const answers = [processing(), answer(503), answer(429, "", { "retry-after": "1" }), processing({ n: 2 })];
  for (const type of ["asked", "answered", "changed", "retrying", "throttled", "finished"]) {
    for (const at of [1, 2, 3]) {
      const controller = new AbortController();
      let [left, sent] = [at, undefined];
      const onEvent = (event) => {
        if (event.type !== type || --left !== 0) return;
        controller.abort("enough");
        sent = requests.length;
      };
      const fetch = async (url, init, number) => answers[number - 1] ?? complete();
      const { client, clock, requests } = setUp(fetch, { onEvent, maxConcurrent: 1, rateLimit: false });
      const ends = IDS.map((id) => endOf(client.exports.task(id).wait({ signal: controller.signal })));
      await clock.run(Promise.all(ends));
      if (sent === undefined) assert.equal(type === "retrying" && at > 1, true, `${type} ${at} never came`);
      else assert.equal(requests.length, sent, `${type} ${at}`);
    }
  }
});

test("an abort from within fetch sends nothing more, and from within the token function nothing at all", async () => {
  for (const [from, sent] of Object.entries({ fetch: 1, token: 0 })) {
    for (const [name, call] of Object.entries(CALLS)) {
      const controller = new AbortController();
      const abortFrom = (place) => place === from && controller.abort("enough");
      const { client, clock, requests } = setUp((url, init) => (abortFrom("fetch"), hang(url, init)), {
        token: () => (abortFrom("token"), "secret"),
      });
      const ends = await value(Promise.all(IDS.map((id) => endOf(call(client, id, controller.signal)))));
      for (const { reason } of ends) assert.equal(reason, "enough");
      await clock.advance(60_000);
      assert.equal(requests.length, sent, `${name}, from ${from}`);
    }
  }
});

test("an abort between a token function's answer and the request sends nothing", async () => {
  for (const [name, call] of Object.entries(CALLS)) {
    const sent = new Set();
    for (let delay = 0; delay < 20; delay++) {
      const token = deferred();
      const controller = new AbortController();
      const { client, requests } = setUp(
        (url, init) => {
          assert(!controller.signal.aborted, `${name}: sent after an abort ${delay} microtasks after the token`);
          return hang(url, init);
        },
        { token: () => token.promise },
      );
      const ends = Promise.all(["7", "8"].map((id) => endOf(call(client, id, controller.signal))));
      await turns();
      token.resolve("secret");
      await microtasks(delay);
      controller.abort("enough");
      await value(ends);
      sent.add(requests.length);
    }
    assert.deepEqual([...sent], [0, 2], `${name}: too soon for a request, and too late`);
  }
});

test("a request whose token comes while somebody is told something is sent a turn later", async () => {
  for (let delay = -10; delay <= 10; delay++) {
    const [reply, token] = [deferred(), deferred()];
    const controller = new AbortController();
    let isTold = false;
    const { client, clock, requests } = setUp(
      (url) => {
        assert(!isTold, `sent in the turn of a caller that was told, its token ${delay} microtasks after the answer`);
        return url.includes("/8/") ? hang(url, { signal: controller.signal }) : reply.promise;
      },
      { token: () => (requests.length === 0 ? "first" : token.promise) },
    );
    const told = client.exports.status("7").then(async () => {
      isTold = true;
      await microtasks(30);
      controller.abort("enough");
    });
    await turns();
    const other = endOf(client.exports.status("8", { signal: controller.signal }));
    await turns();
    const [first, second] = delay < 0 ? [token, reply] : [reply, token];
    first.resolve(first === token ? "second" : processing());
    await microtasks(Math.abs(delay));
    second.resolve(second === token ? "second" : processing());
    await value(told);
    assert.equal((await value(other)).reason, "enough");
    assert.equal(clock.timers, 0);
  }
});

// ---------------------------------------------------------------------------------------------------------------
// Turns

/** What happens, in order: timers of no time are named, others are not. */
function logged(fetch, options) {
  const log = [];
  const clock = virtualClock();
  const { setTimeout } = clock;
  clock.setTimeout = (callback, ms) => {
    if (ms > 0) return setTimeout(callback, ms);
    log.push("a turn is wanted");
    return setTimeout(() => {
      log.push("a turn begins");
      callback();
    }, ms);
  };
  const client = new HubSpotTasks({
    clock,
    fetch: (url) => {
      const [, id] = /tasks\/(.*)\/status/.exec(url);
      log.push(`${id} is asked for`);
      return fetch(id);
    },
    ...options,
  });
  return { client, clock, log };
}

test("after somebody was told something the next request comes in a new task of the host's", async () => {
  const { client, clock, log } = logged(async () => processing(), { maxConcurrent: 1 });
  const looks = ["7", "8"].map((id) => client.exports.status(id).then(() => log.push(`${id} is told`)));
  await clock.run(Promise.all(looks));
  assert.deepEqual(log, [
    "7 is asked for",
    "a turn is wanted",
    "7 is told",
    "a turn begins",
    "8 is asked for",
    "8 is told",
  ]);
});

test("after somebody left the next request comes in a new task of the host's", async () => {
  const { client, clock, log } = logged(async (id) => (id === "7" ? new Promise(() => {}) : processing()), { maxConcurrent: 1 });
  const controller = new AbortController();
  const left = client.exports.status("7", { signal: controller.signal });
  const other = client.exports.status("8");
  await microtasks(10);
  controller.abort("enough");
  assert.equal(await rejection(left), "enough");
  await clock.run(other);
  assert.deepEqual(log, ["7 is asked for", "a turn is wanted", "a turn begins", "8 is asked for"]);
});

test("where nobody was told anything a request is sent at once", async () => {
  const { client, clock, log } = logged(async () => processing(), { maxConcurrent: 1, minIntervalMs: 1_000, maxIntervalMs: 1_000 });
  const waits = ["7", "8"].map((id) => endOf(client.exports.task(id).wait({ timeoutMs: 2_500 })));
  await microtasks(2);
  assert.match(log.join(), /^. is asked for$/);
  await clock.advance(100);
  log.length = 0;
  // The status is the same, and the place that each answer frees goes to the other.
  await clock.advance(2_200);
  assert.deepEqual(log.toSorted(), ["7 is asked for", "7 is asked for", "8 is asked for", "8 is asked for"]);
  await clock.run(Promise.all(waits));
});
