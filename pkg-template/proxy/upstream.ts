// Asks HubSpot for one account: by the engine, with one rate budget for all callers, and with HubSpot's own bytes as answers.
import { promised } from "../calls.js";
import { readNow, setTimer } from "../clock.js";
import { Driver } from "../driver.js";
import { isHubSpotTaskError } from "../error.js";
import { type Family, type FamilyFacts, pathOf } from "../families.js";
import { headerOf, isHeaderValue } from "../headers.js";
import { noStore } from "../no-store.js";
import { readClient } from "../options.js";
import { answerOf } from "../reading.js";
import type { FetchInit, FetchLike, ResponseLike, TaskAbortSignal } from "../types.js";
import { attempt, fieldsOf } from "../values.js";
import { type Answer, Refused } from "./answers.js";
import { answerBody } from "./bodies.js";
import type { ProxyGiven } from "./options.js";

/** What to ask for. */
export interface Order {
  readonly facts: FamilyFacts;
  readonly which: "status" | "details" | "start";
  readonly id: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** A request on its way. */
interface Flight {
  isSent: boolean;
  /** It was given up before it was sent, since that took too long. */
  isTooLate: boolean;
  /** That of its attempt. */
  signal?: TaskAbortSignal | undefined;
  /** HubSpot's. */
  answer?: Answer;
}

/** Headers of HubSpot's that are passed on. */
const PASSED = [
  "retry-after",
  "date",
  "x-hubspot-ratelimit-max",
  "x-hubspot-ratelimit-remaining",
  "x-hubspot-ratelimit-interval-milliseconds",
  "x-hubspot-ratelimit-daily",
  "x-hubspot-ratelimit-daily-remaining",
];

/** So long a call waits at most for its turn within the budget: HubSpot's own callers wait 15 s in all. */
const PATIENCE_MS = 5_000;

/** How long a rate limit lasts that says nothing of it: its window. */
const WINDOW_MS = 10_000;

/** No pause is longer, as in the engine. */
const LONGEST_PAUSE_MS = 86_400_000;

/** The same function; what it throws is told to the server's log besides. */
const reported =
  <Given, Value>(report: ProxyGiven["report"], act: (given: Given) => Value | Promise<Value>) =>
  async (given: Given): Promise<Value> => {
    try {
      return await act(given);
    } catch (thrown) {
      report(thrown);
      throw thrown;
    }
  };

/** A token as short as this stands in many a text that is none. */
const SHORTEST_TOKEN = 8;

const seconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1_000)));

export class Upstream {
  readonly #given: ProxyGiven;
  readonly #driver: Driver;
  readonly #fetch: FetchLike | undefined;
  readonly #families = new Map<FamilyFacts, Family>();
  /** By number, which a request's address has after a #. */
  readonly #flights = new Map<number, Flight>();
  #lastNumber = 0;
  #isBroken = false;
  /** The pause that HubSpot demanded last, with the answer that did. */
  #pause: { readonly untilMs: number; readonly answer: Answer } | undefined;

  constructor(given: ProxyGiven, portalId: string | undefined) {
    const { token, client, families, report } = given;
    this.#given = given;
    this.#fetch = client.fetch ?? undefined;
    this.#driver = new Driver(
      readClient({
        ...client,
        token: typeof token === "function" ? reported(report, ({ refresh }: { refresh: boolean }) => token({ portalId, refresh })) : token,
        fetch: (url: string, init: FetchInit) => this.#transmit(url, init),
      }),
    );
    for (const facts of families) {
      this.#families.set(facts, this.#driver.families.find((family) => family.facts === facts) ?? this.#driver.define(facts));
    }
  }

  /** Whether its engine failed: another one is to take its place. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#flights.size === 0;
  }

  /** HubSpot's answer. Rejects with why there is none. */
  async ask(order: Order, signal: TaskAbortSignal): Promise<Answer> {
    const paused = this.#paused();
    if (paused) return paused;
    const flight: Flight = { isSent: false, isTooLate: false };
    const number = ++this.#lastNumber;
    this.#flights.set(number, flight);
    const { clock } = this.#given;
    const aborter = new AbortController();
    const abort = () => {
      aborter.abort();
    };
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    const timer = setTimer(clock, () => {
      flight.isTooLate = !flight.isSent;
      if (flight.isTooLate) abort();
    }, PATIENCE_MS);
    try {
      await this.#errand(order, number, aborter.signal as TaskAbortSignal);
      return answered(flight);
    } catch (thrown) {
      return this.#explained(thrown, flight);
    } finally {
      clock.clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      this.#flights.delete(number);
    }
  }

  #errand({ facts, which, id, body, contentType }: Order, number: number, signal: TaskAbortSignal): Promise<unknown> {
    const { apiVersion } = this.#given;
    const isStart = which === "start";
    const errand = {
      method: isStart ? ("POST" as const) : ("GET" as const),
      path: `${pathOf(facts, which, apiVersion, id)}#${number}`,
      isStart,
      read: () => true,
      ...(isStart && { body, contentType: contentType ?? "" }),
    };
    const task = this.#driver.tasks.shared({ family: this.#families.get(facts) as Family, id, apiVersion });
    return promised(this.#driver, task, { kind: "errand", errand }, { signal });
  }

  /** What the engine calls in the place of fetch: keeps HubSpot's answer as it came. */
  async #transmit(marked: string, init: FetchInit): Promise<ResponseLike> {
    const [url = "", number] = marked.split("#");
    const flight = this.#flights.get(Number(number));
    if (!flight) throw new Error("nobody wants this any more");
    flight.isSent = true;
    flight.signal = init.signal;
    delete flight.answer;
    const fetch = this.#fetch ?? (globalThis.fetch as FetchLike);
    // As the engine does it with the host's own.
    const cache = !this.#fetch && noStore();
    if (cache) init.cache = cache;
    const response: unknown = await fetch(url, init).catch((thrown: unknown) => {
      const carried = attempt(() => answerOf(thrown));
      if (carried === undefined) throw thrown;
      return carried;
    });
    const given = fieldsOf(response);
    const status = Number(given.status ?? given.statusCode);
    const bytes = await answerBody(response);
    const text = new TextDecoder().decode(bytes);
    const token = init.headers.Authorization?.replace(/^\S+\s+/, "") ?? "";
    const isSafe = token.length < SHORTEST_TOKEN || !text.includes(token);
    // A redirect leads to where nothing is to be asked; others no Response can have.
    if (isSafe && status >= 200 && status <= 599 && !(status >= 300 && status <= 399)) {
      flight.answer = { status, body: bytes, headers: passed(given.headers) };
    }
    return { status, headers: given.headers as Record<string, string>, text: () => Promise.resolve(text) };
  }

  /** What becomes of a call that the engine ended with an error. */
  #explained(thrown: unknown, flight: Flight): Answer {
    const { code = "", retryAfterMs = WINDOW_MS } = isHubSpotTaskError(thrown) ? thrown : {};
    const isPause = code === "RATE_LIMITED" || code === "MIGRATING";
    // HubSpot's 401 speaks of the proxy's token: a caller would take it for its own.
    if (code === "UNAUTHORIZED") throw new Refused("TOKEN");
    if (isPause && flight.answer && flight.answer.status !== 401) {
      const untilMs = readNow(this.#given.clock) + Math.min(retryAfterMs, LONGEST_PAUSE_MS);
      if (untilMs > (this.#pause?.untilMs ?? 0)) this.#pause = { untilMs, answer: flight.answer };
    } else if (isPause) return this.#paused() ?? busy(retryAfterMs);
    if (flight.isTooLate) return busy(PATIENCE_MS);
    if (code === "INTERNAL") this.#isBroken = true;
    if (!flight.answer && flight.signal?.aborted) throw new Refused("LATE");
    return answered(flight);
  }

  /** HubSpot's last word, while it wants no request. */
  #paused(): Answer | undefined {
    const leftMs = this.#pause ? this.#pause.untilMs - readNow(this.#given.clock) : 0;
    if (!this.#pause || leftMs <= 0) return undefined;
    const { answer } = this.#pause;
    const { "content-type": type = "" } = answer.headers;
    return { ...answer, headers: { "content-type": type, "retry-after": seconds(leftMs) } };
  }
}

const busy = (afterMs: number): never => {
  throw new Refused("BUSY", { "retry-after": seconds(afterMs) });
};

function answered({ answer }: Flight): Answer {
  if (!answer) throw new Refused("UPSTREAM");
  return answer;
}

/** Of HubSpot's headers those that a caller needs. What is no JSON is shown as a text: no page of another's is this host's. */
function passed(headers: unknown): Answer["headers"] {
  const header = (name: string) => headerOf(headers, name) ?? "";
  const isJson = /^application\/([\w.-]+\+)?json\b/i.test(header("content-type"));
  const values = PASSED.map((name) => [name, header(name)] as const).filter(([, value]) => value !== "" && value.length <= 100 && isHeaderValue(value));
  return { "content-type": isJson ? "application/json" : "text/plain;charset=utf-8", ...Object.fromEntries(values) };
}
