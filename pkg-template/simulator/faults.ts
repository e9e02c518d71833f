// The ready-made faults, and what HubSpot's errors say.
import { FAMILIES, type SimulatedFamily } from "./families.js";
import { uuid } from "./random.js";
import { type Policy, rateLimitHeaders } from "./rate-limit.js";
import { lowerCased } from "./requests.js";
import type { Answer, ScriptedResponse } from "./script.js";
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

/** Ready-made answers for {@link Simulator.script}. */
export const faults: {
  /** 401. */
  readonly unauthorized: Fault;
  /** 403 MISSING_SCOPES, asking for `scopes`: unless given, those of the family that is asked about. */
  readonly forbidden: Fault<FaultOptions & { scopes?: string[] | undefined }>;
  /** 404 in HTML, as for an unknown route. */
  readonly notFoundHtml: Fault;
  /** 423. */
  readonly locked: Fault;
  /** 429 TEN_SECONDLY_ROLLING, without a category and, unless given, without `Retry-After`. */
  readonly rateLimited: Fault;
  /** 429 DAILY, without a category and, unless given, without `Retry-After`. */
  readonly rateLimitedDaily: Fault;
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
  /** 200 with an HTML page. */
  readonly html: Fault;
  /** 200 with half a JSON text. */
  readonly truncated: Fault;
  /** 202 without a body. */
  readonly empty: Fault;
  /** 302 to `location`. */
  readonly redirect: Fault<FaultOptions & { location?: string | undefined }>;
} = {
  unauthorized: (options) => jsonFault(401, unauthorized, options),
  forbidden: (options) => {
    const scopes = options?.scopes;
    if (scopes) return jsonFault(403, missingScopes(scopes), options);
    const body = (family: SimulatedFamily = "fileImport") => jsonBody(403, missingScopes(FAMILIES[family].scopes));
    return { ...jsonFault(403, {}, options), body };
  },
  notFoundHtml: (options) => htmlFault(404, "Error 404 Not Found", options),
  locked: (options) => jsonFault(423, { message: "The resource is locked." }, options),
  rateLimited: (options) => jsonFault(429, rateLimit("TEN_SECONDLY_ROLLING"), options, rateLimitHeaders(0, 312_400)),
  rateLimitedDaily: (options) => jsonFault(429, rateLimit("DAILY"), options, rateLimitHeaders(189, 0)),
  migrating: (options) =>
    jsonFault(477, { message: "The account is being migrated." }, { retryAfter: 3600, ...options }),
  serverError: (options) => jsonFault(500, { message: "internal error" }, options),
  badGateway: (options) => htmlFault(502, "502 Bad Gateway", options),
  unavailable: (options) => htmlFault(503, "503 Service Unavailable", options),
  gatewayTimeout: (options) => htmlFault(504, "504 Gateway Time-out", options),
  html: (options) => htmlFault(200, "Sign in", options),
  truncated: (options) => fault(200, JSON_TYPE, '{"status":"PROCESSING","requestedAt":"2026-0', options),
  empty: (options) => fault(202, undefined, "", options),
  redirect: (options) =>
    fault(302, undefined, "", options, { location: options?.location ?? "https://app.hubspot.com/login" }),
};

// What HubSpot's errors say.

export const unauthorized = {
  message:
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details " +
    "at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
  category: "INVALID_AUTHENTICATION",
};

export const missingScopes = (scopes: readonly string[]) => ({
  message:
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: " +
    "https://developers.hubspot.com/scopes.",
  category: "MISSING_SCOPES",
  context: { requiredGranularScopes: scopes },
  errors: [
    { message: "One or more of the following scopes are required.", context: { requiredGranularScopes: scopes } },
  ],
  links: { scopes: "https://developers.hubspot.com/scopes" },
});

/** A 429 has no category. */
export const rateLimit = (policyName: Policy) => ({
  message: `You have reached your ${policyName.toLowerCase()} limit.`,
  errorType: "RATE_LIMIT",
  policyName,
});

const page = (title: string) =>
  `<html>\n<head><meta http-equiv="Content-Type" content="${HTML_TYPE}"/><title>${title}</title></head>\n` +
  `<body><h2>${title}</h2></body>\n</html>\n`;

/** One fault: what is typical of it, then what the caller asks for. */
function fault(
  status: number,
  contentType: string | undefined,
  body: string | object,
  { retryAfter, headers, latencyMs }: FaultOptions = {},
  ownHeaders: Record<string, string> = {},
): Answer {
  return {
    status,
    headers: {
      ...(contentType && { "content-type": contentType }),
      ...ownHeaders,
      ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
      ...lowerCased(headers ?? {}),
    },
    body,
    ...(latencyMs !== undefined && { latencyMs }),
  };
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
