// `status FAMILY ID`: asks once.
import { outcomeOf } from "../../entries/index.js";
import { taskOptions } from "../client.js";
import { type Context, messagesOf, openSession } from "../context.js";
import { FAILED, SUCCEEDED } from "../exit.js";
import { familyOf } from "../families.js";
import { printable } from "../lines.js";

export async function status(context: Context): Promise<number> {
  const { operands: [typed = "", id = ""], given, output, display, signal } = context;
  const family = familyOf(typed);
  const { client } = await openSession(context);
  const task = family.of(client).task(id, taskOptions(given));
  context.about.task = task;
  const seen = await task.status({ signal });
  const outcome = outcomeOf(seen, family.name);
  if (given.has("json")) output.json({ family: family.name, taskId: task.id, outcome, status: seen });
  else output.line(`${printable(seen.status)} ${outcome}`);
  for (const message of messagesOf(seen.errors)) display.complain(message);
  return outcome === "failed" || outcome === "canceled" ? FAILED : SUCCEEDED;
}
