// `download ID`: brings the file of an export.
import { taskOptions } from "../client.js";
import { type Context, openSession } from "../context.js";
import { UsageError } from "../exit.js";
import { readTarget } from "../export-file.js";
import { finish } from "./run.js";

export async function download(context: Context): Promise<number> {
  const { operands: [id = ""], given } = context;
  const target = await readTarget(given);
  if (!target) throw new UsageError("download: takes --output FILE, or --output - for the standard output");
  const session = await openSession(context);
  const task = session.client.exports.task(id, taskOptions(given));
  return finish(context, session, { task, target, isStarted: false });
}
