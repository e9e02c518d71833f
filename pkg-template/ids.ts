// Families, ids and API versions as callers name them. What is an id, and what a version, is known in Rust.
import { API_VERSION_TAKES, FAMILIES } from "./generated/names.js";
import { type Refusal, isWellFormed, refusal } from "./values.js";

/** What Rust says of a text. Families go by their place in `FAMILIES`. */
export interface Checks {
  isApiVersion(text: string): boolean;
  isTaskId(family: number, text: string): boolean;
}

/** A family's place, by its name. */
export function placeOf(name: unknown): number | undefined {
  const place = FAMILIES.findIndex((family) => family.name === name);
  return place < 0 ? undefined : place;
}

/** A task's id as text, of a number or a bigint, too; empty where it is none. */
export function idText(id: unknown): string {
  const text = Number.isSafeInteger(id) || typeof id === "bigint" ? String(id) : id;
  return isWellFormed(text) ? text : "";
}

/** What is wrong with an id: `name` says where it stands. */
export const idRefusal = (name: string, family: number, id: unknown): Refusal =>
  refusal(name, id, FAMILIES[family]?.takesId ?? "");

export function readApiVersion(name: string, version: unknown, checks: Checks): string {
  if (isWellFormed(version) && checks.isApiVersion(version)) return version;
  throw refusal(name, version, API_VERSION_TAKES);
}
