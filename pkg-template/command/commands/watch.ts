// `watch FAMILY ID`: a line of JSON for each change, the last one for the end.
import type { TaskAbortSignal, TaskEvent } from "../../entries/index.js";
import { taskOptions } from "../client.js";
import { type Context, keepLearned, openSession } from "../context.js";
import { endOf, failureOf } from "../ends.js";
import { SUCCEEDED } from "../exit.js";
import { familyOf } from "../families.js";

export async function watch(context: Context): Promise<number> {
  const { operands: [typed = "", id = ""], given, output } = context;
  const session = await openSession(context);
  const task = familyOf(typed).of(session.client).task(id, taskOptions(given));
  const named = { family: task.family, taskId: task.id };
  const print = (type: string, line: object) => { output.json({ at: new Date().toISOString(), type, ...named, ...line }); };
  session.listeners.add((event: TaskEvent) => {
    if (event.type === "retrying") print(event.type, { code: event.code, delayMs: event.delayMs });
    if (event.type === "throttled") print(event.type, { reason: event.reason, delayMs: event.delayMs });
  });
  const signal = eitherOf(context.signal, output.closed);
  try {
    const finished = await task.wait({ signal, onStatus: (status) => { print("status", { status }); } });
    print("finished", endOf(task, finished));
    return SUCCEEDED;
  } catch (error) {
    if (!signal.aborted) print("finished", failureOf(error, task));
    throw error;
  } finally {
    await keepLearned(context, session);
  }
}

/** The older Node 20 has no AbortSignal.any. */
function eitherOf(...signals: readonly TaskAbortSignal[]): TaskAbortSignal {
  const either = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) either.abort(signal.reason);
    signal.addEventListener("abort", () => { either.abort(signal.reason); });
  }
  return either.signal as TaskAbortSignal;
}
