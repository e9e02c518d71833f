// A fetch for clients, made of what HubSpot's host gives to extensions in its place. It sends what the host allows, and
// nothing else: no signal, of the headers `Authorization` alone, as a body an object of at most 1 MB.
import { type HubSpotTaskError, isHubSpotTaskError, taskError, told } from "../error.js";
import type { FetchInit, FetchLike, ResponseLike } from "../entries/index.js";
import { attempt, known, refusalOfKind } from "../values.js";
import { answerTo, answerToPost } from "./answers.js";
import type { FetchHubSpotApi, HubSpotFetch, HubSpotServerless } from "./types.js";

/** What a transport is called with: a client of this entry says how long it waits. */
export type TimedInit = FetchInit & { readonly timeout?: number };

/** The host takes no longer timeout. */
const LONGEST_MS = 120_000;

const MOST_BYTES = 2 ** 20;

/** What can be sent. */
type Body = Record<string, unknown> | undefined;

/** What is said, after the field of the caller's that it is about, where nothing was sent. */
const NOT_SENT = "HubSpot's host takes JSON alone, of 1 MB at most. Nothing was sent: let your backend start it";

/** Stands for the answer then: by this status of HTTP's own no start is in doubt. */
const unsendable = (field: "request" | "request.files"): ResponseLike => ({ status: 400, body: { message: `${field}: ${NOT_SENT}` } });

/** An error that tells of that, as the refusal that it is; what else was thrown as it is. */
export function toldAsRefusal(thrown: unknown): unknown {
  const { code, message = "", stack = "" }: Partial<HubSpotTaskError> = isHubSpotTaskError(thrown) ? thrown : {};
  // One that is a refusal already is the reason of an abort.
  if (code !== "HTTP" || !message.endsWith(NOT_SENT)) return thrown;
  // Without the client's own words for an answer. The caller's line is in the stack that is there.
  const refusal = message.slice(message.lastIndexOf("request"));
  return Object.assign(taskError({ code: "INVALID_ARGUMENT", message: refusal }), { stack: stack.replace(message, refusal) });
}

/** A transport whose requests `send` hands to the host. */
const transport =
  (send: (url: string, init: TimedInit, body: Body) => Promise<unknown>): FetchLike =>
  async (url, init) => {
    const text = init.body as string | undefined;
    const body = attempt(() => JSON.parse(text ?? "") as Body);
    if (text !== undefined) {
      // Files are sent in parts.
      if (typeof body !== "object") return unsendable("request.files");
      if (bytesOf(text) > MOST_BYTES) return unsendable("request");
    }
    return (init.method === "GET" ? answerTo : answerToPost)(() => send(url, init, body));
  };

/** How long a text is in UTF-8. */
const bytesOf = (text: string): number => encodeURIComponent(text).replace(/%../g, "-").length;

/** What is to be called, which is refused at once where it is something else. */
function callable<Callee>(callee: Callee, name: string): Callee {
  if (typeof callee !== "function") throw told(refusalOfKind(name, callee, "that function"));
  return callee;
}

/** The one header that is sent. */
const authorizationOf = ({ headers: { Authorization } }: FetchInit) =>
  Authorization === undefined ? undefined : { Authorization };

/** HubSpot's path, with its query. */
const pathOf = (url: string): string => url.replace(/^\w+:\/\/[^/]*/, "");

/**
 * For the option `fetch`: asks by `hubspot.fetch`, with the client's `requestTimeoutMs` as its timeout.
 *
 * @example
 * ```ts
 * const client = new HubSpotTasks({ baseUrl: "https://app.example.com/hubspot", fetch: fromHubSpotFetch(hubspot.fetch) });
 * ```
 * @throws {HubSpotTaskError} INVALID_ARGUMENT for what is no function.
 */
export function fromHubSpotFetch(fetch: HubSpotFetch): FetchLike {
  const call = callable(fetch, "hubspot.fetch");
  return transport((url, init, body) => {
    const timeout = init.timeout && Math.min(Math.ceil(init.timeout), LONGEST_MS);
    return call(url, known({ method: init.method, timeout, headers: authorizationOf(init), body }));
  });
}

/**
 * For the option `fetch`: asks by a serverless function of the project, which finds `{ path, method, body }` in
 * `context.parameters`, asks HubSpot for that path with the token that it has, and gives `{ statusCode, body }`. A token of
 * the client's does not get there.
 * @throws {HubSpotTaskError} INVALID_ARGUMENT for what is no function, or has no name.
 */
export function fromServerless(serverless: HubSpotServerless, name: string): FetchLike {
  const call = callable(serverless, "hubspot.serverless");
  if (typeof name !== "string" || !name) throw told(refusalOfKind("name", name, "the name of a serverless function"));
  return transport((url, { method }, body) => call(name, { parameters: known({ path: pathOf(url), method, body }) }));
}

/**
 * For the option `fetch`: asks HubSpot's API by `fetchHubSpotApi`, without backend and without token.
 * @throws {HubSpotTaskError} INVALID_ARGUMENT for what is no function.
 */
export function fromHubSpotApi(fetchHubSpotApi: FetchHubSpotApi): FetchLike {
  const call = callable(fetchHubSpotApi, "fetchHubSpotApi");
  return transport((url, init, body) =>
    call(known({ path: pathOf(url), method: init.method, headers: authorizationOf(init), body })),
  );
}
