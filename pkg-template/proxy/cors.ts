// Which pages may call, and what browsers want to be told for that (CORS).
import type { Answer } from "./answers.js";

/** What a page may read of an answer's headers. */
const EXPOSED = [
  "Retry-After",
  "Date",
  "X-HubSpot-RateLimit-Max",
  "X-HubSpot-RateLimit-Remaining",
  "X-HubSpot-RateLimit-Interval-Milliseconds",
  "X-HubSpot-RateLimit-Daily",
  "X-HubSpot-RateLimit-Daily-Remaining",
  "Content-Disposition",
].join(", ");

/** How long a browser may keep what it was told, in seconds. */
const MAX_AGE_S = "600";

/** Whether a page of this origin may call. Who is no page has none. */
export const mayCall = (origin: string | null, own: string, origins: readonly string[]): boolean =>
  origin === null || origin === own || origins.includes(origin);

/** What every answer to a page of an origin that is named has; `vary`, since it differs by origin. */
export function corsHeaders(origin: string | null, origins: readonly string[]): Answer["headers"] {
  if (origins.length === 0) return {};
  if (origin === null || !origins.includes(origin)) return { vary: "Origin" };
  return {
    vary: "Origin",
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": EXPOSED,
  };
}

/** What a browser wants to know before it sends a call for a page of an origin that is named. */
export const preflight = (wantedHeaders: string | null): Answer => ({
  status: 204,
  body: null,
  headers: {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": wantedHeaders ?? "Content-Type",
    "access-control-max-age": MAX_AGE_S,
  },
});
