// Time: play and hold, a step, again, speed, and how much of it passed.
import type { Stage } from "../stage.ts";
import type { Speech } from "../words/words.ts";
import { element, write } from "./dom.ts";
import { createKnob } from "./knobs.ts";

const STEP_MS = 1_000;

/** Slower than this share of the speed that was chosen, and the page says how fast it is. */
const NEARLY = 0.85;

export interface Controls {
  readonly node: HTMLElement;
  /** Some times a second. */
  show(worldMs: number, realMs: number): void;
}

export function createControls(stage: Stage, { say, ...speech }: Speech): Controls {
  const button = (text: string, onClick: () => void) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", onClick);
    return made;
  };
  const play = button("", () => {
    if (stage.isPlaying) stage.hold();
    else stage.play();
  });
  play.className = "play";
  const step = button(say("time.step"), () => void stage.step(STEP_MS));
  step.title = say("time.step.title");
  const again = button(say("time.again"), () => {
    stage.restart();
  });
  const passed = element("output", { className: "passed", attributes: { "aria-live": "off", "aria-label": say("time.now") } });

  const show = () => {
    write(play, stage.isPlaying ? say("time.hold") : say("time.play"));
    play.classList.toggle("is-playing", stage.isPlaying);
  };
  stage.subscribe((change) => {
    if (change === "controls") show();
  });
  show();

  const speed = createKnob("speed", say("time.speed"), stage, { say, ...speech });
  const real = element("span", { className: "real quiet" });
  const measured = createSpeedometer();
  return {
    node: element("div", { className: "controls", attributes: { role: "group", "aria-label": say("time") } }, play, step, again, speed.node, real, passed),
    show(worldMs, realMs) {
      write(passed, clockText(worldMs));
      const times = stage.isPlaying ? measured(worldMs, realMs) : undefined;
      const isSlow = times !== undefined && times < NEARLY * stage.settings.speed;
      write(real, isSlow ? say("time.real", { speed: Math.max(1, Math.round(times)) }) : "");
    },
  };
}

/** How much faster than real time the world's was in the last second; undefined where it began less than a second ago. */
function createSpeedometer(): (worldMs: number, realMs: number) => number | undefined {
  let seen: { worldMs: number; realMs: number }[] = [];
  return (worldMs, realMs) => {
    const last = seen.at(-1);
    // Another world, or time that was held.
    if (last && (worldMs < last.worldMs || realMs - last.realMs > 1_000)) seen = [];
    seen.push({ worldMs, realMs });
    while (seen[1] && realMs - seen[1].realMs >= 1_000) seen.shift();
    const [first] = seen;
    return first && realMs - first.realMs >= 1_000 ? (worldMs - first.worldMs) / (realMs - first.realMs) : undefined;
  };
}

/** Minutes and seconds, as a stopwatch has them. */
function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}
