// What the wasm asks of its host: values, what callers give, time, and who observes. In JavaScript, because a value of any
// shape is read in a few lines here, and in kilobytes of WebAssembly.

/** Whether there is one. */
export const isSome = (value) => (value ?? undefined) !== undefined;

/** An object of the fields that have a value: neither undefined nor NaN. */
export const known = (fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value === value && value !== undefined));

/** A host need not be a page, nor a page a whole one. (What Node lacks is asked for with `?.`: to throw takes 20 µs.) */
export function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}

export const hasMethod = (object, name) => attempt(() => typeof object[name] === "function") === true;

/** What a value is, where it must not be shown. */
export const kind = (value) => `a value of type ${typeof value}`;

/** A part of a list of our own. */
export const item = (list, at) => list[at];

/** A field of an object of our own. */
export const field = (object, name) => object[name];

export const push = (list, number) => void list.push(number);

export const is = (value, word) => value === word;

// What callers give: read at once, caught where it throws, and refused by its name. What is thrown here says why:
// `{ message, cause? }`, the caller's INVALID_ARGUMENT.

/** `got` in words. */
const refused = (name, got, takes) => ({ message: `${name}: got ${got}, takes ${takes}` });

/** So much of a wrong string is shown. */
const SHOWN = 60;

/** A wrong value: the beginning of a string, a number, of anything else the type alone. */
function shown(value) {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return kind(value);
  return `"${value.slice(0, SHOWN)}${value.length > SHOWN ? "…" : ""}"`;
}

export const refusal = (name, value, takes) => refused(name, shown(value), takes);

/** The same without showing the value: it may be a secret. */
export const refusalOfKind = (name, value, takes) => refused(name, kind(value), takes);

export function reading(name, read, what = "it") {
  try {
    return read();
  } catch (cause) {
    throw { message: `${name}: reading ${what} threw`, cause };
  }
}

/**
 * The fields of a table, `name: [takes, fits]`, each checked. What is not given, or null, is undefined; fields that are
 * not in the table are ignored.
 */
export function fields(object, table, place = "") {
  const read = Object.entries(table).map(([name, [takes, fits]]) => {
    const value = reading(place + name, () => object?.[name]) ?? undefined;
    if (value !== undefined && !fits(value)) throw refusal(place + name, value, takes);
    return [name, value];
  });
  return Object.fromEntries(read);
}

const URL_TAKES = "an http or https URL without user, query and hash";

/** The hosts of one machine's own. */
const LOOPBACK = /^(127\.[\d.]*|(.*\.)?localhost|\[::1\])$/;

/** A relative address is resolved against the document, else against the worker's own. */
function resolved(address) {
  const base = attempt(() => globalThis.document.baseURI) ?? attempt(() => globalThis.location.href);
  const { href, protocol, hostname, username, password } = new URL(address, base);
  return { href, protocol, hostname, username, password };
}

/** The base URL of the API, and whether a token may be sent there: over https, or not over the network at all. */
export function baseUrl(address) {
  if (typeof address !== "string") throw refusalOfKind("baseUrl", address, URL_TAKES);
  const url = attempt(() => resolved(address));
  const isHttps = url?.protocol === "https:";
  const wrong = [
    [!url, "no URL, or a relative one that nothing here resolves"],
    [!isHttps && url?.protocol !== "http:", "another protocol"],
    [url?.username || url?.password, "a URL with a user in it"],
    [typeof url?.href !== "string", "no URL"],
    // Looked for in the whole: a bare ? or # is no part, and an empty address takes the page's own.
    [/[?#]/.test(url?.href), "a URL with a query or a hash"],
  ].find(([isWrong]) => isWrong);
  if (wrong) throw refused("baseUrl", wrong[1], URL_TAKES);
  return { address: url.href, isSafe: isHttps || LOOPBACK.test(url.hostname) };
}

/** Whether a header can carry it: bytes, and none that ends the line. */
const isHeaderValue = (value) => !/[\0\r\n\u0100-\uffff]/.test(value);

/** A header of the caller's: the host's `Headers` would not say what is wrong. */
export function checkHeader(name, value) {
  if (typeof value !== "string") throw refused(`headers.${name}`, kind(value), "a string");
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
    throw refused(`headers: ${name}`, "that name", "names of letters, digits and -_.~!#$%&'*+^`|");
  }
  if (!isHeaderValue(value)) {
    const takes = "characters up to U+00FF without line breaks";
    throw refused(`headers.${name}`, "a value that no header can carry", takes);
  }
}

const NO_HEADERS = { message: "headers: this host has no Headers to check and merge them" };

/** Fails where the host has no `Headers`. */
export function checkHost() {
  if (typeof Headers !== "function") throw NO_HEADERS;
}

const HEADERS_TAKES = "a plain object of strings";

/** The caller's headers, by lower-case name: those that differ in case alone are one. */
export function headers(object) {
  if (!isSome(object)) return undefined;
  const given = reading("headers", () => pairs(object), "them");
  if (!given) throw refusalOfKind("headers", object, HEADERS_TAKES);
  for (const [name, value] of given) {
    if (!isWellFormed(name)) throw refused("headers", "a name that no header can have", HEADERS_TAKES);
    checkHeader(name, value);
  }
  if (given.length === 0) return undefined;
  // Fails where there are none, or a stand-in that lacks something.
  const merged = attempt(() => {
    const headers = new Headers();
    for (const [name, value] of given) headers.append(name, value);
    return Object.fromEntries(headers);
  });
  if (!merged) throw NO_HEADERS;
  return merged;
}

/** The fields of a plain object, without those that have none; undefined for what is no such object. */
function pairs(object) {
  if (typeof object !== "object" || isSome(object[Symbol.iterator])) return undefined;
  const names = Reflect.ownKeys(object).filter((name) => typeof name === "string");
  return names.map((name) => [name, object[name]]).filter(([, value]) => isSome(value));
}

/** What no token can be, in words that follow "got" and "gave". */
export function complaint(token) {
  if (typeof token !== "string") return `${kind(token)} instead of a token`;
  if (token.trim() === "") return "an empty token";
  if (!isHeaderValue(token)) return "a token with a line break or a character that no header can carry";
}

/** A token, or the function that gives it. */
export function token(token) {
  if (!isSome(token)) return undefined;
  if (typeof token === "function") return token;
  if (typeof token !== "string") throw refusalOfKind("token", token, "a string or a function");
  const wrong = complaint(token);
  if (wrong) throw refused("token", wrong, "a token as HubSpot gave it, or a function");
  return token;
}

/** An object that takes the place of the host's clock and timers. */
export function clock(clock) {
  if (!isSome(clock)) return undefined;
  const isClock = ["now", "setTimeout", "clearTimeout"].every((name) => hasMethod(clock, name));
  if (typeof clock === "object" && isClock) return clock;
  throw refusalOfKind("clock", clock, "an object with the functions now, setTimeout and clearTimeout");
}

/** Whether it is a text without half a surrogate pair: WebAssembly would get another character in its place. */
export const isWellFormed = (text) => typeof text === "string" && !/\p{Surrogate}/u.test(text);

// Time.

/** In the place of a clock that is not given. Looks up at each call: test tools replace these functions. */
const hostClock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => clearTimeout(handle),
};

const clockFailed = (name, cause) => ({ message: `clock.${name} threw`, cause });

/** Milliseconds since the Unix epoch. Throws what is wrong with the clock, as all that uses it. */
export function now(clock = hostClock) {
  let now;
  try {
    now = clock.now();
  } catch (cause) {
    throw clockFailed("now", cause);
  }
  if (typeof now === "number" && now >= 0 && now < Infinity) return now;
  const takes = "a function that gives milliseconds since the Unix epoch";
  throw { message: `clock.now: got ${kind(now)}, takes ${takes}` };
}

function setTimer(clock, callback, ms) {
  try {
    return clock.setTimeout(callback, ms);
  } catch (cause) {
    throw clockFailed("setTimeout", cause);
  }
}

/** A timer: `over`, a promise, and `stop`, which gives it up. */
export function timer(ms, clock = hostClock) {
  let open;
  const over = new Promise((resolve) => (open = resolve));
  const handle = setTimer(clock, () => open(), ms);
  return {
    over,
    stop() {
      // First, or the wasm's callbacks on a promise that never settles would stay in memory.
      open();
      attempt(() => clock.clearTimeout(handle));
    },
  };
}

/** The client that the wasm works for: what it asks of its host meanwhile is of this one. */
let current;

/**
 * Calls what the wasm exports, for a client. The only way in: the wasm holds nothing that a client was given, so that a
 * client can be collected, though its token function and its like lead back to it.
 */
export function enter(client, call, ...values) {
  const outer = current;
  current = client;
  try {
    return call(client.number, ...values);
  } finally {
    current = outer;
  }
}

/** Sends a request of the client; it hears the answer unless that is given up. */
export function send(...request) {
  const client = current;
  const [number] = request;
  void client.sender.ask(...request).then((answer) => answer && enter(client, wasm.replied, number, answer));
}

/** Breaks it off. */
export const giveUp = (number) => void current.sender.giveUp(number);

/** The same, where it took too long: gives that as its answer. */
export const late = (number) => current.sender.late(number);

/** The time by the client's clock. */
export const time = () => now(current.clock);

const page = () => ({ window: globalThis, document: attempt(() => globalThis.document) });

/** What the wasm exports for its host to call: api.js puts it here. */
export const wasm = {};

/** What `wasm.act` takes in for a client. The same stands in src/web/exports.rs. */
export const [RUN, WAKE, CLOSE_TASK, HANG_UP, LEAVE, REST, ATTEND, RING] = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * The one timer of the client: runs it later, and looks at it again when the page is shown or the network is back, since
 * timers of hidden pages are slow. Gives what stops it.
 */
export function alarm(ms) {
  const client = current;
  const { clock = hostClock } = client;
  const { document, window } = page();
  let isOver = false;
  /** Once: a clock may ring late, or twice. */
  const end = (what) => {
    if (isOver) return;
    isOver = true;
    attempt(() => window.removeEventListener?.("online", wake));
    attempt(() => document?.removeEventListener?.("visibilitychange", wake));
    if (what) enter(client, wasm.act, what);
  };
  const wake = () => attempt(() => document?.visibilityState) !== "hidden" && end(WAKE);
  const handle = setTimer(clock, () => end(RING), ms);
  attempt(() => window.addEventListener?.("online", wake));
  attempt(() => document?.addEventListener?.("visibilitychange", wake));
  return () => {
    end();
    // A clock that cannot clear: the timer will ring, and find nothing to do.
    attempt(() => clock.clearTimeout(handle));
  };
}

export const stop = (alarm) => alarm();

/** Runs the client after those who were just told: nothing may be sent if one of them aborts. */
export function later() {
  const client = current;
  void Promise.resolve().then(() => enter(client, wasm.act, RUN));
}

/** What an event has beside its task and its time, by its type. */
const EVENTS = {
  asked: ["", "poll"],
  answered: ["", "poll", "httpStatus", "durationMs"],
  changed: ["status"],
  retrying: ["code", "delayMs"],
  throttled: ["reason", "delayMs"],
  finished: ["outcome", "polls", "detectionDelayMs"],
};

/** Tells the client's observer. What it throws, or rejects with, harms nothing. */
export function notify(type, family, taskId, at, ...values) {
  const more = Object.fromEntries(EVENTS[type].map((name, at) => [name, values[at]]));
  const event = known({ family: FAMILIES[family], taskId: decodeURIComponent(taskId), at, ...more, type });
  const { onEvent } = current;
  void (async () => onEvent(event))().catch(() => {});
}

/** In the order of Family::ALL in src/family.rs. */
export const FAMILIES = ["fileImport", "folderUpdate", "export", "sourceCodeExtract"];

/** A checkpoint, all but its task. */
export const checkpointOf = (apiVersion, polls, faults, queued, startedMs, processingMs, dueMs, deadlineMs) =>
  known({ apiVersion, polls, faults, queued, startedMs, processingMs, dueMs, deadlineMs });
