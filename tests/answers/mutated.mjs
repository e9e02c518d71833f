// Prints answers that were made from those of this folder by a seed, each with the package's reading:
// `node mutated.mjs SEED COUNT`. tests/answers.rs reads the same ones.
import { Random } from "../differential/random.mjs";
import { contentOf, readingOf, written } from "./reader.mjs";

const NOW_MS = 1_774_951_200_000;

/** What reads differently by agreement is left out here: see src/read/mod.rs. */
const TEXTS = [
  ...["", " ", "x", "0", "3", " 3 ", "-3", "3.5", "1e3", "true", "null", "a\nb", "ü😀", "\ufeff", "\u0085", "\u00a0"],
  ...["STARTED", "DEFERRED", "DONE", "FAILED", "REVERTED"],
  ...["PENDING", "PROCESSING", "COMPLETE", "CANCELED", "complete", "error", "success", "constructor"],
  ...["EXPIRED_AUTHENTICATION", "MISSING_SCOPES", "RATE_LIMITS", "VALIDATION_ERROR", "RATE_LIMIT", "DAILY", "SECONDLY"],
  ...["2026-03-31T09:58:02Z", "2026-03-31T09:58:02.123456+02:00", "2026-03-31 09:58", "2026-02-30T00:00:00Z", "1774951082000"],
  ...["Tue, 31 Mar 2026 10:00:30 GMT", "Tuesday, 31-Mar-26 10:00:30 GMT", "Tue Mar 31 10:00:30 2026", "Fri, 31 Mar 2026 10:00:30 GMT", "1970-01-01T00:00:00Z"],
  ...["{missingScopes=[a, b]}", "{missingScopes=[]", "requires any of [a]", "requires all of [ a ,, b] or [c]", "[a, b]"],
  ...["https://exports.example/1.csv?s=1", "see HTTP:\\/\\/x, and more", '{"result":"x"}', '"result', "<!doctype html>", "a-secret-token"],
  ...["a%2Dsecret%2dtoken", "A-SECRET-TOKEN", "a-secret\\u002dtoken", "k", "y".repeat(199), "😀".repeat(101), `${"z".repeat(195)}a-secret-token`],
];

const FIELDS = [
  ...["status", "requestedAt", "startedAt", "completedAt", "taskId", "numErrors", "errors", "links", "result", "category"],
  ...["message", "context", "correlationId", "policyName", "errorType", "responseBody", "missingScopes", "requiredGranularScopes"],
  ...["state", "metadata", "counters", "ERRORS", "createdAt", "metadata.counters.ERRORS"],
  ...["appServerStatusCode", "toString", "__proto__", "0", "other"],
];

const HEADERS = [
  ...["date", "retry-after", "content-type", "x-hubspot-ratelimit-max", "x-hubspot-ratelimit-remaining"],
  "x-hubspot-ratelimit-interval-milliseconds",
];

const STATUSES = [0, 200, 200, 200, 200, 202, 204, 299, 301, 400, 401, 403, 403, 404, 423, 429, 429, 477, 500, 503, 530, 999];

/** A value of any form. */
function odd(random, depth = 0) {
  const inner = () => odd(random, depth + 1);
  return random.weighed([
    [6, () => random.of(TEXTS)],
    [3, () => random.of([null, true, false, 0, 1, -1, 3, 0.5, 403, 1_774_951_082_000, 2 ** 53, 9e15])],
    [depth < 3 ? 2 : 0, () => random.list(0, 3, inner)],
    [depth < 3 ? 3 : 0, () => Object.fromEntries(random.list(0, 3, () => [random.of(FIELDS), inner()]))],
  ])();
}

/** All objects and lists within a value, itself included. */
function holders(value) {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(holders)];
}

/** Changes a parsed body in one place, or puts it into another one. */
function changed(random, body) {
  const places = holders(body);
  if (places.length === 0 || random.chance(0.1)) return random.of([odd(random), [body], { status: "success", responseBody: body }]);
  const place = random.of(places);
  const set = (name, value) => Object.defineProperty(place, name, { value, enumerable: true, writable: true, configurable: true });
  const names = Object.keys(place);
  random.weighed([
    [4, () => set(random.of(FIELDS), odd(random))],
    [4, () => names.length > 0 && set(random.of(names), odd(random))],
    [2, () => names.length > 0 && delete place[random.of(names)]],
    [1, () => set(random.of(FIELDS), structuredClone(random.of(places)))],
  ])();
  const error = (inner) => ({ status: "error", context: { appServerStatusCode: [odd(random)] }, category: "BAD_GATEWAY", responseBody: inner });
  return random.weighed([[20, () => body], [1, () => error(body)], [1, () => error(JSON.stringify(body))]])();
}

/** Changes a text in one place. */
function damaged(random, text) {
  const at = random.between(0, text.length);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  return random.weighed([
    [2, () => before],
    [2, () => before + random.of(['"', "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "0", "x"]) + after],
    [2, () => before + after.slice(1)],
    [2, () => random.of(["\ufeff", " ", "\n", ")]}',\n", "\u0085"]) + text],
    [1, () => text + random.of([" ", "\n", ",", "{}", "x"])],
    [1, () => text.replace("{", `{"${random.of(FIELDS)}":${JSON.stringify(odd(random))},`)],
    [1, () => JSON.stringify(text)],
  ])();
}

/** An answer of another one, changed in some places. */
function mutated(random, { family, response, secret }) {
  const given = { ...response, headers: { ...response.headers } };
  let known = secret;
  for (let left = random.between(1, 5); left > 0; left--) {
    random.weighed([
      [8, () => (given.body = json(given.body, (body) => changed(random, body)))],
      [2, () => (given.body = damaged(random, given.body))],
      [2, () => (given.headers[random.of(HEADERS)] = random.of(TEXTS))],
      [2, () => (given.status = random.of(STATUSES))],
      [1, () => (known = random.of([undefined, "a-secret-token", "k", "pat-na1-\"ß\\/"]))],
    ])();
  }
  return { family, response: given, ...(known !== undefined && { secret: known }) };
}

/** A body changed as what it says; as it is where it is no JSON. */
function json(text, change) {
  try {
    return JSON.stringify(change(JSON.parse(text))) ?? "";
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Half a surrogate pair is read differently by agreement, too. */
const isWellFormed = (text) => !/\p{Surrogate}/u.test(text) && !/\\u[dD][89a-fA-F]/.test(text);

const [seed, count] = process.argv.slice(2).map(Number);
const random = new Random(seed);
const bases = ["statuses", "imports", "bodies", "refusals", "headers"].flatMap((file) => contentOf(file).answers);
const answers = [];
while (answers.length < count) {
  const made = mutated(random, random.of(bases));
  if (!isWellFormed(made.response.body)) continue;
  const name = `${answers.length} of seed ${seed}: ${JSON.stringify(made.response)}`;
  answers.push({ name, ...made, expected: written(await readingOf(made.response, made, NOW_MS)) });
}
process.stdout.write(JSON.stringify({ nowMs: NOW_MS, answers }));
