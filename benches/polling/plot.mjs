// The picture: requests against delay, one panel a scenario, as SVG. Its own background suits pages of any colour.
import { PEERS, SUBJECTS } from "./subjects.mjs";

const COLUMNS = 3;
const PANEL = { width: 372, height: 318, left: 50, right: 14, top: 34, bottom: 40 };
const HEADER = 92;
const COLOURS = {
  background: "#ffffff",
  text: "#1f2933",
  faint: "#5f6c7b",
  grid: "#e4e8ed",
  optimum: "#9aa5b1",
  default: "#0b66c3",
  learned: "#c2410c",
  peer: "#3e4c59",
};
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/** The subjects that have a curve. */
const OURS = ["default", "learned"];

/** The SVG of scenarios with `subjects`, `curves` (default and learned by pace) and `optimum` (points). */
export function plot(scenarios) {
  const all = scenarios.flatMap((scenario) => pointsOf(scenario).concat(scenario.optimum));
  const x = range(all.map(({ requests }) => requests));
  const measured = scenarios.flatMap(pointsOf);
  const y = range(measured.map(({ meanDelayS }) => meanDelayS).concat(0.15));
  const width = COLUMNS * PANEL.width + 12;
  const height = HEADER + Math.ceil(scenarios.length / COLUMNS) * PANEL.height + 8;
  const panels = scenarios.map((scenario, index) => {
    const left = (index % COLUMNS) * PANEL.width + 4;
    const top = HEADER + Math.floor(index / COLUMNS) * PANEL.height;
    return `<g transform="translate(${left} ${top})">${panel(scenario, x, y)}</g>`;
  });
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const font = `font-family="${FONT}" font-size="12"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font} role="img" aria-labelledby="title">
<title id="title">Requests per task against mean delay: this package, five others, and the offline optimum</title>
<rect width="${width}" height="${height}" rx="8" fill="${COLOURS.background}"/>
${header()}
${panels.join("\n")}
</svg>
`;
}

const pointsOf = ({ subjects, curves }) => [...Object.values(subjects), ...curves.default, ...curves.learned];

/** A little more than the values, for a logarithmic axis. */
const range = (values) => ({ min: Math.min(...values) / 1.25, max: Math.max(...values) * 1.25 });

function header() {
  const key = [
    [line("M0-4h26", COLOURS.optimum, DASHED), "offline optimum", 160],
    [lineKey("default"), "this package, default: k·√age, k = 0.5, 1, 2, 4", 340],
    [lineKey("learned"), "this package, learned, the same paces", 290],
    [dot([13, -4], 4.5, COLOURS.peer), "others, as published", 0],
  ];
  let left = 22;
  const keys = key.map(([mark, label, width]) => {
    const text = `<text x="33" fill="${COLOURS.text}">${label}</text>`;
    const item = `<g transform="translate(${left} 74)">${mark}${text}</g>`;
    left += width;
    return item;
  });
  const title = "Fewer requests or less delay: what each policy pays";
  const hint =
    "Down and to the left is better; no fixed schedule gets below the dashed line. " +
    "The large marks are the package as it comes (k = 1).";
  return `<text x="22" y="30" font-size="18" font-weight="600" fill="${COLOURS.text}">${title}</text>
<text x="22" y="50" fill="${COLOURS.faint}">${hint}</text>
${keys.join("\n")}`;
}

const lineKey = (who) => line("M0-4h26", COLOURS[who]) + dot([13, -4], 4.5, COLOURS[who]);

const DASHED = `stroke-dasharray="6 3"`;
const line = (path, colour, style = "") =>
  `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" ${style}/>`;
const faintText = (x, y, anchor, value) =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${COLOURS.faint}">${value}</text>`;

function panel({ title, subjects, curves, optimum }, xRange, yRange) {
  const plotWidth = PANEL.width - PANEL.left - PANEL.right;
  const plotHeight = PANEL.height - PANEL.top - PANEL.bottom;
  const share = (value, { min, max }) => Math.log(value / min) / Math.log(max / min);
  const at = ({ requests, meanDelayS }) => [
    PANEL.left + plotWidth * share(requests, xRange),
    PANEL.top + plotHeight * (1 - share(meanDelayS, yRange)),
  ];
  const path = (points) => `M${points.map((point) => at(point).map(round).join(" ")).join("L")}`;
  const frame = { left: PANEL.left, top: PANEL.top, right: PANEL.left + plotWidth, bottom: PANEL.top + plotHeight };

  const grid = [
    ...ticks(xRange).map((value) => {
      const [x] = at({ requests: value, meanDelayS: 1 }).map(round);
      const rule = `<path d="M${x} ${frame.top}V${frame.bottom}" stroke="${COLOURS.grid}"/>`;
      return rule + faintText(x, frame.bottom + 16, "middle", value);
    }),
    ...ticks(yRange).map((value) => {
      const [, y] = at({ requests: 1, meanDelayS: value }).map(round);
      const rule = `<path d="M${frame.left} ${y}H${frame.right}" stroke="${COLOURS.grid}"/>`;
      return rule + faintText(frame.left - 6, round(y + 4), "end", value);
    }),
  ];
  const isVisible = (point) => at(point)[1] >= frame.top && at(point)[1] <= frame.bottom;
  const lines = [
    line(path(optimum.filter(isVisible)), COLOURS.optimum, DASHED),
    ...OURS.map((who) => line(path(curves[who]), COLOURS[who])),
  ];
  const dots = [
    ...OURS.flatMap((who) => curves[who].map((point) => dot(at(point), 2.6, COLOURS[who]))),
    ...SUBJECTS.map(({ key }) => dot(at(subjects[key]), OURS.includes(key) ? 5.5 : 4.5, COLOURS[key] ?? COLOURS.peer)),
  ];
  const marks = pointsOf({ subjects, curves }).map(at);
  const obstacles = [optimum, curves.default, curves.learned].flatMap((points) => between(points.map(at)));
  const labels = placeLabels(
    PEERS.map(({ key }) => ({ text: key, at: at(subjects[key]) })),
    marks,
    obstacles,
    frame,
  );
  return [
    `<text x="${frame.left}" y="22" font-size="13" font-weight="600" fill="${COLOURS.text}">${title}</text>`,
    ...grid,
    ...lines,
    ...dots,
    ...labels,
    faintText((frame.left + frame.right) / 2, frame.bottom + 33, "middle", "requests per task"),
    `<g transform="translate(14 ${(frame.top + frame.bottom) / 2}) rotate(-90)">`,
    faintText(0, 0, "middle", "mean delay, s"),
    "</g>",
  ].join("\n");
}

const round = (value) => Math.round(value * 10) / 10;

/** 1, 3, 10, 30 … within a range. */
function ticks({ min, max }) {
  const all = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000];
  return all.filter((value) => value >= min && value <= max);
}

const dot = ([x, y], radius, fill) =>
  `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${fill}" stroke="${COLOURS.background}"/>`;

/** Points along a line, close enough to keep labels off it. */
function between(corners) {
  return corners.slice(1).flatMap(([x, y], index) => {
    const [fromX, fromY] = corners[index];
    const steps = Math.ceil(Math.hypot(x - fromX, y - fromY) / 6);
    return Array.from({ length: steps }, (_, step) => [
      fromX + ((x - fromX) * step) / steps,
      fromY + ((y - fromY) * step) / steps,
    ]);
  });
}

/** Each label beside its mark, where it covers no other mark or label and, if there is such a place, no line. */
function placeLabels(wanted, marks, obstacles, frame) {
  const around = ([x, y], radius) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
  const taken = marks.map((mark) => around(mark, 5));
  const lines = obstacles.map((point) => around(point, 1));
  const meet = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const cover = (box, others) => others.filter((other) => meet(box, other)).length;
  const isOutside = (box) => box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom;
  return wanted.map(({ text, at: [x, y] }) => {
    const width = 6.6 * text.length;
    const boxes = [
      [x + 8, y - 7],
      [x - 8 - width, y - 7],
      [x - width / 2, y - 22],
      [x - width / 2, y + 8],
      [x + 6, y - 19],
      [x + 6, y + 5],
      [x - 6 - width, y - 19],
      [x - 6 - width, y + 5],
      [x + 5 - width, y - 22],
    ].map(([left, top]) => ({ left, right: left + width, top, bottom: top + 14 }));
    const cost = (box) => 100 * cover(box, taken) + cover(box, lines) + (isOutside(box) ? 1_000 : 0);
    const best = boxes.reduce((one, other) => (cost(other) < cost(one) ? other : one));
    taken.push(best);
    return `<text x="${round(best.left)}" y="${round(best.top + 11)}" fill="${COLOURS.peer}">${text}</text>`;
  });
}
