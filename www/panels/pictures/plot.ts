// A plot in the page's look: uPlot draws scales, grid and lines; marks and words are painted upon it.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { type Palette, readColours } from "../../view/palette.ts";

const OWN = ["text", "card", "line-loop", "line-package", "on-waiting", "on-working", "on-seen"] as const;
const SHARED = ["waiting", "working", "unseen", "seen", "errors", "wrong", "poll", "refused", "line", "quiet", "track"] as const;

export type Ink = (typeof OWN)[number] | (typeof SHARED)[number];
export type Inks = Readonly<Record<Ink, string>> & Pick<Palette, (typeof SHARED)[number]>;

export const FONT = "12px system-ui, sans-serif";
export const STRONG_FONT = "600 13px system-ui, sans-serif";

/** So much of a mark may stand over a plot's side. */
export const MARGIN = 8;

export interface Scale {
  readonly label: string;
  readonly isLogarithmic?: boolean;
  /** The least and the most, as the data are now. */
  readonly range: () => [number, number];
  /** Where there is no scale to be read, as with things that stand one above the other. */
  readonly isHidden?: boolean;
  readonly ticks?: (least: number, most: number) => number[];
  readonly text: (value: number) => string;
}

/** In CSS pixels from the plot's corner. */
export interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly inks: Inks;
  readonly width: number;
  readonly height: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

export interface PlotOptions {
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly lines?: readonly { readonly ink: Ink; readonly width: number; readonly dash?: number[] }[];
  /** Before the lines, and after them. */
  readonly paintBelow?: (pen: Pen) => void;
  readonly paint?: (pen: Pen) => void;
  /** The place in the data at which the pointer is; undefined where it is elsewhere. */
  readonly pointed?: (index: number | undefined) => void;
}

export interface Plot {
  /** With the x values and, for each line, as many y values. What is drawn already, by what it was made of, is not drawn again. */
  show(data: uPlot.AlignedData, madeOf: string): void;
  /** The colours are others. */
  readonly recolour: () => void;
}

/** `place` is in the page when it is shown first. */
export function createPlot(place: HTMLElement, options: PlotOptions): Plot {
  let plot: uPlot | undefined;
  let inks: Inks | undefined;
  let drawn: string | undefined;
  const colours = () => (inks ??= readColours(place, [...OWN, ...SHARED]));

  const penOf = (plot: uPlot): Pen => ({
    context: plot.ctx,
    inks: colours(),
    width: plot.bbox.width / uPlot.pxRatio,
    height: plot.bbox.height / uPlot.pxRatio,
    x: (value) => plot.valToPos(value, "x"),
    y: (value) => plot.valToPos(value, "y"),
  });
  const painted = (paint: (pen: Pen) => void) => (plot: uPlot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.translate(bbox.left, bbox.top);
    ctx.scale(uPlot.pxRatio, uPlot.pxRatio);
    paint(penOf(plot));
    ctx.restore();
  };

  function make(data: uPlot.AlignedData): uPlot {
    const { x, y, lines = [], paintBelow, paint, pointed } = options;
    const made = new uPlot(
      {
        width: place.clientWidth,
        height: options.height,
        padding: [8, 18, 0, y.isHidden ? MARGIN : 0],
        scales: { x: scaleOf(x, true), y: scaleOf(y, false) },
        axes: [axisOf(x, { size: 26, labelSize: 20, space: 64 }, colours), axisOf(y, { size: 46, labelSize: 18, space: 26 }, colours)],
        series: [
          {},
          ...lines.map(({ ink, width, dash }) => ({ stroke: () => colours()[ink], width, ...(dash && { dash }), points: { show: false } })),
          ...(lines.length === 0 ? [{ paths: () => null, points: { show: false } }] : []),
        ],
        legend: { show: false },
        cursor: pointed ? { y: false, points: { show: false }, drag: { x: false, y: false } } : { show: false },
        hooks: {
          drawAxes: paintBelow ? [painted(paintBelow)] : [],
          draw: paint ? [painted(paint)] : [],
          setCursor: pointed ? [({ cursor }) => { pointed(cursor.idx ?? undefined); }] : [],
        },
      },
      data,
      place,
    );
    new ResizeObserver(() => {
      const { clientWidth } = place;
      if (clientWidth > 0 && clientWidth !== made.width) made.setSize({ width: clientWidth, height: options.height });
    }).observe(place);
    return made;
  }

  return {
    show(data, madeOf) {
      if (madeOf === drawn) return;
      drawn = madeOf;
      if (plot) plot.setData(data);
      else plot = make(data);
    },
    recolour() {
      inks = undefined;
      plot?.redraw(false);
    },
  };
}

/** uPlot's enum has no names at run time. */
const LOGARITHMIC: object = { distr: 3 };

const scaleOf = ({ isLogarithmic, range }: Scale, isX: boolean): uPlot.Scale =>
  Object.assign<uPlot.Scale, object>({ ...(isX && { time: false }), range: () => range() }, isLogarithmic ? LOGARITHMIC : {});

function axisOf({ label, isHidden, ticks, text }: Scale, size: Partial<uPlot.Axis>, colours: () => Inks): uPlot.Axis {
  if (isHidden) return { ...size, show: false };
  return {
    ...size,
    label,
    font: FONT,
    labelFont: FONT,
    stroke: () => colours().quiet,
    grid: { stroke: () => colours().line, width: 1, filter: (_, splits) => splits },
    ticks: { show: false },
    gap: 6,
    ...(ticks && { splits: (_, __, least, most) => ticks(least, most), filter: (_, splits) => splits }),
    values: (_, splits) => splits.map(text),
  };
}
