// What is said of a task or a file, in a line. Pure: times and sizes are given.
import type { DownloadProgress } from "../entries/results.js";
import type { TaskEvent, TaskSnapshot } from "../entries/index.js";
import { kebab } from "./names.js";

/** What a terminal would take for more than text. Servers and file names may have it. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

export const printable = (text: string): string => text.replace(CONTROLS, "\ufffd");

const padded = (value: number): string => String(value).padStart(2, "0");

/** `45 s`, `1:05 min`, `2:03:04 h`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}:${padded(minutes)}:${padded(seconds % 60)} h`;
  return seconds < 60 ? `${seconds} s` : `${minutes}:${padded(seconds % 60)} min`;
}

export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

interface Named {
  readonly family: string;
  readonly id: string;
}

export const titleOf = ({ family, id }: Named): string => printable(`${kebab(family)} ${id}`);

/** A task that is waited for, as it stands now. */
export function liveLine(task: Named, snapshot: TaskSnapshot<unknown>, ageMs: number | undefined, nowMs: number): string {
  const { status, phase, nextPollAtMs, problem, estimate } = snapshot;
  const next = nextPollAtMs === undefined ? undefined : span(nextPollAtMs - nowMs);
  const parts = [titleOf(task), printable(status?.status ?? "not asked yet")];
  if (ageMs !== undefined) parts.push(`${span(ageMs)} old`);
  if (problem) parts.push(withStatus(problem.code, problem.httpStatus));
  if (phase === "asking") parts.push("asking");
  else if (next !== undefined) parts.push(`${phase === "paused" ? "paused, " : ""}next poll in ${next}`);
  if (estimate) parts.push(`end expected in ${span(estimate.medianMs)} to ${span(estimate.ninetyPercentMs)}`);
  return parts.join("  ");
}

const BAR = 24;

/** How far a download is, in so many columns at most. */
export function progressLine(title: string, { receivedBytes, totalBytes }: DownloadProgress, columns: number): string {
  const name = printable(title);
  if (totalBytes === undefined) return `${name}  ${size(receivedBytes)}`;
  const part = totalBytes === 0 ? 1 : Math.min(1, receivedBytes / totalBytes);
  const filled = Math.round(part * BAR);
  const percent = `${Math.floor(part * 100)} %`;
  const whole = `${name}  [${"#".repeat(filled)}${"-".repeat(BAR - filled)}]  ${percent}  ${size(receivedBytes)} of ${size(totalBytes)}`;
  return whole.length <= columns ? whole : `${percent}  ${name}`;
}

/** What an error is called; HTTP alone says nothing. */
const withStatus = (code: string, httpStatus: number | undefined): string => (code === "HTTP" && httpStatus ? `HTTP ${httpStatus}` : code);

/** What an event of a client tells, where nobody looks at a live line; undefined for what is no news. `httpStatus` is that of the last answer. */
export function newsOf(event: TaskEvent, httpStatus?: number): string | undefined {
  switch (event.type) {
    case "changed":
      return printable(event.status);
    case "retrying":
      return `${withStatus(event.code, httpStatus)}, next poll in ${span(event.delayMs)}`;
    case "throttled":
      return event.reason === "budget" ? undefined : `paused for ${span(event.delayMs)} (${event.reason})`;
    default:
      return undefined;
  }
}
