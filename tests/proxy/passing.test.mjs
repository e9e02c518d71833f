// What passes: HubSpot's own bytes, status and what callers need of its headers, and nothing of the caller's to HubSpot.
import assert from "node:assert/strict";
import {
  ACTIONS, EXPORT, FAMILY_NAMES, ORIGIN, SECRET, TOKEN,
  answerTo, assertRefused, createProxy, createSimulator, defineFamily, hosted, paths, plainCall, requestOf, test, turns, world,
} from "./support.mjs";

const API = "https://api.hubapi.com";
const OPEN = { authorize: () => true, allow: ACTIONS };

/** HubSpot's paths, from its documentation, by family and by the style of the version. */
const STATUS_PATHS = {
  fileImport: (version, id) => `/files/${version}/files/import-from-url/async/tasks/${id}/status`,
  folderUpdate: (version, id) => `/files/${version}/folders/update/async/tasks/${id}/status`,
  export: (version, id) => (version === "v3" ? `/crm/v3/exports/export/async/tasks/${id}/status` : `/crm/exports/${version}/export/async/tasks/${id}/status`),
  sourceCodeExtract: (version, id) => (version === "v3" ? `/cms/v3/source-code/extract/async/tasks/${id}/status` : `/cms/source-code/${version}/extract/async/tasks/${id}/status`),
  import: (version, id) => (version === "v3" ? `/crm/v3/imports/${id}` : `/crm/imports/${version}/${id}`),
};

for (const apiVersion of ["v3", "2025-09", "2026-03", "2026-09"]) {
  test(`a status of each built-in family passes byte for byte in ${apiVersion}`, async () => {
    const simulator = createSimulator({ tokens: [TOKEN] });
    const proxy = createProxy({ ...OPEN, token: TOKEN, families: FAMILY_NAMES, apiVersion, fetch: simulator.fetch });
    for (const family of FAMILY_NAMES) {
      for (const outcome of ["succeeded", "canceled"]) {
        const path = STATUS_PATHS[family](apiVersion, simulator.addTask(family, { outcome, result: family === "export" ? "https://files.example/x" : undefined }));
        const direct = await simulator.fetch(API + path, { headers: { authorization: `Bearer ${TOKEN}` } });
        const { status, text } = await answerTo(proxy, plainCall({ path }));
        assert.equal(status, direct.status);
        assert.equal(withoutUrls(text), withoutUrls(await direct.text()));
      }
    }
  });
}

/** URLs of files are new in each answer. */
const withoutUrls = (text) => text.replace(/https:[^"]*/g, "");

const STARTS = {
  fileImport: ["/files/2026-03/files/import-from-url/async", { access: "PRIVATE", url: "https://files.example/a.png", folderId: "7" }],
  folderUpdate: ["/files/2026-03/folders/update/async", { id: "7", name: "new" }],
  export: [paths.start(), EXPORT],
  sourceCodeExtract: ["/cms/source-code/2026-03/extract/async", { path: "a.zip" }],
};

for (const [family, [path, body]] of Object.entries(STARTS)) {
  test(`a start of ${family} passes byte for byte, there and back`, async () => {
    const simulator = createSimulator({ tokens: [TOKEN] });
    const proxy = createProxy({ ...OPEN, token: TOKEN, families: [family], fetch: simulator.fetch });
    // As nobody's JSON.stringify writes it, with a number that JavaScript rounds.
    const text = JSON.stringify(body, undefined, 3).replace(/\}$/, ',\n "big": 9007199254740993,  "text": "\\u00e9é" }');
    const { status, text: answered } = await answerTo(proxy, plainCall({ method: "POST", path, body: text }));
    assert.equal(status, 202);
    assert.equal(JSON.parse(answered).id, simulator.starts[0].taskId);
    assert.equal(simulator.requests.length, 1);
    assert.equal(simulator.requests[0].body, text);
    assert.equal(simulator.requests[0].headers["content-type"], "application/json");
  });
}

test("a start of an import passes its parts byte for byte", async () => {
  const simulator = createSimulator({ tokens: [TOKEN] });
  const proxy = createProxy({ ...OPEN, token: TOKEN, families: ["import"], fetch: simulator.fetch });
  const form = new FormData();
  form.append("importRequest", JSON.stringify({ name: "x", files: [{ fileName: "a.csv", fileFormat: "CSV" }] }));
  form.append("files", new Blob(["Email\njane@example.com\n"]), "a.csv");
  const { status, text } = await answerTo(proxy, { method: "POST", url: `${ORIGIN}/crm/imports/2026-03`, body: form });
  assert.equal(status, 200, text);
  assert.equal(simulator.starts[0].family, "import");
  assert.equal(simulator.starts[0].files[0].name, "a.csv");
});

test("the details of an export pass", async () => {
  const { proxy, simulator, taskId } = world({ proxy: OPEN });
  const direct = await simulator.fetch(API + paths.details(taskId), { headers: { authorization: `Bearer ${TOKEN}` } });
  const { status, text } = await answerTo(proxy, plainCall({ path: paths.details(taskId) }));
  assert.deepEqual([status, text], [200, await direct.text()]);
});

test("a family that is defined passes by the paths of its definition", async () => {
  const definition = defineFamily({
    name: "journal",
    paths: { start: "/webhooks-journal/snapshots/{version}/crm", status: "/webhooks-journal/journal/{version}/status/{taskId}" },
    state: { succeeded: ["SUCCESS"] },
  });
  const { proxy, sent } = world({ proxy: { ...OPEN, families: [definition, "export"] }, answer: async () => new Response('{"status":"SUCCESS"}') });
  const id = "0b6e2d1e-5a51-4a4c-8b47-3f1d8a1b2c3d";
  assert.equal((await answerTo(proxy, plainCall({ path: `/webhooks-journal/journal/2026-03/status/${id}` }))).text, '{"status":"SUCCESS"}');
  assert.equal((await answerTo(proxy, plainCall({ method: "POST", path: "/webhooks-journal/snapshots/2026-03/crm", body: { a: 1 } }))).status, 200);
  assert.deepEqual(sent.map(({ url }) => url), [`${API}/webhooks-journal/journal/2026-03/status/${id}`, `${API}/webhooks-journal/snapshots/2026-03/crm`]);
});

/** Ids of HubSpot's text families are opaque. */
for (const id of ["90151673", "a-b_c.d~e", "VklSVFVBTC0x==", "a+b", "a:b@c", "..a", "...", "A".repeat(500)]) {
  test(`the opaque id ${id.slice(0, 20)} passes, however it is escaped`, async () => {
    const answer = async () => new Response('{"status":"PENDING"}');
    for (const text of new Set([id, encodeURIComponent(id), id.replace(/[^.]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)])) {
      const { proxy, sent } = world({ proxy: { ...OPEN, families: ["fileImport"] }, answer });
      const { status } = await answerTo(proxy, plainCall({ path: STATUS_PATHS.fileImport("2026-03", text) }));
      assert.equal(status, 200, text);
      assert.equal(sent[0].url, API + STATUS_PATHS.fileImport("2026-03", encodeURIComponent(id)));
    }
  });
}

const BODY = '{"status":"PENDING","big":9223372036854775807,"same":1.0,"same":2,"text":"\\u00e9 é \\/ 💙"}';

const ANSWERS = {
  "a status with a number that JavaScript rounds": [200, BODY, {}],
  "a status that is not over": [202, BODY, {}],
  "an empty body": [202, "", {}],
  "no body": [204, null, {}],
  "what is no JSON": [200, "{", {}],
  "what is no UTF-8": [200, new Uint8Array([123, 0xff, 0xfe, 125]), {}],
  "a mark before the body": [200, new Uint8Array([0xef, 0xbb, 0xbf, 123, 125]), {}],
  "an error in a good answer": [200, '{"status":"error","category":"MISSING_SCOPES"}', {}],
  "a refusal": [400, '{"status":"error","category":"VALIDATION_ERROR"}', {}],
  "a missing scope": [403, '{"category":"MISSING_SCOPES","context":{"missingScopes":["crm.export"]}}', {}],
  "a page of HTML": [404, "<html><body>Not found</body></html>", { "content-type": "text/html" }],
  "a conflict": [409, "{}", {}],
  "a locked account": [423, "{}", { "retry-after": "7" }],
  "a limit that is no rate": [429, '{"errorType":"FREE_PORTAL_IMPORT_ROWS_LIMIT"}', {}],
  "a rate limit": [429, '{"policyName":"TEN_SECONDLY_ROLLING","errorType":"RATE_LIMIT"}', { "retry-after": "3" }],
  "a rate limit without a time": [429, '{"policyName":"TEN_SECONDLY_ROLLING","errorType":"RATE_LIMIT"}', {}],
  "the limit of a day": [429, '{"policyName":"DAILY","errorType":"RATE_LIMIT"}', {}],
  "a migration": [477, "{}", { "retry-after": "3600" }],
  "a server's fault": [500, '{"message":"internal error"}', {}],
  "a gateway's fault": [502, "<html>", { "content-type": "text/html" }],
  "a server that rests": [503, "", { "retry-after": "Fri, 21 Aug 2026 11:00:00 GMT" }],
  "Cloudflare's own": [530, "error code: 1016", {}],
  "a status that nobody knows": [599, "?", {}],
};

for (const [name, [status, body, headers]] of Object.entries(ANSWERS)) {
  test(`passed on as it was: ${name}`, async () => {
    const more = { date: "Fri, 21 Aug 2026 10:00:00 GMT", "x-hubspot-ratelimit-max": "190", "x-hubspot-ratelimit-remaining": "17" };
    const { proxy, taskId } = world({ proxy: OPEN, answer: async () => new Response(body, { status, headers: { "content-type": "application/json;charset=utf-8", ...more, ...headers } }) });
    const response = await proxy(requestOf(plainCall({ path: paths.status(taskId) })));
    assert.equal(response.status, status);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.from(typeof body === "string" ? body : (body ?? [])));
    const { "content-type": type, ...others } = headers;
    for (const [header, value] of Object.entries({ ...more, ...others })) assert.equal(response.headers.get(header), value, header);
    assert.equal(response.headers.get("content-type"), type === undefined ? "application/json" : "text/plain;charset=utf-8");
  });
}

test("of HubSpot's headers nothing else passes", async () => {
  const headers = {
    "content-type": "application/json", date: "x", "set-cookie": "__cf_bm=secret", server: "cloudflare", "cf-ray": "1", "x-hubspot-correlation-id": "1", "x-evil": "1",
    location: "https://evil.example", link: "<https://evil.example>; rel=next", "content-encoding": "identity", "content-security-policy": "default-src *",
    "access-control-allow-origin": "*", "cache-control": "public, max-age=600", "www-authenticate": "Bearer", "clear-site-data": '"*"', "x-hubspot-ratelimit-secondly": "10",
    refresh: "0;url=https://evil.example", "strict-transport-security": "max-age=1", "retry-after": "x".repeat(500),
  };
  const { proxy, taskId } = world({ proxy: OPEN, answer: async () => new Response("{}", { headers }) });
  const answer = await answerTo(proxy, plainCall({ path: paths.status(taskId) }));
  assert.deepEqual([...answer.headers], [["cache-control", "no-store"], ["content-type", "application/json"], ["date", "x"], ["x-content-type-options", "nosniff"]]);
});

test("of a caller's headers nothing passes, nor of its query", async () => {
  const { proxy, taskId, sent } = world({ proxy: { ...OPEN, clientSecret: SECRET, publicUrl: ORIGIN, headers: { "x-mine": "1" } } });
  const headers = {
    authorization: "Bearer stolen", cookie: "session=1", host: "evil.example", "x-forwarded-for": "1", "x-forwarded-host": "evil.example", "x-http-method-override": "DELETE",
    "x-original-url": "/crm/v3/objects/contacts", "x-rewrite-url": "/crm/v3/objects/contacts", "content-length": "5", "transfer-encoding": "chunked", "x-mine": "2", "x-hs-user": "1", te: "trailers",
  };
  assert.equal((await answerTo(proxy, hosted({ path: paths.status(taskId), headers }))).status, 200);
  assert.equal((await answerTo(proxy, hosted({ method: "POST", path: paths.start(), body: EXPORT, headers: { ...headers, "content-length": undefined } }))).status, 202);
  assert.deepEqual(sent.map(({ url }) => url), [API + paths.status(taskId), API + paths.start()]);
  const common = { Authorization: `Bearer ${TOKEN}`, "x-mine": "1" };
  assert.deepEqual(sent.map(({ init }) => init.headers), [common, { ...common, "Content-Type": "application/json" }]);
  assert.deepEqual(sent.map(({ init }) => [init.method, init.redirect]), [["GET", "manual"], ["POST", "manual"]]);
});

const UNANSWERED = {
  "a redirect": async () => new Response(null, { status: 302, headers: { location: "https://evil.example" } }),
  "a redirect that hosts hide": async () => ({ status: 0, headers: {}, text: async () => "" }),
  "no status": async () => ({ headers: {}, text: async () => "{}" }),
  "a status beyond all": async () => ({ status: 999, headers: {}, text: async () => "{}" }),
  nothing: async () => undefined,
  "an answer that breaks off": async () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("broken")) })),
  "no connection": () => Promise.reject(new TypeError(`fetch failed: Bearer ${TOKEN}`)),
  "an answer of more than 10 MB": async () => new Response(new Uint8Array(10_485_761)),
  "an answer that shows the token": async () => new Response(`{"message":"${TOKEN} is wrong"}`, { status: 400 }),
};

for (const [name, answer] of Object.entries(UNANSWERED)) {
  test(`502, and no more said, for ${name}`, async () => {
    const { proxy, taskId, sent } = world({ proxy: OPEN, answer });
    assertRefused(await answerTo(proxy, plainCall({ path: paths.status(taskId) })), 502, "UPSTREAM");
    assertRefused(await answerTo(proxy, plainCall({ method: "POST", path: paths.start(), body: EXPORT })), 502, "UPSTREAM");
    assert.equal(sent.length, 2, "nothing is asked twice");
  });
}

test("504 where HubSpot does not answer within requestTimeoutMs, and the request is ended", async () => {
  const { proxy, taskId, clock, sent } = world({ proxy: { ...OPEN, requestTimeoutMs: 2_000 }, answer: () => new Promise(() => {}) });
  const answers = [plainCall({ path: paths.status(taskId) }), plainCall({ method: "POST", path: paths.start(), body: EXPORT })].map((call) => answerTo(proxy, call));
  await clock.advance(1_999);
  assert.deepEqual(sent.map(({ init }) => init.signal.aborted), [false, false]);
  await clock.advance(1);
  for (const answer of await Promise.all(answers)) assertRefused(answer, 504, "LATE");
  assert.deepEqual(sent.map(({ init }) => init.signal.aborted), [true, true]);
});

test("504 where HubSpot begins to answer, and does not end", async () => {
  const { proxy, taskId, clock } = world({ proxy: { ...OPEN, requestTimeoutMs: 2_000 }, answer: async () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) })) });
  const answer = answerTo(proxy, plainCall({ path: paths.status(taskId) }));
  await clock.advance(2_000);
  assertRefused(await answer, 504, "LATE");
});

test("a body that comes too slowly is refused, and nothing is sent", async () => {
  const { proxy, clock, sent } = world({ proxy: { ...OPEN, requestTimeoutMs: 2_000 } });
  let canceled = false;
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])), cancel: () => void (canceled = true) });
  const answer = answerTo(proxy, { ...plainCall({ method: "POST", path: paths.start() }), headers: { "content-type": "application/json" }, body });
  await clock.advance(1_999);
  assert.equal(canceled, false);
  await clock.advance(1);
  assertRefused(await answer, 400, "BODY");
  assert.deepEqual([canceled, sent.length], [true, 0]);
});

/** Fetches of the user's own answer in many forms. */
const FORMS = {
  "text alone": { status: 200, text: async () => BODY },
  "json alone": { status: 200, json: async () => JSON.parse('{"status":"PENDING"}') },
  "a body that is a text": { statusCode: 200, headers: { "Retry-After": "7" }, body: '{"status":"PENDING"}' },
  "a body that is an object": { status: 200, body: { status: "PENDING" } },
  bytes: { status: 200, arrayBuffer: async () => new TextEncoder().encode(BODY).buffer },
};

for (const [name, form] of Object.entries(FORMS)) {
  test(`an answer of the user's own fetch with ${name} passes`, async () => {
    const { proxy, taskId } = world({ proxy: OPEN, answer: async () => form });
    const { status, text } = await answerTo(proxy, plainCall({ path: paths.status(taskId) }));
    assert.deepEqual([status, JSON.parse(text).status], [200, "PENDING"]);
  });
}

test("a rejection that carries an answer is that answer", async () => {
  const answer = () => Promise.reject(Object.assign(new Error("Request failed"), { response: { status: 404, headers: {}, data: { category: "OBJECT_NOT_FOUND" } } }));
  const { proxy, taskId } = world({ proxy: OPEN, answer });
  assert.deepEqual(Object.entries(await answerTo(proxy, plainCall({ path: paths.status(taskId) }))).filter(([name]) => name !== "headers"), [["status", 404], ["text", '{"category":"OBJECT_NOT_FOUND"}']]);
});

// The token.

test("a refused token is asked for anew once, and the second answer counts", async () => {
  const asked = [];
  const token = (context) => {
    asked.push(context);
    return context.refresh ? TOKEN : "pat-na1-expired-token";
  };
  const { proxy, taskId, sent } = world({ proxy: { ...OPEN, token } });
  assert.equal((await answerTo(proxy, plainCall({ path: paths.status(taskId) }))).status, 200);
  assert.deepEqual(asked, [{ portalId: undefined, refresh: false }, { portalId: undefined, refresh: true }]);
  assert.equal(sent.length, 2);
});

for (const [name, token, requests] of [
  ["a token that HubSpot refuses", "pat-na1-wrong-token", 1],
  ["a token function whose tokens HubSpot refuses", ({ refresh }) => (refresh ? "pat-na1-wrong-token-2" : "pat-na1-wrong-token-1"), 2],
  ["a token function that gives nothing", () => null, 0],
  ["a token function that gives what is none", () => 5, 0],
  ["a token function that throws", () => { throw new Error(`no ${SECRET}`); }, 0],
  ["a token function that rejects", () => Promise.reject(new Error(`no ${SECRET}`)), 0],
]) {
  test(`403, which no caller takes for its own token's fault, and no repetition, for ${name}`, async () => {
    const { proxy, taskId, sent } = world({ proxy: { ...OPEN, token } });
    assertRefused(await answerTo(proxy, plainCall({ path: paths.status(taskId) })), 403, "TOKEN");
    assert.equal(sent.length, requests);
    assertRefused(await answerTo(proxy, plainCall({ method: "POST", path: paths.start(), body: EXPORT })), 403, "TOKEN");
  });
}

test("each account has its own token, by the address that HubSpot signed", async () => {
  const tokens = { 123: "pat-na1-of-account-123", 456: "pat-na1-of-account-456" };
  let letIn = 0;
  const authorize = () => ++letIn > 0;
  const answer = async (url, { headers }) => {
    // All three are under way by then: to check a signature takes as many turns as it takes.
    do await turns(); while (letIn < 3);
    return new Response(JSON.stringify({ status: "PENDING", of: Object.values(tokens).indexOf(headers.Authorization.slice(7)) }));
  };
  const asked = [];
  const token = ({ portalId }) => {
    asked.push(portalId);
    return tokens[portalId];
  };
  const { proxy, taskId } = world({ proxy: { clientSecret: SECRET, publicUrl: ORIGIN, token, authorize }, answer });
  const of = async (portalId) => answerTo(proxy, hosted({ path: paths.status(taskId), query: `userId=1&portalId=${portalId}&userEmail=a%40b.c&appId=9` }));
  const answers = await Promise.all([of(123), of(456), of(123)]);
  assert.deepEqual(answers.map(({ text }) => JSON.parse(text).of), [0, 1, 0], "nor are answers of two accounts shared");
  assert.deepEqual(asked.sort(), ["123", "456"], "the two of one account are one request");
  assertRefused(await of(789), 403, "TOKEN");
});

test("the signed address may have no account where one token serves all, and the guard hears none", async () => {
  const heard = [];
  const { proxy, taskId } = world({ proxy: { clientSecret: SECRET, publicUrl: ORIGIN, authorize: (request, asked) => heard.push(asked) > 0 } });
  assert.equal((await answerTo(proxy, hosted({ path: paths.status(taskId), query: "" }))).status, 200);
  assert.deepEqual(heard, [{ action: "status", family: "export", taskId }]);
});

test("the guard hears what is asked for, and of whom", async () => {
  const heard = [];
  const authorize = (request, asked) => {
    heard.push([request.headers.get("x-user"), asked]);
    return true;
  };
  const { proxy, taskId } = world({ proxy: { clientSecret: SECRET, publicUrl: ORIGIN, allow: ACTIONS, authorize } });
  const headers = { "x-user": "jane" };
  await answerTo(proxy, hosted({ path: paths.status(taskId), headers }));
  await answerTo(proxy, hosted({ path: paths.details(taskId), headers }));
  await answerTo(proxy, hosted({ path: paths.download(taskId), headers }));
  await answerTo(proxy, hosted({ method: "POST", path: paths.start(), body: EXPORT, headers }));
  const about = { family: "export", portalId: "123" };
  assert.deepEqual(heard, [
    ["jane", { action: "status", ...about, taskId }],
    ["jane", { action: "details", ...about, taskId }],
    ["jane", { action: "download", ...about, taskId }],
    ["jane", { action: "start", ...about, body: EXPORT }],
  ]);
});

// The address that HubSpot signed.

for (const [name, publicUrl, base, own] of [
  ["the request's own", undefined, "https://app.example.com", "https://app.example.com"],
  ["the public one, where a load balancer ends TLS", "https://app.example.com", "https://app.example.com", "http://10.0.0.7:3000"],
  ["the public one with a port", "https://app.example.com:8443", "https://app.example.com:8443", "http://localhost:3000"],
  ["the public one with a path that is taken off on the way", "https://app.example.com/api/", "https://app.example.com/api", "http://localhost:3000"],
]) {
  test(`the signed address is ${name}`, async () => {
    const { proxy, taskId } = world({ proxy: { clientSecret: SECRET, path: "/hubspot", ...(publicUrl && { publicUrl }) } });
    const path = `/hubspot${paths.status(taskId)}`;
    const call = hosted({ path, origin: base });
    assert.equal((await answerTo(proxy, { ...call, url: call.url.replace(base, own) })).status, 200);
  });
}

for (const escape of ["%3A", "%2F", "%3F", "%40", "%21", "%24", "%27", "%28", "%29", "%2A", "%2C", "%3B", "%20", "%26", "%25", "%2B", "+", "%C3%A9"]) {
  test(`a signed address passes with ${escape} in it`, async () => {
    const { proxy, taskId } = world({ proxy: { clientSecret: SECRET, publicUrl: ORIGIN } });
    const query = `userId=42&portalId=123&userEmail=a${escape}b&appId=9`;
    assert.equal((await answerTo(proxy, hosted({ path: paths.status(taskId), query }))).status, 200);
  });
}

for (const ahead of [-300_000, 300_000]) {
  test(`a signature of ${ahead} ms from now is the last that passes`, async () => {
    const { proxy, taskId, clock } = world({ proxy: { clientSecret: SECRET, publicUrl: ORIGIN } });
    assert.equal((await answerTo(proxy, hosted({ path: paths.status(taskId), timestamp: clock.now() + ahead }))).status, 200);
  });
}
