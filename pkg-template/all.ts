// Waits for many tasks, and says how many of how many are over.
import type { AllGiven } from "./options.js";
import type { Abortable, Signals } from "./signals.js";
import type { Settled, Task, TaskAbortSignal } from "./types.js";
import { attempt, fieldsOf, has, known, reading, refusalOfKind } from "./values.js";

/** The tasks of a list, or of anything that gives one after the other. */
export function readTasks(tasks: Iterable<unknown>): Task<unknown>[] {
  const list = reading("tasks", () => [...tasks]);
  list.forEach((task, place) => {
    if (!has(fieldsOf(task), "wait")) throw refusalOfKind(`tasks[${place}]`, task, "a task");
  });
  return list as Task<unknown>[];
}

/** What a driver does for it. */
interface Host {
  readonly signals: Signals;
  timeMs(): number;
}

/** The expected end is asked of every task that is left, so that it is found anew no more often. */
const EXPECTED_ANEW_MS = 1_000;

/**
 * What comes of each task, in their order. No failure stops the others. An abort, or what `onProgress` throws or rejects with,
 * ends it at once, and the waits that are left; what `onProgress` gives is waited for.
 */
export async function waitForAll(
  host: Host,
  tasks: readonly Task<unknown>[],
  { onProgress, signal, ...options }: AllGiven,
): Promise<Settled<Task<unknown>>[]> {
  const waiting = new Set(tasks);
  const aborter = attempt(() => new AbortController());
  const waits = { ...options, signal: (aborter?.signal as TaskAbortSignal | undefined) ?? signal };
  const expectedEndMs = expectedEnd(waiting, host);
  let [done, failed, isOver] = [0, 0, false];
  const left: Abortable = { abort: () => undefined };
  try {
    return await new Promise((resolve, reject) => {
      const fail: (reason: unknown) => void = reject;
      left.abort = (reason) => {
        isOver = true;
        fail(reason);
        aborter?.abort(reason);
      };
      host.signals.listen(signal, left);
      const settling = tasks.map(async (task) => {
        const settled: Settled<Task<unknown>> = await task.wait(waits).then(
          (finished) => ({ task, finished }),
          (error: unknown) => ({ task, error }),
        );
        if (isOver) return settled;
        done++;
        if ("error" in settled) failed++;
        waiting.delete(task);
        if (onProgress) await onProgress({ done, failed, total: tasks.length, ...known({ expectedEndMs: expectedEndMs() }) });
        return settled;
      });
      Promise.all(settling).then(resolve, fail);
    });
  } finally {
    host.signals.forget(signal, left);
    left.abort(undefined);
  }
}

/** When half of what is still waited for is likely over, where enough is learned of each. */
function expectedEnd(waiting: ReadonlySet<Task<unknown>>, host: Host): () => number | undefined {
  let expectedMs = NaN;
  let foundMs = -Infinity;
  return () => {
    const nowMs = host.timeMs();
    if (nowMs - foundMs >= EXPECTED_ANEW_MS) {
      expectedMs = nowMs + Math.max(...[...waiting].map((task) => task.estimate()?.medianMs ?? NaN));
      foundMs = nowMs;
    }
    return waiting.size > 0 ? expectedMs : undefined;
  };
}
