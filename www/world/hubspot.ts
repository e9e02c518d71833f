// The simulated HubSpot of one lane: the tasks of the plan, the account's limit, and what goes wrong on the way.
import { type Simulator, createSimulator, faults } from "hubspot-async-tasks/simulator";
import type { WorldClock } from "./clock.ts";
import { draw } from "./draw.ts";
import type { Lane, Row } from "./lane.ts";
import type { PlannedTask } from "./plan.ts";
import type { Settings } from "./settings.ts";
import { faultAt } from "./weather.ts";

/** What both lanes are given in the place of the browser's fetch. Its answers have been read. */
export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  json(): Promise<unknown>;
}
type Init = Parameters<Simulator["fetch"]>[1];
export type Fetch = (url: string, init?: Init) => Promise<Answer>;

export interface HubSpot {
  readonly simulator: Simulator;
  readonly fetch: Fetch;
  /** Somebody asks for the task now. */
  add(task: PlannedTask): void;
}

const WINDOW_MS = 10_000;

/** Answers of 5xx, each as likely. */
const SERVER_ERRORS = [faults.serverError, faults.badGateway, faults.unavailable, faults.gatewayTimeout];
/** Beyond what weather.ts draws for. */
const FOR_ERROR = 12;

/** The simulator keeps every request; the lane has its own list. */
const MOST_KEPT = 1_000;

export function createHubSpot(settings: Settings, clock: WorldClock, lane: Lane): HubSpot {
  const startMs = clock.now();
  const sinceStart = () => clock.now() - startMs;
  const simulator = createSimulator({
    clock,
    seed: settings.seed,
    latencyMs: settings.latency,
    exportQueue: settings.queue === "one",
    importQueue: settings.queue === "three",
    rateLimit: settings.limit > 0 ? { requests: settings.limit, perMs: WINDOW_MS } : undefined,
  });
  const rows = new Map<string, Row>();

  /** The row of the task that an address speaks of: no other part of a path looks like an id. */
  const rowOf = (url: string) => {
    const id = url.split(/[/?]/).find((part) => rows.has(part));
    return id === undefined ? undefined : rows.get(id);
  };

  const fetch: Fetch = async (url, init) => {
    const row = rowOf(url);
    const sentMs = sinceStart();
    // Both are known when the request arrives; latency comes after.
    const fault = row && faultAt(settings, row.task.index, sentMs);
    const coming = simulator.fetch(url, init);
    const sent = lane.asked(row, sentMs);
    let status: number | undefined;
    try {
      const response = await coming;
      // A refusal comes from the door, before anything can go wrong behind it.
      const isFaulty = fault !== undefined && response.status !== 429;
      if (isFaulty && fault === "dropped") throw new TypeError("Failed to fetch");
      const answer = isFaulty ? errorAnswer(settings, row?.task.index ?? 0, sentMs, response.headers) : await read(response, clock);
      status = answer.status;
      return answer;
    } finally {
      if (simulator.requests.length > MOST_KEPT) simulator.requests.length = 0;
      lane.answered(sent, row, sinceStart(), status);
    }
  };

  return {
    simulator,
    fetch,
    add({ id, index, family, pendingMs, processingMs, outcome }) {
      simulator.addTask(family, { id, pendingMs, processingMs, outcome });
      const row = lane.rows[index];
      if (row) rows.set(id, row);
    },
  };
}

/** Reading takes a browser a moment, and the world none. */
async function read(response: Response, clock: WorldClock): Promise<Answer> {
  const text = await clock.during(response.text());
  return answerOf(response.status, response.headers, text);
}

function errorAnswer({ seed }: Settings, index: number, atMs: number, headers: Answer["headers"]): Answer {
  const make = SERVER_ERRORS[Math.floor(draw(seed, index, FOR_ERROR, atMs) * SERVER_ERRORS.length)] ?? faults.unavailable;
  const { status, body } = make();
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return answerOf(status, { get: (name) => (/^(?:date|x-hubspot)/i.test(name) ? headers.get(name) : null) }, text);
}

const answerOf = (status: number, headers: Answer["headers"], text: string): Answer => ({
  status,
  ok: status >= 200 && status < 300,
  headers,
  text: () => Promise.resolve(text),
  // A text that is no JSON rejects, as a Response's does.
  json: () =>
    new Promise((resolve) => {
      resolve(JSON.parse(text));
    }),
});
