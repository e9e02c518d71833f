// What the wasm tells of a task, as callers are given it: plain objects, and errors.
import * as glue from "#glue";
import { attempt, known } from "./host.js";
import { HubSpotTaskError } from "./error.js";

/** What the task itself or the deadline brought about, in words. */
const WORDS = {
  CANCELED: () => "HubSpot canceled the task: start it again",
  FAILED: (status) =>
    status?.problem === undefined ? "the task is complete but has no result: it failed" : `the task failed: ${status.problem}`,
  TIMEOUT: (status, polls, fault) =>
    `the task was not over in the time given; it goes on at HubSpot (polls: ${polls}, last status: ${status?.word ?? "none"})` +
    (fault ? `. The last poll failed: ${fault.message}` : ""),
};

/** An error about a task. */
const errorOf = ({ family, id }, code, { message, ...fields }) =>
  new HubSpotTaskError({ code, message: `${family} ${id}: ${message}`, family, taskId: id, ...fields });

/** A checkpoint for a queue's message: docs/checkpoint.schema.json. */
const named = ({ family, id }, checkpoint) => ({ version: 1, family, taskId: id, ...checkpoint });

/** Where the task's polling stands. */
export const checkpointOf = (task, pace, deadlineMs) =>
  named(task, glue.checkpoint(task.client.number, task.key, pace, deadlineMs));

/** What the wasm calls; it goes on as `tell(status)` and `end(error, value, isTaskOver)`. */
export const told = (task, pace, { tell, end }) => ({
  tell: ({ object }) => tell(object),

  finish(outcome, { object: status }, polls, detectionDelayMs) {
    // The status was in callers' hands, who may have changed it.
    const result = attempt(() => status.result) ?? undefined;
    end(undefined, { outcome, status, result, polls, ...known({ detectionDelayMs }) }, true);
  },

  // Before HubSpot said anything of it.
  seen: (status) => end(undefined, status?.object ?? { status: "PENDING" }),

  step: (outcome, status, fault, checkpoint, delayMs) =>
    end(undefined, known({ done: outcome !== "running", outcome, status: status?.object, fault, checkpoint: named(task, checkpoint), delayMs })),

  fail: (error) => end(error, undefined, error.code === "CANCELED" || error.code === "FAILED"),

  /** An error of that code; where the last poll met a fault, that is the error, or what led to it. */
  error(code, fault, faultCode, status, polls, retryAfterMs) {
    const isFault = fault && code !== "TIMEOUT";
    const cause = fault && !isFault ? errorOf(task, faultCode, fault) : undefined;
    const said = isFault ? fault : { message: (WORDS[code] ?? WORDS.TIMEOUT)(status, polls, fault) };
    const checkpoint = code === "TIMEOUT" ? checkpointOf(task, pace) : undefined;
    return errorOf(task, code, { ...said, ...known({ cause, lastStatus: status?.object, polls, retryAfterMs, checkpoint }) });
  },
});
