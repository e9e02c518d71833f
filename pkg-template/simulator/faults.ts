// The ready-made faults, and what HubSpot's errors say.
import { limitReached, missingScopes, notFound, rateLimit, unauthorized } from "./errors.js";
import { uuid } from "./random.js";
import { rateLimitHeaders } from "./rate-limit.js";
import { lowerCased } from "./requests.js";
import type { Answer, BodyOf, ScriptedResponse, UsualBody } from "./script.js";
import { HTML_TYPE, JSON_TYPE } from "./values.js";

/** Options of all {@link faults}. */
export interface FaultOptions {
  /** The `Retry-After` header: seconds, or an HTTP date. */
  retryAfter?: number | string | undefined;
  /** As in {@link ScriptedResponse}. */
  headers?: Record<string, string | null> | undefined;
  /** As in {@link ScriptedResponse}, in milliseconds. */
  latencyMs?: number | undefined;
}

/** Gives a new plain answer object. */
export type Fault<Options = FaultOptions> = (options?: Options) => ScriptedResponse & { status: number };

/** Gives a new plain object that changes the usual answer. */
export type Change<Options = FaultOptions> = (options?: Options) => ScriptedResponse;

/** Ready-made answers for {@link Simulator.script}. */
export const faults: {
  /** 401. */
  readonly unauthorized: Fault;
  /** 403 MISSING_SCOPES, asking for `scopes`: unless given, those that the request needs one of. */
  readonly forbidden: Fault<FaultOptions & { scopes?: string[] | undefined }>;
  /** 404 in JSON, as for an id that no task has, exports' ids excepted: so an id vanishes, and is there at the next request. */
  readonly notFound: Fault;
  /** 404 in HTML, as for an unknown route. */
  readonly notFoundHtml: Fault;
  /** 403 as for an id that no export has. */
  readonly unknownExport: Fault;
  /** 423. */
  readonly locked: Fault;
  /** 429 TEN_SECONDLY_ROLLING, without a category and, unless given, without `Retry-After`. */
  readonly rateLimited: Fault;
  /** 429 DAILY, without a category and, unless given, without `Retry-After`. */
  readonly rateLimitedDaily: Fault;
  /** 429 of a limit that no waiting mends, without a policy: `errorType` is FREE_PORTAL_IMPORT_ROWS_LIMIT unless given. */
  readonly limitReached: Fault<FaultOptions & { errorType?: string | undefined }>;
  /** 477, with a `Retry-After` of 3600 seconds unless given. */
  readonly migrating: Fault;
  /** 500 in JSON. */
  readonly serverError: Fault;
  /** 502 in HTML. */
  readonly badGateway: Fault;
  /** 503 in HTML. */
  readonly unavailable: Fault;
  /** 504 in HTML. */
  readonly gatewayTimeout: Fault;
  /** Any other error in HTML: 521 unless given, one of Cloudflare's, in whose network HubSpot is. */
  readonly httpError: Fault<FaultOptions & { status?: number | undefined }>;
  /** 200 with the body of an error: EXPIRED_AUTHENTICATION unless given. */
  readonly errorBody: Fault<FaultOptions & { category?: string | undefined }>;
  /**
   * 200 with the envelope of UI extensions' host around the answer that is given, its body an object or a text: around an
   * error one of an error, else one of a success. Unless given, around the usual body.
   */
  readonly enveloped: Fault<FaultOptions & { answer?: ScriptedResponse | undefined }>;
  /** 200 with an HTML page. */
  readonly html: Fault;
  /** 200 with half a JSON text. */
  readonly truncated: Fault;
  /** 202 without a body. */
  readonly empty: Fault;
  /** The usual answer, its body twice in a row. */
  readonly doubled: Change;
  /** The usual answer, but that the connection is lost in its body: after half of it, or after so many characters. */
  readonly dropped: Change<FaultOptions & { after?: number | undefined }>;
  /** The usual answer, but that its body ends after half of it, or after so many characters, as though it were whole. */
  readonly cut: Change<FaultOptions & { after?: number | undefined }>;
  /** The usual answer, but that its body comes slowly: 10,000 bytes in a second unless given. */
  readonly slow: Change<FaultOptions & { bytesPerSecond?: number | undefined }>;
  /** The usual answer, but that its body stalls until the request is aborted. */
  readonly stalled: Change<FaultOptions & { after?: number | undefined }>;
  /** 202 with the task's status as it was at first, PENDING, whatever it is by now. */
  readonly backwards: Fault;
  /** 302 to `location`. */
  readonly redirect: Fault<FaultOptions & { location?: string | undefined }>;
} = {
  unauthorized: (options) => jsonFault(401, unauthorized, options),
  forbidden: (options) => {
    const scopes = options?.scopes;
    if (scopes) return jsonFault(403, missingScopes(scopes), options);
    const body = (...[, , asked]: Parameters<BodyOf>) => jsonBody(403, missingScopes(asked));
    return { ...jsonFault(403, {}, options), body };
  },
  notFound: (options) => jsonFault(404, notFound, options),
  unknownExport: (options) =>
    jsonFault(403, { message: "Permission to get export file cannot be granted for this exportId" }, options),
  notFoundHtml: (options) => htmlFault(404, "Error 404 Not Found", options),
  locked: (options) => jsonFault(423, { message: "The resource is locked." }, options),
  rateLimited: (options) => jsonFault(429, rateLimit("TEN_SECONDLY_ROLLING"), options, rateLimitHeaders(0, 312_400)),
  rateLimitedDaily: (options) => jsonFault(429, rateLimit("DAILY"), options, rateLimitHeaders(189, 0)),
  limitReached: (options) => {
    const errorType = options?.errorType ?? "FREE_PORTAL_IMPORT_ROWS_LIMIT";
    return jsonFault(429, limitReached(errorType), options);
  },
  migrating: (options) =>
    jsonFault(477, { message: "The account is being migrated." }, { retryAfter: 3600, ...options }),
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
    const body = (...of: Parameters<BodyOf>) => {
      const [, usual] = of;
      const content = options?.answer ? (typeof inner === "function" ? (inner as BodyOf)(...of) : inner) : usual();
      return envelope(status, content);
    };
    return { ...fault(200, JSON_TYPE, "", options), body };
  },
  html: (options) => htmlFault(200, "Sign in", options),
  truncated: (options) => fault(200, JSON_TYPE, '{"status":"PROCESSING","requestedAt":"2026-0', options),
  empty: (options) => fault(202, undefined, "", options),
  doubled: (options) => ({
    ...change(options),
    body: (_, usual) => {
      const body = usual() ?? "";
      return (typeof body === "object" ? JSON.stringify(body) : body).repeat(2);
    },
  }),
  dropped: (options) => ({ ...change(options), breaks: { how: "drop", after: options?.after } }),
  cut: (options) => ({ ...change(options), breaks: { how: "cut", after: options?.after } }),
  slow: (options) => ({ ...change(options), bytesPerSecond: options?.bytesPerSecond ?? 10_000 }),
  stalled: (options) => ({ ...change(options), breaks: { how: "stall", after: options?.after } }),
  backwards: (options) => {
    const body = (_: unknown, usual: UsualBody) => {
      const { taskId, requestedAt, links } = Object(usual()) as Record<string, unknown>;
      return { taskId, status: "PENDING", requestedAt, links };
    };
    return { ...fault(202, JSON_TYPE, "", options), body };
  },
  redirect: (options) =>
    fault(302, undefined, "", options, { location: options?.location ?? "https://app.hubspot.com/login" }),
};

/** A host of UI extensions puts what it was answered into one of these; an error's body as a text. */
function envelope(status: number, body: string | object | undefined) {
  if (status < 300) return { status: "success", responseBody: body };
  return {
    status: "error",
    category: "BAD_GATEWAY",
    message: "The upstream service refused the request.",
    context: { appServerStatusCode: [String(status)] },
    responseBody: typeof body === "object" ? JSON.stringify(body) : body,
  };
}

const page = (title: string) =>
  `<html>\n<head><meta http-equiv="Content-Type" content="${HTML_TYPE}"/><title>${title}</title></head>\n` +
  `<body><h2>${title}</h2></body>\n</html>\n`;

/** What the caller asks for, over what is typical. */
function change({ retryAfter, headers, latencyMs }: FaultOptions = {}, ownHeaders: Record<string, string> = {}) {
  return {
    headers: {
      ...ownHeaders,
      ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
      ...lowerCased(headers ?? {}),
    },
    ...(latencyMs !== undefined && { latencyMs }),
  };
}

/** One fault: what is typical of it, then what the caller asks for. */
function fault(
  status: number,
  contentType: string | undefined,
  body: string | object,
  options?: FaultOptions,
  ownHeaders: Record<string, string> = {},
): Answer {
  return { status, ...change(options, { ...(contentType && { "content-type": contentType }), ...ownHeaders }), body };
}

export const jsonFault = (
  status: number,
  fields: object,
  options?: FaultOptions,
  ownHeaders?: Record<string, string>,
): Answer => fault(status, JSON_TYPE, jsonBody(status, fields), options, ownHeaders);

const jsonBody = (status: number, fields: object) => ({ status: "error", correlationId: uuid(status), ...fields });

export const htmlFault = (
  status: number,
  title: string,
  options?: FaultOptions,
  ownHeaders?: Record<string, string>,
): Answer => fault(status, HTML_TYPE, page(title), options, ownHeaders);
