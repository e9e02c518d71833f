// Waits for many tasks, and says how many of how many are over.
import type { AllGiven } from "./options.js";
import type { FinishedTask, Progress, Settled, Task } from "./types.js";
import { known } from "./values.js";

/**
 * What comes of each task, in their order. No failure stops the others; an abort, or what `onProgress` throws, ends it.
 * `timeMs` is the time.
 */
export async function waitForAll(
  timeMs: () => number,
  tasks: readonly Task<unknown>[],
  { onProgress, signal, pace, timeoutMs }: AllGiven,
): Promise<Settled<Task<unknown>>[]> {
  const waiting = new Set(tasks);
  let [done, failed] = [0, 0];
  const tell = () => {
    const progress: Progress = { done, failed, total: tasks.length, ...known({ expectedEndMs: expectedEndMs(waiting, timeMs) }) };
    onProgress?.(progress);
  };
  return Promise.all(
    tasks.map(async (task) => {
      const settled = await settledOf(task, task.wait({ signal, pace, timeoutMs }));
      if (signal?.aborted) throw signal.reason;
      done++;
      if ("error" in settled) failed++;
      waiting.delete(task);
      tell();
      return settled;
    }),
  );
}

async function settledOf(task: Task<unknown>, wait: Promise<FinishedTask<unknown>>): Promise<Settled<Task<unknown>>> {
  try {
    return { task, finished: await wait };
  } catch (error) {
    return { task, error };
  }
}

/** When half of what is still waited for is likely over, where enough is learned of each. */
function expectedEndMs(waiting: ReadonlySet<Task<unknown>>, timeMs: () => number): number | undefined {
  const left = [...waiting].map((task) => task.estimate()?.medianMs ?? NaN);
  return left.length > 0 && !left.some(Number.isNaN) ? timeMs() + Math.max(...left) : undefined;
}
