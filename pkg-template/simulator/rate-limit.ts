// The account's rate limits: which requests they let through, and the headers that tell of them.
import { DAY_MS, requireOneOf, requireWhole } from "./values.js";

/** The option `rateLimit` of the simulator, which says what each of these is. */
export interface Limits {
  requests: number;
  perMs: number;
  window?: "sliding" | "fixed" | undefined;
  daily?: number | undefined;
}

export type Policy = "TEN_SECONDLY_ROLLING" | "DAILY";

/** What the limits say of one request. */
export interface Limited {
  /** The policy that refuses it, if any does. */
  exceeded?: Policy | undefined;
  headers: Record<string, string>;
}

/** One of the documented sets of limits. */
const DOCUMENTED_LIMITS: Limits = { requests: 190, perMs: 10_000, daily: 625_000 };

/** The headers of an answer given under such limits; as for OAuth, none of the day's where no daily limit is given. */
export const rateLimitHeaders = (
  remaining: number,
  dailyRemaining: number,
  { requests, perMs, daily }: Limits = DOCUMENTED_LIMITS,
): Record<string, string> => ({
  "x-hubspot-ratelimit-max": String(requests),
  "x-hubspot-ratelimit-remaining": String(remaining),
  "x-hubspot-ratelimit-interval-milliseconds": String(perMs),
  ...(daily !== undefined && {
    "x-hubspot-ratelimit-daily": String(daily),
    "x-hubspot-ratelimit-daily-remaining": String(dailyRemaining),
  }),
});

/**
 * Counts requests, each by its time of arrival, in a window and in a day. A refused request is not counted:
 * asking on prolongs nothing.
 */
export function rateLimiter(given: Limits): (at: number) => Limited {
  const limits = {
    requests: requireWhole("rateLimit.requests", given.requests),
    perMs: requireWhole("rateLimit.perMs", given.perMs, 1),
    daily: given.daily === undefined ? undefined : requireWhole("rateLimit.daily", given.daily),
  };
  const { requests, perMs, daily = Infinity } = limits;
  const windowBegins = requireOneOf("rateLimit.window", given.window ?? "sliding", {
    sliding: (at: number) => at - perMs,
    // Such a window holds its first instant, and not its last.
    fixed: (at: number) => Math.floor(at / perMs) * perMs - 1,
  });
  let arrivals: number[] = []; // of the requests let through that are still in the window
  let day: number | undefined;
  let today = 0; // requests let through on that day

  return (at) => {
    arrivals = arrivals.filter((arrival) => arrival > windowBegins(at));
    if (day !== Math.floor(at / DAY_MS)) [day, today] = [Math.floor(at / DAY_MS), 0];
    const exceeded = today >= daily ? "DAILY" : arrivals.length >= requests ? "TEN_SECONDLY_ROLLING" : undefined;
    if (!exceeded) {
      arrivals.push(at);
      today += 1;
    }
    return { exceeded, headers: rateLimitHeaders(requests - arrivals.length, daily - today, limits) };
  };
}
