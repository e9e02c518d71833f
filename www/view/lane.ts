// One lane of the page: what it is, its counters, its field of tasks, its requests by the second.
import type { Stage } from "../stage.ts";
import type { Lane, LaneKey, Metrics } from "../world/lane.ts";
import type { Speech } from "../words/words.ts";
import { createSurface } from "./canvas.ts";
import { createCounters } from "./counters.ts";
import { element, newId, write } from "./dom.ts";
import { createField } from "./field.ts";
import type { Palette } from "./palette.ts";
import { drawPulse } from "./pulse.ts";

export interface LaneView {
  readonly node: HTMLElement;
  readonly lane: () => Lane;
  /** In each frame. */
  draw(worldMs: number, realMs: number, most: number, palette: Palette): void;
  /** Some times a second: nobody reads faster. */
  count(metrics: Metrics, others: Metrics): void;
}

/** `about` is the line below the lane's name. */
export function createLaneView(key: LaneKey, stage: Stage, speech: Speech, about: Node | string): LaneView {
  const titleId = newId();
  const lane = () => stage.world.lanes[key];
  const counters = createCounters(key, speech);
  const fieldNode = element("canvas", { className: "field", title: speech.say("lane.field.choose"), attributes: { role: "img" } });
  const pulseNode = element("canvas", { className: "pulse", attributes: { "aria-hidden": "true" } });
  const pulseTitle = element("p", { className: "pulse-title quiet" });
  const node = element(
    "section",
    { className: `lane lane-${key}`, attributes: { "aria-labelledby": titleId } },
    element("div", { className: "lane-head" }, element("h2", { id: titleId }, speech.say(`lane.${key}`)), element("div", { className: "quiet" }, about)),
    element("div", { className: "counters-place" }, counters.node),
    fieldNode,
    pulseTitle,
    pulseNode,
  );
  const field = createField(createSurface(fieldNode));
  const pulse = createSurface(pulseNode);
  // Without a pointer the timeline's own choice does the same. Once more takes it back.
  fieldNode.addEventListener("click", ({ offsetX, offsetY }) => {
    const index = field.indexAt(offsetX, offsetY);
    if (index !== undefined) stage.choose(index === stage.chosen ? undefined : index);
  });
  fieldNode.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    fieldNode.classList.toggle("is-on-task", field.indexAt(offsetX, offsetY) !== undefined);
  });

  return {
    node,
    lane,
    draw(worldMs, realMs, most, palette) {
      field.draw(lane(), worldMs, realMs, palette, stage.chosen);
      drawPulse(pulse, lane(), worldMs, most, stage.settings.limit, palette);
    },
    count(metrics, others) {
      counters.show(metrics, others);
      write(pulseTitle, speech.say(stage.settings.limit > 0 ? "lane.pulse.limit" : "lane.pulse"));
      const { completed, plan } = stage.world;
      const label = speech.say("lane.field", { over: completed, tasks: plan.length, told: metrics.told });
      if (fieldNode.ariaLabel !== label) fieldNode.ariaLabel = label;
    },
  };
}
