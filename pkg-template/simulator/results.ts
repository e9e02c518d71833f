// What results look like that nobody gave: a file, a folder, an export.
import { uuid } from "./random.js";
import type { Seen } from "./tasks.js";
import { DAY_MS, isoDate } from "./values.js";

const textOr = (given: unknown, otherwise: string) => (typeof given === "string" || typeof given === "number" ? String(given) : otherwise);

export function fileResult({ task, version }: Seen) {
  const { serial, completedAt, with: started } = task;
  const { access, folderId, folderPath, name, url } = started.request;
  const extension = /\.(\w+)(?:[?#].*)?$/.exec(textOr(url, ""))?.[1] ?? "png";
  const fileName = textOr(name, `picture-${serial}`);
  const path = `${textOr(folderPath, "/imported")}/${fileName}.${extension}`;
  return {
    id: String(90151673000 + serial),
    ...(version === "v3" && { access: textOr(access, "PUBLIC_INDEXABLE") }), // required in v3 alone
    archived: false,
    createdAt: isoDate(completedAt),
    updatedAt: isoDate(completedAt),
    defaultHostingUrl: `https://files.hubspot.example/hubfs${path}`,
    encoding: extension,
    expiresAt: completedAt + 365 * DAY_MS, // a number, unlike the other dates
    extension,
    fileMd5: uuid(serial).replaceAll("-", ""),
    height: 600,
    width: 800,
    isUsableInContent: true,
    name: fileName,
    parentFolderId: textOr(folderId, "90151672001"),
    path,
    size: 48213,
    sourceGroup: "CONTENT",
    type: "IMG",
    url: `https://files.hubspot.example/hubfs${path}`,
  };
}

export function folderResult({ task: { serial, completedAt, with: started } }: Seen) {
  const { id, name, parentFolderId } = started.request;
  const folderName = textOr(name, `folder-${serial}`);
  return {
    id: textOr(id, String(90151672000 + serial)),
    archived: false,
    createdAt: isoDate(completedAt - DAY_MS),
    updatedAt: isoDate(completedAt),
    name: folderName,
    parentFolderId: textOr(parentFolderId, "90151672001"),
    path: `/imported/${folderName}`,
  };
}

export const exportResult = ({ newUrl }: Seen) => newUrl();

/** The word of each outcome in an export's details. */
const EXPORT_STATES = { succeeded: "DONE", succeededWithErrors: "DONE", failed: "FAILED", canceled: "CANCELED" };

export function exportDetails(seen: Seen) {
  const { task, hasEnded, isStarted, waitsForOthers } = seen;
  const { exportName, exportType, objectType, objectProperties } = task.with.request;
  const atEnd = task.exportState ?? EXPORT_STATES[task.outcome];
  const underWay = isStarted ? "PROCESSING" : waitsForOthers ? "DEFERRED" : "ENQUEUED";
  return {
    id: task.id,
    exportState: hasEnded || atEnd === "PENDING_APPROVAL" ? atEnd : underWay,
    exportName: textOr(exportName, "Export"),
    exportType: textOr(exportType, "VIEW"),
    objectType: textOr(objectType, "CONTACT"),
    objectProperties: Array.isArray(objectProperties) ? (objectProperties as unknown[]) : [],
    createdAt: isoDate(task.requestedAt),
    updatedAt: isoDate(hasEnded ? task.completedAt : isStarted ? task.startedAt : task.requestedAt),
  };
}
