// For those who do not see the lanes: few sentences, when there is something to say.
import type { Stage } from "../stage.ts";
import type { Metrics } from "../world/lane.ts";
import type { Speech } from "../words/words.ts";
import { element, write } from "./dom.ts";

export function createNews(stage: Stage, speech: Speech): HTMLElement {
  const node = element("p", { className: "unseen", attributes: { role: "status" } });
  let isHalfTold = false;
  let wasPlaying = stage.isPlaying;

  const numbers = () => {
    const { lanes, nowMs } = stage.world;
    return { ...named("loop", lanes.loop.metrics(nowMs), speech), ...named("package", lanes.package.metrics(nowMs), speech) };
  };

  stage.subscribe((change) => {
    if (change === "world") isHalfTold = false;
    if (change === "over") write(node, speech.say("news.over", numbers()));
    if (change === "controls" && wasPlaying !== stage.isPlaying) {
      wasPlaying = stage.isPlaying;
      if (!stage.isOver) write(node, speech.say(wasPlaying ? "news.plays" : "news.held"));
    }
    if (change !== "time" || isHalfTold || stage.world.completed * 2 < stage.world.plan.length) return;
    isHalfTold = true;
    write(node, speech.say("news.half", numbers()));
  });
  return node;
}

const named = (lane: string, metrics: Metrics, { seconds }: Speech): Record<string, string | number> => ({
  [`${lane}Requests`]: metrics.requests,
  [`${lane}Refused`]: metrics.refused,
  [`${lane}Wrong`]: metrics.wrong,
  [`${lane}Mean`]: seconds(metrics.meanDelayMs),
});
