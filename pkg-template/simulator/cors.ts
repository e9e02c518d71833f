// What a simulator that is open to pages of any origin adds to its answers.
import { rateLimitHeaders } from "./rate-limit.js";
import type { Answer } from "./script.js";

const OF_FILES = ["etag", "accept-ranges", "content-range", "content-length", "content-disposition"];
const EXPOSED_HEADERS = ["date", "retry-after", ...Object.keys(rateLimitHeaders(0, 0)), ...OF_FILES].join(", ");

export const OPEN_CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED_HEADERS };

export const preflight = (headers: Record<string, string>, methods: string): Answer => ({
  status: 204,
  headers: {
    "access-control-allow-methods": methods,
    "access-control-allow-headers": headers["access-control-request-headers"] ?? "authorization",
    "access-control-max-age": "600",
  },
});
