// What a caller holds while the engine is at work: a promise that settles once. (An iterator: statuses.ts.)
import type { TaskStatus } from "./generated/data.js";
import type { Detail } from "./reading.js";
import type { Abortable, Signals } from "./signals.js";
import type { TaskRecord } from "./tasks.js";
import type { TaskAbortSignal } from "./types.js";
import { soon } from "./values.js";

/** What a call wants of the engine. */
export interface Wanted {
  readonly kind: "wait" | "look" | "pollOnce";
  /** Of a wait. */
  readonly pace?: number | undefined;
  /** Of a wait. */
  readonly timeoutMs?: number | undefined;
  /** Of a wait and of a single poll. */
  readonly deadlineMs?: number | undefined;
}

/** What the driver knows of a call. */
export abstract class Call implements Abortable {
  /** The engine's number for it; 0 before it has one. */
  number = 0;
  /** Whether it was told its end, or left. */
  isOver = false;
  /** What went wrong with its own request. */
  fault: Detail | undefined;

  constructor(
    readonly task: TaskRecord,
    readonly wanted: Wanted,
    /** Whether it wants nothing sent for now. */
    public rests: boolean,
  ) {}

  /** Hears a status. */
  abstract tell(status: TaskStatus<unknown>): void;
  /** Hears that it is over, and why if not with success. `isTaskOver`: because the task is. */
  abstract end(error: unknown, value?: unknown, isTaskOver?: boolean): void;
  abstract abort(reason: unknown): void;
}

/** What the driver does for calls. */
export interface Calls {
  readonly signals: Signals;
  /** The engine is to know of a call, soon. */
  begin(call: Call): void;
  /** Nobody wants this call any more: nothing is sent for it from now on. */
  leave(call: Call): void;
  rest(call: Call): void;
  attend(call: Call): void;
}

export interface PromisedOptions {
  readonly signal: TaskAbortSignal | undefined;
  readonly onStatus?: ((status: TaskStatus<unknown>) => unknown) | undefined;
}

/** A promise for what comes of a call. */
export const promised = <Value>(
  calls: Calls,
  task: TaskRecord,
  wanted: Wanted,
  options: PromisedOptions,
): Promise<Value> =>
  new Promise<Value>((resolve, reject) => {
    new PromisedCall(calls, task, wanted, options, resolve as (value: unknown) => void, reject).begin();
  });

class PromisedCall extends Call {
  readonly #calls: Calls;
  readonly #options: PromisedOptions;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  /** What onStatus is at work on. */
  #handlers: Promise<unknown> | undefined;
  #isSettled = false;

  constructor(
    calls: Calls,
    task: TaskRecord,
    wanted: Wanted,
    options: PromisedOptions,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    super(task, wanted, false);
    this.#calls = calls;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    this.#calls.signals.listen(this.#options.signal, this);
    if (!this.#isSettled) this.#calls.begin(this);
  }

  tell(status: TaskStatus<unknown>): void {
    const { onStatus } = this.#options;
    if (!onStatus) return;
    // After the caller has its promise, before the next request.
    soon(() => {
      if (this.#isSettled) return;
      const told = (async () => {
        await onStatus(status);
      })();
      this.#handlers = Promise.all([this.#handlers, told]);
      this.#handlers.catch((thrown: unknown) => {
        this.abort(thrown);
      });
    });
  }

  end(error: unknown, value?: unknown): void {
    const fail = (thrown: unknown) => {
      this.abort(thrown);
    };
    const succeed = () => {
      this.#settle(() => {
        this.#resolve(value);
      });
    };
    soon(() => {
      if (error !== undefined) fail(error);
      else if (this.#handlers) this.#handlers.then(succeed, fail);
      else succeed();
    });
  }

  abort(reason: unknown): void {
    this.#settle(() => {
      this.#reject(reason);
    });
  }

  /** Settles it, if it is not. That comes first: where the stack is full the rest may fail. */
  #settle(how: () => void): void {
    if (this.#isSettled) return;
    how();
    this.#isSettled = true;
    this.#calls.signals.forget(this.#options.signal, this);
    this.#calls.leave(this);
  }
}
