// The families by the names that are typed, and what a start of each is made of.
import type { HubSpotTasks, TaskFamily } from "../entries/index.js";
import type { Given } from "./args.js";
import { UsageError } from "./exit.js";
import { kebab, meant } from "./names.js";
import type { OptionName } from "./usage.js";

export type FamilyName = "export" | "import" | "fileImport" | "folderUpdate" | "sourceCodeExtract";

/** Of whatever result and request. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- HubSpot's own objects are handed through
export type AnyFamily = TaskFamily<any, any>;

/** A field of a request, and how it is read from its option. */
type Field = readonly [field: string, read: (given: Given, option: OptionName) => unknown];

export interface FamilyOfCommand {
  readonly name: FamilyName;
  readonly of: (client: HubSpotTasks) => AnyFamily;
  readonly fields: Readonly<Partial<Record<OptionName, Field>>>;
  /** Fields that a request has unless they are given. */
  readonly defaults: (request: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /** Where to look whether a start that is in doubt was carried out. */
  readonly look: string;
}

const text = (field: string): Field => [field, (given, option) => given.text(option)];
const upper = (field: string): Field => [field, (given, option) => given.text(option)?.toUpperCase()];
const list = (field: string): Field => [field, (given, option) => given.list(option)];
const flag = (field: string): Field => [field, (given, option) => given.has(option) || undefined];

/** What people call HubSpot's standard objects. */
const OBJECT_TYPES: Readonly<Record<string, string>> = {
  contact: "CONTACT",
  contacts: "CONTACT",
  company: "COMPANY",
  companies: "COMPANY",
  deal: "DEAL",
  deals: "DEAL",
  ticket: "TICKET",
  tickets: "TICKET",
};

const objectType: Field = [
  "objectType",
  (given, option) => {
    const type = given.text(option);
    return type && (OBJECT_TYPES[type.toLowerCase()] ?? type);
  },
];

const FAMILIES: readonly FamilyOfCommand[] = [
  {
    name: "export",
    of: (client) => client.exports,
    fields: {
      name: text("exportName"),
      "object-type": objectType,
      properties: list("objectProperties"),
      "list-id": text("listId"),
      format: upper("format"),
      language: text("language"),
    },
    defaults: ({ listId }) => ({
      exportType: listId === undefined ? "VIEW" : "LIST",
      format: "CSV",
      language: "EN",
      // By which it is found in HubSpot's log.
      exportName: `hubspot-async-tasks ${new Date().toISOString()}`,
    }),
    look: "HubSpot's log of exports (Settings, Import & export)",
  },
  {
    name: "import",
    of: (client) => client.imports,
    fields: { name: text("name") },
    defaults: () => ({}),
    look: "HubSpot's list of imports",
  },
  {
    name: "fileImport",
    of: (client) => client.fileImports,
    fields: {
      name: text("name"),
      url: text("url"),
      access: upper("access"),
      "folder-path": text("folderPath"),
      "folder-id": text("folderId"),
      overwrite: flag("overwrite"),
    },
    defaults: () => ({ access: "PRIVATE" }),
    look: "the folder of the file",
  },
  {
    name: "folderUpdate",
    of: (client) => client.folderUpdates,
    fields: { name: text("name"), "folder-id": text("id"), "parent-folder-id": text("parentFolderId") },
    defaults: () => ({}),
    look: "the folder's name and place",
  },
  {
    name: "sourceCodeExtract",
    of: (client) => client.sourceCodeExtracts,
    fields: { path: text("path") },
    defaults: () => ({}),
    look: "the files beside the archive",
  },
];

/** By which option a field of a request is given. */
export const FIELD_OPTIONS: ReadonlyMap<string, string> = new Map(
  FAMILIES.flatMap(({ fields }) => Object.entries(fields).map(([option, [field]]) => [field, option] as const)),
);

export const FAMILY_NAMES: readonly FamilyName[] = FAMILIES.map(({ name }) => name);

/** Of the fields' options those that a family does not know: they would do nothing. */
export const optionsOfOthers = ({ fields }: FamilyOfCommand): OptionName[] =>
  FAMILIES.flatMap((other) => Object.keys(other.fields) as OptionName[]).filter((option) => !Object.hasOwn(fields, option));

/** By its own name, or with hyphens. */
export function familyOf(typed: string): FamilyOfCommand {
  const found = FAMILIES.find(({ name }) => name === typed || kebab(name) === typed);
  if (found) return found;
  const names = FAMILY_NAMES.map(kebab);
  throw new UsageError(`there is no family ${JSON.stringify(typed.slice(0, 40))}${meant(kebab(typed), names)}: takes ${names.join(", ")}`);
}
