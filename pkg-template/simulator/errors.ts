// What HubSpot's errors say: the bodies of its refusals.
import type { Policy } from "./rate-limit.js";

export const unauthorized = {
  message:
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details " +
    "at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
  category: "INVALID_AUTHENTICATION",
};

export const missingScopes = (scopes: readonly string[]) => ({
  message:
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: " +
    "https://developers.hubspot.com/scopes.",
  category: "MISSING_SCOPES",
  context: { requiredGranularScopes: scopes },
  errors: [
    { message: "One or more of the following scopes are required.", context: { requiredGranularScopes: scopes } },
  ],
  links: { scopes: "https://developers.hubspot.com/scopes" },
});

/** A 429 has no category. */
export const rateLimit = (policyName: Policy) => ({
  message: `You have reached your ${policyName.toLowerCase()} limit.`,
  errorType: "RATE_LIMIT",
  policyName,
});

/** A 429 of a limit that no waiting mends: no rate, so it has no policy. */
export const limitReached = (errorType: string) => ({ message: "You have reached a limit of your account.", errorType });

export const notFound = { message: "resource not found" };

/** The body of a 400 that names the fields that a request lacks. */
export const missingFields = (fields: readonly string[]) => ({
  message: `Some required fields were not set: [${fields.join(", ")}]`,
  category: "VALIDATION_ERROR",
  errors: fields.map((field) => ({
    message: `${field} is required`,
    code: "REQUIRED_FIELD",
    in: field,
    context: { fields: [field] },
  })),
});

/** The body of a 400, or of a 415, to what cannot be read. */
export const unreadable = (why: string) => ({ message: `Invalid input: ${why}`, category: "VALIDATION_ERROR" });
