// When the tasks of a family run of which an account runs few at a time: in the order of adding.

/** What a queue plans of a task. */
export interface Queued {
  /** Not before. */
  readonly earliestAt: number;
  readonly processingMs: number;
  /** When somebody canceled it; Infinity if nobody did. */
  canceledAt: number;
  startedAt: number;
  completedAt: number;
}

/** A task that waits for nobody. */
export function planAlone(task: Queued): void {
  task.startedAt = task.earliestAt;
  task.completedAt = Math.min(task.startedAt + task.processingMs, task.canceledAt);
}

export class Queue {
  readonly #tasks: Queued[] = [];
  readonly #atOnce: number;
  /** When each place will be free. */
  #free: number[];

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
    this.#free = this.#places();
  }

  add(task: Queued): void {
    this.#tasks.push(task);
    this.#plan(task);
  }

  /** Plans all of them anew, after one was canceled: those that run stay as they are. */
  replan(): void {
    this.#free = this.#places();
    for (const task of this.#tasks) this.#plan(task);
  }

  #plan(task: Queued): void {
    const place = this.#free.indexOf(Math.min(...this.#free));
    task.startedAt = Math.max(task.earliestAt, this.#free[place] ?? -Infinity);
    task.completedAt = Math.min(task.startedAt + task.processingMs, task.canceledAt);
    const hasPlace = task.canceledAt > task.startedAt;
    if (hasPlace) this.#free[place] = task.completedAt;
  }

  #places = () => new Array<number>(this.#atOnce).fill(-Infinity);
}
