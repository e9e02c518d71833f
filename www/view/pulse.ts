// A lane's requests, second by second, with the refused ones in their colour; both lanes by one measure.
import type { Lane } from "../world/lane.ts";
import type { Surface } from "./canvas.ts";
import type { Palette } from "./palette.ts";

/** So many seconds of the world's are shown. */
const SHOWN = 60;

/** The tallest second of the ones that are shown. */
export function tallest(lanes: readonly Lane[], worldMs: number): number {
  const from = firstShown(worldMs);
  return Math.max(10, ...lanes.flatMap(({ seconds }) => seconds.slice(from).map(({ sent }) => sent)));
}

const firstShown = (worldMs: number) => Math.max(0, Math.floor(worldMs / 1_000) - SHOWN);

/** What is allowed, in the mean, is a line; `limit` requests in ten seconds, 0 for any number. */
export function drawPulse({ context, width, height }: Surface, { seconds }: Lane, worldMs: number, most: number, limit: number, palette: Palette): void {
  context.clearRect(0, 0, width, height);
  context.fillStyle = palette.line;
  context.fillRect(0, height - 1, width, 1);
  const first = firstShown(worldMs);
  const wide = width / SHOWN;
  // It moves with time, not by whole seconds.
  const shift = first === 0 ? 0 : ((worldMs / 1_000) % 1) * wide;
  const bar = (colour: string, countOf: (second: { sent: number; refused: number }) => number) => {
    context.fillStyle = colour;
    seconds.slice(first).forEach((second, index) => {
      const tall = (countOf(second) / most) * (height - 2);
      if (tall > 0) context.fillRect(index * wide - shift, height - 1 - tall, Math.max(1, wide - 1), tall);
    });
  };
  bar(palette.working, ({ sent }) => sent);
  bar(palette.refused, ({ refused }) => refused);
  if (limit === 0) return;
  context.fillStyle = palette.quiet;
  context.fillRect(0, Math.round(height - 1 - (limit / 10 / most) * (height - 2)), width, 1);
}
