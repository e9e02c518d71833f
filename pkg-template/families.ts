// The families of task: what a definition says, built in or given, and what follows from that.
import { FAMILIES, STANDINGS, USUAL_FAMILY } from "./generated/names.js";
import type { FamilyDefinition } from "./types.js";
import { Refusal, own } from "./values.js";

/** What a definition may leave out. */
interface Usual {
  readonly id: "text" | "int32" | "int64";
  readonly state: { readonly field: string } & Partial<Record<(typeof STANDINGS)[number], readonly string[]>>;
  readonly errors: { readonly field: string; readonly countField: string };
  readonly dates: { readonly requestedAt: string; readonly startedAt: string; readonly completedAt: string };
  readonly scopes: readonly string[];
  readonly start: NonNullable<FamilyDefinition["start"]>;
  readonly isQueued: boolean;
}

/** A definition with all that it leaves out. */
export type FamilyFacts = FamilyDefinition & Usual;

/** A family of a client's. */
export interface Family {
  /** The engine's number for it. */
  readonly place: number;
  readonly facts: FamilyFacts;
}

/** A definition and what it leaves out, part by part. */
export function completed(definition: FamilyDefinition): FamilyFacts {
  const parts = Object.entries<unknown>(USUAL_FAMILY).map(([name, usual]) => {
    const given = own(definition, name) ?? usual;
    const hasParts = typeof usual === "object" && !Array.isArray(usual);
    return [name, hasParts ? { ...usual, ...(given as object) } : given];
  });
  return { ...definition, ...Object.fromEntries(parts) } as FamilyFacts;
}

/** What a status means whose family is not known: whether it lacks a result is not known then, either. */
export const USUAL = completed({ name: "", paths: { status: "" }, result: { field: "result" } });

/** In the order of their numbers. */
export const BUILT_IN: readonly FamilyFacts[] = FAMILIES.map(completed);

/** What stands at a place: a field, with dots between the names of nested ones. */
export const at = (object: unknown, place: string): unknown => place.split(".").reduce(own, object);

/** Words by what they mean. */
type Words = Partial<Record<(typeof STANDINGS)[number], readonly string[] | undefined>>;

/** The place in `STANDINGS` of what a word means; -1 where none of these is it. */
export const standingIn = (words: Words, word: unknown): number =>
  STANDINGS.findIndex((standing) => words[standing]?.includes(word as string));

/** What a task of the family has made; undefined where there is nothing of it. */
export function resultOf({ result }: FamilyFacts, status: unknown): unknown {
  const found = result ? (at(status, result.field) ?? undefined) : undefined;
  const isText = typeof found === "string" && found !== "";
  const isOne = !result?.oneOf || result.oneOf.includes(found as string);
  return isOne && (!result?.isText || isText) ? found : undefined;
}

/** A path segment of unreserved characters alone, as Rust has it. */
const segment = (id: string): string =>
  encodeURIComponent(id).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** A path of a definition's, filled in: to be appended to the base URL. */
export function pathOf({ name, paths }: FamilyFacts, which: keyof FamilyFacts["paths"], apiVersion: string, id = ""): string {
  const path = paths[which];
  if (!path) throw new Refusal(`${name}: its definition has no paths.${which}`);
  const template = typeof path === "string" ? path : path[/^v\d+$/.test(apiVersion) ? "numbered" : "dated"];
  return template.replaceAll("{version}", apiVersion).replaceAll("{taskId}", () => segment(id));
}
