// Each kind of fault: how it comes, and what it means by HubSpot's documentation (never by our own model).
//
// `comes` gives the answer for the simulator's script, or how fetch itself fails. `means`:
//   passes    the task is asked again, until an answer tells more
//   running   no fault: the task goes on
//   usual     no fault: the usual answer, in another form
//   renews    the token function is asked once more; no fault where it has a newer one
//   pauses    as passes, and the whole client waits for `lastsMs`; `code` where that is too long for a caller
//   stops     whoever waits for this task ends with `code`
// `weight` is how often it is drawn where it may come at any time; those without one stop a task, and come where the plan
// says so.

// What makes one fault: `f` is the simulator's faults, `random` the run's dice, `leak` gives a text with the run's secrets.

const html = (status) => (f) => f.httpError({ status });

/** When to come back: in each form and size that was seen, and in some that make no sense. */
const LATER = [0, 1, 3, 20, 3_600, "soon", "-5", "1e9", "Fri, 21 Aug 2026 10:00:30 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"];
const later = (status) => (f, random) => f.httpError({ status, retryAfter: random.of(LATER) });

const json = (status, fields) => ({ status, headers: { "content-type": "application/json" }, body: fields });

const PASSING = {
  ...Object.fromEntries([408, 500, 502, 503, 504, 520, 521, 523, 524].map((status) => [`HTTP ${status}`, html(status)])),
  "423 locked": (f) => f.locked(),
  ...Object.fromEntries([408, 423, 500, 503].map((status) => [`HTTP ${status} with Retry-After`, later(status)])),
  "500 in JSON": (f) => f.serverError(),
  "500 that shows secrets": (f, random, leak) => json(500, { status: "error", message: leak(random), category: leak(random) }),
  "200 in HTML": (f) => f.html(),
  "200 that shows secrets": (f, random, leak) => ({ status: 200, body: leak(random) }),
  "truncated JSON": (f) => f.truncated(),
  "a body twice": (f) => f.doubled(),
  "dropped after the headers": (f) => f.dropped({ after: 0 }),
  "dropped within the body": (f) => f.dropped(),
  "stalled after the headers": (f) => f.stalled({ after: 0 }),
  "stalled within the body": (f) => f.stalled(),
  "JSON that is no status": (f, random) => ({ status: 200, body: random.of(["[]", "null", "7", '"PENDING"', "{}", '{"status":3}']) }),
  "an envelope around a 503": (f) => f.enveloped({ answer: f.serverError() }),
  "an error of no known category": (f) => f.errorBody({ category: "SOMETHING_ELSE" }),
};

/** How fetch itself fails: before anything was sent, when it arrives, or never. */
const DROPPED = {
  "no connection": "unsent",
  "no connection, told with secrets": "unsent-leaking",
  "dropped before the headers": "network-error",
  "no answer at all": "hang",
};

const STOPS = {
  "400": ["HTTP", (f) => f.httpError({ status: 400 })],
  "403 with scopes": ["FORBIDDEN", (f) => f.forbidden()],
  "403 with scopes of its own": ["FORBIDDEN", (f) => f.forbidden({ scopes: ["a.read", "b.write"] })],
  "403 without a reason": ["FORBIDDEN", (f) => f.unknownExport()],
  "403 that shows secrets": ["FORBIDDEN", (f, random, leak) => json(403, { message: leak(random), category: "MISSING_SCOPES" })],
  "404 in JSON": ["NOT_FOUND", (f) => f.notFound()],
  "404 in HTML": ["NOT_FOUND", (f) => f.notFoundHtml()],
  "404 in an envelope": ["NOT_FOUND", (f) => f.enveloped({ answer: f.notFound() })],
  "403 in an envelope": ["FORBIDDEN", (f) => f.enveloped({ answer: f.forbidden() })],
  "200 with a missing scope": ["FORBIDDEN", (f) => f.errorBody({ category: "MISSING_SCOPES" })],
  redirect: ["HTTP", (f) => f.redirect()],
  "429 of no rate": ["HTTP", (f) => f.limitReached()],
  "429 of the day": ["RATE_LIMITED", (f) => f.rateLimitedDaily()],
  ...Object.fromEntries(
    [405, 410, 501, 505, 508, 511, 522, 525, 526, 530].map((status) => [`HTTP ${status}`, ["HTTP", (f) => f.httpError({ status })]]),
  ),
};

const row = (fields) => Object.freeze(fields);

export const FAULTS = Object.freeze([
  ...Object.entries(PASSING).map(([name, comes]) => row({ name, means: "passes", weight: 1, comes })),
  ...Object.entries(DROPPED).map(([name, how]) => row({ name, means: "passes", weight: 2, comes: () => how })),
  row({ name: "empty", means: "running", weight: 2, comes: (f) => f.empty() }),
  row({ name: "a status that goes back", means: "running", weight: 3, comes: (f) => f.backwards() }),
  row({ name: "2xx with Retry-After", means: "usual", weight: 1, comes: (_, random) => ({ headers: { "retry-after": String(random.of([1, 5, 30])) } }) }),
  row({ name: "an envelope around the usual", means: "usual", weight: 2, comes: (f) => f.enveloped() }),
  row({ name: "401", means: "renews", weight: 1, comes: (f) => f.unauthorized() }),
  row({ name: "200 with an expired token", means: "renews", weight: 1, comes: (f) => f.errorBody() }),
  row({ name: "429", means: "pauses", code: "RATE_LIMITED", lastsMs: 10_000, weight: 0.3, comes: (f) => f.rateLimited() }),
  row({ name: "429 with Retry-After", means: "pauses", code: "RATE_LIMITED", lastsMs: 7_000, weight: 0.3, comes: (f) => f.rateLimited({ retryAfter: 7 }) }),
  row({ name: "429 of the day with Retry-After", means: "pauses", code: "RATE_LIMITED", lastsMs: 900_000, weight: 0.03, comes: (f) => f.rateLimitedDaily({ retryAfter: 900 }) }),
  row({ name: "477", means: "pauses", code: "MIGRATING", lastsMs: 60_000, weight: 0.1, comes: (f) => f.migrating({ retryAfter: 60 }) }),
  row({ name: "477 of an hour", means: "pauses", code: "MIGRATING", lastsMs: 3_600_000, weight: 0.02, comes: (f) => f.migrating() }),
  ...Object.entries(STOPS).map(([name, [code, comes]]) => row({ name: `stop: ${name}`, means: "stops", code, comes })),
]);

/** What a task that vanishes gets, by its family. */
export const VANISHED = {
  name: "an id that vanishes",
  means: "stops",
  codeOf: (family) => (family === "export" ? "FORBIDDEN" : "NOT_FOUND"),
  comes: (f, family) => (family === "export" ? f.unknownExport() : f.notFound()),
};

/** 401 where nobody has another token. */
export const UNAUTHORIZED = { name: "stop: 401", means: "stops", code: "UNAUTHORIZED", comes: (f) => f.unauthorized() };

const WEIGHED = FAULTS.filter(({ weight }) => weight);
const STOPPING = [...FAULTS.filter(({ means }) => means === "stops")];

/** One that may come at any time; `renews` only where there is a token function. */
export const drawFault = (random, hasRefresh) =>
  random.weighed(WEIGHED.filter(({ means }) => hasRefresh || means !== "renews").map((fault) => [fault.weight, fault]));

export const drawStop = (random, hasRefresh) => random.of(hasRefresh ? STOPPING : [...STOPPING, UNAUTHORIZED]);
