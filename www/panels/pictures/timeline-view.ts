// The picture of one task: both lanes one above the other, on one scale of time.
import type { Stage } from "../../stage.ts";
import { createChoice } from "../../view/choice.ts";
import { element, write } from "../../view/dom.ts";
import type { LaneKey, Row } from "../../world/lane.ts";
import { createFigure, createKey, createPlace } from "./figure.ts";
import { bar, cross, disc, hatched, line, ring, text, tick, triangle, widthOf, within } from "./marks.ts";
import { type Chosen, LANE_KEYS, type Picture } from "./picture.ts";
import { type Ink, type Pen, STRONG_FONT, createPlot } from "./plot.ts";
import { createTable } from "./table.ts";
import { type State, type Strip, type Timeline, countedOf, mostTelling, timelineOf } from "./timeline.ts";
import type { PictureSpeech } from "./words.ts";

/** CSS pixels from the top of a lane's strip. */
const STRIP = { height: 104, name: 11, waits: 27, marks: 33, marksHeight: 14, band: 49, bandHeight: 24, late: 77, lateHeight: 14 };
const AXIS = 52;
const HEIGHT = 2 * STRIP.height + AXIS;

const BANDS: Readonly<Record<State, { fill: Ink; text: Ink }>> = {
  PENDING: { fill: "waiting", text: "on-waiting" },
  PROCESSING: { fill: "working", text: "on-working" },
  COMPLETE: { fill: "seen", text: "on-seen" },
};

const STATES = Object.keys(BANDS) as State[];

/** The choice that is no task. */
const TELLING = "";

export function createTimeline(stage: Stage, speech: PictureSpeech, changed: Chosen): Picture {
  const { say, seconds, number } = speech;
  const tenths = new Intl.NumberFormat(speech.language, { maximumFractionDigits: 1 });
  let telling = 0;
  let shown: Timeline | undefined;
  let worlds = 0;

  const choice = createChoice(say("timeline.task"), [], (value) => {
    stage.choose(value === TELLING ? undefined : Number(value));
  });
  const showChoice = () => {
    choice.show(stage.chosen === undefined ? TELLING : String(stage.chosen));
  };
  const nameOf = ({ index, family }: Row["task"]) => say("timeline.one", { number: index + 1, family: say(`family.${family}`) });
  const offer = () => {
    const tasks = stage.world.plan.map((task) => element("option", { value: String(task.index) }, nameOf(task)));
    choice.select.replaceChildren(element("option", { value: TELLING }, say("timeline.telling")), ...tasks);
    telling = 0;
    worlds++;
    showChoice();
  };
  offer();
  // In the lanes, too, a task is chosen.
  stage.subscribe((change) => {
    if (change === "chosen") showChoice();
  });

  const place = createPlace("plot-timeline");
  const title = element("p", { className: "shown" });
  const figures = createTable(say("timeline.figures"), [say("column.lane"), say("count.requests"), say("count.refused"), say("column.faults"), say("column.held"), say("column.late")]);
  const moments = createTable(say("timeline.moments"), [say("column.at"), say("column.lane"), say("column.what")]);
  const { node, details } = createFigure(speech, {
    title: say("timeline"),
    head: [element("div", { className: "row" }, choice.node, title)],
    pictures: [place],
    foot: [
      createKey([
        ...STATES.map((state) => ({ mark: `band-${state.toLowerCase()}`, text: state })),
        ...(["poll", "refused", "fault", "throttled", "retrying", "late", "told"] as const).map((mark) => ({ mark, text: say(`mark.${mark}`) })),
      ]),
    ],
    tables: [figures.node, moments.node],
  });

  details.addEventListener("toggle", changed);

  const plot = createPlot(place, {
    height: HEIGHT,
    x: { label: say("timeline.axis"), range: () => [0, (shown?.endMs ?? 1_000) / 1_000], text: (value) => tenths.format(value) },
    y: { label: "", range: () => [0, 1], isHidden: true, text: number },
    paint(pen) {
      if (!shown) return;
      for (const [index, lane] of LANE_KEYS.entries()) paintStrip(pen, index * STRIP.height, lane, shown);
    },
  });

  function paintStrip(pen: Pen, top: number, lane: LaneKey, { strips, endMs }: Timeline): void {
    const { inks } = pen;
    const strip = strips[lane];
    const x = (ms: number) => pen.x(ms / 1_000);
    const across = ({ fromMs, toMs }: { fromMs: number; toMs: number }): [number, number] => [x(fromMs), x(Math.min(toMs, endMs))];
    text(pen, say(`lane.${lane}`), 0, top + STRIP.name, { colour: inks[`line-${lane}`], font: STRONG_FONT });
    within(pen, () => {
      for (const band of strip.bands) {
        const [left, right] = across(band);
        const { fill, text: ink } = BANDS[band.state];
        bar(pen, inks[fill], [left, right], top + STRIP.band, STRIP.bandHeight);
        const long = widthOf(pen, band.state) + 10;
        const told = strip.toldMs === undefined ? left : x(strip.toldMs);
        const start = told > left && told < left + long ? told : left; // so that the line of what was told does not cross it
        if (start + long < right) text(pen, band.state, start + 6, top + STRIP.band + STRIP.bandHeight / 2 + 1, { colour: inks[ink] });
      }
      for (const wait of strip.waits) {
        const [left, right] = across(wait);
        const y = top + STRIP.waits;
        if (wait.kind === "throttled") bar(pen, inks.quiet, [left, right], y - 2, 4);
        else {
          line(pen, inks.quiet, [[left, y], [right, y]], { width: 1.5, dash: [3, 3] });
          ring(pen, inks.quiet, left + 4, y, 3.5);
        }
      }
      if (strip.keptFromMs !== undefined) line(pen, inks.quiet, [[0, top + STRIP.marks + 7], [x(strip.keptFromMs), top + STRIP.marks + 7]], { width: 2, dash: [2, 4] });
      for (const { atMs, kind } of strip.marks) {
        const [at, middle] = [x(atMs), top + STRIP.marks + STRIP.marksHeight / 2];
        if (kind === "poll") tick(pen, inks.poll, at, top + STRIP.marks, STRIP.marksHeight);
        else if (kind === "refused") cross(pen, inks.refused, at, middle);
        else triangle(pen, inks.errors, at, middle);
      }
      if (strip.late) hatched(pen, inks.unseen, across(strip.late), top + STRIP.late, STRIP.lateHeight);
    });
    paintEnd(pen, top, strip, x, inks[`line-${lane}`]);
  }

  /** When it was told, and how late. */
  function paintEnd(pen: Pen, top: number, strip: Strip, x: (ms: number) => number, colour: string): void {
    const { inks, width } = pen;
    if (strip.toldMs !== undefined) {
      tick(pen, colour, x(strip.toldMs), top + STRIP.waits - 4, STRIP.late + STRIP.lateHeight - STRIP.waits + 4, 2);
      disc(pen, colour, x(strip.toldMs), top + STRIP.waits - 4, 5);
    }
    const words = newsOf(strip);
    if (words === undefined) return;
    const [from, to] = [x(strip.late?.fromMs ?? strip.toldMs ?? 0), x(strip.late?.toMs ?? strip.toldMs ?? 0)];
    const long = widthOf(pen, words) + 8;
    const [left, align] = to + long < width ? [to + 7, "left" as const] : [Math.min(from, width) - 7, "right" as const];
    const isInside = align === "right" && left < long;
    text(pen, words, isInside ? (from + to) / 2 : left, top + STRIP.late + STRIP.lateHeight / 2 + 1, {
      colour: strip.isWrong ? inks.wrong : inks.text,
      align: isInside ? "center" : align,
      hasRim: true,
    });
  }

  function newsOf({ isWrong, late, toldMs }: Strip): string | undefined {
    if (isWrong) return say("late.wrong");
    if (!late) return undefined;
    return say(toldMs === undefined ? "late.open" : "late.told", { delay: seconds(late.toMs - late.fromMs) });
  }

  const rowsShown = (): Readonly<Record<LaneKey, Row>> | undefined => {
    const { lanes, nowMs } = stage.world;
    const { chosen } = stage;
    if (chosen === undefined) telling = mostTelling(lanes, nowMs, telling);
    const index = chosen ?? telling;
    const [loop, ours] = [lanes.loop.rows[index], lanes.package.rows[index]];
    return loop && ours && { loop, package: ours };
  };

  return {
    node,
    draw() {
      const rows = rowsShown();
      if (!rows) return;
      const { nowMs } = stage.world;
      shown = timelineOf(rows, nowMs);
      const isSettled = LANE_KEYS.every((lane) => rows[lane].told !== undefined);
      plot.show([[0, shown.endMs / 1_000], [0, 0]], `${worlds} ${rows.loop.task.index} ${isSettled && shown.isWhole ? "whole" : nowMs}`);
    },
    tell() {
      const rows = rowsShown();
      if (!rows) return;
      const { nowMs } = stage.world;
      const timeline = timelineOf(rows, nowMs);
      const { task } = rows.loop;
      const news = (lane: LaneKey) => newsOf(timeline.strips[lane]) ?? say("late.none");
      write(title, nameOf(task));
      place.ariaLabel = say("timeline.alt", { task: nameOf(task), loop: say("lane.loop"), loopNews: news("loop"), package: say("lane.package"), packageNews: news("package") });
      if (!details.open) return;
      figures.show(
        LANE_KEYS.map((lane) => {
          const { requests, refused, faults, heldMs, lateMs } = countedOf(rows[lane], nowMs);
          return [say(`lane.${lane}`), number(requests), number(refused), number(faults), seconds(heldMs), seconds(lateMs)];
        }),
      );
      moments.show(momentsOf(timeline));
    },
    recolour: plot.recolour,
    begin: offer,
  };

  function momentsOf({ strips }: Timeline): string[][] {
    const all: { atMs: number; who: string; what: string }[] = strips.loop.bands.map(({ fromMs, state }) => ({ atMs: fromMs, who: "HubSpot", what: state }));
    for (const lane of LANE_KEYS) {
      const { marks, waits, toldMs, isWrong } = strips[lane];
      const who = say(`lane.${lane}`);
      for (const { atMs, kind } of marks) all.push({ atMs, who, what: say(`mark.${kind}`) });
      for (const { fromMs, toMs, kind } of waits) all.push({ atMs: fromMs, who, what: `${say(`mark.${kind}`)}: ${seconds(toMs - fromMs)}` });
      if (toldMs !== undefined) all.push({ atMs: toldMs, who, what: isWrong ? say("late.wrong") : say("mark.told") });
    }
    return all.sort((one, other) => one.atMs - other.atMs).map(({ atMs, who, what }) => [seconds(atMs), who, what]);
  }
}
