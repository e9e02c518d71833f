// saveTo() where there is no Node: it says so. What it does in Node is save.ts's.
import { promising, taskError } from "../error.js";
import type { DownloadOptions, ExportClient, ExportTask, Saved } from "./types.js";

/**
 * An export's file into a file, in Node. It is written as `PATH.part` and renamed when it is whole and on the disk: under
 * `path` there is the whole file, or what was there before. What an earlier call, or a process that was killed, left in
 * `PATH.part` is gone on with, where the server still has that very file.
 *
 * Rejects as {@link download} does, with INVALID_ARGUMENT for a path that is a folder or in none, and with Node's own errors
 * where the disk fails.
 */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- Declared here with what save.ts takes.
export function saveTo(_client: ExportClient, _taskOrId: ExportTask, _path: string, _options?: DownloadOptions): Promise<Saved> {
  return promising(() => {
    throw taskError({ code: "INVALID_ARGUMENT", message: "saveTo works in Node alone: elsewhere take download() or rows()" });
  });
}
