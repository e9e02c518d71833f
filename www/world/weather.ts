// What goes wrong on the way: drawn by task and instant, so that it is the same for whoever asks then.
import { draw } from "./draw.ts";
import type { Settings } from "./settings.ts";

export type Fault = "dropped" | "serverError";

/** So long a fault of a task lasts: whoever asks about it within the same second meets the same. */
const LASTS_MS = 1_000;

/** Beyond what plan.ts draws for. */
const FOR_FAULT = 11;

/** What becomes of a request about a task, sent so long after the world began. */
export function faultAt({ seed, dropped, serverErrors }: Settings, taskIndex: number, atMs: number): Fault | undefined {
  const percent = 100 * draw(seed, taskIndex, FOR_FAULT, Math.floor(atMs / LASTS_MS));
  if (percent < dropped) return "dropped";
  return percent < dropped + serverErrors ? "serverError" : undefined;
}
