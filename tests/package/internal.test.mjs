// What fails inside the engine ends all calls of all clients on that instance with INTERNAL, at once; the next client gets
// a fresh one.
import assert from "node:assert/strict";
import { ENTRIES, freshEntry, tap } from "./instances.mjs";
import { answer, complete, countingSignal, deferred, hang, processing, test, turns, virtualClock } from "./support.mjs";

/** A module of one function, whose body is `unreachable`. */
const TRAP = new WebAssembly.Instance(
  new WebAssembly.Module(
    new Uint8Array([
      ...[0, 97, 115, 109, 1, 0, 0, 0],
      ...[1, 4, 1, 0x60, 0, 0],
      ...[3, 2, 1, 0],
      ...[7, 8, 1, 4, ...Buffer.from("trap"), 0, 0],
      ...[10, 5, 1, 3, 0, 0, 0x0b],
    ]),
  ),
).exports.trap;

function overflow() {
  overflow();
}

/** What fails, and whether it has done its work before. */
const FAILURES = {
  "a trap": { fail: TRAP, cause: WebAssembly.RuntimeError, isDone: true },
  "a full stack": { fail: overflow, cause: RangeError, isDone: false },
};

const CHECKPOINT = { version: 1, family: "export", taskId: "90", apiVersion: "v3" };

/** How a call ends, as `{ reason }` or `{ value }`. */
const endOf = (promise) =>
  promise.then(
    (value) => ({ value }),
    (reason) => ({ reason }),
  );

/** Who listens to the window's events. */
function countOnline() {
  const listeners = new Set();
  globalThis.addEventListener = (type, listener) => void (type === "online" && listeners.add(listener));
  globalThis.removeEventListener = (_, listener) => void listeners.delete(listener);
  return listeners;
}

/** Two clients on one instance, in the middle of whatever there is to do. */
async function busyClients(main) {
  const clock = virtualClock();
  const online = countOnline();
  const [requests, ends] = [[], []];
  const signal = countingSignal();
  const state = { clock, online, requests, ends, signal, main, replies: [] };
  const fetch = (url, init) => {
    const reply = deferred();
    const request = { url, init, isAnswered: false };
    requests.push(request);
    const answer = (response) => {
      request.isAnswered = true;
      reply.resolve(response);
    };
    state.replies.push({ answer });
    if (!/tasks\/(10|90)\//.test(url)) return Promise.race([reply.promise, hang(url, init)]);
    answer(processing());
    return reply.promise;
  };
  state.clients = [1, 2].map((number) => {
    const client = new main.HubSpotTasks({ clock, fetch, maxConcurrent: 6, onEvent: () => {} });
    const begin = (...promises) => ends.push(...promises.map(endOf));
    const task = client.exports.task("10");
    begin(task.wait({ signal }), task.statuses({ signal }).next(), client.poll(CHECKPOINT));
    return { number, client, task, begin };
  });
  await turns();
  for (const { client, task, begin } of state.clients) {
    // Between two polls; under way; held back by the budget; an iterator that nobody reads.
    const statuses = task.statuses();
    await statuses.next();
    begin(...["20", "21", "22", "23", "24", "25", "26", "27"].map((id) => client.exports.status(id, { signal })));
    begin(client.fileImports.task("30").wait({ signal, timeoutMs: 60_000 }), client.poll({ ...CHECKPOINT, taskId: "31" }));
    begin(client.exports.task("32").wait({ onStatus: () => new Promise(() => {}) }));
    state.statuses = statuses;
  }
  const withToken = new main.HubSpotTasks({ clock, fetch, token: () => new Promise(() => {}) });
  ends.push(endOf(withToken.exports.status("40", { signal })));
  state.clients.push({ number: 3, client: withToken, task: withToken.exports.task("10") });
  await turns();
  assert.equal(tap.instances, 1);
  return state;
}

/** What makes each function be called, before time passes; a promise that it gives is one more call that ends. */
const CAUSES = {
  next: ({ clients: [{ client }] }) => client.exports.status("50"),
  look: ({ clients: [{ client }] }) => client.exports.status("50"),
  wait: ({ clients: [, { client }] }) => client.exports.task("50").wait(),
  pollOnce: ({ clients: [, { client }] }) => client.poll({ ...CHECKPOINT, taskId: "50" }),
  attend: ({ statuses }) => statuses.next(),
  rest: ({ clients: [{ client }] }) => client.exports.task("50").statuses().next(),
  leave: ({ clients: [{ client }] }) => {
    const controller = new AbortController();
    const call = client.exports.status("50", { signal: controller.signal });
    setImmediate(() => controller.abort());
    return call.catch(({ name }) => name);
  },
  reply: (state) => {
    state.replies.at(-1).answer(complete());
  },
  turn: ({ clients: [{ client }], clock }) => {
    void clock.advance(1_000);
    return client.exports.status("50");
  },
  wake: ({ online }) => void [...online][0](),
  textBuffer: ({ clients: [{ client }] }) => void client.exports.task("50"),
  isTaskId: ({ clients: [{ client }] }) => void client.resume(CHECKPOINT),
  define: ({ clients: [{ client }] }) => void client.family({ name: "any", paths: { status: "/any/{taskId}" } }),
  errand: ({ clients: [{ client }] }) => client.exports.details("50"),
  startedTask: ({ main, clock }) =>
    new main.HubSpotTasks({ clock, fetch: async () => answer(202, { id: "50" }) }).exports.start({ exportType: "VIEW" }),
  openTask: ({ clients: [{ client }] }) => void client.exports.task("50"),
  resumeTask: ({ clients: [{ client }] }) => void client.resume(CHECKPOINT),
  progress: ({ clients: [{ task }] }) => void task.checkpoint(),
  observe: ({ clients: [{ client }] }) => void client.exports.task("50").snapshot(),
  "progress of a TIMEOUT": ({ clients: [{ client }] }) => client.exports.task("50").wait({ timeoutMs: 0 }),
  time: ({ clients: [{ client }] }) => void client.exports.task("50", { timeoutMs: 1 }),
  learned: ({ clients: [{ client }] }) => void client.learned(),
  numberBuffer: ({ clients: [{ client }] }) => void client.learned(),
  isApiVersion: ({ main }) => void new main.HubSpotTasks({ apiVersion: "v3" }),
  openClient: ({ main }) => void new main.HubSpotTasks(),
  remember: ({ main }) => void new main.HubSpotTasks({ learned: { export: { whole: [1] } } }),
  outcomeOf: ({ main }) => void main.outcomeOf({ status: "PENDING" }),
};

/** What a call throws, or rejects with; undefined where it does neither. */
async function failureOf(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Nothing of it is left, and all that is called of it answers so. */
async function assertEnded({ main, clients, ends, clock, requests, signal, online }, cause) {
  let settled;
  void Promise.all(ends).then((all) => (settled = all));
  await turns();
  assert(settled, "all calls end without time passing");
  assert(settled.length > 20);
  for (const { reason, value } of settled) {
    if (value !== undefined) continue;
    assert(main.isHubSpotTaskError(reason), String(reason));
    assert.equal(reason.code, "INTERNAL");
    assert(reason.cause instanceof cause, String(reason.cause));
  }
  const failed = settled.filter(({ reason }) => reason).length;
  assert(failed >= 20, `${failed} calls were under way`);
  assert.deepEqual([clock.timers, signal.listeners, online.size], [0, 0, 0], "timers and listeners");
  // The signal of an answered request serves another one, which may be given up.
  const open = requests.filter(({ init, isAnswered }) => !isAnswered && !init.signal.aborted);
  assert.equal(open.length, 0, "requests that were neither answered nor given up");
  for (const { client, task } of clients) {
    for (const [name, call] of Object.entries({
      status: () => client.exports.status("60"),
      "status() of a task": () => task.status(),
      wait: () => task.wait(),
      statuses: () => task.statuses().next(),
      poll: () => client.poll(CHECKPOINT),
      task: () => client.exports.task("60"),
      resume: () => client.resume({ ...CHECKPOINT, taskId: "60" }),
      checkpoint: () => task.checkpoint(),
      learned: () => client.learned(),
    })) {
      assert.equal((await failureOf(call))?.code, "INTERNAL", name);
    }
  }
  const sent = requests.length;
  await clock.advance(3_600_000);
  assert.equal(requests.length, sent, "nothing more is sent");
  assert.equal(clock.timers, 0);
}

/** A new client, on an instance of its own that is as good as the first. */
async function assertWorksAgain(main) {
  const clock = virtualClock();
  const id = "ü😀".repeat(10_000);
  const urls = [];
  const fetch = async (url) => (urls.push(url), urls.length > 1 ? complete() : processing());
  const learned = { export: { whole: Array.from({ length: 20 }, (_, index) => 60 + index / 4) } };
  const client = new main.HubSpotTasks({ clock, fetch, learned });
  const { outcome, polls } = await clock.run(client.fileImports.task(id).wait());
  assert.deepEqual([outcome, polls, urls.length], ["succeeded", 2, 2]);
  assert(urls[0].includes(encodeURIComponent(id)), "texts are those of the new memory");
  assert.deepEqual(client.learned().export.whole, learned.export.whole, "so are numbers");
  assert.equal(main.outcomeOf({ status: "CANCELED" }), "canceled");
  assert.equal(tap.instances, 2);
}

/** Of the other entries, whose code is the same but for the engine's, these are enough. */
const OF_EACH = ["next", "wait", "reply", "progress of a TIMEOUT", "openTask", "learned"];

for (const entry of ENTRIES) {
  const causes = Object.entries(CAUSES).filter(([name]) => entry === "index" || OF_EACH.includes(name));
  for (const [what, { fail, cause, isDone }] of Object.entries(FAILURES)) {
    for (const [name, act] of causes) {
      test(`${what} in ${name} ends all calls on that instance of ${entry}, and no other`, async () => {
        const main = await freshEntry(entry);
        const state = await busyClients(main);
        const [failing] = name.split(" ");
        let failures = 0;
        tap.functionOf = (of, original, number) => {
          if (of !== failing || number !== 1) return original;
          return (...values) => {
            failures++;
            if (isDone) original(...values);
            fail();
          };
        };
        let promise;
        const error = await failureOf(() => void (promise = act(state)));
        if (error) assert.equal(error.code, "INTERNAL");
        if (promise) state.ends.push(endOf(promise));
        await turns();
        await assertEnded(state, cause);
        assert.equal(failures, 1, "what has failed is called no more");
        await assertWorksAgain(main);
      });
    }
  }

  test(`what fails while an instance of ${entry} is made fails once`, async () => {
    for (const name of ["settingsRecord", "answerRecord", "progressRecord", "outputRecord"]) {
      const main = await freshEntry(entry);
      tap.functionOf = (of, original, number) => (of === name && number === 1 ? TRAP : original);
      const error = await failureOf(() => new main.HubSpotTasks());
      assert.equal(error.code, "INTERNAL");
      assert(error.cause instanceof WebAssembly.RuntimeError);
      await assertWorksAgain(main);
    }
  });

  test(`init() after a trap in ${entry} makes a fresh instance, before the next client does`, async () => {
    const main = await freshEntry(entry);
    tap.functionOf = (of, original, number) => (of === "openClient" && number === 1 ? TRAP : original);
    assert.equal((await failureOf(() => new main.HubSpotTasks())).code, "INTERNAL");
    if (entry !== "slim") await main.init();
    await assertWorksAgain(main);
  });
}
