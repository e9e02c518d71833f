// The option `token`, checked, and what a token function gives: one call serves all who need a token meanwhile.
import { isHeaderValue } from "./headers.js";
import type { ClientOptions } from "./types.js";
import { kind, refusalOfKind, refused } from "./values.js";

/** A token, or the function that gives it. */
export type Token = NonNullable<ClientOptions["token"]>;
export type TokenFunction = Exclude<Token, string>;

/** A token as it is sent: the white space around it is an `.env` file's, and the scheme is put before it by us. */
const bare = (given: unknown): unknown =>
  typeof given === "string" ? given.trim().replace(/^bearer(\s+|$)/i, "") : given;

export function readToken(given: unknown): Token {
  if (typeof given === "function") return given as TokenFunction;
  const token = bare(given);
  if (typeof token !== "string") throw refusalOfKind("token", token, "a string or a function");
  const wrong = complaint(token);
  if (wrong) throw refused("token", wrong, "a token as HubSpot gave it");
  return token;
}

/** What no token can be, in words that follow "got" and "gave". */
export function complaint(token: unknown): string | undefined {
  if (typeof token !== "string") return `${kind(token)} instead of a token`;
  if (token === "") return "an empty token";
  if (!isHeaderValue(token)) return "a token that no header can carry, such as one with a line break";
  return undefined;
}

/** A call of the token function, or what is known without one. */
export interface TokenCall {
  /** What the function gives: anything; a text as it is sent. */
  readonly token: Promise<unknown>;
  /** Whether a refused token made the function give a new one. */
  readonly isRefresh: boolean;
  /** Nobody may join it any more: it may never answer. */
  readonly forget: () => void;
}

/** The tokens that a function gives. */
export class TokenSource {
  readonly #ask: TokenFunction;
  /** Calls under way, by `refresh`: those that overlap share one. */
  readonly #open = new Map<boolean, Promise<unknown>>();
  /** The token that was refused last, and the one that took its place. */
  #refused: unknown;
  #successor: unknown;

  constructor(ask: TokenFunction) {
    this.#ask = ask;
  }

  /** A token; after a refused one its successor, which the function is asked for once. */
  next(refused?: string): TokenCall {
    if (refused === undefined) return this.#call(false);
    if (refused === this.#refused) {
      return { token: Promise.resolve(this.#successor), isRefresh: false, forget: () => undefined };
    }
    const call = this.#call(true);
    const token = call.token.then((given) => {
      if (given !== refused && !complaint(given)) [this.#refused, this.#successor] = [refused, given];
      return given;
    });
    return { ...call, token };
  }

  #call(refresh: boolean): TokenCall {
    const open = this.#open;
    // Called without `this`.
    const ask = this.#ask;
    const token: Promise<unknown> = open.get(refresh) ?? (async () => bare(await ask({ refresh })))();
    open.set(refresh, token);
    const forget = () => {
      if (open.get(refresh) === token) open.delete(refresh);
    };
    token.then(forget, forget);
    return { token, isRefresh: refresh, forget };
  }
}
