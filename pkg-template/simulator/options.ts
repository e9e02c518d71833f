// What a simulator is made with.
import type { StartedTask } from "./account.js";
import type { SimulatedFamilyDefinition } from "./definition.js";
import type { SimulatedDownloads } from "./files.js";
import type { SimulatorClock } from "./requests.js";

/** Options of {@link createSimulator}. */
export interface SimulatorOptions<Name extends string = string> {
  /** The host's unless given. */
  clock?: SimulatorClock | undefined;
  /** Milliseconds from a request to its answer; 0, the default, needs no timer. */
  latencyMs?: number | undefined;
  /** The bearer tokens that are accepted, others get 401; unless given, any token or none. */
  tokens?: string[] | undefined;
  /** The scopes of the token; a call that needs others gets 403; unless given, all. */
  scopes?: string[] | undefined;
  /** "none", the default, as HubSpot: no CORS headers. "open": any origin may ask and read; preflights are answered. */
  cors?: "none" | "open" | undefined;
  /** A path (or a URL with one) at which the API is accepted too, as behind a proxy: "/hubspot". */
  baseUrl?: string | undefined;
  /**
   * The account's limits, whole numbers; unless given, nothing is refused, and the headers tell of 190 requests in 10 s, to
   * which a client keeps. A request beyond a limit gets 429, TEN_SECONDLY_ROLLING or
   * DAILY (DAILY where it is beyond both), and leaves the script as it is. Every other request counts, scripted answers
   * and dropped connections included; preflights and refused requests do not, so asking on does not prolong the wait.
   *
   * Every answer but a preflight's has `X-HubSpot-RateLimit-Max`, `-Remaining` and `-Interval-Milliseconds`, with
   * `daily` also `-Daily` and `-Daily-Remaining`. A scripted answer's own headers, a fault's too, take their place.
   */
  rateLimit?:
    | {
        /** How many requests are let through in any window; 0 lets none through. */
        requests: number;
        /** How long a window is: HubSpot's is 10,000; the refusal is called TEN_SECONDLY_ROLLING anyway. Not 0. */
        perMs: number;
        /** "sliding", the default: any `perMs` milliseconds. "fixed": each begins at a multiple of them, by the clock. */
        window?: "sliding" | "fixed" | undefined;
        /** How many are let through in a day, which ends at midnight UTC; no limit and no headers unless given. */
        daily?: number | undefined;
      }
    | undefined;
  /**
   * Whether the account's exports queue: one runs at a time, in the order of adding, while the others stay PENDING, for
   * `pendingMs` at least. One that waits longer holds up those after it. False unless given.
   */
  exportQueue?: boolean | undefined;
  /** Whether the account's imports queue: three run at a time, the others are DEFERRED. False unless given. */
  importQueue?: boolean | undefined;
  /** How many exports may be started by requests in 24 hours (HubSpot: 30), as they roll; no limit unless given. */
  exportsPerDay?: number | undefined;
  /** How many rows an import's files may have together; no limit unless given. More are a 429 that is no rate. */
  importRows?: number | undefined;
  /** Families of task that are not built in. */
  families?: readonly SimulatedFamilyDefinition<Name>[] | undefined;
  /**
   * What becomes of tasks that are started by requests, or a function that says it of each. Unless given they are over at
   * once, and succeed.
   */
  startedTask?: StartedTask | undefined;
  /** The form of `links` in the answer to a start: a map, as was seen, or an array of objects, as was documented. */
  locatorLinks?: "map" | "array" | undefined;
  /** How the files of exports are brought. */
  downloads?: SimulatedDownloads | undefined;
  /**
   * A whole number: what {@link Simulator.addRandomTask} draws from, 0 unless given, and what ids are made of. Simulators
   * of one seed give the same ids; those that are given none give different ones, as accounts do.
   */
  seed?: number | undefined;
}
