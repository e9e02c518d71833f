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
