// The tasks of a lane as a field of squares: how far each is, whether its end was noticed, and how hot it is with requests.
import { type Lane, type Row, type Told, isWrong } from "../world/lane.ts";
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

/** What goes round the square of the task that was chosen, in CSS pixels. */
const [THINNEST, THICKEST] = [2, 5];

export interface Field {
  /** `chosen` is the index of the row that is outlined, if there is one. */
  draw(lane: Lane, worldMs: number, realMs: number, palette: Palette, chosen: number | undefined): void;
  /** The index of the square at a place of the canvas, as it was drawn last. */
  indexAt(x: number, y: number): number | undefined;
}

export function createField(surface: Surface): Field {
  const heat = new Heat();
  let drawn = { count: 0, size: 1, columns: 1 };
  return {
    draw(lane, worldMs, realMs, palette, chosen) {
      heat.see(lane, realMs);
      const layers = new Layers();
      const { size, columns } = grid(lane.rows.length, surface.width, surface.height);
      drawn = { count: lane.rows.length, size, columns };
      const placeOf = (index: number): Place => ({ x: (index % columns) * size, y: Math.floor(index / columns) * size, side: size - GAP });
      lane.rows.forEach((row, index) => {
        const place = placeOf(index);
        addSquare(layers, place, look(row, worldMs));
        addMark(layers, place, heat.levelOf(index, realMs), row.isRefused ? "refused" : "poll");
      });
      surface.context.clearRect(0, 0, surface.width, surface.height);
      layers.paint(surface.context, palette, size);
      if (chosen !== undefined) outline(surface, placeOf(chosen), palette.text);
    },
    indexAt(x, y) {
      const { count, size, columns } = drawn;
      const [column, line] = [Math.floor(x / size), Math.floor(y / size)];
      const index = line * columns + column;
      return column >= 0 && column < columns && index >= 0 && index < count ? index : undefined;
    },
  };
}

/** Where a square lies. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** When each row was asked last, in real time: what was seen of it in the frames. */
class Heat {
  #lane: Lane | undefined;
  #polls = new Float64Array(0);
  #seenMs = new Float64Array(0);

  see(lane: Lane, realMs: number): void {
    const { length } = lane.rows;
    if (lane !== this.#lane) [this.#lane, this.#polls, this.#seenMs] = [lane, new Float64Array(length), new Float64Array(length).fill(-Infinity)];
    lane.rows.forEach(({ polls }, index) => {
      if (polls === this.#polls[index]) return;
      this.#polls[index] = polls;
      this.#seenMs[index] = realMs;
    });
  }

  /** From `LEVELS`, just asked, down to 0, not lately. */
  levelOf(index: number, realMs: number): number {
    const share = 1 - (realMs - (this.#seenMs[index] ?? -Infinity)) / FADES_MS;
    return Math.max(0, Math.ceil(share * LEVELS));
  }
}

/** What has one colour is one path: a thousand squares are some ten fills. */
class Layers {
  readonly #squares = new Map<Colour, Path2D>();
  readonly #marks = new Map<string, { colour: Colour; level: number; path: Path2D }>();
  readonly crosses = new Path2D();

  square(colour: Colour): Path2D {
    let path = this.#squares.get(colour);
    if (!path) this.#squares.set(colour, (path = new Path2D()));
    return path;
  }

  mark(colour: Colour, level: number): Path2D {
    const key = `${colour} ${String(level)}`;
    let mark = this.#marks.get(key);
    if (!mark) this.#marks.set(key, (mark = { colour, level, path: new Path2D() }));
    return mark.path;
  }

  paint(context: CanvasRenderingContext2D, palette: Palette, size: number): void {
    for (const colour of ORDER) {
      const path = this.#squares.get(colour);
      if (!path) continue;
      context.fillStyle = palette[colour];
      context.fill(path);
    }
    context.lineWidth = Math.max(1, size / 10);
    context.strokeStyle = palette.track;
    context.stroke(this.crosses);
    for (const { colour, level, path } of this.#marks.values()) {
      context.globalAlpha = level / LEVELS;
      context.fillStyle = palette[colour];
      context.fill(path);
    }
    context.globalAlpha = 1;
  }
}

function addSquare(layers: Layers, { x, y, side }: Place, { colour, share }: Look): void {
  layers.square("track").rect(x, y, side, side);
  const filled = Math.round(side * share);
  if (filled > 0) layers.square(colour).rect(x, y + side - filled, side, filled);
  if (colour === "wrong") addCross(layers.crosses, x, y, side);
}

function addMark(layers: Layers, { x, y, side }: Place, level: number, colour: Colour): void {
  if (level === 0) return;
  const dot = Math.max(2, Math.min(side * 0.34, LARGEST / 3));
  layers.mark(colour, level).rect(x + (side - dot) / 2, y + (side - dot) / 2, dot, dot);
}

/** Round a square, in the gaps; at the canvas's edge upon the square. */
function outline({ context, width, height }: Surface, { x, y, side }: Place, colour: string): void {
  const thick = Math.max(THINNEST, Math.min(THICKEST, side / 6));
  const [left, top] = [Math.max(0, x - GAP), Math.max(0, y - GAP)];
  const [right, bottom] = [Math.min(width, x + side + GAP), Math.min(height, y + side + GAP)];
  context.lineWidth = thick;
  context.strokeStyle = colour;
  context.strokeRect(left + thick / 2, top + thick / 2, right - left - thick, bottom - top - thick);
}

/** The order in which they are painted. */
const ORDER: readonly Colour[] = ["track", "waiting", "working", "unseen", "seen", "errors", "canceled", "wrong"];

const TOLD: Readonly<Record<Told, Colour>> = { succeeded: "seen", succeededWithErrors: "errors", canceled: "canceled", failed: "wrong" };

/** The least that is filled of a task that was begun: so that it is seen. */
const LEAST = 0.12;

interface Look {
  readonly colour: Colour;
  /** How much of the square is filled. */
  readonly share: number;
}

function look(row: Row, worldMs: number): Look {
  const { task, told } = row;
  if (isWrong(row)) return { colour: "wrong", share: 1 };
  if (told !== undefined) return { colour: TOLD[told], share: 1 };
  if (worldMs >= task.completedMs) return { colour: "unseen", share: 1 };
  if (worldMs < task.startedMs) return { colour: "waiting", share: worldMs < task.requestedMs ? 0 : LEAST };
  return { colour: "working", share: Math.max(LEAST, (worldMs - task.startedMs) / task.processingMs) };
}

/** A shape, for those who do not tell the colours apart. */
function addCross(path: Path2D, x: number, y: number, side: number): void {
  const [from, to] = [side * 0.28, side * 0.72];
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
