// What stands below the lanes: each panel is loaded by itself, after the page is shown, in this order.
import type { Stage } from "../stage.ts";
import type { Speech } from "../words/words.ts";

/** Makes a panel, which follows the stage from then on. */
export type MakePanel = (stage: Stage, speech: Speech) => HTMLElement;

/** `() => import("./tasks.ts").then(({ createTasks }) => createTasks)` */
const PANELS: readonly (() => Promise<MakePanel>)[] = [];

export async function showPanels(place: HTMLElement, stage: Stage, speech: Speech): Promise<void> {
  for (const load of PANELS) place.append((await load())(stage, speech));
}
