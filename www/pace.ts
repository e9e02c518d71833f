// Lets a stage's time run by the browser's frames, and says how long the work of each took (a PerformanceMeasure, "frame").
import type { Stage } from "./stage.ts";

/** `draw` is called in each frame, before time passes. */
export function keepPace(stage: Stage, draw: (nowMs: number) => void): void {
  let lastMs = performance.now();
  const frame = async (): Promise<void> => {
    const start = performance.now();
    const sinceMs = start - lastMs;
    lastMs = start;
    draw(start);
    await stage.frame(sinceMs, () => performance.now());
    performance.measure("frame", { start });
    performance.clearMeasures("frame"); // observers hear of it; nothing piles up
    requestAnimationFrame(() => void frame());
  };
  requestAnimationFrame(() => void frame());
}
