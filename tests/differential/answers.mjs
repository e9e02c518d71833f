// What the server says: stories of tasks, made from a seed. All answers are texts, as a server sends them.
import { START_MS } from "./world.mjs";

/** How long an answer takes: short and round, so that much happens at one instant; null: for ever. */
const LATENCIES = [
  [6, 0],
  [2, 1],
  [4, 100],
  [3, 250],
  [2, 500],
  [2, 1_000],
  [1, 3_000],
  [0.5, 12_000],
  [0.3, null],
];

const RESULTS = {
  fileImport: { id: "7", name: "a.csv", url: "https://files.example/a.csv" },
  folderUpdate: { id: "8", path: "/b" },
  export: "https://exports.example/c.csv",
  sourceCodeExtract: undefined,
};

const date = (ms) => new Date(START_MS + ms).toISOString();

/** A task's answers, in turn; the last one for ever. Where somebody gives tokens, some are refused. */
export function story(random, family, hasTokens) {
  const dates = {
    requestedAt: random.weighed([[2, undefined], [3, date(random.between(-60_000, 5_000))], [0.2, "yesterday"]]),
    startedAt: random.weighed([[2, undefined], [2, date(random.between(-20_000, 20_000))], [0.2, 17]]),
  };
  const running = (word) =>
    reply(random, 200 + random.of([0, 2]), { status: word, ...dates, ...(random.chance(0.3) && { numErrors: 0 }) });
  const faults = random.weighed([[4, 0], [3, 0.15], [2, 0.4], [1, 0.8]]);
  const steps = [
    ...random.list(0, 3, () => running("PENDING")),
    ...random.list(0, 5, () => random.weighed([[6, () => running("PROCESSING")], [1, () => running("PAUSED")], [2, () => empty(random)]])()),
  ];
  const fault = () => (hasTokens && random.chance(0.5) ? refused(random) : passing(random));
  const told = steps.flatMap((step) => [...(random.chance(faults) ? random.list(1, 3, fault) : []), step]);
  const begin = random.chance(0.15) ? random.list(2, 4, () => hopeless(random)) : [];
  return [...begin, ...told, ...end(random, family, dates)];
}

/** The answers of a set-up that does not work. */
export const hopelessStory = (random) => random.list(1, 4, () => hopeless(random));

/** What its details say, which a poll asks for that had no end for long. */
export const detailsStory = (random) =>
  random.list(1, 3, () => random.weighed([[6, () => details(random)], [1, () => empty(random)], [1, () => passing(random)]])());

/** What holds them up is told, or an end that the status has no word for; of the others nothing is. */
function details(random) {
  const exportState = random.weighed([[6, "PENDING_APPROVAL"], [2, "PROCESSING"], [1, "CONFLICT"], [1, "CANCELED"]]);
  return reply(random, 200, { id: "9", exportState, updatedAt: date(random.between(0, 60_000)) });
}

/** How it ends, if it does. */
function end(random, family, dates) {
  const completedAt = random.chance(0.7) ? date(random.between(0, 30_000)) : undefined;
  const over = (fields) => [reply(random, 200, { ...dates, completedAt, ...fields })];
  const result = RESULTS[family];
  return random.weighed([
    [8, () => over({ status: "COMPLETE", result })],
    [1, () => over({ status: "COMPLETE", result, numErrors: 2, errors: [{ message: "row 3 is odd" }] })],
    [1, () => over({ status: "COMPLETE", numErrors: 1, errors: [{ message: "no such file" }] })],
    [1, () => over({ status: "COMPLETE", ...(random.chance(0.5) && { result: null }) })],
    [1, () => over({ status: "CANCELED" })],
    [3, () => [reply(random, 200, { status: "PROCESSING", ...dates })]],
    [1, () => [empty(random)]],
    [1, () => [passing(random)]],
    [3, () => [hopeless(random)]],
    [2, () => errors(random)],
    [1, () => [refusal(random)]],
    // An end that is taken back, and one that changes.
    [0.5, () => [...over({ status: "COMPLETE", result }), reply(random, 200, { status: "PROCESSING" })]],
    [0.5, () => [...over({ status: "COMPLETE", result }), ...over({ status: "CANCELED" })]],
  ])();
}

const afterMs = (random) => random.weighed(LATENCIES);

function reply(random, status, body, headers = {}) {
  const about = random.chance(0.12) ? limits(random) : {};
  // On a 2xx, too: a floor for the next interval.
  const later = random.chance(0.03) ? retryAfter(random) : {};
  return {
    afterMs: afterMs(random),
    comes: {
      status,
      headers: { "content-type": "application/json", ...about, ...later, ...headers },
      dateAheadMs: random.weighed([[3, null], [3, 0], [1, -90_000], [1, 5_500], [0.3, 3_600_000]]),
      body: typeof body === "string" ? body : JSON.stringify(body),
    },
  };
}

const empty = (random) => reply(random, random.of([200, 202, 204]), random.of(["", "", " \n"]));

const limits = (random) => ({
  ...(random.chance(0.8) && { "x-hubspot-ratelimit-max": String(random.of([1, 3, 10, 100])) }),
  ...(random.chance(0.8) && { "x-hubspot-ratelimit-remaining": String(random.of([0, 1, 2, 50])) }),
  ...(random.chance(0.6) && { "x-hubspot-ratelimit-interval-milliseconds": String(random.of([1_000, 5_000, 10_000])) }),
});

const retryAfter = (random) => ({
  "retry-after": random.weighed([
    [6, String(random.of([0, 1, 2, 5, 20, 90]))],
    [2, new Date(START_MS + 1_000 * random.between(0, 60)).toUTCString()],
    [1, "soon"],
  ]),
});

/** What passes. */
function passing(random) {
  const wait = random.chance(0.5) ? retryAfter(random) : {};
  const error = (status, fields, headers = wait) =>
    reply(random, status, { status: "error", message: `no ${status}`, correlationId: "c-1", ...fields }, headers);
  return random.weighed([
    [3, () => error(random.of([500, 502, 503, 504]), {})],
    [1, () => error(423, {})],
    [1, () => error(408, {})],
    [3, () => error(477, {})],
    [2, () => error(429, { errorType: "RATE_LIMIT", policyName: "TEN_SECONDLY_ROLLING" })],
    [0.5, () => error(429, { errorType: "RATE_LIMIT", policyName: "DAILY" })],
    [0.5, () => error(429, {}, { ...wait, ...limits(random) })],
    [2, () => hopeless(random)],
  ])();
}

/** By another token it may be answered better. */
const refused = (random) => reply(random, 401, { status: "error", message: "expired", category: "EXPIRED_AUTHENTICATION" });

/** What brings nothing that can be read. */
const hopeless = (random) =>
  random.weighed([
    [3, () => ({ afterMs: afterMs(random), comes: { error: random.of(["TypeError: fetch failed", "connection reset"]) } })],
    [1, () => reply(random, 200, "<html><body>A page</body></html>", { "content-type": "text/html" })],
    [1, () => reply(random, 200, random.of(['{"status": "PROC', "[]", "null", '{"status": 3}', '"PENDING"']))],
  ])();

/** Errors that come as good answers, and that no code stands for: as many as it takes to be believed, or more. */
const errors = (random) => {
  const category = random.of([undefined, "SOMETHING_NEW"]);
  return random.list(2, 3, () => reply(random, 200, { status: "error", message: "a proxy's", category }));
};

/** What does not pass. */
const refusal = (random) =>
  random.weighed([
    [2, () => refused(random)],
    [1, () => reply(random, 403, { category: "MISSING_SCOPES", message: "scopes", context: { requiredGranularScopes: ["a.read", "b.read"] } })],
    [1, () => reply(random, 403, { category: "MISSING_SCOPES" })],
    [1, () => reply(random, 404, "<html>not here</html>")],
    [1, () => reply(random, random.of([302, 400, 410, 522, 525]), { message: "no", category: "VALIDATION_ERROR" })],
    [0.5, () => reply(random, 1_000, "")],
  ])();
