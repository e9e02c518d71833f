// Two lanes, one world: the same tasks of the same simulated HubSpot twice, polled in two ways, on one clock.
import { WorldClock } from "./clock.ts";
import { HABITS } from "./habits.ts";
import { type HubSpot, createHubSpot } from "./hubspot.ts";
import { Lane, type LaneKey, type Row } from "./lane.ts";
import { pollInLoop } from "./loop.ts";
import { type Entry, type PackagePoller, createPackagePoller } from "./package.ts";
import { type PlannedTask, plan } from "./plan.ts";
import type { Settings } from "./settings.ts";
import { Tab } from "./tab.ts";

/** When every world begins, so that each run of the same settings is the same. */
const START_MS = Date.UTC(2026, 0, 1, 9);

export class World {
  readonly settings: Settings;
  readonly plan: readonly PlannedTask[];
  readonly clock = new WorldClock(START_MS);
  readonly lanes: Readonly<Record<LaneKey, Lane>>;
  /** Each lane's own, the same in both but for what it is asked. */
  readonly hubspots: Readonly<Record<LaneKey, HubSpot>>;
  readonly poller: PackagePoller;
  readonly #tab: Tab;
  readonly #ending = new AbortController();

  constructor(settings: Settings, entry: Entry) {
    this.settings = settings;
    this.plan = plan(settings);
    const { clock, plan: tasks } = this;
    const lanes = (this.lanes = { loop: new Lane("loop", tasks), package: new Lane("package", tasks) });
    const hubspots = (this.hubspots = {
      loop: createHubSpot(settings, clock, lanes.loop),
      package: createHubSpot(settings, clock, lanes.package),
    });
    const tab = (this.#tab = new Tab(clock));
    this.isHidden = settings.hidden;
    const nowMs = () => this.nowMs;
    const { signal } = this.#ending;
    const { seed } = settings;
    const loop = { lane: lanes.loop, fetch: hubspots.loop.fetch, habit: HABITS[settings.habit], clock: tab, seed, nowMs };
    this.poller = createPackagePoller({ entry, lane: lanes.package, fetch: hubspots.package.fetch, clock: tab, signal, nowMs });
    for (const task of tasks) {
      const begin = () => {
        hubspots.loop.add(task);
        hubspots.package.add(task);
        void pollInLoop(loop, rowOf(lanes.loop, task));
        void this.poller.follow(rowOf(lanes.package, task));
      };
      // The first without waiting, so that it is asked at once.
      if (task.requestedMs === 0) begin();
      else clock.setTimeout(begin, task.requestedMs);
    }
  }

  /** Since the world began. */
  get nowMs(): number {
    return this.clock.now() - START_MS;
  }

  /** Whether nobody looks at the tab, whose timers ring rarely then. */
  set isHidden(isHidden: boolean) {
    this.#tab.isHidden = isHidden;
  }

  /** How many tasks HubSpot is done with. */
  get completed(): number {
    const { nowMs } = this;
    return this.plan.filter(({ completedMs }) => completedMs <= nowMs).length;
  }

  /** Both lanes have told all that they ever will. */
  get isOver(): boolean {
    return this.lanes.loop.isOver && this.lanes.package.isOver;
  }

  /** Nothing of it goes on: it is left to the garbage collector, timers and all. */
  end(): void {
    this.#ending.abort();
  }
}

function rowOf(lane: Lane, { index }: PlannedTask): Row {
  const row = lane.rows[index];
  if (!row) throw new RangeError(`no task has the index ${String(index)}`);
  return row;
}
