// The entry for Cloudflare's workers, in a host that does as they do: timers, requests and abort signals belong to the context
// that made them, end with it, and throw where another context touches them. What a promise leads to runs in the context of
// whoever settles it, as in workerd before October 2024. tests/matrix/ has the same in workerd itself.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installed, project } from "./pack.mjs";
import { START, complete, processing, test, turns } from "./support.mjs";

// As wrangler does: the .wasm file is a module.
const file = join(project, `workerd-${process.pid}.mjs`);
const wasm = JSON.stringify(join(installed, "hubspot-async-tasks.wasm"));
const text = readFileSync(join(installed, "workerd.js"), "utf8");
const whole = text.replace(
  /^import (\w+) from ".\/hubspot-async-tasks.wasm";$/m,
  `import { readFileSync } from "node:fs";\nconst $1 = new WebAssembly.Module(readFileSync(${wasm}));`,
);
assert.notEqual(whole, text);
writeFileSync(file, whole);
const { HubSpotTasks } = await import(pathToFileURL(file).href);

const HostController = globalThis.AbortController;

/** More than it takes until others see that a context has ended. */
const LAPSED_MS = 5_000;

/** A host: its time, its contexts, and a client in a module variable, whose server answers after `latencyMs`. */
function setUp(serve, { latencyMs = 100, ...options } = {}) {
  let now = START;
  let current;
  const events = [];
  const requests = [];
  const signals = new WeakMap();

  /** In a turn of a context: unless that is over, or late, which makes it wait until then. */
  async function inContext(context, act) {
    if (context.isOver) return;
    current = context;
    act();
    await turns();
    current = undefined;
  }
  const at = (ms, context, act) => {
    const event = { at: now + ms, context, act };
    events.push(event);
    return event;
  };
  const here = (what) => {
    assert(current, `${what} outside of all contexts`);
    return current;
  };

  const clock = {
    now: () => now,
    setTimeout: (callback, ms) => at(ms, here("a timer"), callback),
    clearTimeout(event) {
      if (event.context === current) event.act = () => {};
    },
  };
  const fetch = (url, init) => {
    const context = here("a request");
    assert.equal(signals.get(init.signal), context, "a signal of another context");
    const request = { at: now - START, context, url, id: url.split("/").at(-2), isAborted: false };
    requests.push(request);
    return new Promise((resolve, reject) => {
      init.signal.addEventListener("abort", () => {
        request.isAborted = true;
        reject(init.signal.reason);
      });
      at(latencyMs, context, () => resolve(serve(request, requests.length)));
    });
  };
  class Controller extends HostController {
    constructor() {
      super();
      signals.set(this.signal, here("an AbortController"));
    }
    abort(reason) {
      assert.equal(signals.get(this.signal), current, "aborted by another context");
      super.abort(reason);
    }
  }

  const client = new HubSpotTasks({ clock, fetch, ...options });
  return {
    client,
    requests,
    idsAsked: () => requests.map(({ id }) => id),
    get now() {
      return now - START;
    },
    /** A visitor comes: what he is told, and whether in his own context. */
    async visit(ask) {
      const visitor = { isOver: false, lateUntil: 0, told: undefined };
      await inContext(visitor, () => {
        const tell = (how) => (value) => {
          visitor.told = { how, value, at: now - START, isAtHome: current === visitor };
        };
        ask(client, visitor).then(tell("fulfilled"), tell("rejected"));
      });
      return visitor;
    },
    /** A visitor does something. */
    inContext,
    async advance(ms) {
      const end = now + ms;
      for (let count = 0; ; count++) {
        assert(count < 50_000, "timers without end");
        const due = events.map((event) => Math.max(event.at, event.context.lateUntil));
        const first = due.reduce((least, time, index) => (time < due[least] ? index : least), 0);
        if (events.length === 0 || due[first] > end) break;
        const [{ context, act }] = events.splice(first, 1);
        now = Math.max(now, due[first]);
        await inContext(context, act);
      }
      now = end;
    },
    /** The whole worker stands still. */
    halt: (ms) => void (now += ms),
    /** How many timers of living contexts are set. */
    get timers() {
      return events.filter(({ context, act }) => !context.isOver && !/^\(\) => \{\}$/.test(String(act))).length;
    },
    /** Runs with AbortControllers that belong to contexts. */
    async run(act) {
      globalThis.AbortController = Controller;
      try {
        await act();
      } finally {
        globalThis.AbortController = HostController;
      }
    },
  };
}

/** A test in such a host. */
const inHost = (serve, options, run) => () => {
  const host = setUp(serve, options);
  return host.run(() => run(host));
};

/** A server whose tasks end at that time. */
const endingAt = (ms) => (request) => (request.at >= ms ? complete() : processing({ at: request.at }));

const wait = (id, options) => (client) => client.fileImports.task(id).wait(options);

/** They were told the truth, in their own contexts. */
function assertTold(visitors, outcome = "succeeded") {
  for (const { told } of visitors) {
    assert.equal(told?.how, "fulfilled", String(told?.value?.stack ?? told?.value));
    assert.deepEqual([told.value.outcome, told.isAtHome], [outcome, true]);
  }
}

test("each visitor's task is polled in his own context, and he is told there", inHost(endingAt(20_000), {}, async (host) => {
  const visitors = [];
  for (const id of ["1", "2", "3", "4", "5"]) {
    visitors.push(await host.visit(wait(id)));
    await host.advance(700);
  }
  await host.advance(40_000);
  assertTold(visitors);
  for (const { id, context } of host.requests) assert.equal(context, visitors[id - 1]);
  assert.equal(host.timers, 0);
}));

test("visitors of one task share its polls, and each is told in his own context", inHost(endingAt(20_000), {}, async (host) => {
  const visitors = [];
  for (let count = 0; count < 5; count++) visitors.push(await host.visit(wait("7")));
  await host.advance(40_000);
  assertTold(visitors);
  const alone = setUp(endingAt(20_000));
  await alone.run(async () => {
    await alone.visit(wait("7"));
    await alone.advance(40_000);
  });
  assert.equal(host.requests.length, alone.requests.length);
}));

for (const leavesMs of [0, 50, 150, 2_500, 7_000]) {
  test(`a visitor who leaves after ${leavesMs} ms harms nobody, those of his own task least`, inHost(endingAt(20_000), {}, async (host) => {
    const leaving = await host.visit(wait("7"));
    const staying = [await host.visit(wait("7")), await host.visit(wait("8"))];
    await host.advance(leavesMs);
    leaving.isOver = true;
    await host.advance(60_000);
    assertTold(staying);
    for (const { told } of staying) assert(told.at < 20_000 + LAPSED_MS + 6_000, `told at ${told.at}`);
    assertTold([await host.visit(wait("7"))]);
  }));
}

test("a request whose context ends is sent again by another who waits, and is no fault", inHost(endingAt(0), { latencyMs: 1_000 }, async (host) => {
  const leaving = await host.visit(wait("7"));
  const staying = await host.visit(wait("7"));
  await host.advance(500);
  assert.deepEqual(host.requests.map(({ context }) => context), [leaving]);
  leaving.isOver = true;
  await host.advance(LAPSED_MS);
  assert.deepEqual(host.requests.map(({ context }) => context), [leaving, staying]);
  assertTold([staying]);
  assert.equal(staying.told.value.polls, 1);
}));

test("nothing more is sent for a visitor who left, once that shows", inHost(async () => processing(), {}, async (host) => {
  const staying = await host.visit(wait("1"));
  const leaving = await host.visit(wait("2"));
  await host.advance(3_000);
  leaving.isOver = true;
  await host.advance(LAPSED_MS);
  const before = host.requests.length;
  await host.advance(60_000);
  assert(host.requests.length > before);
  assert.deepEqual(new Set(host.idsAsked().slice(before)), new Set(["1"]));
  staying.isOver = true;
}));

test("each of wait(), statuses(), status() and poll() outlives those who leave", inHost(endingAt(12_000), {}, async (host) => {
  const ways = {
    wait: async (client) => (await client.fileImports.task("1").wait()).outcome,
    async statuses(client) {
      let last;
      for await (const { status } of client.fileImports.task("2").statuses()) last = status;
      return last;
    },
    status: async (client) => (await client.fileImports.task("3").status()).status,
    poll: async (client) => (await client.poll(client.fileImports.task("4").checkpoint())).outcome,
  };
  const told = { wait: "succeeded", statuses: "COMPLETE", status: "PROCESSING", poll: "running" };
  for (const leaves of [true, false]) {
    const visitors = [];
    for (const way of Object.values(ways)) visitors.push(await host.visit(way));
    await host.advance(50);
    for (const visitor of visitors) visitor.isOver = leaves;
    if (leaves) continue;
    await host.advance(30_000);
    assert.deepEqual(
      visitors.map((visitor) => [visitor.told?.value, visitor.told?.isAtHome]),
      Object.values(told).map((value) => [value, true]),
    );
  }
  assert.equal(host.timers, 0);
}));

test("one budget holds for all contexts, those that ended included", inHost(endingAt(60_000), { rateLimit: { requests: 5, perMs: 10_000 } }, async (host) => {
  const visitors = [];
  for (let id = 1; id <= 12; id++) {
    visitors.push(await host.visit(wait(String(id))));
    await host.advance(300);
    if (id % 3 === 0) visitors.at(-1).isOver = true;
  }
  await host.advance(240_000);
  assertTold(visitors.filter(({ isOver }) => !isOver));
  const times = host.requests.map(({ at }) => at);
  for (const [index, time] of times.entries()) {
    const inWindow = times.slice(index).filter((other) => other < time + 10_000).length;
    assert(inWindow <= 5, `${inWindow} requests in ten seconds from ${time}`);
  }
}));

test("a context that was only late goes on, and its wait keeps its deadline", inHost(async () => processing(), {}, async (host) => {
  const other = await host.visit(wait("1"));
  const late = await host.visit(wait("2", { timeoutMs: 30_000 }));
  await host.advance(1_000);
  late.lateUntil = START + 10_000;
  await host.advance(12_000);
  const asked = host.requests.filter(({ context, at }) => context === late && at >= 10_000).length;
  assert(asked > 0, "it asks again");
  await host.advance(30_000);
  assert.equal(late.told.value.code, "TIMEOUT");
  assert(late.told.at <= 30_000 + 1_000, `told at ${late.told.at}`);
  assert(late.told.isAtHome);
  other.isOver = true;
}));

test("where the whole worker stood still no context is taken for ended", inHost(endingAt(30_000), {}, async (host) => {
  const visitors = [];
  for (const id of ["1", "2", "3"]) visitors.push(await host.visit(wait(id)));
  await host.advance(4_000);
  host.halt(20_000);
  visitors.push(await host.visit(wait("4")));
  await host.advance(60_000);
  assertTold(visitors);
  for (const { id, context } of host.requests) assert.equal(context, visitors[id - 1], "nobody else asked for it");
}));

/** A task is started, and asked for, in answer to one path each. */
const starting = async ({ url }) => (url.endsWith("/async") ? { status: 202, body: { id: "9" } } : processing());
const startsOf = ({ requests }) => requests.filter(({ url }) => url.endsWith("/async"));
const start = (client) => client.exports.start({ exportType: "VIEW" });

test("a start whose context was late is not sent again, and gets its answer", inHost(starting, { latencyMs: 1_000 }, async (host) => {
  await host.visit(wait("1", { timeoutMs: 60_000 }));
  const late = await host.visit(start);
  late.lateUntil = START + 10_000;
  await host.advance(40_000);
  assert.equal(startsOf(host).length, 1);
  assert.deepEqual([late.told.how, late.told.value.id, late.told.isAtHome], ["fulfilled", "9", true]);
}));

test("a start whose context ended is not sent again by another one", inHost(starting, { latencyMs: 1_000 }, async (host) => {
  await host.visit(wait("1", { timeoutMs: 60_000 }));
  const gone = await host.visit(start);
  gone.isOver = true;
  const other = await host.visit(start);
  await host.advance(60_000);
  assert.deepEqual(startsOf(host).map(({ context }) => context), [gone, other]);
  assert.deepEqual([gone.told, other.told.value.id], [undefined, "9"]);
}));

test("an abort settles at once, in its own context, whoever asks", inHost(async () => processing(), { latencyMs: 2_000 }, async (host) => {
  const other = await host.visit(wait("7"));
  let controller;
  const aborting = await host.visit((client) => {
    controller = new AbortController();
    return client.fileImports.task("7").wait({ signal: controller.signal });
  });
  await host.advance(1_000);
  await host.inContext(aborting, () => controller.abort("enough"));
  assert.deepEqual(aborting.told, { how: "rejected", value: "enough", at: 1_000, isAtHome: true });
  assert.equal(host.requests[0].isAborted, false, "another one waits for it");
  other.isOver = true;
}));

test("the last who leaves aborts a request in the context that sent it", inHost(async () => processing(), { latencyMs: 20_000 }, async (host) => {
  const controllers = [];
  const visitors = [];
  for (let count = 0; count < 2; count++) {
    visitors.push(
      await host.visit((client) => {
        controllers.push(new AbortController());
        return client.fileImports.task("7").wait({ signal: controllers.at(-1).signal });
      }),
    );
  }
  await host.advance(1_000);
  for (const [index, visitor] of visitors.entries()) await host.inContext(visitor, () => controllers[index].abort());
  await host.advance(1_000);
  assert.deepEqual(host.requests.map(({ isAborted, context }) => [isAborted, context]), [[true, visitors[0]]]);
}));

test("a token function's call is shared within a context alone: one that ends keeps nobody from the token", async () => {
  const asked = [];
  const token = () =>
    new Promise((resolve) => {
      asked.push(resolve);
      if (asked.length > 1) resolve("pat-of-this-test");
    });
  const host = setUp(endingAt(0), { token });
  await host.run(async () => {
    const leaving = await host.visit(wait("1"));
    await host.advance(100);
    leaving.isOver = true;
    const staying = await host.visit(wait("2"));
    await host.advance(LAPSED_MS);
    assertTold([staying]);
    assert.equal(asked.length, 2);
  });
});

for (const when of ["before others believe that it has lapsed", "while they do"]) {
  test(`who leaves a context that is late, ${when}, is not polled for when it goes on`, inHost(async () => processing(), {}, async (host) => {
    let controller;
    const late = await host.visit((client) => {
      controller = new AbortController();
      client.fileImports.task("2").wait({ signal: controller.signal }).catch(() => {});
      return client.fileImports.task("1").wait({ timeoutMs: 60_000 });
    });
    await host.visit(wait("9", { timeoutMs: 60_000 }));
    await host.advance(2_000);
    const leave = () => host.inContext(late, () => controller.abort());
    if (when.startsWith("before")) await leave();
    late.lateUntil = START + host.now + LAPSED_MS + 1_000;
    await host.advance(LAPSED_MS);
    if (!when.startsWith("before")) await leave();
    const atMs = host.now;
    await host.advance(30_000);
    const later = (id) => host.requests.filter((request) => request.id === id && request.at > atMs).length;
    assert.equal(later("2"), 0);
    assert(later("1") > 0, "its other wait goes on");
  }));
}
