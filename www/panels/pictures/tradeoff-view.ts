// The picture of what promptness costs: this run beside what was measured of others, on the same scales.
import type { Stage } from "../../stage.ts";
import { createChoice } from "../../view/choice.ts";
import { element } from "../../view/dom.ts";
import { createFigure, createKey, createPlace } from "./figure.ts";
import { type Box, WEIGHT, around, diamond, disc, line, place as placeText, square, text, within } from "./marks.ts";
import { PEERS, PEER_KEYS, SCENARIOS, type Scenario, type SubjectKey, nearest } from "./measured.ts";
import { type Chosen, LANE_KEYS, type Picture } from "./picture.ts";
import { type Ink, type Pen, STRONG_FONT, createPlot } from "./plot.ts";
import { createTable } from "./table.ts";
import { type Best, type Point, bestOf, paidBy, rangeOf, ticksWithin } from "./tradeoff.ts";
import type { PictureSpeech } from "./words.ts";

const HEIGHT = 320;

/** Up to so many requests a task the optimum is drawn. */
const MOST_REQUESTS = 1_000;

interface Run {
  readonly paid: Readonly<Record<"loop" | "package", Point | undefined>>;
  readonly best: Best | undefined;
  readonly optimum: readonly Point[];
}

export function createTradeoff(stage: Stage, speech: PictureSpeech, chosen: Chosen): Picture {
  const { say, seconds } = speech;
  const tenths = new Intl.NumberFormat(speech.language, { maximumSignificantDigits: 3 });
  const figure = (value: number | undefined) => (value === undefined ? say("none") : tenths.format(value));
  let scenario = SCENARIOS[0] as Scenario;
  let isChosen = false;
  let run: Run = { paid: { loop: undefined, package: undefined }, best: undefined, optimum: [] };
  let [known, knownOf]: [number, unknown] = [-1, undefined];

  const choice = createChoice(say("tradeoff.scenario"), SCENARIOS.map(({ key }) => ({ value: key, text: say(`scenario.${key}`) })), (value) => {
    scenario = SCENARIOS.find(({ key }) => key === value) ?? scenario;
    isChosen = true;
    chosen();
  });
  const begin = () => {
    if (isChosen) return;
    const { plan } = stage.world;
    scenario = nearest(plan.reduce((sum, { requestedMs, completedMs }) => sum + completedMs - requestedMs, 0) / plan.length / 1_000);
    choice.show(scenario.key);
  };
  begin();

  const places = { run: createPlace("plot-run"), measured: createPlace("plot-measured") };
  const columns = [say("column.lane"), say("column.requests"), say("tradeoff.y"), say("column.optimum"), say("column.times")];
  const tables = { run: createTable(say("tradeoff.run"), columns), measured: createTable(say("tradeoff.measured"), columns) };
  const half = (key: "run" | "measured", extra: readonly Node[] = []) =>
    element(
      "div",
      { className: "half" },
      element("div", { className: "row half-head" }, element("div", {}, element("h4", {}, say(`tradeoff.${key}`)), element("p", { className: "quiet" }, say(`tradeoff.${key}.about`))), ...extra),
      places[key],
    );
  const { node, details } = createFigure(speech, {
    title: say("tradeoff"),
    head: [element("p", { className: "quiet" }, say("tradeoff.about"))],
    pictures: [element("div", { className: "halves" }, half("run"), half("measured", [choice.node]))],
    foot: [
      createKey([
        { mark: "point-loop", text: say("lane.loop") },
        { mark: "point-package", text: say("lane.package") },
        { mark: "line-learned", text: say("tradeoff.learned") },
        { mark: "point-other", text: say("tradeoff.others") },
        { mark: "line-optimum", text: say("tradeoff.optimum") },
      ]),
    ],
    tables: [tables.run.node, tables.measured.node],
  });
  details.addEventListener("toggle", chosen);

  const ranges = () => {
    const points = [...Object.values(scenario.subjects), ...Object.values(run.paid).filter((point) => point !== undefined)];
    return { x: rangeOf([1, ...points.map(({ requests }) => requests * 1.2)]), y: rangeOf([0.3, ...points.map(({ meanDelayS }) => meanDelayS * 1.2)]) };
  };
  const scales = {
    x: { label: say("tradeoff.x"), isLogarithmic: true, range: () => ranges().x, ticks: ticksWithin, text: figure },
    y: { label: say("tradeoff.y"), isLogarithmic: true, range: () => ranges().y, ticks: ticksWithin, text: figure },
  };
  const plots = {
    run: createPlot(places.run, { height: HEIGHT, ...scales, paint: paintRun }),
    measured: createPlot(places.measured, { height: HEIGHT, ...scales, paint: paintMeasured }),
  };

  function paintRun(pen: Pen): void {
    const taken: Box[] = [];
    paintGround(pen, run.optimum, taken);
    const marks = LANE_KEYS.flatMap((lane) => {
      const point = run.paid[lane];
      return point ? [{ lane, at: at(pen, point) }] : [];
    });
    if (marks.length === 0) text(pen, say("late.none"), pen.width / 2, pen.height / 2, { colour: pen.inks.quiet, align: "center", hasRim: true });
    for (const { at: [x, y] } of marks) taken.push(around(x, y, 9, WEIGHT.mark));
    for (const { lane, at: [x, y] } of marks) {
      (lane === "loop" ? square : disc)(pen, pen.inks[`line-${lane}`], x, y, lane === "loop" ? 7 : 8);
      label(pen, say(`lane.${lane}`), [x, y], taken, `line-${lane}`, STRONG_FONT);
    }
  }

  function paintMeasured(pen: Pen): void {
    const { inks } = pen;
    const taken: Box[] = [];
    paintGround(pen, scenario.optimum, taken);
    const { curves, subjects } = scenario;
    for (const [key, dash] of [["default", []], ["learned", [2, 3]]] as const) {
      const points = curves[key].map((point) => at(pen, point));
      within(pen, () => {
        line(pen, inks["line-package"], points, { width: 2, dash });
      });
      taken.push(...between(points));
    }
    const peers = PEER_KEYS.map((key) => ({ key, at: at(pen, subjects[key]) }));
    const [own, learned] = [at(pen, subjects.default), at(pen, subjects.learned)];
    for (const [x, y] of [...peers.map(({ at }) => at), own, learned]) taken.push(around(x, y, 8, WEIGHT.mark));
    disc(pen, inks["line-package"], ...learned, 5);
    disc(pen, inks["line-package"], ...own, 8);
    for (const { at: [x, y] } of peers) diamond(pen, inks.poll, x, y, 6);
    for (const { key, at } of peers) label(pen, key, at, taken, "text");
  }

  /** What both have: the optimum, below which there is nothing, and where it is good to be. */
  function paintGround(pen: Pen, optimum: readonly Point[], taken: Box[]): void {
    const points = optimum.map((point) => at(pen, point));
    within(pen, () => {
      line(pen, pen.inks.quiet, points, { width: 2, dash: [7, 4] });
    });
    text(pen, `↙ ${say("tradeoff.better")}`, 8, pen.height - 13, { colour: pen.inks.quiet });
    taken.push(...between(points));
  }

  function label(pen: Pen, words: string, at: readonly [number, number], taken: Box[], ink: Ink, font?: string): void {
    const box = placeText(pen, words, at, taken, font);
    text(pen, words, box.left, (box.top + box.bottom) / 2, { colour: pen.inks[ink], hasRim: true, ...(font && { font }) });
  }

  /** The optimum changes with each task that ends, and costs more than all else here. */
  function look(): void {
    const { world } = stage;
    const { lanes, nowMs, plan, completed, settings } = world;
    const isNew = knownOf !== world || known !== completed;
    const best = isNew ? bestOf(plan, nowMs, settings.latency) : run.best;
    const optimum = isNew ? (best?.curve(MOST_REQUESTS) ?? []) : run.optimum;
    [known, knownOf] = [completed, world];
    run = { paid: { loop: paidBy(lanes.loop, nowMs), package: paidBy(lanes.package, nowMs) }, best, optimum };
  }

  const row = (who: string, point: Point | undefined, optimumS: number | undefined, times: number | undefined) =>
    [who, ...[point?.requests, point?.meanDelayS, optimumS, times].map(figure)];
  const measuredRow = (who: string, key: SubjectKey) => {
    const subject = scenario.subjects[key];
    return row(who, subject, subject.optimumDelayS, subject.timesOptimum);
  };

  return {
    node,
    draw() {
      look();
      const { loop, package: ours } = run.paid;
      const { x, y } = ranges();
      const frame = [...x, ...y].join();
      plots.run.show([x, y], [frame, known, loop?.requests, loop?.meanDelayS, ours?.requests, ours?.meanDelayS].join());
      plots.measured.show([x, y], [frame, scenario.key].join());
    },
    tell() {
      const { lanes, nowMs } = stage.world;
      const [loop, ours] = [paidBy(lanes.loop, nowMs), paidBy(lanes.package, nowMs)];
      places.run.ariaLabel = say("tradeoff.alt.run", {
        loopRequests: figure(loop?.requests),
        loopDelay: seconds(loop && loop.meanDelayS * 1_000),
        packageRequests: figure(ours?.requests),
        packageDelay: seconds(ours && ours.meanDelayS * 1_000),
      });
      places.measured.ariaLabel = say("tradeoff.alt.measured", { scenario: say(`scenario.${scenario.key}`) });
      if (!details.open) return;
      look();
      tables.run.show(
        LANE_KEYS.map((lane) => {
          const point = run.paid[lane];
          const optimumS = point && run.best?.delayAt(point.requests);
          return row(say(`lane.${lane}`), point, optimumS, optimumS && point.meanDelayS / optimumS);
        }),
      );
      tables.measured.show([
        measuredRow(say("lane.package"), "default"),
        measuredRow(say("tradeoff.learned"), "learned"),
        ...PEER_KEYS.map((key) => measuredRow(PEERS[key], key)),
      ]);
    },
    recolour() {
      plots.run.recolour();
      plots.measured.recolour();
    },
    begin,
  };
}

const at = (pen: Pen, { requests, meanDelayS }: Point): readonly [number, number] => [pen.x(requests), pen.y(meanDelayS)];

/** Places along a line, close enough to keep words off it. */
function between(points: readonly (readonly [number, number])[]): Box[] {
  return points.slice(1).flatMap(([x, y], index) => {
    const [fromX, fromY] = points[index] ?? [x, y];
    const steps = Math.min(60, Math.ceil(Math.hypot(x - fromX, y - fromY) / 8));
    return Array.from({ length: steps }, (_, step) => around(fromX + ((x - fromX) * step) / steps, fromY + ((y - fromY) * step) / steps, 2, WEIGHT.line));
  });
}
