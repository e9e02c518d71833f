// The left lane: each task in a loop of its own, as most write it.
import type { Clock } from "./clock.ts";
import { draw } from "./draw.ts";
import type { Habit } from "./habits.ts";
import type { Answer, Fetch } from "./hubspot.ts";
import type { Lane, Row } from "./lane.ts";
import type { Family } from "./plan.ts";

export interface LoopWorld {
  readonly lane: Lane;
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly habit: Habit;
  readonly seed: number;
  /** Since the world began. */
  readonly nowMs: () => number;
}

/** Where the status of a family's task is told. */
const PATHS: Readonly<Record<Family, string>> = {
  fileImport: "/files/2026-03/files/import-from-url/async/tasks/{id}/status",
  folderUpdate: "/files/2026-03/folders/update/async/tasks/{id}/status",
  export: "/crm/exports/2026-03/export/async/tasks/{id}/status",
  sourceCodeExtract: "/cms/source-code/2026-03/extract/async/tasks/{id}/status",
  import: "/crm/imports/2026-03/{id}",
};

/** What a status says. An import's words stand in another field, and are others. */
interface Status {
  readonly status?: string;
  readonly state?: string;
}
const DONE = "COMPLETE";

/** Beyond what the others draw for. */
const FOR_INTERVAL = 21;

/** Asks until the loop takes the task for over. It never rejects: what it throws is what it tells. */
export async function pollInLoop(world: LoopWorld, row: Row): Promise<void> {
  const { lane, clock, habit, seed, nowMs } = world;
  const url = `https://api.hubapi.com${PATHS[row.task.family].replace("{id}", row.task.id)}`;
  try {
    for (let polls = 1; ; polls++) {
      const answer = await ask(world, url);
      const body = (await answer.json()) as Status;
      const state = stateOf(body);
      if (state !== undefined) lane.saw(row, nowMs(), state);
      const isCanceled = state === "CANCELED";
      if (state === DONE || (isCanceled && habit.knowsCanceled)) {
        lane.tell(row, nowMs(), isCanceled ? "canceled" : "succeeded");
        return;
      }
      if (isCanceled) row.isMissed = true;
      const waitMs = habit.intervalMs(polls, draw(seed, row.task.index, FOR_INTERVAL, polls));
      row.nextPollMs = nowMs() + waitMs;
      await sleep(clock, waitMs);
    }
  } catch {
    // No answer, or one that is no JSON: the loop is over, and whoever wrote it reads a failure.
    lane.tell(row, nowMs(), "failed");
  }
}

/** An error's body has a `status`, too: "error". */
function stateOf({ state, status }: Status): string | undefined {
  const word = state ?? status;
  if (word === "DONE") return DONE;
  return word === "error" ? undefined : word;
}

/** With a habit's repeats; throws where they are used up, and where no answer comes that is not asked for again. */
async function ask({ clock, fetch, habit: { repeats } }: LoopWorld, url: string): Promise<Answer> {
  for (let repeat = 1; ; repeat++) {
    let answer: Answer | undefined;
    let fault: unknown;
    try {
      answer = await fetch(url);
    } catch (thrown) {
      fault = thrown;
    }
    const isGood = answer && answer.status !== 429 && answer.status < 500;
    if (answer && (isGood || !repeats)) return answer;
    const waitMs = repeats && repeat <= repeats.most ? repeats.waitMs(repeat, answer?.status) : undefined;
    if (waitMs === undefined) throw new Error(answer ? `HTTP ${String(answer.status)}` : "no answer", { cause: fault });
    await sleep(clock, waitMs);
  }
}

const sleep = (clock: Clock, ms: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
