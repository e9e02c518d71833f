// One client and one budget for each account, of no more accounts than this.
import type { TaskAbortSignal } from "../types.js";
import type { Answer } from "./answers.js";
import type { ProxyGiven } from "./options.js";
import { Shared } from "./shared.js";
import { type Order, Upstream } from "./upstream.js";

const MOST = 1_000;

/** One account, as its callers ask it. */
export class Portal {
  readonly #upstream: Upstream;
  readonly #shared = new Shared();

  constructor(given: ProxyGiven, portalId: string | undefined) {
    this.#upstream = new Upstream(given, portalId);
  }

  get isIdle(): boolean {
    return this.#upstream.isIdle;
  }

  get isBroken(): boolean {
    return this.#upstream.isBroken;
  }

  /** What changes something is sent for each who wants it. */
  ask(order: Order, signal: TaskAbortSignal): Promise<Answer> {
    if (order.which === "start") return this.#upstream.ask(order, signal);
    const key = `${order.which} ${order.facts.name} ${order.id}`;
    return this.#shared.ask(key, (whole) => this.#upstream.ask(order, whole), signal);
  }
}

export class Portals {
  readonly #given: ProxyGiven;
  /** The one that was asked last is the last. */
  readonly #known = new Map<string | undefined, Portal>();

  constructor(given: ProxyGiven) {
    this.#given = given;
  }

  /** The account of that id; without a signature there is one, which has none. */
  of(portalId: string | undefined): Portal {
    const before = this.#known.get(portalId);
    const portal = before && !before.isBroken ? before : new Portal(this.#given, portalId);
    this.#known.delete(portalId);
    this.#known.set(portalId, portal);
    if (this.#known.size > MOST) this.#forgetOne();
    return portal;
  }

  /** The one that rests longest; where all are at work, the one that was asked longest ago. */
  #forgetOne(): void {
    const all = [...this.#known];
    const [oldest] = all.find(([, portal]) => portal.isIdle) ?? all[0] ?? [];
    this.#known.delete(oldest);
  }
}
