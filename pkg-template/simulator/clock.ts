// A clock that is moved by hand, for clients and simulators in tests: an hour of polling takes no hour.
import type { SimulatorClock } from "./requests.js";

/** Options of {@link createVirtualClock}. */
export interface VirtualClockOptions {
  /** Milliseconds since the epoch at which it begins: 2026-01-01 at midnight UTC unless given. */
  startMs?: number | undefined;
}

/** A clock that stands still until it is moved; the option `clock` of clients and of simulators takes it. */
export interface VirtualClock extends SimulatorClock {
  /** How many timers are set. */
  readonly timers: number;
  /** Time passes, timer by timer, each with all that follows from it. */
  readonly advance: (milliseconds: number) => Promise<void>;
  /** Time passes until no timer is set. Rejects after so many timers that it would never end: 100,000. */
  readonly runUntilIdle: () => Promise<void>;
  /** Time passes until a promise settles; gives the promise. Rejects where no timer is set that could settle it. */
  readonly run: <Value>(promise: PromiseLike<Value>) => Promise<Value>;
}

interface Timer {
  readonly callback: () => void;
  readonly at: number;
}

const MOST_TIMERS = 100_000;

/** How many tasks of the host's may follow from one timer, each with all its promises. */
const TURNS = 10;

/**
 * Makes a clock for tests. A timer of no time rings in the host's next task, as a real one does; every other one when the
 * clock is moved so far. Fetches that are real take real time: with this clock belongs {@link Simulator.fetch}.
 *
 * @example
 * ```ts
 * const clock = createVirtualClock();
 * const simulator = createSimulator({ clock });
 * const client = new HubSpotTasks({ clock, fetch: simulator.fetch });
 * const taskId = simulator.addTask("export", { processingMs: 3_600_000 });
 * const finished = await clock.run(client.exports.task(taskId).wait({ timeoutMs: Infinity })); // an hour, at once
 * ```
 */
export function createVirtualClock({ startMs = Date.UTC(2026, 0) }: VirtualClockOptions = {}): VirtualClock {
  let now = startMs;
  let handles = 0;
  const timers = new Map<number, Timer>();

  function ring(handle: number, { callback, at }: Timer): void {
    if (!timers.delete(handle)) return;
    now = Math.max(now, at);
    callback();
  }

  /** Rings the next timer that is due by then; tells whether there was one. */
  async function ringNext(by: number): Promise<boolean> {
    let next: [number, Timer] | undefined;
    for (const entry of timers) if (!next || entry[1].at < next[1].at) next = entry;
    if (!next || next[1].at > by || next[1].at === Infinity) return false;
    ring(...next);
    await settled();
    return true;
  }

  async function ringWhile(isWanted: () => boolean, by: number): Promise<void> {
    await settled();
    for (let rung = 0; isWanted() && (await ringNext(by)); rung++) {
      if (rung >= MOST_TIMERS) throw new Error(`${MOST_TIMERS} timers rang, and there are more: it never ends`);
    }
  }

  return {
    now: () => now,
    setTimeout(callback, milliseconds) {
      const handle = ++handles;
      const timer = { callback, at: now + Math.max(milliseconds, 0) };
      timers.set(handle, timer);
      if (timer.at === now) {
        void nextTask().then(() => {
          ring(handle, timer);
        });
      }
      return handle;
    },
    clearTimeout(handle: number) {
      timers.delete(handle);
    },
    get timers() {
      return timers.size;
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      await ringWhile(() => true, end);
      now = Math.max(now, end);
    },
    runUntilIdle: () => ringWhile(() => true, Infinity),
    async run(promise) {
      const state = { isPending: true };
      const end = () => {
        state.isPending = false;
      };
      void Promise.resolve(promise).then(end, end);
      await ringWhile(() => state.isPending, Infinity);
      if (state.isPending) throw new Error("the promise is pending, and no timer is set: it never settles");
      return promise;
    },
  };
}

/** Everything that can happen without time passing has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await nextTask();
}

/** In a task of the host's own, after all promises; fake timers hold it up as little as they can. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else if (typeof MessageChannel === "function") {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    } else setTimeout(resolve);
  });
}
