// Families, ids and API versions as callers name them. What is an id, and what a version, is known in Rust.
import { isApiVersion } from "./engine.js";
import { STATUS_PATH } from "./base-url.js";
import { API_VERSION_TAKES, FAMILIES } from "./generated/names.js";
import { type Refusal, type Takes, isWellFormed, refusal, refused } from "./values.js";

/** A family's place, by its name. */
export const FAMILY: Takes<number> = [
  `one of ${FAMILIES.map(({ name }) => name).join(", ")}`,
  (name) => {
    const place = FAMILIES.findIndex((family) => family.name === name);
    return place < 0 ? undefined : place;
  },
];

/** Whether it is an address, or the path of a task's status, as an answer's `links` have it. */
const isAddress = (id: unknown): boolean => typeof id === "string" && (/^\s*https?:/i.test(id) || STATUS_PATH.test(id));

/** A task's id as text, of a number or a bigint, too; empty where it is none. */
export function idText(id: unknown): string {
  const text = Number.isSafeInteger(id) || typeof id === "bigint" ? String(id) : id;
  return isWellFormed(text) && !isAddress(text) ? text : "";
}

/** What is wrong with an id: `name` says where it stands. */
export const idRefusal = (name: string, family: number, id: unknown): Refusal =>
  isAddress(id)
    ? refused(name, "the address of a task's status", "the id that stands in it")
    : refusal(name, id, FAMILIES[family]?.takesId ?? "");

export const API_VERSION: Takes<string> = [
  API_VERSION_TAKES,
  (version) => (isWellFormed(version) && isApiVersion(version) ? version : undefined),
];
