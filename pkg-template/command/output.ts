// What the command writes: results on the standard output, all else on the standard error.
import process from "node:process";
import type { TaskAbortSignal } from "../entries/index.js";
import { CommandError, NobodyReads, OTHER } from "./exit.js";

export class Output {
  readonly #closed = new AbortController();
  #failure: Error | undefined;
  /** Writes in a place that no live line has. */
  above = (write: () => void): void => { write(); };

  constructor() {
    process.stdout.on("error", (error) => {
      // `| head` has seen enough. Anything else, such as a full disk, is told at the end.
      if (error.code !== "EPIPE") this.#failure ??= error;
      this.#closed.abort(error.code === "EPIPE" ? new NobodyReads() : error);
    });
    // Nobody is there to be told.
    process.stderr.on("error", () => undefined);
  }

  /** Aborts when nobody reads the results any more. */
  get closed(): TaskAbortSignal {
    return this.#closed.signal as TaskAbortSignal;
  }

  line(text: string): void {
    if (!this.#closed.signal.aborted) this.above(() => process.stdout.write(`${text}\n`));
  }

  json(value: unknown): void {
    this.line(jsonOf(value));
  }

  /** Waits until they are taken. */
  async bytes(part: Uint8Array): Promise<void> {
    if (!this.#closed.signal.aborted) await new Promise<void>((taken) => process.stdout.write(part, () => { taken(); }));
    if (this.#closed.signal.aborted) throw this.#closed.signal.reason as Error;
  }

  /** Until all is written. What kept it from that is thrown, once: a result that nobody got is none. */
  async end(): Promise<void> {
    if (!this.#closed.signal.aborted) await new Promise<void>((taken) => process.stdout.write("", () => { taken(); }));
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw new CommandError(OTHER, `the standard output: ${failure.message}`);
  }
}

/** One line. What a terminal would take for a command is escaped, as JSON itself does below U+0020 alone. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
