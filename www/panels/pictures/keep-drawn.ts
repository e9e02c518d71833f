// When a picture is drawn: while somebody sees it, and no more often than an eye wants; not at all while time is held.
import type { Stage } from "../../stage.ts";

export interface Drawn {
  readonly node: Element;
  /** Its picture, as the stage is now. */
  draw(): void;
  /** Its words, and its table where that is open: also for those who do not see it. */
  tell(): void;
}

/** Real milliseconds from one drawing of a picture to its next; the other for those who want no motion. */
const EVERY_MS = 400;
const STILL_EVERY_MS = 1_000;

interface Kept {
  readonly picture: Drawn;
  isSeen: boolean;
  drawnMs: number;
}

/** Gives what draws them all at once, where their colours or their choice changed. */
export function keepDrawn(stage: Stage, drawn: readonly Drawn[]): () => void {
  const kept = drawn.map((picture): Kept => ({ picture, isSeen: false, drawnMs: -Infinity }));
  const wantsStill = matchMedia("(prefers-reduced-motion: reduce)");

  const show = (one: Kept) => {
    one.drawnMs = performance.now();
    if (one.isSeen) one.picture.draw();
    one.picture.tell();
  };
  const showAll = () => {
    kept.forEach(show);
  };
  /** At most one a frame: the longest waiting. */
  const showNext = () => {
    const next = kept.reduce((one, other) => (other.drawnMs < one.drawnMs ? other : one));
    if (performance.now() - next.drawnMs >= (wantsStill.matches ? STILL_EVERY_MS : EVERY_MS)) show(next);
  };

  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const one = kept.find(({ picture }) => picture.node === target);
      if (!one) continue;
      one.isSeen = isIntersecting;
      if (isIntersecting) show(one);
    }
  });
  for (const { picture } of kept) observer.observe(picture.node);
  showAll();

  stage.subscribe((change) => {
    if (change === "time" && stage.isPlaying) showNext();
    // While it is held only a step moves time. What came last before it was held may not have been drawn.
    else if (change !== "controls" || !stage.isPlaying) showAll();
  });
  return showAll;
}
