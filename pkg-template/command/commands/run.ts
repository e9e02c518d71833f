// `run FAMILY`: starts a task, waits for it, and brings what it made.
import type { FinishedTask, Task } from "../../entries/index.js";
import type { CheckpointFile } from "../checkpoint.js";
import { type Context, type Session, keepLearned, openSession, waitFor } from "../context.js";
import { endOf, tellErrors, tellResult } from "../ends.js";
import { FAILED, SUCCEEDED, UsageError, statusOf } from "../exit.js";
import { assertFormat, readTarget, writeFileOf } from "../export-file.js";
import { type Aim, hintAt } from "../hints.js";
import { readStart, startOnce, withCheckpoint } from "../starting.js";

export async function run(context: Context): Promise<number> {
  const start = await readStart(context);
  const target = await readTarget(context.given);
  if (target && start.family.name !== "export") throw new UsageError("--output: exports alone make a file");
  if (target) assertFormat(target, start.request.format);
  const session = await openSession(context);
  return withCheckpoint(context, async (file) => {
    const task = await startOnce(context, session, start, file);
    return finish(context, session, { task, target, isStarted: true }, file);
  });
}

/** Waits, tells the result, and removes the checkpoint once there is nothing left to go on with. */
export async function finish(context: Context, session: Session, aim: Aim, file?: CheckpointFile): Promise<number> {
  context.about.task = aim.task;
  try {
    const finished = await waitFor(context, session, aim.task, file);
    await tell(context, session, aim, finished);
    await context.output.end();
  } catch (error) {
    if (statusOf(error) === FAILED) await file?.remove();
    const hint = hintAt(context.given, error, aim);
    if (hint !== undefined) context.hints.push(hint);
    throw error;
  } finally {
    await keepLearned(context, session);
  }
  await file?.remove();
  return SUCCEEDED;
}

async function tell(context: Context, { client }: Session, { task, target }: Aim, finished: FinishedTask<unknown>) {
  const { given, output } = context;
  if (target) {
    const file = await writeFileOf(context, client, task as Task<string>, finished as FinishedTask<string>, target);
    if (given.has("json")) output.json(endOf(task, finished, file));
    else if (file.path !== undefined) output.line(file.path);
  } else tellResult(context, task, finished, false);
  if (finished.outcome === "succeededWithErrors") await tellErrors(context, client, task, finished.status);
}
