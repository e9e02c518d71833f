// What createProxy() refuses, by name and before anything is sent; and what it takes.
import assert from "node:assert/strict";
import { SECRET, TOKEN, assertError, createProxy, defineFamily, test, thrown } from "./support.mjs";

const FINE = { token: TOKEN, clientSecret: SECRET, families: ["export"] };
const without = (name) => Object.fromEntries(Object.entries(FINE).filter(([other]) => other !== name));

const REFUSED = {
  "nothing at all": [[undefined], /^options: got a value of type undefined, takes an object/],
  null: [[null], /^options: /],
  "a token alone": [[TOKEN], /^options: got a value of type string/],
  "neither guard": [[without("clientSecret")], /^clientSecret and authorize: got nothing, takes one of them, or both/],
  "neither guard, since both are null": [[{ ...FINE, clientSecret: null, authorize: null }], /^clientSecret and authorize: /],
  "no token": [[without("token")], /^token: got nothing/],
  "no families": [[without("families")], /^families: got nothing/],
  "an unknown option": [[{ ...FINE, tokens: {} }], /^tokens: got an option that is unknown, takes one of allow, /],
  "an option by another client's name": [[{ ...FINE, accessToken: "x" }], /^accessToken: got an option that is unknown, takes `token`$/],
  "an option of a client that is none of a proxy's": [[{ ...FINE, pace: 1 }], /^pace: got an option that is unknown/],
  "a token that no header can carry": [[{ ...FINE, token: "a\nb" }], /^token: got a token that no header can carry/],
  "a token that is none": [[{ ...FINE, token: 5 }], /^token: got a value of type number, takes a string or a function/],
  "an empty token": [[{ ...FINE, token: "" }], /^token: got an empty token/],
  "an empty secret": [[{ ...FINE, clientSecret: "" }], /^clientSecret: got a value of type string, takes the client secret/],
  "a secret that is none": [[{ ...FINE, clientSecret: 5 }], /^clientSecret: /],
  "a guard that is none": [[{ ...FINE, authorize: true }], /^authorize: got a value of type boolean, takes a function/],
  "an empty list of families": [[{ ...FINE, families: [] }], /^families: /],
  "families that are no list": [[{ ...FINE, families: "export" }], /^families: /],
  "a family by a wrong name": [[{ ...FINE, families: ["export", "exports"] }], /^families\[1\]: got "exports", takes one of fileImport, /],
  "a family that is null": [[{ ...FINE, families: [null] }], /^definition: |^families\[0\]: /],
  "a family that is half defined": [[{ ...FINE, families: [{ name: "mine" }] }], /^definition: paths: got nothing/],
  "a family twice": [[{ ...FINE, families: ["export", "import", "export"] }], /^families: got "export", takes each family once/],
  "something else that is allowed": [[{ ...FINE, allow: ["start", "cancel"] }], /^allow: /],
  "what is allowed as a text": [[{ ...FINE, allow: "start" }], /^allow: /],
  "hidden addresses without a download": [[{ ...FINE, hideExportUrls: true }], /^hideExportUrls: got true, takes true only with allow: \["download"\]/],
  "hidden addresses of families without files": [[{ ...FINE, families: ["import"], allow: ["download"], hideExportUrls: true }], /^hideExportUrls: /],
  "hidden addresses that are neither true nor false": [[{ ...FINE, hideExportUrls: "yes" }], /^hideExportUrls: got "yes", takes true or false/],
  "origins that are no list": [[{ ...FINE, origins: "*" }], /^origins: /],
  ...Object.fromEntries(
    ["*", "null", "app.example.com", "https://app.example.com/", "https://app.example.com/path", "https://user@app.example.com", "HTTPS://app.example.com", "file:///a", "https://*.example.com/"].map((origin) => [
      `the origin ${origin}`,
      [[{ ...FINE, origins: ["https://fine.example.com", origin] }], /^origins: got a value of type object, takes a list of origins/],
    ]),
  ),
  ...Object.fromEntries(
    ["hubspot", "/hubspot/", "/", "/a/../b", "/a//b", "/a?b", "/a#b", "/%2e", "/a b", "/a\\b", "//evil.example"].map((path) => [
      `the path ${path}`,
      [[{ ...FINE, path }], /^path: got ".*", takes a path such as "\/hubspot"/],
    ]),
  ),
  "a path that is none": [[{ ...FINE, path: 5 }], /^path: /],
  ...Object.fromEntries(
    ["app.example.com", "/hubspot", "https://app.example.com?x=1", "https://app.example.com/#x", "https://user:pass@app.example.com", "ftp://app.example.com", "javascript:alert(1)"].map((publicUrl) => [
      `the address ${publicUrl}`,
      [[{ ...FINE, publicUrl }], /^publicUrl: got ".*", takes an address such as/],
    ]),
  ),
  "replays without add": [[{ ...FINE, replays: { set() {} } }], /^replays: .*an object with add\(\)/],
  "replays that are a function": [[{ ...FINE, replays: () => true }], /^replays: /],
  "a version that is none": [[{ ...FINE, apiVersion: "../v3" }], /^apiVersion: /],
  "an unencrypted base URL": [[{ ...FINE, baseUrl: "http://api.hubapi.com" }], /^baseUrl: got an unencrypted URL/],
  "a relative base URL": [[{ ...FINE, baseUrl: "/hubspot" }], /^baseUrl: /],
  "a fetch that is none": [[{ ...FINE, fetch: "fetch" }], /^fetch: /],
  "a rate limit that is none": [[{ ...FINE, rateLimit: { requests: 0, perMs: 1 } }], /^rateLimit: /],
  "a time that is none": [[{ ...FINE, requestTimeoutMs: 0 }], /^requestTimeoutMs: /],
  ...Object.fromEntries(
    [0, -1, NaN, Infinity, "60"].map((readerTimeoutMs) => [
      `a reader's time of ${typeof readerTimeoutMs} ${readerTimeoutMs}`,
      [[{ ...FINE, readerTimeoutMs }], /^readerTimeoutMs: got .*, takes milliseconds: finite, above 0/],
    ]),
  ),
  "a number of requests that is none": [[{ ...FINE, maxConcurrent: 0.5 }], /^maxConcurrent: /],
  "what hears of errors that is no function": [[{ ...FINE, onError: "log" }], /^onError: /],
  "a clock that is none": [[{ ...FINE, clock: {} }], /^clock: /],
  "headers that are none": [[{ ...FINE, headers: { "a b": "c" } }], /^headers: a b: /],
  "options that throw": [[{ ...FINE, get path() { throw new Error("no"); } }], /^path: it threw/],
};

for (const [name, [args, message]] of Object.entries(REFUSED)) {
  test(`INVALID_ARGUMENT for ${name}`, () => {
    const error = assertError(thrown(() => createProxy(...args)), "INVALID_ARGUMENT");
    assert.match(error.message, message);
    assert(!error.message.includes(SECRET) && !error.message.includes(TOKEN), error.message);
  });
}

const mine = defineFamily({ name: "journal", paths: { status: "/webhooks-journal/journal/{version}/status/{taskId}" } });

for (const [name, more] of Object.entries({
  "what is null as what is not given": { allow: null, authorize: null, onError: null, hideExportUrls: null, path: null, publicUrl: null, origins: null, replays: null, readerTimeoutMs: null, fetch: null, rateLimit: null, headers: null, clock: null, apiVersion: null, baseUrl: null },
  "an unknown option that is undefined": { tokens: undefined },
  "no mount": { path: "" },
  "a mount of several parts": { path: "/api/v1/hub-spot" },
  "a public address with a path": { publicUrl: "https://app.example.com/behind/" },
  "a time for readers": { readerTimeoutMs: 500 },
  "no rate limit": { rateLimit: false },
  "families of both kinds": { families: ["export", "import", mine] },
  "a token function": { token: () => null },
  "a token with the scheme before it": { token: `Bearer ${TOKEN}` },
  "hidden addresses": { allow: ["download"], hideExportUrls: true },
  "other families beside hidden addresses": { families: ["import", "export"], allow: ["download"], hideExportUrls: true },
})) {
  test(`it takes ${name}`, () => {
    assert.equal(typeof createProxy({ ...FINE, ...more }), "function");
  });
}

test("making a proxy sends nothing, asks for no token and sets no timer", () => {
  const refuse = () => assert.fail("nobody called");
  createProxy({ ...FINE, token: refuse, fetch: refuse, authorize: refuse, replays: { add: refuse }, clock: { now: Date.now, setTimeout: refuse, clearTimeout: refuse } });
});
