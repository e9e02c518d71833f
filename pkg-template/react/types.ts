// What the entry /react takes and gives.
import type { Task, TaskSnapshot } from "../entries/index.js";

/** What is needed of a task to show it. */
export type WatchableTask<Result> = Pick<Task<Result>, "subscribe" | "snapshot">;

/** A task's snapshot, and what tries again. The same object until something changes. */
export interface UseTaskResult<Result> extends TaskSnapshot<Result> {
  /**
   * Polls the task again where that has ended with an error, other than the task's own end: canceled and failed tasks stay
   * so. Does nothing else, and is the same function for as long as the task is the same.
   */
  readonly retry: () => void;
}
