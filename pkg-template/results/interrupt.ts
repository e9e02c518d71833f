// What may end a wait for something: an abort, or time. One listener and at most one timer, which are gone when it is over.
import { setTimer } from "../clock.js";
import { abortReason } from "../signals.js";
import type { Clock, TaskAbortSignal } from "../types.js";
import { attempt } from "../values.js";

export class Interrupt {
  /** Is called at an abort, also while nothing is waited for. */
  onAbort: (() => void) | undefined;
  readonly #clock: Clock;
  readonly #signal: TaskAbortSignal | undefined;
  readonly #listener = () => {
    this.end();
    this.onAbort?.();
    this.#leave?.(this.#reason());
  };
  #leave: ((reason: unknown) => void) | undefined;

  constructor(clock: Clock, signal: TaskAbortSignal | undefined) {
    this.#clock = clock;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#listener);
  }

  /** Throws the signal's reason once it is aborted. */
  check(): void {
    if (this.#signal?.aborted) throw this.#reason();
  }

  /** Settles as the promise does, unless the signal is aborted or `ms` pass before that: then it rejects with what `late` gives. */
  async race<Value>(promise: Promise<Value>, ms: number, late: () => Error): Promise<Value> {
    // It may reject when nobody listens any more.
    promise.catch(() => undefined);
    this.check();
    let timer: unknown;
    try {
      return await new Promise((resolve, reject) => {
        this.#leave = reject;
        timer = setTimer(this.#clock, () => {
          reject(late());
        }, ms);
        promise.then(resolve, reject);
      });
    } finally {
      this.#leave = undefined;
      this.#clock.clearTimeout(timer);
    }
  }

  /** Waits for so long. */
  async pause(ms: number): Promise<void> {
    const isOver = new Error();
    await this.race(new Promise<never>(() => undefined), ms, () => isOver).catch((reason: unknown) => {
      if (reason !== isOver) throw reason;
    });
  }

  end(): void {
    // A signal of the caller's own that cannot forget: nobody is left to hear of it all the same.
    attempt(() => this.#signal?.removeEventListener("abort", this.#listener));
  }

  #reason(): unknown {
    return abortReason(this.#signal as TaskAbortSignal);
  }
}
