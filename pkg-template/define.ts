// Definitions of families that are not built in: checked at once, every wrong field by its name.
import { BUILT_IN, type FamilyFacts, completed } from "./families.js";
import { ID_FORMS, STANDINGS } from "./generated/names.js";
import type { FamilyDefinition } from "./types.js";
import { Refusal, TEXT, type Takes, aNumber, isSome, own, reading, refusal, refusalOfKind, refused } from "./values.js";

const taking = (inWords: string, fits: (value: unknown) => boolean): Takes<unknown> => [
  inWords,
  (value) => (fits(value) ? value : undefined),
];

const isText = (value: unknown) => TEXT[1](value) !== undefined;
const isPath = (path: unknown, hasId: boolean) => typeof path === "string" && path.startsWith("/") && path.includes("{taskId}") === hasId;
const isBuiltIn = (name: unknown) => BUILT_IN.some((facts) => facts.name === name);

const NAME = taking("letters and digits, no name of a built-in family", (name) => typeof name === "string" && /^[a-z][\w.-]*$/i.test(name) && !isBuiltIn(name));
const FLAG = taking("true or false", (value) => typeof value === "boolean");
const TEXTS = taking("a list of texts", (value) => Array.isArray(value) && value.every(isText));
const oneOf = (...names: string[]) => taking(`one of ${names.join(", ")}`, (name) => names.includes(name as string));

/** In one form for all versions, or in one for each style of them. */
const aPath = (hasId: boolean): Takes<unknown> =>
  taking(
    `a path ${hasId ? "with" : "without"} {taskId}, or two: { numbered, dated }`,
    (path) => isPath(path, hasId) || (isPath(own(path, "numbered"), hasId) && isPath(own(path, "dated"), hasId)),
  );
const OF_TASK = aPath(true);

/** What a field takes, or the fields within it. */
type Shape = Takes<unknown> | { readonly [field: string]: Shape };

const SHAPE: Shape = {
  name: NAME,
  paths: { status: OF_TASK, start: aPath(false), details: OF_TASK, cancel: OF_TASK, errors: OF_TASK },
  id: oneOf(...ID_FORMS.map(({ name }) => name)),
  state: { field: TEXT, ...Object.fromEntries(STANDINGS.map((standing) => [standing, TEXTS])) },
  result: { field: TEXT, isText: FLAG, oneOf: TEXTS, livesMs: aNumber("milliseconds above 0", (ms) => ms > 0) },
  errors: { field: TEXT, countField: TEXT },
  dates: { requestedAt: TEXT, startedAt: TEXT, completedAt: TEXT },
  scopes: TEXTS,
  details: { field: TEXT, queued: TEXTS, failed: TEXTS, canceled: TEXTS },
  start: {
    sends: oneOf("json", "multipart"),
    answers: taking('"locator", "task" or { field }', (value) => ["locator", "task"].includes(value as string) || isText(own(value, "field"))),
    requires: taking("lists of fields' names", (value) => Array.isArray(value) && value.every((names) => TEXTS[1](names))),
  },
  isQueued: FLAG,
};

/** These are needed where what they stand in is given. */
const NEEDED = ["name", "paths", "paths.status", "result.field", "details.field"];

/** What is wrong with it, field by field. */
function problems(given: unknown, shape: Shape, place: string): Refusal[] {
  if (!isSome(given)) return NEEDED.includes(place) ? [refused(place, "nothing", "a value")] : [];
  if (Array.isArray(shape)) {
    const [takes, read] = shape as Takes<unknown>;
    return read(given) === undefined ? [refusal(place, given, takes)] : [];
  }
  if (typeof given !== "object") return [refusalOfKind(place, given, "an object")];
  const parts = shape as { readonly [field: string]: Shape };
  const names = Object.keys(parts);
  const prefix = place && `${place}.`;
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  return [
    ...unknown.map((name) => refused(prefix + name, "a field that is unknown", `one of ${names.join(", ")}`)),
    ...names.flatMap((name) => problems(own(given, name), parts[name] as Shape, prefix + name)),
  ];
}

/** A copy of a definition, checked: without what is null, which is as good as not given. */
export function checked(given: unknown): FamilyDefinition {
  if (typeof given !== "object" || !given) throw refusalOfKind("definition", given, "what defineFamily() takes");
  const found = reading("definition", () => problems(given, SHAPE, ""));
  if (found.length > 0) throw new Refusal(`definition: ${found.map(({ message }) => message).join("; ")}`);
  return reading("definition", () => JSON.parse(JSON.stringify(given, (_, part: unknown) => part ?? undefined)) as FamilyDefinition);
}

export const readDefinition = (given: unknown): FamilyFacts => completed(checked(given));
