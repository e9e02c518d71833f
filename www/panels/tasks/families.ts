// The families of task as a form has them: their fields, what stands in them at first, and the request that they make.
import type { CrmImport, ExportRequest, FileImportRequest, FolderUpdateRequest, HubSpotTasks, SourceCodeExtractRequest, Task } from "hubspot-async-tasks";
import type { Family } from "../../world/plan.ts";
import { type Asked, SERVICES } from "../journal.ts";

/** How a field is filled in, and what it becomes. */
export type Field = {
  /** A line, a text of several lines, JSON, a list with commas, a check mark, or one of `options`. */
  readonly kind: "line" | "text" | "json" | "list" | "check" | "choice";
  /** What stands in it at first. */
  readonly first?: string;
  readonly options?: readonly string[];
  readonly isNeeded?: true;
  /** It stands among the first ones, which are always seen. */
  readonly isUsual?: true;
};

/** The fields that a request's type names; it takes others, too. */
type Known<Request> = keyof { [Name in keyof Request as string extends Name ? never : Name]: Request[Name] };
type FieldsOf<Request, Without extends string = never> = Readonly<Record<Exclude<Known<Request>, Without>, Field>>;

const ACCESS = ["PUBLIC_INDEXABLE", "PUBLIC_NOT_INDEXABLE", "HIDDEN_INDEXABLE", "HIDDEN_NOT_INDEXABLE", "HIDDEN_PRIVATE", "PRIVATE", "HIDDEN_SENSITIVE", "SENSITIVE"];

const fileImport = {
  url: { kind: "line", isNeeded: true, isUsual: true },
  access: { kind: "choice", options: ACCESS, first: "PUBLIC_NOT_INDEXABLE", isNeeded: true, isUsual: true },
  folderPath: { kind: "line", first: "/logos", isUsual: true },
  name: { kind: "line", first: "our-logo", isUsual: true },
  folderId: { kind: "line" },
  overwrite: { kind: "check" },
  duplicateValidationStrategy: { kind: "choice", options: ["", "NONE", "REJECT", "RETURN_EXISTING"] },
  duplicateValidationScope: { kind: "choice", options: ["", "ENTIRE_PORTAL", "EXACT_FOLDER"] },
  expiresAt: { kind: "line" },
} satisfies FieldsOf<FileImportRequest, "ttl">; // which is deprecated

const folderUpdate = {
  id: { kind: "line", first: "90151672017", isNeeded: true, isUsual: true },
  name: { kind: "line", first: "logos-2026", isUsual: true },
  parentFolderId: { kind: "line" },
} satisfies FieldsOf<FolderUpdateRequest>;

const exports = {
  exportType: { kind: "choice", options: ["VIEW", "LIST"], first: "VIEW", isNeeded: true, isUsual: true },
  objectType: { kind: "line", first: "CONTACT", isUsual: true },
  objectProperties: { kind: "list", first: "email, firstname, company", isUsual: true },
  format: { kind: "choice", options: ["CSV", "XLSX", "XLS"], first: "CSV", isUsual: true },
  exportName: { kind: "line", first: "contacts" },
  listId: { kind: "line" },
  language: { kind: "line" },
  publicCrmSearchRequest: { kind: "json" },
} satisfies FieldsOf<ExportRequest>;

const sourceCodeExtract = { path: { kind: "line", first: "themes/our-theme.zip", isNeeded: true, isUsual: true } } satisfies FieldsOf<SourceCodeExtractRequest>;

/** Its file is typed in; the columns are properties of the header's names. */
const imports = {
  name: { kind: "line", first: "newsletter", isUsual: true },
  importOperations: { kind: "choice", options: ["UPSERT", "CREATE", "UPDATE"], first: "UPSERT", isUsual: true },
  files: { kind: "text", first: "email,firstname\nzoe@example.com,Zoe\nada@example.com,Ada\nlin@example.com,Lin\nmax@example.com,Max\n", isNeeded: true, isUsual: true },
  dateFormat: { kind: "choice", options: ["", "DAY_MONTH_YEAR", "MONTH_DAY_YEAR", "YEAR_MONTH_DAY"] },
} satisfies FieldsOf<CrmImport>;

export const FIELDS = { fileImport, folderUpdate, export: exports, sourceCodeExtract, import: imports } satisfies Readonly<Record<Family, Readonly<Record<string, Field>>>>;

/** All fields of a family, in their order. */
export const fieldsOf = (family: Family): readonly (readonly [name: string, field: Field])[] => Object.entries(FIELDS[family]);

export const FAMILIES = Object.keys(FIELDS) as readonly Family[];
export const isFamily = (name: string): name is Family => Object.hasOwn(FIELDS, name);

/** What stands in the fields, by name. A check mark is "true" or nothing. */
export type Filled = Readonly<Record<string, string>>;

/** What stands in them at first. The file that is imported is a picture of this page's. */
export const firstFilled = (family: Family, picture: string): Filled =>
  Object.fromEntries(fieldsOf(family).map(([name, { first = "" }]) => [name, family === "fileImport" && name === "url" ? picture : first]));

/** Throws where a field is to be JSON and is none. */
export function askedFor(family: Family, filled: Filled): Asked {
  const request: Record<string, unknown> = {};
  for (const [name, { kind }] of fieldsOf(family)) {
    const text = (filled[name] ?? "").trim();
    if (text !== "") request[name] = READ[kind](text);
  }
  if (family !== "import") return { request };
  const csv = filled["files"] ?? "";
  return { request: importRequest(request, csv), csv };
}

const READ: Readonly<Record<Field["kind"], (text: string) => unknown>> = {
  line: (text) => text,
  text: (text) => text,
  choice: (text) => text,
  check: () => true,
  list: (text) => text.split(",").map((part) => part.trim()).filter((part) => part !== ""),
  json: (text) => JSON.parse(text) as unknown,
};

const CONTACT = "0-1";

function importRequest({ name, importOperations, dateFormat }: Record<string, unknown>, csv: string): Record<string, unknown> {
  const columns = headerOf(csv).map((column) => ({ columnObjectTypeId: CONTACT, columnName: column, propertyName: column.toLowerCase().replaceAll(" ", "_") }));
  return {
    ...(name !== undefined && { name }),
    ...(dateFormat !== undefined && { dateFormat }),
    importOperations: { [CONTACT]: importOperations },
    files: [{ fileName: "contacts.csv", fileFormat: "CSV", fileImportPage: { hasHeader: true, columnMappings: columns } }],
  };
}

const headerOf = (csv: string): string[] => (csv.split(/\r?\n/, 1)[0] ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");

/** Starts what was asked for. */
export function start(client: HubSpotTasks, family: Family, { request, csv }: Asked): Promise<Task<unknown>> {
  // What the form makes; what HubSpot would refuse is refused by the client.
  const service = client[SERVICES[family]] as { start(request: object): Promise<Task<unknown>> };
  return service.start(csv === undefined ? request : { importRequest: request, files: new Blob([csv], { type: "text/csv" }) });
}

export const taskOf = (client: HubSpotTasks, family: Family, id: string): Task<unknown> => client[SERVICES[family]].task(id);
