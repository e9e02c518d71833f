// Tokens: where they are sent, when they are asked for, and what becomes of those that are refused.
import assert from "node:assert/strict";
import {
  HubSpotTasks,
  START,
  answer,
  assertError,
  complete,
  deferred,
  inTurn,
  processing,
  rejection,
  setUp,
  setUpSimulator,
  stateOf,
  test,
  thrown,
  turns,
  value,
} from "./support.mjs";

const bearers = (requests) => requests.map(({ init }) => init.headers.Authorization);
const refused = answer(401, { message: "expired", category: "EXPIRED_AUTHENTICATION", correlationId: "c-1" });

/** A fetch that accepts these tokens alone; the set may be changed. */
const accepting =
  (accepted) =>
  async (url, { headers }) =>
    accepted.has(headers.Authorization?.slice(7)) ? processing() : refused;

test("a token is sent as a bearer in the Authorization header alone", async () => {
  for (const token of [
    "secret",
    () => "secret",
    async () => "secret",
    () => ({ then: (resolve) => resolve("secret") }),
  ]) {
    const { client, requests } = setUp(async () => processing(), { token });
    await value(client.exports.status("7"));
    assert.deepEqual(bearers(requests), ["Bearer secret"]);
    assert(!requests[0].url.includes("secret"));
  }
});

test("without a token no Authorization header is sent, and an own one is sent as it is", async () => {
  for (const [options, expected] of [
    [{}, undefined],
    [{ headers: { AUTHORIZATION: "Basic eDp5" } }, "Basic eDp5"],
    [{ headers: { authorization: "Bearer own" }, token: "secret" }, "Bearer secret"],
  ]) {
    const { client, requests } = setUp(async () => processing(), options);
    await value(client.exports.status("7"));
    const { headers } = requests[0].init;
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.toLowerCase() === "authorization"),
      expected ? ["Authorization"] : [],
    );
    assert.equal(headers.Authorization, expected);
  }
});

test("a token, or an own Authorization header, goes over https or to this machine, else it is refused unseen", () => {
  const secrets = [
    { token: "s3cret" },
    { token: () => "s3cret" },
    { headers: { Authorization: "Bearer s3cret" } },
    { headers: { aUTHORIZATION: "s3cret" } },
  ];
  const safe = [
    "https://proxy.example",
    "http://localhost",
    "http://localhost:3000/x",
    "http://127.0.0.1:8080",
    "http://127.1",
    "http://[::1]:3000",
  ];
  const unsafe = [
    "http://proxy.example",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://10.0.0.1",
    "http://[::2]",
    "http://notlocalhost",
    "http://app.localhost",
    "http://evil.localhost:8080/x",
    "http://a.b.localhost",
  ];
  for (const options of secrets) {
    for (const baseUrl of safe) new HubSpotTasks({ ...options, baseUrl });
    for (const baseUrl of unsafe) {
      const error = assertError(
        thrown(() => new HubSpotTasks({ ...options, baseUrl })),
        "INVALID_ARGUMENT",
      );
      assert.match(error.message, /^baseUrl: got .*takes .*https/);
      assert(!JSON.stringify(error).includes("s3cret"));
    }
  }
  for (const baseUrl of unsafe) new HubSpotTasks({ baseUrl, headers: { "x-own": "s3cret" } });
});

test("a host below localhost is this machine in browsers alone, which never look it up", () => {
  const clientFor = (baseUrl) => new HubSpotTasks({ token: "s3cret", baseUrl });
  const globals = { document: { baseURI: "https://page.example/" }, location: { href: "https://worker.example/w.js" } };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
    try {
      for (const host of ["app.localhost", "a.b.localhost:3000/x"]) clientFor(`http://${host}`);
      for (const host of ["app.localhost.example.com", "notlocalhost", "app.notlocalhost", "10.0.0.1"]) {
        assert.match(thrown(() => clientFor(`http://${host}`)).message, /^baseUrl: got an unencrypted URL/, host);
      }
    } finally {
      delete globalThis[name];
    }
  }
  for (const host of ["app.localhost", "a.b.localhost:3000/x"]) {
    assert.match(thrown(() => clientFor(`http://${host}`)).message, /^baseUrl: got an unencrypted URL/, host);
  }
});

test("a token that no header can carry is refused unseen", async () => {
  for (const token of ["s3\ncret", "s3cret\r\nx: y", "s3\0cret", "s3\x7fcret", "s3cret€", "Bearer s3cret\ud800"]) {
    const error = assertError(
      thrown(() => new HubSpotTasks({ token })),
      "INVALID_ARGUMENT",
    );
    assert.match(error.message, /^token: got /);
    assert(!/s3|cret/.test(error.message), error.message);
    const { client, requests } = setUp(async () => processing(), { token: () => token });
    const given = assertError(await rejection(client.exports.status("7")), "UNAUTHORIZED");
    assert(!/s3|cret/.test(JSON.stringify(given)), given.message);
    assert.equal(requests.length, 0);
  }
});

test("a token is sent, and masked, without white space around it and without its scheme", async () => {
  for (const token of ["s3cret-of-mine\n", " s3cret-of-mine\t", "\ufeffs3cret-of-mine\r\n", "Bearer s3cret-of-mine", " bearer  s3cret-of-mine "]) {
    for (const given of [token, () => token, async () => token]) {
      const echo = ({ headers }) => answer(400, { message: `what is ${headers.Authorization}?` });
      const { client, requests } = setUp(async (url, init) => echo(init), { token: given });
      const error = assertError(await rejection(client.exports.status("7")), "HTTP");
      assert.deepEqual(bearers(requests), ["Bearer s3cret-of-mine"]);
      assert.match(error.message, /what is Bearer \[token\]\?/);
    }
  }
});

test("a token is masked as it is, in JSON's escapes and in percent-escapes", async () => {
  const token = 'a"b/c\\d-token';
  const forms = [
    token,
    JSON.stringify(token).slice(1, -1),
    JSON.stringify(JSON.stringify(token)).slice(3, -3),
    JSON.stringify(token).slice(1, -1).replaceAll("/", "\\/"),
    "a\\u0022b\\u002Fc\\u005cd-token",
    encodeURIComponent(token),
    encodeURIComponent(encodeURIComponent(token)).toLowerCase(),
  ];
  for (const form of forms) {
    // As a text in JSON, and as a body that is none.
    for (const [status, body] of [[400, { message: `no ${form}, no` }], [200, `no ${form}, no`]]) {
      const { client } = setUp(async () => answer(status, body), { token });
      assert.match((await rejection(client.exports.status("7"))).message, /: no \[token\], no$/, form);
    }
  }
});

test("a token that is too short to be one is masked as a whole word only", async () => {
  for (const [token, said, masked] of [
    ["x", "crm.export or x?", "crm.export or [token]?"],
    ["n", "no n, (n), n", "no [token], ([token]), [token]"],
    ["1234567", "12345678 1234567", "12345678 [token]"],
    ["12345678", "123456789", "[token]9"],
  ]) {
    const { client } = setUp(async () => answer(400, { message: said }), { token });
    const { message } = assertError(await rejection(client.exports.status("7")), "HTTP");
    assert(message.endsWith(`: ${masked}`), message);
  }
});

test("no URL of a broken body is quoted, and the rest of it is", async () => {
  const url = "https://exports.example/secret.csv?signature=s3cret";
  const bodies = [
    url,
    `{'status': 'COMPLETE', 'result': '${url}'}`,
    `["${url}", "COMPLETE"]`,
    `<a href=${url}>COMPLETE</a>`,
    `COMPLETE ${url.replaceAll("/", "\\/")}`,
    `COMPLETE ${encodeURIComponent(url)}`,
    `COMPLETE ${url.toUpperCase()}`,
  ];
  for (const body of bodies) {
    const { client } = setUp(async () => answer(200, body));
    const { message } = assertError(await rejection(client.exports.status("7")), "INVALID_RESPONSE");
    assert.match(message, /\[url\]/, body);
    assert(!/s3cret|exports\.example/i.test(message), message);
    assert.equal(message.includes("COMPLETE"), body !== url, message);
  }
});

test("a token that is its scheme alone is an empty one", async () => {
  for (const token of ["Bearer", " bearer ", "\n"]) {
    assert.match(thrown(() => new HubSpotTasks({ token })).message, /^token: got an empty token, takes /);
    const { client, requests } = setUp(async () => processing(), { token: () => token });
    assert.match(assertError(await rejection(client.exports.status("7")), "UNAUTHORIZED").message, /gave an empty token/);
    assert.equal(requests.length, 0);
  }
});

test("a refresh that gives the refused token once more, with white space around it, gives no other", async () => {
  let calls = 0;
  const { client } = setUp(async () => refused, { token: ({ refresh }) => (refresh ? (calls++, "old\n") : "old") });
  assertError(await rejection(client.exports.status("7")), "UNAUTHORIZED");
  assertError(await rejection(client.exports.status("7")), "UNAUTHORIZED");
  assert.equal(calls, 2, "it did not take the place of itself");
});

test("a token in the place of the options is refused unseen", () => {
  const { client } = setUp(async () => processing());
  for (const call of [() => new HubSpotTasks("s3cret"), () => client.exports.task("7", "s3cret")]) {
    const { message } = assertError(thrown(call), "INVALID_ARGUMENT");
    assert.match(message, /^options: got /);
    assert(!message.includes("s3cret"), message);
  }
});

test("a token function is called for each request, without `this`, and told whether it must refresh", async () => {
  const calls = [];
  const accepted = new Set(["token-1", "token-3"]);
  const { client, requests } = setUp(accepting(accepted), {
    token (...args) {
      calls.push([this, ...args]);
      return `token-${calls.length}`;
    },
  });
  await value(client.exports.status("7"));
  await value(client.exports.status("7"));
  assert.deepEqual(calls, [
    [undefined, { refresh: false }],
    [undefined, { refresh: false }],
    [undefined, { refresh: true }],
  ]);
  assert.deepEqual(bearers(requests), ["Bearer token-1", "Bearer token-2", "Bearer token-3"]);
});

test("concurrent calls share one call of the token function", async () => {
  const { promise, resolve } = deferred();
  let calls = 0;
  const { client, requests } = setUp(async () => processing(), { token: () => (calls++, promise) });
  const asked = ["1", "2", "3"].map((id) => client.exports.status(id));
  await turns();
  assert.deepEqual([calls, requests.length], [1, 0]);
  resolve("secret");
  for (const status of asked) await value(status);
  assert.deepEqual([calls, requests.length], [1, 3]);
});

test("all 401s of one token share one refresh, those that come late too", async () => {
  const asked = [];
  const { client, requests } = setUp(
    (url, { headers }) =>
      headers.Authorization === "Bearer new"
        ? Promise.resolve(processing())
        : new Promise((resolve) => asked.push(resolve)),
    { token: ({ refresh }) => (refresh ? (refreshes++, "new") : "old") },
  );
  let refreshes = 0;
  const statuses = ["1", "2", "3"].map((id) => client.exports.status(id));
  await turns();
  asked[0](refused);
  asked[1](refused);
  await value(statuses[0]);
  await value(statuses[1]);
  asked[2](refused);
  await value(statuses[2]);
  assert.equal(refreshes, 1);
  assert.equal(requests.length, 6);
});

test("a second 401 is UNAUTHORIZED; a token that is a string is not sent twice", async () => {
  for (const [token, expected] of [
    ["old", ["Bearer old"]],
    [({ refresh }) => (refresh ? "new" : "old"), ["Bearer old", "Bearer new"]],
  ]) {
    const { client, requests } = setUp(async () => refused, { token });
    const error = await rejection(client.exports.status("7"));
    assertError(error, "UNAUTHORIZED", { httpStatus: 401, category: "EXPIRED_AUTHENTICATION", correlationId: "c-1" });
    assert.deepEqual(bearers(requests), expected);
    assertError(await rejection(client.exports.task("7").wait()), "UNAUTHORIZED", { polls: 1 });
  }
});

test("when the token that came from a refresh expires, the function is asked for a new one again", async () => {
  let newest = 0;
  const accepted = new Set();
  const refresh = () => {
    const token = `new-${++newest}`;
    accepted.clear();
    accepted.add(token);
    return token;
  };
  const { client } = setUp(accepting(accepted), { token: ({ refresh: must }) => (must ? refresh() : "old") });
  await value(client.exports.status("7"));
  accepted.clear();
  await stateOf(client.exports.status("7"));
  assert.equal((await value(client.exports.status("7"))).status, "PROCESSING", "at the latest one call later");
});

test("a token function that fails is UNAUTHORIZED with its cause, and nothing is sent", async () => {
  const boom = new Error("boom");
  const table = [
    [
      () => {
        throw boom;
      },
      boom,
    ],
    [
      async () => {
        throw boom;
      },
      boom,
    ],
    [
      () => {
        throw "boom";
      },
      "boom",
    ],
    [() => Promise.reject(), undefined],
    [
      () => ({
        then() {
          throw boom;
        },
      }),
      boom,
    ],
    [
      () => ({
        get then() {
          throw boom;
        },
      }),
      boom,
    ],
    ...["", "  ", undefined, null, 5, {}, Symbol("s"), 10n].flatMap((given) => [[() => given], [async () => given]]),
  ];
  for (const [token, cause] of table) {
    const { client, requests } = setUp(async () => processing(), { token });
    for (const ask of [() => client.exports.status("7"), () => client.exports.task("7").wait()]) {
      const error = assertError(await rejection(ask()), "UNAUTHORIZED", { httpStatus: undefined });
      assert.equal(error.cause?.message, cause?.message ?? cause);
      assert.match(error.message, cause === undefined ? /token function/ : /token function threw \((Error: )?boom\)/);
    }
    assert.equal(requests.length, 0);
  }
});

test("a refresh that fails is UNAUTHORIZED with its cause, and the next call may succeed", async () => {
  const boom = new Error("boom");
  let calls = 0;
  const token = ({ refresh }) => {
    if (refresh && calls++ === 0) throw boom;
    return refresh ? "new" : "old";
  };
  const { client } = setUp(accepting(new Set(["new"])), { token });
  assert.equal(assertError(await rejection(client.exports.status("7")), "UNAUTHORIZED").cause.message, "boom");
  assert.equal((await value(client.exports.status("7"))).status, "PROCESSING");
});

test("a token function that never answers is UNAUTHORIZED after requestTimeoutMs", async () => {
  const { client, clock, requests } = setUp(async () => processing(), {
    token: () => new Promise(() => {}),
    requestTimeoutMs: 5_000,
  });
  const status = client.exports.status("7");
  status.catch(() => {});
  await clock.advance(4_999);
  assert.equal((await stateOf(status)).state, "pending");
  await clock.advance(1);
  assert.match(assertError(await rejection(status), "UNAUTHORIZED").message, /requestTimeoutMs/);
  assert.equal(requests.length, 0);
});

test("a token function that hung once is called anew by the next request", async () => {
  let calls = 0;
  const token = () => (calls++ === 0 ? new Promise(() => {}) : "secret");
  const { client, clock } = setUp(async () => processing(), { token, requestTimeoutMs: 5_000 });
  const first = client.exports.status("7");
  first.catch(() => {});
  await clock.advance(5_000);
  assertError(await rejection(first), "UNAUTHORIZED");
  const second = client.exports.status("7");
  second.catch(() => {});
  await clock.advance(5_000);
  assert.equal((await value(second)).status, "PROCESSING");
});

test("a token that came after its call was aborted is not used for a later request", async () => {
  const { promise, resolve } = deferred();
  const calls = [promise, "fresh"];
  const { client, requests } = setUp(async () => processing(), { token: () => calls.shift() });
  const controller = new AbortController();
  const first = client.exports.status("7", { signal: controller.signal });
  await turns();
  controller.abort();
  assert.equal((await rejection(first)).name, "AbortError");
  resolve("stale");
  await turns();
  assert.equal(requests.length, 0, "nothing is sent after an abort");
  await value(client.exports.status("7"));
  assert.deepEqual(bearers(requests), ["Bearer fresh"]);
});

test("the simulator's token is refreshed in the middle of a wait", async () => {
  const { client, clock, simulator } = setUpSimulator(
    { token: ({ refresh }) => (refresh ? (current = "second") : current) },
    { tokens: ["first"] },
  );
  let current = "first";
  const wait = client.exports.task(simulator.addTask("export", { processingMs: 10_000 })).wait();
  await clock.advance(3_000);
  simulator.tokens = ["second"];
  const finished = await clock.run(wait);
  assert.equal(finished.outcome, "succeeded");
  const statuses = simulator.requests.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 401).length, 1);
  assert.equal(finished.polls, statuses.length - 1, "the repeat after a 401 belongs to its poll");
});

test("the token goes nowhere else: not after a redirect, not to the links of an answer", async () => {
  const elsewhere = { links: { status: "https://evil.example/status" } };
  const { client, clock, requests } = setUp(inTurn(processing(elsewhere), complete(elsewhere)), { token: "secret" });
  await clock.run(client.exports.task("7").wait());
  assert.deepEqual(new Set(requests.map(({ url }) => new URL(url).origin)), new Set(["https://api.hubapi.com"]));
  const moved = setUp(async () => answer(302, "", { location: "https://evil.example" }), { token: "secret" });
  assertError(await rejection(moved.client.exports.task("7").wait()), "HTTP");
  assert.equal(moved.requests.length, 1);
  assert.equal(moved.requests[0].init.redirect, "manual");
});

test("a request that had its token, but no turn of the host's within requestTimeoutMs, is sent then, and blames no token function", async () => {
  const { promise: token, resolve: give } = deferred();
  const { client, clock, requests } = setUp(async () => complete(), { token: () => token });
  const waiting = client.exports.task("7").wait();
  const controller = new AbortController();
  const leaving = client.exports.task("8").wait({ signal: controller.signal });
  leaving.catch(() => {});
  await turns();
  controller.abort();
  give("secret");
  for (let microtasks = 0; microtasks < 20; microtasks++) await null;
  // As in a hidden page: the turn that it waits for comes after its time.
  clock.set(START + 60_000);
  assert.equal((await clock.run(waiting)).outcome, "succeeded");
  assert.deepEqual(bearers(requests), ["Bearer secret"]);
});
