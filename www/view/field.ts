// The tasks of a lane as a field of squares: how far each is, whether its end was noticed, and how hot it is with requests.
import { type Lane, type Row, isWrong } from "../world/lane.ts";
import type { Surface } from "./canvas.ts";
import type { Colour, Palette } from "./palette.ts";

const GAP = 2;
const LARGEST = 48;
/** One alone is as large as its place. */
const LARGEST_ALONE = 400;

/** How fast the mark of a request fades, in real milliseconds: slowly, so that nothing flickers however often it is asked. */
const FADES_MS = 700;

/** Levels of fading that are told apart. */
const LEVELS = 4;

export interface Field {
  draw(lane: Lane, worldMs: number, realMs: number, palette: Palette): void;
}

export function createField(surface: Surface): Field {
  /** By row: how often it had been asked, and when that was seen. */
  let seenPolls: Float64Array = new Float64Array(0);
  let seenAtMs: Float64Array = new Float64Array(0);
  let seenOf: Lane | undefined;

  function draw(lane: Lane, worldMs: number, realMs: number, palette: Palette): void {
    const { context, width, height } = surface;
    if (lane !== seenOf) {
      seenOf = lane;
      seenPolls = new Float64Array(lane.rows.length);
      seenAtMs = new Float64Array(lane.rows.length).fill(-Infinity);
    }
    context.clearRect(0, 0, width, height);
    const { size, columns } = grid(lane.rows.length, width, height);
    const inner = size - GAP;
    const paths = new Map<Colour, Path2D>();
    const path = (colour: Colour) => {
      let made = paths.get(colour);
      if (!made) paths.set(colour, (made = new Path2D()));
      return made;
    };
    const crosses = new Path2D();
    const marks = Array.from({ length: LEVELS }, () => ({ poll: new Path2D(), refused: new Path2D() }));

    lane.rows.forEach((row, index) => {
      const x = (index % columns) * size;
      const y = Math.floor(index / columns) * size;
      const { colour, share } = look(row, worldMs);
      path("track").rect(x, y, inner, inner);
      const filled = Math.round(inner * share);
      if (filled > 0) path(colour).rect(x, y + inner - filled, inner, filled);
      if (colour === "wrong") cross(crosses, x, y, inner);

      if (row.polls !== seenPolls[index]) {
        seenPolls[index] = row.polls;
        seenAtMs[index] = realMs;
      }
      const heat = 1 - (realMs - (seenAtMs[index] ?? 0)) / FADES_MS;
      if (heat <= 0) return;
      const isRefused = row.refusedMs !== undefined && row.askedMs !== undefined && row.refusedMs >= row.askedMs - 1;
      const mark = marks[Math.min(LEVELS - 1, Math.floor(heat * LEVELS))];
      const dot = Math.max(2, Math.min(inner * 0.34, LARGEST / 3));
      mark?.[isRefused ? "refused" : "poll"].rect(x + (inner - dot) / 2, y + (inner - dot) / 2, dot, dot);
    });

    for (const colour of ORDER) {
      const made = paths.get(colour);
      if (!made) continue;
      context.fillStyle = palette[colour];
      context.fill(made);
    }
    context.lineWidth = Math.max(1, inner / 10);
    context.strokeStyle = palette.track;
    context.stroke(crosses);
    marks.forEach((mark, level) => {
      context.globalAlpha = (level + 1) / LEVELS;
      context.fillStyle = palette.poll;
      context.fill(mark.poll);
      context.fillStyle = palette.refused;
      context.fill(mark.refused);
    });
    context.globalAlpha = 1;
  }

  return { draw };
}

const ORDER: readonly Colour[] = ["track", "waiting", "working", "unseen", "seen", "errors", "canceled", "wrong"];

/** What a square shows, and how much of it is filled. */
function look(row: Row, worldMs: number): { colour: Colour; share: number } {
  const { task, told } = row;
  if (isWrong(row)) return { colour: "wrong", share: 1 };
  if (told !== undefined) return { colour: told === "succeeded" ? "seen" : told === "canceled" ? "canceled" : "errors", share: 1 };
  if (worldMs >= task.completedMs) return { colour: "unseen", share: 1 };
  if (worldMs < task.startedMs) return { colour: "waiting", share: worldMs < task.requestedMs ? 0 : 0.12 };
  return { colour: "working", share: Math.max(0.12, (worldMs - task.startedMs) / task.processingMs) };
}

/** A shape, for those who do not tell the colours apart. */
function cross(path: Path2D, x: number, y: number, inner: number): void {
  const [from, to] = [inner * 0.28, inner * 0.72];
  path.moveTo(x + from, y + from);
  path.lineTo(x + to, y + to);
  path.moveTo(x + to, y + from);
  path.lineTo(x + from, y + to);
}

/** The largest squares of which so many fit. */
function grid(count: number, width: number, height: number): { size: number; columns: number } {
  let size = Math.min(count === 1 ? LARGEST_ALONE : LARGEST, Math.floor(Math.sqrt((width * height) / Math.max(1, count))) + 1);
  while (size > 4 && Math.floor(width / size) * Math.floor(height / size) < count) size--;
  return { size, columns: Math.max(1, Math.floor(width / size)) };
}
