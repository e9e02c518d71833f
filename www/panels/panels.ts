// What stands below the lanes: each panel is loaded by itself, after the page is shown, in this order.
import type { Stage } from "../stage.ts";
import { turn } from "../turn.ts";
import { type Language, loadPart } from "../words/words.ts";

/** Makes a panel, which follows the stage from then on. */
export type MakePanel = (stage: Stage) => HTMLElement;

const PANELS: readonly ((language: Language) => Promise<MakePanel>)[] = [
  async (language) => {
    const { createPictures, PICTURE_WORDS } = await import("./pictures/pictures.ts");
    const speech = await loadPart(language, PICTURE_WORDS);
    return (stage) => createPictures(stage, speech);
  },
  async (language) => {
    const [{ createTasks }, { TASK_WORDS }] = await Promise.all([import("./tasks/tasks.ts"), import("./tasks/words.ts")]);
    const speech = await loadPart(language, TASK_WORDS);
    return (stage) => createTasks(stage, speech);
  },
  async (language) => {
    const [{ createCode }, { CODE_WORDS }] = await Promise.all([import("./code/code.ts"), import("./code/words.ts")]);
    const speech = await loadPart(language, CODE_WORDS);
    return (stage) => createCode(stage, speech);
  },
];

export async function showPanels(place: HTMLElement, stage: Stage, language: Language): Promise<void> {
  for (const load of PANELS) {
    const make = await load(language);
    await turn();
    place.append(make(stage));
  }
  performance.mark("panels-shown");
}
