// What is painted upon plots: marks that differ in shape as well as in colour, and words that stay within the plot.
import { FONT, MARGIN, type Pen } from "./plot.ts";

export function bar({ context }: Pen, colour: string, [left, right]: [number, number], top: number, height: number): void {
  context.fillStyle = colour;
  context.fillRect(left, top, Math.max(1, right - left), height);
}

/** A bar of slanted lines, told from a full one without colours. */
export function hatched(pen: Pen, colour: string, [left, right]: [number, number], top: number, height: number): void {
  const { context } = pen;
  const width = Math.max(2, right - left);
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.globalAlpha = 0.3;
  context.fillStyle = colour;
  context.fillRect(left, top, width, height);
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let x = left - height; x < left + width; x += 5) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

export function tick({ context }: Pen, colour: string, x: number, top: number, height: number, width = 1.5): void {
  context.fillStyle = colour;
  context.fillRect(x - width / 2, top, width, height);
}

export function cross({ context }: Pen, colour: string, x: number, y: number, size = 4): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x + size, y - size);
  context.lineTo(x - size, y + size);
  context.stroke();
}

export function triangle({ context }: Pen, colour: string, x: number, y: number, size = 5): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y + size * 0.8);
  context.lineTo(x - size, y + size * 0.8);
  context.fill();
}

/** With a rim, so that it stands out from lines below it. */
export function disc({ context, inks }: Pen, colour: string, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  rimmed(context, colour, inks.card);
}

export function square({ context, inks }: Pen, colour: string, x: number, y: number, half: number): void {
  context.beginPath();
  context.rect(x - half, y - half, 2 * half, 2 * half);
  rimmed(context, colour, inks.card);
}

export function diamond({ context, inks }: Pen, colour: string, x: number, y: number, half: number): void {
  context.beginPath();
  context.moveTo(x, y - half);
  context.lineTo(x + half, y);
  context.lineTo(x, y + half);
  context.lineTo(x - half, y);
  context.closePath();
  rimmed(context, colour, inks.card);
}

function rimmed(context: CanvasRenderingContext2D, colour: string, rim: string): void {
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = rim;
  context.lineWidth = 1;
  context.stroke();
}

export function ring({ context }: Pen, colour: string, x: number, y: number, radius: number): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

export interface Line {
  readonly width: number;
  readonly dash?: readonly number[];
}

export function line({ context }: Pen, colour: string, points: readonly (readonly [number, number])[], { width, dash = [] }: Line): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash([...dash]);
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
}

/** Only what is within the plot's frame, or is a mark on its side. */
export function within(pen: Pen, paint: () => void): void {
  const { context, width, height } = pen;
  context.save();
  context.beginPath();
  context.rect(-MARGIN, 0, width + 2 * MARGIN, height);
  context.clip();
  paint();
  context.restore();
}

export interface TextStyle {
  readonly colour: string;
  readonly font?: string;
  readonly align?: CanvasTextAlign;
  /** Whether lines below it shine through. */
  readonly hasRim?: boolean;
}

/** `y` is its middle. */
export function text({ context, inks }: Pen, words: string, x: number, y: number, { colour, font = FONT, align = "left", hasRim = false }: TextStyle): void {
  context.font = font;
  context.textAlign = align;
  context.textBaseline = "middle";
  if (hasRim) {
    context.strokeStyle = inks.card;
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeText(words, x, y);
  }
  context.fillStyle = colour;
  context.fillText(words, x, y);
}

export function widthOf({ context }: Pen, words: string, font = FONT): number {
  context.font = font;
  return context.measureText(words).width;
}

/** What words must not cover, and what they had better not. */
export const WEIGHT = { mark: 20, line: 1, outside: 1_000 };

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** How bad it is to cover it. */
  readonly weight: number;
}

const meet = (one: Omit<Box, "weight">, other: Box) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** How bad it is to put something there. */
export const covered = (box: Omit<Box, "weight">, taken: readonly Box[]): number =>
  taken.reduce((sum, other) => sum + (meet(box, other) ? other.weight : 0), 0);

/** Room for words beside a mark, where nothing of `taken` is and the frame does not end; it is taken then. */
export function place(pen: Pen, words: string, [x, y]: readonly [number, number], taken: Box[], font = FONT): Box {
  const [width, height, gap] = [widthOf(pen, words, font), 14, 9];
  const corners = [
    [x + gap, y - height / 2],
    [x - gap - width, y - height / 2],
    [x - width / 2, y - gap - height],
    [x - width / 2, y + gap],
    [x + 4, y + gap - 2],
    [x + 4, y - gap - height + 2],
    [x - 4 - width, y + gap - 2],
    [x - 4 - width, y - gap - height + 2],
  ] as const;
  const boxes = corners.map(([left, top]): Box => ({ left, right: left + width, top, bottom: top + height, weight: WEIGHT.mark }));
  const isOutside = (box: Box) => box.left < 2 || box.right > pen.width - 2 || box.top < 0 || box.bottom > pen.height;
  const cost = (box: Box) => covered(box, taken) + (isOutside(box) ? WEIGHT.outside : 0);
  const best = boxes.reduce((one, other) => (cost(other) < cost(one) ? other : one));
  taken.push(best);
  return best;
}

export const around = (x: number, y: number, radius: number, weight: number): Box => ({
  left: x - radius,
  right: x + radius,
  top: y - radius,
  bottom: y + radius,
  weight,
});
