// The panel of pictures: one task's timeline, requests against the limit, requests against delay.
import type { Stage } from "../../stage.ts";
import { element, newId } from "../../view/dom.ts";
import { createBudget } from "./budget-view.ts";
import { keepDrawn } from "./keep-drawn.ts";
import "./pictures.css";
import type { Picture } from "./picture.ts";
import { createTimeline } from "./timeline-view.ts";
import { createTradeoff } from "./tradeoff-view.ts";
import type { PictureSpeech } from "./words.ts";

export { PICTURE_WORDS } from "./words.ts";

export function createPictures(stage: Stage, speech: PictureSpeech): HTMLElement {
  const id = newId();
  let drawAll = (): void => undefined;
  const chosen = () => {
    drawAll();
  };
  const pictures: readonly Picture[] = [createTimeline, createBudget, createTradeoff].map((create) => create(stage, speech, chosen));
  stage.subscribe((change) => {
    if (change === "world") for (const picture of pictures) picture.begin?.();
  });
  drawAll = keepDrawn(stage, pictures);
  whenThemeChanges(() => {
    for (const picture of pictures) picture.recolour();
  });
  return element(
    "section",
    { className: "panel pictures", attributes: { "aria-labelledby": id } },
    element("h2", { id }, speech.say("pictures")),
    ...pictures.map(({ node }) => node),
  );
}

/** The page's own switch, and the system's. */
function whenThemeChanges(changed: () => void): void {
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
