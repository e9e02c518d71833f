// What every entry exports but for init(), which differs: the client, its families and tasks, as callers hold them.
import { type Errand, type Wanted, promised } from "./calls.js";
import { readTasks, waitForAll } from "./all.js";
import { checked, readDefinition } from "./define.js";
import { Driver } from "./driver.js";
import { outcomeOf as outcomeInEngine } from "./engine.js";
import { HubSpotTaskError, isHubSpotTaskError, promising, told } from "./error.js";
import { type Family, USUAL, at, pathOf } from "./families.js";
import type {
  CrmImportError,
  ExportDetails,
  FileImportRequest,
  FolderUpdateRequest,
  HubSpotFile,
  HubSpotFolder,
  SourceCodeExtractRequest,
  TaskStatus,
} from "./generated/data.js";
import { OUTCOMES } from "./generated/names.js";
import { type CheckpointGiven, readCheckpoint } from "./checkpoint.js";
import { readId } from "./ids.js";
import { type TaskGiven, learnedBy, readAll, readClient, readLook, readStatus, readTask, readWait, readWatch } from "./options.js";
import { readEnvelope } from "./reading.js";
import { frozen } from "./results.js";
import { assertRoom } from "./stack.js";
import { startErrand } from "./start.js";
import { refusedStatuses, statuses } from "./statuses.js";
import { type TaskRecord, familyName } from "./tasks.js";
import type {
  CallOptions,
  Checkpoint,
  ClientOptions,
  DefinedFamily,
  ExportFamily,
  FamilyDefinition,
  FinishedTask,
  ImportFamily,
  Learned,
  Outcome,
  PollStep,
  Progress,
  ResultOf,
  Settled,
  Task,
  TaskEstimate,
  TaskAbortSignal,
  TaskFamily,
  TaskFamilyName,
  TaskId,
  TaskOptions,
  TaskSnapshot,
  WaitOptions,
} from "./types.js";
import { isSome, own, refusal } from "./values.js";
import { Watched } from "./watched.js";

export type {
  CrmImport,
  CrmImportError,
  CrmImportFile,
  CrmImportResult,
  DuplicateValidationScope,
  DuplicateValidationStrategy,
  ErrorContext,
  ErrorDetail,
  ExportDetails,
  ExportFormat,
  ExportRequest,
  ExportType,
  FileAccess,
  FileImportRequest,
  FileSourceGroup,
  FolderUpdateRequest,
  HttpErrorBody,
  HubSpotFile,
  HubSpotFolder,
  HubSpotTaskErrorCode,
  ImportCounters,
  ImportObjectList,
  Links,
  SourceCodeExtractRequest,
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
    throw told(thrown);
  }
}

/** All that asks begins with it: a relative base URL is resolved, and refused, before anything is sent. */
function beginToAsk(driver: Driver): void {
  assertRoom();
  driver.address();
}

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
      beginToAsk(this.#driver);
      return promised(this.#driver, this.#task, LOOK, readLook(options));
    });
  }

  wait(options?: WaitOptions<unknown>): Promise<FinishedTask<unknown>> {
    return promising(() => {
      beginToAsk(this.#driver);
      const given = readWait(options);
      return promised(this.#driver, this.#task, this.#wanted(given), given);
    });
  }

  statuses(options?: CallOptions & TaskOptions): AsyncIterableIterator<TaskStatus<unknown>> {
    const driver = this.#driver;
    try {
      const given = read(() => {
        beginToAsk(driver);
        return readWatch(options);
      });
      return statuses(driver, this.#task, this.#wanted(given), given.signal);
    } catch (error) {
      return refusedStatuses(error);
    }
  }

  subscribe(listener: () => void): () => void {
    return this.#watched.subscribe(listener, () => {
      beginToAsk(this.#driver);
      return this.#wanted(this.#options);
    });
  }

  snapshot(): TaskSnapshot<unknown> {
    assertRoom();
    return this.#watched.snapshot;
  }

  get #watched(): Watched {
    return (this.#task.watched ??= new Watched(this.#driver, this.#task));
  }

  get finished(): Promise<FinishedTask<unknown>> {
    const finished = (this.#task.finished ??= this.wait());
    finished.catch(() => undefined);
    return finished;
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

/** What HubSpot's object gives; undefined for what is none. */
const anObject = (body: unknown): unknown => (typeof body === "object" && body !== null ? body : undefined);

/** A page of errors. One without a list is none: who took it for the last one would lose those after it. */
const aPage = (body: unknown): unknown => (Array.isArray(own(body, "results")) ? body : undefined);

class FamilyHandle implements DefinedFamily<unknown, unknown> {
  readonly #driver: Driver;
  readonly #family: Family;
  readonly #apiVersion: string;

  constructor(driver: Driver, family: Family, apiVersion: string) {
    this.#driver = driver;
    this.#family = family;
    this.#apiVersion = apiVersion;
  }

  task(id: TaskId, options?: TaskOptions): TaskHandle {
    return read(() => new TaskHandle(this.#driver, this.#driver.tasks.shared(this.#named(id)), readTask(options)));
  }

  async status(id: TaskId, options?: CallOptions): Promise<TaskStatus<unknown>> {
    return this.task(id).status(options);
  }

  start(request: unknown, options?: TaskOptions & CallOptions): Promise<TaskHandle> {
    return promising(async () => {
      const [driver, family, apiVersion] = [this.#driver, this.#family, this.#apiVersion];
      beginToAsk(driver);
      const given = readWatch(options);
      const errand = await startErrand(family.facts, apiVersion, request);
      const id = await this.#sent<string>("", errand, given);
      const task = driver.tasks.shared({ family, id, apiVersion });
      driver.started(task);
      return new TaskHandle(driver, task, given);
    });
  }

  run(request: unknown, options?: WaitOptions<unknown>): Promise<FinishedTask<unknown>> {
    return promising(async () => {
      // Read once: what becomes of the options meanwhile loses no task.
      const given = readWait(options);
      const task = await this.start(request, given);
      return task.wait(given);
    });
  }

  details(id: TaskId, options?: CallOptions): Promise<ExportDetails> {
    return this.#asked(id, "details", "GET", anObject, options);
  }

  async cancel(id: TaskId, options?: CallOptions): Promise<void> {
    await this.#asked(id, "cancel", "POST", () => true, options);
  }

  async *errors(id: TaskId, options?: CallOptions): AsyncGenerator<CrmImportError, undefined> {
    // A page that leads back to an earlier one would never end.
    const queries = new Set<string>();
    for (let query = ""; !queries.has(query); ) {
      queries.add(query);
      const page = await this.#asked<object>(id, "errors", "GET", aPage, options, query);
      yield* own(page, "results") as CrmImportError[];
      const after = at(page, "paging.next.after");
      query = isSome(after) ? `?after=${encodeURIComponent(after as string)}` : "";
    }
    return undefined;
  }

  #named(id: TaskId) {
    const { facts } = this.#family;
    return { family: this.#family, id: readId("taskId", facts, id), apiVersion: this.#apiVersion };
  }

  /** Asks for what is no status, by a path of the family's definition. */
  #asked<Value>(
    taskId: TaskId,
    which: "details" | "cancel" | "errors",
    method: Errand["method"],
    readAnswer: Errand["read"],
    options?: CallOptions,
    query = "",
  ): Promise<Value> {
    return promising(() => {
      beginToAsk(this.#driver);
      const { id } = this.#named(taskId);
      const path = pathOf(this.#family.facts, which, this.#apiVersion, id) + query;
      return this.#sent<Value>(id, { method, path, read: readAnswer }, readLook(options));
    });
  }

  /** Nobody else gets its task: of that it says nothing. */
  #sent<Value>(id: string, errand: Errand, given: { readonly signal: TaskAbortSignal | undefined }): Promise<Value> {
    const task = this.#driver.tasks.alone({ family: this.#family, id, apiVersion: this.#apiVersion });
    return promised<Value>(this.#driver, task, { kind: "errand", errand }, given);
  }
}

/** What a client is made of. */
interface Inside {
  readonly driver: Driver;
  readonly apiVersion: string;
  /** The families that are not built in, by name, each with the text of its definition. */
  readonly defined: Map<string, { readonly handle: FamilyHandle; readonly text: string }>;
}

/** Beside the class, whose public type shows none of it. */
const insides = new WeakMap<object, Inside>();

function insideOf(client: HubSpotTasks): Inside {
  assertRoom();
  const inside = insides.get(client);
  if (!inside) throw new TypeError("this is no HubSpotTasks");
  return inside;
}

const driverOf = (client: HubSpotTasks): Driver => insideOf(client).driver;

/** The family of a definition; the same for the same one. */
function definedFamily({ driver, apiVersion, defined }: Inside, definition: unknown): FamilyHandle {
  const facts = readDefinition(definition);
  const { name } = facts;
  const text = JSON.stringify(facts);
  const before = defined.get(name);
  if (before && before.text !== text) throw refusal("definition.name", name, "a name that no other family of the client has");
  const handle = before?.handle ?? new FamilyHandle(driver, driver.define(facts), apiVersion);
  defined.set(name, { handle, text });
  return handle;
}

/** The task that a checkpoint speaks of. */
function resumed(driver: Driver, given: CheckpointGiven, how: "shared" | "alone"): TaskRecord {
  const { family, taskId: id, apiVersion, progress, others } = given;
  const task = driver.tasks[how]({ family, id, apiVersion });
  driver.engine.resumeTask(task.key, progress);
  task.others = others;
  return task;
}

/** Asks HubSpot about asynchronous tasks, and waits for them: one client for one account. */
export class HubSpotTasks {
  /** File imports from a URL; the result is the file. */
  declare readonly fileImports: TaskFamily<HubSpotFile, FileImportRequest, "fileImport">;
  /** Folder updates; the result is the folder. */
  declare readonly folderUpdates: TaskFamily<HubSpotFolder, FolderUpdateRequest, "folderUpdate">;
  /** CRM exports; the result is the URL of the exported file: it needs no token and lives five minutes. */
  declare readonly exports: ExportFamily;
  /** Source-code extracts, which have no result. */
  declare readonly sourceCodeExtracts: TaskFamily<undefined, SourceCodeExtractRequest, "sourceCodeExtract">;
  /** CRM imports: records read from files; the result is what HubSpot counted. */
  declare readonly imports: ImportFamily;

  /**
   * Reads the options; sends nothing.
   * @throws {HubSpotTaskError} INVALID_ARGUMENT, naming the option, what it got and what it takes.
   */
  constructor(options?: ClientOptions) {
    const given = read(() => readClient(options));
    const { apiVersion } = given;
    const driver = new Driver(given);
    insides.set(this, { driver, apiVersion, defined: new Map() });
    for (const family of driver.families) {
      // A family's name, in the plural.
      Object.defineProperty(this, `${family.facts.name}s`, { value: new FamilyHandle(driver, family, apiVersion) });
    }
  }

  /**
   * The task that a checkpoint speaks of: its polling goes on from there, in the checkpoint's API version. Sends nothing.
   * @throws {HubSpotTaskError} INVALID_ARGUMENT for what is no checkpoint, or one of a later version.
   */
  resume<Family extends TaskFamilyName>(checkpoint: Checkpoint<Family>, options?: TaskOptions): Task<ResultOf<Family>, Family> {
    const driver = driverOf(this);
    const handle = read(() => {
      const given = readCheckpoint(checkpoint, driver.families);
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
      const given = readCheckpoint(checkpoint, driver.families);
      beginToAsk(driver);
      const callGiven = readLook(options);
      const task = resumed(driver, given, "alone");
      return promised(driver, task, { kind: "pollOnce", deadlineMs: given.deadlineMs }, callGiven);
    });
  }

  /**
   * A family that HubSpot has besides, by its definition: the same object for the same definition.
   * @throws {HubSpotTaskError} INVALID_ARGUMENT, naming every field that is wrong, or a name that another family has.
   */
  family<Result, Request>(definition: FamilyDefinition<Result, Request>): DefinedFamily<Result, Request> {
    const inside = insideOf(this);
    return read(() => definedFamily(inside, definition)) as DefinedFamily<Result, Request>;
  }

  /**
   * Waits for many tasks, and ends when all have ended: the failure of one stops no other. Rejects where `signal` aborts, and
   * with what `onProgress` throws.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tasks of whatever results
  all<Of extends Task<any>>(
    tasks: Iterable<Of>,
    options?: CallOptions & TaskOptions & { onProgress?: ((progress: Progress) => void) | null | undefined },
  ): Promise<Settled<Of>[]> {
    return promising(async () => {
      const driver = driverOf(this);
      beginToAsk(driver);
      return waitForAll(driver, readTasks(tasks), readAll(options)) as Promise<Settled<Of>[]>;
    });
  }

  /** What the finished tasks took: plain JSON for the option `learned` of another page or process. */
  learned(): Learned {
    const { engine, families } = driverOf(this);
    return learnedBy(families, (family, phase) => engine.learned(family, phase));
  }
}

/**
 * A definition of a family that HubSpot has besides, for {@link HubSpotTasks.family}: docs/families.md. Give the types of
 * its results and its requests: `defineFamily<string, { to: string }>({ … })`.
 * @throws {HubSpotTaskError} INVALID_ARGUMENT, naming every field that is wrong.
 */
export function defineFamily<Result = unknown, Request = unknown>(
  definition: FamilyDefinition<Result, Request>,
): FamilyDefinition<Result, Request> {
  return read(() => checked(definition)) as FamilyDefinition<Result, Request>;
}

/**
 * What a status says about its task. Without a family, COMPLETE without errors is taken for succeeded.
 * @throws {HubSpotTaskError} INVALID_ARGUMENT
 */
export function outcomeOf(
  status: TaskStatus<unknown>,
  family?: TaskFamilyName | FamilyDefinition | null,
): Outcome {
  const { status: copy, family: facts } = read(() => readStatus(status, family));
  return OUTCOMES[outcomeInEngine(readEnvelope(copy, facts ?? USUAL) ?? {}, facts?.result !== undefined)] as Outcome;
}
