// What the proxy answers: HubSpot's own bytes, or why a call is refused, in JSON as HubSpot has it.

/** An answer before it is a Response. */
export interface Answer {
  readonly status: number;
  /** Bytes, a text, a stream; null for none. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** By why: the HTTP status, and what is said of it. No more than that, since it may be an attacker who asks. */
const REFUSALS = {
  ADDRESS: [400, "this address is not one of HubSpot's tasks, or carries what it must not"],
  BODY: [400, "the body is not what this call takes, did not come in time, or was read before: mount the proxy before what parses bodies"],
  SIGNATURE: [401, "HubSpot has not signed this call, or too long ago"],
  ORIGIN: [403, "pages of this origin may not call: the proxy's own publicUrl and origins say which"],
  GUARD: [403, "this caller may not ask for this"],
  TOKEN: [403, "the proxy has no token for this that HubSpot takes"],
  ROUTE: [404, "nothing is answered at this address"],
  METHOD: [405, "this method is not answered at this address"],
  REPLAY: [409, "this call was received before"],
  NO_FILE: [409, "the task is not over, or has made no file"],
  TOO_LARGE: [413, "the body is too large"],
  TYPE: [415, "the body's content type is not what this call takes"],
  BUSY: [429, "too many calls are waiting for HubSpot"],
  UPSTREAM: [502, "HubSpot gave no answer that can be passed on"],
  LATE: [504, "HubSpot gave no answer in time"],
} as const;

export type Why = keyof typeof REFUSALS;

/** Why a call is refused, on its way to its answer. */
export class Refused extends Error {
  constructor(
    readonly why: Why,
    readonly headers: Answer["headers"] = {},
  ) {
    super(why);
  }
}

/** Nobody keeps an answer, and nobody takes it for what it is not. */
const ALWAYS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** A body of JSON, by its text or bytes. */
export const jsonAnswer = (status: number, body: unknown, headers: Answer["headers"] = {}): Answer => ({
  status,
  body,
  headers: { "content-type": "application/json", ...headers },
});

/** The answer to a call that is refused. */
export function refusal({ why, headers }: Refused): Answer {
  const [status, message] = REFUSALS[why];
  const kind = why === "BUSY" ? { category: "RATE_LIMITS", errorType: "RATE_LIMIT" } : { category: `PROXY_${why}` };
  return jsonAnswer(status, JSON.stringify({ status: "error", message: `Proxy: ${message}`, ...kind }), headers);
}

/** These statuses have no body. */
const BODILESS = [204, 205, 304];

export function responseOf({ status, body, headers }: Answer, more: Answer["headers"]): HostsResponse {
  const Response = globalThis.Response as NonNullable<typeof globalThis.Response>;
  return new Response(BODILESS.includes(status) ? null : body, { status, headers: { ...headers, ...ALWAYS, ...more } });
}
