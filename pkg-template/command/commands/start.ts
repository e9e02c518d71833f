// `start FAMILY`: starts a task, and prints its id.
import { type Context, openSession } from "../context.js";
import { SUCCEEDED } from "../exit.js";
import { readStart, startOnce, withCheckpoint } from "../starting.js";

export async function start(context: Context): Promise<number> {
  const { given, output } = context;
  const read = await readStart(context);
  const session = await openSession(context);
  const { family, id } = await withCheckpoint(context, (file) => startOnce(context, session, read, file));
  if (given.has("json")) output.json({ family, taskId: id });
  else output.line(id);
  return SUCCEEDED;
}
