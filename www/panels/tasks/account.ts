// The simulated account of the tasks panel, in real time. What was started in it is kept in this tab's storage and is there, as
// old as it is, after the page was reloaded: its tasks go on meanwhile, as HubSpot's do.
import { type SimulatedTask, type Simulator, createSimulator, faults } from "hubspot-async-tasks/simulator";
import type { Family } from "../../world/plan.ts";
import type { Asked } from "../journal.ts";
import { type Scenario, playOf, troubles } from "./scenarios.ts";

/** As much of the browser's storage as is used. */
export type Keep = Pick<Storage, "getItem" | "setItem">;

interface Kept {
  readonly family: Family;
  readonly id: string;
  readonly requestedAtMs: number;
  readonly canceledAtMs?: number;
  readonly played: SimulatedTask;
}

/** With the version of the form: what another one of this page kept is left alone. */
const KEY = "simulated-account-1";
/** Older ones are forgotten: HubSpot forgets, too. */
const MOST_KEPT = 50;
const LATENCY_MS = 150;

/** An export that somebody else has started, for whoever has no id of his own. */
export const KNOWN_ID = "90151673";

export interface Account {
  readonly fetch: Simulator["fetch"];
  /** Lets the next start of the family go so. Gives what takes that back, where nothing was sent. */
  expect(family: Family, scenario: Scenario, asked: Asked): () => void;
  /** It was started by a request: keeps it. */
  started(family: Family, id: string): void;
  canceled(family: Family, id: string): void;
}

export function createAccount(keep: Keep, random: () => number = Math.random): Account {
  let addedAtMs: number | undefined;
  const now = () => addedAtMs ?? Date.now();
  const clock = { now, setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms), clearTimeout };
  const expected: { family: Family; scenario: Scenario; asked: Asked }[] = [];
  const kept = new Map<string, Kept>();
  /** What was started last, by family: its id is known when the answer has come. */
  const last = new Map<string, { played: SimulatedTask; atMs: number; scenario: Scenario }>();

  const simulator = createSimulator({
    clock,
    latencyMs: LATENCY_MS,
    startedTask({ at, family }) {
      const next = take(family);
      if (!next) return {};
      const played = playOf(next.scenario, next.family, next.asked, random);
      last.set(family, { played, atMs: at, scenario: next.scenario });
      return played;
    },
  });

  function take(family: string) {
    const index = expected.findIndex((one) => one.family === family);
    return index < 0 ? undefined : expected.splice(index, 1)[0];
  }

  /** As though it were then. */
  function addAt(atMs: number, { family, id, played }: Pick<Kept, "family" | "id" | "played">): void {
    addedAtMs = atMs;
    try {
      simulator.addTask(family, { ...played, id });
    } finally {
      addedAtMs = undefined;
    }
  }

  function remember(one: Kept): void {
    kept.set(`${one.family} ${one.id}`, one);
    store(keep, [...kept.values()].slice(-MOST_KEPT));
  }

  for (const one of stored(keep)) {
    try {
      addAt(one.requestedAtMs, { ...one, played: sinceCanceled(one) });
      kept.set(`${one.family} ${one.id}`, one);
    } catch {
      // Somebody else wrote it, or changed it: no task of this account.
    }
  }
  if (!kept.has(`export ${KNOWN_ID}`)) {
    const asked = { request: { format: "CSV", exportName: "contacts", objectProperties: ["email", "firstname", "company"] } };
    const played = { ...playOf("succeeds", "export", asked, random), pendingMs: 5_000, processingMs: 20_000 };
    const one: Kept = { family: "export", id: KNOWN_ID, requestedAtMs: Date.now(), played };
    addAt(one.requestedAtMs, one);
    remember(one);
  }

  return {
    fetch(url, init) {
      // A start without the scope is refused at the door, and starts nothing.
      const family = init?.method === "POST" ? familyOfStart(String(url)) : undefined;
      if (family && expected.find((one) => one.family === family)?.scenario === "scope") {
        take(family);
        simulator.script([faults.forbidden()], { family, call: "start" });
      }
      return simulator.fetch(url, init);
    },
    expect(family, scenario, asked) {
      const one = { family, scenario, asked };
      expected.push(one);
      return () => {
        const index = expected.indexOf(one);
        if (index >= 0) expected.splice(index, 1);
      };
    },
    started(family, id) {
      const made = last.get(family);
      if (!made) return;
      remember({ family, id, requestedAtMs: made.atMs, played: made.played });
      if (made.scenario === "faults") simulator.script(troubles(), { taskId: id, call: "status" });
    },
    canceled(family, id) {
      const one = kept.get(`${family} ${id}`);
      if (one) remember({ ...one, canceledAtMs: Date.now() });
    },
  };
}

/** What was canceled was over then. */
function sinceCanceled({ played, requestedAtMs, canceledAtMs }: Kept): SimulatedTask {
  return canceledAtMs === undefined ? played : { outcome: "canceled", processingMs: canceledAtMs - requestedAtMs };
}

/** Where starts go, in the dated versions. */
const STARTS: readonly (readonly [RegExp, Family])[] = [
  [/\/import-from-url\/async$/, "fileImport"],
  [/\/folders\/update\/async$/, "folderUpdate"],
  [/\/export\/async$/, "export"],
  [/\/extract\/async$/, "sourceCodeExtract"],
  [/\/crm\/imports\/[^/]+$/, "import"],
];
const familyOfStart = (url: string) => STARTS.find(([path]) => path.test(url))?.[1];

// A browser may refuse to keep anything: then the account ends with the page.

function stored(keep: Keep): Kept[] {
  try {
    const list: unknown = JSON.parse(keep.getItem(KEY) ?? "[]");
    return Array.isArray(list) ? (list as Kept[]) : [];
  } catch {
    return [];
  }
}

function store(keep: Keep, list: readonly Kept[]): void {
  try {
    keep.setItem(KEY, JSON.stringify(list));
  } catch {
    // As above.
  }
}
