/* tslint:disable */
/* eslint-disable */

/**
 * The driver ends all calls itself.
 */
export function abandon(client: number): void;

/**
 * The address of the record of an answer.
 */
export function answerRecord(): number;

/**
 * It waits again.
 */
export function attend(client: number, call: number, now_ms: number): void;

/**
 * Nobody holds the client any more.
 */
export function closeClient(client: number): void;

/**
 * Nobody holds the task any more.
 */
export function closeTask(client: number, task: number, now_ms: number): void;

/**
 * A family that is not built in: its number.
 */
export function define(client: number, has_result: number, is_short_lived: number, is_queued: number, has_details: number): number;

/**
 * Somebody sends a request that asks for no status; whether it starts a task.
 */
export function errand(client: number, task: number, now_ms: number, starts: number): number;

/**
 * Puts how long the task is likely still to take into the buffer of numbers: half of such tasks take no longer than the
 * first, nine in ten no longer than the second. Gives how many they are: none where nothing is known.
 */
export function estimate(client: number, task: number, now_ms: number): number;

/**
 * Whether the text is a version that can stand in a path.
 */
export function isApiVersion(): number;

/**
 * Whether the text is an id of that form: the place in the list of forms.
 */
export function isTaskId(form: number): number;

/**
 * Puts the durations that the client knows into the buffer of numbers; gives how many they are.
 */
export function learned(client: number, family: number, phase: number): number;

/**
 * The call's maker does not want it any more.
 */
export function leave(client: number, call: number, now_ms: number): void;

/**
 * Somebody asks for one status.
 */
export function look(client: number, task: number, now_ms: number): number;

/**
 * Fills the record of an output.
 */
export function next(client: number, now_ms: number): void;

/**
 * The address of a buffer of so many numbers.
 */
export function numberBuffer(length: number): number;

/**
 * Somebody observes from now on.
 */
export function observe(client: number): void;

/**
 * A client with the settings of the record.
 */
export function openClient(): number;

/**
 * A task of that family whose id is the text: its key; 0 for a family that is not known.
 */
export function openTask(client: number, family: number): number;

/**
 * What the status in the record of an answer says of its task, of whose family it is known whether it has a result: the
 * place in the list of outcomes.
 */
export function outcomeOf(has_result: number): number;

/**
 * The address of the record of an output.
 */
export function outputRecord(): number;

/**
 * Somebody polls once, up to a deadline.
 */
export function pollOnce(client: number, task: number, now_ms: number, deadline_ms: number): number;

/**
 * Fills the record of progress.
 */
export function progress(client: number, task: number, pace: number): void;

/**
 * The address of the record of progress.
 */
export function progressRecord(): number;

/**
 * The client starts with these durations of finished tasks: the buffer of numbers.
 */
export function remember(client: number, family: number, phase: number): void;

/**
 * The reply to a request is in the record of an answer: what to keep of it, bit by bit as [`records::Kept`] says.
 */
export function reply(client: number, request: number, now_ms: number): number;

/**
 * It wants nothing sent for now.
 */
export function rest(client: number, call: number, now_ms: number): void;

/**
 * Its polling goes on from the record of progress.
 */
export function resumeTask(client: number, task: number): void;

/**
 * The address of the record of settings.
 */
export function settingsRecord(): number;

/**
 * This client started it just now.
 */
export function startedTask(client: number, task: number, now_ms: number): void;

/**
 * The address of a buffer for a text of so many bytes of UTF-8: to be written before a call, or read after one.
 */
export function textBuffer(length: number): number;

/**
 * The engine's time.
 */
export function time(client: number, now_ms: number): number;

/**
 * A new task of the host began, maybe since the timer rang that was set for this instant; else that is 0.
 */
export function turn(client: number, rang_ms: number): void;

/**
 * Somebody begins to wait: the call's number; 0 for a task that is not known.
 */
export function wait(client: number, task: number, now_ms: number, pace: number, timeout_ms: number): number;

/**
 * The host was away, or the network is back.
 */
export function wake(client: number, now_ms: number): void;
