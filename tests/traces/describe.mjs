// What the package gives, as plain JSON that two builds can be compared by: no token, no result, no time of this machine.

/** What status() came to. */
export const settled = (status) => ({ resolved: { status: wordOf(status) } });

/** What wait() came to. */
export const finished = ({ outcome, status, polls, detectionDelayMs }) => ({
  resolved: { outcome, status: wordOf(status), polls, detectionDelayMs },
});

/** What poll() came to. */
export const step = ({ done, outcome, status, fault, checkpoint, delayMs }) => ({
  resolved: { done, outcome, status: wordOf(status), fault: fault && described(fault), checkpoint, delayMs },
});

/** What next() of statuses() came to. */
export const taken = ({ done, value }) => ({ resolved: { done, status: wordOf(value) } });

/** A status by its word. */
export function wordOf(status) {
  const { status: word } = status ?? {};
  return typeof word === "string" ? word : undefined;
}

/** What was thrown or rejected with: the package's errors by their fields, others by what they say. */
export function described(error, about) {
  if (typeof error !== "object" || error === null) return `${typeof error} ${String(error)}`;
  try {
    return error.name === "HubSpotTaskError" ? ofThePackage(error, about) : ofOthers(error);
  } catch {
    return "an object that cannot be read";
  }
}

/** Errors that JavaScript engines throw: each words them in its own way, and after the names in the code. */
const OF_ENGINES = new Set(["TypeError", "RangeError", "SyntaxError", "ReferenceError"]);

function ofOthers({ name, message }) {
  if (typeof message !== "string") return "an object";
  return OF_ENGINES.has(name) ? name : `${name}: ${message}`;
}

const FIELDS = [
  "code",
  "message",
  "httpStatus",
  "category",
  "correlationId",
  "requiredScopes",
  "retryAfterMs",
  "polls",
  "outcome",
  "checkpoint",
];

function ofThePackage(error, about) {
  const fields = Object.fromEntries(FIELDS.map((name) => [name, error[name]]));
  if (error.lastStatus !== undefined) fields.lastStatus = wordOf(error.lastStatus);
  if (error.family !== about?.family) fields.family = error.family;
  if (error.taskId !== about?.id) fields.taskId = error.taskId;
  if ("cause" in error) fields.cause = described(error.cause);
  return fields;
}

/** Fields that hold an instant, in checkpoints and events. */
const INSTANTS = new Set(["at", "startedMs", "processingMs", "dueMs", "deadlineMs"]);

/** The same with instants counted from a start. */
export const instantsFrom = (start, value) =>
  changed(value, (name, number) => (INSTANTS.has(name) ? number - start : number));

/** The same without what depends on the machine's clock. */
export const withoutTimes = (value) =>
  changed(value, (name, number) => (name === "at" || name.endsWith("Ms") ? undefined : number));

function changed(value, change, name = "") {
  if (typeof value === "number") return change(name, value);
  if (Array.isArray(value)) return value.map((item) => changed(item, change, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, changed(field, change, key)]));
}
