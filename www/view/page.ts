// The page: puts its parts together, and lets time run. Loaded after the first poll.
import { keepPace } from "../pace.ts";
import { showPanels } from "../panels/panels.ts";
import type { Stage } from "../stage.ts";
import { turn } from "../turn.ts";
import { LANGUAGES, type Speech } from "../words/words.ts";
import { createChoice } from "./choice.ts";
import { createControls } from "./controls.ts";
import { element, write } from "./dom.ts";
import { createKnob, createKnobs } from "./knobs.ts";
import { createLaneView } from "./lane.ts";
import { createLegend } from "./legend.ts";
import { createNews } from "./news.ts";
import { readPalette } from "./palette.ts";
import { tallest } from "./pulse.ts";
import { createTheme } from "./theme.ts";

/** How often numbers are written, in real milliseconds: nobody reads faster. */
const COUNTS_EVERY_MS = 120;
/** Without motion, pictures are drawn with the numbers, so often: for those who want none, and where time is held. */
const STILL_EVERY_MS = 500;
/** When time is held the marks of requests still fade. */
const FADING_MS = 1_000;

export async function showPage(stage: Stage, speech: Speech): Promise<void> {
  document.documentElement.lang = speech.language;
  document.title = `hubspot-async-tasks: ${speech.say("title")}`;

  const habit = createKnob("habit", speech.say("knob.habit"), stage, speech);
  const views = {
    loop: createLaneView("loop", stage, speech, habit.node),
    package: createLaneView("package", stage, speech, speech.say("lane.package.about")),
  };
  const controls = createControls(stage, speech);
  let palette = readPalette(document.body);
  const theme = createTheme(speech, () => {
    palette = readPalette(document.body);
  });
  const main = element("main", {}, controls.node, element("div", { className: "lanes" }, views.loop.node, views.package.node));
  fillHeader(stage, speech, [languageChoice(speech).node, theme.node]);
  document.body.append(main);

  const wantsStill = matchMedia("(prefers-reduced-motion: reduce)");
  let [countedMs, movedMs, lastMs] = [-Infinity, -Infinity, -1];
  // Somebody waits to see what was chosen, also where nothing moves.
  stage.subscribe((change) => {
    if (change === "chosen") countedMs = -Infinity;
  });
  keepPace(stage, (realMs) => {
    const { nowMs, lanes } = stage.world;
    const isMoved = nowMs !== lastMs;
    if (isMoved) [lastMs, movedMs] = [nowMs, realMs];
    const isStill = wantsStill.matches || realMs - movedMs > FADING_MS;
    // What a step changed is there at once.
    const isToCount = (isMoved && !stage.isPlaying) || realMs - countedMs >= (isStill ? STILL_EVERY_MS : COUNTS_EVERY_MS);
    if (isStill && !isToCount) return;
    const most = tallest([lanes.loop, lanes.package], nowMs);
    views.loop.draw(nowMs, realMs, most, palette);
    views.package.draw(nowMs, realMs, most, palette);
    if (!isToCount) return;
    countedMs = realMs;
    const [loop, ours] = [lanes.loop.metrics(nowMs), lanes.package.metrics(nowMs)];
    views.loop.count(loop, ours);
    views.package.count(ours, loop);
    controls.show(nowMs, realMs);
  });
  await turn();
  const panels = element("div", { className: "panels" });
  main.append(createLegend(speech), createKnobs(stage, speech), panels, createNews(stage, speech));
  document.body.append(element("footer", {}, element("p", { className: "quiet" }, speech.say("footer"))));
  performance.mark("page-shown");
  await showPanels(panels, stage, speech.language);
}

/** The header stands in the document from the beginning. */
function fillHeader(stage: Stage, { say }: Speech, choices: readonly Node[]): void {
  const [header, title, lead] = [partOf("header"), partOf("header h1"), partOf("header .lead")];
  const show = () => {
    const { tasks } = stage.settings;
    write(lead, tasks === 1 ? say("leadOne") : say("lead", { tasks }));
  };
  stage.subscribe((change) => {
    if (change === "world") show();
  });
  show();
  write(title, say("title"));
  const docs = element("a", { href: "./docs/index.html", hreflang: "en" }, say("docs"));
  header.append(element("div", { className: "row" }, docs, ...choices));
}

function partOf(selector: string): Element {
  const part = document.querySelector(selector);
  if (!part) throw new Error(`the document has no ${selector}`);
  return part;
}

/** Another language is another address, which can be sent to somebody. */
function languageChoice({ language, say }: Speech) {
  const options = Object.entries(LANGUAGES).map(([value, { name }]) => ({ value, text: name }));
  const choice = createChoice(say("language"), options, (value) => {
    const address = new URL(location.href);
    address.searchParams.set("lang", value);
    location.assign(address);
  });
  choice.show(language);
  return choice;
}
