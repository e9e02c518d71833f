// Reads an answer of any shape: numbers for the engine, HubSpot's own object, and what went wrong, in words.
//
// Rust front ends read by src/read/. Both readers run through the answers in tests/answers/.
import { type FamilyFacts, at, resultOf, standingIn } from "./families.js";
import { type ANSWER_FIELDS, AnswerKind, BodyKind, LimitKind } from "./generated/names.js";
import type { TaskStatus } from "./generated/data.js";
import { headerOf, httpDate, retryAfter } from "./headers.js";
import { type Secrets, quoted } from "./messages.js";
import { type Fields, type Method, attempt, count, fieldsOf, has, isSome, kind, known, own } from "./values.js";

/**
 * As much of an answer as decisions need: NaN for what is not known, 0 and 1 for no and yes. What its kind or that of its
 * body does not have is left out.
 */
export type Answer = Partial<Record<(typeof ANSWER_FIELDS)[number], number>>;

/** What went wrong: one message for people, a few fields for programs, and never a secret. */
export interface Detail {
  message: string;
  httpStatus?: number;
  category?: string;
  correlationId?: string;
  requiredScopes?: string[];
  retryAfterMs?: number;
  cause?: unknown;
}

/** A task status as it is kept. */
export interface KeptStatus {
  /** HubSpot's object, until somebody is given it: see `given` in results.ts. */
  object: TaskStatus<unknown> | undefined;
  /** One that nobody can change, for all who look at the newest status; once somebody did. */
  frozen?: TaskStatus<unknown>;
  /** Its text: two statuses are the same when their texts are. */
  readonly text: string;
  /** What the object is made of: JSON, */
  readonly json: string;
  /** and the word of a family that has it in another field. */
  readonly set: { readonly status: string } | undefined;
  /** Its word for where the task stands, fit for a message. */
  readonly word: string;
  /** What it says of the first error that the task met, fit for a message. */
  readonly problem: string | undefined;
  readonly envelope: Envelope;
}

/** What an answer says: a task status, or what went wrong; neither, where a 2xx has no body. */
export interface Reading {
  /** A status's envelope is with the status. */
  readonly answer: Answer;
  readonly status?: KeptStatus;
  /** What the answer to an errand gives. */
  readonly value?: unknown;
  /** What went wrong. */
  readonly detail?: Detail;
}

/** An answer that has come whole. */
export interface Received {
  readonly status: unknown;
  readonly text: string;
  /** A header by its lower-case name; undefined where it is absent, or cannot be read. */
  readonly header: (name: string) => string | undefined;
}

/**
 * A Response, of this realm or another, or the answer of another client: { status or statusCode, headers, body }. Read whole.
 * A text that is known already is in no envelope, and is not looked into.
 */
export async function readResponse(response: unknown, knownText: string | undefined): Promise<Received> {
  const given = fieldsOf(response);
  const { headers } = given;
  const status = statusOf(given);
  const content = await contentOf(given);
  const text = typeof content === "string" ? content : await written(content);
  // Without the mark that may stand before UTF-8.
  const received = { status, text: text.replace(/^\ufeff/, ""), header: (name: string) => headerOf(headers, name) };
  return received.text === knownText ? received : opened(received);
}

const isGood = (status: unknown): boolean => Number(status) >= 200 && Number(status) <= 299;

/** The HTTP status that an error's category stands for, where it came with another one. */
const STATUS_OF_CATEGORY: ReadonlyMap<unknown, number> = new Map([
  ["EXPIRED_AUTHENTICATION", 401],
  ["INVALID_AUTHENTICATION", 401],
  ["MISSING_SCOPES", 403],
  ["RATE_LIMITS", 429],
]);

/**
 * The answer within the envelope of a UI extension's host, and an error that came as a 2xx with the status of an error. Within
 * an envelope may be such an error.
 */
function opened(received: Received, isWithin = false): Received {
  const { status, text } = received;
  if (!isGood(status) || !/"(responseBody|error|category)"/.test(text)) return received;
  const body = attempt(() => JSON.parse(text) as unknown);
  const [word, inner] = [own(body, "status") ?? "error", own(body, "responseBody")];
  const innerText = typeof inner === "string" ? inner : isSome(inner) ? JSON.stringify(inner) : text;
  if (word === "success" && !isWithin) return opened({ ...received, text: innerText }, true);
  if (word !== "error") return received;
  const codes = own(own(body, "context"), "appServerStatusCode");
  const code = count(Array.isArray(codes) ? codes[0] : codes);
  if (code >= 100 && code <= 999) return { ...received, status: code, text: innerText };
  return { ...received, status: STATUS_OF_CATEGORY.get(own(body, "category")) ?? status };
}

/**
 * The answer that an error carries: clients such as ky, axios, ofetch and got reject for what is not 2xx. Undefined where it
 * carries none.
 */
export function answerOf(thrown: unknown): unknown {
  const error = fieldsOf(thrown);
  const response = fieldsOf(error.response);
  const { data, body = data } = error;
  // What was read already is there alone.
  if (isStatus(response)) return isSome(data) ? { status: statusOf(response), headers: response.headers, body: data } : response;
  return isStatus(error) && isSome(body) ? { status: statusOf(error), headers: error.headers, body } : undefined;
}

/** Whether it has an HTTP status. 0 stands in errors for no answer at all. */
const isStatus = (fields: Fields): boolean => Number(statusOf(fields)) >= 100;

const statusOf = ({ status, statusCode }: Fields): unknown => (typeof status === "number" ? status : statusCode);

/** What an answer or its body holds: by text(), else json(), else its body, under the names that clients give it. */
async function contentOf(holder: Fields): Promise<unknown> {
  if (has(holder, "text")) return holder.text();
  if (has(holder, "json")) return parsedBy(holder);
  const { body, data, text } = holder;
  const content = body ?? data;
  // superagent's body is {} where it does not parse the text.
  if (typeof text === "string" && Object.keys(content ?? {}).length === 0) return text;
  const inner = fieldsOf(content);
  return has(inner, "text") || has(inner, "json") ? contentOf(inner) : content;
}

/** What cannot be parsed is told in the place of what it was. */
async function parsedBy(response: Record<"json", Method>): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    return String(cause);
  }
}

/** Written out, so that what parses it again meets no getters. What cannot be read is told in the place of what it was. */
async function written(body: unknown): Promise<string> {
  if (!isSome(body)) return "";
  const type = attempt(() => Object.prototype.toString.call(body)) ?? kind(body);
  // Bytes and streams, by what the host reads its own by.
  const isBinary = ArrayBuffer.isView(body) || /(ArrayBuffer|ReadableStream)\]$/.test(type);
  const host = isBinary ? attempt(() => globalThis.Response && new globalThis.Response(body)) : undefined;
  // Other streams are read by Node's Response alone, and not all of them.
  const isOther = isBinary || Symbol.asyncIterator in Object(body);
  const text = host ? await host.text() : isOther ? undefined : attempt(() => JSON.stringify(body) as string | undefined);
  return text ?? `got ${type}, which cannot be read; takes text, JSON, bytes or a ReadableStream`;
}

/** Stands for an answer without a status: no HTTP status is so high. */
const NO_RESPONSE = 1000;

/** Of a request that brought no answer: one of AnswerKind, and what went wrong. */
export const unanswered = (kind: number, detail: Detail): Reading => ({ answer: { kind }, detail });

/** What was asked for, and what was sent with it. */
export interface Asked {
  readonly family: FamilyFacts;
  readonly nowMs: number;
  /** What of it may enter no message. */
  readonly secrets: Secrets;
  /** The task's newest status as it is kept: the same text is not read again. */
  readonly latest?: KeptStatus | undefined;
  /** Where no status was asked for: what the body gives; undefined for one that is not understood. */
  readonly read?: ((body: unknown, text: string) => unknown) | undefined;
}

/** What an answer says. */
export function understand(received: Received, { family, nowMs, secrets, latest, read }: Asked): Reading {
  const { status, text, header } = received;
  const isStatus = typeof status === "number" && status >= 0 && status < NO_RESPONSE;
  const httpStatus = isStatus ? Math.trunc(status) : NO_RESPONSE;
  const serverTimeMs = httpDate(header("date"));
  const retryAfterMs = retryAfter(header("retry-after"), serverTimeMs >= 0 ? serverTimeMs : nowMs);
  const answer = {
    kind: AnswerKind.http,
    httpStatus,
    retryAfterMs,
    serverTimeMs,
    limitKind: LimitKind.rate,
    body: BodyKind.status,
    limit: count(header("x-hubspot-ratelimit-max")),
    remaining: count(header("x-hubspot-ratelimit-remaining")),
    windowMs: count(header("x-hubspot-ratelimit-interval-milliseconds")),
  };
  const isSuccess = isGood(httpStatus);
  if (!read && isSuccess && text === latest?.text) return { answer, status: latest };
  const body = attempt(() => JSON.parse(text) as unknown);
  answer.limitKind = limitOf(body);
  // HubSpot's proxies pass an error on as a 2xx whose status is this word, which no task has.
  const isError = own(body, "status") === "error";
  const isGiven = isSuccess && !isError;
  const value = isGiven ? read?.(body, text) : undefined;
  if (value !== undefined) return { answer, value };
  const kept = isGiven && !read ? keptStatus(body, text, family, secrets) : undefined;
  if (kept) return { answer, status: kept };
  answer.body = isSuccess && isError ? BodyKind.error : BodyKind.unreadable;
  if (!isSuccess || isError) return { answer, detail: refused(body, httpStatus, retryAfterMs, family.scopes, secrets) };
  if (read || body !== undefined || text.trim() !== "") {
    const meant = read ? "none to this request" : "no task status";
    return { answer, detail: unreadable(received, httpStatus, secrets, meant) };
  }
  answer.body = BodyKind.empty;
  return { answer };
}

/**
 * What an answer with a task's details says: they stand for a status where their word is one that is told. Whatever else
 * they say, or cannot be read, is nothing: the status is asked again.
 */
export function understandDetails(received: Received, asked: Asked): Reading {
  const { answer, value, detail } = understand(received, { ...asked, read: (body, json) => statusByDetails(body, json, asked) });
  return { answer, ...known({ status: value as KeptStatus | undefined, detail }) };
}

function statusByDetails(body: unknown, json: string, { family, latest }: Asked): KeptStatus | undefined {
  const { details } = family;
  const word = details && at(body, details.field);
  const state = details ? standingIn(details, word) : -1;
  if (state < 0) return undefined;
  if (word === latest?.word) return latest;
  const set = { status: word as string };
  const none = { hasErrors: 0, hasResult: 0, requestedAtMs: NaN, startedAtMs: NaN, completedAtMs: NaN };
  // It stays the newest as long as the status itself says no more than before.
  const text = latest?.text ?? "";
  return { object: undefined, text, json, set, word: set.status, problem: undefined, envelope: { state, ...none } };
}

/** Which limit was hit: its policy tells, else its type. */
function limitOf(body: unknown): LimitKind {
  const [policyName, errorType] = [own(body, "policyName"), own(body, "errorType")];
  if (policyName === "DAILY") return LimitKind.daily;
  const isOther = typeof policyName !== "string" && typeof errorType === "string" && errorType !== "RATE_LIMIT";
  return isOther ? LimitKind.other : LimitKind.rate;
}

/** A task status as it is kept; undefined for what is none. */
function keptStatus(
  body: unknown,
  text: string,
  family: FamilyFacts,
  secrets: Secrets,
): KeptStatus | undefined {
  const envelope = readEnvelope(body, family);
  if (!envelope) return undefined;
  const { field } = family.state;
  const status = at(body, field) as string;
  const set = field === "status" ? undefined : { status };
  return {
    object: set ? undefined : (body as TaskStatus<unknown>),
    text,
    json: text,
    set,
    word: standingIn(family.state, status) < 0 ? quoted(status, secrets) : status,
    problem: quoted(own(firstError(body, family), "message"), secrets),
    envelope,
  };
}

/** What decisions need of a task status. */
export type Envelope = NonNullable<ReturnType<typeof readEnvelope>>;

/** An object's first error: of a list what is neither null nor undefined; an object is one by itself. */
function firstError(object: unknown, family?: FamilyFacts): unknown {
  const errors = at(object, family?.errors.field ?? "errors");
  if (Array.isArray(errors)) return errors.find(isSome);
  const isOne = typeof errors === "object" && errors !== null && Object.keys(errors).length > 0;
  return isOne ? errors : undefined;
}

/** ISO 8601, also with a blank in the place of the T, and without seconds; without an offset it is UTC. */
const DATE = /^(.{10})[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z?|([+-]\d\d):?(\d\d))$/;

/** A date of a task status, or its milliseconds since the Unix epoch; NaN for what is none. */
function instantOf(date: unknown): number {
  const ms = count(date);
  if (ms >= 0 || typeof date !== "string") return ms;
  const [, day = "", time, hours = "+00", minutes = "00"] = DATE.exec(date) ?? [];
  // Hosts take a 30th of February for another day, or for none, and other things for a day.
  const real = new Date(`${day}T${time}Z`).toJSON() as string | null;
  return real?.startsWith(day) ? Date.parse(`${day}T${time}${hours}:${minutes}`) : NaN;
}

/**
 * What decisions need of a task status; undefined where it is no object with a word for its state. Read field by field, so
 * that a field of a wrong type is as good as absent.
 */
export function readEnvelope(status: unknown, family: FamilyFacts) {
  const { state, errors, dates } = family;
  const word = at(status, state.field);
  if (typeof word !== "string") return undefined;
  return {
    // New words may come: those go on.
    state: Math.max(0, standingIn(state, word)),
    hasErrors: Number(count(at(status, errors.countField)) > 0 || firstError(status, family) !== undefined),
    hasResult: Number(resultOf(family, status) !== undefined),
    requestedAtMs: instantOf(at(status, dates.requestedAt)),
    startedAtMs: instantOf(at(status, dates.startedAt)),
    completedAtMs: instantOf(at(status, dates.completedAt)),
  };
}

/** A 2xx that is no task status. */
function unreadable({ text, header }: Received, httpStatus: number, secrets: Secrets, meant: string): Detail {
  const quote = quoted(text, secrets);
  const page = /^\s*</.test(quote) ? "\nA web page: does baseUrl lead to HubSpot's API?" : "";
  const type = quoted(header("content-type"), secrets) ?? "none";
  return { message: `the answer is ${meant} (content type ${type}): ${quote}${page}`, httpStatus };
}

const MEANINGS: Readonly<Record<number, string>> = {
  401: "HubSpot refused the token: it is missing, wrong or expired",
  403: "HubSpot refused: the token may not ask for this task, or there is no such task",
  404: "HubSpot knows no such task, or baseUrl or apiVersion is wrong",
  423: "HubSpot has locked this for the moment",
  429: "HubSpot's rate limit was hit",
  477: "HubSpot is moving this account",
  530: "HubSpot's gateway refused this, as it does where a token has a wrong form",
};

function meaning(status: number): string {
  // 0: a redirect that the browser keeps to itself.
  const isRedirect = status === 0 || (status >= 300 && status <= 399);
  if (isRedirect) return "a redirect, which is not followed: correct baseUrl";
  return MEANINGS[status] ?? "HubSpot answered with an error";
}

/** What an answer that is not 2xx says. */
function refused(
  body: unknown,
  status: number,
  retryAfterMs: number,
  scopes: readonly string[] = [],
  secrets: Secrets,
): Detail {
  if (status === NO_RESPONSE) return { message: "fetch gave something that is no response" };
  const [message, policy, category, type, correlationId] = [
    "message",
    "policyName",
    "category",
    "errorType",
    "correlationId",
  ].map((name) => quoted(own(body, name), secrets));
  const family: Scopes = ["one of ", own(body, "category") === "MISSING_SCOPES" ? [...scopes] : undefined];
  const [howMany, requiredScopes] = status === 403 ? (namedScopes(body, secrets) ?? family) : [];
  const isOther = status === 429 && limitOf(body) === LimitKind.other;
  // What the package's own proxy refuses, HubSpot has not seen.
  const isProxy = category?.startsWith("PROXY_");
  const meant = isProxy ? "the proxy answered with an error" : isOther ? "a limit of HubSpot's was hit, but no rate limit" : meaning(status);
  const said = [`${meant} (HTTP ${status})`, message, policy].filter(isSome).join(": ");
  const lacking = requiredScopes ? `. The token needs ${howMany}the scopes ${requiredScopes.join(", ")}` : "";
  return known({
    message: said + lacking,
    httpStatus: status || undefined,
    category: category || type,
    correlationId,
    requiredScopes,
    retryAfterMs,
  });
}

/** Scopes, after the words for how many of them a token needs. */
type Scopes = readonly [howMany: string, scopes: string[] | undefined];

/** How many, and in which field of the body or of its first error they stand, after which words. */
const SCOPES = [
  ["one of ", "context", "requiredGranularScopes"],
  ["", "context", "missingScopes"],
  ["one of ", "message", "requires any of"],
  ["", "message", "requires all of"],
] as const;

/** The scopes that HubSpot names: in a context's lists, in the documentation's form of a context, or in a message. */
const namedScopes = (body: unknown, secrets: Secrets): Scopes | undefined =>
  SCOPES.flatMap(([howMany, field, words]) =>
    [body, firstError(body)].map((holder): Scopes => {
      const place = own(holder, field);
      const list = own(place, words) ?? listAfter(words, place);
      return [howMany, Array.isArray(list) ? list.map((scope) => quoted(scope, secrets)).filter(isSome) : []];
    }),
  ).find(([, scopes]) => scopes?.length);

/** The list that a text has after these words: `{missingScopes=[one, two]}`. */
function listAfter(words: string, text: unknown): string[] | null | undefined {
  const found = typeof text === "string" ? new RegExp(`${words}[= ]\\[([^\\]]*)]`).exec(text) : undefined;
  return found?.[1]?.match(/[^\s,]+/g);
}
