// Where a file goes that the command writes by renaming: of a link where it leads to, since the link itself would be replaced.
import { lstat, realpath, stat } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { UsageError } from "./exit.js";

/** Refuses what is there and no file: a device would be replaced by one. */
export async function placeOf(option: string, path: string): Promise<string> {
  const [found, link, folder] = await Promise.all([stat(path), lstat(path), stat(dirname(path))].map((one) => one.catch(() => undefined)));
  if (found?.isDirectory()) throw new UsageError(`--${option}: ${path} is a folder, takes a file in it`);
  if (found && !found.isFile()) {
    throw new UsageError(`--${option}: ${path} is no file${option === "output" ? "; --output - writes to the standard output" : ""}`);
  }
  if (link && !found) throw new UsageError(`--${option}: ${path} is a link that leads to nothing`);
  if (!folder?.isDirectory()) throw new UsageError(`--${option}: there is no folder ${dirname(path)}`);
  // As a folder is written; dirname() takes it for a file in the one above.
  if (path.endsWith("/") || path.endsWith(sep)) throw new UsageError(`--${option}: there is no folder ${path}, takes a file in one that is`);
  return link?.isSymbolicLink() ? realpath(path) : path;
}
