// Time: play and hold, a step, again, speed, and how much of it passed.
import type { Stage } from "../stage.ts";
import type { Speech } from "../words/words.ts";
import { element, write } from "./dom.ts";
import { createKnob } from "./knobs.ts";

const STEP_MS = 1_000;

export interface Controls {
  readonly node: HTMLElement;
  show(worldMs: number): void;
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
  return {
    node: element("div", { className: "controls", attributes: { role: "group", "aria-label": say("time") } }, play, step, again, speed.node, passed),
    show(worldMs) {
      write(passed, clockText(worldMs));
    },
  };
}

/** Minutes and seconds, as a stopwatch has them. */
function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}
