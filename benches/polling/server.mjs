// The simulated server: tasks that complete at a known instant, and a limit on requests if there is one.
import { RTT_MS } from "./scenarios.mjs";

/** HubSpot's limit for free and starter accounts. */
export const LIMIT = { requests: 100, perMs: 10_000 };

export class Server {
  #clock;
  #limit;
  #tasks = new Map();
  #accepted = [];

  constructor(clock, limit) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** A task that starts now; gives its record, which counts what it is asked. */
  start(id, durationMs) {
    const startedMs = this.#clock.now();
    const task = { id, startedMs, completedMs: startedMs + durationMs, seenMs: undefined, requests: 0, refused: 0 };
    this.#tasks.set(id, task);
    return task;
  }

  /** Nobody asks about it any more. */
  forget(id) {
    this.#tasks.delete(id);
  }

  /** One request. The answer, a round trip later: `{ task, serverMs, isRefused, isDone }`. */
  ask(id) {
    const task = this.#tasks.get(id);
    task.requests++;
    const serverMs = this.#clock.now() + RTT_MS / 2;
    // All requests take as long to arrive, so they may be judged when they are sent.
    const isRefused = !this.#admits(serverMs);
    if (isRefused) task.refused++;
    const answer = { task, serverMs, isRefused, isDone: !isRefused && serverMs >= task.completedMs };
    return new Promise((resolve) => this.#clock.setTimeout(() => resolve(answer), RTT_MS));
  }

  /** When each accepted request arrived, in milliseconds since the epoch; kept only where there is a limit. */
  get accepted() {
    return this.#accepted;
  }

  /** A true sliding window. A refused request does not enter it, which is kind to those who are refused. */
  #admits(serverMs) {
    if (!this.#limit) return true;
    const { requests, perMs } = this.#limit;
    const oldest = this.#accepted[this.#accepted.length - requests];
    if (oldest !== undefined && serverMs - oldest < perMs) return false;
    this.#accepted.push(serverMs);
    return true;
  }
}

/** The body of HubSpot's 429. */
export const REFUSAL = JSON.stringify({
  status: "error",
  message: "You have reached your ten_secondly_rolling limit.",
  errorType: "RATE_LIMIT",
  policyName: "TEN_SECONDLY_ROLLING",
});

/** As much of a Response as a client may look at: the host's own would take longer than the packages. */
export function response(status, body, headers = NO_HEADERS) {
  return {
    status,
    statusText: "",
    ok: status >= 200 && status < 300,
    body: null,
    headers,
    text: async () => body,
    json: async () => JSON.parse(body),
  };
}

const NO_HEADERS = new Headers();
export const JSON_HEADERS = new Headers({ "content-type": "application/json" });
