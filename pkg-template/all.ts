// Waits for many tasks, and says how many of how many are over.
import type { AllGiven } from "./options.js";
import type { Signals } from "./signals.js";
import type { Progress, Settled, Task, TaskAbortSignal } from "./types.js";
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

/**
 * What comes of each task, in their order. No failure stops the others; an abort, or what `onProgress` throws, ends it, and
 * the waits that are left.
 */
export async function waitForAll(
  host: Host,
  tasks: readonly Task<unknown>[],
  { onProgress, signal, ...options }: AllGiven,
): Promise<Settled<Task<unknown>>[]> {
  const waiting = new Set(tasks);
  const aborter = attempt(() => new AbortController());
  const waits = { ...options, signal: (aborter?.signal as TaskAbortSignal | undefined) ?? signal };
  const left = { abort: (reason: unknown) => aborter?.abort(reason) };
  let [done, failed] = [0, 0];
  host.signals.listen(signal, left);
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const settled: Settled<Task<unknown>> = await task.wait(waits).then(
          (finished) => ({ task, finished }),
          (error: unknown) => ({ task, error }),
        );
        if ("error" in settled) {
          if (waits.signal?.aborted) throw settled.error;
          failed++;
        }
        done++;
        waiting.delete(task);
        const progress: Progress = { done, failed, total: tasks.length, ...known({ expectedEndMs: expectedEndMs(waiting, host) }) };
        onProgress?.(progress);
        return settled;
      }),
    );
  } finally {
    host.signals.forget(signal, left);
    left.abort(undefined);
  }
}

/** When half of what is still waited for is likely over, where enough is learned of each. */
function expectedEndMs(waiting: ReadonlySet<Task<unknown>>, host: Host): number | undefined {
  const left = [...waiting].map((task) => task.estimate()?.medianMs ?? NaN);
  return left.length > 0 && !left.some(Number.isNaN) ? host.timeMs() + Math.max(...left) : undefined;
}
