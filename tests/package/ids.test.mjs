// Task ids, base URLs and what a request looks like.
import assert from "node:assert/strict";
import {
  API,
  FAMILIES,
  HubSpotTasks,
  assertError,
  processing,
  rejection,
  setUp,
  test,
  thrown,
  value,
} from "./support.mjs";

const PATHS = {
  fileImports: ["/files/2026-03/files/import-from-url/async/tasks/", "/status"],
  folderUpdates: ["/files/2026-03/folders/update/async/tasks/", "/status"],
  exports: ["/crm/exports/2026-03/export/async/tasks/", "/status"],
  sourceCodeExtracts: ["/cms/source-code/2026-03/extract/async/tasks/", "/status"],
};
const OPAQUE = ["fileImports", "folderUpdates"];

const GOOD = [
  [OPAQUE, "a1", "a1"],
  [OPAQUE, "a/b", "a%2Fb"],
  [OPAQUE, "../../x", "..%2F..%2Fx"],
  [OPAQUE, "a\\b", "a%5Cb"],
  [OPAQUE, "a b", "a%20b"],
  [OPAQUE, "a\nb", "a%0Ab"],
  [OPAQUE, "a?b#c&d=e", "a%3Fb%23c%26d%3De"],
  [OPAQUE, "ü😀", "%C3%BC%F0%9F%98%80"],
  [OPAQUE, "%2e%2E", "%252e%252E"],
  [OPAQUE, "...", "..."],
  [OPAQUE, "-_.~", "-_.~"],
  [OPAQUE, "__proto__", "__proto__"],
  [OPAQUE, -5, "-5"],
  [OPAQUE, -5n, "-5"],
  [OPAQUE, "x".repeat(1_000), "x".repeat(1_000)],
  [FAMILIES, "90151673", "90151673"],
  [FAMILIES, 90151673, "90151673"],
  [FAMILIES, 90151673n, "90151673"],
  [FAMILIES, -0, "0"],
  [FAMILIES, "007", "007"],
  [["exports"], 2 ** 53 - 1, "9007199254740991"],
  [["exports"], 9007199254740993n, "9007199254740993"],
  [["exports"], "9007199254740993", "9007199254740993"],
  [["exports"], 2n ** 63n - 1n, "9223372036854775807"],
  [["exports"], "9223372036854775807", "9223372036854775807"],
  [["sourceCodeExtracts"], 2147483647, "2147483647"],
];

const BAD = [
  [FAMILIES, ["", ".", "..", "\ud800", "a\udc00b", "\udc00\ud800", 2 ** 53, -(2 ** 53), 1.5, NaN, Infinity, -Infinity]],
  [
    FAMILIES,
    [
      undefined,
      null,
      true,
      {},
      [],
      ["7"],
      Symbol("7"),
      () => {},
      new String("7"),
      new Number(7),
      { toString: () => "7" },
      Object(7n),
    ],
  ],
  [
    ["exports", "sourceCodeExtracts"],
    [-1, -1n, "-1", "+1", "1e3", " 1", "1 ", "1.0", "0x1", "1_000", "٣", "a", "1/2", "1\n"],
  ],
  [["exports"], [2n ** 63n, "9223372036854775808", "9".repeat(400)]],
  [["sourceCodeExtracts"], [2147483648, 2147483648n, "2147483648", 2 ** 53 - 1]],
];

test("an id is sent exactly, as one path segment", async () => {
  for (const [families, id, segment] of GOOD) {
    for (const family of families) {
      const { client, requests } = setUp(async () => processing());
      await value(client[family].status(id));
      await value(client[family].task(id).status());
      const url = API + PATHS[family].join(segment);
      assert.deepEqual(
        requests.map((request) => request.url),
        [url, url],
        `${family} ${String(id)}`,
      );
      assert.equal(new URL(url).href, url, "fetch resolves nothing away");
      assert.equal(client[family].task(id).id, Object.is(id, -0) ? "0" : String(id));
    }
  }
});

test("an id that is none is INVALID_ARGUMENT: status() rejects, task() throws, nothing is sent", async () => {
  for (const [families, ids] of BAD) {
    for (const family of families) {
      const { client, requests } = setUp(async () => processing());
      for (const id of ids) {
        const errors = [await rejection(client[family].status(id)), thrown(() => client[family].task(id))];
        for (const error of errors) {
          assertError(error, "INVALID_ARGUMENT");
          assert.match(error.message, /^taskId: got .+, takes ./s);
          assert(error.message.length < 400, "a long id is shortened");
        }
      }
      await value(client[family].status(7));
      assert.equal(requests.length, 1, family);
    }
  }
});

test("tasks of one id in different families are different tasks", async () => {
  const { client, requests } = setUp(async (url) => processing({ url }));
  const tasks = FAMILIES.map((family) => client[family].task("7"));
  for (const task of tasks) await value(task.status());
  assert.equal(new Set(tasks.map((task) => task.latest.url)).size, 4);
  assert.equal(requests.length, 4);
});

test("the API version stands where HubSpot has it", async () => {
  const table = [
    [
      "v3",
      "/files/v3/files/import-from-url/async/tasks/7/status",
      "/files/v3/folders/update/async/tasks/7/status",
      "/crm/v3/exports/export/async/tasks/7/status",
      "/cms/v3/source-code/extract/async/tasks/7/status",
    ],
    [
      "v12",
      "/files/v12/files/import-from-url/async/tasks/7/status",
      "/files/v12/folders/update/async/tasks/7/status",
      "/crm/v12/exports/export/async/tasks/7/status",
      "/cms/v12/source-code/extract/async/tasks/7/status",
    ],
    [
      "2031-09.beta",
      "/files/2031-09.beta/files/import-from-url/async/tasks/7/status",
      "/files/2031-09.beta/folders/update/async/tasks/7/status",
      "/crm/exports/2031-09.beta/export/async/tasks/7/status",
      "/cms/source-code/2031-09.beta/extract/async/tasks/7/status",
    ],
  ];
  for (const [apiVersion, ...paths] of table) {
    const { client, requests } = setUp(async () => processing(), { apiVersion });
    for (const family of FAMILIES) await value(client[family].status(7));
    assert.deepEqual(
      requests.map(({ url }) => url),
      paths.map((path) => API + path),
    );
  }
});

test("a base URL may have a path, slashes at its end, and capitals", async () => {
  const table = [
    ["https://api.hubapi.com/", "https://api.hubapi.com"],
    ["https://proxy.example/hubspot", "https://proxy.example/hubspot"],
    ["https://proxy.example/hubspot//", "https://proxy.example/hubspot"],
    ["HTTPS://Proxy.Example:443/A", "https://proxy.example/A"],
    ["http://proxy.example:8080", "http://proxy.example:8080"],
  ];
  for (const [baseUrl, expected] of table) {
    const { client, requests } = setUp(async () => processing(), { baseUrl });
    await value(client.exports.status(7));
    assert.equal(requests[0].url, `${expected}/crm/exports/2026-03/export/async/tasks/7/status`);
  }
});

test("an id that is a task's address is refused, and told that it takes the id alone", async () => {
  const path = "/files/v3/files/import-from-url/async/tasks/7/status";
  const addresses = [path, path.slice(1), `${path}/`, `https://api.hubapi.com${path}`, " https://x.example", "HTTP://x", "tasks/7/status"];
  const { client, requests } = setUp(async () => processing());
  for (const id of addresses) {
    const refusals = [
      ...FAMILIES.map((family) => thrown(() => client[family].task(id))),
      await rejection(client.fileImports.status(id)),
    ];
    for (const error of refusals) {
      assert.equal(
        assertError(error, "INVALID_ARGUMENT").message,
        "taskId: got the address of a task's status, takes the id that stands in it",
      );
    }
    const checkpoint = { ...client.fileImports.task("7").checkpoint(), taskId: id };
    for (const error of [thrown(() => client.resume(checkpoint)), await rejection(client.poll(checkpoint))]) {
      assert.match(assertError(error, "INVALID_ARGUMENT").message, /^checkpoint\.taskId: got the address .*the id that stands in it/);
    }
  }
  assert.equal(requests.length, 0);
  for (const id of ["a/b", "status", "7/status", "http", "tasks/7", "x:y"]) client.fileImports.task(id);
});

test("a base URL that ends in a task's status is refused, and told what to give", async () => {
  const path = "/crm/v3/exports/export/async/tasks/7/status";
  for (const baseUrl of [`https://api-na1.hubapi.com${path}`, `https://proxy.example/hubspot${path}/`]) {
    const { message } = assertError(
      thrown(() => new HubSpotTasks({ baseUrl })),
      "INVALID_ARGUMENT",
    );
    assert.match(message, /^baseUrl: got the address of a task's status, takes what stands before the path in it: task\(\) takes the id$/);
  }
  for (const baseUrl of ["https://proxy.example/status", "https://proxy.example/tasks/status"]) new HubSpotTasks({ baseUrl });
});

test("a relative base URL is resolved on the document, else on the worker's location", async () => {
  const define = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true });
  const urlOf = async () => {
    const { client, requests } = setUp(async () => processing(), { baseUrl: "/hubspot" });
    await value(client.exports.status(7));
    return requests[0].url.split("/crm/")[0];
  };
  try {
    define("location", { href: "https://worker.example/w/x.js" });
    assert.equal(await urlOf(), "https://worker.example/hubspot");
    define("document", { baseURI: "https://page.example/a/b" });
    assert.equal(await urlOf(), "https://page.example/hubspot");
  } finally {
    delete globalThis.document;
    delete globalThis.location;
  }
});

test("a client with a relative base URL may be made on a server: what asks is refused, and nothing is sent", async () => {
  for (const baseUrl of ["/hubspot", "hubspot", "//host.example/hubspot", "", "?x"]) {
    const { client, requests } = setUp(async () => processing(), { baseUrl });
    const task = client.exports.task(7);
    const checkpoint = task.checkpoint();
    const asked = [
      () => client.exports.status(7),
      () => task.status(),
      () => task.wait(),
      () => task.statuses().next(),
      () => client.resume(checkpoint).wait(),
      () => client.poll(checkpoint),
    ];
    for (const ask of asked) {
      assert.match(assertError(await rejection(ask()), "INVALID_ARGUMENT").message, /^baseUrl: got .*relative/);
    }
    assert.equal(requests.length, 0);
    // The same client, once it is in a page.
    Object.defineProperty(globalThis, "document", { value: { baseURI: "https://page.example/" }, configurable: true });
    try {
      if (baseUrl !== "?x") await value(task.status());
    } finally {
      delete globalThis.document;
    }
    assert.equal(requests.length, Number(baseUrl !== "?x"));
  }
});

test("no token goes where a relative base URL leads over an unencrypted network", async () => {
  Object.defineProperty(globalThis, "document", { value: { baseURI: "http://page.example/" }, configurable: true });
  try {
    for (const options of [{ token: "s3cret" }, { token: () => "s3cret" }, { headers: { authorization: "s3cret" } }]) {
      const { client, requests } = setUp(async () => processing(), { baseUrl: "/hubspot", ...options });
      const { message } = assertError(await rejection(client.exports.task(7).wait()), "INVALID_ARGUMENT");
      assert.match(message, /^baseUrl: got an unencrypted URL/);
      assert.equal(requests.length, 0);
    }
    const { client } = setUp(async () => processing(), { baseUrl: "/hubspot" });
    await value(client.exports.status(7));
  } finally {
    delete globalThis.document;
  }
});

test("fetch is called with a string and a plain object, and no more", async () => {
  let seen;
  const client = new HubSpotTasks({
    token: "secret",
    headers: { "X-Trace": "1", "x-trace": "2", Accept: "application/json", none: null },
    async fetch(...args) {
      seen = { args, self: this };
      return processing();
    },
  });
  await value(client.exports.status("7"));
  assert.equal(seen.self, undefined);
  assert.equal(seen.args.length, 2);
  const [url, init] = seen.args;
  assert.equal(typeof url, "string");
  assert.deepEqual(Object.keys(init).sort(), ["headers", "method", "redirect", "signal"]);
  for (const object of [init, init.headers]) assert.equal(Object.getPrototypeOf(object), Object.prototype);
  const { method, redirect, signal, headers } = init;
  assert.deepEqual({ method, redirect }, { method: "GET", redirect: "manual" });
  assert(signal instanceof AbortSignal && !signal.aborted);
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  assert.deepEqual(lowerCase, { authorization: "Bearer secret", "x-trace": "1, 2", accept: "application/json" });
  assert.equal(Object.keys(headers).length, 3, "no name twice");
});

test("the host's fetch is looked up at each call", async () => {
  const original = globalThis.fetch;
  const client = new HubSpotTasks();
  try {
    for (const status of ["PENDING", "PROCESSING"]) {
      globalThis.fetch = async () => processing({ status });
      assert.equal((await value(client.exports.status(7))).status, status);
    }
  } finally {
    globalThis.fetch = original;
  }
});

test("headers that no request can carry are refused by name, and their values are not shown", () => {
  const table = [
    [{ "bad name": "secret" }, /^headers: bad name/],
    [{ "": "secret" }, /^headers/],
    [{ "x:y": "secret" }, /^headers: x:y/],
    [{ ü: "secret" }, /^headers/],
    [{ good: "secret\nx: y" }, /^headers\.good/],
    [{ good: "secret\r" }, /^headers\.good/],
    [{ good: "secret\0" }, /^headers\.good/],
    [{ good: "secret€" }, /^headers\.good/],
    [{ good: 5 }, /^headers\.good: got .*number/],
    [{ good: ["secret"] }, /^headers\.good: got .+, takes /],
    [{ authorization: "secret\n" }, /^headers\.authorization/],
    [[["good", "secret"]], /^headers: got/],
    [new Map([["good", "secret"]]), /^headers: got/],
  ];
  for (const [headers, message] of table) {
    const error = assertError(
      thrown(() => new HubSpotTasks({ headers })),
      "INVALID_ARGUMENT",
    );
    assert.match(error.message, message);
    assert(!error.message.includes("secret"), error.message);
  }
});

test("a header name with half a surrogate pair is refused, not left out", () => {
  assertError(
    thrown(() => new HubSpotTasks({ headers: { "x-\ud800": "secret" } })),
    "INVALID_ARGUMENT",
  );
});
