// Sends a client's requests, through the host's fetch or the caller's, as `(url, plain object)`, each with its token; and
// tells what an answer says: a task status, nothing yet, or what went wrong.
//
// In one file, since the runner of the WebAssembly tests cannot serve many: CONTRIBUTING.md, "Testing".
import { attempt, complaint, isSome, known } from "./host.js";

/** What came: nothing, no token, nothing for want of a fetch, an answer. See src/web/answer.rs. */
const [NETWORK, TOKEN, FETCH, HTTP] = [0, 1, 2, 3];

const bearer = (token) => `Bearer ${token}`;

/** Requests go by number. */
export class Sender {
  /** Takes what host.js read. */
  constructor({ address, isSafe }, headers, token, fetch) {
    this.baseUrl = address.replace(/\/+$/, "");
    this.fetch = fetch;
    ({ authorization: this.authorization, ...this.headers } = headers ?? {});
    if (typeof token === "function") this.token = token;
    else if (token !== undefined) this.authorization = bearer(token);
    if (!isSafe && (token ?? this.authorization) !== undefined) {
      const takes = "an https URL, or one of this machine, because a token is sent there";
      throw { message: `baseUrl: got an unencrypted URL, takes ${takes}` };
    }
    /** Requests under way, and those that may be repeated. */
    this.flights = new Map();
    /** Calls of the token function under way, by `refresh`: those that overlap share one. */
    this.open = new Map();
    /** The token that was refused last, and the one that took its place. */
    this.replaced = [];
  }

  /** Sends, and gives the answer, for `understand`; undefined when it is given up. Never rejects. */
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
    attempt(() => flight.stop?.());
    return !flight.isSent;
  }

  /** The same of one that took too long: gives that as its answer. */
  late(number) {
    return this.giveUp(number)
      ? { kind: TOKEN, detail: { message: "the token function did not answer within requestTimeoutMs" } }
      : { kind: NETWORK, detail: { message: "no answer came within requestTimeoutMs" } };
  }

  async answer(flight, path) {
    const fetch = this.fetch ?? attempt(() => globalThis.fetch);
    if (typeof fetch !== "function") {
      const message = "this host has no fetch: give one as the option fetch";
      return { kind: FETCH, detail: { message, cause: new TypeError("fetch is not a function") } };
    }
    let { authorization } = this;
    if (this.token) {
      try {
        const wrong = complaint((flight.token = await this.tokenFor(flight)));
        if (wrong) return { kind: TOKEN, detail: { message: `the token function gave ${wrong}` } };
      } catch (cause) {
        return { kind: TOKEN, detail: { message: "the token function threw", cause } };
      }
      authorization = bearer(flight.token);
    }
    if (flight.isOver) return;
    // A redirect is never followed, for a token must not go where it leads.
    const init = { method: "GET", headers: { ...this.headers }, redirect: "manual" };
    if (authorization !== undefined) init.headers.Authorization = authorization;
    // Without one a request goes on when it is given up, and nobody hears of its answer.
    const controller = attempt(() => new AbortController());
    if (controller) init.signal = controller.signal;
    flight.stop = () => controller?.abort();
    flight.isSent = true;
    const secret = flight.token ?? authorization?.split(" ").pop();
    try {
      const answer = await read(await fetch(this.baseUrl + path, init));
      return { ...answer, secret, isRepeatable: answer.status === 401 && this.token !== undefined && !flight.isFresh };
    } catch (cause) {
      return { kind: NETWORK, detail: { message: noAnswer(cause, secret), cause } };
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

/** What was thrown, in words, where it has any. */
const noAnswer = (thrown, secret) =>
  `no answer came (${quoted(attempt(() => String(thrown)) ?? "", secret)}). If this is a browser, the likely cause is CORS: HubSpot's API cannot be asked from a page; ask a proxy of your own (option baseUrl) that adds the token`;

/** So much of what a server sent enters a message, in characters. */
const QUOTED = 200;

/**
 * What may not enter a message: an export's URL needs no token. Its name may be followed by another quote than `"` in JSON
 * within JSON.
 */
const RESULT = '"result';

/** A text as a message may hold it: without the secret, without a result, and short; undefined where it is no text. */
function quoted(text, secret) {
  if (typeof text !== "string") return undefined;
  const clean = secret ? text.split(secret).join("[token]") : text;
  const place = clean.indexOf(RESULT);
  const end = place < 0 ? QUOTED : Math.min(place, QUOTED);
  return clean.slice(0, end) + (clean.length > end ? "…" : "");
}

/** A Response, of this realm or another, hubspot.fetch's answer, or { status, headers, body }: read whole. */
async function read(response) {
  const headers = response?.headers;
  return {
    kind: HTTP,
    status: response?.status,
    ...(await body(response)),
    contentType: header(headers, "content-type"),
    ...span(inGmt(header(headers, "retry-after"))),
    serverTime: Date.parse(inGmt(header(headers, "date"))),
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

/** Stands for an answer without a status: no HTTP status is so high. */
const NO_RESPONSE = 1000;

/**
 * An answer for the wasm, which knows the family's scopes and the time: a list that src/web/answer.rs takes apart. It has
 * either a `detail`, which says what went wrong, or an envelope and a status; or neither, where there is no body.
 */
export function understand(answer, scopes, now) {
  const { kind, status, parsed, limit, remaining, windowMs, serverTime, isRepeatable } = answer;
  const http = typeof status === "number" && status >= 0 && status < NO_RESPONSE ? Math.trunc(status) : NO_RESPONSE;
  const retryAfterMs = retryAfter(answer, now);
  const isDaily = parsed?.policyName === "DAILY";
  const numbers = [kind, http, retryAfterMs, serverTime, limit, remaining, windowMs, isDaily, isRepeatable ?? false];
  if (kind !== HTTP) return [...numbers, answer.detail];
  if (http < 200 || http > 299) return [...numbers, refused(answer, http, retryAfterMs, scopes)];
  if (answer.isEmpty) return numbers;
  const envelope = envelopeOf(parsed);
  // HubSpot's proxies pass an error on as a 2xx whose status is this word, which no task has.
  if (!envelope || parsed.status === "error") return [...numbers, unreadable(answer, http)];
  return [...numbers, undefined, envelope, statusOf(answer)];
}

/** The span that `Retry-After` asks for, a date by the server's clock; NaN for none. */
function retryAfter({ retrySeconds, retryDate, serverTime }, now) {
  // The highest number of seconds is a time beyond all waiting.
  if (retrySeconds >= 0) return Math.min(retrySeconds, 2 ** 32 - 1) * 1000;
  return retryDate >= 0 ? Math.max(0, retryDate - (serverTime >= 0 ? serverTime : now)) : NaN;
}

/** An object's first error; undefined where there is none. */
const firstError = (object) => (Array.isArray(object?.errors) ? (object.errors[0] ?? undefined) : undefined);

/**
 * What decisions need of a task status; undefined where it is no object with a string `status`. Read field by field, so
 * that a field of a wrong type is as good as absent.
 */
export function envelopeOf(status) {
  if (typeof status?.status !== "string") return undefined;
  const instant = (name) => (typeof status[name] === "string" ? Date.parse(status[name]) : NaN);
  const hasErrors = (typeof status.numErrors === "number" && status.numErrors > 0) || firstError(status) !== undefined;
  return [hasErrors, isSome(status.result), ...["requestedAt", "startedAt", "completedAt"].map(instant), status.status];
}

/** A status as it is kept: HubSpot's own object, its text, and what fits into a message. */
const statusOf = ({ parsed, text, secret }) => ({
  object: parsed,
  text,
  word: quoted(parsed.status, secret),
  problem: quoted(firstError(parsed)?.message, secret),
});

export const isSame = (status, other) => status.text === other.text;

function unreadable({ contentType, text, secret }, httpStatus) {
  const quote = quoted(text, secret);
  const page = /^\s*</.test(quote) ? "\nIt looks like a web page: does baseUrl lead to HubSpot's API?" : "";
  const type = quoted(contentType, secret) ?? "none";
  return { message: `the answer is no task status (content type ${type}): ${quote}${page}`, httpStatus };
}

const MEANINGS = {
  401: "HubSpot refused the token: it is missing, wrong or expired",
  403: "HubSpot refused: the token may not ask for this task, or there is no such task",
  404: "HubSpot knows no such task, or baseUrl or apiVersion is wrong",
  423: "HubSpot has locked this for the moment",
  429: "HubSpot's rate limit was hit",
  477: "HubSpot is moving this account to another data centre",
};

function meaning(status) {
  // 0: a redirect that the browser keeps to itself.
  const isRedirect = status === 0 || (status >= 300 && status <= 399);
  if (isRedirect) return "the server redirects, and a redirect is not followed: correct baseUrl";
  return MEANINGS[status] ?? "HubSpot answered with an error";
}

/** What an answer that is not 2xx says. */
function refused({ parsed, secret }, status, retryAfterMs, scopes) {
  if (status === NO_RESPONSE) return { message: "fetch gave something that is no response" };
  const said = (name) => quoted(parsed?.[name], secret);
  const parts = ["message", "policyName"].map(said).filter((part) => part !== undefined);
  const detail = { httpStatus: status || undefined, category: said("category"), correlationId: said("correlationId"), retryAfterMs };
  let message = [`${meaning(status)} (HTTP ${status})`, ...parts].join(": ");
  if (status === 403 && parsed?.category === "MISSING_SCOPES") {
    detail.requiredScopes = requiredScopes(parsed, secret) ?? scopes.split(" ");
    message += `. The token needs one of the scopes ${detail.requiredScopes.join(", ")}`;
  }
  return known({ message, ...detail });
}

/** The scopes that HubSpot names, in the body's context or in that of its first error. */
function requiredScopes(body, secret) {
  const lists = [body, firstError(body)].map((holder) => holder?.context?.requiredGranularScopes);
  const named = lists.filter(Array.isArray).map((list) => list.map((scope) => quoted(scope, secret)).filter(isSome));
  return named.find((scopes) => scopes.length > 0);
}
