// What hosts lack: a working URL, a Request that takes `cache`. Each is told, or done without.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installed } from "./pack.mjs";
import { HubSpotTasks, assertError, processing, rejection, setUp, test, thrown, value } from "./support.mjs";

const FILE = process.env.ENTRY === "hubspot-async-tasks/js" ? "js.js" : "index.js";

/** Runs with something of the host's replaced. */
async function withGlobal(name, value, act) {
  const original = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  try {
    await act();
  } finally {
    if (original) Object.defineProperty(globalThis, name, original);
    else delete globalThis[name];
  }
}

test("a host whose URL is missing, or throws, is told so, with what to do", async () => {
  class Throwing {
    constructor() {
      throw new Error("URL is not implemented");
    }
  }
  class Halfway {
    get href() {
      throw new Error("not implemented");
    }
  }
  for (const missing of [undefined, null, {}, Throwing, Halfway]) {
    await withGlobal("URL", missing, async () => {
      for (const options of [{}, { baseUrl: "https://proxy.example" }]) {
        const { message } = assertError(thrown(() => new HubSpotTasks(options)), "INVALID_ARGUMENT");
        assert.match(message, /^baseUrl: this host has no URL that works: load a polyfill/);
      }
      // A relative one is resolved when it is first asked for.
      const error = await rejection(new HubSpotTasks({ baseUrl: "/hubspot" }).exports.status("7"));
      assert.match(assertError(error, "INVALID_ARGUMENT").message, /this host has no URL that works/);
    });
  }
});

for (const [what, Request, expected] of [
  ["takes it", class { constructor(url, { cache }) { this.cache = cache; } }, "no-store"],
  ["throws for it, as Cloudflare's once did", class { constructor() { throw new Error("The 'cache' field is not implemented."); } }, undefined],
  ["does not keep it, as polyfills do not", class {}, undefined],
  ["is missing", undefined, undefined],
]) {
  test(`no file comes from a cache: the host's own fetch gets no-store where its Request ${what}`, async () => {
    const inits = [];
    const fetch = async (url, init) => (inits.push(init), { status: 200, headers: {}, body: new Uint8Array(100) });
    const { download } = await import(`${pathToFileURL(join(installed, "results.js"))}?${encodeURIComponent(what)}`);
    const task = { id: "7", family: "export", wait: async () => ({ result: "https://files.example/contacts.csv" }) };
    await withGlobal("Request", Request, () => withGlobal("fetch", fetch, () => download({}, task)));
    assert.deepEqual(inits.map(({ cache }) => cache), [expected]);
  });

  test(`no poll is answered from a cache: the host's own fetch gets no-store where its Request ${what}`, async () => {
    const inits = [];
    const fetch = async (url, init) => (inits.push(init), processing());
    const { HubSpotTasks: Fresh } = await import(`${pathToFileURL(join(installed, FILE))}?${encodeURIComponent(what)}`);
    await withGlobal("Request", Request, () =>
      withGlobal("fetch", fetch, async () => {
        const client = new Fresh();
        for (const id of ["7", "8"]) await value(client.exports.status(id));
      }),
    );
    assert.equal(inits.length, 2);
    for (const init of inits) assert.equal(init.cache, expected);
  });
}

test("a fetch that was given is not told of caches, which it need not know", async () => {
  const { client, requests } = setUp(async () => processing());
  await value(client.exports.status("7"));
  assert.equal("cache" in requests[0].init, false);
});

/** A fetch that hands its options to another context, which signals cannot enter. */
function bridge(answer) {
  const inits = [];
  const fetch = async (url, init) => {
    inits.push({ ...init });
    if (init.signal) throw new DOMException("AbortSignal object could not be cloned.", "DataCloneError");
    return answer();
  };
  return { fetch, inits };
}

test("a fetch that cannot take a signal along is asked once more without it, and from then on", async () => {
  const { fetch, inits } = bridge(() => processing());
  const client = new HubSpotTasks({ token: "pat-eu1-1234567890", fetch });
  for (const id of ["7", "8"]) await value(client.exports.status(id));
  assert.deepEqual(inits.map((init) => "signal" in init), [true, false, false]);
  // The token goes nowhere without what keeps it from following a redirect.
  assert.deepEqual(inits.map(({ redirect, method }) => [redirect, method]), Array(3).fill(["manual", "GET"]));
});

test("a fetch that fails without a signal, too, is asked no third time, and is NETWORK", async () => {
  const { fetch, inits } = bridge(() => Promise.reject(new Error("no signal at all on this line")));
  const client = new HubSpotTasks({ fetch });
  assertError(await rejection(client.exports.status("7")), "NETWORK");
  assert.equal(inits.length, 2);
});

test("a fetch that fails for another reason is not asked again", async () => {
  let asked = 0;
  const fetch = async () => (asked++, Promise.reject(new TypeError("fetch failed")));
  assertError(await rejection(new HubSpotTasks({ fetch }).exports.status("7")), "NETWORK");
  assert.equal(asked, 1);
});

test("what a fetch throws since its signal was aborted sends nothing more", async () => {
  const controller = new AbortController();
  let asked = 0;
  const fetch = (url, { signal }) =>
    new Promise((resolve, reject) => {
      asked++;
      signal.addEventListener("abort", () => reject(new Error("the signal was aborted")));
    });
  const waiting = rejection(new HubSpotTasks({ fetch }).exports.task("7").wait({ signal: controller.signal }));
  while (asked === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  assert.equal((await waiting).name, "AbortError");
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked, 1);
});

test("the host's own fetch is not asked again without its signal", async () => {
  const { fetch, inits } = bridge(() => processing());
  await withGlobal("fetch", fetch, async () => {
    assertError(await rejection(new HubSpotTasks().exports.status("7")), "NETWORK");
  });
  assert.equal(inits.length, 1);
});

test("a fetch whose own signal timed out was sent: it is asked once, and signals are given on", async () => {
  const { client, requests } = setUp(async () => {
    throw new DOMException("signal timed out", "TimeoutError");
  });
  for (let call = 1; call <= 2; call++) {
    assertError(await rejection(client.exports.status("7")), "NETWORK");
    assert.equal(requests.length, call);
    assert(requests.at(-1).init.signal, "the signal is given");
  }
});
