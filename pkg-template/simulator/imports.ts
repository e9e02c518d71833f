// The family of CRM imports: started by a form, answered with the whole object, its errors a resource of their own.
import type { SentBody } from "./bodies.js";
import { BUILT_IN_VERSIONS, type Family, IDS, NOT_FOUND } from "./families.js";
import type { Seen } from "./tasks.js";
import { isoDate } from "./values.js";

/** The words of the outcomes. */
const WORDS = { succeeded: "DONE", succeededWithErrors: "DONE", failed: "FAILED", canceled: "CANCELED" };

/** How many rows an import has that was not started with files. */
const ROWS = 25;

export const IMPORTS: Family = {
  ...IDS.int64,
  name: "import",
  paths: {
    start: { numbered: "/crm/{version}/imports", dated: "/crm/imports/{version}" },
    status: { numbered: "/crm/{version}/imports/{taskId}", dated: "/crm/imports/{version}/{taskId}" },
    errors: { numbered: "/crm/{version}/imports/{taskId}/errors", dated: "/crm/imports/{version}/{taskId}/errors" },
    cancel: { numbered: "/crm/{version}/imports/{taskId}/cancel", dated: "/crm/imports/{version}/{taskId}/cancel" },
  },
  versions: BUILT_IN_VERSIONS,
  scopes: { toRead: ["crm.import"], toStart: ["crm.import"] },
  undecodable: "Unable to parse value for path parameter: importId",
  unknown: NOT_FOUND,
  hasErrors: true,
  hasResult: true,
  accepts: false,
  status: importBody,
  start: {
    sends: "multipart",
    missing: (_, { files }) => (files.length > 0 ? [] : ["files"]),
    answer: (seen) => ({ status: 200, body: importBody(seen) }),
  },
  runsAtOnce: 3,
};

function importBody(seen: Seen) {
  const { task, isStarted, isOver, waitsForOthers } = seen;
  const { name } = task.with.request;
  const underWay = isStarted ? "PROCESSING" : waitsForOthers ? "DEFERRED" : "STARTED";
  return {
    id: task.id,
    state: isOver ? (task.word ?? WORDS[task.outcome]) : underWay,
    importName: typeof name === "string" ? name : `import-${task.serial}`,
    importSource: "API",
    importRequestJson: task.with.request,
    createdAt: isoDate(task.requestedAt),
    updatedAt: isoDate(isOver ? task.completedAt : isStarted ? task.startedAt : task.requestedAt),
    optOutImport: false,
    mappedObjectTypeIds: ["0-1"],
    metadata: isOver && seen.ends.result && task.result !== undefined ? task.result : metadata(seen),
  };
}

function metadata({ task, isOver, ends }: Seen) {
  const rows = task.with.files.length > 0 ? rowsOf(task.with) : ROWS;
  const errors = task.errors.length;
  const written = ends.result ? Math.max(rows - errors, 0) : 0;
  return {
    counters: isOver
      ? {
          TOTAL_ROWS: rows,
          CREATED_OBJECTS: written,
          UNIQUE_OBJECTS_WRITTEN: written,
          PROPERTY_VALUES_EMITTED: written * 3,
          ...(errors > 0 && { ERRORS: errors }),
        }
      : {},
    fileIds: task.with.files.map((_, index) => String(90151671000 + task.serial + index)),
    objectLists: isOver && ends.result ? [{ objectType: "CONTACT", listId: String(task.serial) }] : [],
  };
}

/** The rows of the files that were sent, below their headers. */
export const rowsOf = ({ files }: Pick<SentBody, "files">): number =>
  files.reduce((rows, { bytes }) => rows + Math.max(linesOf(bytes) - 1, 0), 0);

function linesOf(bytes: Uint8Array): number {
  const lineEnd = 10;
  const ended = bytes.filter((byte) => byte === lineEnd).length;
  return bytes.length > 0 && bytes.at(-1) !== lineEnd ? ended + 1 : ended;
}

/** One page of an import's errors; where `after` names none, the first one. */
export function errorsPage({ task }: Seen, search: string, address: string): object {
  const asked = (name: string) => Number(new RegExp(`[?&]${name}=(\\d+)`).exec(search)?.[1]);
  const limit = asked("limit") || 100;
  const from = asked("after") || 0;
  const results = task.errors.slice(from, from + limit).map((error, index) => importError(error, task, from + index));
  const after = String(from + limit);
  const hasMore = from + limit < task.errors.length;
  return { results, ...(hasMore && { paging: { next: { after, link: `${address}?limit=${limit}&after=${after}` } } }) };
}

/** An error as the simulator makes them up becomes an import's; one of the caller's stays. */
function importError(error: unknown, { madeUpErrors, serial, completedAt }: Seen["task"], index: number): unknown {
  if (!madeUpErrors) return error;
  return {
    id: String(serial * 1000 + index),
    createdAt: completedAt,
    errorType: "INVALID_EMAIL",
    invalidValue: "nobody",
    invalidPropertyValue: { name: "email", value: "nobody" },
    objectType: "CONTACT",
    objectTypeId: "0-1",
    sourceData: { lineNumber: index + 2, fileId: 90151671000 + serial, rowData: ["Nobody", "nobody"] },
  };
}
