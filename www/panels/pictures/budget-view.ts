// The picture of requests in the rate window, of both lanes, against the limit.
import type { Stage } from "../../stage.ts";
import { element, write } from "../../view/dom.ts";
import { type Budget, budgetOf, rowsOf } from "./budget.ts";
import { createFigure, createKey, createPlace } from "./figure.ts";
import { WEIGHT, around, covered, hatched, line, text, widthOf, within } from "./marks.ts";
import type { Chosen, Picture } from "./picture.ts";
import { type Pen, createPlot } from "./plot.ts";
import { createTable } from "./table.ts";
import type { PictureSpeech } from "./words.ts";

const HEIGHT = 260;

/** Where 0 stands on a logarithmic scale, which has no place for it. */
const NONE = 0.5;

/** The scale's ends: it holds a limit and what goes over it, and does not change while time runs but by whole steps. */
const TOPS = [200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
const ENDS_S = [60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400];

const MOST_ROWS = 24;

export function createBudget(stage: Stage, speech: PictureSpeech, chosen: Chosen): Picture {
  const { say, number, seconds } = speech;
  let loop: Budget = { atS: [], sent: [], refused: [] };
  let ours = loop;
  let pointed: number | undefined;

  const place = createPlace("plot-budget");
  const reading = element("p", { className: "reading" });
  const table = createTable(say("budget"), [
    say("time.now"),
    say("lane.loop"),
    say("column.refusedOf", { lane: say("lane.loop") }),
    say("lane.package"),
    say("column.refusedOf", { lane: say("lane.package") }),
    say("column.limit"),
  ]);
  const { node, details } = createFigure(speech, {
    title: say("budget"),
    head: [reading],
    pictures: [place],
    foot: [
      createKey([
        { mark: "line-loop", text: say("lane.loop") },
        { mark: "line-package", text: say("lane.package") },
        { mark: "over", text: say("budget.over") },
      ]),
    ],
    tables: [table.node],
  });
  details.addEventListener("toggle", chosen);

  const limit = () => stage.world.settings.limit;
  const read = () => {
    const index = pointed ?? loop.atS.length - 1;
    write(
      reading,
      say("budget.now", { seconds: seconds((loop.atS[index] ?? 0) * 1_000), loop: loop.sent[index] ?? 0, package: ours.sent[index] ?? 0 }),
    );
  };
  const top = () => {
    const most = Math.max(limit() * 1.5, ...loop.sent, ...ours.sent);
    return TOPS.find((one) => one >= most) ?? most;
  };
  const end = () => {
    const lastS = loop.atS.at(-1) ?? 0;
    return ENDS_S.find((one) => one >= lastS) ?? lastS;
  };

  const plot = createPlot(place, {
    height: HEIGHT,
    x: { label: say("budget.axis"), range: () => [0, end()], text: number },
    y: { label: say("budget.scale"), isLogarithmic: true, range: () => [NONE, top()], ticks: (_, most) => [NONE, 1, 10, 100, 1_000, 10_000, 100_000].filter((one) => one <= most), text: (value) => number(value === NONE ? 0 : value) },
    lines: [
      { ink: "line-loop", width: 2, dash: [6, 3] },
      { ink: "line-package", width: 2.5 },
    ],
    paintBelow(pen) {
      if (limit() === 0) return;
      paintRefused(pen);
      line(pen, pen.inks.text, [[0, pen.y(limit())], [pen.width, pen.y(limit())]], { width: 1.5 });
    },
    paint(pen) {
      if (limit() > 0) nameLimit(pen);
    },
    pointed(index) {
      pointed = index;
      read();
    },
  });

  /** What is above the limit was refused. */
  function paintRefused(pen: Pen): void {
    const { context, inks } = pen;
    within(pen, () => {
      const floor = pen.y(limit());
      context.beginPath();
      context.moveTo(pen.x(0), floor);
      loop.atS.forEach((at, index) => {
        context.lineTo(pen.x(at), Math.min(floor, pen.y(Math.max(NONE, loop.sent[index] ?? 0))));
      });
      context.lineTo(pen.x(loop.atS.at(-1) ?? 0), floor);
      context.clip();
      hatched(pen, inks.refused, [0, pen.width], 0, floor);
    });
  }

  /** At the right end of its line: above it, or below it where there is more room. */
  function nameLimit(pen: Pen): void {
    const words = say("budget.limit", { requests: limit() });
    const taken = [loop, ours].flatMap(({ atS, sent }) => atS.map((at, index) => around(pen.x(at), pen.y(Math.max(NONE, sent[index] ?? 0)), 2, WEIGHT.line)));
    const right = pen.width - 4;
    const [above, below] = [-11, 12].map((offset) => pen.y(limit()) + offset) as [number, number];
    const cost = (y: number) => covered({ left: right - widthOf(pen, words), right, top: y - 7, bottom: y + 7 }, taken);
    text(pen, words, right, cost(above) > cost(below) ? below : above, { colour: pen.inks.text, align: "right", hasRim: true });
  }

  const look = () => {
    const { lanes, nowMs } = stage.world;
    [loop, ours] = [budgetOf(lanes.loop.seconds, nowMs), budgetOf(lanes.package.seconds, nowMs)];
  };

  return {
    node,
    draw() {
      look();
      const { loop: left, package: right } = stage.world.lanes;
      const shown = (counts: readonly number[]) => [NONE, ...counts.map((count) => Math.max(NONE, count))];
      plot.show([[0, ...loop.atS], shown(loop.sent), shown(ours.sent)], [limit(), loop.atS.length, left.rows.length, left.sent.length, right.sent.length].join());
    },
    tell() {
      look();
      read();
      const last = loop.atS.length - 1;
      place.ariaLabel = say("budget.alt", {
        seconds: seconds((loop.atS[last] ?? 0) * 1_000),
        loop: loop.sent[last] ?? 0,
        package: ours.sent[last] ?? 0,
        limit: limit() === 0 ? say("knob.limit.0") : limit(),
      });
      if (!details.open) return;
      table.show(
        rowsOf(loop.atS.length, MOST_ROWS).map((at) => [
          seconds(at * 1_000),
          ...[loop, ours].flatMap(({ sent, refused }) => [number(sent[at - 1] ?? 0), number(refused[at - 1] ?? 0)]),
          limit() === 0 ? say("none") : number(limit()),
        ]),
      );
    },
    recolour: plot.recolour,
  };
}

