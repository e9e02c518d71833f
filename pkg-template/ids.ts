// Families, ids and API versions as callers name them. What is an id, and what a version, is known in Rust.
import { isApiVersion, isTaskId } from "./engine.js";
import { STATUS_PATH } from "./base-url.js";
import type { FamilyFacts } from "./families.js";
import { API_VERSION_TAKES, ID_FORMS } from "./generated/names.js";
import { type Takes, isWellFormed, refusal, refused } from "./values.js";

/** A family by its name, of those that are known. */
export const familyNamed = <Known>(known: readonly Known[], factsOf: (family: Known) => FamilyFacts): Takes<Known> => [
  `one of ${known.map((family) => factsOf(family).name).join(", ")}`,
  (name) => known.find((family) => factsOf(family).name === name),
];

/** Whether it is an address, or the path of a task's status, as an answer's `links` have it. */
const isAddress = (id: unknown): boolean => typeof id === "string" && (/^\s*https?:/i.test(id) || STATUS_PATH.test(id));

/** Whether the text is an id of that family's. */
export const isIdOf = (family: FamilyFacts, text: unknown): text is string => isWellFormed(text) && isTaskId(formOf(family), text);

const formOf = ({ id }: FamilyFacts): number => ID_FORMS.findIndex(({ name }) => name === id);

/** A task's id as text, of a number or a bigint, too. `name` says where it stands. */
export function readId(name: string, family: FamilyFacts, id: unknown): string {
  if (isAddress(id)) throw refused(name, "the address of a task's status", "the id that stands in it");
  const text = Number.isSafeInteger(id) || typeof id === "bigint" ? String(id) : id;
  if (isIdOf(family, text)) return text;
  throw refusal(name, id, ID_FORMS[formOf(family)]?.takes ?? "");
}

export const API_VERSION: Takes<string> = [
  API_VERSION_TAKES,
  (version) => (isWellFormed(version) && isApiVersion(version) ? version : undefined),
];
