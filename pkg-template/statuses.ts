// An iterator of a task's statuses: the newest ones, where they come faster than they are taken.
import { Call, type Calls, type Wanted } from "./calls.js";
import { promising } from "./error.js";
import type { TaskStatus } from "./generated/data.js";
import type { KeptStatus } from "./reading.js";
import { given } from "./results.js";
import { assertRoom } from "./stack.js";
import { type TaskRecord, registry } from "./tasks.js";
import type { TaskAbortSignal } from "./types.js";

type Step = IteratorResult<TaskStatus<unknown>, undefined>;

/** A `next()` that waits. */
interface Waiting {
  /** Not dropped meanwhile: whoever waits may hold the promise alone. */
  readonly iterator: object;
  readonly resolve: (step: Step) => void;
  readonly reject: (error: unknown) => void;
}

/** What comes after the newest status: nothing more, or an error once. */
interface End {
  readonly error?: unknown;
}

const OVER: Step = { value: undefined, done: true };

/** Those that nobody holds any more leave. */
const dropped = registry<Watch>((watch) => {
  watch.stop({});
});

/** The iterator of a task's statuses. Nothing is sent before its first `next()`. */
export function statuses(
  calls: Calls,
  task: TaskRecord,
  wanted: Wanted,
  signal: TaskAbortSignal | undefined,
): AsyncIterableIterator<TaskStatus<unknown>, undefined> {
  const watch = new Watch(calls, task, wanted, signal);
  let last: Promise<unknown> = Promise.resolve();
  const iterator: AsyncIterableIterator<TaskStatus<unknown>, undefined> = {
    [Symbol.asyncIterator]() {
      return this;
    },
    /** Those that come while one waits, wait for it. */
    next() {
      const next = () => watch.next(iterator);
      const step = promising(() => last.then(next, next));
      last = step;
      return step;
    },
    return(value?: undefined) {
      assertRoom();
      watch.stop({});
      return Promise.resolve({ value, done: true });
    },
  };
  dropped.register(iterator, watch);
  return iterator;
}

class Watch extends Call {
  readonly #calls: Calls;
  readonly #signal: TaskAbortSignal | undefined;
  #newest: KeptStatus | undefined;
  #end: End | undefined;
  /** The one `next()` that waits. */
  #waiting: Waiting | undefined;
  /** Aborted, or told to return: what is told from then on comes too late. */
  #isLeft = false;

  constructor(calls: Calls, task: TaskRecord, wanted: Wanted, signal: TaskAbortSignal | undefined) {
    super(task, wanted, true);
    this.#calls = calls;
    this.#signal = signal;
    calls.begin(this);
  }

  tell(status: KeptStatus): void {
    if (this.#isLeft) return;
    this.#newest = status;
    this.#answer();
  }

  end(error: unknown, _?: unknown, isTaskOver = false): void {
    if (this.#isLeft) return;
    this.#end = isTaskOver ? {} : { error };
    this.#answer();
  }

  abort(error: unknown): void {
    this.stop({ error });
  }

  next(iterator: object): Promise<Step> {
    return new Promise<Step>((resolve, reject) => {
      this.#waiting = { iterator, resolve, reject };
      if (this.#end && this.#newest === undefined) {
        this.#answer();
        return;
      }
      // An abort comes before what there is.
      if (!this.#isLeft) this.#calls.signals.listen(this.#signal, this);
      if (this.#newest !== undefined || this.#end) this.#answer();
      else this.#calls.attend(this);
    });
  }

  stop(end: End): void {
    this.#isLeft = true;
    this.#calls.leave(this);
    this.#newest = undefined;
    this.#end = end;
    this.#answer();
  }

  /** Gives the one who waits what there is. */
  #answer(): void {
    const waiting = this.#waiting;
    if (!waiting || (this.#newest === undefined && !this.#end)) return;
    this.#waiting = undefined;
    this.#calls.signals.forget(this.#signal, this);
    const error = this.#end?.error;
    if (this.#newest !== undefined) {
      waiting.resolve({ value: given(this.#newest), done: false });
      this.#newest = undefined;
    } else if (error !== undefined) {
      this.#end = {};
      waiting.reject(error);
    } else {
      waiting.resolve(OVER);
    }
    if (!this.#end) this.#calls.rest(this);
  }
}

/** In the place of statuses where the options were refused: says why, once. */
// eslint-disable-next-line @typescript-eslint/require-await -- an iterator of promises, as the other
export async function* refusedStatuses(error: unknown): AsyncIterableIterator<TaskStatus<unknown>, undefined> {
  throw error;
}
