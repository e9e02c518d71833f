// The page's beginning: the package, the world, the first poll. All that is seen of it is loaded after that.
import { Stage } from "./stage.ts";
import { turn } from "./turn.ts";
import type { Entry } from "./world/package.ts";
import { readPermalink } from "./world/settings.ts";

/** With `?js` the entry without WebAssembly; also where the page's policy refuses WebAssembly. */
async function loadEntry(): Promise<Entry> {
  if (!new URLSearchParams(location.search).has("js")) {
    const entry = await import("hubspot-async-tasks");
    try {
      await entry.init();
      return entry;
    } catch (error) {
      if (!entry.isHubSpotTaskError(error) || error.code !== "WASM_BLOCKED") throw error;
    }
  }
  return import("hubspot-async-tasks/js");
}

async function begin(): Promise<void> {
  const stage = new Stage(await loadEntry(), readPermalink(location.hash));
  await stage.world.clock.advance(0); // the first task of both lanes has been asked for then
  performance.mark("first-poll");
  const [{ showPage }, { loadPagesSpeech }] = await Promise.all([import("./view/page.ts"), import("./words/words.ts")]);
  const speech = await loadPagesSpeech();
  await turn();
  await showPage(stage, speech);
}

begin().catch((error: unknown) => {
  // The words may be what failed.
  document.body.append(`This page failed: ${String(error)}`);
  throw error;
});
