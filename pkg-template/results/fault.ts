// Why an attempt to get the bytes failed, and what can be done about it.
import { causeOf } from "../cause.js";
import type { HubSpotTaskErrorCode } from "../generated/data.js";
import { attempt } from "../values.js";

interface FaultFields {
  readonly code: HubSpotTaskErrorCode;
  readonly message: string;
  readonly httpStatus?: number;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * `passes`: another attempt may do better. `refused`: so may one with another URL, since this one is dead. `lasts`: none
 * does.
 */
export type Prospect = "passes" | "refused" | "lasts";

export class Fault extends Error {
  constructor(
    readonly prospect: Prospect,
    readonly fields: FaultFields,
  ) {
    super(fields.message);
  }
}

/** The connection broke, or there was none. */
export const cut = (message: string, cause?: unknown): Fault => new Fault("passes", { code: "NETWORK", message, cause });

/** What came is not to be used. */
export const invalid = (message: string, prospect: Prospect = "lasts"): Fault =>
  new Fault(prospect, { code: "INVALID_RESPONSE", message });

/** What fetch or a body threw, without the URL or a part of it: it is a secret. */
export const causeWithout = (url: string, thrown: unknown): Error | undefined => {
  const { pathname, search } = attempt(() => new URL(url)) ?? { pathname: "", search: "" };
  return causeOf(thrown, [search.slice(1), pathname].filter((secret) => secret.length > 1));
};
