// The client with what fits HubSpot's host: its timeout, and a quarter of the calls that an account may have open. What the
// host cannot send is refused as an argument.
import { HubSpotTasks as Client } from "../api.js";
import type { ClientOptions, DefinedFamily, FamilyDefinition, FetchLike } from "../entries/index.js";
import { attempt } from "../values.js";
import { type TimedInit, toldAsRefusal } from "./transports.js";

const REQUEST_TIMEOUT_MS = 15_000;
/** Of the 20 that all users of an app in an account share. */
const MAX_CONCURRENT = 5;

/** Asks as a whole client does, by HubSpot's host: `requestTimeoutMs` is 15,000 and `maxConcurrent` 5 if not given. */
export class HubSpotTasks extends Client {
  /**
   * Reads the options; sends nothing.
   * @throws {HubSpotTaskError} INVALID_ARGUMENT, naming the option, what it got and what it takes.
   */
  constructor(options?: ClientOptions) {
    // What cannot be read is refused by its name.
    super(attempt(() => withDefaults(options)) ?? options);
    // The families.
    for (const name of Object.getOwnPropertyNames(this)) refusing(this[name as "exports"]);
  }

  /**
   * A family that HubSpot has besides, by its definition: the same object for the same definition.
   * @throws {HubSpotTaskError} INVALID_ARGUMENT, naming every field that is wrong, or a name that another family has.
   */
  override family<Result, Request>(definition: FamilyDefinition<Result, Request>): DefinedFamily<Result, Request> {
    return refusing(super.family(definition));
  }
}

/** What starts tasks. */
interface Startable {
  start(request: unknown, options?: object): Promise<unknown>;
}

/** A family whose start says by its field what HubSpot's host cannot send. */
function refusing<Family extends Startable>(family: Family): Family {
  // A family may come more than once: its class's start is what is called each time.
  const its = Object.getPrototypeOf(family) as Startable;
  return Object.assign(family, {
    start: (...given: Parameters<Startable["start"]>) =>
      its.start.apply(family, given).catch((thrown: unknown) => {
        throw toldAsRefusal(thrown);
      }),
  });
}

function withDefaults(options: ClientOptions | null = {}): ClientOptions | null {
  if (typeof options !== "object") return options;
  const { requestTimeoutMs, maxConcurrent, fetch } = options ?? {};
  const timeout = requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  // What they inherit counts, too.
  return Object.assign(Object.create(options) as ClientOptions, options, {
    requestTimeoutMs: timeout,
    maxConcurrent: maxConcurrent ?? MAX_CONCURRENT,
    fetch: typeof fetch === "function" ? timed(fetch, timeout) : fetch,
  });
}

/** Tells a transport how long the client waits. Called without `this`. */
const timed =
  (fetch: FetchLike, timeout: number): FetchLike =>
  (url, init) =>
    fetch(url, Object.assign(init, { timeout }) satisfies TimedInit);
