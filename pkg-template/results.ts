// Results, steps and errors, as callers are given them.
import type { Call } from "./calls.js";
import type { Output, Progress } from "./engine.js";
import { type ErrorFields, type HubSpotTaskError, taskError } from "./error.js";
import type { HubSpotTaskErrorCode, TaskStatus } from "./generated/data.js";
import { CHECKPOINT_VERSION, CODES, DEFAULTS, EventKind, FaultOwner, OUTCOMES, STANDINGS, THROTTLE_REASONS } from "./generated/names.js";
import { resultOf, standingIn } from "./families.js";
import type { Detail, KeptStatus } from "./reading.js";
import { type TaskRecord, familyName } from "./tasks.js";
import type { Checkpoint, FinishedTask, Outcome, TaskEvent } from "./types.js";
import { attempt, known, sentences } from "./values.js";

const outcomeAt = (place: number): Outcome => OUTCOMES[place] as Outcome;
const codeAt = (place: number): HubSpotTaskErrorCode => CODES[place] as HubSpotTaskErrorCode;

/** An object of its own for each who is given one, who may change it: the one that was read, then what its text says anew. */
export function given(kept: KeptStatus): TaskStatus<unknown> {
  const { object = made(kept) } = kept;
  kept.object = undefined;
  return object;
}

const made = ({ json, set }: KeptStatus, each?: (name: string, part: unknown) => unknown): TaskStatus<unknown> => {
  const object = JSON.parse(json, each) as TaskStatus<unknown>;
  return set ? { ...object, ...set } : object;
};

/** One object for all who look, which none of them can change. Made only where somebody looks: freezing takes its time. */
export const frozen = (kept: KeptStatus): TaskStatus<unknown> =>
  // Where it is nested deeper than the stack is, its outside alone.
  (kept.frozen ??= Object.freeze(attempt(() => made(kept, (_, part) => Object.freeze(part))) ?? made(kept)));

/** A task that succeeded. */
export function finishedTask(output: Output, task: TaskRecord, status: TaskStatus<unknown>): FinishedTask<unknown> {
  return {
    outcome: outcomeAt(output.outcome) as FinishedTask<unknown>["outcome"],
    status,
    result: resultOf(task.family.facts, status),
    polls: output.polls,
    ...known({ detectionDelayMs: output.detectionDelayMs }),
  };
}

/** A checkpoint for a queue's message: docs/checkpoint.schema.json. */
export function checkpointOf(task: TaskRecord, progress: Progress, deadlineMs: number | undefined): Checkpoint {
  const { polls, faults, queued, startedMs, processingMs, dueMs } = progress;
  const instants = known({ startedMs, processingMs, dueMs, deadlineMs });
  const { id: taskId, apiVersion } = task;
  const where = { version: CHECKPOINT_VERSION, family: familyName(task), taskId, apiVersion } as const;
  return { ...task.others, ...where, polls, faults, queued: queued > 0, ...instants };
}

/** What a single poll brought. */
export function pollStep(output: Output, task: TaskRecord, checkpoint: Checkpoint, fault?: HubSpotTaskError): object {
  const outcome = outcomeAt(output.outcome);
  const { latest } = task;
  const status = latest && given(latest);
  const error = errorOfEnd(task, outcome, checkpoint.polls, status);
  const result = outcome.startsWith("succeeded") ? resultOf(task.family.facts, status) : undefined;
  return { done: outcome !== "running", outcome, checkpoint, ...known({ status, fault, delayMs: output.delayMs, result, error }) };
}

/** What a task that failed or was canceled is told as. */
export function errorOfEnd(
  task: TaskRecord,
  outcome: Outcome,
  polls: number | undefined,
  lastStatus = task.latest && given(task.latest),
): HubSpotTaskError | undefined {
  const code = outcome.toUpperCase() as HubSpotTaskErrorCode;
  const message = WORDS[code]?.(task.latest);
  return message === undefined ? undefined : errorAbout(task, code, { message, lastStatus, polls });
}

/** What a pause is about, in the order of `THROTTLE_REASONS`: the client's own budget is no error. */
const PAUSE_CODES = [undefined, "RATE_LIMITED", "MIGRATING"] as const;

/** What holds the next poll of a task back: a fault of its own, or a pause that HubSpot demands; nothing but the budget else. */
export function problemOf({ event, code, reason }: Output, task: TaskRecord, pause: Detail | undefined): HubSpotTaskError | undefined {
  if (event === EventKind.retrying) return task.fault && errorAbout(task, codeAt(code), task.fault);
  const pauseCode = event === EventKind.throttled ? PAUSE_CODES[reason] : undefined;
  return pauseCode && pause && errorAbout(task, pauseCode, pause);
}

/** What the task itself or the deadline brought about, in words. */
const WORDS: Partial<Record<HubSpotTaskErrorCode, (status: KeptStatus | undefined) => string>> = {
  CANCELED: (status) => sentences(`HubSpot canceled the task${status?.problem === undefined ? "" : `: ${status.problem}`}`, "Start it again"),
  FAILED: (status) => sentences(`the task failed: ${status?.problem ?? `it is ${status?.word ?? "over"} and has no result`}`, "Start it again"),
};

const UNKNOWN = "The start may have been carried out: look in HubSpot before you start it again";

/** What a deadline ended. That the task goes on is said only where the last answer shows it. */
function timedOut(
  { family: { facts }, latest }: TaskRecord,
  polls: number,
  fault: Detail | undefined,
  timeoutMs: number | undefined,
): string {
  const queue = facts.isQueued ? ", without the time in HubSpot's queue" : "";
  // NaN where nobody said anything of it.
  const limit =
    timeoutMs === undefined
      ? "by its checkpoint's deadline"
      : `within timeoutMs (${timeoutMs >= 0 ? timeoutMs : `${DEFAULTS.timeoutMs}${queue}`})`;
  const word = latest?.word ?? "none";
  const standing = STANDINGS[standingIn(facts.state, word)] ?? "";
  const state = ["queued", "running"].includes(standing) ? ". It goes on at HubSpot" : "";
  const last = fault ? `. The last poll failed: ${fault.message}` : state;
  const next = "Wait longer, or give this error's checkpoint to resume()";
  return sentences(`the task was not over ${limit} (polls: ${polls}, last status: ${word})${last}`, next);
}

/** An error about a task. */
export function errorAbout(
  task: TaskRecord,
  code: HubSpotTaskErrorCode,
  detail: Omit<ErrorFields, "code">,
): HubSpotTaskError {
  const [family, taskId] = [familyName(task), task.id || undefined];
  const about = known({ family, taskId });
  return taskError({ ...detail, code, message: `${Object.values(about).join(" ")}: ${detail.message}`, ...about });
}

/** Where the words of an output's fault are. */
export function faultOf(output: Output, call: Call, pauseFault: Detail | undefined): Detail | undefined {
  const owners: Record<number, Detail | undefined> = {
    [FaultOwner.task]: call.task.fault,
    [FaultOwner.pause]: pauseFault,
    [FaultOwner.call]: call.fault,
  };
  return owners[output.faultOf];
}

/** Whether a call failed because its task is over. */
export const isEndOfTask = (output: Output): boolean => ["CANCELED", "FAILED"].includes(codeAt(output.code));

/** Why a call ended without success; where its last poll met a fault, that is the error, or what led to it. */
export function failure(
  output: Output,
  task: TaskRecord,
  fault: Detail | undefined,
  checkpoint: (() => Checkpoint) | undefined,
  timeoutMs?: number,
): HubSpotTaskError {
  const code = codeAt(output.code);
  const isTimeout = code === "TIMEOUT";
  const { latest } = task;
  const fields = known({
    lastStatus: latest && given(latest),
    polls: output.polls,
    retryAfterMs: output.retryAfterMs,
    checkpoint: isTimeout ? checkpoint?.() : undefined,
  });
  if (fault && !isTimeout) {
    const message = code === "UNKNOWN_OUTCOME" ? sentences(fault.message, UNKNOWN) : fault.message;
    return errorAbout(task, code, { ...fault, ...fields, message });
  }
  const message = WORDS[code]?.(latest) ?? timedOut(task, output.polls, fault, timeoutMs);
  const cause = fault && errorAbout(task, codeAt(output.faultCode), fault);
  return errorAbout(task, code, { message, cause, ...fields });
}

/** What an observer hears. */
export function eventOf(output: Output, task: TaskRecord): TaskEvent {
  const about = { family: familyName(task), taskId: task.id, at: output.atMs };
  const { poll, polls, httpStatus, durationMs, delayMs } = output;
  switch (output.event) {
    case EventKind.asked:
      return { ...about, poll, type: "asked" };
    case EventKind.answered:
      return { ...about, poll, httpStatus, durationMs, type: "answered" };
    case EventKind.changed:
      return { ...about, status: task.latest?.word ?? "", type: "changed" };
    case EventKind.retrying:
      return { ...about, code: codeAt(output.code), delayMs, type: "retrying" };
    case EventKind.throttled:
      return { ...about, reason: THROTTLE_REASONS[output.reason] as (typeof THROTTLE_REASONS)[number], delayMs, type: "throttled" };
    default: {
      const outcome = OUTCOMES[output.outcome] as (typeof OUTCOMES)[number];
      const code = CODES[output.code];
      return { ...about, outcome, polls, ...known({ code, detectionDelayMs: output.detectionDelayMs }), type: "finished" };
    }
  }
}
