// The right lane: all tasks by one client of the package, with its defaults.
import type { Checkpoint, HubSpotTasks, Task, TaskEvent } from "hubspot-async-tasks";
import type { Clock } from "./clock.ts";
import type { Fetch } from "./hubspot.ts";
import type { Lane, Row, Told } from "./lane.ts";

/** What the page uses of the package, of whichever entry. */
export type Entry = Pick<typeof import("hubspot-async-tasks"), "HubSpotTasks" | "isHubSpotTaskError" | "outcomeOf" | "init">;

export interface PackageWorld {
  readonly entry: Entry;
  readonly lane: Lane;
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** Since the world began. */
  readonly nowMs: () => number;
}

export interface PackagePoller {
  readonly client: HubSpotTasks;
  /** Of a row that is waited for: the task of the package. */
  taskOf(row: Row): Task<unknown> | undefined;
  /** When the row's next poll is due, and its end is expected: since the world began, where that is known. */
  nextPollMs(row: Row): number | undefined;
  expectedEndMs(row: Row): number | undefined;
  /** Waits to the end. It never rejects. */
  follow(row: Row): Promise<void>;
}

export function createPackagePoller({ entry, lane, clock, fetch, signal, nowMs }: PackageWorld): PackagePoller {
  const startMs = clock.now() - nowMs();
  const tasks = new Map<string, Task<unknown>>();
  const rows = new Map<string, Row>();

  function hear(event: TaskEvent): void {
    const row = rows.get(event.taskId);
    if (!row) return;
    const atMs = event.at - startMs;
    if (event.type === "changed") lane.saw(row, atMs, event.status);
    if (event.type !== "throttled" && event.type !== "retrying") return;
    const detail = event.type === "throttled" ? event.reason : event.code;
    lane.note(row, { atMs, kind: event.type, detail, delayMs: event.delayMs });
  }

  // The loop of the left lane has no time limit, either.
  const client = new entry.HubSpotTasks({ clock, fetch, onEvent: hear, timeoutMs: Infinity });

  async function follow(row: Row): Promise<void> {
    const { id, family } = row.task;
    const checkpoint: Checkpoint = { version: 1, family, taskId: id, apiVersion: "2026-03" };
    const task: Task<unknown> = client.resume(checkpoint);
    rows.set(id, row);
    tasks.set(id, task);
    try {
      const { outcome } = await task.wait({ signal });
      lane.tell(row, nowMs(), outcome);
    } catch (error) {
      if (!signal.aborted) lane.tell(row, nowMs(), toldBy(error));
    }
  }

  const toldBy = (error: unknown): Told => (entry.isHubSpotTaskError(error) && error.code === "CANCELED" ? "canceled" : "failed");

  const taskOf = ({ task }: Row) => tasks.get(task.id);
  return {
    client,
    follow,
    taskOf,
    nextPollMs(row) {
      const dueMs = row.told === undefined && !row.isAsking ? taskOf(row)?.checkpoint().dueMs : undefined;
      // One that is overdue waits for its turn in the budget.
      return dueMs === undefined ? undefined : Math.max(dueMs - startMs, nowMs());
    },
    expectedEndMs(row) {
      const estimate = row.told === undefined ? taskOf(row)?.estimate() : undefined;
      return estimate && nowMs() + estimate.medianMs;
    },
  };
}
