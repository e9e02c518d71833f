// `wait FAMILY [ID…]`: waits until tasks are over.
import { taskOptions } from "../client.js";
import { type Context, type Session, keepLearned, openSession, waitFor } from "../context.js";
import type { AnyTask } from "../display.js";
import { tellErrors, tellFailure, tellResult } from "../ends.js";
import { SUCCEEDED, UsageError, statusOf } from "../exit.js";
import { type FamilyOfCommand, familyOf } from "../families.js";
import { standOf } from "../hints.js";
import { kebab } from "../names.js";
import { lookOf, withCheckpoint } from "../starting.js";
import { finish } from "./run.js";

export async function wait(context: Context): Promise<number> {
  const { operands: [typed = "", ...ids], given } = context;
  const family = familyOf(typed);
  const path = given.text("checkpoint");
  if (path === undefined && ids.length === 0) throw new UsageError("wait: takes an id, or --checkpoint");
  if (path !== undefined && ids.length > 1) throw new UsageError("--checkpoint: takes one task");
  const session = await openSession(context);
  if (path !== undefined) return waitByFile(context, session, family, ids[0]);
  const tasks = [...new Set(ids)].map((id) => family.of(session.client).task(id, taskOptions(given)));
  const [task, ...others] = tasks;
  return task && others.length === 0 ? finish(context, session, { task, target: undefined, isStarted: false }) : waitForAll(context, session, tasks);
}

/** For the task of the file; for that of the id, where there is no file yet. */
async function waitByFile(context: Context, session: Session, family: FamilyOfCommand, id: string | undefined): Promise<number> {
  const options = taskOptions(context.given);
  return withCheckpoint(context, async (file) => {
    const noted = await file?.read(lookOf);
    const path = String(context.given.text("checkpoint"));
    if (!noted && id === undefined) throw new UsageError(`--checkpoint: there is no ${path}`);
    if (noted && (noted.family !== family.name || (id !== undefined && id !== noted.taskId))) {
      throw new UsageError(`--checkpoint: ${path} is of ${kebab(noted.family)} ${noted.taskId}`);
    }
    const task: AnyTask = noted ? session.client.resume(noted, options) : family.of(session.client).task(id ?? "", options);
    return finish(context, session, { task, target: undefined, isStarted: noted !== undefined }, file);
  });
}

/** Each is told when it ends, and the failure of one stops no other. Gives the greatest of their statuses. */
async function waitForAll(context: Context, session: Session, tasks: readonly AnyTask[]): Promise<number> {
  const statuses = await Promise.all(
    tasks.map(async (task) => {
      try {
        const finished = await waitFor(context, session, task);
        tellResult(context, task, finished, true);
        if (finished.outcome === "succeededWithErrors") await tellErrors(context, session.client, task, finished.status);
        return SUCCEEDED;
      } catch (error) {
        // Told once, not for each of them.
        if (context.signal.aborted) return SUCCEEDED;
        tellFailure(context, error, task);
        return statusOf(error);
      }
    }),
  );
  await keepLearned(context, session);
  const { signal, hints } = context;
  if (!signal.aborted) return Math.max(...statuses);
  const isRunning = tasks.some((task) => standOf({ task, isStarted: false }) === "running");
  hints.push(`${isRunning ? "what is not over goes on at HubSpot: " : ""}run the same command again`);
  throw signal.reason as Error;
}
