// What sets families of task apart, and the four that HubSpot has for files, exports and source code.
import type { SentBody } from "./bodies.js";
import { notFound } from "./errors.js";
import { exportDetails, exportResult, fileResult, folderResult } from "./results.js";
import type { Seen } from "./tasks.js";
import { isoDate } from "./values.js";

/** A family of task that is built in. */
export type SimulatedFamily = "fileImport" | "folderUpdate" | "export" | "sourceCodeExtract" | "import";

/** What may be asked about tasks. */
export type Call = "start" | "status" | "details" | "errors" | "cancel";

/** `v3`, and a date in March or September: the version stands at different places. */
export interface Paths {
  readonly numbered: string;
  readonly dated: string;
}

/** What a start makes HubSpot answer, beside refusing it. */
export interface Started {
  readonly status: number;
  readonly body: object;
}

/** What sets a family apart. */
export interface Family {
  readonly name: string;
  readonly paths: Readonly<Partial<Record<Call, Paths>>>;
  /** Patterns of the versions at which it is found. */
  readonly versions: Paths;
  /** Any one of them is enough; none is needed where there are none. */
  readonly scopes: { readonly toRead: readonly string[]; readonly toStart: readonly string[] };
  /** Whether ids are decimal numbers; otherwise they are opaque strings. */
  readonly isNumbered: boolean;
  /** Whether HubSpot can read such an id at all; 400 otherwise. */
  readonly decodes: (id: string) => boolean;
  readonly undecodable: string;
  /** The answer to an id that can be read but belongs to no task. */
  readonly unknown: { readonly status: number; readonly message: (id: string) => string };
  readonly hasErrors: boolean;
  readonly hasResult: boolean;
  /** Whether the status call of a task that is not over answers 202. */
  readonly accepts: boolean;
  /** The body of the status call. JSON leaves out the fields that are undefined. */
  readonly status: (seen: Seen) => object;
  readonly details?: (seen: Seen) => object;
  readonly start?: {
    readonly sends: "json" | "multipart";
    /** What is missing in a request that was read. */
    readonly missing: (request: Readonly<Record<string, unknown>>, sent: SentBody) => string[];
    readonly answer: (seen: Seen, locator: object) => Started;
  };
  /** How many of its tasks run at a time, where the simulator lets them queue. */
  readonly runsAtOnce: number;
}

const INT32_MAX = 2147483647n;
const INT64_MAX = 9223372036854775807n;

const isInteger = (highest: bigint) => (id: string) => /^\d+$/.test(id) && BigInt(id) <= highest;

/** What a family has whose ids are numbers, and one whose ids are texts. */
export const IDS = {
  text: { isNumbered: false, decodes: () => true, undecodable: "Provided ID could not be decoded." },
  int32: { isNumbered: true, decodes: isInteger(INT32_MAX), undecodable: "Unable to parse value for path parameter: taskId" },
  int64: { isNumbered: true, decodes: isInteger(INT64_MAX), undecodable: "Unable to parse value for path parameter: taskId" },
};

export const NOT_FOUND = { status: 404, message: () => notFound.message };

export const BUILT_IN_VERSIONS = { numbered: "v3", dated: "\\d{4}-0[39]" };

/** What the four families of this file share. */
const SHARED = { versions: BUILT_IN_VERSIONS, unknown: NOT_FOUND, accepts: true, runsAtOnce: 1 };

const located = (_: Seen, locator: object): Started => ({ status: 202, body: locator });

/** Names the fields that a request lacks: of each group one is enough. */
const lacking =
  (...groups: readonly (readonly string[])[]) =>
  (request: Readonly<Record<string, unknown>>): string[] =>
    groups.filter((names) => !names.some((name) => isGiven(request[name]))).map((names) => names.join(" or "));

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";

/** The paths of a task that is started at one path, and asked about below it. */
function pathsBelow(numbered: string, dated = numbered) {
  const status = "/tasks/{taskId}/status";
  return { start: { numbered, dated }, status: { numbered: numbered + status, dated: dated + status } };
}

/** The body of a status call, with the optional fields that a family has. */
function statusBody(seen: Seen, has: { taskId: boolean; errors: boolean; result?: (seen: Seen) => unknown }): object {
  const { task, isStarted, isOver, ends } = seen;
  const hasErrors = isOver && has.errors;
  return {
    taskId: has.taskId ? task.id : undefined,
    status: isOver ? (task.word ?? (task.outcome === "canceled" ? "CANCELED" : "COMPLETE")) : isStarted ? "PROCESSING" : "PENDING",
    requestedAt: isoDate(task.requestedAt),
    startedAt: isStarted ? isoDate(task.startedAt) : undefined,
    completedAt: isOver ? isoDate(task.completedAt) : undefined,
    numErrors: hasErrors ? task.errors.length : undefined,
    errors: hasErrors ? task.errors : undefined,
    links: { status: seen.link },
    result: isOver && ends.result ? (task.result === undefined ? has.result?.(seen) : task.result) : undefined,
  };
}

export const FAMILIES: readonly Family[] = [
  {
    ...SHARED,
    ...IDS.text,
    name: "fileImport",
    paths: pathsBelow("/files/{version}/files/import-from-url/async"),
    scopes: {
      toRead: ["files", "files.read", "files.ui_hidden.read"],
      toStart: ["files", "files.write", "files.ui_hidden.write"],
    },
    hasErrors: true,
    hasResult: true,
    status: (seen) => statusBody(seen, { taskId: true, errors: true, result: fileResult }),
    start: { sends: "json", missing: lacking(["access"], ["url"], ["folderId", "folderPath"]), answer: located },
  },
  {
    ...SHARED,
    ...IDS.text,
    name: "folderUpdate",
    paths: pathsBelow("/files/{version}/folders/update/async"),
    scopes: {
      toRead: ["files", "files.write", "files.ui_hidden.write"],
      toStart: ["files", "files.write", "files.ui_hidden.write"],
    },
    decodes: (id) => !/^\d+$/.test(id), // a plain number is what HubSpot was seen to refuse
    hasErrors: true,
    hasResult: true,
    status: (seen) => statusBody(seen, { taskId: true, errors: true, result: folderResult }),
    start: { sends: "json", missing: lacking(["id"]), answer: located },
  },
  {
    ...SHARED,
    ...IDS.int64,
    name: "export",
    paths: {
      ...pathsBelow("/crm/{version}/exports/export/async", "/crm/exports/{version}/export/async"),
      details: { numbered: "/crm/{version}/exports/export/{taskId}", dated: "/crm/exports/{version}/export/{taskId}" },
    },
    scopes: { toRead: ["crm.export"], toStart: ["crm.export"] },
    unknown: { status: 403, message: (id) => `Permission to get export file cannot be granted for exportId ${id}` },
    hasErrors: true,
    hasResult: true,
    status: (seen) => statusBody(seen, { taskId: false, errors: true, result: exportResult }),
    details: exportDetails,
    start: {
      sends: "json",
      missing: (request) => lacking(["exportType"], ...(request.exportType === "LIST" ? [["listId"]] : []))(request),
      answer: located,
    },
  },
  {
    ...SHARED,
    ...IDS.int32,
    name: "sourceCodeExtract",
    paths: pathsBelow("/cms/{version}/source-code/extract/async", "/cms/source-code/{version}/extract/async"),
    scopes: { toRead: ["content"], toStart: ["content"] },
    hasErrors: false,
    hasResult: false,
    status: (seen) => statusBody(seen, { taskId: false, errors: false }),
    start: { sends: "json", missing: lacking(["path"]), answer: located },
  },
];
