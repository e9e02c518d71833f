// The truth: which tasks there are, when each is asked for, how long it takes and how it ends. Made of the settings alone.
import { draw, drawNormal } from "./draw.ts";
import type { Queue, Settings } from "./settings.ts";

export type Family = "fileImport" | "folderUpdate" | "export" | "sourceCodeExtract" | "import";

/** How a task can end here. */
export type Outcome = "succeeded" | "succeededWithErrors" | "canceled";

/** A task, with what nobody but HubSpot knows. Instants are milliseconds since the world began. */
export interface PlannedTask {
  readonly index: number;
  readonly id: string;
  readonly family: Family;
  /** When it is asked for: HubSpot knows it from then on, and both lanes wait for it. */
  readonly requestedMs: number;
  /** How long it is PENDING at least, and PROCESSING after that. */
  readonly pendingMs: number;
  readonly processingMs: number;
  /** When HubSpot begins to work on it, and when that is over: after its turn in a queue. */
  readonly startedMs: number;
  readonly completedMs: number;
  readonly outcome: Outcome;
}

/** What the tasks of a queue are, and how many run at a time. */
const QUEUES: Readonly<Record<Queue, { families: readonly Family[]; atOnce: number; waits: boolean }>> = {
  none: { families: ["fileImport", "folderUpdate", "export", "sourceCodeExtract"], atOnce: Infinity, waits: false },
  waits: { families: ["fileImport", "folderUpdate", "export", "sourceCodeExtract"], atOnce: Infinity, waits: true },
  one: { families: ["export"], atOnce: 1, waits: false },
  three: { families: ["import"], atOnce: 3, waits: false },
};

/** All are asked for one after the other, as somebody does who starts them from a list. */
const BETWEEN_MS = 120;

/** The spread of a lognormal duration: the longest of 50 tasks take ten times as long as half of them. */
const SIGMA = 0.9;

/** What a draw is for. */
const FOR = { processing: 1, pending: 2, outcome: 3 } as const;

export function plan(settings: Settings): PlannedTask[] {
  const { seed, tasks, takes, queue, canceled, errors } = settings;
  const { families, atOnce, waits } = QUEUES[queue];
  const lognormal = (what: number, index: number) => Math.max(50, Math.round(takes * 1_000 * Math.exp(SIGMA * drawNormal(seed, index, what))));
  const turns = createTurns(atOnce);
  return Array.from({ length: tasks }, (_, index) => {
    const family = families[index % families.length] ?? "export";
    const requestedMs = index * BETWEEN_MS;
    const pendingMs = waits ? lognormal(FOR.pending, index) : 0;
    const processingMs = lognormal(FOR.processing, index);
    const startedMs = turns(requestedMs + pendingMs, processingMs);
    const completedMs = startedMs + processingMs;
    const outcome = outcomeOf(draw(seed, index, FOR.outcome) * 100, canceled, family === "sourceCodeExtract" ? 0 : errors);
    return { index, id: idOf(seed, index, family), family, requestedMs, pendingMs, processingMs, startedMs, completedMs, outcome };
  });
}

/** When HubSpot begins with each next task, which is ready at an instant: so many are worked on at once. */
function createTurns(atOnce: number): (readyMs: number, takesMs: number) => number {
  if (atOnce === Infinity) return (readyMs) => readyMs;
  /** When each place is free again. */
  const places = new Array<number>(atOnce).fill(0);
  return (readyMs, takesMs) => {
    const freeMs = Math.min(...places);
    const startedMs = Math.max(readyMs, freeMs);
    places[places.indexOf(freeMs)] = startedMs + takesMs;
    return startedMs;
  };
}

function outcomeOf(percent: number, canceled: number, errors: number): Outcome {
  if (percent < canceled) return "canceled";
  return percent < canceled + errors ? "succeededWithErrors" : "succeeded";
}

/** Decimal digits are ids of every family but folder updates, whose ids are none. */
function idOf(seed: number, index: number, family: Family): string {
  const digits = String(10_000_000 + (Math.abs(seed) % 1_000) * 1_000 + index);
  return family === "folderUpdate" ? `folder-${digits}` : digits;
}
