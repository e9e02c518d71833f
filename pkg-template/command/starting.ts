// Starting a task, once: a start that an earlier run noted in the checkpoint's file is gone on with, and never sent again.
import { isHubSpotTaskError } from "../entries/index.js";
import { CheckpointFile, type StartMark, doubtOf, markOf } from "./checkpoint.js";
import { baseUrlOf, taskOptions } from "./client.js";
import type { Context, Session } from "./context.js";
import type { AnyTask } from "./display.js";
import { type FamilyOfCommand, familyOf } from "./families.js";
import { titleOf } from "./lines.js";
import { type StartRequest, readRequest } from "./request.js";

export interface Start extends StartRequest {
  readonly family: FamilyOfCommand;
  readonly mark: StartMark;
}

export async function readStart({ operands: [typed = ""], given, signal }: Context): Promise<Start> {
  const family = familyOf(typed);
  const read = await readRequest(given, family, signal);
  return { ...read, family, mark: markOf(family.name, read.name, read.asGiven, baseUrlOf(given), given.text("api-version")) };
}

/** The file of --checkpoint while `act` runs, which gets undefined where there is none. */
export async function withCheckpoint<Value>({ given }: Context, act: (file: CheckpointFile | undefined) => Promise<Value>): Promise<Value> {
  const path = given.text("checkpoint");
  if (path === undefined) return act(undefined);
  const file = await CheckpointFile.open(path);
  try {
    return await act(file);
  } finally {
    await file.close();
  }
}

/** Where to look for what a start in doubt would have made. */
export const lookOf = (family: string): string => {
  try {
    return familyOf(family).look;
  } catch {
    return "HubSpot";
  }
};

/** The task: the one that was noted, or a new one. */
export async function startOnce(context: Context, session: Session, start: Start, file: CheckpointFile | undefined): Promise<AnyTask> {
  const { given, display } = context;
  const noted = await file?.read(lookOf);
  if (file && noted) {
    file.assertStart(start.mark);
    const task = session.client.resume(noted, taskOptions(given));
    display.note(`${titleOf(task)}: gone on with`);
    return task;
  }
  await file?.starting(start.mark);
  const task = await sent(context, session, start, file);
  display.note(`${titleOf(task)}: started`);
  // Without it the next run would take the start for one in doubt, which starts nothing.
  await file?.write(task.checkpoint());
  return task;
}

async function sent({ given, signal, hints }: Context, { client }: Session, start: Start, file: CheckpointFile | undefined): Promise<AnyTask> {
  const { family, request, mark } = start;
  try {
    return await family.of(client).start(request, { signal, ...taskOptions(given) });
  } catch (error) {
    const isInDoubt = signal.aborted || (isHubSpotTaskError(error) && error.code === "UNKNOWN_OUTCOME");
    if (!isInDoubt) await file?.remove();
    else hints.push(`the start was not answered; ${doubtOf(given.text("checkpoint"), mark, family.look)}`);
    throw error;
  }
}
