// saveTo() where there is no Node: it says so. What it does in Node is save.ts's.
import { promising, taskError } from "../error.js";
import type { DownloadOptions, ExportClient, ExportTask, Saved } from "./types.js";

/**
 * An export's file into a file, in Node. It is written as `PATH.part` and renamed when it is whole and on the disk: under
 * `path` there is the whole file, or what was there before. What an earlier call, or a process that was killed, left in
 * `PATH.part` is gone on with, where the server still has that very file.
 *
 * Of a link the file is written that it leads to.
 *
 * Rejects as {@link download} does, with INVALID_ARGUMENT for a path that is in no folder, or where there is something that is
 * no file, such as a folder or a device; and where the disk fails with an error that has Node's `code`, such as ENOSPC, the
 * `path` as it was given, `family` and `taskId`.
 */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- Declared here with what save.ts takes.
export function saveTo(_client: ExportClient, _taskOrId: ExportTask, _path: string, _options?: DownloadOptions): Promise<Saved> {
  return promising(() => {
    throw taskError({ code: "INVALID_ARGUMENT", message: "saveTo works in Node alone: elsewhere take download() or rows()" });
  });
}
