// Whether what a caller was told is true, by the requests' records and the plan: each rule gives what it finds wrong.
import { isFast } from "./clocks.mjs";

/** What callers are told of a task that goes on, and of nobody's end. */
const PAUSED = ["RATE_LIMITED", "MIGRATING"];
const ENDED = { succeeded: "succeeded", succeededWithErrors: "succeededWithErrors", FAILED: "failed", CANCELED: "canceled" };

/** So long a token function takes, at most. */
export const TOKEN_MS = 500;

/** One answer later is seen. */
const SOON_MS = 1;

/** What is wrong with how a call ended. */
export function wrongsOf(run, call, end) {
  if (end.own === "thrown") return [];
  const rules = call.kind === "look" || call.kind === "poll" ? [answered] : [told, inTime, missed];
  return rules.flatMap((rule) => rule(run, call, end) ?? []).map((wrong) => `${call.name}: ${wrong}`);
}

const answersOf = ({ seat, task }) => task.records.filter(({ client, deliveredAt }) => client === seat && deliveredAt !== undefined);

/** The outcome that an end tells of. */
const outcomeOf = ({ outcome, code }) => ENDED[outcome ?? code] ?? outcome;

/** A wait ends with the truth: something that its task was answered, or its own deadline, or its own signal. */
function told(run, call, end) {
  const { task, timeoutMs = Infinity, beganAt, endedAt } = call;
  const answers = answersOf(call);
  const outcome = outcomeOf(end);
  if (outcome) {
    if (outcome !== task.plan.outcome) return `told ${outcome}, but it is ${task.plan.outcome}`;
    if (!answers.some(({ isOver }) => isOver)) return `told ${outcome}, which no answer said`;
    return undefined;
  }
  if (end.own === "left") return call.signal?.aborted ? undefined : "left, though nobody aborted";
  if (end.code === "TIMEOUT") {
    const isDue = endedAt - beganAt >= timeoutMs || (isFast(run.plan.clock) && timeoutMs < Infinity);
    return isDue ? undefined : `TIMEOUT after ${endedAt - beganAt} of ${timeoutMs} ms`;
  }
  if (answers.some(({ means, code, deliveredAt }) => means === "stops" && code === end.code && deliveredAt >= beganAt)) return undefined;
  if (end.code === "UNAUTHORIZED") {
    if (isTokenLate(run)) return undefined;
    const isTwice = answers.some(({ means }, at) => means === "renews" && answers[at - 1]?.means === "renews");
    return isTwice ? undefined : "UNAUTHORIZED, though no repeat was refused";
  }
  if (PAUSED.includes(end.code)) {
    const dueMs = beganAt + timeoutMs;
    const isTooLong = ({ client, means, code, deliveredAt, lastsMs }) =>
      client === call.seat && means === "pauses" && code === end.code && (deliveredAt + lastsMs > dueMs || isFast(run.plan.clock));
    return timeoutMs < Infinity && run.server.records.some(isTooLong) ? undefined : `${end.code}, though no pause is that long`;
  }
  return `${end.code} ${end.httpStatus ?? ""}, which no answer to it said`;
}

/** Where a clock jumps while a token function works, that seems not to answer within a request's time. */
const isTokenLate = ({ plan }) => isFast(plan.clock) && plan.tokens === "function";

/** No later than its deadline and the last request's answer. */
function inTime(run, call, end) {
  const { timeoutMs = Infinity, beganAt, endedAt } = call;
  if (timeoutMs === Infinity) return undefined;
  // Its last request is sent at the deadline, and may be repeated with another token.
  const { requestTimeoutMs } = run.plan.options;
  const lastMs = beganAt + timeoutMs + 2 * requestTimeoutMs + SOON_MS;
  return endedAt <= lastMs ? undefined : `ends ${endedAt - beganAt - timeoutMs} ms after its deadline with ${end.code ?? end.outcome}`;
}

/** Nothing that ends a task is passed over. */
function missed(run, call) {
  const { beganAt, endedAt, slowMs = 0, task } = call;
  // Who looks besides is answered by itself.
  if (task.plan.journey === "crowd") return undefined;
  const late = (one) => (one.isOver || one.means === "stops") && one.deliveredAt > beganAt && endedAt - one.deliveredAt > slowMs * 20 + SOON_MS;
  const first = answersOf(call).find(late);
  return first && `told ${endedAt - first.deliveredAt} ms after ${first.isOver ? "its end" : first.fault} was answered`;
}

/** What was asked once is told as it was answered. */
function answered(run, call, end) {
  const { task, beganAt } = call;
  if (end.code === "TIMEOUT") return call.deadlineAt <= call.endedAt ? undefined : "TIMEOUT before the checkpoint's deadline";
  const outcome = outcomeOf(end);
  const ended = outcome ?? (end.status && run.outcomeOf(task, end.status));
  if (ended && ended !== "running" && ended !== task.plan.outcome) return `told ${ended}, but it is ${task.plan.outcome}`;
  if (ended && ended !== "running" && !answersOf(call).some(({ isOver }) => isOver)) return `told ${ended}, which no answer said`;
  if (ended) return undefined;
  const mine = answersOf(call).filter(({ deliveredAt }) => deliveredAt >= beganAt);
  const aborted = task.records.some(({ client, abortedAt }) => client === call.seat && abortedAt >= beganAt);
  const isPaused = run.server.records.some(({ client, means, code }) => client === call.seat && means === "pauses" && code === end.code);
  if (isPaused && PAUSED.includes(end.code)) return undefined;
  const isStopped = mine.some(({ means }) => means === "stops" || means === "renews") || (end.code === "UNAUTHORIZED" && isTokenLate(run));
  if (call.kind === "poll" && !isStopped) return `${end.code}, though nothing stopped it`;
  if (end.code === "UNAUTHORIZED" && isTokenLate(run)) return undefined;
  return mine.length > 0 || aborted ? undefined : `${end.code}, though nothing was answered`;
}

/** Nothing is sent during a pause; nor to a task that is held back, or asked sooner than the least interval. */
export function tooSoon(run) {
  if (isFast(run.plan.clock)) return [];
  const { records } = run.server;
  // Who leaves at the instant of an answer does not hear it.
  const isHeard = ({ task, deliveredAt }) => !task.calls?.some(({ signal, endedAt }) => signal?.aborted && endedAt === deliveredAt);
  const isLong = ({ means, fault }) => means === "pauses" && fault !== "429";
  const pauses = records.filter((one) => one.deliveredAt !== undefined && isLong(one) && isHeard(one));
  const inPauses = pauses.flatMap(({ client, fault, deliveredAt, lastsMs }) => {
    // What waited for its token when the pause came is sent.
    const isWithin = (one) => one.client === client && one.sentAt > deliveredAt + TOKEN_MS && one.sentAt < deliveredAt + lastsMs;
    const early = records.find(isWithin);
    return early ? [`${client.whose}: asked ${early.sentAt - deliveredAt} ms after ${fault} of ${lastsMs} ms`] : [];
  });
  return [...inPauses, ...run.calls.flatMap((call) => tooSoonFor(run, call) ?? [])];
}

/** Of one call alone: who comes later, and who looks besides, is answered soon. */
function tooSoonFor(run, call) {
  const { seat, task, kind, beganAt, endedAt, timeoutMs = Infinity, name } = call;
  if (!["wait", "iterate"].includes(kind) || task.plan.journey === "crowd") return undefined;
  const asked = task.records.filter(({ client, sentAt }) => client === seat && sentAt > beganAt && sentAt < endedAt);
  const wrong = asked.flatMap((one, at) => {
    const before = asked[at - 1];
    // A repeat with another token is no poll of its own, and the last poll comes at the deadline.
    if (!before || before.means === "renews" || one.sentAt - beganAt >= timeoutMs) return [];
    const gapMs = one.sentAt - before.endedAt;
    const { minIntervalMs } = run.plan.options;
    if (gapMs < 0.9 * minIntervalMs - 1) return [`asked again after ${gapMs} ms, though the least interval is ${minIntervalMs}`];
    const isHeld = before.deliveredAt !== undefined && gapMs < before.holdsMs;
    return isHeld ? [`asked again after ${gapMs} ms, though ${before.fault} holds it back for ${before.holdsMs}`] : [];
  });
  return wrong.length > 0 ? [`${name}: ${wrong[0]}`] : undefined;
}

/** No window of the limit holds more: each request counts when it arrives, whatever became of it. */
export function exceeds(arrivals, { requests, perMs }) {
  const sorted = [...arrivals].sort((one, other) => one - other);
  const at = sorted.findIndex((arrival, index) => index >= requests && arrival - sorted[index - requests] < perMs);
  return at < 0 ? undefined : `${requests + 1} requests within ${sorted[at] - sorted[at - requests]} of ${perMs} ms`;
}
