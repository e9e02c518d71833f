// The knobs as data: what each can be set to, and what it is at first. A permalink holds those that were turned.

/** How the tasks of an account are queued. */
export type Queue = "none" | "waits" | "one" | "three";

/** Values of a knob, in the order in which they are shown. */
export const KNOBS = {
  /** How many. */
  tasks: [1, 50, 500],
  /** How long half of them take at most, in seconds. */
  takes: [3, 20, 60, 300],
  queue: ["none", "waits", "one", "three"],
  /** From a request to its answer, in milliseconds. */
  latency: [50, 150, 600, 2_000],
  /** Requests in ten seconds; 0 for no limit. */
  limit: [0, 190, 100, 30],
  /** Shares in per cent: of requests that are answered 5xx, and that get no answer. */
  serverErrors: [0, 1, 5, 20],
  dropped: [0, 1, 5, 20],
  /** Shares in per cent: of tasks that HubSpot cancels, and that complete with errors. */
  canceled: [0, 5, 20],
  errors: [0, 5, 20],
  /** Whether the page is one that nobody looks at. */
  hidden: [false, true],
  /** Who polls in the left lane: a key of `HABITS`. */
  habit: ["every2s", "every1s", "every5s", "coreLro", "openai", "replicate", "gax", "smithy"],
  /** How much faster than it is time runs. */
  speed: [1, 2, 5, 10, 30, 60],
} as const satisfies Record<string, readonly (number | string | boolean)[]>;

export type KnobName = keyof typeof KNOBS;
export type HabitKey = (typeof KNOBS.habit)[number];
type ValueOf<Name extends KnobName> = (typeof KNOBS)[Name][number];
export type Settings = { readonly [Name in KnobName]: ValueOf<Name> } & {
  /** What durations, outcomes and faults are drawn from. */
  readonly seed: number;
};

/** Chosen by measuring, so that the difference is seen within ten seconds: tests/demo-world.test.mjs. */
export const DEFAULTS: Settings = {
  tasks: 500,
  takes: 20,
  queue: "none",
  latency: 150,
  limit: 100,
  serverErrors: 1,
  dropped: 1,
  canceled: 5,
  errors: 5,
  hidden: false,
  habit: "every2s",
  speed: 10,
  seed: 7,
};

/** Those that change how time passes or what the tab is, and not the world: no new run is needed for them. */
export const LIVE: readonly KnobName[] = ["speed", "hidden"];

const isKnob = (name: string): name is KnobName => Object.hasOwn(KNOBS, name);

/** The settings of a permalink. What it does not name, or names wrongly, is as at first: a bad link harms nothing. */
export function readPermalink(hash: string): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const settings: Record<string, unknown> = { ...DEFAULTS };
  for (const [name, text] of given) {
    if (name === "seed" && /^\d{1,9}$/.test(text)) settings[name] = Number(text);
    if (!isKnob(name)) continue;
    const value = (KNOBS[name] as readonly unknown[]).find((one) => String(one) === text);
    if (value !== undefined) settings[name] = value;
  }
  return settings as Settings;
}

/** With a `#`; empty where all is as at first. */
export function writePermalink(settings: Settings): string {
  const turned = Object.entries(settings).filter(([name, value]) => value !== DEFAULTS[name as keyof Settings]);
  return turned.length === 0 ? "" : `#${String(new URLSearchParams(turned.map(([name, value]) => [name, String(value)])))}`;
}
