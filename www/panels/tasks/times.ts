// Durations as they are read: seconds while there are few, then minutes.
import type { TaskSpeech } from "./words.ts";

const MINUTE_MS = 60_000;

/** Whole minutes and seconds of a duration, rounded so that a countdown ends at 0. */
export function partsOf(ms: number): { minutes: number; seconds: number } {
  const whole = Math.max(0, Math.ceil(ms / 1_000));
  return { minutes: Math.floor(whole / 60), seconds: whole % 60 };
}

/** Of an age, which counts what has passed. */
export const passed = (ms: number): number => Math.max(0, Math.floor(ms / 1_000) * 1_000);

export function duration({ say }: Pick<TaskSpeech, "say">, ms: number): string {
  const { minutes, seconds } = partsOf(ms);
  return ms < MINUTE_MS * 1.5 ? say("seconds", { seconds: minutes * 60 + seconds }) : `${minutes}:${String(seconds).padStart(2, "0")}`;
}
