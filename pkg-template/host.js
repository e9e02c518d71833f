// What the wasm asks of its host. In JavaScript, because an answer of any shape is read in a few lines here, and in
// kilobytes of WebAssembly.

/** Whether there is one. */
export const isSome = (value) => (value ?? undefined) !== undefined;

/** A field of any object; undefined where it is absent, null, or cannot be read. */
export function field(object, name) {
  try {
    return object[name] ?? undefined;
  } catch {
    return undefined;
  }
}

const only = (type, value) => (typeof value === type ? value : undefined);

/** The value, if it is a number; NaN for anything else. */
export const asNumber = (value) => only("number", value) ?? NaN;

/** The same of a field. */
export const number = (object, name) => asNumber(field(object, name));

/** The same, if it is a string that tells a time: milliseconds since the Unix epoch; NaN for anything else. */
export const time = (object, name) => Date.parse(only("string", field(object, name)));

/** The property as it is. Throws what its getter throws. */
export const get = (object, name) => object[name];

export const says = (object, name, word) => field(object, name) === word;

export const matches = (text, form) => typeof text === "string" && new RegExp(form).test(text);

export const hasMethod = (object, name) => typeof field(object, name) === "function";

/** Sets a field of an object of our own. */
export const put = (object, name, value) => {
  object[name] = value;
};

/** The same, unless there is no value: undefined or NaN. */
export const putSome = (object, name, value) => {
  if (value === value && value !== undefined) object[name] = value;
};

/** Whether it is a text without half a surrogate pair: WebAssembly would get another character in its place. */
export const isWellFormed = (text) => typeof text === "string" && !/\p{Surrogate}/u.test(text);

export const wellFormed = (text) => (isWellFormed(text) ? text : undefined);

/** The digits of a whole number. */
export const digits = (value) =>
  Number.isSafeInteger(value) || typeof value === "bigint" ? String(value) : undefined;

/** The text with the values in the places of {}. */
const filled = (text, ...values) => text.replace(/{}/g, () => values.shift());

/** What went wrong: a message, to which fields are added. */
export const said = (...message) => ({ message: filled(...message) });

export const refusal = (name, got, takes) => said("{}: got {}, takes {}", name, got, takes);

/** So much of a wrong string is shown. */
const SHOWN = 60;

/** The same of a wrong value: the beginning of a string, a number, of anything else the type alone. */
export function refusalOf(name, value, takes) {
  if (typeof value === "number") return refusal(name, value, takes);
  if (typeof value !== "string") return refusalOfKind(name, value, takes);
  return refusal(name, `"${value.slice(0, SHOWN)}${value.length > SHOWN ? "…" : ""}"`, takes);
}

/** The same without showing the value: it may be a secret. */
export const refusalOfKind = (name, value, takes) => refusal(name, kind(value), takes);

const kind = (value) => `a value of type ${typeof value}`;

/** Adds to the message, unless there is nothing to add. */
export const add = (said, more, value) => {
  if (value !== undefined) said.message += filled(more, value);
};

export const within = (said, place) => {
  said.message = place + said.message;
};

/** Says which task it is about. */
export const ascribe = (said, family, taskId) => {
  within(said, `${family} ${taskId}: `);
  Object.assign(said, { family, taskId });
};

/** The beginning of a text: without a secret, up to a mark, and no longer than so many characters. */
export function excerpt(text, secret, mark, length) {
  if (typeof text !== "string") return undefined;
  const clean = secret ? text.split(secret).join("[token]") : text;
  const place = clean.indexOf(mark);
  const end = place < 0 ? length : Math.min(place, length);
  return clean.slice(0, end) + (clean.length > end ? "…" : "");
}

/** The same of each text in a list; empty where it is none. */
export const excerpts = (list, ...how) =>
  (Array.isArray(list) ? list : []).map((text) => excerpt(text, ...how)).filter((text) => text !== undefined);

/** In the place of a clock that is not given. Looks up at each call: test tools replace these functions. */
const hostClock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => clearTimeout(handle),
};

/** Throws what the clock throws. */
export const now = (clock = hostClock) => clock.now();

/** A timer: `over`, a promise, and `stop`, which gives it up. Throws what the clock throws. */
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

/** A host need not be a page, nor a page a whole one. (What Node lacks is asked for with `?.`: to throw takes 20 µs.) */
function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}

const page = () => ({ window: globalThis, document: attempt(() => globalThis.document) });

/** What the wasm exports for its host to call, each with a client's number: index.js puts it here. */
export const wasm = {};

/**
 * The one timer of a client: runs it later, and looks at it again when the page is shown or the network is back, since
 * timers of hidden pages are slow. Gives what stops it. Throws what the clock throws.
 */
export function alarm(client, ms, clock = hostClock) {
  const { document, window } = page();
  let isOver = false;
  /** Once: a clock may ring late, or twice. */
  const end = (how) => {
    if (isOver) return;
    isOver = true;
    attempt(() => window.removeEventListener?.("online", wake));
    attempt(() => document?.removeEventListener?.("visibilitychange", wake));
    how?.(client);
  };
  const wake = () => attempt(() => document?.visibilityState) !== "hidden" && end(wasm.wake);
  const handle = clock.setTimeout(() => end(wasm.ring), ms);
  attempt(() => window.addEventListener?.("online", wake));
  attempt(() => document?.addEventListener?.("visibilitychange", wake));
  return () => {
    end();
    clock.clearTimeout(handle);
  };
}

/** A copy without getters. JSON knows no bigint. */
export const plain = (value) => JSON.parse(JSON.stringify(value, (_, part) => (typeof part === "bigint" ? null : part)));

/** Tells an observer. What it throws, or rejects with, harms nothing. */
export const notify = (observer, event) => void (async () => observer(event))().catch(() => {});

/** After those who were just told: nothing may be sent if one of them aborts. */
export const later = (client) => void Promise.resolve().then(() => wasm.run(client));

/** What was thrown, in words; nothing where it has none. */
export function describe(thrown) {
  try {
    return String(thrown);
  } catch {
    return "";
  }
}

export const isHeaderName = (name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name);

/** Whether a header can carry it: bytes, and none that ends the line. */
export const isHeaderValue = (value) => !/[\0\r\n\u0100-\uffff]/.test(value);

/**
 * The fields of a plain object by twos, name and value, without those that have none; undefined for what is no such
 * object. Throws what reading it throws.
 */
export function pairs(object) {
  if (typeof object !== "object" || (object[Symbol.iterator] ?? undefined) !== undefined) return undefined;
  return Reflect.ownKeys(object).flatMap((name) => {
    const value = typeof name === "string" ? object[name] : undefined;
    return (value ?? undefined) === undefined ? [] : [name, value];
  });
}

/** Such fields as one object, with names that differ in case alone as one. */
export function merged(pairs) {
  const headers = new Headers();
  for (let at = 0; at < pairs.length; at += 2) headers.append(pairs[at], pairs[at + 1]);
  return Object.fromEntries(headers);
}

const bearer = (token) => `Bearer ${token}`;

/** What no token can be, in words that follow "got" and "gave". */
export function complaint(token) {
  if (typeof token !== "string") return `${kind(token)} instead of a token`;
  if (token.trim() === "") return "an empty token";
  if (!isHeaderValue(token)) return "a token with a line break or a character that no header can carry";
}

/** Sends a client's requests, each with its token, by number. */
export class Sender {
  constructor(baseUrl, headers, token, fetch) {
    this.baseUrl = baseUrl.replace(/\/+$/, "");
    this.fetch = fetch;
    ({ authorization: this.authorization, ...this.headers } = headers ?? {});
    if (typeof token === "function") this.token = token;
    else if (token !== undefined) this.authorization = bearer(token);
    /** Requests under way, and those that may be repeated. */
    this.flights = new Map();
    /** Calls of the token function under way, by `refresh`: those that overlap share one. */
    this.open = new Map();
    /** The token that was refused last, and the one that took its place. */
    this.replaced = [];
  }

  /** Sends, and tells the client the answer unless it is given up. */
  async send(client, number, repeats, path) {
    const answer = await this.ask(number, repeats, path);
    if (answer) wasm.replied(client, number, answer);
  }

  /** Sends, and gives the answer, flat; undefined when it is given up. Never rejects. */
  async ask(number, repeats, path) {
    const flight = this.flights.get(repeats) ?? {};
    this.flights.delete(repeats);
    this.flights.set(number, flight);
    flight.isSent = false;
    const givenUp = new Promise((resolve) => (flight.giveUp = resolve));
    const answer = await Promise.race([this.answer(flight, path), givenUp]);
    if (!answer?.isRepeatable) this.flights.delete(number);
    return answer;
  }

  /** Breaks a request off; says whether it still waited for its token. */
  giveUp(number) {
    const flight = this.flights.get(number);
    if (!flight) return false;
    this.flights.delete(number);
    flight.isOver = true;
    flight.giveUp();
    flight.stop?.();
    return !flight.isSent;
  }

  async answer(flight, path) {
    const fetch = this.fetch ?? globalThis.fetch;
    if (typeof fetch !== "function") return { problem: "fetch", thrown: new TypeError("fetch is not a function") };
    let { authorization } = this;
    if (this.token) {
      try {
        const problem = complaint((flight.token = await this.tokenFor(flight)));
        if (problem) return { problem: "token", message: problem };
      } catch (thrown) {
        return { problem: "token", thrown };
      }
      authorization = bearer(flight.token);
    }
    if (flight.isOver) return;
    // A redirect is never followed, for a token must not go where it leads.
    const init = { method: "GET", headers: { ...this.headers }, redirect: "manual" };
    if (authorization !== undefined) init.headers.Authorization = authorization;
    const controller = typeof AbortController === "function" ? new AbortController() : undefined;
    if (controller) init.signal = controller.signal;
    flight.stop = () => controller?.abort();
    flight.isSent = true;
    const secret = flight.token ?? authorization?.split(" ").pop();
    try {
      const answer = await read(await fetch(this.baseUrl + path, init));
      return { ...answer, secret, isRepeatable: answer.status === 401 && this.token !== undefined && !flight.isFresh };
    } catch (thrown) {
      return { problem: "network", thrown, secret };
    }
  }

  /** A token; after a refused one its successor, which the function is asked for once. */
  async tokenFor(flight) {
    const refused = flight.token;
    if (refused === undefined) return this.shared(flight, false);
    const [old, successor] = this.replaced;
    if (refused === old) return successor;
    flight.isFresh = true;
    const token = await this.shared(flight, true);
    if (token !== refused && !complaint(token)) this.replaced = [refused, token];
    return token;
  }

  shared(flight, refresh) {
    const { token, open } = this;
    const call = open.get(refresh) ?? (async () => token({ refresh }))();
    const forget = () => open.get(refresh) === call && open.delete(refresh);
    open.set(refresh, call);
    call.then(forget, forget);
    // A call that nobody waits for any more may never answer.
    flight.stop = forget;
    return call;
  }
}

/** A Response, of this realm or another, hubspot.fetch's answer, or { status, headers, body }. */
async function read(response) {
  const headers = response?.headers;
  return {
    status: response?.status,
    ...(await body(response)),
    contentType: header(headers, "content-type"),
    ...span(inGmt(header(headers, "retry-after"))),
    date: inGmt(header(headers, "date")),
    limit: whole(header(headers, "x-hubspot-ratelimit-max")),
    remaining: whole(header(headers, "x-hubspot-ratelimit-remaining")),
    windowMs: whole(header(headers, "x-hubspot-ratelimit-interval-milliseconds")),
  };
}

/** A header's whole number; NaN where it has none. */
const whole = (text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : NaN);

/** `Retry-After`: seconds, or a date. All HTTP dates begin with a day's name; Date.parse takes much that is none. */
const span = (text) => ({
  retrySeconds: whole(text),
  retryDate: /^\s*[a-z].*:/i.test(text) ? Date.parse(text) : NaN,
});

/** The body's text, and what it says; undefined where it is no JSON. */
async function body(response) {
  const text = await textOf(response);
  try {
    return { text, parsed: JSON.parse(text) };
  } catch {
    return { text, isEmpty: text.trim() === "" };
  }
}

async function textOf(response) {
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

/** The oldest of the three forms of a date in HTTP, "Sun Nov  6 08:49:37 1994", does not say that it is GMT. */
const inGmt = (date) => (/^\w{3} \w{3} .*\d{4}$/.test(date) ? `${date} GMT` : date);

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
  const base = attempt(() => globalThis.document.baseURI) ?? attempt(() => globalThis.location.href);
  return new URL(address, base);
}

export const hasHeaders = () => typeof Headers === "function";
