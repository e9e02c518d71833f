// That each check of the fault runs sees what it is there for: of clients that are broken on purpose, one by one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, runOne } from "./entries.mjs";

const entry = await load(".");

/** The package, but that clients are made with other options, and that their tasks are others. */
function broken({ options = (given) => given, task = (own) => own }) {
  class HubSpotTasks {
    constructor(given) {
      const own = new entry.HubSpotTasks(options(given));
      for (const name of ["fileImports", "folderUpdates", "exports", "sourceCodeExtracts"]) {
        const family = own[name];
        this[name] = { task: (...of) => task(family.task(...of), given), status: (...of) => family.status(...of) };
      }
      this.resume = (...of) => task(own.resume(...of), given);
      this.poll = (...of) => own.poll(...of);
    }
  }
  return { ...entry, HubSpotTasks };
}

/** A task but for some of its methods. */
const but = (own, methods) => ({
  id: own.id,
  status: (...of) => own.status(...of),
  wait: (...of) => own.wait(...of),
  statuses: (...of) => own.statuses(...of),
  checkpoint: () => own.checkpoint(),
  ...methods(own),
});

/** A client whose waits are others. */
const waits = (wait) => broken({ task: (own, given) => but(own, () => ({ wait: (options) => wait(own, options ?? {}, given) })) });

/** Every so many times. */
function every(many) {
  let count = 0;
  return () => ++count % many === 0;
}

const sometimes = every(7);

function attempt(act) {
  try {
    act();
  } catch {
    // What a caller's handler throws is not looked at here.
  }
}

const rejected = (promise, change) =>
  promise.catch((error) => {
    throw entry.isHubSpotTaskError(error) ? change(error) : error;
  });

/** An error with other fields. */
const changed = (error, fields) => Object.assign(Object.create(Object.getPrototypeOf(error), Object.getOwnPropertyDescriptors(error)), fields);

const BROKEN = [
  ["a wait that tells success whatever became of the task", /told succeeded, but it is/, () =>
    waits((own, options) =>
      own.wait(options).catch((error) => {
        if (!["FAILED", "CANCELED"].includes(error?.code)) throw error;
        return { outcome: "succeeded", status: error.lastStatus };
      }),
    )],
  ["a wait that tells an end before anybody said so", /which no answer said/, () =>
    waits(async (own, options) => (sometimes() ? { outcome: "succeeded", status: {} } : own.wait(options)))],
  ["a wait that never settles", /never settles/, () => waits((own, options) => (sometimes() ? new Promise(() => {}) : own.wait(options)))],
  ["a wait that gives up before its deadline", /TIMEOUT after/, () =>
    waits((own, options) => own.wait({ ...options, ...(options.timeoutMs && { timeoutMs: options.timeoutMs / 2 }) }))],
  ["a wait that goes on after its deadline", /ms after its deadline/, () =>
    waits((own, options) => own.wait({ ...options, ...(options.timeoutMs && { timeoutMs: options.timeoutMs * 20 }) }))],
  ["a wait that tells of the end late", /ms after .* was answered/, () =>
    waits(async (own, options, { clock }) => {
      const end = await own.wait(options);
      await new Promise((resolve) => clock.setTimeout(resolve, 5_000));
      return end;
    })],
  ["a wait that ends with a code that no answer had", /which no answer to it said/, () =>
    waits((own, options) => rejected(own.wait(options), (error) => changed(error, { code: "HTTP", httpStatus: 503 })))],
  ["a wait that ends for a pause that nobody demanded", /though no pause is that long/, () =>
    waits((own, options) => rejected(own.wait(options), (error) => (error.code === "TIMEOUT" ? changed(error, { code: "MIGRATING" }) : error)))],
  ["a wait that tells onStatus of the end twice", /hears of the end twice/, () =>
    waits((own, options) => own.wait({ ...options, onStatus: (status) => (options.onStatus(status), options.onStatus(status)) }))],
  ["a wait that tells onStatus after its end", /hears of a status after its end/, () =>
    waits(async (own, options) => {
      const end = await own.wait(options);
      setImmediate(() => setImmediate(() => attempt(() => options.onStatus(end.status))));
      return end;
    })],
  ["an iterator that ends while its task goes on", /ends as an iterator that ended while/, () =>
    broken({
      task: (own) =>
        but(own, () => ({
          async *statuses(options) {
            for await (const status of own.statuses(options)) {
              yield status;
              if (sometimes()) return;
            }
          },
        })),
    })],
  ["a message that shows a token in escapes", /an error shows a secret: \.message/, () =>
    waits((own, options, { token }) =>
      rejected(own.wait(options), (error) => changed(error, { message: `no: ${encodeURIComponent(typeof token === "string" ? token : "S3CR3T")}` })),
    )],
  ["an event that shows an export's URL", /an event shows a secret/, () =>
    broken({ options: (given) => ({ ...given, onEvent: (event) => given.onEvent({ ...event, url: "https://exports.hubspot.example/7" }) }) })],
  ["an event of another end", /an event says that .* is succeeded, but it is/, () =>
    broken({ options: (given) => ({ ...given, onEvent: (event) => given.onEvent(event.type === "finished" ? { ...event, outcome: "succeeded" } : event) }) })],
  ["an event that comes twice", /an event says twice/, () =>
    broken({ options: (given) => ({ ...given, onEvent: (event) => (given.onEvent(event), given.onEvent(event)) }) })],
  ["a checkpoint that shows a token", /a checkpoint shows a secret/, () =>
    broken({ task: (own) => but(own, () => ({ checkpoint: () => ({ ...own.checkpoint(), note: ["S3CR3T"] }) })) })],
  ["a client that says something on the console", /the console is told/, () =>
    waits((own, options) => {
      console.warn("a task is waited for");
      return own.wait(options);
    })],
  ["a client that knows no limit", /requests within|the server's limit was exceeded/, () =>
    broken({ options: (given) => ({ ...given, rateLimit: false, fetch: withoutLimits(given.fetch) }) })],
  ["a client that asks too often", /though the least interval is/, () =>
    broken({ options: (given) => ({ ...given, minIntervalMs: 10, maxIntervalMs: 20 }) })],
  ["a client that asks during a pause", /ms after 477/, () => broken({ options: (given) => ({ ...given, fetch: withoutPauses(given.fetch) }) })],
  ["a client that asks a task that is held back", /holds it back/, () =>
    broken({ options: (given) => ({ ...given, fetch: withoutPauses(given.fetch) }) })],
  ["a client that asks though nobody waits", /though nobody waits/, () =>
    waits((own, options) => {
      own.wait({ timeoutMs: 30_000 }).catch(() => {});
      return own.wait(options);
    })],
  ["a client that breaks off no request", /requests left under way/, () =>
    broken({ options: (given) => ({ ...given, fetch: (url, init) => given.fetch(url, { ...init, signal: new AbortController().signal }) }) })],
  ["a client that leaves a listener at a signal", /listeners left/, () =>
    waits((own, options) => {
      options.signal?.addEventListener("abort", () => {});
      return own.wait(options);
    })],
  ["a client that leaves a timer", /timers left/, () =>
    waits((own, options, { clock }) => {
      clock.setTimeout(() => {}, 86_400_000);
      return own.wait(options);
    })],
];

/** Answers, but that nothing in them tells of limits or asks for a pause. */
const withHeaders = (isLeftOut, status) => (fetch) => async (url, init) => {
  const given = await fetch(url, init);
  const get = (name) => (isLeftOut(name) ? null : (given.headers.get?.(name) ?? given.headers[name] ?? null));
  const text = async () => (given.text ? given.text() : typeof given.body === "string" ? given.body : given.body.text());
  return { status: status(given.status ?? given.statusCode), headers: { get }, text };
};
const withoutLimits = withHeaders((name) => name.startsWith("x-hubspot"), (status) => status);
const withoutPauses = withHeaders((name) => name === "retry-after", (status) => (status === 477 ? 503 : status));

test("a seed plays the same run each time", async () => {
  const story = async () => (await runOne(entry, 3, 15)).story();
  assert.deepEqual(await story(), await story());
});

/** So many runs at most show it. */
const MOST_RUNS = 20;

for (const [name, wrong, make] of BROKEN) {
  test(`the fault runs see ${name}`, async () => {
    const seen = [];
    for (let seed = 1; seed <= MOST_RUNS; seed++) {
      const { wrongs } = await runOne(make(), seed, 30);
      if (wrongs.some((one) => wrong.test(one))) return;
      seen.push(...wrongs);
    }
    assert.fail(`not seen; seen was ${JSON.stringify(seen.slice(0, 5), undefined, 1)}`);
  });
}
