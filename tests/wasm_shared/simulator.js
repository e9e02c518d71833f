// Made of pkg-template/simulator.ts by scripts/wasm-simulator.mjs: not to be changed here.

// pkg-template/simulator/clock.ts
var MOST_TIMERS = 1e5;
var TURNS = 10;
function createVirtualClock({ startMs = Date.UTC(2026, 0) } = {}) {
  let now = startMs;
  let handles = 0;
  const timers = /* @__PURE__ */ new Map();
  function ring(handle, { callback, at }) {
    if (!timers.delete(handle)) return;
    now = Math.max(now, at);
    callback();
  }
  async function ringNext(by) {
    let next;
    for (const entry of timers) if (!next || entry[1].at < next[1].at) next = entry;
    if (!next || next[1].at > by || next[1].at === Infinity) return false;
    ring(...next);
    await settled();
    return true;
  }
  async function ringWhile(isWanted, by) {
    await settled();
    for (let rung = 0; isWanted() && await ringNext(by); rung++) {
      if (rung >= MOST_TIMERS) throw new Error(`${MOST_TIMERS} timers rang, and there are more: it never ends`);
    }
  }
  return {
    now: () => now,
    setTimeout(callback, milliseconds) {
      const handle = ++handles;
      const timer = { callback, at: now + Math.max(milliseconds, 0) };
      timers.set(handle, timer);
      if (timer.at === now) {
        void nextTask().then(() => {
          ring(handle, timer);
        });
      }
      return handle;
    },
    clearTimeout(handle) {
      timers.delete(handle);
    },
    get timers() {
      return timers.size;
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      await ringWhile(() => true, end);
      now = Math.max(now, end);
    },
    runUntilIdle: () => ringWhile(() => true, Infinity),
    async run(promise) {
      const state = { isPending: true };
      const end = () => {
        state.isPending = false;
      };
      void Promise.resolve(promise).then(end, end);
      await ringWhile(() => state.isPending, Infinity);
      if (state.isPending) throw new Error("the promise is pending, and no timer is set: it never settles");
      return promise;
    }
  };
}
async function settled() {
  for (let turn = 0; turn < TURNS; turn++) await nextTask();
}
function nextTask() {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else if (typeof MessageChannel === "function") {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(void 0);
    } else setTimeout(resolve);
  });
}

// pkg-template/simulator/errors.ts
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
var limitReached = (errorType) => ({ message: "You have reached a limit of your account.", errorType });
var notFound = { message: "resource not found" };
var missingFields = (fields) => ({
  message: `Some required fields were not set: [${fields.join(", ")}]`,
  category: "VALIDATION_ERROR",
  errors: fields.map((field) => ({
    message: `${field} is required`,
    code: "REQUIRED_FIELD",
    in: field,
    context: { fields: [field] }
  }))
});
var unreadable = (why) => ({ message: `Invalid input: ${why}`, category: "VALIDATION_ERROR" });

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
var SERIALS = 1e5;
var SEEDS = 2e4;
var unseeded = 0;
var firstSerial = (seed) => (seed ?? ++unseeded) % SEEDS * SERIALS;

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
function joined(parts2) {
  const all = new Uint8Array(parts2.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts2) {
    all.set(part, at);
    at += part.length;
  }
  return all;
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

// pkg-template/simulator/requests.ts
var isRequest = (input) => typeof input === "object" && "url" in input;
function readRequest(input, init) {
  const request = isRequest(input) ? input : { url: String(input) };
  return {
    url: request.url,
    method: (init?.method ?? request.method ?? "GET").toUpperCase(),
    headers: lowerCased(init?.headers ?? request.headers ?? {}),
    body: init?.body ?? request.body ?? void 0,
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
    if (signal?.aborted) abort();
    else if (milliseconds === 0) void Promise.resolve().then(done);
    else if (milliseconds !== Infinity) timer = clock.setTimeout(done, milliseconds);
  });
}
function abortReason(signal) {
  if (signal && "reason" in signal) return signal.reason;
  return Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
}

// pkg-template/simulator/faults.ts
var faults = {
  unauthorized: (options) => jsonFault(401, unauthorized, options),
  forbidden: (options) => {
    const scopes = options?.scopes;
    if (scopes) return jsonFault(403, missingScopes(scopes), options);
    const body = (...[, , asked]) => jsonBody(403, missingScopes(asked));
    return { ...jsonFault(403, {}, options), body };
  },
  notFound: (options) => jsonFault(404, notFound, options),
  unknownExport: (options) => jsonFault(403, { message: "Permission to get export file cannot be granted for this exportId" }, options),
  notFoundHtml: (options) => htmlFault(404, "Error 404 Not Found", options),
  locked: (options) => jsonFault(423, { message: "The resource is locked." }, options),
  rateLimited: (options) => jsonFault(429, rateLimit("TEN_SECONDLY_ROLLING"), options, rateLimitHeaders(0, 312400)),
  rateLimitedDaily: (options) => jsonFault(429, rateLimit("DAILY"), options, rateLimitHeaders(189, 0)),
  limitReached: (options) => {
    const errorType = options?.errorType ?? "FREE_PORTAL_IMPORT_ROWS_LIMIT";
    return jsonFault(429, limitReached(errorType), options);
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
    const body = (...of) => {
      const [, usual] = of;
      const content = options?.answer ? typeof inner === "function" ? inner(...of) : inner : usual();
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
  cut: (options) => ({ ...change(options), breaks: { how: "cut", after: options?.after } }),
  slow: (options) => ({ ...change(options), bytesPerSecond: options?.bytesPerSecond ?? 1e4 }),
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

// pkg-template/simulator/bodies.ts
var NO_BODY = { type: "", text: "", files: [], isReadable: true };
var REQUEST = "importRequest";
var FILES = "files";
var tagOf = (value) => Object.prototype.toString.call(value);
async function readBody(body, type) {
  const isForm = tagOf(body) === "[object FormData]";
  if (isForm) return readForm(body);
  if (typeof body === "string") return { ...NO_BODY, type: nameOf(type ?? "text/plain"), text: body };
  if (!isObject(body)) return NO_BODY;
  if (tagOf(body) === "[object Object]") return { ...NO_BODY, type: "application/json", text: JSON.stringify(body) };
  return readBytes(body, type);
}
async function readBytes(body, type) {
  if (!Response) throw new TypeError("the simulator reads such a body where the host has a Response");
  const sent = new Response(body, { status: 200, headers: type === void 0 ? {} : { "content-type": type } });
  const own = nameOf(sent.headers.get("content-type") ?? "");
  if (own !== "multipart/form-data") return { ...NO_BODY, type: own, text: await sent.text() };
  try {
    return await readForm(await sent.formData());
  } catch {
    return { ...NO_BODY, type: own, isReadable: false };
  }
}
async function readForm(form) {
  const request = form.get(REQUEST);
  const files = form.getAll(FILES).filter((value) => typeof value !== "string");
  return {
    type: "multipart/form-data",
    text: typeof request === "string" ? request : await request?.text() ?? "",
    files: await Promise.all(files.map(upload)),
    isReadable: true
  };
}
async function upload(file) {
  return { name: file.name ?? "", type: file.type, bytes: new Uint8Array(await file.arrayBuffer()) };
}
var nameOf = (type) => (type.split(";")[0] ?? "").trim().toLowerCase();
function objectOf(text) {
  try {
    const value = JSON.parse(text);
    return isObject(value) && !Array.isArray(value) ? value : void 0;
  } catch {
    return void 0;
  }
}

// pkg-template/simulator/results.ts
var textOr = (given, otherwise) => typeof given === "string" || typeof given === "number" ? String(given) : otherwise;
function fileResult({ task, version }) {
  const { serial, completedAt, with: started } = task;
  const { access, folderId, folderPath, name, url } = started.request;
  const extension = /\.(\w+)(?:[?#].*)?$/.exec(textOr(url, ""))?.[1] ?? "png";
  const fileName = textOr(name, `picture-${serial}`);
  const path = `${textOr(folderPath, "/imported")}/${fileName}.${extension}`;
  return {
    id: String(90151673e3 + serial),
    ...version === "v3" && { access: textOr(access, "PUBLIC_INDEXABLE") },
    // required in v3 alone
    archived: false,
    createdAt: isoDate(completedAt),
    updatedAt: isoDate(completedAt),
    defaultHostingUrl: `https://files.hubspot.example/hubfs${path}`,
    encoding: extension,
    expiresAt: completedAt + 365 * DAY_MS,
    // a number, unlike the other dates
    extension,
    fileMd5: uuid(serial).replaceAll("-", ""),
    height: 600,
    width: 800,
    isUsableInContent: true,
    name: fileName,
    parentFolderId: textOr(folderId, "90151672001"),
    path,
    size: 48213,
    sourceGroup: "CONTENT",
    type: "IMG",
    url: `https://files.hubspot.example/hubfs${path}`
  };
}
function folderResult({ task: { serial, completedAt, with: started } }) {
  const { id, name, parentFolderId } = started.request;
  const folderName = textOr(name, `folder-${serial}`);
  return {
    id: textOr(id, String(90151672e3 + serial)),
    archived: false,
    createdAt: isoDate(completedAt - DAY_MS),
    updatedAt: isoDate(completedAt),
    name: folderName,
    parentFolderId: textOr(parentFolderId, "90151672001"),
    path: `/imported/${folderName}`
  };
}
var exportResult = ({ newUrl }) => newUrl();
var EXPORT_STATES = { succeeded: "DONE", succeededWithErrors: "DONE", failed: "FAILED", canceled: "CANCELED" };
function exportDetails(seen) {
  const { task, hasEnded, isStarted, waitsForOthers } = seen;
  const { exportName, exportType, objectType, objectProperties } = task.with.request;
  const atEnd = task.exportState ?? EXPORT_STATES[task.outcome];
  const underWay = isStarted ? "PROCESSING" : waitsForOthers ? "DEFERRED" : "ENQUEUED";
  return {
    id: task.id,
    exportState: hasEnded || atEnd === "PENDING_APPROVAL" ? atEnd : underWay,
    exportName: textOr(exportName, "Export"),
    exportType: textOr(exportType, "VIEW"),
    objectType: textOr(objectType, "CONTACT"),
    objectProperties: Array.isArray(objectProperties) ? objectProperties : [],
    createdAt: isoDate(task.requestedAt),
    updatedAt: isoDate(hasEnded ? task.completedAt : isStarted ? task.startedAt : task.requestedAt)
  };
}

// pkg-template/simulator/families.ts
var INT32_MAX = 2147483647n;
var INT64_MAX = 9223372036854775807n;
var isInteger = (highest) => (id) => /^\d+$/.test(id) && BigInt(id) <= highest;
var IDS = {
  text: { isNumbered: false, decodes: () => true, undecodable: "Provided ID could not be decoded." },
  int32: { isNumbered: true, decodes: isInteger(INT32_MAX), undecodable: "Unable to parse value for path parameter: taskId" },
  int64: { isNumbered: true, decodes: isInteger(INT64_MAX), undecodable: "Unable to parse value for path parameter: taskId" }
};
var NOT_FOUND = { status: 404, message: () => notFound.message };
var BUILT_IN_VERSIONS = { numbered: "v3", dated: "\\d{4}-0[39]" };
var SHARED = { versions: BUILT_IN_VERSIONS, unknown: NOT_FOUND, accepts: true, runsAtOnce: 1 };
var located = (_, locator) => ({ status: 202, body: locator });
var lacking = (...groups) => (request) => groups.filter((names) => !names.some((name) => isGiven(request[name]))).map((names) => names.join(" or "));
var isGiven = (value) => value !== void 0 && value !== null && value !== "";
function pathsBelow(numbered, dated = numbered) {
  const status = "/tasks/{taskId}/status";
  return { start: { numbered, dated }, status: { numbered: numbered + status, dated: dated + status } };
}
function statusBody(seen, has) {
  const { task, isStarted, isOver, ends } = seen;
  const hasErrors = isOver && has.errors;
  return {
    taskId: has.taskId ? task.id : void 0,
    status: isOver ? task.word ?? (task.outcome === "canceled" ? "CANCELED" : "COMPLETE") : isStarted ? "PROCESSING" : "PENDING",
    requestedAt: isoDate(task.requestedAt),
    startedAt: isStarted ? isoDate(task.startedAt) : void 0,
    completedAt: isOver ? isoDate(task.completedAt) : void 0,
    numErrors: hasErrors ? task.errors.length : void 0,
    errors: hasErrors ? task.errors : void 0,
    links: { status: seen.link },
    result: isOver && ends.result ? task.result === void 0 ? has.result?.(seen) : task.result : void 0
  };
}
var FAMILIES = [
  {
    ...SHARED,
    ...IDS.text,
    name: "fileImport",
    paths: pathsBelow("/files/{version}/files/import-from-url/async"),
    scopes: {
      toRead: ["files", "files.read", "files.ui_hidden.read"],
      toStart: ["files", "files.write", "files.ui_hidden.write"]
    },
    hasErrors: true,
    hasResult: true,
    status: (seen) => statusBody(seen, { taskId: true, errors: true, result: fileResult }),
    start: { sends: "json", missing: lacking(["access"], ["url"], ["folderId", "folderPath"]), answer: located }
  },
  {
    ...SHARED,
    ...IDS.text,
    name: "folderUpdate",
    paths: pathsBelow("/files/{version}/folders/update/async"),
    scopes: {
      toRead: ["files", "files.write", "files.ui_hidden.write"],
      toStart: ["files", "files.write", "files.ui_hidden.write"]
    },
    decodes: (id) => !/^\d+$/.test(id),
    // a plain number is what HubSpot was seen to refuse
    hasErrors: true,
    hasResult: true,
    status: (seen) => statusBody(seen, { taskId: true, errors: true, result: folderResult }),
    start: { sends: "json", missing: lacking(["id"]), answer: located }
  },
  {
    ...SHARED,
    ...IDS.int64,
    name: "export",
    paths: {
      ...pathsBelow("/crm/{version}/exports/export/async", "/crm/exports/{version}/export/async"),
      details: { numbered: "/crm/{version}/exports/export/{taskId}", dated: "/crm/exports/{version}/export/{taskId}" }
    },
    scopes: { toRead: ["crm.export"], toStart: ["crm.export"] },
    unknown: { status: 403, message: (id) => `Permission to get export file cannot be granted for exportId ${id}` },
    hasErrors: true,
    hasResult: true,
    status: (seen) => statusBody(seen, { taskId: false, errors: true, result: exportResult }),
    details: exportDetails,
    start: {
      sends: "json",
      missing: (request) => lacking(["exportType"], ...request.exportType === "LIST" ? [["listId"]] : [])(request),
      answer: located
    }
  },
  {
    ...SHARED,
    ...IDS.int32,
    name: "sourceCodeExtract",
    paths: pathsBelow("/cms/{version}/source-code/extract/async", "/cms/source-code/{version}/extract/async"),
    scopes: { toRead: ["content"], toStart: ["content"] },
    hasErrors: false,
    hasResult: false,
    status: (seen) => statusBody(seen, { taskId: false, errors: false }),
    start: { sends: "json", missing: lacking(["path"]), answer: located }
  }
];

// pkg-template/simulator/imports.ts
var WORDS = { succeeded: "DONE", succeededWithErrors: "DONE", failed: "FAILED", canceled: "CANCELED" };
var ROWS = 25;
var IMPORTS = {
  ...IDS.int64,
  name: "import",
  paths: {
    start: { numbered: "/crm/{version}/imports", dated: "/crm/imports/{version}" },
    status: { numbered: "/crm/{version}/imports/{taskId}", dated: "/crm/imports/{version}/{taskId}" },
    errors: { numbered: "/crm/{version}/imports/{taskId}/errors", dated: "/crm/imports/{version}/{taskId}/errors" },
    cancel: { numbered: "/crm/{version}/imports/{taskId}/cancel", dated: "/crm/imports/{version}/{taskId}/cancel" }
  },
  versions: BUILT_IN_VERSIONS,
  scopes: { toRead: ["crm.import"], toStart: ["crm.import"] },
  undecodable: "Unable to parse value for path parameter: importId",
  unknown: NOT_FOUND,
  hasErrors: true,
  hasResult: true,
  accepts: false,
  status: importBody,
  start: {
    sends: "multipart",
    missing: (_, { files }) => files.length > 0 ? [] : ["files"],
    answer: (seen) => ({ status: 200, body: importBody(seen) })
  },
  runsAtOnce: 3
};
function importBody(seen) {
  const { task, isStarted, isOver, waitsForOthers } = seen;
  const { name } = task.with.request;
  const underWay = isStarted ? "PROCESSING" : waitsForOthers ? "DEFERRED" : "STARTED";
  return {
    id: task.id,
    state: isOver ? task.word ?? WORDS[task.outcome] : underWay,
    importName: typeof name === "string" ? name : `import-${task.serial}`,
    importSource: "API",
    importRequestJson: task.with.request,
    createdAt: isoDate(task.requestedAt),
    updatedAt: isoDate(isOver ? task.completedAt : isStarted ? task.startedAt : task.requestedAt),
    optOutImport: false,
    mappedObjectTypeIds: ["0-1"],
    metadata: isOver && seen.ends.result && task.result !== void 0 ? task.result : metadata(seen)
  };
}
function metadata({ task, isOver, ends }) {
  const rows = task.with.files.length > 0 ? rowsOf(task.with) : ROWS;
  const errors = task.errors.length;
  const written = ends.result ? Math.max(rows - errors, 0) : 0;
  return {
    counters: isOver ? {
      TOTAL_ROWS: rows,
      CREATED_OBJECTS: written,
      UNIQUE_OBJECTS_WRITTEN: written,
      PROPERTY_VALUES_EMITTED: written * 3,
      ...errors > 0 && { ERRORS: errors }
    } : {},
    fileIds: task.with.files.map((_, index) => String(90151671e3 + task.serial + index)),
    objectLists: isOver && ends.result ? [{ objectType: "CONTACT", listId: String(task.serial) }] : []
  };
}
var rowsOf = ({ files }) => files.reduce((rows, { bytes }) => rows + Math.max(linesOf(bytes) - 1, 0), 0);
function linesOf(bytes) {
  const lineEnd = 10;
  const ended = bytes.filter((byte) => byte === lineEnd).length;
  return bytes.length > 0 && bytes.at(-1) !== lineEnd ? ended + 1 : ended;
}
function errorsPage({ task }, search, address) {
  const asked = (name) => Number(new RegExp(`[?&]${name}=(\\d+)`).exec(search)?.[1]);
  const limit = asked("limit") || 100;
  const from = asked("after") || 0;
  const results = task.errors.slice(from, from + limit).map((error, index) => importError(error, task, from + index));
  const after = String(from + limit);
  const hasMore = from + limit < task.errors.length;
  return { results, ...hasMore && { paging: { next: { after, link: `${address}?limit=${limit}&after=${after}` } } } };
}
function importError(error, { madeUpErrors, serial, completedAt }, index) {
  if (!madeUpErrors) return error;
  return {
    id: String(serial * 1e3 + index),
    createdAt: completedAt,
    errorType: "INVALID_EMAIL",
    invalidValue: "nobody",
    invalidPropertyValue: { name: "email", value: "nobody" },
    objectType: "CONTACT",
    objectTypeId: "0-1",
    sourceData: { lineNumber: index + 2, fileId: 90151671e3 + serial, rowData: ["Nobody", "nobody"] }
  };
}

// pkg-template/simulator/routes.ts
var METHODS = {
  start: "POST",
  status: "GET",
  details: "GET",
  errors: "GET",
  cancel: "POST"
};
var CALLS = Object.keys(METHODS);
var STYLES = ["numbered", "dated"];
var escaped = (text) => text.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
var Routes = class {
  #prefix;
  #entries;
  constructor(families, prefix) {
    this.#prefix = prefix;
    this.#entries = families.flatMap(
      (family) => CALLS.flatMap((call) => {
        const paths = family.paths[call];
        return paths ? STYLES.map((style) => ({ family, call, pattern: patternOf(paths[style], family.versions[style]) })) : [];
      })
    );
  }
  /** What a request asks for, with or without the prefix; undefined where no path is like that. */
  find(path, method) {
    const apiPath = this.#prefix && path.startsWith(`${this.#prefix}/`) ? path.slice(this.#prefix.length) : path;
    const found = this.#entries.flatMap(({ family, call, pattern }) => {
      const match = pattern.exec(apiPath);
      if (!match) return [];
      const { version = "", taskId } = match.groups ?? {};
      const hasTaskId = taskId !== void 0;
      return [{ family, call, version, taskId: hasTaskId ? percentDecoded(taskId) : void 0, hasTaskId, apiPath }];
    });
    return found.find(({ call }) => METHODS[call] === method) ?? found[0];
  }
};
var patternOf = (path, version) => new RegExp(`^${escaped(path).replace("{version}", `(?<version>${version})`).replace("{taskId}", "(?<taskId>[^/]+)")}$`);
function statusPath(family, version, taskId) {
  const paths = family.paths.status;
  const path = /^v\d+$/.test(version) ? paths?.numbered : paths?.dated;
  return (path ?? "").replace("{version}", version).replace("{taskId}", encodeURIComponent(taskId));
}

// pkg-template/simulator/account.ts
var TYPES = { json: "application/json", multipart: "multipart/form-data" };
var REGIONAL_HOST = "https://api-na1.hubspot.com";
var Account = class {
  constructor(options) {
    this.starts = [];
    this.#ok = (status, body) => ({ status, headers: this.#headers, body });
    this.#options = options;
    this.#headers = { "content-type": JSON_TYPE, ...options.showsLimits && rateLimitHeaders(189, 624999) };
  }
  #options;
  #headers;
  refuse(status, fields) {
    return jsonFault(status, { ...fields, correlationId: this.#options.tasks.newUuid() });
  }
  /** As of now. */
  answer(request, search, sent, route, allowed) {
    if (!route) return faults.notFoundHtml();
    const allow = METHODS[route.call];
    if (request.method !== allow) return htmlFault(405, "Error 405 Method Not Allowed", {}, { allow });
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const { tokens, scopes } = allowed;
    if (tokens && (token === void 0 || !tokens.includes(token))) return this.refuse(401, unauthorized);
    const needed = scopesOf(route);
    const isAllowed = !scopes || needed.length === 0 || needed.some((scope) => scopes.includes(scope));
    if (!isAllowed) return this.refuse(403, missingScopes(needed));
    return route.call === "start" ? this.#start(route, sent ?? NO_BODY) : this.#about(route, search);
  }
  #ok;
  /** What is asked about one task. */
  #about(route, search) {
    const { family, taskId, call } = route;
    const { tasks } = this.#options;
    const task = tasks.find(family, taskId);
    if (!task) {
      if (taskId === void 0 || !family.decodes(taskId)) return this.refuse(400, { message: family.undecodable });
      return this.refuse(family.unknown.status, { message: family.unknown.message(taskId) });
    }
    if (call === "cancel" && !tasks.cancel(task)) {
      return this.refuse(400, { message: `${taskId} is over and cannot be canceled`, category: "VALIDATION_ERROR" });
    }
    const seen = this.#see(task, route);
    if (call === "errors") return this.#ok(200, errorsPage(seen, search, `${REGIONAL_HOST}${route.apiPath}`));
    const show = call === "details" ? family.details ?? family.status : family.status;
    return this.#ok(family.accepts && call === "status" && !seen.isOver ? 202 : 200, { ...show(seen), ...task.unknown });
  }
  #see(task, { version, apiPath }) {
    const { tasks, files } = this.#options;
    return tasks.see(task, { version, link: `${REGIONAL_HOST}${apiPath}`, newUrl: () => files.urlOf(task) });
  }
  #start(route, sent) {
    const { family } = route;
    const { start } = family;
    if (!start) return faults.notFoundHtml();
    const type = TYPES[start.sends];
    if (sent.type !== type) return this.refuse(415, unreadable(`the content type has to be ${type}, not ${sent.type || "none"}`));
    if (!sent.isReadable) return this.refuse(400, unreadable("the form cannot be read"));
    const isForm = start.sends === "multipart";
    if (isForm && sent.text === "") return this.refuse(400, missingFields(["importRequest"]));
    const request = objectOf(sent.text);
    const what = isForm ? "importRequest" : "the body";
    if (!request) return this.refuse(400, unreadable(`${what} is no JSON object`));
    const missing = start.missing(request, sent);
    if (missing.length > 0) return this.refuse(400, missingFields(missing));
    const limit = this.#limitReachedBy(family, sent);
    if (limit) return this.refuse(429, limitReached(limit));
    const task = this.#add(family, request, sent.files);
    const { status, body } = start.answer(this.#see(task, route), this.#locator(task));
    return this.#ok(status, body);
  }
  #add(family, request, files) {
    const { now, startedTask, tasks } = this.#options;
    const start = { at: now(), family: family.name, request, files };
    const becomes = typeof startedTask === "function" ? startedTask(start) : startedTask;
    const task = tasks.add(family.name, becomes, { request, files });
    this.starts.push({ ...start, taskId: task.id });
    return task;
  }
  /** The `errorType` of a limit that is no rate. */
  #limitReachedBy({ name }, sent) {
    const { exportsPerDay, importRows, now } = this.#options;
    if (name === "import" && rowsOf(sent) > importRows) return "FREE_PORTAL_IMPORT_ROWS_LIMIT";
    if (exportsPerDay === Infinity) return void 0;
    const today = this.starts.filter(({ family, at }) => family === "export" && at > now() - DAY_MS);
    return name === "export" && today.length >= exportsPerDay ? "EXPORT_DAILY_LIMIT" : void 0;
  }
  /** Its link names version 3, whichever was asked. */
  #locator({ id, family }) {
    const status = `${REGIONAL_HOST}${statusPath(family, "v3", id)}`;
    return { id, links: this.#options.locatorLinks === "map" ? { status } : [{ rel: "status", href: status }] };
  }
};
var scopesOf = ({ call, family }) => call === "start" || call === "cancel" ? family.scopes.toStart : family.scopes.toRead;

// pkg-template/simulator/cors.ts
var OF_FILES = ["etag", "accept-ranges", "content-range", "content-length", "content-disposition"];
var EXPOSED_HEADERS = ["date", "retry-after", ...Object.keys(rateLimitHeaders(0, 0)), ...OF_FILES].join(", ");
var OPEN_CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED_HEADERS };
var preflight = (headers, methods) => ({
  status: 204,
  headers: {
    "access-control-allow-methods": methods,
    "access-control-allow-headers": headers["access-control-request-headers"] ?? "authorization",
    "access-control-max-age": "600"
  }
});

// pkg-template/simulator/downloads.ts
function download(files, { method, headers }, path, search) {
  if (method !== "GET") return refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
  if (headers.authorization !== void 0) return refusal(400, "InvalidArgument", "Only one auth mechanism allowed");
  const task = files.taskAt(path, search);
  if (!task) return refusal(403, "AccessDenied", "Request has expired");
  const { bytes, name, type, etag } = files.build(task);
  const common = {
    "content-type": type,
    "content-disposition": `attachment; filename="${name.replace(/[^ -~]|["\\]/g, "_")}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    etag
  };
  const whole2 = { status: 200, headers: { ...common, "content-length": String(bytes.length) }, body: bytes };
  if (files.options.hasRanges === false) return whole2;
  const ranged = { ...common, "accept-ranges": "bytes" };
  const isSame = (headers["if-range"] ?? etag) === etag;
  const asked = isSame ? rangeOf(headers.range, bytes.length) : void 0;
  if (!asked) return { ...whole2, headers: { ...whole2.headers, ...ranged } };
  const { from, to } = asked;
  if (from >= to) {
    const refused = refusal(416, "InvalidRange", "The requested range is not satisfiable");
    return { ...refused, headers: { ...refused.headers, "content-range": `bytes */${bytes.length}` } };
  }
  return {
    status: 206,
    headers: { ...ranged, "content-range": `bytes ${from}-${to - 1}/${bytes.length}`, "content-length": String(to - from) },
    body: bytes.subarray(from, to)
  };
}
function rangeOf(header, length) {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return void 0;
  if (first === "") return { from: Math.max(length - Number(last), 0), to: Number(last) > 0 ? length : 0 };
  return { from: Number(first), to: last === "" ? length : Math.min(Number(last) + 1, length) };
}
var refusal = (status, code, message) => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>${code}</Code><Message>${message}</Message></Error>`
});

// node_modules/fflate/esm/browser.js
var u8 = Uint8Array;
var u16 = Uint16Array;
var i32 = Int32Array;
var fleb = new u8([
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  1,
  1,
  1,
  1,
  2,
  2,
  2,
  2,
  3,
  3,
  3,
  3,
  4,
  4,
  4,
  4,
  5,
  5,
  5,
  5,
  0,
  /* unused */
  0,
  0,
  /* impossible */
  0
]);
var fdeb = new u8([
  0,
  0,
  0,
  0,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  5,
  6,
  6,
  7,
  7,
  8,
  8,
  9,
  9,
  10,
  10,
  11,
  11,
  12,
  12,
  13,
  13,
  /* unused */
  0,
  0
]);
var clim = new u8([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
var freb = function(eb, start) {
  var b = new u16(31);
  for (var i2 = 0; i2 < 31; ++i2) {
    b[i2] = start += 1 << eb[i2 - 1];
  }
  var r = new i32(b[30]);
  for (var i2 = 1; i2 < 30; ++i2) {
    for (var j = b[i2]; j < b[i2 + 1]; ++j) {
      r[j] = j - b[i2] << 5 | i2;
    }
  }
  return { b, r };
};
var _a = freb(fleb, 2);
var fl = _a.b;
var revfl = _a.r;
fl[28] = 258, revfl[258] = 28;
var _b = freb(fdeb, 0);
var fd = _b.b;
var revfd = _b.r;
var rev = new u16(32768);
for (i = 0; i < 32768; ++i) {
  x = (i & 43690) >> 1 | (i & 21845) << 1;
  x = (x & 52428) >> 2 | (x & 13107) << 2;
  x = (x & 61680) >> 4 | (x & 3855) << 4;
  rev[i] = ((x & 65280) >> 8 | (x & 255) << 8) >> 1;
}
var x;
var i;
var hMap = (function(cd, mb, r) {
  var s = cd.length;
  var i2 = 0;
  var l = new u16(mb);
  for (; i2 < s; ++i2) {
    if (cd[i2])
      ++l[cd[i2] - 1];
  }
  var le = new u16(mb);
  for (i2 = 1; i2 < mb; ++i2) {
    le[i2] = le[i2 - 1] + l[i2 - 1] << 1;
  }
  var co;
  if (r) {
    co = new u16(1 << mb);
    var rvb = 15 - mb;
    for (i2 = 0; i2 < s; ++i2) {
      if (cd[i2]) {
        var sv = i2 << 4 | cd[i2];
        var r_1 = mb - cd[i2];
        var v = le[cd[i2] - 1]++ << r_1;
        for (var m = v | (1 << r_1) - 1; v <= m; ++v) {
          co[rev[v] >> rvb] = sv;
        }
      }
    }
  } else {
    co = new u16(s);
    for (i2 = 0; i2 < s; ++i2) {
      if (cd[i2]) {
        co[i2] = rev[le[cd[i2] - 1]++] >> 15 - cd[i2];
      }
    }
  }
  return co;
});
var flt = new u8(288);
for (i = 0; i < 144; ++i)
  flt[i] = 8;
var i;
for (i = 144; i < 256; ++i)
  flt[i] = 9;
var i;
for (i = 256; i < 280; ++i)
  flt[i] = 7;
var i;
for (i = 280; i < 288; ++i)
  flt[i] = 8;
var i;
var fdt = new u8(32);
for (i = 0; i < 32; ++i)
  fdt[i] = 5;
var i;
var flm = /* @__PURE__ */ hMap(flt, 9, 0);
var fdm = /* @__PURE__ */ hMap(fdt, 5, 0);
var shft = function(p) {
  return (p + 7) / 8 | 0;
};
var slc = function(v, s, e) {
  if (s == null || s < 0)
    s = 0;
  if (e == null || e > v.length)
    e = v.length;
  return new u8(v.subarray(s, e));
};
var ec = [
  "unexpected EOF",
  "invalid block type",
  "invalid length/literal",
  "invalid distance",
  "stream finished",
  "no stream handler",
  ,
  // determined by compression function
  "no callback",
  "invalid UTF-8 data",
  "extra field too long",
  "date not in range 1980-2099",
  "filename too long",
  "stream finishing",
  "invalid zip data"
  // determined by unknown compression method
];
var err = function(ind, msg, nt) {
  var e = new Error(msg || ec[ind]);
  e.code = ind;
  if (Error.captureStackTrace)
    Error.captureStackTrace(e, err);
  if (!nt)
    throw e;
  return e;
};
var wbits = function(d, p, v) {
  v <<= p & 7;
  var o = p / 8 | 0;
  d[o] |= v;
  d[o + 1] |= v >> 8;
};
var wbits16 = function(d, p, v) {
  v <<= p & 7;
  var o = p / 8 | 0;
  d[o] |= v;
  d[o + 1] |= v >> 8;
  d[o + 2] |= v >> 16;
};
var hTree = function(d, mb) {
  var t = [];
  for (var i2 = 0; i2 < d.length; ++i2) {
    if (d[i2])
      t.push({ s: i2, f: d[i2] });
  }
  var s = t.length;
  var t2 = t.slice();
  if (!s)
    return { t: et, l: 0 };
  if (s == 1) {
    var v = new u8(t[0].s + 1);
    v[t[0].s] = 1;
    return { t: v, l: 1 };
  }
  t.sort(function(a, b) {
    return a.f - b.f;
  });
  t.push({ s: -1, f: 25001 });
  var l = t[0], r = t[1], i0 = 0, i1 = 1, i22 = 2;
  t[0] = { s: -1, f: l.f + r.f, l, r };
  while (i1 != s - 1) {
    l = t[t[i0].f < t[i22].f ? i0++ : i22++];
    r = t[i0 != i1 && t[i0].f < t[i22].f ? i0++ : i22++];
    t[i1++] = { s: -1, f: l.f + r.f, l, r };
  }
  var maxSym = t2[0].s;
  for (var i2 = 1; i2 < s; ++i2) {
    if (t2[i2].s > maxSym)
      maxSym = t2[i2].s;
  }
  var tr = new u16(maxSym + 1);
  var mbt = ln(t[i1 - 1], tr, 0);
  if (mbt > mb) {
    var i2 = 0, dt = 0;
    var lft = mbt - mb, cst = 1 << lft;
    t2.sort(function(a, b) {
      return tr[b.s] - tr[a.s] || a.f - b.f;
    });
    for (; i2 < s; ++i2) {
      var i2_1 = t2[i2].s;
      if (tr[i2_1] > mb) {
        dt += cst - (1 << mbt - tr[i2_1]);
        tr[i2_1] = mb;
      } else
        break;
    }
    dt >>= lft;
    while (dt > 0) {
      var i2_2 = t2[i2].s;
      if (tr[i2_2] < mb)
        dt -= 1 << mb - tr[i2_2]++ - 1;
      else
        ++i2;
    }
    for (; i2 >= 0 && dt; --i2) {
      var i2_3 = t2[i2].s;
      if (tr[i2_3] == mb) {
        --tr[i2_3];
        ++dt;
      }
    }
    mbt = mb;
  }
  return { t: new u8(tr), l: mbt };
};
var ln = function(n, l, d) {
  return n.s == -1 ? Math.max(ln(n.l, l, d + 1), ln(n.r, l, d + 1)) : l[n.s] = d;
};
var lc = function(c) {
  var s = c.length;
  while (s && !c[--s])
    ;
  var cl = new u16(++s);
  var cli = 0, cln = c[0], cls = 1;
  var w = function(v) {
    cl[cli++] = v;
  };
  for (var i2 = 1; i2 <= s; ++i2) {
    if (c[i2] == cln && i2 != s)
      ++cls;
    else {
      if (!cln && cls > 2) {
        for (; cls > 138; cls -= 138)
          w(32754);
        if (cls > 2) {
          w(cls > 10 ? cls - 11 << 5 | 28690 : cls - 3 << 5 | 12305);
          cls = 0;
        }
      } else if (cls > 3) {
        w(cln), --cls;
        for (; cls > 6; cls -= 6)
          w(8304);
        if (cls > 2)
          w(cls - 3 << 5 | 8208), cls = 0;
      }
      while (cls--)
        w(cln);
      cls = 1;
      cln = c[i2];
    }
  }
  return { c: cl.subarray(0, cli), n: s };
};
var clen = function(cf, cl) {
  var l = 0;
  for (var i2 = 0; i2 < cl.length; ++i2)
    l += cf[i2] * cl[i2];
  return l;
};
var wfblk = function(out, pos, dat) {
  var s = dat.length;
  var o = shft(pos + 2);
  out[o] = s & 255;
  out[o + 1] = s >> 8;
  out[o + 2] = out[o] ^ 255;
  out[o + 3] = out[o + 1] ^ 255;
  for (var i2 = 0; i2 < s; ++i2)
    out[o + i2 + 4] = dat[i2];
  return (o + 4 + s) * 8;
};
var wblk = function(dat, out, final, syms, lf, df, eb, li, bs, bl, p) {
  wbits(out, p++, final);
  ++lf[256];
  var _a2 = hTree(lf, 15), dlt = _a2.t, mlb = _a2.l;
  var _b2 = hTree(df, 15), ddt = _b2.t, mdb = _b2.l;
  var _c = lc(dlt), lclt = _c.c, nlc = _c.n;
  var _d = lc(ddt), lcdt = _d.c, ndc = _d.n;
  var lcfreq = new u16(19);
  for (var i2 = 0; i2 < lclt.length; ++i2)
    ++lcfreq[lclt[i2] & 31];
  for (var i2 = 0; i2 < lcdt.length; ++i2)
    ++lcfreq[lcdt[i2] & 31];
  var _e = hTree(lcfreq, 7), lct = _e.t, mlcb = _e.l;
  var nlcc = 19;
  for (; nlcc > 4 && !lct[clim[nlcc - 1]]; --nlcc)
    ;
  var flen = bl + 5 << 3;
  var ftlen = clen(lf, flt) + clen(df, fdt) + eb;
  var dtlen = clen(lf, dlt) + clen(df, ddt) + eb + 14 + 3 * nlcc + clen(lcfreq, lct) + 2 * lcfreq[16] + 3 * lcfreq[17] + 7 * lcfreq[18];
  if (bs >= 0 && flen <= ftlen && flen <= dtlen)
    return wfblk(out, p, dat.subarray(bs, bs + bl));
  var lm, ll, dm, dl;
  wbits(out, p, 1 + (dtlen < ftlen)), p += 2;
  if (dtlen < ftlen) {
    lm = hMap(dlt, mlb, 0), ll = dlt, dm = hMap(ddt, mdb, 0), dl = ddt;
    var llm = hMap(lct, mlcb, 0);
    wbits(out, p, nlc - 257);
    wbits(out, p + 5, ndc - 1);
    wbits(out, p + 10, nlcc - 4);
    p += 14;
    for (var i2 = 0; i2 < nlcc; ++i2)
      wbits(out, p + 3 * i2, lct[clim[i2]]);
    p += 3 * nlcc;
    var lcts = [lclt, lcdt];
    for (var it = 0; it < 2; ++it) {
      var clct = lcts[it];
      for (var i2 = 0; i2 < clct.length; ++i2) {
        var len = clct[i2] & 31;
        wbits(out, p, llm[len]), p += lct[len];
        if (len > 15)
          wbits(out, p, clct[i2] >> 5 & 127), p += clct[i2] >> 12;
      }
    }
  } else {
    lm = flm, ll = flt, dm = fdm, dl = fdt;
  }
  for (var i2 = 0; i2 < li; ++i2) {
    var sym = syms[i2];
    if (sym > 255) {
      var len = sym >> 18 & 31;
      wbits16(out, p, lm[len + 257]), p += ll[len + 257];
      if (len > 7)
        wbits(out, p, sym >> 23 & 31), p += fleb[len];
      var dst = sym & 31;
      wbits16(out, p, dm[dst]), p += dl[dst];
      if (dst > 3)
        wbits16(out, p, sym >> 5 & 8191), p += fdeb[dst];
    } else {
      wbits16(out, p, lm[sym]), p += ll[sym];
    }
  }
  wbits16(out, p, lm[256]);
  return p + ll[256];
};
var deo = /* @__PURE__ */ new i32([65540, 131080, 131088, 131104, 262176, 1048704, 1048832, 2114560, 2117632]);
var et = /* @__PURE__ */ new u8(0);
var dflt = function(dat, lvl, plvl, pre, post, st) {
  var s = st.z || dat.length;
  var o = new u8(pre + s + 5 * (1 + Math.ceil(s / 7e3)) + post);
  var w = o.subarray(pre, o.length - post);
  var lst = st.l;
  var pos = (st.r || 0) & 7;
  if (lvl) {
    if (pos)
      w[0] = st.r >> 3;
    var opt = deo[lvl - 1];
    var n = opt >> 13, c = opt & 8191;
    var msk_1 = (1 << plvl) - 1;
    var prev = st.p || new u16(32768), head = st.h || new u16(msk_1 + 1);
    var bs1_1 = Math.ceil(plvl / 3), bs2_1 = 2 * bs1_1;
    var hsh = function(i3) {
      return (dat[i3] ^ dat[i3 + 1] << bs1_1 ^ dat[i3 + 2] << bs2_1) & msk_1;
    };
    var syms = new i32(25e3);
    var lf = new u16(288), df = new u16(32);
    var lc_1 = 0, eb = 0, i2 = st.i || 0, li = 0, wi = st.w || 0, bs = 0;
    for (; i2 + 2 < s; ++i2) {
      var hv = hsh(i2);
      var imod = i2 & 32767, pimod = head[hv];
      prev[imod] = pimod;
      head[hv] = imod;
      if (wi <= i2) {
        var rem = s - i2;
        if ((lc_1 > 7e3 || li > 24576) && (rem > 423 || !lst)) {
          pos = wblk(dat, w, 0, syms, lf, df, eb, li, bs, i2 - bs, pos);
          li = lc_1 = eb = 0, bs = i2;
          for (var j = 0; j < 286; ++j)
            lf[j] = 0;
          for (var j = 0; j < 30; ++j)
            df[j] = 0;
        }
        var l = 2, d = 0, ch_1 = c, dif = imod - pimod & 32767;
        if (rem > 2 && hv == hsh(i2 - dif)) {
          var maxn = Math.min(n, rem) - 1;
          var maxd = Math.min(32767, i2);
          var ml = Math.min(258, rem);
          while (dif <= maxd && --ch_1 && imod != pimod) {
            if (dat[i2 + l] == dat[i2 + l - dif]) {
              var nl = 0;
              for (; nl < ml && dat[i2 + nl] == dat[i2 + nl - dif]; ++nl)
                ;
              if (nl > l) {
                l = nl, d = dif;
                if (nl > maxn)
                  break;
                var mmd = Math.min(dif, nl - 2);
                var md = 0;
                for (var j = 0; j < mmd; ++j) {
                  var ti = i2 - dif + j & 32767;
                  var pti = prev[ti];
                  var cd = ti - pti & 32767;
                  if (cd > md)
                    md = cd, pimod = ti;
                }
              }
            }
            imod = pimod, pimod = prev[imod];
            dif += imod - pimod & 32767;
          }
        }
        if (d) {
          syms[li++] = 268435456 | revfl[l] << 18 | revfd[d];
          var lin = revfl[l] & 31, din = revfd[d] & 31;
          eb += fleb[lin] + fdeb[din];
          ++lf[257 + lin];
          ++df[din];
          wi = i2 + l;
          ++lc_1;
        } else {
          syms[li++] = dat[i2];
          ++lf[dat[i2]];
        }
      }
    }
    for (i2 = Math.max(i2, wi); i2 < s; ++i2) {
      syms[li++] = dat[i2];
      ++lf[dat[i2]];
    }
    pos = wblk(dat, w, lst, syms, lf, df, eb, li, bs, i2 - bs, pos);
    if (!lst) {
      st.r = pos & 7 | w[pos / 8 | 0] << 3;
      pos -= 7;
      st.h = head, st.p = prev, st.i = i2, st.w = wi;
    }
  } else {
    for (var i2 = st.w || 0; i2 < s + lst; i2 += 65535) {
      var e = i2 + 65535;
      if (e >= s) {
        w[pos / 8 | 0] = lst;
        e = s;
      }
      pos = wfblk(w, pos + 1, dat.subarray(i2, e));
    }
    st.i = s;
  }
  return slc(o, 0, pre + shft(pos) + post);
};
var crct = /* @__PURE__ */ (function() {
  var t = new Int32Array(256);
  for (var i2 = 0; i2 < 256; ++i2) {
    var c = i2, k = 9;
    while (--k)
      c = (c & 1 && -306674912) ^ c >>> 1;
    t[i2] = c;
  }
  return t;
})();
var crc = function() {
  var c = -1;
  return {
    p: function(d) {
      var cr = c;
      for (var i2 = 0; i2 < d.length; ++i2)
        cr = crct[cr & 255 ^ d[i2]] ^ cr >>> 8;
      c = cr;
    },
    d: function() {
      return ~c;
    }
  };
};
var dopt = function(dat, opt, pre, post, st) {
  if (!st) {
    st = { l: 1 };
    if (opt.dictionary) {
      var dict = opt.dictionary.subarray(-32768);
      var newDat = new u8(dict.length + dat.length);
      newDat.set(dict);
      newDat.set(dat, dict.length);
      dat = newDat;
      st.w = dict.length;
    }
  }
  return dflt(dat, opt.level == null ? 6 : opt.level, opt.mem == null ? st.l ? Math.ceil(Math.max(8, Math.min(13, Math.log(dat.length))) * 1.5) : 20 : 12 + opt.mem, pre, post, st);
};
var mrg = function(a, b) {
  var o = {};
  for (var k in a)
    o[k] = a[k];
  for (var k in b)
    o[k] = b[k];
  return o;
};
var wbytes = function(d, b, v) {
  for (; v; ++b)
    d[b] = v, v >>>= 8;
};
var Deflate = /* @__PURE__ */ (function() {
  function Deflate2(opts, cb) {
    if (typeof opts == "function")
      cb = opts, opts = {};
    this.ondata = cb;
    this.o = opts || {};
    this.s = { l: 0, i: 32768, w: 32768, z: 32768 };
    this.b = new u8(98304);
    if (this.o.dictionary) {
      var dict = this.o.dictionary.subarray(-32768);
      this.b.set(dict, 32768 - dict.length);
      this.s.i = 32768 - dict.length;
    }
  }
  Deflate2.prototype.p = function(c, f) {
    this.ondata(dopt(c, this.o, 0, 0, this.s), f);
  };
  Deflate2.prototype.push = function(chunk, final) {
    if (!this.ondata)
      err(5);
    if (this.s.l)
      err(4);
    var endLen = chunk.length + this.s.z;
    if (endLen > this.b.length) {
      if (endLen > 2 * this.b.length - 32768) {
        var newBuf = new u8(endLen & -32768);
        newBuf.set(this.b.subarray(0, this.s.z));
        this.b = newBuf;
      }
      var split = this.b.length - this.s.z;
      this.b.set(chunk.subarray(0, split), this.s.z);
      this.s.z = this.b.length;
      this.p(this.b, false);
      this.b.set(this.b.subarray(-32768));
      this.b.set(chunk.subarray(split), 32768);
      this.s.z = chunk.length - split + 32768;
      this.s.i = 32766, this.s.w = 32768;
    } else {
      this.b.set(chunk, this.s.z);
      this.s.z += chunk.length;
    }
    this.s.l = final & 1;
    if (this.s.z > this.s.w + 8191 || final) {
      this.p(this.b, final || false);
      this.s.w = this.s.i, this.s.i -= 2;
    }
    if (final) {
      this.s = this.o = {};
      this.b = et;
    }
  };
  Deflate2.prototype.flush = function(sync) {
    if (!this.ondata)
      err(5);
    if (this.s.l)
      err(4);
    this.p(this.b, false);
    this.s.w = this.s.i, this.s.i -= 2;
    if (sync) {
      var c = new u8(6);
      c[0] = this.s.r >> 3;
      var ep = wfblk(c, this.s.r, et);
      this.s.r = 0;
      this.ondata(c.subarray(0, ep >> 3), false);
    }
  };
  return Deflate2;
})();
var te = typeof TextEncoder != "undefined" && /* @__PURE__ */ new TextEncoder();
var td = typeof TextDecoder != "undefined" && /* @__PURE__ */ new TextDecoder();
var tds = 0;
try {
  td.decode(et, { stream: true });
  tds = 1;
} catch (e) {
}
function strToU8(str, latin1) {
  if (latin1) {
    var ar_1 = new u8(str.length);
    for (var i2 = 0; i2 < str.length; ++i2)
      ar_1[i2] = str.charCodeAt(i2);
    return ar_1;
  }
  if (te)
    return te.encode(str);
  var l = str.length;
  var ar = new u8(str.length + (str.length >> 1));
  var ai = 0;
  var w = function(v) {
    ar[ai++] = v;
  };
  for (var i2 = 0; i2 < l; ++i2) {
    if (ai + 5 > ar.length) {
      var n = new u8(ai + 8 + (l - i2 << 1));
      n.set(ar);
      ar = n;
    }
    var c = str.charCodeAt(i2);
    if (c < 128 || latin1)
      w(c);
    else if (c < 2048)
      w(192 | c >> 6), w(128 | c & 63);
    else if (c > 55295 && c < 57344)
      c = 65536 + (c & 1023 << 10) | str.charCodeAt(++i2) & 1023, w(240 | c >> 18), w(128 | c >> 12 & 63), w(128 | c >> 6 & 63), w(128 | c & 63);
    else
      w(224 | c >> 12), w(128 | c >> 6 & 63), w(128 | c & 63);
  }
  return slc(ar, 0, ai);
}
var dbf = function(l) {
  return l == 1 ? 3 : l < 6 ? 2 : l == 9 ? 1 : 0;
};
var exfl = function(ex) {
  var le = 0;
  if (ex) {
    for (var k in ex) {
      var l = ex[k].length;
      if (l > 65535)
        err(9);
      le += l + 4;
    }
  }
  return le;
};
var wzh = function(d, b, f, fn, u, c, ce, co) {
  var fl2 = fn.length, ex = f.extra, col = co && co.length;
  var exl = exfl(ex);
  wbytes(d, b, ce != null ? 33639248 : 67324752), b += 4;
  if (ce != null)
    d[b++] = 20, d[b++] = f.os;
  d[b] = 20, b += 2;
  d[b++] = f.flag << 1 | (c < 0 && 8), d[b++] = u && 8;
  d[b++] = f.compression & 255, d[b++] = f.compression >> 8;
  var dt = new Date(f.mtime == null ? Date.now() : f.mtime), y = dt.getFullYear() - 1980;
  if (y < 0 || y > 119)
    err(10);
  wbytes(d, b, y << 25 | dt.getMonth() + 1 << 21 | dt.getDate() << 16 | dt.getHours() << 11 | dt.getMinutes() << 5 | dt.getSeconds() >> 1), b += 4;
  if (c != -1) {
    wbytes(d, b, f.crc);
    wbytes(d, b + 4, c < 0 ? -c - 2 : c);
    wbytes(d, b + 8, f.size);
  }
  wbytes(d, b + 12, fl2);
  wbytes(d, b + 14, exl), b += 16;
  if (ce != null) {
    wbytes(d, b, col);
    wbytes(d, b + 6, f.attrs);
    wbytes(d, b + 10, ce), b += 14;
  }
  d.set(fn, b);
  b += fl2;
  if (exl) {
    for (var k in ex) {
      var exf = ex[k], l = exf.length;
      wbytes(d, b, +k);
      wbytes(d, b + 2, l);
      d.set(exf, b + 4), b += 4 + l;
    }
  }
  if (col)
    d.set(co, b), b += col;
  return b;
};
var wzf = function(o, b, c, d, e) {
  wbytes(o, b, 101010256);
  wbytes(o, b + 8, c);
  wbytes(o, b + 10, c);
  wbytes(o, b + 12, d);
  wbytes(o, b + 16, e);
};
var ZipPassThrough = /* @__PURE__ */ (function() {
  function ZipPassThrough2(filename) {
    this.filename = filename;
    this.c = crc();
    this.size = 0;
    this.compression = 0;
  }
  ZipPassThrough2.prototype.process = function(chunk, final) {
    this.ondata(null, chunk, final);
  };
  ZipPassThrough2.prototype.push = function(chunk, final) {
    if (!this.ondata)
      err(5);
    this.c.p(chunk);
    this.size += chunk.length;
    if (final)
      this.crc = this.c.d();
    this.process(chunk, final || false);
  };
  return ZipPassThrough2;
})();
var ZipDeflate = /* @__PURE__ */ (function() {
  function ZipDeflate2(filename, opts) {
    var _this = this;
    if (!opts)
      opts = {};
    ZipPassThrough.call(this, filename);
    this.d = new Deflate(opts, function(dat, final) {
      _this.ondata(null, dat, final);
    });
    this.compression = 8;
    this.flag = dbf(opts.level);
  }
  ZipDeflate2.prototype.process = function(chunk, final) {
    try {
      this.d.push(chunk, final);
    } catch (e) {
      this.ondata(e, null, final);
    }
  };
  ZipDeflate2.prototype.push = function(chunk, final) {
    ZipPassThrough.prototype.push.call(this, chunk, final);
  };
  return ZipDeflate2;
})();
var Zip = /* @__PURE__ */ (function() {
  function Zip2(cb) {
    this.ondata = cb;
    this.u = [];
    this.d = 1;
  }
  Zip2.prototype.add = function(file) {
    var _this = this;
    if (!this.ondata)
      err(5);
    if (this.d & 2)
      this.ondata(err(4 + (this.d & 1) * 8, 0, 1), null, false);
    else {
      var f = strToU8(file.filename), fl_1 = f.length;
      var com = file.comment, o = com && strToU8(com);
      var u = fl_1 != file.filename.length || o && com.length != o.length;
      var hl_1 = fl_1 + exfl(file.extra) + 30;
      if (fl_1 > 65535)
        this.ondata(err(11, 0, 1), null, false);
      var header = new u8(hl_1);
      wzh(header, 0, file, f, u, -1);
      var chks_1 = [header];
      var pAll_1 = function() {
        for (var _i = 0, chks_2 = chks_1; _i < chks_2.length; _i++) {
          var chk = chks_2[_i];
          _this.ondata(null, chk, false);
        }
        chks_1 = [];
      };
      var tr_1 = this.d;
      this.d = 0;
      var ind_1 = this.u.length;
      var uf_1 = mrg(file, {
        f,
        u,
        o,
        t: function() {
          if (file.terminate)
            file.terminate();
        },
        r: function() {
          pAll_1();
          if (tr_1) {
            var nxt = _this.u[ind_1 + 1];
            if (nxt)
              nxt.r();
            else
              _this.d = 1;
          }
          tr_1 = 1;
        }
      });
      var cl_1 = 0;
      file.ondata = function(err2, dat, final) {
        if (err2) {
          _this.ondata(err2, dat, final);
          _this.terminate();
        } else {
          cl_1 += dat.length;
          chks_1.push(dat);
          if (final) {
            var dd = new u8(16);
            wbytes(dd, 0, 134695760);
            wbytes(dd, 4, file.crc);
            wbytes(dd, 8, cl_1);
            wbytes(dd, 12, file.size);
            chks_1.push(dd);
            uf_1.c = cl_1, uf_1.b = hl_1 + cl_1 + 16, uf_1.crc = file.crc, uf_1.size = file.size;
            if (tr_1)
              uf_1.r();
            tr_1 = 1;
          } else if (tr_1)
            pAll_1();
        }
      };
      this.u.push(uf_1);
    }
  };
  Zip2.prototype.end = function() {
    var _this = this;
    if (this.d & 2) {
      this.ondata(err(4 + (this.d & 1) * 8, 0, 1), null, true);
      return;
    }
    if (this.d)
      this.e();
    else
      this.u.push({
        r: function() {
          if (!(_this.d & 1))
            return;
          _this.u.splice(-1, 1);
          _this.e();
        },
        t: function() {
        }
      });
    this.d = 3;
  };
  Zip2.prototype.e = function() {
    var bt = 0, l = 0, tl = 0;
    for (var _i = 0, _a2 = this.u; _i < _a2.length; _i++) {
      var f = _a2[_i];
      tl += 46 + f.f.length + exfl(f.extra) + (f.o ? f.o.length : 0);
    }
    var out = new u8(tl + 22);
    for (var _b2 = 0, _c = this.u; _b2 < _c.length; _b2++) {
      var f = _c[_b2];
      wzh(out, bt, f, f.f, f.u, -f.c - 2, l, f.o);
      bt += 46 + f.f.length + exfl(f.extra) + (f.o ? f.o.length : 0), l += f.b;
    }
    wzf(out, bt, this.u.length, tl, l);
    this.ondata(null, out, true);
    this.d = 2;
  };
  Zip2.prototype.terminate = function() {
    for (var _i = 0, _a2 = this.u; _i < _a2.length; _i++) {
      var f = _a2[_i];
      f.t();
    }
    this.d = 2;
  };
  return Zip2;
})();

// pkg-template/simulator/csv.ts
var COLUMNS = ["Record ID", "First Name", "Last Name", "Email", "Note"];
var VALUES = ["Zo\xEB", "Smith, John", 'said "hello"', "two\nlines", "\u{1F600}", "", "Ltd.; Co.", " padded ", "0123", "tab	here"];
var LONGEST_ROW = 120;
function csv(columns, from, to, seed) {
  const header = columns && columns.length > 0 ? columns : COLUMNS;
  const lines = [header.map(quoted).join(",")];
  const random = randomNumbers(seed);
  for (let row = from; row < to; row++) {
    const cells = header.map((_, column) => column === 0 ? String(seed * 1e3 + row) : cell(random()));
    lines.push(cells.map(quoted).join(","));
  }
  return `${lines.join("\n")}
`;
}
var cell = (drawn) => VALUES[Math.floor(drawn * VALUES.length)] ?? "";
var quoted = (text) => `"${text.replaceAll('"', '""')}"`;

// pkg-template/simulator/files.ts
var TYPES2 = {
  csv: "text/csv;charset=utf-8",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  zip: "application/zip"
};
var CONTENT_TYPES = Array.from("[Content_Types].xml", (letter) => letter.charCodeAt(0));
var MAGIC = {
  XLS: [208, 207, 17, 224, 161, 177, 26, 225],
  XLSX: [80, 75, 3, 4, 20, ...Array(21).fill(0), CONTENT_TYPES.length, 0, 0, 0, ...CONTENT_TYPES]
};
var FILES_PATH = "/exports/";
var ORIGIN = "https://exports.hubspot.example";
var ZIP_DATE = "2026-01-01T12:00:00";
var Files = class {
  #now;
  #newUuid;
  /** By their signature, in order of their death. */
  #urls = /* @__PURE__ */ new Map();
  constructor(options, now, newUuid) {
    this.options = options;
    this.#now = now;
    this.#newUuid = newUuid;
  }
  /** A new URL of a task's file. */
  urlOf(task) {
    const diesAt = this.#now() + (this.options.livesMs ?? 3e5);
    for (const [signature2, url] of this.#urls) {
      if (url.diesAt > this.#now()) break;
      this.#urls.delete(signature2);
    }
    const signature = this.#newUuid();
    this.#urls.set(signature, { task, diesAt });
    const path = `${FILES_PATH}${encodeURIComponent(task.id)}/${encodeURIComponent(this.#nameOf(task))}`;
    return `${this.options.origin ?? ORIGIN}${path}?expires=${diesAt}&signature=${signature}`;
  }
  /** The task whose file a URL is of; undefined where the URL is of none, or has died. */
  taskAt(path, search) {
    const signature = /[?&]signature=([^&]+)/.exec(search)?.[1] ?? "";
    const url = this.#urls.get(signature);
    return url && this.#now() < url.diesAt && path.startsWith(`${FILES_PATH}${encodeURIComponent(url.task.id)}/`) ? url.task : void 0;
  }
  /** A short file is not made for its name alone: nobody may ask for it. */
  #nameOf(task) {
    const { name, extension, rows, columns, content } = planOf(task);
    const { zipOverBytes = 2e6, rowsPerFile = 1e6 } = this.options;
    const isShort = content === void 0 && !columns && rows * LONGEST_ROW <= zipOverBytes && rows <= rowsPerFile;
    return isShort && extension === "csv" ? `${name}.csv` : this.build(task).name;
  }
  build(task) {
    return task.built ??= this.#built(task);
  }
  #built(task) {
    const { zipOverBytes = 2e6, rowsPerFile = 1e6 } = this.options;
    const { name, extension } = planOf(task);
    const parts2 = contentsOf(task, rowsPerFile);
    const [first = new Uint8Array()] = parts2;
    if (parts2.length === 1 && first.length <= zipOverBytes) return built(`${name}.${extension}`, TYPES2[extension], first);
    const names = parts2.map((_, index) => `${name}${parts2.length > 1 ? `-${index + 1}` : ""}.${extension}`);
    return built(`${name}.zip`, TYPES2.zip, zipped(names, parts2));
  }
};
function zipped(names, contents) {
  const written = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    written.push(part);
  });
  for (const [index, name] of names.entries()) {
    const file = new ZipDeflate(name);
    file.mtime = ZIP_DATE;
    zip.add(file);
    file.push(contents[index] ?? new Uint8Array(), true);
  }
  zip.end();
  return joined(written);
}
var built = (name, type, bytes) => ({ name, type, bytes, etag: `"${hashOf(bytes)}"` });
function planOf({ file, with: { request } }) {
  const given = file.format ?? request.format;
  const format = given === "XLS" || given === "XLSX" ? given : "CSV";
  const columns = file.columns ?? (Array.isArray(request.objectProperties) ? request.objectProperties.map(String) : void 0);
  const name = file.name ?? (typeof request.exportName === "string" ? request.exportName : "export");
  const extension = format === "XLS" ? "xls" : format === "XLSX" ? "xlsx" : "csv";
  return { format, extension, columns, name, rows: file.rows ?? 25, content: file.content };
}
function contentsOf(task, rowsPerFile) {
  const { format, columns, rows, content } = planOf(task);
  if (typeof content === "string") return [new TextEncoder().encode(content)];
  if (content) return [content];
  if (format !== "CSV") return [opaque(MAGIC[format], rows * 1e3, task.serial)];
  const parts2 = Math.max(Math.ceil(rows / rowsPerFile), 1);
  return Array.from({ length: parts2 }, (_, part) => {
    const from = part * rowsPerFile;
    return new TextEncoder().encode(csv(columns, from, Math.min(from + rowsPerFile, rows), task.serial));
  });
}
function opaque(magic, length, seed) {
  const random = randomNumbers(seed);
  const bytes = Uint8Array.from({ length }, () => random() * 256);
  bytes.set(magic.slice(0, length));
  return bytes;
}
function hashOf(bytes) {
  let hash = 2166136261;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 16777619);
  return uuid(hash >>> 0).replaceAll("-", "");
}

// pkg-template/simulator/responses.ts
var BODILESS = [204, 205, 304];
var PART_BYTES = 65536;
var PARTS_PER_SECOND = 10;
function responseOf(status, headers, body, delivery) {
  if (globalThis.Response) {
    const isPlain = typeof body === "string" && !delivery.breaks && !delivery.bytesPerSecond;
    const content = isPlain ? body : stream(body, delivery);
    return new globalThis.Response(BODILESS.includes(status) ? null : content, { status, headers });
  }
  const bytes = async () => whole(parts(body, delivery));
  const text = async () => typeof body === "string" ? broken(body, delivery) : decoded(await bytes());
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    text,
    json: async () => JSON.parse(await text()),
    arrayBuffer: async () => (await bytes()).slice().buffer
  };
}
function stream(body, delivery) {
  const coming = parts(body, delivery);
  const source = {
    async pull(stream2) {
      const { done, value } = await coming.next();
      if (done) stream2.close();
      else stream2.enqueue(value);
    }
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}
async function* parts(body, { breaks, bytesPerSecond, clock, signal }) {
  const after = lengthOf(body, breaks);
  const comes = typeof body === "string" ? new TextEncoder().encode(body.slice(0, after)) : body.subarray(0, after);
  const size = bytesPerSecond ? Math.ceil(bytesPerSecond / PARTS_PER_SECOND) : PART_BYTES;
  for (let at = 0; at < comes.length; at += size) {
    if (signal?.aborted) throw abortReason(signal);
    if (bytesPerSecond) await pause(clock, 1e3 / PARTS_PER_SECOND, signal);
    yield comes.subarray(at, at + size);
  }
  await breakOff(breaks, signal);
}
var lengthOf = (body, breaks) => breaks ? breaks.after ?? Math.floor(body.length / 2) : body.length;
async function broken(text, { breaks, signal }) {
  await breakOff(breaks, signal);
  return text.slice(0, lengthOf(text, breaks));
}
function breakOff(breaks, signal) {
  if (!breaks || breaks.how === "cut") return Promise.resolve();
  if (breaks.how === "drop") return Promise.reject(new TypeError("terminated"));
  return new Promise((_, reject) => {
    const abort = () => {
      signal?.removeEventListener("abort", abort);
      reject(abortReason(signal));
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort);
  });
}
async function whole(coming) {
  const all = [];
  for await (const part of coming) all.push(part);
  return joined(all);
}
var decoded = (bytes) => decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));

// pkg-template/simulator/script.ts
var Script = class {
  /** The next one first. */
  #entries = [];
  /** Adds answers for some requests, or for any; none where one of them is no answer. */
  add(answers, options = {}) {
    const { taskId, call, family } = options;
    const of = { taskId: taskId === void 0 ? void 0 : String(taskId), call, family };
    this.#entries.push(...[answers].flat().map((answer) => ({ answer: requireAnswer(answer), of })));
  }
  /** The answer for a request: no changes to the usual one where there is none. */
  take(asked) {
    const names = ["taskId", "call", "family"];
    const index = this.#entries.findIndex(({ of }) => names.every((name) => of[name] === void 0 || of[name] === asked[name]));
    const [entry] = index < 0 ? [] : this.#entries.splice(index, 1);
    return entry?.answer ?? {};
  }
};
function completed(script, usualAnswer, family, scopes) {
  const { status, body, ...parts2 } = script;
  const own = { ...parts2, headers: lowerCased(script.headers ?? {}) };
  const bodyOf = (usual2) => "body" in script && { body: typeof body === "function" ? body(family, usual2, scopes) : body };
  if (status !== void 0) return { ...own, ...bodyOf(() => usualAnswer().body), status };
  const usual = usualAnswer();
  const replaced = bodyOf(() => usual.body);
  return { ...usual, ...own, ...replaced, status: usual.status, headers: { ...usual.headers, ...own.headers } };
}
function requireAnswer(answer) {
  if (isObject(answer) && "carriedOut" in answer) {
    requireAnswer(answer.carriedOut);
    return answer;
  }
  const { status = 200 } = Object(answer);
  const isInRange = Number.isInteger(status) && status >= 200 && status <= 599;
  if (isObject(answer) && isInRange || answer === "network-error" || answer === "hang") return answer;
  const gots = { function: "a function: call it", object: `status ${status}` };
  const got = gots[typeof answer] ?? String(answer);
  throw new TypeError(`an answer is an object (status 200 to 599), "network-error" or "hang", not ${got}`);
}

// pkg-template/simulator/defined.ts
var VERSIONS = { numbered: "v\\d+", dated: "\\d{4}-0[39](?:-beta)?" };
var REFUSED = "REFUSED";
function definedFamily(definition) {
  const { name, paths, id = "text", result, scopes = [], start, isQueued = false } = definition;
  if (typeof name !== "string" || name === "") throw new TypeError("a family's name is a text");
  if (!isObject(paths) || !("status" in paths)) throw new TypeError(`family ${name} needs a path of its status`);
  const status = (seen) => definedBody(definition, seen);
  return {
    ...requireOneOf(`the id of family ${name}`, id, IDS),
    name,
    paths: {
      status: bothStyles(paths.status),
      ...paths.start !== void 0 && { start: bothStyles(paths.start) },
      ...paths.details !== void 0 && { details: bothStyles(paths.details) },
      ...paths.cancel !== void 0 && { cancel: bothStyles(paths.cancel) }
    },
    versions: VERSIONS,
    scopes: { toRead: scopes, toStart: scopes },
    unknown: NOT_FOUND,
    hasErrors: true,
    hasResult: result !== void 0,
    accepts: false,
    status,
    details: status,
    start: {
      sends: start?.sends ?? "json",
      missing: () => [],
      answer: (seen, locator) => startAnswer(definition, seen, locator)
    },
    runsAtOnce: isQueued ? 1 : Infinity
  };
}
var bothStyles = (path) => typeof path === "string" ? { numbered: path, dated: path } : path;
function startAnswer(definition, seen, locator) {
  const answers = definition.start?.answers ?? "locator";
  if (answers === "locator") return { status: 202, body: locator };
  const body = { ...definedBody(definition, seen) };
  setField(body, answers === "task" ? "id" : answers.field, seen.task.id);
  return { status: 200, body };
}
function definedBody(definition, seen) {
  const { state, errors, dates } = definition;
  const { task, isStarted, isOver } = seen;
  const body = { id: task.id };
  setField(body, state?.field ?? "status", wordOf(definition, seen));
  setField(body, dates?.requestedAt ?? "requestedAt", isoDate(task.requestedAt));
  if (isStarted) setField(body, dates?.startedAt ?? "startedAt", isoDate(task.startedAt));
  if (!isOver) return body;
  setField(body, dates?.completedAt ?? "completedAt", isoDate(task.completedAt));
  if (task.errors.length > 0) {
    setField(body, errors?.field ?? "errors", task.errors);
    setField(body, errors?.countField ?? "numErrors", task.errors.length);
  }
  const result = resultOf(definition, seen);
  if (definition.result && result !== void 0) setField(body, definition.result.field, result);
  return body;
}
var USUAL_WORDS = {
  queued: "PENDING",
  running: "PROCESSING",
  succeeded: "COMPLETE",
  succeededWithErrors: "COMPLETE",
  failed: "COMPLETE",
  canceled: "CANCELED"
};
function wordOf({ state }, { task, isStarted, isOver }) {
  if (isOver && task.word !== void 0) return task.word;
  const what = isOver ? task.outcome : isStarted ? "running" : "queued";
  const isDone = what === "succeededWithErrors" || what === "failed";
  return state?.[what]?.[0] ?? (isDone ? state?.succeeded?.[0] : void 0) ?? USUAL_WORDS[what];
}
function resultOf({ result }, { task, ends, newUrl, newUuid }) {
  if (!ends.result) return result?.oneOf ? REFUSED : void 0;
  if (task.result !== void 0) return task.result;
  if (result?.oneOf) return result.oneOf[0];
  if (result?.isText) return result.livesMs === void 0 ? newUuid() : newUrl();
  return { id: task.id };
}
function setField(object, path, value) {
  const names = path.split(".");
  const last = names.pop() ?? "";
  let at = object;
  for (const [index, name] of names.entries()) {
    const next = names[index + 1] ?? last;
    at[name] = isObject(at[name]) ? at[name] : /^\d+$/.test(next) ? [] : {};
    at = at[name];
  }
  at[last] = value;
}

// pkg-template/simulator/queue.ts
function planAlone(task) {
  task.startedAt = task.earliestAt;
  task.completedAt = Math.min(task.startedAt + task.processingMs, task.canceledAt);
}
var Queue = class {
  #tasks = [];
  #atOnce;
  /** When each place will be free. */
  #free;
  constructor(atOnce) {
    this.#atOnce = atOnce;
    this.#free = this.#places();
  }
  add(task) {
    this.#tasks.push(task);
    this.#plan(task);
  }
  /** Plans all of them anew, after one was canceled: those that run stay as they are. */
  replan() {
    this.#free = this.#places();
    for (const task of this.#tasks) this.#plan(task);
  }
  #plan(task) {
    const place = this.#free.indexOf(Math.min(...this.#free));
    task.startedAt = Math.max(task.earliestAt, this.#free[place] ?? -Infinity);
    task.completedAt = Math.min(task.startedAt + task.processingMs, task.canceledAt);
    const hasPlace = task.canceledAt > task.startedAt;
    if (hasPlace) this.#free[place] = task.completedAt;
  }
  #places = () => new Array(this.#atOnce).fill(-Infinity);
};

// pkg-template/simulator/tasks.ts
var OUTCOMES = {
  succeeded: { errors: false, result: true },
  succeededWithErrors: { errors: true, result: true },
  failed: { errors: true, result: false },
  canceled: { errors: false, result: false }
};
var RARE_OUTCOMES = ["succeededWithErrors", "failed", "canceled"];
var FIRST_ID = 90151673;
var IDS2 = 2e9;
var MEDIAN_MS = 2e4;
var NOTHING_SENT = { request: {}, files: [] };
var Tasks = class {
  constructor(families, options) {
    this.#tasks = /* @__PURE__ */ new Map();
    this.#queues = /* @__PURE__ */ new Map();
    this.newUuid = () => uuid(++this.#serial);
    this.family = (name) => requireOneOf("family", name, this.#families);
    this.#options = options;
    this.#random = randomNumbers(options.seed);
    this.#serial = options.firstSerial;
    this.#families = Object.fromEntries(families.map((family) => [family.name, family]));
    for (const family of families) {
      this.#tasks.set(family, /* @__PURE__ */ new Map());
      if (options.queued.includes(family.name)) this.#queues.set(family, new Queue(family.runsAtOnce));
    }
  }
  #options;
  #random;
  #families;
  #tasks;
  #queues;
  /** Everything that must be new is made from it. */
  #serial;
  find(family, id) {
    return id === void 0 ? void 0 : this.#tasks.get(family)?.get(id);
  }
  /** Adds a task, requested now. */
  add(name, task = {}, startedWith = NOTHING_SENT) {
    const family = this.family(name);
    const outcome = task.outcome ?? "succeeded";
    const { errors: hasErrors } = requireOneOf("outcome", outcome, OUTCOMES);
    if (!family.hasErrors && (hasErrors || task.errors)) throw new TypeError(`a task of family ${name} has no errors`);
    if (!family.hasResult && task.result !== void 0) throw new TypeError(`a task of family ${name} has no result`);
    if (task.exportState !== void 0 && name !== "export") throw new TypeError(`a task of family ${name} has no exportState`);
    const times = this.#timesOf(task);
    const serial = ++this.#serial;
    const id = String(task.id ?? (family.isNumbered ? FIRST_ID + serial % IDS2 : uuid(serial)));
    if (id === "" || family.isNumbered && !family.decodes(id)) throw new TypeError(`no id of family ${name}: "${id}"`);
    const tasks = this.#tasks.get(family);
    if (tasks?.has(id)) throw new TypeError(`there is a task of family ${name} with id ${id} already`);
    const errors = this.#errors(task.errors ?? (hasErrors ? 1 : 0));
    const { word, exportState, result, file = {}, unknown } = task;
    const added = {
      ...times,
      ...{ id, serial, family, with: startedWith },
      ...{ outcome, word, exportState, errors, madeUpErrors: !Array.isArray(task.errors), result, file, unknown }
    };
    this.#plan(added);
    tasks?.set(id, added);
    return added;
  }
  #errors(given) {
    if (Array.isArray(given)) return given;
    const many = requireWhole("errors", given);
    return Array.from({ length: many }, () => standardError(this.newUuid));
  }
  #timesOf({ pendingMs = 0, processingMs = 0 }) {
    const requestedAt = this.#options.now();
    return {
      requestedAt,
      earliestAt: requestedAt + requireDuration("pendingMs", pendingMs),
      processingMs: requireDuration("processingMs", processingMs),
      ...{ canceledAt: Infinity, startedAt: Infinity, completedAt: Infinity }
    };
  }
  /** An export that waits for somebody's approval never runs, and holds up no other. */
  #plan(task) {
    const queue = this.#queues.get(task.family);
    if (task.exportState === "PENDING_APPROVAL") return;
    if (queue) queue.add(task);
    else planAlone(task);
  }
  /** Adds a task drawn from the seed, requested now. */
  addRandom(name) {
    const family = this.family(name);
    const duration = (deviate) => Math.round(MEDIAN_MS * Math.exp(deviate));
    const [pending, processing] = normalPair(this.#random);
    const drawn = RARE_OUTCOMES[Math.floor(this.#random() * 20)] ?? "succeeded";
    const outcome = OUTCOMES[drawn].errors && !family.hasErrors ? "succeeded" : drawn;
    return this.add(name, { pendingMs: duration(pending), processingMs: duration(processing), outcome });
  }
  /** Whether that did anything: what is over stays as it is. */
  cancel(task) {
    const now = this.#options.now();
    if (now >= task.completedAt) return false;
    Object.assign(task, { outcome: "canceled", word: void 0, canceledAt: now });
    const queue = this.#queues.get(task.family);
    if (queue) queue.replan();
    else planAlone(task);
    return true;
  }
  /** What is true of a task now. */
  see(task, made) {
    const now = this.#options.now();
    const hasEnded = now >= task.completedAt;
    return {
      ...made,
      task,
      hasEnded,
      isStarted: now >= task.startedAt,
      isOver: hasEnded && task.exportState === void 0,
      waitsForOthers: now >= task.earliestAt && now < task.startedAt,
      ends: OUTCOMES[task.outcome],
      newUuid: this.newUuid
    };
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

// pkg-template/simulator/set-up.ts
var hostClock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => {
    globalThis.clearTimeout(handle);
  }
};
function setUp(options) {
  const clock = options.clock ?? hostClock;
  const now = () => clock.now();
  const limiter = options.rateLimit === void 0 ? void 0 : rateLimiter(options.rateLimit);
  const seed = requireWhole("seed", options.seed ?? 0);
  const families = familiesOf(options);
  const queued = queuedOf(families, options);
  const tasks = new Tasks(families, { now, queued, seed, firstSerial: firstSerial(options.seed) });
  const files = new Files(downloadsOf(options), now, tasks.newUuid);
  const account = new Account({
    now,
    tasks,
    files,
    showsLimits: !limiter,
    startedTask: options.startedTask ?? {},
    locatorLinks: requireOneOf("locatorLinks", options.locatorLinks ?? "map", { map: "map", array: "array" }),
    exportsPerDay: limitOf("exportsPerDay", options.exportsPerDay),
    importRows: limitOf("importRows", options.importRows)
  });
  const cors = requireOneOf("cors", options.cors ?? "none", { none: "none", open: "open" });
  const prefix = options.baseUrl ? urlOf(options.baseUrl).pathname.replace(/\/$/, "") : "";
  return { clock, cors, prefix, limiter, families, account, tasks, files };
}
function familiesOf({ families = [] }) {
  const all = [...FAMILIES, IMPORTS, ...families.map(definedFamily)];
  for (const [index, { name }] of all.entries()) {
    if (all.findIndex((other) => other.name === name) < index) throw new TypeError(`there is a family ${name} already`);
  }
  return all;
}
function queuedOf(families, { exportQueue = false, importQueue = false }) {
  const isAsked = { fileImport: false, folderUpdate: false, sourceCodeExtract: false, export: exportQueue, import: importQueue };
  return families.filter(({ name, runsAtOnce }) => isAsked[name] ?? runsAtOnce !== Infinity).map(({ name }) => name);
}
var limitOf = (what, given) => given === void 0 ? Infinity : requireWhole(what, given);
function downloadsOf({ downloads = {} }) {
  requireDuration("downloads.livesMs", downloads.livesMs ?? 0);
  requireWhole("downloads.zipOverBytes", downloads.zipOverBytes ?? 0);
  requireWhole("downloads.rowsPerFile", downloads.rowsPerFile ?? 1, 1);
  return { ...downloads };
}

// pkg-template/simulator/simulator.ts
function createSimulator(options = {}) {
  const { clock, cors, prefix, limiter, families, account, tasks, files } = setUp(options);
  const routes = new Routes(families, prefix);
  const script = new Script();
  function respond(answer, at, limitHeaders, signal) {
    const { status, headers, body = "", breaks, bytesPerSecond } = answer;
    const isJson = isObject(body) && !(body instanceof Uint8Array);
    const all = {
      date: new Date(at).toUTCString(),
      ...isJson && { "content-type": JSON_TYPE },
      ...cors === "open" && OPEN_CORS,
      ...limitHeaders,
      ...headers
    };
    const sent = Object.entries(all).filter((header) => header[1] !== null);
    const delivery = { breaks, bytesPerSecond, clock, signal };
    return responseOf(status, Object.fromEntries(sent), isJson ? JSON.stringify(body) : body, delivery);
  }
  const fetch = async (input, init) => {
    const request = readRequest(input, init);
    const { url, method, headers, body, signal } = request;
    if (signal?.aborted) throw abortReason(signal);
    const { pathname: path, search } = urlOf(url);
    const route = routes.find(path, method);
    const isDownload = !route && path.startsWith(FILES_PATH);
    const asked = {
      ...route && { call: route.call, family: route.family.name },
      ...route?.hasTaskId && { taskId: route.taskId },
      ...isDownload && { call: "download", taskId: percentDecoded(path.split("/")[2] ?? "") }
    };
    const at = clock.now();
    const sentBody = body !== void 0 && { body };
    const record = { at, method, url, path, headers, ...sentBody, status: void 0, ...asked };
    simulator.requests.push(record);
    const isPreflight = method === "OPTIONS" && cors === "open";
    const limited = isPreflight || isDownload ? {} : limiter?.(at) ?? {};
    const { exceeded } = limited;
    const sent = body === void 0 ? void 0 : await readBody(body, headers["content-type"]);
    const usual = once(() => {
      if (isPreflight) return preflight(headers, route ? METHODS[route.call] : "GET, POST");
      if (isDownload) return download(files, request, path, search);
      return exceeded ? account.refuse(429, rateLimit(exceeded)) : account.answer(request, search, sent, route, simulator);
    });
    const scripted = isPreflight || exceeded ? {} : script.take(asked);
    const outcome = outcomeOf(scripted, usual, route);
    const latencyMs = isObject(outcome) ? outcome.latencyMs ?? simulator.latencyMs : simulator.latencyMs;
    if (outcome === "hang") record.status = "hang";
    try {
      await pause(clock, outcome === "hang" ? Infinity : latencyMs, signal);
    } catch (reason) {
      record.status = "aborted";
      throw reason;
    }
    if (!isObject(outcome)) {
      record.status = "network-error";
      throw new TypeError("fetch failed");
    }
    record.status = outcome.status;
    return respond(outcome, at, limited.headers, signal);
  };
  const simulator = {
    fetch,
    addTask: (family, task) => tasks.add(family, task).id,
    addRandomTask: (family) => tasks.addRandom(family).id,
    script: (answers, options2) => {
      script.add(answers, options2);
    },
    requests: [],
    starts: account.starts,
    downloads: files.options,
    tokens: options.tokens,
    scopes: options.scopes,
    latencyMs: requireDuration("latencyMs", options.latencyMs ?? 0)
  };
  return simulator;
}
function outcomeOf(scripted, usual, route) {
  const isCarriedOut = isObject(scripted) && "carriedOut" in scripted;
  if (isCarriedOut) usual();
  const reply = isCarriedOut ? scripted.carriedOut : scripted;
  return isObject(reply) ? completed(reply, usual, route?.family.name, route ? scopesOf(route) : []) : reply;
}
function once(make) {
  let made;
  return () => made ??= make();
}
export {
  createSimulator,
  createVirtualClock,
  faults,
  serveSimulator
};
/*
This file contains parts of
fflate:
MIT License

Copyright (c) 2026 Arjun Barrett

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
*/
