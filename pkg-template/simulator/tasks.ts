// The tasks of an account: what is added, when each runs, and what is true of it at an instant.
import type { SimulatedUpload } from "./bodies.js";
import type { Family } from "./families.js";
import type { BuiltFile, SimulatedFile } from "./files.js";
import { Queue, type Queued, planAlone } from "./queue.js";
import { type Random, normalPair, randomNumbers, uuid } from "./random.js";
import { requireDuration, requireOneOf, requireWhole } from "./values.js";

/** How a simulated task ends. "failed" is COMPLETE with errors and without a result where a family has no word for it. */
export type SimulatedOutcome = "succeeded" | "succeededWithErrors" | "failed" | "canceled";

/** A task to simulate: see {@link Simulator.addTask}. */
export interface SimulatedTask {
  /** Generated unless given: decimal digits for families whose ids are numbers, an opaque string for the others. */
  id?: string | number | bigint | undefined;
  /**
   * How long the task is PENDING, in milliseconds; 0 unless given. Infinity is allowed. In a queue
   * ({@link SimulatorOptions.exportQueue}, {@link SimulatorOptions.importQueue}) it waits for its turn as well.
   */
  pendingMs?: number | undefined;
  /** How long it is PROCESSING after that, in milliseconds; 0 unless given. Infinity is allowed. */
  processingMs?: number | undefined;
  /** "succeeded" unless given. */
  outcome?: SimulatedOutcome | undefined;
  /** The word of its state at the end in place of its outcome's: "REVERTED" of an import, "EXPIRED" of a snapshot. */
  word?: string | undefined;
  /**
   * Of an export: what its details show as `exportState` in the end, while the status call goes on saying PROCESSING:
   * "FAILED", "CONFLICT", "DELETED", "CANCELED". With "PENDING_APPROVAL" both stand still from the beginning, the status
   * at PENDING.
   */
  exportState?: string | undefined;
  /** The errors shown once the task is over, or how many; unless given, one where the outcome has errors, else none. */
  errors?: unknown[] | number | undefined;
  /** The result, as it is; a real-looking one unless given. For exports that is a new URL at each request. */
  result?: unknown;
  /** The file behind that URL. */
  file?: SimulatedFile | undefined;
  /** Fields added to every status; one of a known name takes its place. */
  unknown?: Record<string, unknown> | undefined;
}

/** What a task was started with. */
export interface StartedWith {
  readonly request: Readonly<Record<string, unknown>>;
  readonly files: readonly SimulatedUpload[];
}

/** A task that was added. */
export interface Task extends Queued {
  readonly id: string;
  readonly serial: number;
  readonly family: Family;
  readonly with: StartedWith;
  readonly requestedAt: number;
  outcome: SimulatedOutcome;
  word: string | undefined;
  readonly exportState: string | undefined;
  readonly errors: unknown[];
  /** Whether the simulator made them up. */
  readonly madeUpErrors: boolean;
  readonly result: unknown;
  readonly file: SimulatedFile;
  /** Made when it is first asked for. */
  built?: BuiltFile;
  readonly unknown: Record<string, unknown> | undefined;
}

/** What is true of a task at an instant, and what its answers are made with. */
export interface Seen {
  readonly task: Task;
  /** By the clock. */
  readonly hasEnded: boolean;
  /** As the status call has it, which does not tell of all ends. */
  readonly isStarted: boolean;
  readonly isOver: boolean;
  /** Whether only others keep it from running. */
  readonly waitsForOthers: boolean;
  readonly ends: (typeof OUTCOMES)[SimulatedOutcome];
  readonly version: string;
  /** Where HubSpot says that the status is. */
  readonly link: string;
  readonly newUuid: () => string;
  /** A new URL of the task's file. */
  readonly newUrl: () => string;
}

/** What each outcome has. */
export const OUTCOMES = {
  succeeded: { errors: false, result: true },
  succeededWithErrors: { errors: true, result: true },
  failed: { errors: true, result: false },
  canceled: { errors: false, result: false },
} satisfies Record<SimulatedOutcome, unknown>;

/** The outcomes that random tasks have in one of twenty cases each; in all others they succeed. */
const RARE_OUTCOMES: readonly SimulatedOutcome[] = ["succeededWithErrors", "failed", "canceled"];

/** Numbers of new tasks, which must fit an extract's 31 bits. */
const FIRST_ID = 90_151_673;
const IDS = 2_000_000_000;

/** The median of the two durations of random tasks. */
const MEDIAN_MS = 20_000;

const NOTHING_SENT: StartedWith = { request: {}, files: [] };

/** Options of an account's tasks, as the simulator's are. */
export interface TasksOptions {
  now: () => number;
  /** The names of the families whose tasks queue. */
  queued: readonly string[];
  seed: number;
  /** Everything that must be new is made from this number and those after it. */
  firstSerial: number;
}

/** All tasks of one account. */
export class Tasks {
  readonly #options: TasksOptions;
  readonly #random: Random;
  readonly #families: Readonly<Record<string, Family>>;
  readonly #tasks = new Map<Family, Map<string, Task>>();
  readonly #queues = new Map<Family, Queue>();
  /** Everything that must be new is made from it. */
  #serial: number;

  constructor(families: readonly Family[], options: TasksOptions) {
    this.#options = options;
    this.#random = randomNumbers(options.seed);
    this.#serial = options.firstSerial;
    this.#families = Object.fromEntries(families.map((family) => [family.name, family]));
    for (const family of families) {
      this.#tasks.set(family, new Map());
      if (options.queued.includes(family.name)) this.#queues.set(family, new Queue(family.runsAtOnce));
    }
  }

  newUuid = (): string => uuid(++this.#serial);

  find(family: Family, id: string | undefined): Task | undefined {
    return id === undefined ? undefined : this.#tasks.get(family)?.get(id);
  }

  family = (name: unknown): Family => requireOneOf("family", name, this.#families);

  /** Adds a task, requested now. */
  add(name: string, task: SimulatedTask = {}, startedWith = NOTHING_SENT): Task {
    const family = this.family(name);
    const outcome = task.outcome ?? "succeeded";
    const { errors: hasErrors } = requireOneOf("outcome", outcome, OUTCOMES);
    if (!family.hasErrors && (hasErrors || task.errors)) throw new TypeError(`a task of family ${name} has no errors`);
    if (!family.hasResult && task.result !== undefined) throw new TypeError(`a task of family ${name} has no result`);
    if (task.exportState !== undefined && name !== "export") throw new TypeError(`a task of family ${name} has no exportState`);
    const times = this.#timesOf(task);

    const serial = ++this.#serial;
    const id = String(task.id ?? (family.isNumbered ? FIRST_ID + (serial % IDS) : uuid(serial)));
    if (id === "" || (family.isNumbered && !family.decodes(id))) throw new TypeError(`no id of family ${name}: "${id}"`);
    const tasks = this.#tasks.get(family);
    if (tasks?.has(id)) throw new TypeError(`there is a task of family ${name} with id ${id} already`);

    const errors = this.#errors(task.errors ?? (hasErrors ? 1 : 0));
    const { word, exportState, result, file = {}, unknown } = task;
    const added: Task = {
      ...times,
      ...{ id, serial, family, with: startedWith },
      ...{ outcome, word, exportState, errors, madeUpErrors: !Array.isArray(task.errors), result, file, unknown },
    };
    this.#plan(added);
    tasks?.set(id, added);
    return added;
  }

  #errors(given: unknown[] | number): unknown[] {
    if (Array.isArray(given)) return given;
    const many = requireWhole("errors", given);
    return Array.from({ length: many }, () => standardError(this.newUuid));
  }

  #timesOf({ pendingMs = 0, processingMs = 0 }: SimulatedTask) {
    const requestedAt = this.#options.now();
    return {
      requestedAt,
      earliestAt: requestedAt + requireDuration("pendingMs", pendingMs),
      processingMs: requireDuration("processingMs", processingMs),
      ...{ canceledAt: Infinity, startedAt: Infinity, completedAt: Infinity },
    };
  }

  /** An export that waits for somebody's approval never runs, and holds up no other. */
  #plan(task: Task): void {
    const queue = this.#queues.get(task.family);
    if (task.exportState === "PENDING_APPROVAL") return;
    if (queue) queue.add(task);
    else planAlone(task);
  }

  /** Adds a task drawn from the seed, requested now. */
  addRandom(name: string): Task {
    const family = this.family(name);
    const duration = (deviate: number) => Math.round(MEDIAN_MS * Math.exp(deviate));
    const [pending, processing] = normalPair(this.#random);
    const drawn = RARE_OUTCOMES[Math.floor(this.#random() * 20)] ?? "succeeded";
    const outcome = OUTCOMES[drawn].errors && !family.hasErrors ? "succeeded" : drawn;
    return this.add(name, { pendingMs: duration(pending), processingMs: duration(processing), outcome });
  }

  /** Whether that did anything: what is over stays as it is. */
  cancel(task: Task): boolean {
    const now = this.#options.now();
    if (now >= task.completedAt) return false;
    Object.assign(task, { outcome: "canceled", word: undefined, canceledAt: now });
    const queue = this.#queues.get(task.family);
    if (queue) queue.replan();
    else planAlone(task);
    return true;
  }

  /** What is true of a task now. */
  see(task: Task, made: Pick<Seen, "version" | "link" | "newUrl">): Seen {
    const now = this.#options.now();
    const hasEnded = now >= task.completedAt;
    return {
      ...made,
      task,
      hasEnded,
      isStarted: now >= task.startedAt,
      isOver: hasEnded && task.exportState === undefined,
      waitsForOthers: now >= task.earliestAt && now < task.startedAt,
      ends: OUTCOMES[task.outcome],
      newUuid: this.newUuid,
    };
  }
}

function standardError(newUuid: () => string) {
  return {
    status: "error",
    id: newUuid(),
    category: "VALIDATION_ERROR",
    subCategory: {},
    message: "One of the items could not be processed.",
    context: { id: ["1"] },
    errors: [{ message: "The item is not valid.", code: "INVALID_ITEM", in: "items", context: { id: ["1"] } }],
    links: {},
  };
}
