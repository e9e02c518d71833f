// The hook: React's own way to draw from a store, over what a task has for that.
import { useMemo, useState, useSyncExternalStore } from "react";
import type { TaskSnapshot } from "../entries/index.js";
import type { UseTaskResult, WatchableTask } from "./types.js";

const IDLE: TaskSnapshot<never> = Object.freeze({ phase: "idle", outcome: "running", polls: 0 });
const idle = () => IDLE;
const NO_TASK: WatchableTask<never> = { subscribe: () => () => undefined, snapshot: idle };

/**
 * How a task stands, drawn anew whenever that changes. The task is polled while a component shows it: one poll serves all.
 * Make the client outside of components: one that is made while rendering has a new task each time, and React gives up with
 * "Too many re-renders".
 *
 * A page that is rendered on a server sends nothing there, and shows the task as `idle`; so it does while it is hydrated.
 *
 * @param task Of any entry. `null` or `undefined`, while there is none yet: it is shown as `idle`. It may be made anew in
 * each render, where the options of the first one count: `useTask(tasks.exports.task(id))`.
 */
export function useTask<Result>(task: WatchableTask<Result> | null | undefined): UseTaskResult<Result> {
  const shown = useSameTask<Result>(task ?? NO_TASK);
  const { subscribe, read, retry } = useMemo(() => watching(shown), [shown]);
  const snapshot = useSyncExternalStore(subscribe, read, idle);
  return useMemo(() => ({ ...snapshot, retry }), [snapshot, retry]);
}

/** The first handle of a task that a component was given, whichever of them it is given now. */
function useSameTask<Result>(task: WatchableTask<Result>): WatchableTask<Result> {
  const [kept, keep] = useState(task);
  // Handles of one task give one snapshot, and those of two tasks never do.
  if (kept === task || kept.snapshot() === task.snapshot()) return kept;
  keep(task);
  return task;
}

/** What React is given of a task. */
const watching = <Result>(task: WatchableTask<Result>) => ({
  subscribe: (listener: () => void) => {
    const stop = task.subscribe(listener);
    // Who comes in the same turn goes on with what is shown; otherwise it would begin anew, as after nobody was there.
    return () => void Promise.resolve().then(stop);
  },
  read: () => task.snapshot(),
  /** Who comes after an error has the task polled again, for all who listen, and may leave at once. */
  retry: () => {
    const { error, outcome } = task.snapshot();
    const isForGood = outcome === "failed" || outcome === "canceled";
    if (error !== undefined && !isForGood) task.subscribe(() => undefined)();
  },
});
