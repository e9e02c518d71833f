// What the wasm asks of its host: each thing under way is an object with `over`, a promise, and `stop`, which gives it
// up. In JavaScript, because an answer of any shape is read in a few lines here, and in kilobytes of WebAssembly.

/** In the place of a clock that is not given. Looks up at each call: test tools replace these functions. */
const hostClock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => clearTimeout(handle),
};

/** Throws what the clock throws. */
export const now = (clock = hostClock) => clock.now();

/** A timer. Throws what the clock throws. */
export function timer(ms, clock = hostClock) {
  let open;
  const over = new Promise((resolve) => (open = resolve));
  const handle = clock.setTimeout(() => open(), ms);
  return {
    over,
    stop() {
      // First, or the wasm's callbacks on a promise that never settles would stay in memory.
      open();
      clock.clearTimeout(handle);
    },
  };
}

/** Listens to a signal until stopped. Throws where it is no signal. */
export function listen(signal) {
  let open;
  const over = new Promise((resolve) => (open = () => resolve()));
  signal.addEventListener("abort", open);
  return {
    over,
    stop() {
      open();
      signal.removeEventListener("abort", open);
    },
  };
}

/** A promise of the caller's. Given up, it holds none of the wasm's callbacks, even if it never settles. */
export function awaited(promise) {
  let stop;
  const over = new Promise((resolve, reject) => {
    stop = () => resolve();
    Promise.resolve(promise).then(resolve, reject);
  });
  return { over, stop };
}

/** Calls a token function; calls that overlap share one promise, until somebody gives it up or it settles. */
export function sharing(token) {
  const open = new Map();
  return (refresh) => {
    const answer = open.get(refresh) ?? (async () => token({ refresh }))();
    const forget = () => open.get(refresh) === answer && open.delete(refresh);
    open.set(refresh, answer);
    answer.then(forget, forget);
    const { over, stop } = awaited(answer);
    return {
      over,
      stop() {
        stop();
        forget();
      },
    };
  };
}

/** What was thrown, in words; nothing where it has none. */
export function describe(thrown) {
  try {
    return String(thrown);
  } catch {
    return "";
  }
}

/** What a call rejects with when this signal aborts it. */
export function abortReason(signal) {
  if (signal.reason !== undefined) return signal.reason;
  const message = "This operation was aborted";
  if (typeof DOMException === "function") return new DOMException(message, "AbortError");
  return Object.assign(new Error(message), { name: "AbortError" });
}

/** A request and its answer, flat. Throws where there is no fetch; everything else comes by the promise. */
export function exchange(url, init, fetch = globalThis.fetch) {
  if (typeof fetch !== "function") throw new TypeError("fetch is not a function");
  const controller = typeof AbortController === "function" ? new AbortController() : undefined;
  if (controller) init.signal = controller.signal;
  let isOver = false;
  // Called at once: a moment later the request might be given up already.
  const answer = (async () => read(await fetch(url, init)))();
  const { over, stop } = awaited(answer.finally(() => (isOver = true)));
  return {
    over,
    stop() {
      stop();
      if (!isOver) controller?.abort();
    },
  };
}

/** A Response, of this realm or another, hubspot.fetch's answer, or { status, headers, body }. */
async function read(response) {
  const headers = response?.headers;
  return {
    status: response?.status,
    text: await text(response),
    contentType: header(headers, "content-type"),
    retryAfter: header(headers, "retry-after"),
    date: header(headers, "date"),
  };
}

async function text(response) {
  if (typeof response?.text === "function") return written(await response.text());
  // What cannot be parsed is told in the place of what it was.
  if (typeof response?.json === "function") return written(await (async () => response.json())().catch(String));
  return written(response?.body);
}

/** Written out, so that what parses it again meets no getters. */
function written(body) {
  if (typeof body === "string") return body;
  return JSON.stringify(body ?? undefined) ?? "";
}

/** A header that cannot be read, or is no text, is as good as absent. */
function header(headers, name) {
  try {
    const value =
      typeof headers?.get === "function"
        ? headers.get(name)
        : Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A relative address is resolved against the document, else against the worker's own. Throws where it is none. */
export function resolve(address) {
  return new URL(address, globalThis.document?.baseURI ?? globalThis.location?.href);
}

export const hasHeaders = () => typeof Headers === "function";
