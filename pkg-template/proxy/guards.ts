// Who is let in: whom HubSpot's signature shows, and whom the user's own guard takes.
import { readNow } from "../clock.js";
import { known } from "../values.js";
import { Refused } from "./answers.js";
import type { ProxyGiven } from "./options.js";
import type { Asked } from "./routes.js";
import { LIFETIME_MS, type Signed, Signer, isNear, mayBeSignature } from "./signature.js";
import type { ProxyAsked, ProxyRequest } from "./types.js";

/** What HubSpot adds to the addresses that it calls, each once, with nothing that needs a look. */
const HOSTS_QUERY = /^(userId|portalId|userEmail|appId)=([^=]*)$/;

/** An account's id. */
const PORTAL = /^\d{1,19}$/;

/** The account in the query of an address that HubSpot signed. Who calls may have written a part of it. */
function portalIn(search: string): string | undefined {
  const query = new Map<string, string>();
  for (const part of search === "" ? [] : search.slice(1).split("&")) {
    const [, name = "", value = ""] = HOSTS_QUERY.exec(part) ?? [];
    if (name === "" || query.has(name)) throw new Refused("ADDRESS");
    query.set(name, value);
  }
  const portalId = query.get("portalId");
  if (portalId !== undefined && !PORTAL.test(portalId)) throw new Refused("ADDRESS");
  return portalId;
}

/** What a call shows, and for which account it is. */
export class Guards {
  readonly #given: ProxyGiven;
  readonly #signer: Signer | undefined;

  constructor(given: ProxyGiven) {
    this.#given = given;
    if (given.clientSecret !== undefined) this.#signer = new Signer(given.clientSecret);
  }

  get needsSignature(): boolean {
    return this.#signer !== undefined;
  }

  /** Refuses a call that HubSpot did not sign, or did so too long ago; gives the account that it speaks of. */
  async signed(request: ProxyRequest, url: HostUrl, address: string, readBody: () => Promise<Uint8Array>): Promise<Proof> {
    const { clock, token } = this.#given;
    const timestamp = request.headers.get("x-hubspot-request-timestamp") ?? "";
    const signature = request.headers.get("x-hubspot-signature-v3") ?? "";
    // Before anything is read of one who may be anybody.
    if (!mayBeSignature(signature) || !isNear(timestamp, readNow(clock))) throw new Refused("SIGNATURE");
    const signed: Signed = { method: request.method, address, body: await readBody(), timestamp };
    if (!(await this.#signer?.hasSigned(signature, signed))) throw new Refused("SIGNATURE");
    const portalId = portalIn(url.search);
    // Where each account has its own token, none is taken for a call that names none.
    if (portalId === undefined && typeof token === "function") throw new Refused("ADDRESS");
    return { portalId, signature, untilMs: Number(timestamp) + LIFETIME_MS };
  }

  /** Refuses a signed call that was received before. */
  async firstTime({ signature, untilMs }: Proof): Promise<void> {
    const { clock, replays } = this.#given;
    // One that fails remembers nothing.
    const isFirst = await this.#unless(() => replays.add(signature, Math.max(1, untilMs - readNow(clock))));
    if ((isFirst as unknown) !== true) throw new Refused("REPLAY");
  }

  /** Refuses a call that the user's own guard does not let in, or fails at. */
  async authorized(request: ProxyRequest, { route, id }: Asked, portalId: string | undefined, body: unknown): Promise<void> {
    const { authorize } = this.#given;
    if (!authorize) return;
    const asked: ProxyAsked = { action: route.action, family: route.facts.name, ...known({ taskId: id || undefined, portalId, body }) };
    const isLetIn = await this.#unless(() => authorize(request, asked));
    // A truthy thing such as a session's promise, or an object that says no, is no yes.
    if ((isLetIn as unknown) !== true) throw new Refused("GUARD");
  }

  /** What the user's own function gives; false where it fails, of which the user's log hears. */
  async #unless(act: () => boolean | Promise<boolean>): Promise<boolean> {
    try {
      return await act();
    } catch (thrown) {
      this.#given.report(thrown);
      return false;
    }
  }
}

/** What a valid signature shows. */
export interface Proof {
  readonly portalId: string | undefined;
  readonly signature: string;
  /** Until when it is valid. */
  readonly untilMs: number;
}
