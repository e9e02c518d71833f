// Made of pkg-template/simulator.ts by scripts/wasm-simulator.mjs: not to be changed here.

// pkg-template/simulator/random.ts
function uuid(number) {
  const word = (index) => (Math.imul(number * 4 + index + 1, 2654435761) >>> 0).toString(16).padStart(8, "0");
  const hex = [0, 1, 2, 3].map(word).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = state + 1831565813 | 0;
    let bits = Math.imul(state ^ state >>> 15, state | 1);
    bits ^= bits + Math.imul(bits ^ bits >>> 7, bits | 61);
    return ((bits ^ bits >>> 14) >>> 0) / 2 ** 32;
  };
}
function normalPair(random) {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  const angle = 2 * Math.PI * random();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

// pkg-template/simulator/requests.ts
var isRequest = (input) => typeof input === "object" && "url" in input;
function readRequest(input, init) {
  const request = isRequest(input) ? input : { url: String(input) };
  return {
    url: request.url,
    method: (init?.method ?? request.method ?? "GET").toUpperCase(),
    headers: lowerCased(init?.headers ?? request.headers ?? {}),
    signal: init?.signal ?? request.signal ?? void 0
  };
}
function lowerCased(headers) {
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value === null ? null : String(value)]));
}
var urlOf = (url) => new URL(url, "http://simulator.invalid");
function percentDecoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return void 0;
  }
}
function pause(clock, milliseconds, signal) {
  return new Promise((resolve, reject) => {
    let timer;
    const done = () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const abort = () => {
      signal?.removeEventListener("abort", abort);
      if (timer !== void 0) clock.clearTimeout(timer);
      reject(abortReason(signal));
    };
    signal?.addEventListener("abort", abort);
    if (milliseconds === 0) void Promise.resolve().then(done);
    else if (milliseconds !== Infinity) timer = clock.setTimeout(done, milliseconds);
  });
}
function abortReason(signal) {
  if (signal && "reason" in signal) return signal.reason;
  return Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
}

// pkg-template/simulator/values.ts
var DAY_MS = 864e5;
var JSON_TYPE = "application/json;charset=utf-8";
var HTML_TYPE = "text/html;charset=utf-8";
var isObject = (value) => typeof value === "object" && value !== null;
var isoDate = (milliseconds) => new Date(milliseconds).toISOString();
function requireOneOf(what, name, table) {
  for (const [known, value] of Object.entries(table)) if (known === name) return value;
  throw new TypeError(`${what} must be one of ${Object.keys(table).join(", ")}, not ${String(name)}`);
}
function requireDuration(what, value) {
  if (typeof value === "number" && value >= 0) return value;
  throw new TypeError(`${what} must be a number of milliseconds, not ${String(value)}`);
}
function requireWhole(what, value, least = 0) {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
  throw new TypeError(`${what} must be a whole number from ${least}, not ${String(value)}`);
}

// pkg-template/simulator/families.ts
var VERSION_STYLES = { v3: "v3", dated: "\\d{4}-0[39]" };
var INT32_MAX = 2147483647n;
var INT64_MAX = 9223372036854775807n;
var isInteger = (highest) => (id) => /^\d+$/.test(id) && BigInt(id) <= highest;
var notFound = { status: 404, message: () => "resource not found" };
var FAMILIES = {
  fileImport: {
    paths: {
      v3: "/files/{version}/files/import-from-url/async",
      dated: "/files/{version}/files/import-from-url/async"
    },
    scopes: ["files", "files.read", "files.ui_hidden.read"],
    decodes: () => true,
    undecodable: "Provided ID could not be decoded.",
    unknown: notFound,
    isNumbered: false,
    body: { taskId: true, errors: true, result: fileResult }
  },
  folderUpdate: {
    paths: {
      v3: "/files/{version}/folders/update/async",
      dated: "/files/{version}/folders/update/async"
    },
    scopes: ["files", "files.write", "files.ui_hidden.write"],
    decodes: (id) => !/^\d+$/.test(id),
    // a plain number is what HubSpot was seen to refuse
    undecodable: "Provided ID could not be decoded.",
    unknown: notFound,
    isNumbered: false,
    body: { taskId: true, errors: true, result: folderResult }
  },
  export: {
    paths: {
      v3: "/crm/{version}/exports/export/async",
      dated: "/crm/exports/{version}/export/async"
    },
    scopes: ["crm.export"],
    decodes: isInteger(INT64_MAX),
    undecodable: "Unable to parse value for path parameter: taskId",
    unknown: { status: 403, message: (id) => `Permission to get export file cannot be granted for exportId ${id}` },
    isNumbered: true,
    body: { taskId: false, errors: true, result: exportResult }
  },
  sourceCodeExtract: {
    paths: {
      v3: "/cms/{version}/source-code/extract/async",
      dated: "/cms/source-code/{version}/extract/async"
    },
    scopes: ["content"],
    decodes: isInteger(INT32_MAX),
    undecodable: "Unable to parse value for path parameter: taskId",
    unknown: notFound,
    isNumbered: true,
    body: { taskId: false, errors: false, result: void 0 }
  }
};
var ROUTES = Object.keys(FAMILIES).flatMap(
  (family) => Object.keys(VERSION_STYLES).map((style) => {
    const path = FAMILIES[family].paths[style].replace("{version}", `(${VERSION_STYLES[style]})`);
    return { family, pattern: new RegExp(`^${path}/tasks/([^/]+)/status$`) };
  })
);
function routeOf(path, prefix) {
  const apiPath = prefix && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  for (const { family, pattern } of ROUTES) {
    const [, version, taskId] = pattern.exec(apiPath) ?? [];
    if (version !== void 0 && taskId !== void 0) return { family, version, taskId: percentDecoded(taskId), apiPath };
  }
  return void 0;
}
function fileResult({ serial, version, completedAt }) {
  return {
    id: String(90151673e3 + serial),
    ...version === "v3" && { access: "PUBLIC_INDEXABLE" },
    // required in v3 alone
    archived: false,
    createdAt: isoDate(completedAt),
    updatedAt: isoDate(completedAt),
    defaultHostingUrl: `https://files.hubspot.example/hubfs/imported/picture-${serial}.png`,
    encoding: "png",
    expiresAt: completedAt + 365 * DAY_MS,
    // a number, unlike the other dates
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
    url: `https://files.hubspot.example/hubfs/imported/picture-${serial}.png`
  };
}
function folderResult({ serial, completedAt }) {
  return {
    id: String(90151672e3 + serial),
    archived: false,
    createdAt: isoDate(completedAt - DAY_MS),
    updatedAt: isoDate(completedAt),
    name: `folder-${serial}`,
    parentFolderId: "90151672001",
    path: `/imported/folder-${serial}`
  };
}
function exportResult({ id, newUuid }) {
  return `https://exports.hubspot.example/crm/${id}/export.csv?signature=${newUuid()}`;
}

// pkg-template/simulator/rate-limit.ts
var DOCUMENTED_LIMITS = { requests: 190, perMs: 1e4, daily: 625e3 };
var rateLimitHeaders = (remaining, dailyRemaining, { requests, perMs, daily } = DOCUMENTED_LIMITS) => ({
  "x-hubspot-ratelimit-max": String(requests),
  "x-hubspot-ratelimit-remaining": String(remaining),
  "x-hubspot-ratelimit-interval-milliseconds": String(perMs),
  ...daily !== void 0 && {
    "x-hubspot-ratelimit-daily": String(daily),
    "x-hubspot-ratelimit-daily-remaining": String(dailyRemaining)
  }
});
function rateLimiter(given) {
  const limits = {
    requests: requireWhole("rateLimit.requests", given.requests),
    perMs: requireWhole("rateLimit.perMs", given.perMs, 1),
    daily: given.daily === void 0 ? void 0 : requireWhole("rateLimit.daily", given.daily)
  };
  const { requests, perMs, daily = Infinity } = limits;
  const windowBegins = requireOneOf("rateLimit.window", given.window ?? "sliding", {
    sliding: (at) => at - perMs,
    // Such a window holds its first instant, and not its last.
    fixed: (at) => Math.floor(at / perMs) * perMs - 1
  });
  let arrivals = [];
  let day;
  let today = 0;
  return (at) => {
    arrivals = arrivals.filter((arrival) => arrival > windowBegins(at));
    if (day !== Math.floor(at / DAY_MS)) [day, today] = [Math.floor(at / DAY_MS), 0];
    const exceeded = today >= daily ? "DAILY" : arrivals.length >= requests ? "TEN_SECONDLY_ROLLING" : void 0;
    if (!exceeded) {
      arrivals.push(at);
      today += 1;
    }
    return { exceeded, headers: rateLimitHeaders(requests - arrivals.length, daily - today, limits) };
  };
}

// pkg-template/simulator/faults.ts
var faults = {
  unauthorized: (options) => jsonFault(401, unauthorized, options),
  forbidden: (options) => {
    const scopes = options?.scopes;
    if (scopes) return jsonFault(403, missingScopes(scopes), options);
    const body = (family = "fileImport") => jsonBody(403, missingScopes(FAMILIES[family].scopes));
    return { ...jsonFault(403, {}, options), body };
  },
  notFound: (options) => jsonFault(404, { message: "resource not found" }, options),
  unknownExport: (options) => jsonFault(403, { message: "Permission to get export file cannot be granted for this exportId" }, options),
  notFoundHtml: (options) => htmlFault(404, "Error 404 Not Found", options),
  locked: (options) => jsonFault(423, { message: "The resource is locked." }, options),
  rateLimited: (options) => jsonFault(429, rateLimit("TEN_SECONDLY_ROLLING"), options, rateLimitHeaders(0, 312400)),
  rateLimitedDaily: (options) => jsonFault(429, rateLimit("DAILY"), options, rateLimitHeaders(189, 0)),
  limitReached: (options) => {
    const errorType = options?.errorType ?? "FREE_PORTAL_IMPORT_ROWS_LIMIT";
    return jsonFault(429, { message: "You have reached a limit of your account.", errorType }, options);
  },
  migrating: (options) => jsonFault(477, { message: "The account is being migrated." }, { retryAfter: 3600, ...options }),
  serverError: (options) => jsonFault(500, { message: "internal error" }, options),
  badGateway: (options) => htmlFault(502, "502 Bad Gateway", options),
  unavailable: (options) => htmlFault(503, "503 Service Unavailable", options),
  gatewayTimeout: (options) => htmlFault(504, "504 Gateway Time-out", options),
  httpError: (options) => {
    const status = options?.status ?? 521;
    return htmlFault(status, `Error ${status}`, options);
  },
  errorBody: (options) => {
    const category = options?.category ?? "EXPIRED_AUTHENTICATION";
    return fault(200, JSON_TYPE, jsonBody(200, { message: "The request was refused.", category }), options);
  },
  enveloped: (options) => {
    const { status = 200, body: inner } = options?.answer ?? {};
    const body = (family, usual) => {
      const content = options?.answer ? typeof inner === "function" ? inner(family, usual) : inner : usual();
      return envelope(status, content);
    };
    return { ...fault(200, JSON_TYPE, "", options), body };
  },
  html: (options) => htmlFault(200, "Sign in", options),
  truncated: (options) => fault(200, JSON_TYPE, '{"status":"PROCESSING","requestedAt":"2026-0', options),
  empty: (options) => fault(202, void 0, "", options),
  doubled: (options) => ({
    ...change(options),
    body: (_, usual) => {
      const body = usual() ?? "";
      return (typeof body === "object" ? JSON.stringify(body) : body).repeat(2);
    }
  }),
  dropped: (options) => ({ ...change(options), breaks: { how: "drop", after: options?.after } }),
  stalled: (options) => ({ ...change(options), breaks: { how: "stall", after: options?.after } }),
  backwards: (options) => {
    const body = (_, usual) => {
      const { taskId, requestedAt, links } = Object(usual());
      return { taskId, status: "PENDING", requestedAt, links };
    };
    return { ...fault(202, JSON_TYPE, "", options), body };
  },
  redirect: (options) => fault(302, void 0, "", options, { location: options?.location ?? "https://app.hubspot.com/login" })
};
var unauthorized = {
  message: "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
  category: "INVALID_AUTHENTICATION"
};
var missingScopes = (scopes) => ({
  message: "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
  category: "MISSING_SCOPES",
  context: { requiredGranularScopes: scopes },
  errors: [
    { message: "One or more of the following scopes are required.", context: { requiredGranularScopes: scopes } }
  ],
  links: { scopes: "https://developers.hubspot.com/scopes" }
});
var rateLimit = (policyName) => ({
  message: `You have reached your ${policyName.toLowerCase()} limit.`,
  errorType: "RATE_LIMIT",
  policyName
});
function envelope(status, body) {
  if (status < 300) return { status: "success", responseBody: body };
  return {
    status: "error",
    category: "BAD_GATEWAY",
    message: "The upstream service refused the request.",
    context: { appServerStatusCode: [String(status)] },
    responseBody: typeof body === "object" ? JSON.stringify(body) : body
  };
}
var page = (title) => `<html>
<head><meta http-equiv="Content-Type" content="${HTML_TYPE}"/><title>${title}</title></head>
<body><h2>${title}</h2></body>
</html>
`;
function change({ retryAfter, headers, latencyMs } = {}, ownHeaders = {}) {
  return {
    headers: {
      ...ownHeaders,
      ...retryAfter !== void 0 && { "retry-after": String(retryAfter) },
      ...lowerCased(headers ?? {})
    },
    ...latencyMs !== void 0 && { latencyMs }
  };
}
function fault(status, contentType, body, options, ownHeaders = {}) {
  return { status, ...change(options, { ...contentType && { "content-type": contentType }, ...ownHeaders }), body };
}
var jsonFault = (status, fields, options, ownHeaders) => fault(status, JSON_TYPE, jsonBody(status, fields), options, ownHeaders);
var jsonBody = (status, fields) => ({ status: "error", correlationId: uuid(status), ...fields });
var htmlFault = (status, title, options, ownHeaders) => fault(status, HTML_TYPE, page(title), options, ownHeaders);

// pkg-template/simulator/serve.ts
function serveSimulator(_simulator, _options = {}) {
  return Promise.reject(new Error("serveSimulator works in Node alone: elsewhere give the client simulator.fetch"));
}

// pkg-template/simulator/tasks.ts
var OUTCOMES = {
  succeeded: { status: "COMPLETE", errors: false, result: true },
  succeededWithErrors: { status: "COMPLETE", errors: true, result: true },
  failed: { status: "COMPLETE", errors: true, result: false },
  canceled: { status: "CANCELED", errors: false, result: false }
};
var RARE_OUTCOMES = ["succeededWithErrors", "failed", "canceled"];
var FIRST_ID = 90151673;
var IDS = 2e9;
var MEDIAN_MS = 2e4;
var Tasks = class {
  constructor(options) {
    this.#tasks = {
      fileImport: /* @__PURE__ */ new Map(),
      folderUpdate: /* @__PURE__ */ new Map(),
      export: /* @__PURE__ */ new Map(),
      sourceCodeExtract: /* @__PURE__ */ new Map()
    };
    /** When the export queue will be empty. */
    this.#exporterFreeAt = -Infinity;
    this.newUuid = () => uuid(++this.#serial);
    this.#options = options;
    this.#random = randomNumbers(options.seed);
    this.#serial = options.firstSerial;
  }
  #options;
  #random;
  #tasks;
  /** Everything that must be new is made from it. */
  #serial;
  #exporterFreeAt;
  find({ family, taskId }) {
    return taskId === void 0 ? void 0 : this.#tasks[family].get(taskId);
  }
  /** Adds a task, requested now; gives its id. */
  add(family, task = {}) {
    const kind = requireOneOf("family", family, FAMILIES);
    const outcome = task.outcome ?? "succeeded";
    const { errors: hasErrors } = requireOneOf("outcome", outcome, OUTCOMES);
    const { body } = kind;
    if (!body.errors && (hasErrors || task.errors)) throw new TypeError(`a task of family ${family} has no errors`);
    if (!body.result && task.result !== void 0) throw new TypeError(`a task of family ${family} has no result`);
    const serial = ++this.#serial;
    const id = String(task.id ?? (kind.isNumbered ? FIRST_ID + serial % IDS : uuid(serial)));
    if (id === "" || kind.isNumbered && !kind.decodes(id)) throw new TypeError(`no id of family ${family}: "${id}"`);
    if (this.#tasks[family].has(id)) throw new TypeError(`there is a task of family ${family} with id ${id} already`);
    const times = this.#timesOf(family, task);
    const errors = task.errors ?? (hasErrors ? [standardError(this.newUuid)] : []);
    this.#tasks[family].set(id, { id, serial, ...times, outcome, errors, result: task.result, unknown: task.unknown });
    return id;
  }
  /** When a task that is added now runs. */
  #timesOf(family, task) {
    const pendingMs = requireDuration("pendingMs", task.pendingMs ?? 0);
    const processingMs = requireDuration("processingMs", task.processingMs ?? 0);
    const isQueued = this.#options.exportQueue && family === "export";
    const requestedAt = this.#options.now();
    const startedAt = Math.max(requestedAt + pendingMs, isQueued ? this.#exporterFreeAt : -Infinity);
    const completedAt = startedAt + processingMs;
    if (isQueued) this.#exporterFreeAt = completedAt;
    return { requestedAt, startedAt, completedAt };
  }
  /** Adds a task drawn from the seed, requested now; gives its id. */
  addRandom(family) {
    const { body } = requireOneOf("family", family, FAMILIES);
    const duration = (deviate) => Math.round(MEDIAN_MS * Math.exp(deviate));
    const [pending, processing] = normalPair(this.#random);
    const drawn = RARE_OUTCOMES[Math.floor(this.#random() * 20)] ?? "succeeded";
    const outcome = OUTCOMES[drawn].errors && !body.errors ? "succeeded" : drawn;
    return this.add(family, { pendingMs: duration(pending), processingMs: duration(processing), outcome });
  }
  /** What HubSpot shows of a task now. JSON leaves out the fields that are undefined. */
  statusOf(task, family, { version, apiPath }) {
    const now = this.#options.now();
    const { startedAt, completedAt } = task;
    const isStarted = now >= startedAt;
    const isOver = now >= completedAt;
    const outcome = OUTCOMES[task.outcome];
    const hasErrors = isOver && family.body.errors;
    const result = () => task.result === void 0 ? family.body.result?.({ id: task.id, serial: task.serial, version, completedAt, newUuid: this.newUuid }) : task.result;
    const body = {
      taskId: family.body.taskId ? task.id : void 0,
      status: isOver ? outcome.status : isStarted ? "PROCESSING" : "PENDING",
      requestedAt: isoDate(task.requestedAt),
      startedAt: isStarted ? isoDate(startedAt) : void 0,
      completedAt: isOver ? isoDate(completedAt) : void 0,
      numErrors: hasErrors ? task.errors.length : void 0,
      errors: hasErrors ? task.errors : void 0,
      links: { status: `https://api-na1.hubspot.com${apiPath}` },
      // another host than was asked, as HubSpot's are
      result: isOver && outcome.result ? result() : void 0,
      ...task.unknown
    };
    return { isOver, body };
  }
};
function standardError(newUuid) {
  return {
    status: "error",
    id: newUuid(),
    category: "VALIDATION_ERROR",
    subCategory: {},
    message: "One of the items could not be processed.",
    context: { id: ["1"] },
    errors: [{ message: "The item is not valid.", code: "INVALID_ITEM", in: "items", context: { id: ["1"] } }],
    links: {}
  };
}

// pkg-template/simulator/account.ts
var Account = class {
  #limits;
  constructor({ showsLimits, ...options }) {
    this.tasks = new Tasks(options);
    this.#limits = showsLimits ? rateLimitHeaders(189, 624999) : {};
  }
  refuse(status, fields) {
    return jsonFault(status, { ...fields, correlationId: this.tasks.newUuid() });
  }
  /** As of now. */
  answer({ method, headers }, route, { tokens, scopes }) {
    if (!route) return faults.notFoundHtml();
    if (method !== "GET") return htmlFault(405, "Error 405 Method Not Allowed", {}, { allow: "GET" });
    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
    if (tokens && (token === void 0 || !tokens.includes(token))) return this.refuse(401, unauthorized);
    const family = FAMILIES[route.family];
    const isAllowed = !scopes || family.scopes.some((scope) => scopes.includes(scope));
    if (!isAllowed) return this.refuse(403, missingScopes(family.scopes));
    const task = this.tasks.find(route);
    if (task) {
      const { isOver, body } = this.tasks.statusOf(task, family, route);
      return { status: isOver ? 200 : 202, headers: { "content-type": JSON_TYPE, ...this.#limits }, body };
    }
    const { taskId } = route;
    if (taskId === void 0 || !family.decodes(taskId)) return this.refuse(400, { message: family.undecodable });
    return this.refuse(family.unknown.status, { message: family.unknown.message(taskId) });
  }
};

// pkg-template/simulator/responses.ts
var BODILESS = [204, 205, 304];
function responseOf(status, headers, text, breaks) {
  if (globalThis.Response) {
    const body = breaks ? brokenStream(text, breaks) : text;
    return new globalThis.Response(BODILESS.includes(status) ? null : body, { status, headers });
  }
  const whole = () => breaks ? broken(breaks) : Promise.resolve(text);
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    text: whole,
    json: async () => JSON.parse(await whole())
  };
}
function broken({ how, signal }) {
  if (how === "drop") return Promise.reject(new TypeError("terminated"));
  return new Promise((_, reject) => {
    const abort = () => {
      signal?.removeEventListener("abort", abort);
      reject(abortReason(signal));
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort);
  });
}
function brokenStream(text, breaks) {
  const { after = Math.floor(text.length / 2) } = breaks;
  const parts = after > 0 ? [new TextEncoder().encode(text.slice(0, after))] : [];
  return new ReadableStream({
    async pull(stream) {
      const part = parts.shift();
      if (part) stream.enqueue(part);
      else await broken(breaks);
    }
  });
}

// pkg-template/simulator/script.ts
var Script = class {
  /** The next one first. */
  #entries = [];
  /** Adds answers for the requests of one task, or of any; none where one of them is no answer. */
  add(answers, { taskId } = {}) {
    const entries = [answers].flat().map((answer) => ({
      answer: requireAnswer(answer),
      taskId: taskId === void 0 ? void 0 : String(taskId)
    }));
    this.#entries.push(...entries);
  }
  /** The answer for a request: no changes to the usual one where there is none. */
  take(taskId) {
    const index = this.#entries.findIndex((entry2) => entry2.taskId === void 0 || entry2.taskId === taskId);
    const [entry] = index < 0 ? [] : this.#entries.splice(index, 1);
    return entry?.answer ?? {};
  }
};
function completed(script, family, usualAnswer) {
  const { status, body, ...parts } = script;
  const own = { ...parts, headers: lowerCased(script.headers ?? {}) };
  const bodyOf = (usual2) => "body" in script && { body: typeof body === "function" ? body(family, usual2) : body };
  if (status !== void 0) return { ...own, ...bodyOf(() => usualAnswer().body), status };
  const usual = usualAnswer();
  const replaced = bodyOf(() => usual.body);
  return { ...usual, ...own, ...replaced, status: usual.status, headers: { ...usual.headers, ...own.headers } };
}
function requireAnswer(answer) {
  const { status = 200 } = Object(answer);
  const isInRange = Number.isInteger(status) && status >= 200 && status <= 599;
  if (isObject(answer) && isInRange || answer === "network-error" || answer === "hang") return answer;
  const gots = { function: "a function: call it", object: `status ${status}` };
  const got = gots[typeof answer] ?? String(answer);
  throw new TypeError(`an answer is an object (status 200 to 599), "network-error" or "hang", not ${got}`);
}

// pkg-template/simulator/simulator.ts
var hostClock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => {
    globalThis.clearTimeout(handle);
  }
};
var EXPOSED_HEADERS = ["date", "retry-after", ...Object.keys(rateLimitHeaders(0, 0))].join(", ");
var OPEN_CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED_HEADERS };
var preflight = (headers) => ({
  status: 204,
  headers: {
    "access-control-allow-methods": "GET",
    "access-control-allow-headers": headers["access-control-request-headers"] ?? "authorization",
    "access-control-max-age": "600"
  }
});
var SERIALS = 1e5;
var SEEDS = 2e4;
var unseeded = 0;
function createSimulator(options = {}) {
  const clock = options.clock ?? hostClock;
  const cors = options.cors ?? "none";
  const prefix = options.baseUrl ? urlOf(options.baseUrl).pathname.replace(/\/$/, "") : "";
  const limiter = options.rateLimit === void 0 ? void 0 : rateLimiter(options.rateLimit);
  const seed = requireWhole("seed", options.seed ?? 0);
  const firstSerial = (options.seed === void 0 ? ++unseeded : seed) % SEEDS * SERIALS;
  requireOneOf("cors", cors, { none: true, open: true });
  const account = new Account({ now: () => clock.now(), exportQueue: options.exportQueue ?? false, seed, firstSerial, showsLimits: !limiter });
  const script = new Script();
  function respond({ status, headers, body, breaks }, at, limitHeaders, signal) {
    const all = {
      date: new Date(at).toUTCString(),
      ...isObject(body) && { "content-type": JSON_TYPE },
      ...cors === "open" && OPEN_CORS,
      ...limitHeaders,
      ...headers
    };
    const sent = Object.entries(all).filter((header) => header[1] !== null);
    const text = isObject(body) ? JSON.stringify(body) : body ?? "";
    return responseOf(status, Object.fromEntries(sent), text, breaks && { ...breaks, signal });
  }
  const fetch = async (input, init) => {
    const request = readRequest(input, init);
    const { url, method, headers, signal } = request;
    if (signal?.aborted) throw abortReason(signal);
    const path = urlOf(url).pathname;
    const route = routeOf(path, prefix);
    const at = clock.now();
    const record = { at, method, url, path, headers, status: void 0 };
    if (route) Object.assign(record, { taskId: route.taskId, family: route.family });
    simulator.requests.push(record);
    const isPreflight = method === "OPTIONS" && cors === "open";
    const limited = isPreflight ? {} : limiter?.(at) ?? {};
    const { exceeded } = limited;
    const usual = () => {
      if (isPreflight) return preflight(headers);
      return exceeded ? account.refuse(429, rateLimit(exceeded)) : account.answer(request, route, simulator);
    };
    const scripted = isPreflight || exceeded ? {} : script.take(route?.taskId);
    const answer = isObject(scripted) ? completed(scripted, route?.family, usual) : void 0;
    if (scripted === "hang") record.status = "hang";
    try {
      await pause(clock, scripted === "hang" ? Infinity : answer?.latencyMs ?? simulator.latencyMs, signal);
    } catch (reason) {
      record.status = "aborted";
      throw reason;
    }
    if (!answer) {
      record.status = "network-error";
      throw new TypeError("fetch failed");
    }
    record.status = answer.status;
    return respond(answer, at, limited.headers, signal);
  };
  const simulator = {
    fetch,
    addTask: (family, task) => account.tasks.add(family, task),
    addRandomTask: (family) => account.tasks.addRandom(family),
    script: (answers, options2) => {
      script.add(answers, options2);
    },
    requests: [],
    tokens: options.tokens,
    scopes: options.scopes,
    latencyMs: requireDuration("latencyMs", options.latencyMs ?? 0)
  };
  return simulator;
}
export {
  createSimulator,
  faults,
  serveSimulator
};
