// Sends a client's requests, through the host's fetch or the caller's, as `(url, plain object)`, each with its token.
import type { BaseUrl } from "./base-url.js";
import { AnswerKind } from "./generated/names.js";
import { type Detail, type Received, noAnswer, readResponse } from "./reading.js";
import { type Token, TokenSource, complaint } from "./token.js";
import type { FetchInit, FetchLike, TaskAbortSignal } from "./types.js";
import { attempt } from "./values.js";

/** What a client's requests are made of, as options.ts read it. */
export interface SenderParts {
  readonly baseUrl: BaseUrl;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly token: Token | undefined;
  /** The host's, looked up for each request, where none is given. */
  readonly fetch: FetchLike | undefined;
}

/** What is asked once a request has its token, right before fetch is called. */
export interface Gate {
  /** Whether anybody still wants the request. */
  isWanted(): boolean;
  /** The turn of the host's that is to be waited for, for the sake of those who were told something in this one. */
  nextTurn(): Promise<void> | undefined;
}

/** What came of a request: an answer, or why there is none. */
export type Arrival = {
  /** Whether the same request may be sent once more, with another token. */
  readonly isRepeatable: boolean;
} & (
  | {
      readonly received: Received;
      /** What may enter no message. */
      readonly secret: string | undefined;
    }
  | {
      /** One of `AnswerKind`. */
      readonly kind: number;
      readonly detail: Detail;
    }
);

/** What a request is authorized by, and what of it may enter no message. */
interface Credential {
  readonly authorization: string;
  readonly secret: string | undefined;
}

const ofToken = (token: string): Credential => ({ authorization: `Bearer ${token}`, secret: token });

const ofHeader = (authorization: string): Credential => ({ authorization, secret: authorization.split(" ").pop() });

/** A request under way, or one that may be repeated. */
class Flight {
  /** The token that it was sent with last. */
  token: string | undefined;
  /** Whether that came from a refresh: there is no newer one. */
  isFresh = false;
  isSent = false;
  isOver = false;
  /** Breaks off what it waits for. */
  stop = nothing;
  /** What its signal is of, while it is under way. */
  aborter: Aborter | undefined;
}

/** In Node a controller costs as much CPU as all else of a poll, so that one serves several requests, one by one. */
interface Aborter {
  readonly controller: HostAbortController;
  uses: number;
}

/** A fetch may leave a listener at a signal, and Node warns of a leak at the eleventh. */
const MOST_USES = 10;

/** Without one a request goes on when it is given up, and nobody hears of its answer. */
function newAborter(): Aborter | undefined {
  const controller = attempt(() => new AbortController());
  return controller && { controller, uses: 0 };
}

function nothing(): void {
  // As long as there is nothing to break off.
}

/** Nothing was sent, or nothing answered. */
const noArrival = (kind: number, detail: Detail): Arrival => ({ kind, detail, isRepeatable: false });

export class Sender {
  readonly #baseUrl: string;
  readonly #fetch: FetchLike | undefined;
  readonly #headers: Readonly<Record<string, string>>;
  /** Where no token function is asked. */
  readonly #credential: Credential | undefined;
  readonly #tokens: TokenSource | undefined;
  /** By the number of their request. */
  readonly #flights = new Map<number, Flight>();
  readonly #idle: Aborter[] = [];

  constructor({ baseUrl, headers, token, fetch }: SenderParts) {
    const { authorization, ...others } = headers;
    this.#baseUrl = baseUrl.address.replace(/\/+$/, "");
    this.#fetch = fetch;
    this.#headers = others;
    if (typeof token === "function") this.#tokens = new TokenSource(token);
    else if (token !== undefined) this.#credential = ofToken(token);
    else if (authorization !== undefined) this.#credential = ofHeader(authorization);
  }

  /**
   * Sends, and calls `done` with what comes of it, unless it is given up. What is repeatable is either sent again by the
   * same number, as a repeat, or given up.
   */
  send(id: number, path: string, isRepeat: boolean, gate: Gate, done: (arrival: Arrival) => void): void {
    const flight = (isRepeat ? this.#flights.get(id) : undefined) ?? new Flight();
    flight.isSent = false;
    this.#flights.set(id, flight);
    void this.#arrival(flight, path, gate).then((arrival) => {
      if (!arrival || flight.isOver) return;
      this.#keep(flight);
      if (!arrival.isRepeatable) this.#flights.delete(id);
      done(arrival);
    });
  }

  /** The signal of a request that was answered is not aborted: it can serve another one. */
  #keep(flight: Flight): void {
    const { aborter } = flight;
    flight.stop = nothing;
    flight.aborter = undefined;
    if (aborter && ++aborter.uses < MOST_USES) this.#idle.push(aborter);
  }

  /** Breaks a request off; says whether it still waited for its token. */
  giveUp(id: number): boolean {
    const flight = this.#flights.get(id);
    if (!flight) return false;
    this.#flights.delete(id);
    flight.isOver = true;
    attempt(flight.stop);
    return !flight.isSent;
  }

  /** The same of one that took too long: gives that as what came of it. */
  late(id: number): Arrival {
    return this.giveUp(id)
      ? noArrival(AnswerKind.noToken, { message: "the token function did not answer within requestTimeoutMs" })
      : noArrival(AnswerKind.noAnswer, { message: "no answer came within requestTimeoutMs" });
  }

  async #arrival(flight: Flight, path: string, gate: Gate): Promise<Arrival | undefined> {
    // Called without `this`.
    const fetch = this.#fetch ?? attempt(() => globalThis.fetch);
    if (typeof fetch !== "function") {
      const message = "this host has no fetch: give one as the option fetch";
      return noArrival(AnswerKind.noFetch, { message, cause: new TypeError("fetch is not a function") });
    }
    const wrong = this.#tokens && (await takeToken(flight, this.#tokens));
    if (wrong) return noArrival(AnswerKind.noToken, wrong);
    for (let turn = gate.nextTurn(); turn; turn = gate.nextTurn()) await turn;
    if (flight.isOver || !gate.isWanted()) return undefined;
    const credential = flight.token === undefined ? this.#credential : ofToken(flight.token);
    const secret = credential?.secret;
    flight.isSent = true;
    try {
      const response = await fetch(this.#baseUrl + path, this.#init(flight, credential?.authorization));
      const received = await readResponse(response);
      const isRepeatable = received.status === 401 && this.#tokens !== undefined && !flight.isFresh;
      return { received, secret, isRepeatable };
    } catch (cause) {
      return noArrival(AnswerKind.noAnswer, noAnswer(cause, secret));
    }
  }

  #init(flight: Flight, authorization: string | undefined): FetchInit {
    // A redirect is never followed, for a token must not go where it leads.
    const init: FetchInit = { method: "GET", headers: { ...this.#headers }, redirect: "manual" };
    if (authorization !== undefined) init.headers.Authorization = authorization;
    const aborter = this.#idle.pop() ?? newAborter();
    flight.aborter = aborter;
    if (aborter) init.signal = aborter.controller.signal as TaskAbortSignal;
    flight.stop = () => aborter?.controller.abort();
    return init;
  }
}

/** Gives a request its token; says what is wrong with what the token function gave. */
async function takeToken(flight: Flight, tokens: TokenSource): Promise<Detail | undefined> {
  const call = tokens.next(flight.token);
  flight.isFresh = call.isRefresh;
  flight.stop = call.forget;
  try {
    const token = await call.token;
    const wrong = complaint(token);
    if (wrong) return { message: `the token function gave ${wrong}` };
    flight.token = token as string;
    return undefined;
  } catch (cause) {
    return { message: "the token function threw", cause };
  }
}
