// Reads an answer of any shape: numbers for the engine, HubSpot's own object, and what went wrong, in words.
//
// Rust front ends read by src/read/. Both readers run through the answers in tests/answers/.
import { type ANSWER_FIELDS, AnswerKind, BodyKind, type FAMILIES, LimitKind, STATES } from "./generated/names.js";
import type { TaskStatus } from "./generated/data.js";
import { type Secrets, quoted } from "./messages.js";
import { type Fields, type Method, attempt, fieldsOf, has, isSome, kind, known, own } from "./values.js";

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
  /** HubSpot's own object. */
  readonly object: TaskStatus<unknown>;
  /** Its text: two statuses are the same when their texts are. */
  readonly text: string;
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

/** A Response, of this realm or another, or the answer of another client: { status or statusCode, headers, body }. Read whole. */
export async function readResponse(response: unknown): Promise<Received> {
  const given = fieldsOf(response);
  const { headers } = given;
  const status = statusOf(given);
  const content = has(given, "text") ? await given.text() : await contentOf(given);
  const text = typeof content === "string" ? content : await written(content);
  // Without the mark that may stand before UTF-8.
  const unmarked = text.startsWith("\ufeff") ? text.slice(1) : text;
  return opened({ status, text: unmarked, header: (name) => headerOf(headers, name) });
}

/** The HTTP status that an error's category stands for, where it came with another one. */
const STATUS_OF_CATEGORY: Readonly<Record<string, number>> = {
  EXPIRED_AUTHENTICATION: 401,
  INVALID_AUTHENTICATION: 401,
  MISSING_SCOPES: 403,
  RATE_LIMITS: 429,
};

/** The answer within the envelope of a UI extension's host, and an error that came as a 2xx with the status of an error. */
function opened(received: Received): Received {
  const { status, text } = received;
  const isGood = Number(status) >= 200 && Number(status) <= 299;
  if (!isGood || !(text.includes('"responseBody"') || text.includes('"error"'))) return received;
  const body = attempt(() => JSON.parse(text) as unknown);
  const [word, inner] = [own(body, "status"), own(body, "responseBody")];
  const innerText = typeof inner === "string" ? inner : isSome(inner) ? JSON.stringify(inner) : text;
  if (word === "success") return { ...received, text: innerText };
  if (word !== "error") return received;
  const codes = own(own(body, "context"), "appServerStatusCode");
  const code = count(Array.isArray(codes) ? codes[0] : codes);
  if (code >= 100 && code <= 999) return { ...received, status: code, text: innerText };
  const meant = own(STATUS_OF_CATEGORY, String(own(body, "category")));
  return meant === undefined ? received : { ...received, status: meant };
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
  const text = host ? await host.text() : isBinary ? undefined : attempt(() => JSON.stringify(body) as string | undefined);
  return text ?? `got ${type}, which cannot be read; takes text, JSON, bytes or a ReadableStream`;
}

/** A header that cannot be read, or is no text, is as good as absent. */
function headerOf(headers: unknown, name: string): string | undefined {
  const value = attempt(() => {
    const own = fieldsOf(headers);
    if (has(own, "get")) return own.get(name);
    return Object.entries(own).find(([key]) => key.toLowerCase() === name)?.[1];
  });
  return typeof value === "string" ? value : undefined;
}

/** Stands for an answer without a status: no HTTP status is so high. */
const NO_RESPONSE = 1000;

/** Of a request that brought no answer: one of AnswerKind, and what went wrong. */
export const unanswered = (kind: number, detail: Detail): Reading => ({ answer: { kind }, detail });

/** What is known of a family. */
export type FamilyFacts = (typeof FAMILIES)[number];

/** What was asked for, and what was sent with it. */
export interface Asked {
  readonly family: FamilyFacts | undefined;
  readonly nowMs: number;
  /** What of it may enter no message. */
  readonly secrets: Secrets;
  /** The task's newest status as it is kept: the same text is not read again. */
  readonly latest?: KeptStatus | undefined;
}

/** What an answer says. */
export function understand(received: Received, { family, nowMs, secrets, latest }: Asked): Reading {
  const { status, text, header } = received;
  const isStatus = typeof status === "number" && status >= 0 && status < NO_RESPONSE;
  const httpStatus = isStatus ? Math.trunc(status) : NO_RESPONSE;
  const serverTimeMs = Date.parse(inGmt(header("date")));
  const retryAfterMs = retryAfter(header("retry-after"), serverTimeMs >= 0 ? serverTimeMs : nowMs);
  const answer = {
    kind: AnswerKind.http,
    httpStatus,
    retryAfterMs,
    serverTimeMs,
    limitKind: LimitKind.rate,
    body: BodyKind.status,
    limit: whole(header("x-hubspot-ratelimit-max")),
    remaining: whole(header("x-hubspot-ratelimit-remaining")),
    windowMs: whole(header("x-hubspot-ratelimit-interval-milliseconds")),
  };
  const isGood = httpStatus >= 200 && httpStatus <= 299;
  if (isGood && text === latest?.text) return { answer, status: latest };
  const body = attempt(() => JSON.parse(text) as unknown);
  answer.limitKind = limitOf(body);
  const kept = isGood ? keptStatus(body, text, family, secrets) : undefined;
  if (kept) return { answer, status: kept };
  answer.body = BodyKind.unreadable;
  if (!isGood) return { answer, detail: refused(body, httpStatus, retryAfterMs, family?.scopes, secrets) };
  if (body !== undefined || text.trim() !== "") return { answer, detail: unreadable(received, httpStatus, secrets) };
  answer.body = BodyKind.empty;
  return { answer };
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
  family: FamilyFacts | undefined,
  secrets: Secrets,
): KeptStatus | undefined {
  const envelope = readEnvelope(body, family);
  const word = own(body, "status");
  // HubSpot's proxies pass an error on as a 2xx whose status is this word, which no task has.
  if (!envelope || word === "error") return undefined;
  return {
    object: body as TaskStatus<unknown>,
    text,
    // HubSpot's own words hold nothing that must not be shown.
    word: isState(word) ? word : quoted(word as string, secrets),
    problem: quoted(own(firstError(body), "message"), secrets),
    envelope,
  };
}

const isState = (word: unknown): word is string => (STATES as readonly unknown[]).includes(word);

/** A header's whole number; NaN where it has none. */
const whole = (text: string | undefined): number => (text && /^\s*\d+\s*$/.test(text) ? Number(text) : NaN);

/** The oldest of the three forms of a date in HTTP, "Sun Nov  6 08:49:37 1994", does not say that it is GMT. */
const inGmt = (date = ""): string => (/^\w{3} \w{3} .*\d{4}$/.test(date) ? `${date} GMT` : date);

/** The span that `Retry-After` asks for, in seconds or until a date; NaN for none. */
function retryAfter(text: string | undefined, nowMs: number): number {
  if (!text) return NaN;
  const seconds = whole(text);
  // The highest number of seconds is a time beyond all waiting.
  if (seconds >= 0) return Math.min(seconds, 2 ** 32 - 1) * 1000;
  const date = inGmt(text);
  // All HTTP dates begin with a day's name; Date.parse takes much that is none.
  const dateMs = /^\s*[a-z].*:/i.test(date) ? Date.parse(date) : NaN;
  return dateMs >= 0 ? Math.max(0, dateMs - nowMs) : NaN;
}

/** What decisions need of a task status. */
export type Envelope = NonNullable<ReturnType<typeof readEnvelope>>;

/** An object's first error: of a list what is neither null nor undefined; an object is one by itself. */
function firstError(object: unknown): unknown {
  const errors = own(object, "errors");
  if (Array.isArray(errors)) return errors.find(isSome);
  const isOne = typeof errors === "object" && errors !== null && Object.keys(errors).length > 0;
  return isOne ? errors : undefined;
}

/** A number, or one that is written as a text. */
const count = (value: unknown): number => (typeof value === "string" ? whole(value) : typeof value === "number" ? value : NaN);

/**
 * What decisions need of a task status; undefined where it is no object with a string `status`. Read field by field, so
 * that a field of a wrong type is as good as absent.
 */
export function readEnvelope(status: unknown, family: FamilyFacts | undefined) {
  const word = own(status, "status");
  if (typeof word !== "string") return undefined;
  const instant = (name: string) => {
    const date = own(status, name);
    return typeof date === "string" ? Date.parse(date) : NaN;
  };
  const result = own(status, "result");
  const isText = typeof result === "string" && result !== "";
  return {
    // What none of these is counts as the first.
    state: Math.max(0, (STATES as readonly string[]).indexOf(word)),
    hasErrors: Number(count(own(status, "numErrors")) > 0 || firstError(status) !== undefined),
    hasResult: Number(family?.hasTextResult ? isText : isSome(result)),
    requestedAtMs: instant("requestedAt"),
    startedAtMs: instant("startedAt"),
    completedAtMs: instant("completedAt"),
  };
}

/** A 2xx that is no task status. */
function unreadable({ text, header }: Received, httpStatus: number, secrets: Secrets): Detail {
  const quote = quoted(text, secrets);
  const page = /^\s*</.test(quote) ? "\nIt looks like a web page: does baseUrl lead to HubSpot's API?" : "";
  const type = quoted(header("content-type"), secrets) ?? "none";
  return { message: `the answer is no task status (content type ${type}): ${quote}${page}`, httpStatus };
}

const MEANINGS: Readonly<Record<number, string>> = {
  401: "HubSpot refused the token: it is missing, wrong or expired",
  403: "HubSpot refused: the token may not ask for this task, or there is no such task",
  404: "HubSpot knows no such task, or baseUrl or apiVersion is wrong",
  423: "HubSpot has locked this for the moment",
  429: "HubSpot's rate limit was hit",
  477: "HubSpot is moving this account to another data centre",
  530: "HubSpot's gateway refused the request, as it does where a token has a wrong form",
};

function meaning(status: number): string {
  // 0: a redirect that the browser keeps to itself.
  const isRedirect = status === 0 || (status >= 300 && status <= 399);
  if (isRedirect) return "the server redirects, and a redirect is not followed: correct baseUrl";
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
  const family = own(body, "category") === "MISSING_SCOPES" ? [...scopes] : undefined;
  const requiredScopes = status === 403 ? (namedScopes(body, secrets) ?? family) : undefined;
  const isOther = status === 429 && limitOf(body) === LimitKind.other;
  const meant = isOther ? "a limit of HubSpot's was hit that is no rate limit" : meaning(status);
  const said = [`${meant} (HTTP ${status})`, message, policy].filter(isSome).join(": ");
  const lacking = requiredScopes ? `. The token needs one of the scopes ${requiredScopes.join(", ")}` : "";
  return known({
    message: said + lacking,
    httpStatus: status || undefined,
    category: category ?? type,
    correlationId,
    requiredScopes,
    retryAfterMs,
  });
}

/** The scopes that HubSpot names: in a context's lists, in the documentation's form of a context, or in a message. */
function namedScopes(body: unknown, secrets: Secrets): string[] | undefined {
  const holders = [body, firstError(body)];
  const contexts = holders.map((holder) => own(holder, "context"));
  const lists = contexts.flatMap((context) => [own(context, "requiredGranularScopes"), own(context, "missingScopes")]);
  const texts = contexts.map((context) => listAfter("missingScopes=[", context));
  const messages = holders.map((holder) => listAfter("requires any of [", own(holder, "message")));
  const named = [...lists.filter(Array.isArray), ...texts, ...messages];
  const fit = named.map((list: unknown[]) => list.map((scope) => quoted(scope, secrets)).filter(isSome));
  return fit.find((scopes) => scopes.length > 0);
}

/** The list that a text has after these words, up to its bracket: `{missingScopes=[one, two]}`. */
function listAfter(words: string, text: unknown): string[] {
  const start = typeof text === "string" ? text.indexOf(words) : -1;
  if (start < 0) return [];
  const [list = "", ...more] = (text as string).slice(start + words.length).split("]");
  const scopes = more.length > 0 ? list.split(",") : [];
  return scopes.map((scope) => scope.trim()).filter((scope) => scope !== "");
}
