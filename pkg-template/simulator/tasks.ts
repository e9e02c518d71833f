// The tasks of an account: what is added, when each runs, and the status that HubSpot shows of it.
import { FAMILIES, type Family, type Route, type SimulatedFamily } from "./families.js";
import { type Random, normalPair, randomNumbers, uuid } from "./random.js";
import { isoDate, requireDuration, requireOneOf } from "./values.js";

/** How a simulated task ends. "failed" is COMPLETE with errors and without a result: HubSpot has no status FAILED. */
export type SimulatedOutcome = "succeeded" | "succeededWithErrors" | "failed" | "canceled";

/** A task to simulate: see {@link Simulator.addTask}. */
export interface SimulatedTask {
  /** Generated unless given: decimal digits for exports and extracts, an opaque string for the others. */
  id?: string | number | bigint | undefined;
  /**
   * How long the task is PENDING, in milliseconds; 0 unless given. Infinity is allowed. With
   * {@link SimulatorOptions.exportQueue} an export is PENDING until its turn as well.
   */
  pendingMs?: number | undefined;
  /** How long it is PROCESSING after that, in milliseconds; 0 unless given. Infinity is allowed. */
  processingMs?: number | undefined;
  /** "succeeded" unless given. */
  outcome?: SimulatedOutcome | undefined;
  /** The errors shown once the task is over; unless given, one where the outcome has errors and none otherwise. */
  errors?: unknown[] | undefined;
  /** The result, as it is; a real-looking one unless given. For exports that is a new URL at each request. */
  result?: unknown;
  /** Fields added to every status; one of a known name takes its place. */
  unknown?: Record<string, unknown> | undefined;
}

/** A task that was added. */
interface Task {
  id: string;
  serial: number;
  requestedAt: number;
  startedAt: number;
  completedAt: number;
  outcome: SimulatedOutcome;
  errors: unknown[];
  result: unknown;
  unknown: Record<string, unknown> | undefined;
}

/** What the status of each outcome is. */
const OUTCOMES: Readonly<Record<SimulatedOutcome, { status: string; errors: boolean; result: boolean }>> = {
  succeeded: { status: "COMPLETE", errors: false, result: true },
  succeededWithErrors: { status: "COMPLETE", errors: true, result: true },
  failed: { status: "COMPLETE", errors: true, result: false },
  canceled: { status: "CANCELED", errors: false, result: false },
};

/** The outcomes that random tasks have in one of twenty cases each; in all others they succeed. */
const RARE_OUTCOMES: readonly SimulatedOutcome[] = ["succeededWithErrors", "failed", "canceled"];

/** Numbers of new tasks, which must fit an extract's 31 bits. */
const FIRST_ID = 90_151_673;
const IDS = 2_000_000_000;

/** The median of the two durations of random tasks. */
const MEDIAN_MS = 20_000;

/** Options of an account's tasks, as the simulator's are. */
export interface TasksOptions {
  now: () => number;
  /** Whether the account's exports run one at a time. */
  exportQueue: boolean;
  seed: number;
  /** Everything that must be new is made from this number and those after it. */
  firstSerial: number;
}

/** All tasks of one account. */
export class Tasks {
  readonly #options: TasksOptions;
  readonly #random: Random;
  readonly #tasks: Record<SimulatedFamily, Map<string, Task>> = {
    fileImport: new Map(),
    folderUpdate: new Map(),
    export: new Map(),
    sourceCodeExtract: new Map(),
  };
  /** Everything that must be new is made from it. */
  #serial: number;
  /** When the export queue will be empty. */
  #exporterFreeAt = -Infinity;

  constructor(options: TasksOptions) {
    this.#options = options;
    this.#random = randomNumbers(options.seed);
    this.#serial = options.firstSerial;
  }

  newUuid = (): string => uuid(++this.#serial);

  find({ family, taskId }: Route): Task | undefined {
    return taskId === undefined ? undefined : this.#tasks[family].get(taskId);
  }

  /** Adds a task, requested now; gives its id. */
  add(family: SimulatedFamily, task: SimulatedTask = {}): string {
    const kind = requireOneOf("family", family, FAMILIES);
    const outcome = task.outcome ?? "succeeded";
    const { errors: hasErrors } = requireOneOf("outcome", outcome, OUTCOMES);
    const { body } = kind;
    if (!body.errors && (hasErrors || task.errors)) throw new TypeError(`a task of family ${family} has no errors`);
    if (!body.result && task.result !== undefined) throw new TypeError(`a task of family ${family} has no result`);

    const serial = ++this.#serial;
    const id = String(task.id ?? (kind.isNumbered ? FIRST_ID + (serial % IDS) : uuid(serial)));
    if (id === "" || (kind.isNumbered && !kind.decodes(id))) throw new TypeError(`no id of family ${family}: "${id}"`);
    if (this.#tasks[family].has(id)) throw new TypeError(`there is a task of family ${family} with id ${id} already`);

    const times = this.#timesOf(family, task);
    const errors = task.errors ?? (hasErrors ? [standardError(this.newUuid)] : []);
    this.#tasks[family].set(id, { id, serial, ...times, outcome, errors, result: task.result, unknown: task.unknown });
    return id;
  }

  /** When a task that is added now runs. */
  #timesOf(family: SimulatedFamily, task: SimulatedTask) {
    const pendingMs = requireDuration("pendingMs", task.pendingMs ?? 0);
    const processingMs = requireDuration("processingMs", task.processingMs ?? 0);
    const isQueued = this.#options.exportQueue && family === "export";
    const requestedAt = this.#options.now();
    const startedAt = Math.max(requestedAt + pendingMs, isQueued ? this.#exporterFreeAt : -Infinity);
    const completedAt = startedAt + processingMs;
    if (isQueued) this.#exporterFreeAt = completedAt;
    return { requestedAt, startedAt, completedAt };
  }

  /** Adds a task drawn from the seed, requested now; gives its id. */
  addRandom(family: SimulatedFamily): string {
    const { body } = requireOneOf("family", family, FAMILIES);
    const duration = (deviate: number) => Math.round(MEDIAN_MS * Math.exp(deviate));
    const [pending, processing] = normalPair(this.#random);
    const drawn = RARE_OUTCOMES[Math.floor(this.#random() * 20)] ?? "succeeded";
    const outcome = OUTCOMES[drawn].errors && !body.errors ? "succeeded" : drawn;
    return this.add(family, { pendingMs: duration(pending), processingMs: duration(processing), outcome });
  }

  /** What HubSpot shows of a task now. JSON leaves out the fields that are undefined. */
  statusOf(task: Task, family: Family, { version, apiPath }: Route): { isOver: boolean; body: object } {
    const now = this.#options.now();
    const { startedAt, completedAt } = task;
    const isStarted = now >= startedAt;
    const isOver = now >= completedAt;
    const outcome = OUTCOMES[task.outcome];
    const hasErrors = isOver && family.body.errors;
    const result = () =>
      task.result === undefined
        ? family.body.result?.({ id: task.id, serial: task.serial, version, completedAt, newUuid: this.newUuid })
        : task.result;
    const body = {
      taskId: family.body.taskId ? task.id : undefined,
      status: isOver ? outcome.status : isStarted ? "PROCESSING" : "PENDING",
      requestedAt: isoDate(task.requestedAt),
      startedAt: isStarted ? isoDate(startedAt) : undefined,
      completedAt: isOver ? isoDate(completedAt) : undefined,
      numErrors: hasErrors ? task.errors.length : undefined,
      errors: hasErrors ? task.errors : undefined,
      links: { status: `https://api-na1.hubspot.com${apiPath}` }, // another host than was asked, as HubSpot's are
      result: isOver && outcome.result ? result() : undefined,
      ...task.unknown,
    };
    return { isOver, body };
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
