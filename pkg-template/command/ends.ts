// How a task ended, as it is told: the result on the standard output, what went wrong on the standard error.
import { type FinishedTask, type HubSpotTasks, type TaskStatus, isHubSpotTaskError } from "../entries/index.js";
import type { Context } from "./context.js";
import { messagesOf } from "./context.js";
import type { AnyTask } from "./display.js";
import { statusOf } from "./exit.js";
import { titleOf } from "./lines.js";
import { jsonOf } from "./output.js";
import { inCommandsWords } from "./wording.js";

/** What a download wrote; no path where it went to the standard output. */
export interface WrittenFile {
  readonly path?: string;
  readonly size: number;
}

const MOST_ERRORS = 20;

/** As JSON. Of an export whose file was brought the URL is left out: it needs no token. */
export function endOf({ family, id: taskId }: AnyTask, finished: FinishedTask<unknown>, file?: WrittenFile): object {
  const { outcome, polls, detectionDelayMs, status, result } = finished;
  const end = { family, taskId, outcome, polls, detectionDelayMs, status: { ...status, result: undefined } };
  return file ? { ...end, file } : { ...end, result };
}

/** The same of one that ended otherwise. */
export function failureOf(error: unknown, task?: Pick<AnyTask, "family" | "id">): object {
  const named = task && { family: task.family, taskId: task.id };
  const exitStatus = statusOf(error);
  if (!isHubSpotTaskError(error)) return { ...named, outcome: "error", exitStatus, error: { message: (error as Error).message } };
  const { code } = error;
  const outcome = code === "FAILED" ? "failed" : code === "CANCELED" ? "canceled" : "error";
  return { ...named, outcome, exitStatus, error };
}

/** A result in a line of text: an address where there is one. */
function textOf(result: unknown): string | undefined {
  if (result === undefined || result === null) return undefined;
  if (typeof result === "string") return result;
  const { url } = result as { url?: unknown };
  return typeof url === "string" ? url : jsonOf(result);
}

/** The result; one of many with the id before it. */
export function tellResult({ given, output }: Context, task: AnyTask, finished: FinishedTask<unknown>, isOneOfMany: boolean): void {
  if (given.has("json")) {
    output.json(endOf(task, finished));
    return;
  }
  const text = textOf(finished.result);
  if (isOneOfMany) output.line([task.id, finished.outcome, text ?? ""].join("\t"));
  else if (text !== undefined) output.line(text);
}

/** Of a task that succeeded all the same. */
export async function tellErrors(context: Context, client: HubSpotTasks, task: AnyTask, status: TaskStatus<unknown>): Promise<void> {
  const { display } = context;
  const title = titleOf(task);
  for (const message of messagesOf(status.errors).slice(0, MOST_ERRORS)) display.complain(`${title}: ${message}`);
  if (task.family !== "import") return;
  let told = 0;
  for await (const { errorType, errorMessage, invalidValue } of client.imports.errors(task.id, { signal: context.signal })) {
    if (++told > MOST_ERRORS) {
      display.complain(`${title}: and more errors`);
      return;
    }
    const parts = [errorType, errorMessage, invalidValue === undefined ? undefined : JSON.stringify(invalidValue)];
    display.complain(`${title}: ${parts.filter((part) => typeof part === "string").join(" ")}`);
  }
}

/** An error, on the standard error, and as JSON where that is wanted. */
export function tellFailure({ given, output, display }: Pick<Context, "given" | "output" | "display">, error: unknown, task?: AnyTask): void {
  const text = isHubSpotTaskError(error) ? `${error.code}: ${inCommandsWords(error.message)}` : (error as Error).message;
  display.complain(text);
  if (isHubSpotTaskError(error)) {
    // The message has the first one.
    for (const message of messagesOf(error.lastStatus?.errors).slice(1, MOST_ERRORS)) display.complain(message);
  }
  if (given.has("json")) output.json(failureOf(error, task));
}
