// What is on: the settings, the world made of them, whether its time runs, and which task was chosen. Everything on the page
// subscribes to it.
import type { Entry } from "./world/package.ts";
import { LIVE, type KnobName, type Settings } from "./world/settings.ts";
import { World } from "./world/world.ts";

/**
 * - `world`: there is a new one, so all rows are new
 * - `time`: time passed in it
 * - `controls`: it plays or is held, or a setting changed
 * - `chosen`: another task was chosen to be looked at, or none
 * - `over`: both lanes have told all that they ever will; told once a world
 */
export type Change = "world" | "time" | "controls" | "chosen" | "over";

/** A slice of work within one frame takes no longer than this; what is not done then is done later, and time runs slower. */
const SLICE_MS = 6;

/** A frame that came later than this, as after sleep, counts as one that came then. */
const LONGEST_FRAME_MS = 100;

export class Stage {
  readonly entry: Entry;
  #settings: Settings;
  #world: World;
  #isPlaying = true;
  #isOver = false;
  #chosen: number | undefined;
  /** The slice under way, if there is one. */
  #slice: Promise<void> | undefined;
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(entry: Entry, settings: Settings) {
    this.entry = entry;
    this.#settings = settings;
    this.#world = new World(settings, entry);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get world(): World {
    return this.#world;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  /** Both lanes have told all that they ever will. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The index of the task that somebody looks at, if one was chosen. A new world has other tasks. */
  get chosen(): number | undefined {
    return this.#chosen;
  }

  choose(index: number | undefined): void {
    this.#chosen = index;
    this.#tell("chosen");
  }

  /** Gives what ends it. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Turns knobs. Most make a new world. */
  set(turned: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...turned };
    const isLive = Object.keys(turned).every((name) => LIVE.includes(name as KnobName));
    if (isLive) this.#world.isHidden = this.#settings.hidden;
    else this.restart();
    this.#tell("controls");
  }

  /** The same again, from the beginning. */
  restart(): void {
    this.#world.end();
    this.#world = new World(this.#settings, this.entry);
    this.#slice = undefined;
    this.#isOver = false;
    this.#isPlaying = true;
    this.#chosen = undefined;
    this.#tell("world");
    this.#tell("controls");
  }

  /** Of a run that is over, the next one. */
  play(): void {
    if (this.#isOver) {
      this.restart();
      return;
    }
    this.#isPlaying = true;
    this.#tell("controls");
  }

  hold(): void {
    this.#isPlaying = false;
    this.#tell("controls");
  }

  /** So much time passes at once, and is held then. */
  async step(ms: number): Promise<void> {
    this.hold();
    // Steps that are asked for fast come one after the other.
    while (this.#slice) await this.#slice;
    await this.#advance(ms, () => false);
  }

  /** A frame of the browser's, so long after the one before. Settles when its work is done. */
  async frame(sinceMs: number, now: () => number): Promise<void> {
    if (!this.#isPlaying || this.#slice) return;
    const endMs = now() + SLICE_MS;
    await this.#advance(Math.min(sinceMs, LONGEST_FRAME_MS) * this.#settings.speed, () => now() >= endMs);
  }

  async #advance(ms: number, isEnough: () => boolean): Promise<void> {
    const world = this.#world;
    const slice = world.clock.advance(ms, () => world !== this.#world || isEnough()).then(() => undefined);
    this.#slice = slice;
    try {
      await slice;
    } finally {
      if (this.#slice === slice) this.#slice = undefined;
    }
    if (world !== this.#world) return;
    this.#tell("time");
    if (this.#isOver || !world.isOver) return;
    this.#isOver = true;
    this.#isPlaying = false;
    this.#tell("over");
    this.#tell("controls");
  }

  #tell(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
