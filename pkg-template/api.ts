// What every entry exports but for init(), which differs: the client, its families and tasks, as callers hold them.
import { type Wanted, promised } from "./calls.js";
import { Driver } from "./driver.js";
import { outcomeOf as outcomeInEngine } from "./engine.js";
import { HubSpotTaskError, isHubSpotTaskError, promising, taskError } from "./error.js";
import type { HubSpotFile, HubSpotFolder, TaskStatus } from "./generated/data.js";
import { FAMILIES, OUTCOMES } from "./generated/names.js";
import { type CheckpointGiven, readCheckpoint } from "./checkpoint.js";
import { idRefusal, idText } from "./ids.js";
import { type TaskGiven, learnedBy, readClient, readLook, readStatus, readTask, readWait, readWatch } from "./options.js";
import { readEnvelope } from "./reading.js";
import { frozen } from "./results.js";
import { assertRoom } from "./stack.js";
import { refusedStatuses, statuses } from "./statuses.js";
import { type TaskRecord, familyName } from "./tasks.js";
import type {
  CallOptions,
  Checkpoint,
  ClientOptions,
  FinishedTask,
  Learned,
  Outcome,
  PollStep,
  ResultOf,
  Task,
  TaskEstimate,
  TaskFamily,
  TaskFamilyName,
  TaskId,
  TaskOptions,
  WaitOptions,
} from "./types.js";
import { Refusal } from "./values.js";

export type {
  ErrorContext,
  ErrorDetail,
  FileAccess,
  FileSourceGroup,
  HttpErrorBody,
  HubSpotFile,
  HubSpotFolder,
  HubSpotTaskErrorCode,
  Links,
  StandardError,
  SubCategory,
  TaskLocator,
  TaskState,
  TaskStatus,
} from "./generated/data.js";
export type * from "./types.js";
export { HubSpotTaskError, isHubSpotTaskError };

/**
 * What is given, as `act` reads it; what is refused is told as the error that it is. All calls begin with it, while
 * nothing is changed.
 */
function read<Value>(act: () => Value): Value {
  assertRoom();
  try {
    return act();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const { message, cause } = thrown;
    throw taskError({ code: "INVALID_ARGUMENT", message, cause });
  }
}

/** The same for what is to be asked: a relative base URL is resolved, and refused, before anything is sent. */
const readToAsk = <Value>(driver: Driver, act: () => Value): Value =>
  read(() => {
    driver.address();
    return act();
  });

const LOOK: Wanted = { kind: "look" };

/** When a time limit that begins now is over; undefined for never. */
const deadlineIn = (driver: Driver, timeoutMs: number): number | undefined =>
  timeoutMs === Infinity ? undefined : driver.timeMs() + timeoutMs;

class TaskHandle implements Task<unknown> {
  readonly #driver: Driver;
  readonly #task: TaskRecord;
  /** What it was given, over what its client was. */
  readonly #options: TaskGiven;
  readonly #deadlineMs: number | undefined;

  /** A resumed task keeps the deadline that it came with, unless it is given a time limit. */
  constructor(driver: Driver, task: TaskRecord, options: TaskGiven, keptMs?: number) {
    const { timeoutMs } = options;
    this.#driver = driver;
    this.#task = task;
    this.#options = options;
    this.#deadlineMs = timeoutMs === undefined ? keptMs : deadlineIn(driver, timeoutMs);
  }

  get id(): string {
    return this.#task.id;
  }

  get family(): TaskFamilyName {
    return familyName(this.#task);
  }

  get latest(): TaskStatus<unknown> | undefined {
    const { latest } = this.#task;
    return latest && frozen(latest);
  }

  checkpoint(): Checkpoint {
    assertRoom();
    return this.#driver.checkpoint(this.#task, this.#options.pace, this.#deadlineMs);
  }

  estimate(): TaskEstimate | undefined {
    assertRoom();
    return this.#driver.estimate(this.#task);
  }

  status(options?: CallOptions): Promise<TaskStatus<unknown>> {
    return promising(() => {
      const given = readToAsk(this.#driver, () => readLook(options));
      return promised(this.#driver, this.#task, LOOK, given);
    });
  }

  wait(options?: WaitOptions<unknown>): Promise<FinishedTask<unknown>> {
    return promising(() => {
      const given = readToAsk(this.#driver, () => readWait(options));
      return promised(this.#driver, this.#task, this.#wanted(given), given);
    });
  }

  statuses(options?: CallOptions & TaskOptions): AsyncIterableIterator<TaskStatus<unknown>> {
    const driver = this.#driver;
    try {
      const given = readToAsk(driver, () => readWatch(options));
      return statuses(driver, this.#task, this.#wanted(given), given.signal);
    } catch (error) {
      return refusedStatuses(error);
    }
  }

  /** A wait as it was told, else as the task was. */
  #wanted(given: TaskGiven): Wanted {
    const { pace = this.#options.pace, timeoutMs = this.#options.timeoutMs } = given;
    return { kind: "wait", pace, timeoutMs, deadlineMs: this.#deadlineMs };
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<TaskStatus<unknown>> {
    return this.statuses();
  }

  /** A task shows what it is in logs, without its result. */
  toJSON(): object {
    const { family, id, latest } = this;
    return { family, id, status: latest?.status };
  }
}

class FamilyHandle implements TaskFamily<unknown> {
  readonly #driver: Driver;
  readonly #place: number;
  readonly #apiVersion: string;

  constructor(driver: Driver, place: number, apiVersion: string) {
    this.#driver = driver;
    this.#place = place;
    this.#apiVersion = apiVersion;
  }

  task(id: TaskId, options?: TaskOptions): TaskHandle {
    return read(() => new TaskHandle(this.#driver, this.#task(id), readTask(options)));
  }

  async status(id: TaskId, options?: CallOptions): Promise<TaskStatus<unknown>> {
    return this.task(id).status(options);
  }

  #task(id: TaskId): TaskRecord {
    const name = { family: this.#place, id: idText(id), apiVersion: this.#apiVersion };
    const task = this.#driver.tasks.shared(name);
    if (!task) throw idRefusal("taskId", this.#place, id);
    return task;
  }
}

/** Beside the class, whose public type shows none of it. */
const drivers = new WeakMap<object, Driver>();

function driverOf(client: HubSpotTasks): Driver {
  assertRoom();
  const driver = drivers.get(client);
  if (!driver) throw new TypeError("this is no HubSpotTasks");
  return driver;
}

/** The task that a checkpoint speaks of. */
function resumed(driver: Driver, given: CheckpointGiven, how: "shared" | "alone"): TaskRecord {
  const { family, taskId: id, apiVersion, progress, others } = given;
  const task = driver.tasks[how]({ family, id, apiVersion });
  if (!task) throw idRefusal("checkpoint.taskId", family, id);
  driver.engine.resumeTask(task.key, progress);
  task.others = others;
  return task;
}

/** Asks HubSpot about asynchronous tasks, and waits for them: one client for one account. */
export class HubSpotTasks {
  /** File imports from a URL; the result is the file. */
  declare readonly fileImports: TaskFamily<HubSpotFile, "fileImport">;
  /** Folder updates; the result is the folder. */
  declare readonly folderUpdates: TaskFamily<HubSpotFolder, "folderUpdate">;
  /** CRM exports; the result is the URL of the exported file: it needs no token and lives five minutes. */
  declare readonly exports: TaskFamily<string, "export">;
  /** Source-code extracts, which have no result. */
  declare readonly sourceCodeExtracts: TaskFamily<undefined, "sourceCodeExtract">;

  /**
   * Reads the options; sends nothing.
   * @throws {HubSpotTaskError} INVALID_ARGUMENT, naming the option, what it got and what it takes.
   */
  constructor(options?: ClientOptions) {
    const given = read(() => readClient(options));
    const driver = new Driver(given);
    drivers.set(this, driver);
    FAMILIES.forEach(({ name }, place) => {
      // A family's name, in the plural.
      Object.defineProperty(this, `${name}s`, { value: new FamilyHandle(driver, place, given.apiVersion) });
    });
  }

  /**
   * The task that a checkpoint speaks of: its polling goes on from there, in the checkpoint's API version. Sends nothing.
   * @throws {HubSpotTaskError} INVALID_ARGUMENT for what is no checkpoint, or one of a later version.
   */
  resume<Family extends TaskFamilyName>(checkpoint: Checkpoint<Family>, options?: TaskOptions): Task<ResultOf<Family>, Family> {
    const driver = driverOf(this);
    const handle = read(() => {
      const given = readCheckpoint(checkpoint);
      const taskGiven = readTask(options);
      const task = resumed(driver, given, "shared");
      return new TaskHandle(driver, task, taskGiven, given.deadlineMs);
    });
    return handle as Task<unknown> as Task<ResultOf<Family>, Family>;
  }

  /**
   * Asks once, even when early: for queue workers, cron jobs and serverless functions. Run it again after `delayMs` with
   * the checkpoint that it gives, until it is `done`. Failed and canceled tasks resolve, too, with their `error`.
   *
   * Rejects with {@link HubSpotTaskError}: TIMEOUT past the checkpoint's deadline, and what asking again would not mend.
   */
  poll<Family extends TaskFamilyName>(checkpoint: Checkpoint<Family>, options?: CallOptions): Promise<PollStep<Family>> {
    return promising(() => {
      const driver = driverOf(this);
      const given = read(() => readCheckpoint(checkpoint));
      const callGiven = readToAsk(driver, () => readLook(options));
      const task = resumed(driver, given, "alone");
      return promised(driver, task, { kind: "pollOnce", deadlineMs: given.deadlineMs }, callGiven);
    });
  }

  /** What the finished tasks took: plain JSON for the option `learned` of another page or process. */
  learned(): Learned {
    const { engine } = driverOf(this);
    return learnedBy((family, phase) => engine.learned(family, phase));
  }
}

/**
 * What a status says about its task. Without a family, COMPLETE without errors is taken for succeeded.
 * @throws {HubSpotTaskError} INVALID_ARGUMENT
 */
export function outcomeOf(status: TaskStatus<unknown>, family?: TaskFamilyName | null): Outcome {
  const given = read(() => readStatus(status, family));
  return OUTCOMES[outcomeInEngine(readEnvelope(given.status, FAMILIES[given.family ?? -1]) ?? {}, given.family)] as Outcome;
}
