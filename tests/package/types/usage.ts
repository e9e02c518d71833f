// Every call and every type of the package, as a user writes them. Compiled, never run; needs no type of any host.
import {
  HubSpotTaskError,
  HubSpotTasks,
  init,
  isHubSpotTaskError,
  outcomeOf,
  defineFamily,
  type CrmImport,
  type CrmImportError,
  type CrmImportFile,
  type CrmImportRequest,
  type CrmImportResult,
  type CrmImportSource,
  type DefinedFamily,
  type DuplicateValidationScope,
  type DuplicateValidationStrategy,
  type ExportDetails,
  type ExportFamily,
  type ExportFormat,
  type ExportRequest,
  type ExportType,
  type FamilyDefinition,
  type FamilyPath,
  type FileImportRequest,
  type FolderUpdateRequest,
  type ImportCounters,
  type ImportFamily,
  type ImportObjectList,
  type Progress,
  type Settled,
  type SourceCodeExtractRequest,
  type CallOptions,
  type Checkpoint,
  type ClientOptions,
  type Clock,
  type ErrorContext,
  type ErrorDetail,
  type FetchInit,
  type FetchLike,
  type FileAccess,
  type FileSourceGroup,
  type FinishedTask,
  type HttpErrorBody,
  type HubSpotFile,
  type HubSpotFolder,
  type HubSpotTaskErrorCode,
  type Learned,
  type Links,
  type Outcome,
  type Pace,
  type PollStep,
  type ResponseLike,
  type ResultOf,
  type RunningStep,
  type StandardError,
  type SubCategory,
  type SuccessfulStep,
  type Task,
  type TaskAbortSignal,
  type TaskEvent,
  type TaskFamily,
  type TaskFamilyName,
  type TaskEstimate,
  type TaskId,
  type TaskLocator,
  type TaskOptions,
  type TaskState,
  type TaskSnapshot,
  type TaskStatus,
  type UnsuccessfulStep,
  type WaitOptions,
} from "hubspot-async-tasks";
import { createSimulator, type Simulator } from "hubspot-async-tasks/simulator";

/** Whether two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where the type is `true` alone. */
function is<_Holds extends true>(): void {}

// Clients
new HubSpotTasks();
new HubSpotTasks({});
const simulator: Simulator = createSimulator();
const clock: Clock = { now: () => 0, setTimeout: (_callback, _ms) => 1, clearTimeout: (_handle: number) => {} };
const fetchLike: FetchLike = async (url, init) => {
  const { method, headers, body, signal, redirect, cache }: FetchInit = init;
  const aborted: boolean | undefined = signal?.aborted;
  return {
    status: 200,
    ok: true,
    headers: { "content-type": method },
    body: [url, headers["x"], body, redirect, cache, aborted],
  };
};
const options: ClientOptions = {
  token: "a",
  baseUrl: "/hubspot",
  apiVersion: "v3",
  headers: { "x-own": "1" },
  fetch: fetchLike,
  pace: "batch",
  minIntervalMs: 1_000,
  maxIntervalMs: 60_000,
  timeoutMs: Infinity,
  requestTimeoutMs: 30_000,
  rateLimit: { requests: 100, perMs: 10_000 },
  maxConcurrent: 20,
  learned: true,
  onEvent: (event) => event.at.toFixed(),
  clock,
};
const client = new HubSpotTasks(options);
new HubSpotTasks({
  token: ({ refresh }) => (refresh ? "new" : "old"),
  fetch: simulator.fetch,
  clock: undefined,
  pace: null,
});
// Tokens of an environment, which may lack them.
declare const environment: Record<string, string | undefined>;
new HubSpotTasks({ token: () => environment["HUBSPOT_TOKEN"] });
new HubSpotTasks({ token: async () => environment["HUBSPOT_TOKEN"] ?? null });
// The fetch of HubSpot's UI extensions, and functions around it.
declare const hubspot: {
  fetch(
    resource: string,
    options?: {
      method?: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
      headers?: Record<string, string>;
      body?: Record<string, unknown>;
      timeout?: number;
    },
  ): Promise<{ status: number; ok: boolean; headers: { get(name: string): string | null }; json(): Promise<unknown> }>;
};
declare function fetchByParts(parts: { path: string; method?: "GET" | "POST"; body?: string }): Promise<ResponseLike>;
new HubSpotTasks({ fetch: hubspot.fetch });
new HubSpotTasks({ fetch: (url, init) => hubspot.fetch(url, init) });
new HubSpotTasks({ fetch: (url, { method, headers }) => hubspot.fetch(url, { method, headers }) });
new HubSpotTasks({ fetch: (url, { method, body }) => fetchByParts({ path: url, method, body }) });
new HubSpotTasks({ token: async () => "a", apiVersion: "2031-03", pace: 1.5 });
for (const pace of ["interactive", "batch", 3] satisfies Pace[]) new HubSpotTasks({ pace });
new HubSpotTasks({ rateLimit: false, learned: false, onEvent: null, maxConcurrent: null });
new HubSpotTasks({ rateLimit: null, learned: null, onEvent: undefined, maxConcurrent: undefined });
new HubSpotTasks({ onEvent: async ({ type }) => type === "asked" });

// Ahead of time
const ready: Promise<void> = init();

// What a fetch may give
const text: ResponseLike = { status: 200, text: async () => "" };
const json: ResponseLike = { status: 200, headers: { get: () => null }, json: async () => ({}) };
const plain: ResponseLike = { status: 200, headers: { "retry-after": "1" }, body: {} };
new HubSpotTasks({ fetch: async () => [text, json, plain][0]! });

// Families and handles
is<Same<typeof client.fileImports, TaskFamily<HubSpotFile, FileImportRequest, "fileImport">>>();
is<Same<typeof client.folderUpdates, TaskFamily<HubSpotFolder, FolderUpdateRequest, "folderUpdate">>>();
is<Same<typeof client.exports, ExportFamily>>();
is<Same<typeof client.imports, ImportFamily>>();
const anyFamily: TaskFamily<string, ExportRequest> = client.exports;
is<Same<typeof client.sourceCodeExtracts, TaskFamily<undefined, SourceCodeExtractRequest, "sourceCodeExtract">>>();
const ids: TaskId[] = ["90151673", 90151673, 90151673n];
const taskOptions: TaskOptions = { pace: "interactive", timeoutMs: 0 };
const task: Task<string, "export"> = client.exports.task(ids[0]!, taskOptions);
const anyTask: Task<string> = task;
const id: string = task.id;
is<Same<TaskFamilyName, "fileImport" | "folderUpdate" | "export" | "sourceCodeExtract" | "import" | (string & {})>>();
is<Same<typeof task.family, "export">>();
is<Same<typeof task.latest, TaskStatus<string> | undefined>>();

async function calls(signal: TaskAbortSignal): Promise<void> {
  const callOptions: CallOptions = { signal };
  const status: TaskStatus<HubSpotFile> = await client.fileImports.status(id, callOptions);
  const word: TaskState = status.status;
  const dates: (string | null | undefined)[] = [
    status.requestedAt,
    status.startedAt,
    status.completedAt,
    status.taskId,
  ];
  const count: number | null | undefined = status.numErrors;
  const errors: StandardError[] = status.errors ?? [];
  const link: string | undefined = status.links?.["status"];
  const fileUrl: string | null | undefined = status.result?.url;

  const waitOptions: WaitOptions<string> = {
    signal,
    pace: 2,
    timeoutMs: 5_000,
    onStatus: (status) => status.result?.toUpperCase(),
  };
  const finished: FinishedTask<string> = await task.wait(waitOptions);
  is<Same<typeof finished.outcome, "succeeded" | "succeededWithErrors">>();
  const exported: string = finished.result;
  const polls: number = finished.polls;
  const delay: number | undefined = finished.detectionDelayMs;
  await client.folderUpdates.task("a").wait({ onStatus: async ({ status }) => status === "PROCESSING" });
  const folder: HubSpotFolder = (await client.folderUpdates.task("a").wait()).result;
  const nothing: undefined = (await client.sourceCodeExtracts.task(7).wait()).result;
  await task.status();
  await task.status({ signal: null });
  void [word, dates, count, errors, link, fileUrl, exported, polls, delay, folder.name, nothing];
}

// Statuses, one after the other
async function iterated(signal: TaskAbortSignal): Promise<void> {
  for await (const status of task) {
    is<Same<typeof status, TaskStatus<string>>>();
    const result: string | null | undefined = status.result;
    void result;
  }
  for await (const { result } of client.folderUpdates.task("a").statuses({ signal, pace: "batch", timeoutMs: 5_000 })) {
    const folder: HubSpotFolder | null | undefined = result;
    void folder;
  }
  task.statuses({});
  const iterator: AsyncIterableIterator<TaskStatus<string>> = task.statuses();
  const { value, done } = await iterator.next();
  await iterator.return?.();
  const own: AsyncIterator<TaskStatus<string>> = task[Symbol.asyncIterator]();
  void [value, done, own];
}

// What frameworks draw
function watched(): void {
  const snapshot: TaskSnapshot<string> = task.snapshot();
  const stop: () => void = task.subscribe(() => void task.snapshot());
  const finished: Promise<FinishedTask<string>> = task.finished;
  const phase: "idle" | "waiting" | "asking" | "retrying" | "paused" | "over" = snapshot.phase;
  const code: HubSpotTaskErrorCode | undefined = snapshot.problem?.code;
  const shown: unknown[] = [snapshot.status?.status, snapshot.nextPollAtMs?.toFixed(), snapshot.polls.toFixed(), snapshot.error];
  const url: string | undefined = snapshot.result;
  const medianMs: number | undefined = snapshot.estimate?.medianMs;
  void [stop, finished, phase, code, shown, url, medianMs, watched];
}

// Checkpoints
async function checkpoints(signal: TaskAbortSignal): Promise<void> {
  const checkpoint: Checkpoint<"export"> = task.checkpoint();
  const wider: Checkpoint = checkpoint;
  const estimate: TaskEstimate | undefined = task.estimate();
  const estimatedMs: (number | undefined)[] = [estimate?.medianMs, estimate?.ninetyPercentMs];
  const json: string = JSON.stringify(checkpoint);
  const version: 1 = checkpoint.version;
  const taskId: string = checkpoint.taskId;
  const apiVersion: string = checkpoint.apiVersion;
  const family: "export" = checkpoint.family;
  const counts: (number | undefined)[] = [checkpoint.polls, checkpoint.faults];
  const instants: (number | undefined)[] = [
    checkpoint.startedMs,
    checkpoint.processingMs,
    checkpoint.dueMs,
    checkpoint.deadlineMs,
  ];
  const queued: boolean | undefined = checkpoint.queued;
  const kept: Checkpoint = JSON.parse(json);
  const started: Checkpoint = { version: 1, family: "export", taskId: "7", apiVersion: "2026-03", startedMs: 0 };
  // What was started elsewhere, in place.
  const file = client.resume({ version: 1, family: "fileImport", taskId: "a", apiVersion: "2026-03" });
  is<Same<typeof file, Task<HubSpotFile, "fileImport">>>();
  const fileUrl: string | null | undefined = (await file.wait()).result.url;
  const resumed: Task<string, "export"> = client.resume(checkpoint, taskOptions);
  is<Same<ResultOf<"fileImport">, HubSpotFile>>();
  is<Same<ResultOf<"folderUpdate">, HubSpotFolder>>();
  is<Same<ResultOf<"export">, string>>();
  is<Same<ResultOf<"sourceCodeExtract">, undefined>>();
  is<Same<ResultOf<"import">, CrmImportResult>>();
  is<Same<ResultOf<"email">, unknown>>();
  const any = client.resume(kept);
  is<Same<typeof any.family, TaskFamilyName>>();
  client.resume(started);
  void [wider, estimatedMs, version, taskId, apiVersion, family, counts, instants, queued, fileUrl, any];

  // A queue worker: no cast, no `!`.
  const step: PollStep<"export"> = await client.poll(resumed.checkpoint(), { signal });
  const next: Checkpoint<"export"> = step.checkpoint;
  if (!step.done) {
    const running: RunningStep<"export"> = step;
    const delayMs: number = running.delayMs;
    const fault: HubSpotTaskError | undefined = step.fault;
    const word: TaskState | undefined = step.status?.status;
    is<Same<typeof step.outcome, "running">>();
    void [delayMs, fault, word];
    await client.poll(next);
    return;
  }
  const ended: TaskState = step.status.status;
  switch (step.outcome) {
    case "succeeded":
    case "succeededWithErrors": {
      const successful: SuccessfulStep<"export", "succeeded"> | SuccessfulStep<"export", "succeededWithErrors"> = step;
      const url: string = step.result;
      void [successful, url];
      break;
    }
    case "failed":
    case "canceled": {
      const unsuccessful: UnsuccessfulStep<"export", "failed"> | UnsuccessfulStep<"export", "canceled"> = step;
      const reason: string = step.error.message;
      void [unsuccessful, reason];
      break;
    }
    default:
      step satisfies never;
  }
  const outcome: Outcome = step.outcome;
  // Of a checkpoint of whatever family: its name tells.
  const some: PollStep = await client.poll(kept);
  const result: unknown = some.outcome === "succeeded" ? some.result : undefined;
  void result;
  void [ended, outcome];
}

// The columns and fields that keep JSON: Prisma's, TypeORM's and Drizzle's, BullMQ's, a record's.
type JsonValue = string | number | boolean | JsonObject | JsonArray | { toJSON(): unknown };
type JsonObject = { readonly [Key in string]?: JsonValue | null };
interface JsonArray extends ReadonlyArray<JsonValue | null> {}

function columns(checkpoint: Checkpoint, step: PollStep<"fileImport">): void {
  const prisma: JsonValue = checkpoint;
  const nested: JsonValue = { checkpoint: step.checkpoint, left: [checkpoint] };
  const record: Record<string, unknown> = checkpoint;
  const index: { [name: string]: string | number | boolean | null | undefined } = checkpoint;
  const columnType: object = step.checkpoint;
  void [prisma, nested, record, index, columnType];
}

// What was learned
const learned: Learned = client.learned();
const seconds: number[] | undefined = learned.export?.whole ?? learned.fileImport?.processing;
new HubSpotTasks({ learned });
new HubSpotTasks({ learned: { export: { whole: [60, 61.5] }, folderUpdate: { processing: [] } } });

// Events
function told(event: TaskEvent): string | number | undefined {
  const { family, taskId, at }: { family: TaskFamilyName; taskId: string; at: number } = event;
  switch (event.type) {
    case "asked":
      return event.poll;
    case "answered":
      return event.poll + event.httpStatus + event.durationMs;
    case "changed":
      return event.status satisfies TaskState;
    case "retrying":
      return `${event.code satisfies HubSpotTaskErrorCode} ${event.delayMs}`;
    case "throttled":
      is<Same<typeof event.reason, "budget" | "rate-limit" | "retry-after">>();
      return event.delayMs;
    case "finished":
      is<Same<typeof event.outcome, Outcome | "error" | "aborted">>();
      return event.detectionDelayMs ?? event.polls;
    default:
      return (event satisfies never, family, taskId, at);
  }
}
new HubSpotTasks({ onEvent: told });

// Errors
async function handled(): Promise<HubSpotTaskErrorCode | undefined> {
  try {
    await task.wait();
  } catch (error) {
    if (isHubSpotTaskError(error)) {
      const own: HubSpotTaskError = error;
      const {
        code,
        family,
        taskId,
        httpStatus,
        category,
        correlationId,
        requiredScopes,
        retryAfterMs,
        lastStatus,
        polls,
        checkpoint,
        cause,
      } = own;
      const retryAfter: number | undefined = retryAfterMs;
      const scopes: string[] | undefined = requiredScopes;
      const last: TaskStatus<unknown> | undefined = lastStatus;
      const name: TaskFamilyName | undefined = family;
      const goesOn: Checkpoint | undefined = checkpoint;
      if (goesOn) await client.resume(goesOn).wait();
      void [
        taskId,
        httpStatus,
        category,
        correlationId,
        retryAfter,
        scopes,
        last,
        name,
        polls,
        cause,
        own.toJSON(),
        own.message,
        own.stack,
      ];
      switch (code) {
        case "INVALID_ARGUMENT":
        case "UNAUTHORIZED":
        case "FORBIDDEN":
        case "NOT_FOUND":
        case "RATE_LIMITED":
        case "MIGRATING":
        case "HTTP":
        case "NETWORK":
        case "INVALID_RESPONSE":
        case "TIMEOUT":
        case "CANCELED":
        case "FAILED":
        case "UNKNOWN_OUTCOME":
        case "WASM_BLOCKED":
        case "INTERNAL":
          return code;
        default:
          return code satisfies never;
      }
    }
    if (error instanceof HubSpotTaskError && error.isRetryable) throw error;
    if (error instanceof HubSpotTaskError) return error.code;
  }
  return undefined;
}

// Outcomes
is<Same<Outcome, "running" | "succeeded" | "succeededWithErrors" | "failed" | "canceled">>();
const outcome: Outcome = outcomeOf({ status: "COMPLETE", result: 1 }, "export");
outcomeOf({ status: "SOMETHING_NEW" });

// Models
const file: HubSpotFile = {
  id: "1",
  access: "PUBLIC_INDEXABLE",
  archived: false,
  archivedAt: null,
  createdAt: "",
  updatedAt: "",
  defaultHostingUrl: "",
  encoding: "",
  expiresAt: 1,
  extension: "png",
  fileMd5: "",
  height: 1,
  width: 1,
  isUsableInContent: true,
  name: "",
  parentFolderId: "",
  path: "",
  size: 1,
  sourceGroup: "CONTENT",
  type: "IMG",
  url: "",
};
const access: FileAccess[] = [
  "HIDDEN_INDEXABLE",
  "HIDDEN_NOT_INDEXABLE",
  "HIDDEN_PRIVATE",
  "HIDDEN_SENSITIVE",
  "PRIVATE",
  "PUBLIC_INDEXABLE",
  "PUBLIC_NOT_INDEXABLE",
  "SENSITIVE",
  "A_NEW_ONE",
];
const groups: FileSourceGroup[] = ["CONTENT", "CONVERSATIONS", "FORMS", "UI_EXTENSIONS", "UNKNOWN", "A_NEW_ONE"];
const folder: HubSpotFolder = {
  id: "1",
  archived: false,
  archivedAt: null,
  createdAt: "",
  updatedAt: "",
  name: "",
  parentFolderId: "",
  path: "",
};
const contexts: ErrorContext[] = ["{missingScopes=[a]}", { id: ["1"] }];
const subCategories: SubCategory[] = ["WORD", { any: 1 }];
const detail: ErrorDetail = { code: "", context: contexts[0]!, in: "", message: "", subCategory: "" };
const standard: StandardError = {
  category: "",
  context: contexts[1]!,
  errors: [detail],
  id: "",
  links: { a: "" },
  message: "",
  status: "error",
  subCategory: subCategories[1]!,
};
const httpError: HttpErrorBody = {
  category: "",
  correlationId: "",
  context: contexts[0]!,
  errorType: "RATE_LIMIT",
  errors: [detail],
  links: {},
  message: "",
  policyName: "DAILY",
  requestId: "",
  status: "error",
  subCategory: null,
};
const links: Links[] = [{ status: "" }, [{ href: "" }]];
const locator: TaskLocator = { id: "1", links: links[0]! };
const states: TaskState[] = ["PENDING", "PROCESSING", "COMPLETE", "CANCELED", "A_NEW_ONE"];
const empty: [HubSpotFile, HubSpotFolder, StandardError, ErrorDetail, HttpErrorBody, TaskLocator] = [
  {},
  {},
  {},
  {},
  {},
  {},
];

void [ready, anyFamily, anyTask, calls, iterated, checkpoints, columns, seconds, handled, outcome, file, access, groups, folder, standard, httpError];
void [locator, states, empty];

// Starting
export async function starts(signal: TaskAbortSignal): Promise<void> {
  const access: FileAccess = "PRIVATE";
  const scope: DuplicateValidationScope = "EXACT_FOLDER";
  const strategy: DuplicateValidationStrategy = "REJECT";
  const file: FileImportRequest = { url: "https://example.com/a.pdf", folderPath: "/a", access, newerField: 1 };
  const imported: Task<HubSpotFile, "fileImport"> = await client.fileImports.start(
    { ...file, duplicateValidationScope: scope, duplicateValidationStrategy: strategy },
    { signal, pace: "batch", timeoutMs: 60_000 },
  );
  const folder: FolderUpdateRequest = { id: "7", parentFolderId: 8n };
  const moved: FinishedTask<HubSpotFolder> = await client.folderUpdates.run(folder, { onStatus: ({ status }) => status });
  const type: ExportType = "LIST";
  const format: ExportFormat = "XLSX";
  const request: ExportRequest = { exportType: type, format, objectProperties: ["email"], listId: 7 };
  const exported: FinishedTask<string> = await client.exports.run(request);
  const details: ExportDetails = await client.exports.details("7");
  const extract: SourceCodeExtractRequest = { path: "a.zip" };
  await client.sourceCodeExtracts.run(extract);
  const row: CrmImportFile = { fileName: "a.csv", fileFormat: "CSV", fileImportPage: { hasHeader: true } };
  const crm: CrmImport = { name: "a", importOperations: { "0-1": "UPSERT" }, files: [row] };
  const sources: CrmImportSource[] = [new Uint8Array(), "a.csv"];
  const crmRequest: CrmImportRequest = { importRequest: crm, files: sources };
  const done: FinishedTask<CrmImportResult> = await client.imports.run(crmRequest);
  const counters: ImportCounters | null | undefined = done.result.counters;
  const lists: ImportObjectList[] | null | undefined = done.result.objectLists;
  for await (const error of client.imports.errors("7", { signal })) {
    const wrong: CrmImportError = error;
    const at: number | null | undefined = error.createdAt;
    void [wrong, at];
  }
  await client.imports.cancel(7);
  void [imported, moved, exported, details, counters, lists];
}

// Families that are not built in, and many tasks
export async function defines(): Promise<void> {
  const path: FamilyPath = { numbered: "/a/{version}/{taskId}", dated: "/{version}/a/{taskId}" };
  const definition: FamilyDefinition<string, { to: string }> = defineFamily<string, { to: string }>({
    name: "email",
    paths: { status: path, start: "/a" },
    result: { field: "sendResult", oneOf: ["SENT"] },
    start: { answers: { field: "statusId" } },
  });
  const emails: DefinedFamily<string, { to: string }> = client.family(definition);
  const sent: FinishedTask<string> = await emails.run({ to: "a@example.com" });
  const more: object = await emails.details("7");
  const outcome: Outcome = outcomeOf({ status: "COMPLETE" }, definition);
  const all: Settled<Task<string>>[] = await client.all([emails.task("7"), client.exports.task("8")], {
    onProgress({ done, failed, total, expectedEndMs = 0 }: Progress) {
      void [done, failed, total, expectedEndMs];
    },
  });
  for (const settled of all) {
    const told: unknown = "error" in settled ? settled.error : settled.finished.result;
    void told;
  }
  void [sent, more, outcome];
}
