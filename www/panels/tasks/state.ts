// How a task stands, as a row says it.
import type { TaskSnapshot, TaskStatus } from "hubspot-async-tasks";

/** Whether its task is polled then: `paused` may be polled again, `over` is never. */
const POLLING = {
  sending: "yet",
  refused: "over",
  asked: "polled",
  waiting: "polled",
  working: "polled",
  succeeded: "over",
  succeededWithErrors: "over",
  failed: "over",
  canceled: "over",
  stopped: "paused",
  broken: "paused",
} as const;

export type State = keyof typeof POLLING;

export const isPolled = (state: State): boolean => POLLING[state] === "polled";
export const isOver = (state: State): boolean => POLLING[state] === "over";
export const canGoOn = (state: State): boolean => POLLING[state] === "paused";

/** Words of HubSpot's for a task that it has not begun. */
const QUEUED: readonly unknown[] = ["PENDING", "STARTED", "DEFERRED"];

/** HubSpot's word; imports have it in another field. */
export function wordOf(status: TaskStatus<unknown> | undefined): string | undefined {
  const { status: word, state } = (status ?? {}) as { status?: unknown; state?: unknown };
  const said = word ?? state;
  return typeof said === "string" ? said : undefined;
}

/** Nothing more comes by itself, and nobody wanted that. */
export const isEnd = (state: State): boolean => isOver(state) || state === "broken";

export function stateOf({ outcome, phase, error, status }: TaskSnapshot<unknown>): State {
  if (outcome !== "running") return outcome;
  if (error !== undefined) return "broken";
  if (phase === "idle") return "stopped";
  const word = wordOf(status);
  if (word === undefined) return "asked";
  return QUEUED.includes(word) ? "waiting" : "working";
}
