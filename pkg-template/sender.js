// Sends a client's requests: through the host's fetch or the caller's, as `(url, plain object)`, each with its token.
import { FETCH, NETWORK, TOKEN, quoted, read } from "./answer.js";
import { complaint } from "./given.js";
import { attempt } from "./host.js";

const bearer = (token) => `Bearer ${token}`;

/** Requests go by number. */
export class Sender {
  /** Takes what given.js read. */
  constructor({ address, isSafe }, headers, token, fetch) {
    this.baseUrl = address.replace(/\/+$/, "");
    this.fetch = fetch;
    ({ authorization: this.authorization, ...this.headers } = headers ?? {});
    if (typeof token === "function") this.token = token;
    else if (token !== undefined) this.authorization = bearer(token);
    if (!isSafe && (token ?? this.authorization) !== undefined) {
      const takes = "an https URL, or one of this machine, because a token is sent there";
      throw { message: `baseUrl: got an unencrypted URL, takes ${takes}` };
    }
    /** Requests under way, and those that may be repeated. */
    this.flights = new Map();
    /** Calls of the token function under way, by `refresh`: those that overlap share one. */
    this.open = new Map();
    /** The token that was refused last, and the one that took its place. */
    this.replaced = [];
  }

  /** Sends, and gives the answer, as answer.js reads it; undefined when it is given up. Never rejects. */
  async ask(number, repeats, path) {
    const flight = this.flights.get(repeats) ?? {};
    this.flights.delete(repeats);
    this.flights.set(number, flight);
    flight.isSent = false;
    const givenUp = new Promise((resolve) => (flight.giveUp = resolve));
    const answer = await Promise.race([this.answer(flight, path), givenUp]);
    if (!answer?.isRepeatable) this.flights.delete(number);
    return answer;
  }

  /** Breaks a request off; says whether it still waited for its token. */
  giveUp(number) {
    const flight = this.flights.get(number);
    if (!flight) return false;
    this.flights.delete(number);
    flight.isOver = true;
    flight.giveUp();
    attempt(() => flight.stop?.());
    return !flight.isSent;
  }

  /** The same of one that took too long: gives that as its answer. */
  late(number) {
    return this.giveUp(number)
      ? { kind: TOKEN, detail: { message: "the token function did not answer within requestTimeoutMs" } }
      : { kind: NETWORK, detail: { message: "no answer came within requestTimeoutMs" } };
  }

  async answer(flight, path) {
    const fetch = this.fetch ?? attempt(() => globalThis.fetch);
    if (typeof fetch !== "function") {
      const message = "this host has no fetch: give one as the option fetch";
      return { kind: FETCH, detail: { message, cause: new TypeError("fetch is not a function") } };
    }
    let { authorization } = this;
    if (this.token) {
      try {
        const wrong = complaint((flight.token = await this.tokenFor(flight)));
        if (wrong) return { kind: TOKEN, detail: { message: `the token function gave ${wrong}` } };
      } catch (cause) {
        return { kind: TOKEN, detail: { message: "the token function threw", cause } };
      }
      authorization = bearer(flight.token);
    }
    if (flight.isOver) return;
    // A redirect is never followed, for a token must not go where it leads.
    const init = { method: "GET", headers: { ...this.headers }, redirect: "manual" };
    if (authorization !== undefined) init.headers.Authorization = authorization;
    const controller = typeof AbortController === "function" ? new AbortController() : undefined;
    if (controller) init.signal = controller.signal;
    flight.stop = () => controller?.abort();
    flight.isSent = true;
    const secret = flight.token ?? authorization?.split(" ").pop();
    try {
      const answer = await read(await fetch(this.baseUrl + path, init));
      return { ...answer, secret, isRepeatable: answer.status === 401 && this.token !== undefined && !flight.isFresh };
    } catch (cause) {
      return { kind: NETWORK, detail: { message: noAnswer(cause, secret), cause } };
    }
  }

  /** A token; after a refused one its successor, which the function is asked for once. */
  async tokenFor(flight) {
    const refused = flight.token;
    if (refused === undefined) return this.shared(flight, false);
    const [old, successor] = this.replaced;
    if (refused === old) return successor;
    flight.isFresh = true;
    const token = await this.shared(flight, true);
    if (token !== refused && !complaint(token)) this.replaced = [refused, token];
    return token;
  }

  shared(flight, refresh) {
    const { token, open } = this;
    const call = open.get(refresh) ?? (async () => token({ refresh }))();
    const forget = () => open.get(refresh) === call && open.delete(refresh);
    open.set(refresh, call);
    call.then(forget, forget);
    // A call that nobody waits for any more may never answer.
    flight.stop = forget;
    return call;
  }
}

/** What was thrown, in words, where it has any. */
const noAnswer = (thrown, secret) =>
  `no answer came (${quoted(attempt(() => String(thrown)) ?? "", secret)}). If this is a browser, the likely cause is CORS: HubSpot's API cannot be asked from a page; ask a proxy of your own (option baseUrl) that adds the token`;
