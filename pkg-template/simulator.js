/**
 * A simulator of HubSpot's asynchronous task API: a `fetch` that answers as HubSpot does.
 *
 * It simulates the status calls of the four families of task (file import, folder update, CRM export, source-code
 * extract) in `v3` and in every dated version, on the real clock or on a given one, with faults on demand, rate limits
 * and an export queue where asked for. It needs no port, imports nothing, draws nothing but from a seed, and shares no
 * code with the client that it tests.
 *
 * @example
 * const simulator = createSimulator();
 * const taskId = simulator.addTask("export", { pendingMs: 2_000, processingMs: 5_000 });
 * simulator.script([faults.rateLimited(), "network-error"]);
 * const client = new HubSpotTasks({ fetch: simulator.fetch });
 *
 * @module
 */

const JSON_TYPE = "application/json;charset=utf-8";
const HTML_TYPE = "text/html;charset=utf-8";

/** Statuses whose answer has no body: `new Response` refuses even an empty string for them. */
const BODILESS = [204, 205, 304];

// ---------------------------------------------------------------------------------------------------------------
// The families of task

/** The two styles of version: `v3`, and a date in March or September. The version stands at different places. */
const VERSION_STYLES = { v3: "v3", dated: "\\d{4}-0[39]" };

const INT32_MAX = 2147483647n;
const INT64_MAX = 9223372036854775807n;

const isInteger = (highest) => (id) => /^\d+$/.test(id) && BigInt(id) <= highest;

/**
 * What sets the families apart.
 * - `paths`: where a task is started; its status is at `/tasks/{taskId}/status` below
 * - `scopes`: any one of them is enough
 * - `decodes`: whether HubSpot can read such an id at all; 400 otherwise
 * - `unknown`: the answer to an id that can be read but belongs to no task
 * - `numbered`: ids are decimal numbers; otherwise opaque strings
 * - `body`: which optional fields the status has
 */
const FAMILIES = {
  fileImport: {
    paths: {
      v3: "/files/{version}/files/import-from-url/async",
      dated: "/files/{version}/files/import-from-url/async",
    },
    scopes: ["files", "files.read", "files.ui_hidden.read"],
    decodes: () => true,
    undecodable: "Provided ID could not be decoded.",
    unknown: { status: 404, message: () => "resource not found" },
    numbered: false,
    body: { taskId: true, errors: true, result: fileResult },
  },
  folderUpdate: {
    paths: {
      v3: "/files/{version}/folders/update/async",
      dated: "/files/{version}/folders/update/async",
    },
    scopes: ["files", "files.write", "files.ui_hidden.write"],
    decodes: (id) => !/^\d+$/.test(id), // a plain number is what HubSpot was seen to refuse
    undecodable: "Provided ID could not be decoded.",
    unknown: { status: 404, message: () => "resource not found" },
    numbered: false,
    body: { taskId: true, errors: true, result: folderResult },
  },
  export: {
    paths: {
      v3: "/crm/{version}/exports/export/async",
      dated: "/crm/exports/{version}/export/async",
    },
    scopes: ["crm.export"],
    decodes: isInteger(INT64_MAX),
    undecodable: "Unable to parse value for path parameter: taskId",
    unknown: { status: 403, message: (id) => `Permission to get export file cannot be granted for exportId ${id}` },
    numbered: true,
    body: { taskId: false, errors: true, result: exportResult },
  },
  sourceCodeExtract: {
    paths: {
      v3: "/cms/{version}/source-code/extract/async",
      dated: "/cms/source-code/{version}/extract/async",
    },
    scopes: ["content"],
    decodes: isInteger(INT32_MAX),
    undecodable: "Unable to parse value for path parameter: taskId",
    unknown: { status: 404, message: () => "resource not found" },
    numbered: true,
    body: { taskId: false, errors: false, result: undefined },
  },
};

const ROUTES = Object.entries(FAMILIES).flatMap(([family, { paths }]) =>
  Object.entries(VERSION_STYLES).map(([style, version]) => ({
    family,
    pattern: new RegExp(`^${paths[style].replace("{version}", `(${version})`)}/tasks/([^/]+)/status$`),
  })),
);

/** How a task may end. HubSpot has no status FAILED: a failed task is COMPLETE, with errors and without a result. */
const OUTCOMES = {
  succeeded: { status: "COMPLETE", errors: false, result: true },
  succeededWithErrors: { status: "COMPLETE", errors: true, result: true },
  failed: { status: "COMPLETE", errors: true, result: false },
  canceled: { status: "CANCELED", errors: false, result: false },
};

/** The outcomes that random tasks have in one of twenty cases each; in all others they succeed. */
const RARE_OUTCOMES = ["succeededWithErrors", "failed", "canceled"];

/** The median of the two durations of random tasks. */
const MEDIAN_MS = 20_000;

function fileResult({ serial, version, completedAt }) {
  return {
    id: String(90151673000 + serial),
    ...(version === "v3" && { access: "PUBLIC_INDEXABLE" }), // required in v3 alone
    archived: false,
    createdAt: isoDate(completedAt),
    updatedAt: isoDate(completedAt),
    defaultHostingUrl: `https://files.hubspot.example/hubfs/imported/picture-${serial}.png`,
    encoding: "png",
    expiresAt: completedAt + 365 * DAY_MS, // a number, unlike the other dates
    extension: "png",
    fileMd5: uuid(serial).replaceAll("-", ""),
    height: 600,
    width: 800,
    isUsableInContent: true,
    name: `picture-${serial}`,
    parentFolderId: "90151672001",
    path: `/imported/picture-${serial}.png`,
    size: 48213,
    sourceGroup: "CONTENT",
    type: "IMG",
    url: `https://files.hubspot.example/hubfs/imported/picture-${serial}.png`,
  };
}

function folderResult({ serial, completedAt }) {
  return {
    id: String(90151672000 + serial),
    archived: false,
    createdAt: isoDate(completedAt - DAY_MS),
    updatedAt: isoDate(completedAt),
    name: `folder-${serial}`,
    parentFolderId: "90151672001",
    path: `/imported/folder-${serial}`,
  };
}

function exportResult({ id, newUuid }) {
  return `https://exports.hubspot.example/crm/${id}/export.csv?signature=${newUuid()}`;
}

function standardError(newUuid) {
  return {
    status: "error",
    id: newUuid(),
    category: "VALIDATION_ERROR",
    subCategory: {},
    message: "One of the items could not be processed.",
    context: { id: ["1"] },
    errors: [{ message: "The item is not valid.", code: "INVALID_ITEM", in: "items", context: { id: ["1"] } }],
    links: {},
  };
}

// ---------------------------------------------------------------------------------------------------------------
// Faults

const unauthorized = {
  message:
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details " +
    "at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
  category: "INVALID_AUTHENTICATION",
};

const missingScopes = (scopes) => ({
  message:
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: " +
    "https://developers.hubspot.com/scopes.",
  category: "MISSING_SCOPES",
  context: { requiredGranularScopes: scopes },
  errors: [
    { message: "One or more of the following scopes are required.", context: { requiredGranularScopes: scopes } },
  ],
  links: { scopes: "https://developers.hubspot.com/scopes" },
});

/** A 429 has no category. */
const rateLimit = (policyName) => ({
  message: `You have reached your ${policyName.toLowerCase()} limit.`,
  errorType: "RATE_LIMIT",
  policyName,
});

/** One of the documented sets of limits. */
const DOCUMENTED_LIMITS = { requests: 190, perMs: 10_000, daily: 625_000 };

/** The headers of an answer given under such limits; as for OAuth, none of the day's where no daily limit is given. */
const rateLimitHeaders = (remaining, dailyRemaining, { requests, perMs, daily } = DOCUMENTED_LIMITS) => ({
  "x-hubspot-ratelimit-max": String(requests),
  "x-hubspot-ratelimit-remaining": String(remaining),
  "x-hubspot-ratelimit-interval-milliseconds": String(perMs),
  ...(daily !== undefined && {
    "x-hubspot-ratelimit-daily": String(daily),
    "x-hubspot-ratelimit-daily-remaining": String(dailyRemaining),
  }),
});

const page = (title) =>
  `<html>\n<head><meta http-equiv="Content-Type" content="${HTML_TYPE}"/><title>${title}</title></head>\n` +
  `<body><h2>${title}</h2></body>\n</html>\n`;

/** One fault: what is typical of it, then what the caller asks for. */
function fault(status, contentType, body, { retryAfter, headers, latencyMs } = {}, ownHeaders = {}) {
  return {
    status,
    headers: {
      ...(contentType && { "content-type": contentType }),
      ...ownHeaders,
      ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
      ...lowerCased(headers ?? {}),
    },
    body,
    ...(latencyMs !== undefined && { latencyMs }),
  };
}

const jsonFault = (status, fields, options, ownHeaders) =>
  fault(status, JSON_TYPE, { status: "error", correlationId: uuid(status), ...fields }, options, ownHeaders);

const htmlFault = (status, title, options, ownHeaders) => fault(status, HTML_TYPE, page(title), options, ownHeaders);

/**
 * Ready-made faults for {@link Simulator.script}. Each is a function that gives a new plain answer object. All take
 * the same options, each optional: `retryAfter` (seconds, or an HTTP date: the `Retry-After` header), `latencyMs`
 * (milliseconds), `headers` (added; `null` leaves a default header out).
 *
 * - `unauthorized` 401; `forbidden` 403 MISSING_SCOPES (`scopes`: the scopes it asks for)
 * - `notFoundHtml` 404 as for an unknown route; `locked` 423
 * - `rateLimited` 429 TEN_SECONDLY_ROLLING without a category; `rateLimitedDaily` 429 DAILY
 * - `migrating` 477 (`retryAfter` is 3600 seconds unless given)
 * - `serverError` 500, in JSON; `badGateway` 502, `unavailable` 503, `gatewayTimeout` 504, in HTML
 * - `html` 200 with a page; `truncated` 200 with half a JSON text; `empty` 202 without a body
 * - `redirect` 302 (`location`: where to)
 */
export const faults = {
  unauthorized: (options) => jsonFault(401, unauthorized, options),
  forbidden: (options) => jsonFault(403, missingScopes(options?.scopes ?? ["files"]), options),
  notFoundHtml: (options) => htmlFault(404, "Error 404 Not Found", options),
  locked: (options) => jsonFault(423, { message: "The resource is locked." }, options),
  rateLimited: (options) => jsonFault(429, rateLimit("TEN_SECONDLY_ROLLING"), options, rateLimitHeaders(0, 312_400)),
  rateLimitedDaily: (options) => jsonFault(429, rateLimit("DAILY"), options, rateLimitHeaders(189, 0)),
  migrating: (options) =>
    jsonFault(477, { message: "The account is being migrated." }, { retryAfter: 3600, ...options }),
  serverError: (options) => jsonFault(500, { message: "internal error" }, options),
  badGateway: (options) => htmlFault(502, "502 Bad Gateway", options),
  unavailable: (options) => htmlFault(503, "503 Service Unavailable", options),
  gatewayTimeout: (options) => htmlFault(504, "504 Gateway Time-out", options),
  html: (options) => htmlFault(200, "Sign in", options),
  truncated: (options) => fault(200, JSON_TYPE, '{"status":"PROCESSING","requestedAt":"2026-0', options),
  empty: (options) => fault(202, undefined, "", options),
  redirect: (options) =>
    fault(302, undefined, "", options, { location: options?.location ?? "https://app.hubspot.com/login" }),
};

// ---------------------------------------------------------------------------------------------------------------
// The simulator

/** The host's clock, looked up at each call so that a test's fake timers are used. */
const hostClock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => globalThis.clearTimeout(handle),
};

const EXPOSED_HEADERS = ["date", "retry-after", ...Object.keys(rateLimitHeaders(0, 0))].join(", ");

/** @typedef {import("./simulator.d.ts").Simulator} Simulator */

/**
 * Makes a simulator: an account at HubSpot of its own, with no task yet.
 *
 * It has `fetch`, `addTask`, `addRandomTask` and `script` (documented at each below), and these, of which the last
 * three may be changed at any time:
 * - `requests`: every request in order, `{ at, method, url, path, headers, status, taskId?, family? }`; headers are in
 *   lower case and hold the token; `status` is a number, "network-error", "aborted", "hang" while it hangs, and
 *   undefined while the answer is under way. A request whose signal had aborted before is never sent.
 * - `tokens`, `scopes`, `latencyMs`: as in the options
 *
 * @param {import("./simulator.d.ts").SimulatorOptions} [options]
 * - `clock`: `{ now(), setTimeout(callback, milliseconds), clearTimeout(handle) }`, `now` in milliseconds since the
 *   epoch; the host's unless given
 * - `latencyMs`: milliseconds from a request to its answer; 0, the default, needs no timer
 * - `tokens`: the bearer tokens that are accepted, others get 401; unless given, any token or none
 * - `scopes`: the scopes of the token; a family that needs others gets 403; unless given, all
 * - `cors`: "none", the default, as HubSpot: no CORS headers. "open": any origin may ask and read, preflights are
 *   answered
 * - `baseUrl`: a path (or a URL with one) at which the API is accepted too, as behind a proxy
 * - `rateLimit`: `{ requests, perMs, daily? }`, the account's limits; unless given, none. In any `perMs` milliseconds
 *   `requests` are let through, and `daily` in a day (UTC); one beyond gets 429, TEN_SECONDLY_ROLLING or DAILY, counts
 *   towards neither limit, and leaves the script as it is. All others count, whatever they are answered, but for
 *   preflights. The answers' headers tell what remains
 * - `exportQueue`: whether one export runs at a time, in the order of adding, while the others stay PENDING; false
 *   unless given
 * - `seed`: a whole number, what `addRandomTask` draws from; 0 unless given
 * @returns {Simulator}
 * @throws {TypeError} for an option with a wrong value
 */
export function createSimulator(options = {}) {
  const clock = options.clock ?? hostClock;
  const cors = options.cors ?? "none";
  const prefix = options.baseUrl ? urlOf(options.baseUrl).pathname.replace(/\/$/, "") : "";
  const tasks = Object.fromEntries(Object.keys(FAMILIES).map((family) => [family, new Map()]));
  const scripted = []; // { answer, taskId }, the next one first
  const limiter = options.rateLimit === undefined ? undefined : rateLimiter(options.rateLimit);
  const exportQueue = options.exportQueue ?? false;
  const random = randomNumbers(requireWhole("seed", options.seed ?? 0));
  let serial = 0; // everything that must be new is made from it
  let exporterFreeAt = -Infinity; // when the export queue will be empty

  const isPreflight = (method) => method === "OPTIONS" && cors === "open";
  const newUuid = () => uuid(++serial);
  const refuse = (status, fields) => jsonFault(status, { ...fields, correlationId: newUuid() });

  /** What the path asks for: `{ family, version, taskId }`, taskId undefined where it cannot be decoded. */
  function routeOf(path) {
    const apiPath = prefix && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
    for (const { family, pattern } of ROUTES) {
      const match = pattern.exec(apiPath);
      if (match) return { family, version: match[1], taskId: percentDecoded(match[2]), apiPath };
    }
    return undefined;
  }

  /** The answer without any script, as of now. */
  function normalAnswer({ method, headers }, route) {
    if (isPreflight(method)) return preflight(headers);
    if (!route) return faults.notFoundHtml();
    if (method !== "GET") return htmlFault(405, "Error 405 Method Not Allowed", {}, { allow: "GET" });

    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
    const { tokens, scopes } = simulator;
    if (tokens && !tokens.includes(token)) return refuse(401, unauthorized);

    const family = FAMILIES[route.family];
    const allowed = !scopes || family.scopes.some((scope) => scopes.includes(scope));
    if (!allowed) return refuse(403, missingScopes(family.scopes));

    const task = tasks[route.family].get(route.taskId);
    if (task) return statusAnswer(task, family, route);
    const { taskId } = route;
    if (taskId === undefined || !family.decodes(taskId)) return refuse(400, { message: family.undecodable });
    return refuse(family.unknown.status, { message: family.unknown.message(taskId) });
  }

  /** The status of a task. JSON leaves out the fields that are undefined. */
  function statusAnswer(task, family, { version, apiPath }) {
    const now = clock.now();
    const { startedAt, completedAt } = task;
    const started = now >= startedAt;
    const over = now >= completedAt;
    const outcome = OUTCOMES[task.outcome];
    const hasErrors = over && family.body.errors;
    const result = () =>
      task.result === undefined
        ? family.body.result?.({ id: task.id, serial: task.serial, version, completedAt, newUuid })
        : task.result;
    return {
      status: over ? 200 : 202,
      headers: { "content-type": JSON_TYPE, ...(!limiter && rateLimitHeaders(189, 624_999)) },
      body: {
        taskId: family.body.taskId ? task.id : undefined,
        status: over ? outcome.status : started ? "PROCESSING" : "PENDING",
        requestedAt: isoDate(task.requestedAt),
        startedAt: started ? isoDate(startedAt) : undefined,
        completedAt: over ? isoDate(completedAt) : undefined,
        numErrors: hasErrors ? task.errors.length : undefined,
        errors: hasErrors ? task.errors : undefined,
        links: { status: `https://api-na1.hubspot.com${apiPath}` }, // another host than was asked, as HubSpot's are
        result: over && outcome.result ? result() : undefined,
        ...task.unknown,
      },
    };
  }

  /** The script's next answer for a request, if any. */
  function nextScripted(taskId) {
    const index = scripted.findIndex((entry) => entry.taskId === undefined || entry.taskId === taskId);
    return index < 0 ? {} : scripted.splice(index, 1)[0].answer;
  }

  /** Makes the response: the headers that all have, the answer's own, and its body as text. */
  function respond({ status, headers, body }, at, limitHeaders) {
    const all = {
      date: new Date(at).toUTCString(),
      ...(isObject(body) && { "content-type": JSON_TYPE }),
      ...(cors === "open" && { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED_HEADERS }),
      ...limitHeaders,
      ...headers,
    };
    const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
    return responseOf(status, sent, isObject(body) ? JSON.stringify(body) : (body ?? ""));
  }

  /**
   * Answers as the API does. A relative URL is accepted, a Request too, and the host is not looked at. Redirects are
   * not followed. Needs no `this`, and changes nothing that it is given.
   *
   * @param {string | URL | Request} input
   * @param {{ method?: string, headers?: object, signal?: AbortSignal }} [init]
   * @returns {Promise<Response>} The host's Response; `{ status, ok, headers: { get }, text(), json() }` where there is
   *   none. Rejects with the signal's reason when that aborts, and with a TypeError for a scripted network error and
   *   for a URL that cannot be read.
   */
  async function fetch(input, init) {
    const { url, method, headers, signal } = readRequest(input, init);
    if (signal?.aborted) throw abortReason(signal);

    const path = urlOf(url).pathname;
    const route = routeOf(path);
    const record = { at: clock.now(), method, url, path, headers, status: undefined };
    if (route) Object.assign(record, { taskId: route.taskId, family: route.family });
    simulator.requests.push(record);

    // The answer, its date included, is what is true when the request arrives: the latency comes after.
    const limit = isPreflight(method) ? {} : (limiter?.(record.at) ?? {});
    const next = isPreflight(method) || limit.exceeded ? {} : nextScripted(route?.taskId);
    const normal = () =>
      limit.exceeded ? refuse(429, rateLimit(limit.exceeded)) : normalAnswer({ method, headers }, route);
    const answer = isObject(next) ? completed(next, normal) : undefined;
    if (next === "hang") record.status = "hang";
    try {
      await pause(clock, next === "hang" ? Infinity : (next.latencyMs ?? simulator.latencyMs), signal);
    } catch (reason) {
      record.status = "aborted";
      throw reason;
    }
    if (next === "network-error") {
      record.status = "network-error";
      throw new TypeError("fetch failed");
    }
    record.status = answer.status;
    return respond(answer, record.at, limit.headers);
  }

  /**
   * Adds a task, requested now.
   *
   * @param {"fileImport" | "folderUpdate" | "export" | "sourceCodeExtract"} family
   * @param {import("./simulator.d.ts").SimulatedTask} [task]
   * - `id`: generated unless given, decimal digits for exports and extracts, an opaque string for the others
   * - `pendingMs`, `processingMs`: how long it is PENDING (in an export queue: at least), then PROCESSING, in
   *   milliseconds; 0 unless given, Infinity is allowed
   * - `outcome`: "succeeded" unless given, "succeededWithErrors", "failed" (COMPLETE with errors and no result),
   *   "canceled"
   * - `errors`: shown once the task is over; unless given, one where the outcome has errors
   * - `result`: as it is, null included; unless given, a real-looking one, for exports a new URL at each request
   * - `unknown`: fields added to every status; one of a known name takes its place
   * @returns {string} Its id.
   * @throws {TypeError} for a value that the family cannot have, and for an id that is taken
   */
  function addTask(family, task = {}) {
    const kind = requireOneOf("family", family, FAMILIES);
    const outcome = task.outcome ?? "succeeded";
    const { errors: hasErrors } = requireOneOf("outcome", outcome, OUTCOMES);
    const { body } = kind;
    if (!body.errors && (hasErrors || task.errors)) throw new TypeError(`a task of family ${family} has no errors`);
    if (!body.result && task.result !== undefined) throw new TypeError(`a task of family ${family} has no result`);

    const number = ++serial;
    const id = String(task.id ?? (kind.numbered ? 90151673 + number : uuid(number)));
    if (id === "" || (kind.numbered && !kind.decodes(id))) throw new TypeError(`no id of family ${family}: "${id}"`);
    if (tasks[family].has(id)) throw new TypeError(`there is a task of family ${family} with id ${id} already`);

    const pendingMs = requireDuration("pendingMs", task.pendingMs ?? 0);
    const processingMs = requireDuration("processingMs", task.processingMs ?? 0);
    const queued = exportQueue && family === "export";
    const requestedAt = clock.now();
    const startedAt = Math.max(requestedAt + pendingMs, queued ? exporterFreeAt : -Infinity);
    const completedAt = startedAt + processingMs;
    if (queued) exporterFreeAt = completedAt;

    tasks[family].set(id, {
      id,
      serial: number,
      requestedAt,
      startedAt,
      completedAt,
      outcome,
      errors: task.errors ?? (hasErrors ? [standardError(newUuid)] : []),
      result: task.result,
      unknown: task.unknown,
    });
    return id;
  }

  /**
   * Adds a task drawn from the seed, requested now: the same ones for the same seed and families, in order. How long it
   * is PENDING and PROCESSING is lognormal with a median of 20 seconds each. One of 20 each succeeds with errors, fails
   * (extracts do neither) and is canceled; the others succeed.
   *
   * @param {"fileImport" | "folderUpdate" | "export" | "sourceCodeExtract"} family
   * @returns {string} Its id.
   * @throws {TypeError} for an unknown family
   */
  function addRandomTask(family) {
    const { body } = requireOneOf("family", family, FAMILIES);
    const [pendingMs, processingMs] = normalPair(random).map((deviate) => Math.round(MEDIAN_MS * Math.exp(deviate)));
    const drawn = RARE_OUTCOMES[Math.floor(random() * 20)] ?? "succeeded";
    const outcome = OUTCOMES[drawn].errors && !body.errors ? "succeeded" : drawn;
    return addTask(family, { pendingMs, processingMs, outcome });
  }

  /**
   * Gives these answers, in order, to the next requests, before the normal behaviour resumes. Preflights take none, nor
   * do requests beyond the rate limit.
   *
   * @param {import("./simulator.d.ts").ScriptedAnswer | import("./simulator.d.ts").ScriptedAnswer[]} answers
   * - `{ status, headers?, body?, latencyMs? }`: an object as body is sent as JSON, a header of null is left out
   * - the same without `status`: the normal answer with these parts in place of its own; `{}` lets one request pass
   * - "network-error": fetch rejects, a server drops the connection
   * - "hang": no answer until the request is aborted
   * - one of the {@link faults}, called
   * @param {{ taskId?: string | number | bigint }} [options] `taskId`: only requests for this task take them.
   * @throws {TypeError} for what is no answer; then none of them is taken
   */
  function script(answers, { taskId } = {}) {
    const entries = [answers].flat().map((answer) => ({
      answer: requireAnswer(answer),
      taskId: taskId === undefined ? undefined : String(taskId),
    }));
    scripted.push(...entries);
  }

  requireOneOf("cors", cors, { none: true, open: true });
  const simulator = {
    fetch,
    addTask,
    addRandomTask,
    script,
    requests: [],
    tokens: options.tokens,
    scopes: options.scopes,
    latencyMs: requireDuration("latencyMs", options.latencyMs ?? 0),
  };
  return simulator;
}

/** A scripted answer; without a status it is the normal one with some parts replaced. */
function completed(script, normalAnswer) {
  const own = { ...script, headers: lowerCased(script.headers ?? {}) };
  if (script.status !== undefined) return own;
  const normal = normalAnswer();
  return { ...normal, ...own, status: normal.status, headers: { ...normal.headers, ...own.headers } };
}

const preflight = (headers) => ({
  status: 204,
  headers: {
    "access-control-allow-methods": "GET",
    "access-control-allow-headers": headers["access-control-request-headers"] ?? "authorization",
    "access-control-max-age": "600",
  },
});

/**
 * Counts requests, each by its time of arrival, in a sliding window and in a day. Gives the policy that a request has
 * `exceeded`, if any, and the headers of its answer. A refused request is not counted: asking on prolongs nothing.
 */
function rateLimiter({ requests, perMs, daily }) {
  const limits = {
    requests: requireWhole("rateLimit.requests", requests),
    perMs: requireWhole("rateLimit.perMs", perMs, 1),
    daily: daily === undefined ? undefined : requireWhole("rateLimit.daily", daily),
  };
  let arrivals = []; // of the requests let through that are still in the window
  let day;
  let today = 0; // requests let through on that day

  return (at) => {
    arrivals = arrivals.filter((arrival) => arrival > at - perMs);
    if (day !== Math.floor(at / DAY_MS)) [day, today] = [Math.floor(at / DAY_MS), 0];
    const exceeded = today >= daily ? "DAILY" : arrivals.length >= requests ? "TEN_SECONDLY_ROLLING" : undefined;
    if (!exceeded) {
      arrivals.push(at);
      today += 1;
    }
    return { exceeded, headers: rateLimitHeaders(requests - arrivals.length, daily - today, limits) };
  };
}

// ---------------------------------------------------------------------------------------------------------------
// Requests and responses

/** Reads the arguments of fetch: a URL and an init, or a Request. The signal stays the caller's. */
function readRequest(input, init) {
  const request = isObject(input) && "url" in input ? input : { url: String(input) };
  return {
    url: request.url,
    method: (init?.method ?? request.method ?? "GET").toUpperCase(),
    headers: lowerCased(init?.headers ?? request.headers ?? {}),
    signal: init?.signal ?? request.signal,
  };
}

/** Headers of any kind (a record, pairs, a Headers) as a record of lower-case names. */
function lowerCased(headers) {
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value === null ? null : String(value)]));
}

function responseOf(status, headers, text) {
  if (globalThis.Response) {
    return new globalThis.Response(BODILESS.includes(status) ? null : text, { status, headers });
  }
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    text: async () => text,
    json: async () => JSON.parse(text),
  };
}

/** Waits, without a timer for 0 and for good for Infinity. Rejects with the signal's reason when that aborts. */
function pause(clock, milliseconds, signal) {
  return new Promise((resolve, reject) => {
    let timer;
    const done = () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const abort = () => {
      signal.removeEventListener("abort", abort);
      if (timer !== undefined) clock.clearTimeout(timer);
      reject(abortReason(signal));
    };
    signal?.addEventListener("abort", abort);
    if (milliseconds === 0) Promise.resolve().then(done);
    else if (milliseconds !== Infinity) timer = clock.setTimeout(done, milliseconds);
  });
}

/** Older browsers' signals have no reason. */
function abortReason(signal) {
  if ("reason" in signal) return signal.reason;
  return Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
}

const urlOf = (url) => new URL(url, "http://simulator.invalid");

function percentDecoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Values

const isObject = (value) => typeof value === "object" && value !== null;

const DAY_MS = 86_400_000;

const isoDate = (milliseconds) => new Date(milliseconds).toISOString();

/** A UUID made from a number: the same for the same one, and unlike its neighbours (a multiplicative hash). */
function uuid(number) {
  const word = (index) => (Math.imul(number * 4 + index + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
  const hex = [0, 1, 2, 3].map(word).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Evenly spread numbers from 0 to below 1, the same for the same seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Two independent draws from the standard normal distribution (Box and Muller). */
function normalPair(random) {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  const angle = 2 * Math.PI * random();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

function requireOneOf(what, value, table) {
  if (Object.keys(table).includes(value)) return table[value];
  throw new TypeError(`${what} must be one of ${Object.keys(table).join(", ")}, not ${String(value)}`);
}

function requireDuration(what, value) {
  if (typeof value === "number" && value >= 0) return value;
  throw new TypeError(`${what} must be a number of milliseconds, not ${String(value)}`);
}

function requireWhole(what, value, least = 0) {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new TypeError(`${what} must be a whole number from ${least}, not ${String(value)}`);
}

function requireAnswer(answer) {
  const { status = 200 } = Object(answer);
  const inRange = Number.isInteger(status) && status >= 200 && status <= 599;
  if ((isObject(answer) && inRange) || answer === "network-error" || answer === "hang") return answer;
  const got = { function: "a function: call it", object: `status ${status}` }[typeof answer] ?? String(answer);
  throw new TypeError(`an answer is an object (status 200 to 599), "network-error" or "hang", not ${got}`);
}
