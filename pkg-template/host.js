// What the wasm asks of its host: values, time, and who observes. In JavaScript, because a value of any shape is read in
// a few lines here, and in kilobytes of WebAssembly.

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
