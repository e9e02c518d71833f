// A family as it is defined by data: its paths, its words, and in which fields of its answers things stand.
import type { SimulatedFamilyDefinition, SimulatedPath } from "./definition.js";
import { type Family, IDS, NOT_FOUND, type Paths, type Started } from "./families.js";
import type { Seen, SimulatedOutcome } from "./tasks.js";
import { isObject, isoDate, requireOneOf } from "./values.js";

/** Betas of a version are versions of their own. */
const VERSIONS = { numbered: "v\\d+", dated: "\\d{4}-0[39](?:-beta)?" };

/** A word that no definition takes for a result. */
const REFUSED = "REFUSED";

export function definedFamily(definition: SimulatedFamilyDefinition): Family {
  const { name, paths, id = "text", result, scopes = [], start, isQueued = false } = definition;
  if (typeof name !== "string" || name === "") throw new TypeError("a family's name is a text");
  if (!isObject(paths) || !("status" in paths)) throw new TypeError(`family ${name} needs a path of its status`);
  const status = (seen: Seen) => definedBody(definition, seen);
  return {
    ...requireOneOf(`the id of family ${name}`, id, IDS),
    name,
    paths: {
      status: bothStyles(paths.status),
      ...(paths.start !== undefined && { start: bothStyles(paths.start) }),
      ...(paths.details !== undefined && { details: bothStyles(paths.details) }),
      ...(paths.cancel !== undefined && { cancel: bothStyles(paths.cancel) }),
    },
    versions: VERSIONS,
    scopes: { toRead: scopes, toStart: scopes },
    unknown: NOT_FOUND,
    hasErrors: true,
    hasResult: result !== undefined,
    accepts: false,
    status,
    details: status,
    start: {
      sends: start?.sends ?? "json",
      missing: () => [],
      answer: (seen, locator) => startAnswer(definition, seen, locator),
    },
    runsAtOnce: isQueued ? 1 : Infinity,
  };
}

const bothStyles = (path: SimulatedPath): Paths => (typeof path === "string" ? { numbered: path, dated: path } : path);

function startAnswer(definition: SimulatedFamilyDefinition, seen: Seen, locator: object): Started {
  const answers = definition.start?.answers ?? "locator";
  if (answers === "locator") return { status: 202, body: locator };
  const body = { ...definedBody(definition, seen) };
  setField(body, answers === "task" ? "id" : answers.field, seen.task.id);
  return { status: 200, body };
}

function definedBody(definition: SimulatedFamilyDefinition, seen: Seen): Record<string, unknown> {
  const { state, errors, dates } = definition;
  const { task, isStarted, isOver } = seen;
  const body: Record<string, unknown> = { id: task.id };
  setField(body, state?.field ?? "status", wordOf(definition, seen));
  setField(body, dates?.requestedAt ?? "requestedAt", isoDate(task.requestedAt));
  if (isStarted) setField(body, dates?.startedAt ?? "startedAt", isoDate(task.startedAt));
  if (!isOver) return body;
  setField(body, dates?.completedAt ?? "completedAt", isoDate(task.completedAt));
  if (task.errors.length > 0) {
    setField(body, errors?.field ?? "errors", task.errors);
    setField(body, errors?.countField ?? "numErrors", task.errors.length);
  }
  const result = resultOf(definition, seen);
  if (definition.result && result !== undefined) setField(body, definition.result.field, result);
  return body;
}

/** What a definition without words for it says. */
const USUAL_WORDS: Readonly<Record<SimulatedOutcome | "queued" | "running", string>> = {
  queued: "PENDING",
  running: "PROCESSING",
  succeeded: "COMPLETE",
  succeededWithErrors: "COMPLETE",
  failed: "COMPLETE",
  canceled: "CANCELED",
};

function wordOf({ state }: SimulatedFamilyDefinition, { task, isStarted, isOver }: Seen): string {
  if (isOver && task.word !== undefined) return task.word;
  const what = isOver ? task.outcome : isStarted ? "running" : "queued";
  const isDone = what === "succeededWithErrors" || what === "failed";
  return state?.[what]?.[0] ?? (isDone ? state?.succeeded?.[0] : undefined) ?? USUAL_WORDS[what];
}

function resultOf({ result }: SimulatedFamilyDefinition, { task, ends, newUrl, newUuid }: Seen): unknown {
  if (!ends.result) return result?.oneOf ? REFUSED : undefined;
  if (task.result !== undefined) return task.result;
  if (result?.oneOf) return result.oneOf[0];
  if (result?.isText) return result.livesMs === undefined ? newUuid() : newUrl();
  return { id: task.id };
}

/** Sets a field by its dotted path; a part of digits is an index. */
export function setField(object: object, path: string, value: unknown): void {
  const names = path.split(".");
  const last = names.pop() ?? "";
  let at = object as Record<string, unknown>;
  for (const [index, name] of names.entries()) {
    const next = names[index + 1] ?? last;
    at[name] = isObject(at[name]) ? at[name] : /^\d+$/.test(next) ? [] : {};
    at = at[name] as Record<string, unknown>;
  }
  at[last] = value;
}
