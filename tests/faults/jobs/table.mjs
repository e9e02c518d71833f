// What goes wrong with a start, and on the way of a file; and what that means, by HTTP and by HubSpot's documentation.
//
// Of a start: `comes` gives the answer for the simulator's script, `isDone` says whether the task is started all the same, and
// `told` is what start() has to tell: a code, "started", "renews" where a 401 makes the client repeat it; undefined where it
// may be told in several ways.
// Of a file: `means` is
//   usual     the file comes all the same
//   passes    another attempt may do better
//   refused   another URL may do better
//   lasts     no attempt does
//   other     another version of the file comes
import { FAULTS, drawFault } from "../table.mjs";

const UNKNOWN = "UNKNOWN_OUTCOME";

/** Answers that do not tell whether it was carried out: each may come before the deed and after it. */
const DOUBTFUL = {
  "no connection, or a lost one": () => "network-error",
  "no answer at all": () => "hang",
  ...Object.fromEntries([408, 500, 502, 503, 504, 520, 521, 522, 524, 530].map((status) => [`HTTP ${status}`, (f) => f.httpError({ status })])),
  "503 with Retry-After": (f) => f.httpError({ status: 503, retryAfter: 2 }),
  "500 in JSON": (f) => f.serverError(),
  "429 of no rate": (f) => f.limitReached(),
  "200 in HTML": (f) => f.html(),
  "half a JSON text": (f) => f.truncated(),
  "JSON without an id": (f, random) => ({ status: 200, body: random.of(["{}", "[]", "null", '{"id":null}', '{"id":""}', '{"status":"PENDING"}']) }),
  "2xx without a body": (f) => f.empty(),
  "an error of no known category": (f) => f.errorBody({ category: "SOMETHING_ELSE" }),
  "an envelope around a 500": (f) => f.enveloped({ answer: f.serverError() }),
};

/** It is carried out, but its answer does not come whole. */
const TORN = {
  "dropped after the headers": (f) => f.dropped({ after: 0 }),
  "dropped within the body": (f) => f.dropped(),
  "cut within the body": (f) => f.cut(),
  "stalled within the body": (f) => f.stalled(),
  "a body twice": (f) => f.doubled(),
};


/** It is refused for certain. */
const REFUSED = {
  400: ["HTTP", (f) => f.httpError({ status: 400 })],
  403: ["FORBIDDEN", (f) => f.forbidden()],
  404: ["NOT_FOUND", (f) => f.notFound()],
  409: ["HTTP", (f) => f.httpError({ status: 409 })],
  423: ["HTTP", (f) => f.locked()],
  redirect: ["HTTP", (f) => f.redirect()],
  "200 with a missing scope": ["FORBIDDEN", (f) => f.errorBody({ category: "MISSING_SCOPES" })],
  429: ["RATE_LIMITED", (f) => f.rateLimited(), 10_000],
  "429 with Retry-After": ["RATE_LIMITED", (f) => f.rateLimited({ retryAfter: 3 }), 3_000],
  "429 of the day": ["RATE_LIMITED", (f) => f.rateLimitedDaily()],
  477: ["MIGRATING", (f) => f.migrating({ retryAfter: 20 }), 20_000],
};

const rows = (kinds, fields) => Object.entries(kinds).map(([name, comes]) => ({ name: `start: ${name}`, weight: 1, comes, ...fields }));

export const START_FAULTS = Object.freeze([
  ...rows(DOUBTFUL, { told: UNKNOWN, isDone: false }),
  ...rows(DOUBTFUL, { told: UNKNOWN, isDone: true }).map(({ name, comes, ...others }) => ({
    ...others,
    name: `${name}, carried out`,
    comes: (...of) => ({ carriedOut: comes(...of) }),
  })),
  ...rows(TORN, { told: UNKNOWN, isDone: true, weight: 2 }),
  { name: "start: an envelope around the usual", weight: 1, told: "started", isDone: true, comes: (f) => f.enveloped() },
  // It may take longer than a request may.
  { name: "start: slow", weight: 1, told: undefined, isDone: true, comes: (f) => f.slow({ bytesPerSecond: 1_000 }) },
  ...Object.entries(REFUSED).map(([name, [told, comes, lastsMs]]) => ({ name: `start: ${name}`, weight: 0.5, told, isDone: false, comes, lastsMs })),
  { name: "start: 401", weight: 5, told: "renews", isDone: false, comes: (f) => f.unauthorized() },
  { name: "start: 200 with an expired token", weight: 2, told: "renews", isDone: false, comes: (f) => f.errorBody() },
]);

export const drawStartFault = (random) => random.weighed(START_FAULTS.map((fault) => [fault.weight, fault]));

/** Of a request for a status, details or errors: what passes, or comes in another form. */
export const drawStatusFault = drawFault;
export const STATUS_FAULTS = FAULTS;

const bytesPerSecond = (random) => random.of([2_000, 20_000, 200_000]);

/** Each is given the simulator's faults, the dice, and whether a part is asked for. */
const FILE_PASSING = {
  "no connection": () => "unsent",
  "dropped before the headers": () => "network-error",
  "no answer at all": () => "hang",
  ...Object.fromEntries([408, 423, 500, 502, 503, 504].map((status) => [`HTTP ${status}`, (f) => f.httpError({ status })])),
  "429 with Retry-After": (f) => f.httpError({ status: 429, retryAfter: 5 }),
  "503 with Retry-After": (f) => f.httpError({ status: 503, retryAfter: 40 }),
  "dropped after the headers": (f) => f.dropped({ after: 0 }),
  "dropped early": (f, random) => f.dropped({ after: random.between(1, 70) }),
  dropped: (f, random) => f.dropped({ after: random.between(1, 5_000) }),
  "dropped in the middle": (f) => f.dropped(),
  "dropped without a version": (f) => f.dropped({ headers: { etag: null } }),
  "dropped with a weak version": (f) => f.dropped({ headers: { etag: 'W/"1"' } }),
  "dropped, of no known length": (f) => f.dropped({ headers: { "content-length": null } }),
  "dropped, compressed on the way": (f, random, isPart) =>
    isPart ? f.dropped() : f.dropped({ headers: { "content-encoding": "gzip", "content-length": "77" } }),
  cut: (f) => f.cut(),
  "cut early": (f, random) => f.cut({ after: random.between(0, 70) }),
  stalled: (f) => f.stalled(),
  "stalled early": (f, random) => f.stalled({ after: random.between(0, 70) }),
  "slow, then dropped": (f, random) => ({ ...f.dropped(), bytesPerSecond: bytesPerSecond(random) }),
  "another part than was asked for": (f, random, isPart) => (isPart ? { headers: { "content-range": "bytes 3-9/10" } } : f.dropped()),
  416: (f, random, isPart) => (isPart ? f.httpError({ status: 416 }) : f.dropped()),
};

const FILE_USUAL = {
  slow: (f, random) => f.slow({ bytesPerSecond: bytesPerSecond(random) }),
  "of no known length": () => ({ headers: { "content-length": null } }),
  "without a name": () => ({ headers: { "content-disposition": null } }),
};

const FILE_REFUSED = Object.fromEntries([403, 404, 410].map((status) => [`HTTP ${status}`, (f) => f.httpError({ status })]));

const FILE_LASTING = {
  "a page of HTML": (f) => f.html(),
  "429 for an hour": (f) => f.httpError({ status: 429, retryAfter: 3_600 }),
};

const fileRows = (kinds, means, weight) => Object.entries(kinds).map(([name, comes]) => ({ name: `file: ${name}`, means, weight, comes }));

/** What a server gives whose file is another one now. */
export const OTHER_FILE = new TextEncoder().encode(`Record ID,Email\n${"7,other@example.com\n".repeat(40)}`);
const other = () => ({ status: 200, body: OTHER_FILE, headers: { etag: '"other"', "content-type": "text/csv", "content-length": String(OTHER_FILE.length) } });

export const FILE_FAULTS = Object.freeze([
  ...fileRows(FILE_PASSING, "passes", 2),
  ...fileRows(FILE_USUAL, "usual", 3),
  ...fileRows(FILE_REFUSED, "refused", 0.5),
  ...fileRows(FILE_LASTING, "lasts", 0.3),
  ...fileRows({ "another one": other }, "other", 0.5),
]);

export const drawFileFault = (random) => random.weighed(FILE_FAULTS.map((fault) => [fault.weight, fault]));
