// What each of the pictures is to the panel, which decides when it is drawn.
import type { LaneKey } from "../../world/lane.ts";

export interface Picture {
  readonly node: HTMLElement;
  /** Draws it as the stage is now; nothing where it looks as it did. */
  draw(): void;
  /** Says in words what it shows, and brings its table in step, where that is open. */
  tell(): void;
  /** The colours are others. */
  readonly recolour: () => void;
  /** There is another world. */
  readonly begin?: () => void;
}

/** In the order in which they stand. */
export const LANE_KEYS = ["loop", "package"] as const satisfies LaneKey[];

/** What a picture calls where something in it was chosen or opened, which no change of the stage tells. */
export type Chosen = () => void;
