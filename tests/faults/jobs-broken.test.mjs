// That each check of the fault runs of jobs sees what it is there for: of clients and downloads that are broken on purpose.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { load, results, runOneOfJobs } from "./entries.mjs";

const entry = await load(".");

const SERVICES = ["fileImports", "folderUpdates", "exports", "sourceCodeExtracts", "imports"];

/** The package, but that clients are made with other options, and that some calls of their families are others. */
function broken({ options = (given) => given, calls = () => ({}) }) {
  class HubSpotTasks {
    constructor(given) {
      const client = new entry.HubSpotTasks(options(given));
      for (const name of SERVICES) {
        const own = client[name];
        const usual = Object.fromEntries(["task", "status", "start", "run", "errors"].map((call) => [call, (...of) => own[call](...of)]));
        this[name] = { ...usual, ...calls(own, given) };
      }
    }
  }
  return { entry: { ...entry, HubSpotTasks } };
}

/** `/results`, but for some of its functions. */
const brings = (functions) => ({ results: { ...results, ...functions } });

/** A client whose fetch is another. */
const fetches = (fetch) => broken({ options: (given) => ({ ...given, fetch: (url, init) => fetch(given.fetch, url, init) }) });

const isStart = ({ method, body }) => method === "POST" && body !== undefined;

/** Every so many times. */
function every(many) {
  let count = 0;
  return () => ++count % many === 0;
}
const sometimes = every(5);

const changed = (error, fields) => Object.assign(Object.create(Object.getPrototypeOf(error), Object.getOwnPropertyDescriptors(error)), fields);

/** What a promise rejects with is another error. */
const rejected = (promise, change) =>
  promise.catch((error) => {
    throw entry.isHubSpotTaskError(error) ? change(error) : error;
  });

/** An error of the package's, of any code. */
function errorOf(fields) {
  try {
    entry.outcomeOf(7);
  } catch (error) {
    return changed(error, fields);
  }
  return assert.fail("outcomeOf(7) is refused");
}

const starts = (change) => broken({ calls: (own) => ({ start: (...of) => rejected(own.start(...of), change) }) });

/** A download whose parts are others. */
const downloads = (change) =>
  brings({
    async download(...of) {
      const given = await results.download(...of);
      return { ...given, body: given.body.pipeThrough(new TransformStream({ transform: (part, to) => change(part).forEach((one) => to.enqueue(one)) })) };
    },
  });

const rowsBy = (change) =>
  brings({
    async *rows(...of) {
      for await (const row of results.rows(...of)) yield* change(row);
    },
  });

const saves = (after) => brings({ saveTo: async (client, task, path, options) => after(results.saveTo(client, task, path, options), path, options) });

/** `/results` whose options are others. */
const withOptions = (change) =>
  brings({
    download: (client, task, options) => results.download(client, task, change(options)),
    rows: (client, task, options) => results.rows(client, task, change(options)),
    saveTo: (client, task, path, options) => results.saveTo(client, task, path, change(options)),
  });

const BROKEN = [
  ["a client that starts again after a lost connection", /started 2 times/, () =>
    fetches(async (fetch, url, init) => fetch(url, init).catch((reason) => (isStart(init) && !init.signal.aborted ? fetch(url, init) : Promise.reject(reason))))],
  ["a client that starts again what is locked", /sent again after/, () =>
    fetches(async (fetch, url, init) => {
      const response = await fetch(url, init);
      return isStart(init) && [400, 409, 423].includes(response.status) ? fetch(url, init) : response;
    })],
  ["a client that gives another id", /told 1, but .* was started/, () =>
    broken({ calls: (own) => ({ start: async (...of) => (await own.start(...of), own.task("1")) }) })],
  ["a client that gives an id though nothing was started", /but nothing was started/, () =>
    broken({ calls: (own) => ({ start: (...of) => own.start(...of).catch(() => own.task("1")) }) })],
  ["a client that takes a start in doubt for one that failed", /rejects with NETWORK, but .* was started/, () =>
    starts((error) => (error.code === "UNKNOWN_OUTCOME" ? changed(error, { code: "NETWORK" }) : error))],
  ["a client that takes a refused start for one in doubt", /UNKNOWN_OUTCOME, but its answer .* says RATE_LIMITED/, () =>
    starts((error) => (error.code === "RATE_LIMITED" ? changed(error, { code: "UNKNOWN_OUTCOME" }) : error))],
  ["a client that sends nothing", /though nothing was sent/, () =>
    broken({ calls: () => ({ start: () => Promise.reject(errorOf({ code: "NETWORK" })) }) })],
  ["a client that leaves a field out", /another request came than was given/, () =>
    fetches((fetch, url, init) => fetch(url, { ...init, ...(typeof init.body === "string" && { body: JSON.stringify({ ...JSON.parse(init.body), access: "PUBLIC_INDEXABLE" }) }) }))],
  ["a client that loses a byte of a file", /files came changed/, () =>
    fetches((fetch, url, init) => {
      if (!(init.body instanceof FormData)) return fetch(url, init);
      const body = new FormData();
      for (const [name, value] of init.body) {
        if (name === "files") body.append(name, value.slice(1), value.name);
        else body.append(name, value);
      }
      return fetch(url, { ...init, body });
    })],
  ["a client that loses a file", /files came of/, () =>
    fetches((fetch, url, init) => {
      const files = init.body instanceof FormData ? init.body.getAll("files") : [];
      if (files.length > 1) init.body.set("files", files[0], files[0].name);
      return fetch(url, init);
    })],
  ["a start that never settles", /never settles|never ends/, () =>
    broken({ calls: (own) => ({ start: (...of) => (sometimes() ? new Promise(() => {}) : own.start(...of)) }) })],
  ["a start that goes on after its end", /sent after its end/, () =>
    broken({
      calls: (own) => ({
        start(request, { signal, ...options } = {}) {
          if (!signal) return own.start(request, options);
          signal.throwIfAborted();
          return Promise.race([own.start(request, options), new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))]);
        },
      }),
    })],
  ["a start that is left late", /ms after the abort/, () =>
    broken({
      calls: (own, { clock }) => ({
        start: (...of) =>
          own.start(...of).catch(async (error) => {
            await new Promise((resolve) => clock.setTimeout(resolve, 50));
            throw error;
          }),
      }),
    })],
  ["a wait that tells another outcome", /ends as succeeded, and is/, () =>
    broken({
      calls: (own) => ({
        start: async (...of) => {
          const task = await own.start(...of);
          const wait = (options) => task.wait(options).catch((error) => (["FAILED", "CANCELED"].includes(error.code) ? { outcome: "succeeded" } : Promise.reject(error)));
          return { id: task.id, wait };
        },
      }),
    })],
  ["a result that lost a counter", /its result is not the simulator's/, () =>
    broken({
      calls: (own) => ({
        async run(...of) {
          const finished = await own.run(...of);
          return { ...finished, result: finished.result?.counters ? { ...finished.result, counters: {} } : finished.result };
        },
      }),
    })],
  ["errors of which one is lost", /errors came, which are not/, () =>
    broken({
      calls: (own) => ({
        async *errors(...of) {
          for await (const error of own.errors(...of)) if (!sometimes()) yield error;
        },
      }),
    })],
  ["a client that knows no limit", /requests within/, () => broken({ options: (given) => ({ ...given, rateLimit: false, maxConcurrent: 100 }) })],
  ["a download that loses a byte", /bytes came, which are not/, () => downloads((part) => [part.subarray(1)])],
  ["a download that brings a part twice", /bytes came, which are not/, () => downloads((part) => [part, part])],
  ["a download that gives up at once", /rejects with NETWORK/, () => brings({ download: () => Promise.reject(errorOf({ code: "NETWORK", message: "no" })) })],
  ["a download that tells of a file that changed", /told that the file changed/, () =>
    brings({ download: () => Promise.reject(errorOf({ code: "INVALID_RESPONSE", message: "the file changed meanwhile" })) })],
  ["a download that tells another size", /told of 7 bytes/, () => brings({ download: async (...of) => ({ ...(await results.download(...of)), size: 7 }) })],
  ["progress that is told twice", /progress goes/, () =>
    withOptions((options) => ({ ...options, onProgress: (progress) => (options.onProgress(progress), options.onProgress(progress)) }))],
  ["rows of which one is lost", /rows came, which are not/, () => rowsBy((row) => (sometimes() ? [] : [row]))],
  ["rows that come twice", /rows came, which are not/, () => rowsBy((row) => [row, row])],
  ["a file that is saved with a byte too many", /bytes stand there, which are not the file's/, () =>
    saves(async (saving, path) => {
      const saved = await saving;
      await writeFile(path, "x", { flag: "a" });
      return saved;
    })],
  ["half a file under the final name", /under the final name/, () =>
    saves((saving, path) =>
      saving.catch(async (error) => {
        await writeFile(path, "half");
        throw error;
      }),
    )],
  ["a part that is left beside the file", /a part is left beside the file/, () =>
    saves(async (saving, path) => {
      const saved = await saving;
      await writeFile(`${path}.part`, "x");
      return saved;
    })],
  ["a part whose note shows the file's URL", /shows the file's URL/, () =>
    saves((saving, path) =>
      saving.catch(async (error) => {
        await writeFile(`${path}.part.json`, '{"url":"https://exports.hubspot.example/7"}');
        throw error;
      }),
    )],
  ["a download that sends a token to the file's host", /the file's host is shown a token/, () =>
    withOptions(({ fetch, ...options }) => ({ ...options, fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: "Bearer 7" } }) }))],
  ["a download that closes no connection", /left open/, () =>
    withOptions(({ fetch, ...options }) => ({
      ...options,
      async fetch(url, init) {
        const { status, headers, body } = await fetch(url, { ...init, signal: new AbortController().signal });
        const reader = body.getReader();
        return { status, headers, body: { getReader: () => ({ read: () => reader.read(), cancel: async () => {} }) } };
      },
    }))],
  ["a download that goes on after its end", /asks for the file after its end/, () =>
    brings({ download: (...of) => Promise.race([results.download(...of), Promise.reject(errorOf({ code: "NETWORK", message: "no" }))]) })],
  ["a download that leaves a timer", /downloads: .* timers left/, () =>
    withOptions((options) => {
      options.clock.setTimeout(() => {}, 864_000_000);
      return options;
    })],
  ["a download that leaves a listener", /listeners left/, () =>
    withOptions((options) => {
      options.signal?.addEventListener("abort", () => {});
      return options;
    })],
  ["a download whose error shows the file's URL", /an error shows a secret/, () =>
    brings(
      Object.fromEntries(
        ["download", "saveTo"].map((name) => [name, () => Promise.reject(errorOf({ message: "https://exports.hubspot.example/7" }))]),
      ),
    )],
];

/** So many runs at most show it. */
const MOST_RUNS = 20;

for (const [name, wrong, make] of BROKEN) {
  test(`the fault runs of jobs see ${name}`, async () => {
    const seen = [];
    for (let seed = 1; seed <= MOST_RUNS; seed++) {
      const parts = { entry, results, ...make() };
      const { wrongs } = await runOneOfJobs(parts.entry, seed, 12, parts.results);
      if (wrongs.some((one) => wrong.test(one))) return;
      seen.push(...wrongs);
    }
    assert.fail(`not seen; seen was ${JSON.stringify(seen.slice(0, 5), undefined, 1)}`);
  });
}
