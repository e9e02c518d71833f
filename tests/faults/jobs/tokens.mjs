// The tokens of a run of jobs: what the function of a client gives, and what HubSpot accepts.
import { TOKEN_MS } from "../judge.mjs";
import { newToken } from "../secrets.mjs";

export class Tokens {
  #run;
  #kind;
  #newest = 0;
  #accepted = [newToken(0)];

  constructor(run, kind) {
    this.#run = run;
    this.#kind = kind;
  }

  get isFunction() {
    return this.#kind === "function";
  }

  isAccepted(token) {
    return !this.isFunction || this.#accepted.includes(token);
  }

  /** There is a new token; the one before is accepted for a while. */
  renew() {
    if (!this.isFunction) return;
    this.#accepted = [newToken(++this.#newest), newToken(this.#newest - 1)];
    this.#run.simulator.tokens = this.#accepted;
  }

  /** The option of one client. */
  optionOf(random) {
    if (this.#kind === "none") return undefined;
    if (this.#kind === "string") return newToken(0);
    this.#run.simulator.tokens = this.#accepted;
    let cached = 0;
    return async ({ refresh }) => {
      const takesMs = random.between(0, TOKEN_MS);
      if (takesMs > 0) await this.#run.world.sleep(takesMs, "token");
      if (refresh) cached = this.#newest;
      return newToken(cached);
    };
  }
}
