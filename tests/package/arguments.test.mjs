// Options and arguments of wrong values: named, refused before anything is sent, and harmless to the client.
import assert from "node:assert/strict";
import {
  FAMILIES,
  HubSpotTasks,
  assertError,
  answer,
  outcomeOf,
  processing,
  rejection,
  setUp,
  test,
  thrown,
  value,
  virtualClock,
} from "./support.mjs";

const WRONG = [NaN, -1, "x", {}, [], Symbol("s"), 10n, true, () => {}];
const without = (...taken) => WRONG.filter((value) => !taken.includes(typeof value));
const spans = [...without(), "5", -0.5, -Infinity];

/** Wrong values of each option of the client. */
const CLIENT = {
  token: [...without("string", "function"), "", "  "],
  baseUrl: [
    ...without("string"),
    "ftp://host.example",
    "file:///etc",
    "javascript:0",
    "https://",
    "https://user@host.example",
    "https://user:word@host.example",
    "https://host.example?x",
    "https://host.example/#x",
    "https://host.example?",
  ],
  apiVersion: [...without("string"), "", ".", "..", "v3/..", "v3?x", "2026_03", "ü"],
  headers: [...WRONG.filter((value) => !(typeof value === "object" && !Array.isArray(value))), new Headers({ a: "b" })],
  fetch: without("function"),
  pace: [...WRONG, 0, Infinity, "Interactive"],
  minIntervalMs: [...spans, Infinity],
  maxIntervalMs: [...spans, Infinity],
  timeoutMs: spans,
  requestTimeoutMs: [...spans, 0],
  clock: [...WRONG, { now: Date.now, setTimeout }, { now: Date.now, setTimeout, clearTimeout: 5 }],
};
const TASK = { pace: CLIENT.pace, timeoutMs: CLIENT.timeoutMs };
const fakeSignal = { aborted: false, addEventListener() {}, removeEventListener() {} };
const SIGNAL = [
  ...WRONG,
  { aborted: false },
  { ...fakeSignal, aborted: "no" },
  { ...fakeSignal, removeEventListener: 5 },
];
const WAIT = { ...TASK, signal: SIGNAL, onStatus: without("function") };
const CALL = { signal: SIGNAL };

const shown = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** Checks that an error names the option, what it got and what it takes. */
function assertNames(error, option, value) {
  assertError(error, "INVALID_ARGUMENT");
  assert(error.message.startsWith(`${option}: got `), error.message);
  assert.match(error.message, /, takes \S/);
  const got = error.message.slice(`${option}: got `.length).split(", takes ")[0];
  if (typeof value === "number" && option !== "baseUrl") {
    assert(got === String(value) || got.includes("number"), error.message);
  }
}

const isClient = (options) => new HubSpotTasks({ fetch: async () => answer(200, ""), ...options });

for (const [option, values] of Object.entries(CLIENT)) {
  test(`new HubSpotTasks refuses a wrong ${option}, and names it`, () => {
    for (const value of values)
      assertNames(
        thrown(() => isClient({ [option]: value })),
        option,
        value,
      );
  });
}

test("new HubSpotTasks refuses options that are no object", () => {
  for (const options of [5, "x", Symbol("s"), 10n, true, () => {}]) {
    assertNames(
      thrown(() => new HubSpotTasks(options)),
      "options",
      options,
    );
  }
});

test("a getter that throws is INVALID_ARGUMENT with what it threw as cause, for every option", async () => {
  const { client, requests } = setUp(async () => processing());
  const task = client.exports.task("7");
  const boom = new Error("boom");
  const trap = (option) =>
    Object.defineProperty({}, option, {
      enumerable: true,
      get() {
        throw boom;
      },
    });
  const refused = [
    ...Object.keys(CLIENT).map((option) => [option, thrown(() => new HubSpotTasks(trap(option)))]),
    ...Object.keys(TASK).map((option) => [option, thrown(() => client.exports.task("7", trap(option)))]),
  ];
  for (const option of Object.keys(WAIT)) refused.push([option, await rejection(task.wait(trap(option)))]);
  refused.push(["signal", await rejection(task.status(trap("signal")))]);
  refused.push(["signal", await rejection(client.exports.status("7", trap("signal")))]);
  for (const [option, error] of refused) {
    assertError(error, "INVALID_ARGUMENT", { cause: boom });
    assert(error.message.includes(option), error.message);
  }
  const proxy = new Proxy(
    {},
    {
      get() {
        throw boom;
      },
      has() {
        throw boom;
      },
      ownKeys() {
        throw boom;
      },
    },
  );
  assertError(
    thrown(() => new HubSpotTasks(proxy)),
    "INVALID_ARGUMENT",
  );
  assertError(
    thrown(() => isClient({ headers: proxy })),
    "INVALID_ARGUMENT",
  );
  assertError(
    thrown(() => isClient({ clock: proxy })),
    "INVALID_ARGUMENT",
  );
  assertError(await rejection(task.wait({ signal: proxy })), "INVALID_ARGUMENT");
  assert.equal(requests.length, 0);
});

test("task() throws for wrong options, and wait() and status() reject; nothing is sent, and the client stays usable", async () => {
  const { client, requests } = setUp(async () => processing());
  const family = client.fileImports;
  const task = family.task("a");
  for (const [option, values] of Object.entries(TASK)) {
    for (const value of values)
      assertNames(
        thrown(() => family.task("a", { [option]: value })),
        option,
        value,
      );
  }
  for (const [option, values] of Object.entries(WAIT)) {
    for (const value of values) assertNames(await rejection(task.wait({ [option]: value })), option, value);
  }
  for (const [option, values] of Object.entries(CALL)) {
    for (const value of values) {
      assertNames(await rejection(task.status({ [option]: value })), option, value);
      assertNames(await rejection(family.status("a", { [option]: value })), option, value);
    }
  }
  for (const options of [5, "x", Symbol("s"), () => {}]) {
    assertNames(
      thrown(() => family.task("a", options)),
      "options",
      options,
    );
    assertNames(await rejection(task.wait(options)), "options", options);
    assertNames(await rejection(task.status(options)), "options", options);
    assertNames(await rejection(family.status("a", options)), "options", options);
  }
  assert.equal(requests.length, 0);
  assert.equal((await value(task.status())).status, "PROCESSING");
  assert.equal(requests.length, 1);
});

test("a refused wait() leaves no listener on its signal", async () => {
  const { client } = setUp(async () => processing());
  let listeners = 0;
  const signal = { aborted: false, addEventListener: () => listeners++, removeEventListener: () => listeners-- };
  await rejection(client.exports.task("7").wait({ signal, timeoutMs: -1 }));
  await rejection(client.exports.task("7").wait({ signal, onStatus: 5 }));
  await rejection(client.exports.status("", { signal }));
  assert.equal(listeners, 0);
});

test("a signal whose addEventListener throws is INVALID_ARGUMENT", async () => {
  const { client } = setUp(async () => processing());
  const signal = {
    ...fakeSignal,
    addEventListener() {
      throw new Error("boom");
    },
  };
  assertNames(await rejection(client.exports.task("7").wait({ signal })), "signal", signal);
});

test("null is not given, for every option", async () => {
  const originals = [globalThis.fetch];
  const urls = [];
  globalThis.fetch = async (url) => (urls.push(url), processing());
  try {
    const nothing = (options) => Object.fromEntries(Object.keys(options).map((option) => [option, null]));
    const client = new HubSpotTasks(nothing(CLIENT));
    const task = client.exports.task("7", nothing(TASK));
    assert.equal((await value(task.status(nothing(CALL)))).status, "PROCESSING");
    await value(client.exports.status("7", null));
    await rejection(task.wait({ ...nothing(WAIT), timeoutMs: 0 }));
    new HubSpotTasks(null).exports.task("7", null);
  } finally {
    [globalThis.fetch] = originals;
  }
  assert.deepEqual(new Set(urls), new Set(["https://api.hubapi.com/crm/exports/2026-03/export/async/tasks/7/status"]));
});

test("an unknown option of a client is refused by name, with the likely one, and without its value", () => {
  const table = {
    accessToken: "`token`",
    apiKey: "`token`",
    Token: "`token`",
    basePath: "`baseUrl`",
    baseURL: "`baseUrl`",
    base_url: "`baseUrl`",
    defaultHeaders: "`headers`",
    timeout: "`timeoutMs`",
    timeoutMS: "`timeoutMs`",
    maxInterval: "`maxIntervalMs`",
    limiterOptions: "`rateLimit`",
    concurrency: "`maxConcurrent`",
    onevent: "`onEvent`",
    retries: "one of apiVersion, baseUrl, clock, ",
    signal: "one of apiVersion, ",
    constructor: "one of apiVersion, ",
    "": "one of apiVersion, ",
  };
  for (const [name, takes] of Object.entries(table)) {
    for (const value of ["s3cret", 5, {}, () => "s3cret", false]) {
      const { message } = assertError(
        thrown(() => isClient({ [name]: value })),
        "INVALID_ARGUMENT",
      );
      assert(message.startsWith(`${name}: got an option that is unknown, takes ${takes}`), message);
      assert(!message.includes("s3cret"), message);
    }
    isClient({ [name]: undefined });
    isClient({ [name]: null });
  }
  isClient({ [Symbol("s")]: 1 });
});

test("unknown options of a task and of a call are ignored", async () => {
  const unknown = { retries: NaN, Token: 5, base_url: {}, [Symbol("s")]: 1 };
  const { client } = setUp(async () => processing());
  const task = client.exports.task("7", { ...unknown, signal: 5 });
  assert.equal((await value(task.status({ ...unknown, timeoutMs: -1 }))).status, "PROCESSING");
  assert.equal((await rejection(task.wait({ ...unknown, timeoutMs: 0, minIntervalMs: -1 }))).code, "TIMEOUT");
});

test("minIntervalMs above maxIntervalMs is refused, with the default of the other one too", () => {
  for (const options of [{ minIntervalMs: 2, maxIntervalMs: 1 }, { minIntervalMs: 60_001 }, { maxIntervalMs: 999 }]) {
    const error = assertError(
      thrown(() => isClient(options)),
      "INVALID_ARGUMENT",
    );
    assert.match(error.message, /minIntervalMs.*maxIntervalMs/);
  }
  isClient({ minIntervalMs: 5, maxIntervalMs: 5 });
});

test("extreme but valid numbers neither fail nor poll without end", async () => {
  const table = [
    { pace: 1e308 },
    { pace: 5e-324 },
    { minIntervalMs: 1e300, maxIntervalMs: 1e300 },
    { minIntervalMs: 0, maxIntervalMs: 0 },
    { timeoutMs: 1e300 },
    { timeoutMs: Number.MAX_VALUE },
    { requestTimeoutMs: 1e300 },
    { requestTimeoutMs: 5e-324 },
    { minIntervalMs: 0.5 },
  ];
  for (const options of table) {
    const { client, clock, requests } = setUp(async () => processing(), options);
    const controller = new AbortController();
    const wait = client.exports.task("7").wait({ signal: controller.signal });
    wait.catch(() => {});
    await clock.advance(20);
    assert(
      requests.length >= 1 && requests.length <= 25,
      `${JSON.stringify(options)}: ${requests.length} requests in 20 ms`,
    );
    controller.abort();
    assert.equal((await rejection(wait)).name, "AbortError");
  }
});

test("outcomeOf throws for what is no status and no family", () => {
  const trap = {
    get status() {
      throw new Error("boom");
    },
  };
  for (const status of [null, 5, "COMPLETE", true, 10n, [], {}, { status: 5 }, { status: null }, trap]) {
    const error = assertError(
      thrown(() => outcomeOf(status)),
      "INVALID_ARGUMENT",
    );
    assert.match(error.message, /^status: /);
  }
  for (const family of [5, "exports", "", Symbol("s"), 10n, true, () => {}]) {
    assertNames(
      thrown(() => outcomeOf({ status: "COMPLETE" }, family)),
      "family",
      family,
    );
  }
  assert.equal(outcomeOf({ status: "COMPLETE" }, null), "succeeded");
  const error = assertError(thrown(() => outcomeOf({ status: "COMPLETE" }, {})), "INVALID_ARGUMENT");
  assert.match(error.message, /^definition: name: got nothing/);
});

test("outcomeOf throws INVALID_ARGUMENT for what JSON does not know", () => {
  for (const status of [undefined, Symbol("s"), () => {}, { toJSON: () => undefined }]) {
    assertError(
      thrown(() => outcomeOf(status)),
      "INVALID_ARGUMENT",
    );
  }
});

test("outcomeOf tells the outcomes apart", () => {
  const errors = [{ message: "no" }];
  const table = [
    [{ status: "PENDING" }, undefined, "running"],
    [{ status: "PROCESSING", result: "x", numErrors: 3 }, "export", "running"],
    [{ status: "REVIEWING" }, "export", "running"],
    [{ status: "FAILED" }, "export", "running"],
    [{ status: "CANCELED" }, "export", "canceled"],
    [{ status: "CANCELED", result: "x" }, undefined, "canceled"],
    [{ status: "COMPLETE" }, undefined, "succeeded"],
    [{ status: "COMPLETE" }, "export", "failed"],
    [{ status: "COMPLETE", result: null }, "fileImport", "failed"],
    [{ status: "COMPLETE", result: {} }, "fileImport", "succeeded"],
    [{ status: "COMPLETE" }, "sourceCodeExtract", "succeeded"],
    [{ status: "COMPLETE", numErrors: 1 }, "sourceCodeExtract", "failed"],
    [{ status: "COMPLETE", numErrors: 1 }, undefined, "failed"],
    [{ status: "COMPLETE", numErrors: 0, errors: [], result: "x" }, "export", "succeeded"],
    [{ status: "COMPLETE", numErrors: 1, result: "x" }, "export", "succeededWithErrors"],
    [{ status: "COMPLETE", errors, result: {} }, "folderUpdate", "succeededWithErrors"],
    [{ status: "COMPLETE", errors }, "folderUpdate", "failed"],
    [{ status: "COMPLETE", numErrors: "1", result: "x" }, "export", "succeededWithErrors"],
    [{ status: "COMPLETE", errors: [undefined, {}], result: "x" }, "export", "succeededWithErrors"],
    [{ status: "COMPLETE", errors: [undefined, null], result: "x" }, "export", "succeeded"],
    [{ status: "COMPLETE", errors: { message: "no" } }, undefined, "failed"],
    [{ status: "COMPLETE", result: "" }, "export", "failed"],
    [{ status: "COMPLETE", result: {} }, "export", "failed"],
    [{ status: "COMPLETE", result: false }, undefined, "succeeded"],
    [{ status: "COMPLETE", errors: null, numErrors: null, result: "x" }, undefined, "succeeded"],
  ];
  for (const [status, family, outcome] of table)
    assert.equal(outcomeOf(status, family), outcome, `${shown(status)} ${family}`);
});

test("what gives a promise rejects even when it is called without its object", async () => {
  const { client } = setUp(async () => processing());
  const { status } = client.exports;
  const task = client.exports.task("7");
  for (const detached of [() => status("7"), () => (0, task.wait)(), () => (0, task.status)()]) {
    let promise;
    assert.doesNotThrow(() => (promise = detached()));
    assert((await rejection(promise)) instanceof Error);
  }
});

test("the four families are the same objects at each access, and their handles say what they are of", () => {
  const { client } = setUp(async () => processing());
  const names = ["fileImport", "folderUpdate", "export", "sourceCodeExtract"];
  for (const [index, family] of FAMILIES.entries()) {
    assert.equal(client[family], client[family]);
    const task = client[family].task(7);
    assert.deepEqual([task.family, task.id, task.latest], [names[index], "7", undefined]);
  }
});

test("a clock is called as a method, and only when something is asked", async () => {
  const clock = virtualClock();
  class Own {
    #clock = clock;
    now() {
      return this.#clock.now();
    }
    setTimeout(callback, ms) {
      return this.#clock.setTimeout(callback, ms);
    }
    clearTimeout(handle) {
      this.#clock.clearTimeout(handle);
    }
  }
  const client = new HubSpotTasks({ clock: new Own(), fetch: async () => processing() });
  const error = await clock.run(
    client.exports
      .task("7")
      .wait({ timeoutMs: 5_000 })
      .catch((error) => error),
  );
  assertError(error, "TIMEOUT");
});
