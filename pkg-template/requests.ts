// Sends a client's requests, through the host's fetch or the caller's, as `(url, plain object)`, each with its token.
import type { Address } from "./base-url.js";
import type { Call, Errand } from "./calls.js";
import { causeOf } from "./cause.js";
import { pathOf } from "./families.js";
import { AnswerKind } from "./generated/names.js";
import { type Secrets, secretsIn } from "./messages.js";
import { noStore } from "./no-store.js";
import { type Detail, type Received, answerOf, readResponse } from "./reading.js";
import type { TaskRecord } from "./tasks.js";
import { type Token, TokenSource, complaint } from "./token.js";
import type { FetchInit, FetchLike, TaskAbortSignal } from "./types.js";
import { attempt, fieldsOf, isSome, known } from "./values.js";

/** What a client's requests are made of, as options.ts read it. */
export interface SenderParts {
  readonly address: Address;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly token: Token | undefined;
  /** The host's, looked up for each request, where none is given. */
  readonly fetch: FetchLike | undefined;
}

/** What came of a request: an answer, or why there is none. */
export type Arrival = {
  /** Whether the same request may be sent once more, with another token. */
  readonly isRepeatable: boolean;
} & (
  | {
      readonly received: Received;
      /** What may enter no message. */
      readonly secrets: Secrets;
    }
  | {
      /** One of `AnswerKind`. */
      readonly kind: number;
      readonly detail: Detail;
    }
);

/** A request under way, or one that may be repeated. */
export class Request {
  /** The token that it was sent with last. */
  token: string | undefined;
  /** Those of all the tokens that it was sent with. */
  secrets: Secrets = [];
  /** Whether that came from a refresh: there is no newer one. */
  isFresh = false;
  /** What it waits for, before it is sent and then. */
  waitsFor: "token" | "turn" | "answer" = "turn";
  /** Given up: nobody hears what comes of it. */
  isOver = false;
  /** Breaks off what it waits for. */
  stop: (() => void) | undefined;
  /** What its signal is of, while it is under way. */
  aborter: Aborter | undefined;

  constructor(
    readonly task: TaskRecord,
    /** The call that it is sent for; undefined: for all who wait. */
    readonly call: Call | undefined,
    /** Whether it asks for the task's details in the place of its status. */
    readonly asksForDetails: boolean,
  ) {}

  /** Where it goes, after the base URL. */
  get path(): string {
    const { task, call } = this;
    const { family: { facts }, apiVersion, id } = task;
    if (this.asksForDetails) return pathOf(facts, "details", apiVersion, id);
    return call?.wanted.errand?.path ?? (task.path ||= pathOf(facts, "status", apiVersion, id));
  }

  get isWanted(): boolean {
    return this.call ? !this.call.isOver : this.task.listening > 0;
  }
}

/** The turn of the host's that is to be waited for, for the sake of those who were told something in this one. */
export type NextTurn = () => Promise<void> | undefined;

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

/** Nothing was sent, or nothing answered. */
const noArrival = (kind: number, detail: Detail): Arrival => ({ kind, detail, isRepeatable: false });

/** What is said of a request that took too long. */
const TOO_LATE: Readonly<Record<Request["waitsFor"], Arrival>> = {
  token: noArrival(AnswerKind.noToken, { message: "the token function did not answer within requestTimeoutMs" }),
  // Nothing was sent, by no fault of anybody's: it is sent now.
  turn: { ...noArrival(AnswerKind.noAnswer, { message: "it was not sent within requestTimeoutMs" }), isRepeatable: true },
  answer: noArrival(AnswerKind.noAnswer, { message: "no answer came within requestTimeoutMs" }),
};

const CORS =
  ". The likely cause is CORS: set baseUrl to a proxy of your own that adds the token";

/**
 * Whether a fetch could not take the signal along, as bridges to another context cannot: they say so before they send. What
 * must not be sent twice needs the name of such an error. "TimeoutError: signal timed out" comes after it was sent.
 */
const isSignalRefused = ({ signal, method }: FetchInit, thrown: unknown): boolean =>
  signal?.aborted === false && attempt(() => (method === "GET" ? /^(?!Timeout|Abort)[^]*signal/i : /^DataClone/).test(String(thrown))) === true;

/** What was thrown, after what that means. */
function threw(meaning: string, thrown: unknown, secrets: Secrets) {
  const cause = causeOf(thrown, secrets);
  return { message: `${meaning} (${String(cause?.stack)})`, ...known({ cause }) };
}

/**
 * What fetch threw; `address` is what the host's own was asked for. Of CORS browsers tell pages, and their workers, that ask
 * another origin no more than a TypeError.
 */
function noAnswer(thrown: unknown, secrets: Secrets, { address = "", isStart = false } = {}): Arrival {
  const detail = threw("no answer came", thrown, secrets);
  const origin = address && attempt(() => globalThis.location?.origin);
  const isCors = origin && !address.startsWith(`${origin}/`) && detail.cause?.name === "TypeError";
  detail.message += isCors ? CORS : ". Does baseUrl answer?";
  return noArrival(isStart && address && isUnsent(detail.cause) ? AnswerKind.notSent : AnswerKind.noAnswer, detail);
}

/** Whether Node's fetch found nobody to send to. A fetch that was given may have sent it before. */
const isUnsent = (cause: unknown): boolean => {
  const { code, cause: deeper } = fieldsOf(cause);
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(code as string) || (isSome(deeper) && isUnsent(deeper));
};

const bearer = (token: string): string => `Bearer ${token}`;

/** Sends requests. */
export interface Requests {
  send(request: Request, nextTurn: NextTurn, done: (arrival: Arrival) => void): void;
  giveUp(request: Request): Arrival;
}

export class Sender implements Requests {
  readonly #parts: SenderParts;
  readonly #headers: Readonly<Record<string, string>>;
  /** Where no token function is asked. */
  readonly #authorization: string | undefined;
  readonly #secrets: Secrets;
  readonly #tokens: TokenSource | undefined;
  readonly #idle: Aborter[] = [];
  #takesSignal = true;

  constructor(parts: SenderParts) {
    const { token } = parts;
    const { authorization, ...others } = parts.headers;
    this.#parts = parts;
    this.#headers = others;
    this.#authorization = typeof token === "string" ? bearer(token) : authorization;
    this.#secrets = secretsIn(this.#authorization ?? "");
    if (typeof token === "function") this.#tokens = new TokenSource(token);
  }

  /**
   * Sends, and calls `done` with what comes of it, unless it is given up. What is repeatable is either sent again, or given
   * up.
   */
  send(request: Request, nextTurn: NextTurn, done: (arrival: Arrival) => void): void {
    request.waitsFor = "turn";
    void this.#arrival(request, nextTurn).then((arrival) => {
      if (!arrival || request.isOver) return;
      // The signal of a request that was answered is not aborted: it can serve another one.
      const { aborter } = request;
      if (aborter && ++aborter.uses < MOST_USES) this.#idle.push(aborter);
      request.stop = request.aborter = undefined;
      done(arrival);
    });
  }

  /** Breaks a request off; gives what is said of it where that is because it took too long. */
  giveUp(request: Request): Arrival {
    request.isOver = true;
    attempt(() => request.stop?.());
    return TOO_LATE[request.waitsFor];
  }

  async #arrival(request: Request, nextTurn: NextTurn): Promise<Arrival | undefined> {
    // Called without `this`.
    const { fetch = attempt(() => globalThis.fetch) } = this.#parts;
    if (typeof fetch !== "function") {
      return noArrival(AnswerKind.notSent, { message: "this host has no fetch: give one as the option fetch" });
    }
    const wrong = this.#tokens && (await takeToken(request, this.#tokens));
    if (wrong) return noArrival(AnswerKind.noToken, wrong);
    for (let turn = nextTurn(); turn; turn = nextTurn()) await turn;
    if (request.isOver || !request.isWanted) return undefined;
    const authorization = request.token === undefined ? this.#authorization : bearer(request.token);
    const secrets = request.token === undefined ? this.#secrets : secretsIn(bearer(request.token), request.secrets);
    request.secrets = secrets;
    const address = this.#parts.address() + request.path;
    request.waitsFor = "answer";
    const init = this.#init(request, authorization);
    let response: unknown;
    for (;;) {
      try {
        response = await fetch(address, init);
        break;
      } catch (thrown) {
        response = attempt(() => answerOf(thrown));
        if (response !== undefined) break;
        const isGiven = this.#parts.fetch !== undefined;
        if (!isGiven || !isSignalRefused(init, thrown)) return noAnswer(thrown, secrets, isGiven ? {} : { address, isStart: request.call?.wanted.errand?.isStart });
        this.#takesSignal = false;
        delete init.signal;
      }
    }
    try {
      const received = await readResponse(response, request.task.latest?.text);
      const isRepeatable = received.status === 401 && this.#tokens !== undefined && !request.isFresh;
      return { received, secrets, isRepeatable };
    } catch (thrown) {
      return noAnswer(thrown, secrets);
    }
  }

  #init(request: Request, authorization: string | undefined): FetchInit {
    // A redirect is never followed, for a token must not go where it leads.
    const { method = "GET", body, contentType }: Partial<Errand> = request.call?.wanted.errand ?? {};
    const init: FetchInit = { method, headers: { ...this.#headers }, redirect: "manual" };
    if (body !== undefined) {
      init.body = body;
      // Of what is no text fetch says it, with what parts it.
      delete init.headers["content-type"];
      if (contentType) init.headers["Content-Type"] = contentType;
    }
    if (authorization !== undefined) init.headers.Authorization = authorization;
    const cache = !this.#parts.fetch && noStore();
    if (cache) init.cache = cache;
    const aborter = this.#idle.pop() ?? newAborter();
    request.aborter = aborter;
    if (aborter && this.#takesSignal) init.signal = aborter.controller.signal as TaskAbortSignal;
    request.stop = () => aborter?.controller.abort();
    return init;
  }
}

/** Gives a request its token; says what is wrong with what the token function gave. */
async function takeToken(request: Request, tokens: TokenSource): Promise<Detail | undefined> {
  const call = tokens.next(request.token);
  request.isFresh = call.isRefresh;
  request.stop = call.forget;
  request.waitsFor = "token";
  try {
    const token = await call.token;
    request.waitsFor = "turn";
    const wrong = complaint(token);
    if (wrong) return { message: `the token function gave ${wrong}` };
    request.token = token as string;
    return undefined;
  } catch (thrown) {
    return threw("the token function threw", thrown, request.secrets);
  }
}
