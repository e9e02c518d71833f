// What an attacker would try. Each attack changes one thing of a call that passes; it is refused for its own reason, and
// nothing reaches HubSpot.
import assert from "node:assert/strict";
import {
  ACTIONS, EXPORT, HOSTS_QUERY, ORIGIN, SECRET, START, TOKEN,
  answerTo, assertRefused, hosted, paths, plainCall, test, world,
} from "./support.mjs";

const MINUTES_5 = 300_000;

/** A card's status call, signed by HubSpot for one account. */
const STATUS = { kind: hosted, call: ({ taskId }) => ({ path: `/hubspot${paths.status(taskId)}` }) };
/** A card's start. */
const BEGIN = { kind: hosted, call: () => ({ method: "POST", path: `/hubspot${paths.start()}`, body: EXPORT }) };
/** The same of a program that the user's own guard lets in. */
const OWN_STATUS = { kind: plainCall, call: STATUS.call };
const OWN_BEGIN = { kind: plainCall, call: BEGIN.call };

const SIGNED = { clientSecret: SECRET, token: ({ portalId }) => (portalId === "123" ? TOKEN : null), publicUrl: ORIGIN };
const GUARDED = { authorize: () => true };

const settings = (good) => ({ path: "/hubspot", allow: ACTIONS, ...(good.kind === hosted ? SIGNED : GUARDED) });

/** `before`: what HubSpot signs, or a program sends, is this. `after`: what was signed is changed so on its way. */
const attack = (good, [status, why], changes) => Object.entries(changes).map(([name, change]) => ({ name, good, status, why, ...change }));

const before = (change) => ({ before: change });
const after = (change) => ({ after: change });
const path = (change) => before((call, world) => ({ path: change(call.path, world) }));
const id = (text) => before((call, { taskId }) => ({ path: call.path.replace(taskId, text(taskId)) }));
const query = (text) => before(() => ({ query: text }));
const header = (name, value) => after(({ headers }) => ({ headers: { ...headers, [name]: value } }));
const without = (name) => after(({ headers }) => ({ headers: Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name)) }));
const signature = (change) => after(({ headers }) => ({ headers: { ...headers, "x-hubspot-signature-v3": change(headers["x-hubspot-signature-v3"]) } }));
const timestamp = (text) => header("x-hubspot-request-timestamp", text);
const signedAt = (text) => before(() => ({ timestamp: text }));
const url = (change) => after((call) => ({ url: change(call.url) }));
const options = (proxy) => ({ proxy });
const bytes = (length) => new Uint8Array(length).fill(97);
const stream = (pull) => new ReadableStream({ pull });

const ATTACKS = [
  ...attack(STATUS, [404, "ROUTE"], {
    "another API of HubSpot's": path(() => "/hubspot/crm/v3/objects/contacts"),
    "an older version": path((path) => path.replace("/crm/exports/2026-03/", "/crm/v3/exports/")),
    "a newer version": path((path) => path.replace("2026-03", "2026-09")),
    "a version that is empty": path((path) => path.replace("2026-03", "")),
    "a family that is not named": path(() => "/hubspot/crm/imports/2026-03/7"),
    "what comes after the path": path((path) => `${path}/extra`),
    "a slash after the path": path((path) => `${path}/`),
    "two slashes in the path": path((path) => path.replace("/tasks/", "/tasks//")),
    "a path in capitals": path((path) => path.replace("/crm/", "/CRM/")),
    "a path without the mount": path((path) => path.replace("/hubspot", "")),
    "a path with the mount twice": path((path) => `/hubspot${path}`),
    "a path whose mount only begins so": path((path) => path.replace("/hubspot", "/hubspot-other")),
    "the mount alone": path(() => "/hubspot"),
    "the root": path(() => "/"),
    "dots that lead out of the mount": path(() => "/hubspot/../crm/v3/objects/contacts"),
    "escaped dots that lead to another path": id(() => "%2e%2e"),
    "an escaped slash in the id": id((taskId) => `${taskId}%2Fstatus`),
    "an escaped slash in small letters": id((taskId) => `..%2f${taskId}`),
    "an escaped backslash in the id": id((taskId) => `${taskId}%5C..`),
    "an escaped slash in the fixed part of the path": path((path) => path.replace("/async/tasks/", "/async%2Ftasks/")),
    "an escaped letter in the fixed part of the path": path((path) => path.replace("/crm/", "/%63rm/")),
    "a slash that is escaped twice": id((taskId) => `${taskId}%252Fstatus`),
    "dots that are escaped twice": id(() => "%252e%252e"),
    "an escaped NUL": id((taskId) => `${taskId}%00`),
    "an escaped line end": id((taskId) => `${taskId}%0A`),
    "an escaped line end that would end a header": id((taskId) => `${taskId}%0D%0AX-Injected:%201`),
    "an escaped blank": id((taskId) => `%20${taskId}`),
    "an escaped question mark": id((taskId) => `${taskId}%3Farchived=true`),
    "an escaped hash": id((taskId) => `${taskId}%23`),
    "a matrix parameter": id((taskId) => `${taskId};archived=true`),
    "digits of another script": id(() => "%D9%A1%D9%A2"),
    "wide digits": id(() => "%EF%BC%91"),
    "a wide slash": id((taskId) => `${taskId}%EF%BC%8F`),
    "UTF-8 that is longer than need be": id((taskId) => `${taskId}%C0%AF`),
    "half an escape": id((taskId) => `${taskId}%E0%A4%A`),
    "an id beyond 64 bits": id(() => "9223372036854775808"),
    "an id below zero": id((taskId) => `-${taskId}`),
    "an id with a fraction": id((taskId) => `${taskId}.0`),
    "an id that is a list": id((taskId) => `${taskId},${taskId}`),
    "no id": id(() => ""),
    "the template of the path": id(() => "{taskId}"),
    "an id as long as a book": id(() => "9".repeat(3_000)),
  }),
  ...attack(STATUS, [404, "ROUTE"], {
    "details, which are not allowed": { ...path((path, { taskId }) => `/hubspot${paths.details(taskId)}`), ...options({ allow: ["start", "download"] }) },
    "a file, which is not allowed": { ...path((path, { taskId }) => `/hubspot${paths.download(taskId)}`), ...options({ allow: ["start", "details"] }) },
    "the details of a family that has none": { ...path(() => "/hubspot/crm/imports/2026-03/7/details"), ...options({ families: ["import"] }), alone: true },
    "the errors of an import": { ...path(() => "/hubspot/crm/imports/2026-03/7/errors"), ...options({ families: ["import"] }), alone: true },
    "the file of a task that makes none": { ...path(() => "/hubspot/files/2026-03/files/import-from-url/async/tasks/7/download"), ...options({ families: ["fileImport"] }), alone: true },
  }),
  ...attack(BEGIN, [404, "ROUTE"], {
    "a start, which is not allowed": options({ allow: ["details", "download"] }),
    "the cancellation of an import": { ...path(() => "/hubspot/crm/imports/2026-03/7/cancel"), ...options({ families: ["import"] }), alone: true },
    "a start of a family that is not named": path(() => "/hubspot/files/2026-03/files/import-from-url/async"),
    "a search": path(() => "/hubspot/crm/v3/objects/contacts/search"),
  }),
  ...attack(STATUS, [400, "ADDRESS"], {
    "an address as long as a book": query(`${HOSTS_QUERY}&userEmail2=${"x".repeat(5_000)}`),
    "a query of HubSpot's API": query(`${HOSTS_QUERY}&archived=true`),
    "a key of HubSpot's API": query(`${HOSTS_QUERY}&hapikey=x`),
    "a token in the query": query(`access_token=x&${HOSTS_QUERY}`),
    "another method in the query": query(`${HOSTS_QUERY}&_method=DELETE`),
    "the account twice, another one first": query(`portalId=666&${HOSTS_QUERY}`),
    "the account twice, another one last": query(`${HOSTS_QUERY}&portalId=666`),
    "the account twice, once with escapes in its name": query(`portal%49d=666&${HOSTS_QUERY}`),
    "the account twice, once in other letters": query(`PortalId=666&${HOSTS_QUERY}`),
    "the account as a list": query(`portalId[]=666&${HOSTS_QUERY}`),
    "the account after a semicolon": query(HOSTS_QUERY.replace("portalId=123", "portalId=123;portalId=666")),
    "two accounts in one": query(HOSTS_QUERY.replace("portalId=123", "portalId=123,666")),
    "an account with an escape": query(HOSTS_QUERY.replace("portalId=123", "portalId=%3123")),
    "an account that is no number": query(HOSTS_QUERY.replace("portalId=123", "portalId=__proto__")),
    "an empty account": query(HOSTS_QUERY.replace("portalId=123", "portalId=")),
    "no account, where each has its own token": query("userId=42&userEmail=jane%40example.com&appId=9"),
    "no query, where each account has its own token": query(""),
    "an empty part of the query": query(`&${HOSTS_QUERY}`),
    "a name without a value": query(`${HOSTS_QUERY}&debug`),
  }),
  ...attack(OWN_STATUS, [400, "ADDRESS"], {
    "a query without a signature": query("archived=true"),
    "an account without a signature": query("portalId=123"),
  }),
  ...attack(STATUS, [405, "METHOD"], Object.fromEntries(
    ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND"].map((method) => [`${method} of a status`, before(() => ({ method }))]),
  )),
  ...attack(STATUS, [405, "METHOD"], {
    "a POST that says that it is a GET": before(() => ({ method: "POST", headers: { "x-http-method-override": "GET" } })),
  }),
  ...attack(BEGIN, [405, "METHOD"], {
    "a GET of a start": before(() => ({ method: "GET", body: undefined })),
    "a GET that says that it is a POST": before(() => ({ method: "GET", body: undefined, headers: { "x-http-method-override": "POST", "x-method-override": "POST" } })),
    "PUT of a start": before(() => ({ method: "PUT" })),
  }),
  ...attack(STATUS, [401, "SIGNATURE"], {
    "no signature": without("x-hubspot-signature-v3"),
    "no timestamp": without("x-hubspot-request-timestamp"),
    "an older kind of signature alone": after(({ headers: { "x-hubspot-signature-v3": v3, ...headers } }) => ({ headers: { ...headers, "x-hubspot-signature": v3, "x-hubspot-signature-version": "v2" } })),
    "an empty signature": signature(() => ""),
    "a signature that is a letter shorter": signature((text) => text.slice(1)),
    "a signature that is a letter longer": signature((text) => `${text}=`),
    "the beginning of a signature": signature((text) => text.slice(0, 8)),
    "a signature without its padding": signature((text) => text.replace("=", "A")),
    "a signature whose first letter is another": signature((text) => (text.startsWith("A") ? "B" : "A") + text.slice(1)),
    "a signature whose last letter is another": signature((text) => `${text.slice(0, -2)}${text.at(-2) === "A" ? "B" : "A"}=`),
    // The last letter of the text has bits that its bytes do not have.
    "a signature of the same bytes in another text": signature((text) => text.slice(0, -2) + String.fromCharCode(text.charCodeAt(text.length - 2) + 1) + "="),
    "a signature in small letters": signature((text) => text.toLowerCase()),
    "a signature in hexadecimal": signature((text) => Buffer.from(text, "base64").toString("hex")),
    "a signature of nothing": signature(() => "A".repeat(43) + "="),
    "two signatures, the right one last": signature((text) => `${"A".repeat(43)}=, ${text}`),
    "the signature of another secret": before(() => ({ secret: "another-secret" })),
    "the signature of an empty secret": before(() => ({ secret: "" })),
    "another timestamp than the signed one": timestamp(String(START - 1)),
    "a signature of five minutes and a millisecond ago": signedAt(START - MINUTES_5 - 1),
    "a signature of a day ago": signedAt(START - 86_400_000),
    "a signature from five minutes and a millisecond ahead": signedAt(START + MINUTES_5 + 1),
    "a timestamp in seconds": signedAt(START / 1_000),
    "a timestamp with a sign": signedAt(`+${START}`),
    "a timestamp with a fraction": signedAt(`${START}.0`),
    "a timestamp as a power": signedAt("1.787306400000e12"),
    "a timestamp in hexadecimal": signedAt(`0x${START.toString(16)}`),
    "a timestamp that is no number": signedAt("NaN"),
    "an empty timestamp": signedAt(""),
    "a task that the signed address does not name": url((url) => url.replace(/tasks\/\d+/, "tasks/666")),
    "an account that the signed address does not name": url((url) => url.replace("portalId=123", "portalId=666")),
    "another user than the signed one": url((url) => url.replace("userId=42", "userId=1")),
    "another e-mail address than the signed one": url((url) => url.replace("jane", "root")),
    "a signed address without its query": url((url) => url.replace(/\?.*/, "")),
    "a signed address with more in its query": url((url) => `${url}&x=1`),
    "parts of the query in another order": url((url) => url.replace("userId=42&portalId=123", "portalId=123&userId=42")),
    "the address of another host": before(() => ({ origin: "https://other.example.com" })),
    "the address of another host, which a header names": { ...before(() => ({ origin: "https://other.example.com" })), ...header("x-forwarded-host", "other.example.com") },
    "the address of another scheme": before(() => ({ origin: "http://app.example.com" })),
    "the address of another port": before(() => ({ origin: "https://app.example.com:8443" })),
    "a signature of the address as it stands, with its escapes": after(({ headers, ...call }) => ({ headers: { ...headers, "x-hubspot-signature-v3": signedAsItStands(call) } })),
    // Hosts read such an address as the shorter one, which is not what was signed.
    "escaped dots that lead away from the id and back": id((taskId) => `${taskId}/%2e%2e/${taskId}/%2e`),
    "a signature of another method": after(({ headers, url }) => ({ headers: { ...headers, "x-hubspot-signature-v3": hosted({ method: "POST", path: url.slice(ORIGIN.length), query: "" }).headers["x-hubspot-signature-v3"] } })),
  }),
  ...attack(BEGIN, [401, "SIGNATURE"], {
    "another body than the signed one": after(({ body }) => ({ body: body.replace('"7"', '"8"') })),
    "a blank more than in the signed body": after(({ body }) => ({ body: `${body} ` })),
    "a body after the signed one": after(({ body }) => ({ body: `${body}{}` })),
    "a start that nobody signed": without("x-hubspot-signature-v3"),
    "an aged start": signedAt(START - MINUTES_5 - 1),
  }),
  ...attack(STATUS, [403, "TOKEN"], {
    "an account whose token is not there": query(HOSTS_QUERY.replace("portalId=123", "portalId=666")),
    "an account that looks like one whose token is there": query(HOSTS_QUERY.replace("portalId=123", "portalId=0123")),
  }),
  ...attack(OWN_STATUS, [403, "ORIGIN"], {
    "a page of another origin": header("origin", "https://evil.example"),
    "a page without an origin": header("origin", "null"),
    "a page whose origin begins as the right one": header("origin", `${ORIGIN}.evil.example`),
    "a page whose origin ends as the right one": header("origin", "https://evil-app.example.com"),
    "a page of a domain below": header("origin", "https://a.app.example.com"),
    "a page of another scheme": header("origin", "http://app.example.com"),
    "a page of another port": header("origin", `${ORIGIN}:8443`),
    "a page whose origin has a dot at its end": header("origin", `${ORIGIN}.`),
    "a page whose origin has a path": header("origin", `${ORIGIN}/`),
    "a page whose origin is in capitals": header("origin", ORIGIN.toUpperCase()),
    "two origins": header("origin", `${ORIGIN}, https://evil.example`),
    "an empty origin": header("origin", " "),
    "any origin": header("origin", "*"),
    "the question of a browser for a page of another origin": before(() => ({ method: "OPTIONS", headers: { origin: "https://evil.example", "access-control-request-method": "GET" } })),
  }),
  ...attack(OWN_STATUS, [403, "GUARD"], {
    "one whom the guard does not know": options({ authorize: () => false }),
    "one for whom the guard has no answer": options({ authorize: () => undefined }),
    "one for whom the guard gives a text": options({ authorize: () => "no" }),
    "one for whom the guard gives a number": options({ authorize: () => 1 }),
    "one for whom the guard gives an object": options({ authorize: async () => ({ allowed: false }) }),
    "one at whom the guard throws": options({ authorize: () => { throw new Error(`secret ${TOKEN}`); } }),
    "one at whom the guard rejects": options({ authorize: () => Promise.reject(new Error(`secret ${TOKEN}`)) }),
    "a task that is another's": options({ authorize: (request, { taskId }) => taskId === "1" }),
    "what the guard does not let this one do": options({ authorize: (request, { action }) => action === "start" }),
    "one whom the guard does not let start such an export": { ...path(() => `/hubspot${paths.start()}`), ...before(() => ({ method: "POST", path: `/hubspot${paths.start()}`, body: EXPORT })), ...options({ authorize: (request, { body }) => body.exportType !== "LIST" }) },
    "a family that the guard does not let this one ask": options({ authorize: (request, { family }) => family !== "export" }),
  }),
  ...attack(STATUS, [403, "GUARD"], {
    "a signed call whom the guard does not let in": options({ authorize: () => false }),
    "a signed call for another account than the guard knows": options({ authorize: (request, { portalId }) => portalId === "124" }),
  }),
  ...attack(OWN_STATUS, [401, "SIGNATURE"], {
    "one whom the guard lets in, without the signature that is needed, too": { ...options(SIGNED), alone: true },
  }),
  ...attack(OWN_BEGIN, [415, "TYPE"], {
    "a form": header("content-type", "application/x-www-form-urlencoded"),
    "a text, as pages may send it to everybody": header("content-type", "text/plain"),
    "parts, where JSON is taken": header("content-type", "multipart/form-data; boundary=x"),
    "JSON in UTF-16": header("content-type", "application/json; charset=utf-16"),
    "a type that begins as JSON's": header("content-type", "application/jsonp"),
    "two types": header("content-type", "application/json, text/plain"),
    "JSON with another parameter": header("content-type", "application/json; boundary=x"),
    "an empty type": header("content-type", ""),
    "JSON, where parts are taken": { ...path(() => "/hubspot/crm/imports/2026-03"), ...options({ families: ["import"] }), alone: true },
    "parts without a boundary": { ...path(() => "/hubspot/crm/imports/2026-03"), ...header("content-type", "multipart/form-data"), ...options({ families: ["import"] }), alone: true },
    "parts with a boundary that is more than one": { ...path(() => "/hubspot/crm/imports/2026-03"), ...header("content-type", 'multipart/form-data; boundary="x"; x="y"'), ...options({ families: ["import"] }), alone: true },
  }),
  ...attack(OWN_BEGIN, [413, "TOO_LARGE"], {
    "a body of more than 1 MB": before(() => ({ body: bytes(1_048_577) })),
    "a body that says that it is huge": header("content-length", "999999999999"),
    "a body without end": after(() => ({ body: stream((controller) => controller.enqueue(bytes(65_536))) })),
  }),
  ...attack(BEGIN, [413, "TOO_LARGE"], {
    "a signed body of more than 1 MB": before(() => ({ body: bytes(1_048_577) })),
  }),
  ...attack(OWN_BEGIN, [400, "BODY"], {
    "no body": before(() => ({ body: "" })),
    "a body that is no JSON": before(() => ({ body: "exportType=LIST" })),
    "a body that is cut off": before(() => ({ body: JSON.stringify(EXPORT).slice(0, -1) })),
    "two bodies in one": before(() => ({ body: `${JSON.stringify(EXPORT)}${JSON.stringify(EXPORT)}` })),
    "a list": before(() => ({ body: [EXPORT] })),
    "a text in JSON": before(() => ({ body: '"export"' })),
    "null": before(() => ({ body: "null" })),
    "a body that is no UTF-8": before(() => ({ body: Buffer.from([123, 34, 97, 34, 58, 34, 0xff, 0xfe, 34, 125]) })),
    "a body with a mark before it": before(() => ({ body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(JSON.stringify(EXPORT))]) })),
    "a body that breaks off": after(() => ({ body: stream((controller) => controller.error(new Error("broken"))) })),
  }),
];

const signedAsItStands = ({ method, url }) => {
  // Without HubSpot's decoding: what signatureOf() would decode is hidden from it.
  const [base, tail] = url.split("?");
  return hosted({ method, path: base.slice(ORIGIN.length), query: tail.replaceAll("%40", "%\u200040") }).headers["x-hubspot-signature-v3"];
};

/** A call as it passes, or as an attack changes it. */
function callOf({ good, before = () => ({}), after = () => ({}) }, world) {
  const first = good.call(world);
  const made = good.kind({ ...first, ...before(first, world) });
  return { ...made, ...after(made) };
}

test("there are attacks enough, each by its own name", () => {
  assert(ATTACKS.length >= 60, `${ATTACKS.length} attacks`);
  assert.equal(new Set(ATTACKS.map(({ name }) => name)).size, ATTACKS.length);
});

for (const { name, good, status, why, proxy, alone, ...changes } of ATTACKS) {
  test(`refused with ${status}: ${name}`, async () => {
    if (!alone) {
      const fine = world({ proxy: settings(good) });
      const { status: passed, text } = await answerTo(fine.proxy, callOf({ good }, fine));
      assert(passed === 200 || passed === 202, `the call that it is made of passes: ${text}`);
      assert.equal(fine.sent.length, 1);
    }
    const hostile = world({ proxy: { ...settings(good), ...proxy } });
    const answer = await answerTo(hostile.proxy, callOf({ good, ...changes }, hostile));
    if (answer.text !== "") assertRefused(answer, status, why);
    assert.equal(answer.status, status);
    assert.deepEqual(hostile.sent, [], "nothing reached HubSpot");
  });
}
