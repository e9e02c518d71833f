// createProxy(): what a call goes through, in this order.
import { told } from "../error.js";
import type { TaskAbortSignal } from "../types.js";
import { attempt } from "../values.js";
import { type Answer, Refused, refusal, responseOf } from "./answers.js";
import { requestBody } from "./bodies.js";
import { corsHeaders, mayCall, preflight } from "./cors.js";
import { fileOf } from "./download.js";
import { type Proof, Guards } from "./guards.js";
import { withoutUrls } from "./hiding.js";
import { type ProxyGiven, readProxy } from "./options.js";
import { Portals } from "./portals.js";
import type { Order } from "./upstream.js";
import { type Asked, asked, makesFiles, pathFor } from "./routes.js";
import { startOf } from "./starts.js";
import type { ProxyHandler, ProxyOptions, ProxyRequest, ProxyResponse } from "./types.js";

/** No address of HubSpot's tasks is as long, in characters. */
const LONGEST_ADDRESS = 4_096;

/**
 * A handler for a server of yours: passes on what is allowed of HubSpot's task calls, with the token, for those who pass
 * each guard that is configured. It sends nothing before the first call.
 * @throws {HubSpotTaskError} INVALID_ARGUMENT, naming the option, what it got and what it takes.
 */
export function createProxy(options: ProxyOptions): ProxyHandler {
  try {
    const proxy = new Proxy(readProxy(options));
    return (request) => proxy.answer(request);
  } catch (thrown) {
    throw told(thrown);
  }
}

class Proxy {
  readonly #given: ProxyGiven;
  readonly #guards: Guards;
  readonly #portals: Portals;

  constructor(given: ProxyGiven) {
    this.#given = given;
    this.#guards = new Guards(given);
    this.#portals = new Portals(given);
  }

  async answer(request: ProxyRequest): Promise<ProxyResponse> {
    const origin = request.headers.get("origin");
    const answer = await this.#answer(request, origin).catch((thrown: unknown) => {
      if (thrown instanceof Refused) return refusal(thrown);
      // Who leaves is no failure.
      if (!(request.signal as TaskAbortSignal | undefined)?.aborted) this.#given.report(thrown);
      return refusal(new Refused("UPSTREAM"));
    });
    return responseOf(answer, corsHeaders(origin, this.#given.origins));
  }

  async #answer(request: ProxyRequest, origin: string | null): Promise<Answer> {
    const { path, origins, publicUrl, routes, clock, requestTimeoutMs } = this.#given;
    const guards = this.#guards;
    const { headers, method } = request;
    const url = attempt(() => new URL(request.url));
    if (!url || url.hash || request.url.length > LONGEST_ADDRESS) throw new Refused("ADDRESS");
    const { pathname, search } = url;
    const base = publicUrl ?? url.origin;
    if (!mayCall(origin, new URL(base).origin, origins)) throw new Refused("ORIGIN");
    if (method === "OPTIONS" && origins.includes(origin ?? "")) return preflight(headers.get("access-control-request-headers"));
    if (!pathname.startsWith(`${path}/`)) throw new Refused("ROUTE");
    const call = asked(routes, method, pathname.slice(path.length));
    const readBody = once(() => requestBody(request, clock, requestTimeoutMs));
    // What is no start has no body, and what has one says what it is.
    const start = call.route.action === "start" ? startOf(call.route, headers.get("content-type")) : undefined;
    let proof: Proof | undefined;
    if (guards.needsSignature) proof = await guards.signed(request, url, base + pathname + search, readBody);
    else if (search !== "") throw new Refused("ADDRESS");
    const body = await readBody();
    if (!start && body.length > 0) throw new Refused("BODY");
    const { json, ...sent } = start?.(body) ?? {};
    await guards.authorized(request, call, proof?.portalId, json);
    if (proof && start) await guards.firstTime(proof);
    const signal = (request.signal ?? new AbortController().signal) as TaskAbortSignal;
    return this.#passed(call, sent, proof?.portalId, base, signal);
  }

  async #passed(call: Asked, sent: Partial<Order>, portalId: string | undefined, base: string, signal: TaskAbortSignal): Promise<Answer> {
    const { route, id } = call;
    const { action, facts } = route;
    const { hideExportUrls, path, routes } = this.#given;
    const portal = this.#portals.of(portalId);
    if (action === "download") return fileOf(this.#given, portal, call, signal);
    const answer = await portal.ask({ facts, which: action, id, ...sent }, signal);
    if (!hideExportUrls || !makesFiles(facts)) return answer;
    const file = routes.find((other) => other.action === "download" && other.facts === facts);
    return file ? withoutUrls(answer, facts, base + path + pathFor(file, id)) : answer;
  }
}

/** Called once, whoever wants what it gives. */
function once<Value>(act: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: act() }).value;
}
