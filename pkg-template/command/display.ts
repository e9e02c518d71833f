// How the user is kept up to date, on the standard error: live lines on a terminal, a line a change elsewhere, or nothing.
import process from "node:process";
import type { Task, TaskEvent } from "../entries/index.js";
import type { DownloadProgress } from "../entries/results.js";
import { newsOf, printable, titleOf } from "./lines.js";
import { Terminal } from "./terminal.js";
import { NAME } from "./usage.js";

/** Of whatever result. */
export type AnyTask = Task<unknown>;

export interface Display {
  /** Shows a task from now on; gives what ends that. */
  follow(task: AnyTask): () => void;
  /** Something happened to a task. */
  hear(event: TaskEvent): void;
  /** A line that stays. */
  note(text: string): void;
  /** An error: shown in any case. */
  complain(text: string): void;
  /** How far a download is. */
  progress(title: string, progress: DownloadProgress): void;
  /** Writes what is not of the display's, on a terminal that may be the same one. */
  above(write: () => void): void;
  /** Nothing is rewritten any more. */
  end(): void;
}

const nothing = () => undefined;

/** The command's name before it, red where there are colours: NO_COLOR is heeded by Node. */
export function complaint(text: string): string {
  const name = process.stderr.hasColors?.() === true ? `\x1b[31m${NAME}:\x1b[39m` : `${NAME}:`;
  return `${name} ${printable(text)}\n`;
}

const SILENT: Display = {
  follow: () => nothing,
  hear: nothing,
  note: nothing,
  complain: (text) => process.stderr.write(complaint(text)),
  progress: nothing,
  above: (write) => { write(); },
  end: nothing,
};

/** Of each task's last answer. */
const httpStatuses = new Map<string, number>();

/** A line for each change: for pipes, logs and CI. */
const PLAIN: Display = {
  ...SILENT,
  hear(event) {
    const title = titleOf({ family: event.family, id: event.taskId });
    if (event.type === "answered") httpStatuses.set(title, event.httpStatus);
    const news = newsOf(event, httpStatuses.get(title));
    if (news !== undefined) PLAIN.note(`${title}: ${news}`);
  },
  note: (text) => process.stderr.write(`${printable(text)}\n`),
};

/** Lines can be rewritten on a terminal; not where the CI keeps them all, and not on one that cannot move its cursor. */
const isLive = () => process.stderr.isTTY === true && /^(0|false)?$/i.test(process.env.CI ?? "") && process.env.TERM !== "dumb";

export async function createDisplay(isQuiet: boolean): Promise<Display> {
  if (isQuiet) return SILENT;
  if (!isLive()) return PLAIN;
  // Loaded here alone.
  const { createLogUpdate } = await import("#log-update");
  return new Terminal(process.stderr, createLogUpdate);
}
