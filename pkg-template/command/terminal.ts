// Live lines on a terminal: one for each task that is waited for, and one for a download.
import type { LogUpdate, createLogUpdate } from "#log-update";
import type { Writable } from "node:process";
import { type Timer, clearInterval, setInterval } from "node:timers";
import type { DownloadProgress } from "../entries/results.js";
import { type AnyTask, type Display, complaint } from "./display.js";
import { liveLine, printable, progressLine } from "./lines.js";

const TICK_MS = 250;

interface Followed {
  readonly task: AnyTask;
  readonly beganMs: number;
  readonly unsubscribe: () => void;
}

export class Terminal implements Display {
  readonly #stream: Writable;
  readonly #log: LogUpdate;
  readonly #followed = new Set<Followed>();
  #progress: ((columns: number) => string) | undefined;
  #ticking: Timer | undefined;
  /** Of the terminal when they were drawn. */
  #width = 0;
  /** What stands there now, each with the columns that it takes. */
  #drawn: readonly number[] = [];

  constructor(stream: Writable, create: typeof createLogUpdate) {
    this.#stream = stream;
    // With its cursor: a process that is killed would leave the terminal without one.
    this.#log = create(stream, { showCursor: true });
    stream.on("resize", this.#resize);
  }

  follow(task: AnyTask): () => void {
    const followed = { task, beganMs: Date.now(), unsubscribe: task.subscribe(() => { this.#draw(); }) };
    this.#followed.add(followed);
    this.#tick();
    return () => {
      followed.unsubscribe();
      this.#followed.delete(followed);
      this.#tick();
    };
  }

  /** It is seen in the live lines. */
  hear(): void {
    this.#draw();
  }

  note(text: string): void {
    this.above(() => this.#stream.write(`${printable(text)}\n`));
  }

  complain(text: string): void {
    this.above(() => this.#stream.write(complaint(text)));
  }

  above(write: () => void): void {
    this.#clear();
    write();
    this.#draw();
  }

  progress(title: string, progress: DownloadProgress): void {
    this.#progress = (columns) => progressLine(title, progress, columns);
    this.#tick();
  }

  end(): void {
    this.#followed.forEach(({ unsubscribe }) => { unsubscribe(); });
    this.#followed.clear();
    this.#progress = undefined;
    this.#tick();
    this.#stream.off("resize", this.#resize);
  }

  /** Ages and times until polls go on without any event. */
  #tick(): void {
    const isBusy = this.#followed.size > 0 || this.#progress !== undefined;
    if (isBusy) this.#ticking ??= setInterval(() => { this.#draw(); }, TICK_MS);
    else {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    }
    if (isBusy) this.#draw();
    else this.#clear();
  }

  #draw(): void {
    const [width, rows] = this.#size();
    if (width < this.#width) this.#eraseWrapped(width);
    this.#width = width;
    // A line that fills the last column may wrap.
    const columns = Math.max(1, width - 1);
    const lines = this.#lines(columns, rows).map((line) => fitting(line, columns));
    if (lines.length === 0) return;
    this.#log(lines.join("\n"));
    this.#drawn = lines.map((line) => line.length);
  }

  /** As it is now: what Node says of it is as old as the last signal that it took. */
  #size(): readonly [columns: number, rows: number] {
    const { columns = 80, rows = 24 } = this.#stream;
    try {
      return this.#stream.getWindowSize?.() ?? [columns, rows];
    } catch {
      return [columns, rows]; // it is gone
    }
  }

  /** No more than the terminal has rows: what scrolled away cannot be rewritten. */
  #lines(columns: number, height: number): string[] {
    const now = Date.now();
    const rows = Math.max(1, height - 2);
    const progress = this.#progress ? [this.#progress(columns)] : [];
    const tasks = [...this.#followed];
    const shown = tasks.length <= rows ? tasks : tasks.slice(0, rows - 1);
    const more = tasks.length > shown.length ? [`and ${tasks.length - shown.length} more`] : [];
    const lines = shown.map(({ task, beganMs }) => liveLine(task, task.snapshot(), now - (ageFrom(task) ?? beganMs), now));
    return [...lines, ...more, ...progress];
  }

  #clear(): void {
    if (this.#drawn.length === 0) return;
    this.#log.clear();
    this.#drawn = [];
  }

  /** A terminal that became narrower has wrapped the lines: so many more are to be erased. */
  #eraseWrapped(width: number): void {
    const wrapped = this.#drawn.reduce((more, length) => more + Math.max(0, Math.ceil(length / width) - 1), 0);
    this.#stream.write("\x1b[2K\x1b[1A".repeat(wrapped));
    this.#clear();
  }

  readonly #resize = () => {
    this.#draw();
  };
}

const ageFrom = (task: AnyTask): number | undefined => task.checkpoint().startedMs;

const fitting = (line: string, columns: number): string => (line.length <= columns ? line : `${line.slice(0, columns - 1)}…`);
