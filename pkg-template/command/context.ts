// What a command is run with, and what commands that ask HubSpot share: a client whose events are shown, and its tasks.
import { rename, writeFile } from "node:fs/promises";
import process from "node:process";
import type { FinishedTask, HubSpotTasks, TaskAbortSignal, TaskEvent } from "../entries/index.js";
import type { Asked } from "./args.js";
import type { CheckpointFile } from "./checkpoint.js";
import { createClient } from "./client.js";
import type { AnyTask, Display } from "./display.js";
import { UsageError } from "./exit.js";
import { counted, printable, span, titleOf } from "./lines.js";
import type { Output } from "./output.js";
import { placeOf } from "./place.js";

export interface Context extends Asked {
  readonly output: Output;
  readonly display: Display;
  /** Aborts at Ctrl-C. */
  readonly signal: TaskAbortSignal;
  /** The one task that it is about, once that is known: an error as JSON names it. */
  readonly about: { task?: AnyTask };
  /** What is said after an error: how to go on. */
  readonly hints: string[];
}

/** A client, and who hears of its events. */
export interface Session {
  readonly client: HubSpotTasks;
  readonly listeners: Set<(event: TaskEvent) => void>;
}

export async function openSession({ given, display }: Context): Promise<Session> {
  const listeners = new Set([(event: TaskEvent) => { display.hear(event); }]);
  const client = await createClient(given, (event) => {
    for (const listen of listeners) listen(event);
  });
  return { client, listeners };
}

/** Waits for one task in sight of the user, and notes where it stands. */
export async function waitFor(context: Context, session: Session, task: AnyTask, file?: CheckpointFile): Promise<FinishedTask<unknown>> {
  const { display, signal } = context;
  const unfollow = display.follow(task);
  const note = noting(context, task, file);
  session.listeners.add(note);
  try {
    const finished = await task.wait({ signal });
    unfollow();
    const { outcome, polls, status } = finished;
    const took = tookMs(status);
    display.note(`${titleOf(task)}: ${outcome}${took === undefined ? "" : ` after ${span(took)}`}, ${counted(polls, "poll")}`);
    return finished;
  } finally {
    unfollow();
    session.listeners.delete(note);
  }
}

/** From the request to the end, by HubSpot's own clock; undefined where it does not tell. A CRM import was created. */
function tookMs(status: object): number | undefined {
  const { requestedAt, createdAt, completedAt } = status as Record<string, unknown>;
  const [from, to] = [requestedAt ?? createdAt, completedAt].map((at) => (typeof at === "string" ? Date.parse(at) : NaN));
  const took = Number(to) - Number(from);
  return took >= 0 ? took : undefined;
}

/** After each answer. A file that cannot be written is told once: the task goes on all the same. */
function noting({ display }: Context, task: AnyTask, file: CheckpointFile | undefined): (event: TaskEvent) => void {
  let isTold = false;
  return ({ type, taskId }) => {
    if (!file || taskId !== task.id || (type !== "answered" && type !== "retrying")) return;
    file.write(task.checkpoint()).catch((error: unknown) => {
      if (!isTold) display.complain(`--checkpoint: ${(error as Error).message}`);
      isTold = true;
    });
  };
}

/** How long tasks took, for the next run. That it cannot be kept changes nothing of how this one ended. */
export async function keepLearned({ given, display }: Context, { client }: Session): Promise<void> {
  const path = given.text("learned");
  if (path === undefined) return;
  try {
    const place = await placeOf("learned", path);
    const draft = `${place}.${process.pid}.new`;
    await writeFile(draft, `${JSON.stringify(client.learned())}\n`);
    await rename(draft, place);
  } catch (error) {
    display.complain(error instanceof UsageError ? error.message : `--learned: ${(error as Error).message}`);
  }
}

/** The errors that a task met: HubSpot's words. */
export function messagesOf(errors: unknown): string[] {
  const list: unknown[] = Array.isArray(errors) ? errors : [];
  return list.flatMap((error) => {
    const { message } = (error ?? {}) as { message?: unknown };
    return typeof message === "string" ? [printable(message)] : [];
  });
}
