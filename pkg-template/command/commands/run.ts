// `run FAMILY`: starts a task, waits for it, and brings what it made.
import type { FinishedTask, Task } from "../../entries/index.js";
import type { CheckpointFile } from "../checkpoint.js";
import { type Context, type Session, keepLearned, openSession, waitFor } from "../context.js";
import type { AnyTask } from "../display.js";
import { endOf, tellErrors, tellResult } from "../ends.js";
import { FAILED, SUCCEEDED, UsageError, statusOf } from "../exit.js";
import { type Target, readTarget, writeFileOf } from "../export-file.js";
import { hintAt, readStart, startOnce, withCheckpoint } from "../starting.js";

export async function run(context: Context): Promise<number> {
  const start = await readStart(context);
  const target = await readTarget(context.given);
  if (target && start.family.name !== "export") throw new UsageError("--output: exports alone make a file");
  const session = await openSession(context);
  return withCheckpoint(context, async (file) => finish(context, session, await startOnce(context, session, start, file), target, file));
}

/** Waits, tells the result, and removes the checkpoint once there is nothing left to go on with. */
export async function finish(
  context: Context,
  session: Session,
  task: AnyTask,
  target: Target | undefined,
  file: CheckpointFile | undefined,
): Promise<number> {
  try {
    const finished = await waitFor(context, session, task, file);
    await tell(context, session, task, finished, target);
    await context.output.end();
  } catch (error) {
    if (statusOf(error) === FAILED) await file?.remove();
    const hint = hintAt(error, task, context.given.text("checkpoint"));
    if (hint !== undefined) context.hints.push(hint);
    throw error;
  } finally {
    await keepLearned(context, session);
  }
  await file?.remove();
  return SUCCEEDED;
}

async function tell(context: Context, { client }: Session, task: AnyTask, finished: FinishedTask<unknown>, target: Target | undefined) {
  const { given, output } = context;
  if (target) {
    const file = await writeFileOf(context, client, task as Task<string>, finished as FinishedTask<string>, target);
    if (given.has("json")) output.json(endOf(task, finished, file));
    else if (file.path !== undefined) output.line(file.path);
  } else tellResult(context, task, finished, false);
  if (finished.outcome === "succeededWithErrors") await tellErrors(context, client, task, finished.status);
}
