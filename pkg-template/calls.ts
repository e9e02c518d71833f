// What a caller holds while the engine is at work: a promise that settles once. (An iterator: statuses.ts.)
import type { TaskStatus } from "./generated/data.js";
import type { Detail, KeptStatus } from "./reading.js";
import { given } from "./results.js";
import type { Abortable, Signals } from "./signals.js";
import type { TaskRecord } from "./tasks.js";
import type { TaskAbortSignal } from "./types.js";
import { attempt, soon } from "./values.js";

/** A request that asks for no status. */
export interface Errand {
  readonly method: "GET" | "POST";
  /** After the base URL. */
  readonly path: string;
  /** As fetch takes it. */
  readonly body?: unknown;
  /** What a text's is; of other bodies fetch says it. */
  readonly contentType?: string;
  /** Whether it starts a task, which must not be done twice. */
  readonly isStart?: boolean;
  /** What the body of its answer gives; undefined for one that is not understood. */
  readonly read: (body: unknown, text: string) => unknown;
}

/** What a call wants of the engine. */
export interface Wanted {
  readonly kind: "wait" | "look" | "pollOnce" | "errand";
  readonly errand?: Errand;
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
  /** Whether it counts among those who want its task to be polled. */
  isListening = false;
  /** What went wrong with its own request. */
  fault: Detail | undefined;
  /** What an errand's answer gave. */
  answer: unknown;
  /** Of a wait, once it has begun: its deadline, and whether it may be later. */
  endsMs = 0;
  isPatient = false;

  constructor(
    readonly task: TaskRecord,
    public wanted: Wanted,
    /** Whether it wants nothing sent for now. */
    public rests: boolean,
  ) {}

  /** Hears a status. */
  abstract tell(status: KeptStatus): void;
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
  /** Nothing is sent for it before it begins anew. */
  suspend(call: Call): void;
  rest(call: Call): void;
  attend(call: Call): void;
  /** Acts at a wait's deadline, though it is over; gives what prevents that. */
  atDeadline(call: Call, act: () => void): () => void;
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
  readonly #signal: PromisedOptions["signal"];
  readonly #onStatus: PromisedOptions["onStatus"];
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  /** How many calls of onStatus are at work. Nothing is kept of what they give, which may never settle. */
  #atWork = 0;
  /** Where it is over with success. */
  #succeed: (() => void) | undefined;
  #stopLimit: (() => void) | undefined;
  #isSettled = false;

  constructor(
    calls: Calls,
    task: TaskRecord,
    wanted: Wanted,
    { signal, onStatus }: PromisedOptions,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    super(task, wanted, false);
    this.#calls = calls;
    this.#signal = signal;
    this.#onStatus = onStatus;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    this.#calls.signals.listen(this.#signal, this);
    if (!this.#isSettled) this.#calls.begin(this);
  }

  tell(status: KeptStatus): void {
    const onStatus = this.#onStatus;
    if (!onStatus) return;
    // After the caller has its promise, before the next request.
    soon(() => {
      if (this.#isSettled) return;
      this.#atWork++;
      const handled = new Promise((resolve) => {
        resolve(onStatus(given(status)));
      });
      this.#follow(handled);
    });
  }

  /** Not where the status is known, which would be kept as long as this is at work. */
  #follow(handled: Promise<unknown>): void {
    const done = () => {
      if (--this.#atWork === 0) this.#succeed?.();
    };
    const fail = (thrown: unknown) => {
      this.abort(thrown);
    };
    handled.then(done, fail);
  }

  end(error: unknown, value?: unknown): void {
    soon(() => {
      if (error !== undefined) {
        this.abort(error);
        return;
      }
      this.#succeed = () => {
        this.#settle(() => {
          this.#resolve(value);
        });
      };
      if (this.#atWork === 0) this.#succeed();
      // Most are not at work any more after what waits now.
      else soon(() => { this.#limit(); });
    });
  }

  /** What onStatus gave is waited for until the deadline, no longer. */
  #limit(): void {
    const succeed = this.#succeed;
    if (this.#isSettled || !succeed) return;
    this.#stopLimit = attempt(() => this.#calls.atDeadline(this, succeed));
    // Without a clock that works there is nothing to wait by.
    if (!this.#stopLimit) succeed();
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
    this.#stopLimit?.();
    this.#calls.signals.forget(this.#signal, this);
    this.#calls.leave(this);
  }
}
