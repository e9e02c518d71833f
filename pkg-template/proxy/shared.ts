// Identical requests that are under way at a time are one: it goes on until the last who wants it has left.
import type { TaskAbortSignal } from "../types.js";
import type { Answer } from "./answers.js";

interface Common {
  readonly answer: Promise<Answer>;
  readonly aborter: HostAbortController;
  waiting: number;
}

/** Where promises belong to the call that made them (Cloudflare's workers), no call can wait for another's. */
let isApart = false;

export function keepApart(): void {
  isApart = true;
}

const hasLeft = () => new Error("the caller has left");

export class Shared {
  readonly #open = new Map<string, Common>();

  /** What `ask` gives, or what was asked for by this key and is not there yet. Rejects when the signal is aborted. */
  async ask(key: string, ask: (signal: TaskAbortSignal) => Promise<Answer>, signal: TaskAbortSignal): Promise<Answer> {
    if (isApart) return ask(signal);
    if (signal.aborted) throw hasLeft();
    const common = this.#open.get(key) ?? this.#begin(key, ask);
    common.waiting++;
    let leave: (() => void) | undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        reject(hasLeft());
      };
    });
    const listener = () => {
      leave?.();
    };
    signal.addEventListener("abort", listener);
    try {
      return await Promise.race([common.answer, left]);
    } finally {
      signal.removeEventListener("abort", listener);
      if (--common.waiting === 0) {
        this.#forget(key, common);
        common.aborter.abort();
      }
    }
  }

  #begin(key: string, ask: (signal: TaskAbortSignal) => Promise<Answer>): Common {
    const aborter = new AbortController();
    const common: Common = { answer: ask(aborter.signal as TaskAbortSignal), aborter, waiting: 0 };
    this.#open.set(key, common);
    const forget = () => {
      this.#forget(key, common);
    };
    common.answer.then(forget, forget);
    return common;
  }

  #forget(key: string, common: Common): void {
    if (this.#open.get(key) === common) this.#open.delete(key);
  }
}
