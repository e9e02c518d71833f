// Clients of ESM, of CommonJS and made by hand fit one another: none has a private member. Compiled, never run.
import * as esm from "hubspot-async-tasks";
import * as slim from "hubspot-async-tasks/slim";
import type {
  Checkpoint,
  CrmImportRequest,
  CrmImportResult,
  ExportRequest,
  FileImportRequest,
  FinishedTask,
  FolderUpdateRequest,
  HubSpotFile,
  HubSpotFolder,
  SourceCodeExtractRequest,
  Task,
  TaskFamily,
  TaskFamilyName,
  TaskStatus,
} from "hubspot-async-tasks";
import { commonJs, type HubSpotTaskError, type HubSpotTasks } from "./commonjs.cjs";

// A task, a family and a client of a test's own.
const checkpoint: Checkpoint = { version: 1, family: "export", taskId: "7", apiVersion: "v3" };

function mockTask<Result, Family extends TaskFamilyName>(result: Result, family: Family): Task<Result, Family> {
  return {
    id: "7",
    family,
    latest: undefined,
    status: async () => ({ status: "PENDING" }),
    wait: async () => ({ outcome: "succeeded", status: { status: "COMPLETE", result }, result, polls: 1 }),
    async *statuses(): AsyncIterableIterator<TaskStatus<Result>> {
      yield { status: "COMPLETE", result };
    },
    [Symbol.asyncIterator]() {
      return this.statuses();
    },
    checkpoint: () => ({ ...checkpoint, family }),
    estimate: () => undefined,
    subscribe: () => () => undefined,
    snapshot: () => ({ phase: "idle", outcome: "running", polls: 0 }),
    finished: new Promise(() => undefined),
  };
}

function mockFamily<Result, Request, Family extends TaskFamilyName>(
  result: Result,
  family: Family,
): TaskFamily<Result, Request, Family> {
  const finished: FinishedTask<Result> = { outcome: "succeeded", status: { status: "COMPLETE", result }, result, polls: 1 };
  return {
    task: () => mockTask(result, family),
    status: async () => ({ status: "COMPLETE", result }),
    start: async () => mockTask(result, family),
    run: async () => finished,
  };
}

const cancel = async (): Promise<void> => undefined;
const details = async (): Promise<object> => ({});

const mock: esm.HubSpotTasks = {
  fileImports: mockFamily<HubSpotFile, FileImportRequest, "fileImport">({ name: "a" }, "fileImport"),
  folderUpdates: mockFamily<HubSpotFolder, FolderUpdateRequest, "folderUpdate">({ name: "b" }, "folderUpdate"),
  exports: { ...mockFamily<string, ExportRequest, "export">("https://exports.example/1.csv", "export"), details: async () => ({}) },
  sourceCodeExtracts: mockFamily<undefined, SourceCodeExtractRequest, "sourceCodeExtract">(undefined, "sourceCodeExtract"),
  imports: {
    ...mockFamily<CrmImportResult, CrmImportRequest, "import">({}, "import"),
    async *errors() {
      yield { errorType: "INVALID_EMAIL" };
    },
    cancel,
  },
  family: <Result, Request>() => ({
    ...mockFamily<Result, Request, string>("x" as never, "email"),
    details,
    cancel,
    async *errors() {
      yield {};
    },
  }),
  all: async () => [],
  // What a mock gives is of the one family that it is for.
  resume: ({ family }) => mockTask("x" as never, family),
  poll: async (checkpoint) => ({ done: false, outcome: "running", checkpoint, delayMs: 1_000 }),
  learned: () => ({}),
};

class Fake implements esm.HubSpotTasks {
  readonly fileImports = mock.fileImports;
  readonly folderUpdates = mock.folderUpdates;
  readonly exports = mock.exports;
  readonly sourceCodeExtracts = mock.sourceCodeExtracts;
  readonly imports = mock.imports;
  family = mock.family;
  all = mock.all;
  resume = mock.resume;
  poll = mock.poll;
  learned = mock.learned;
}

// Each where another is wanted.
const toEsm: esm.HubSpotTasks[] = [new commonJs.HubSpotTasks(), new slim.HubSpotTasks(), mock, new Fake()];
const toCommonJs: HubSpotTasks[] = [new esm.HubSpotTasks(), new slim.HubSpotTasks(), mock, new Fake()];
const families: TaskFamily<string, ExportRequest>[] = [...toEsm, ...toCommonJs].map(({ exports }) => exports);
const tasks: Task<string>[] = families.map((family) => family.task("7"));

// Their errors, and the classes themselves.
const errors = (error: unknown): (esm.HubSpotTaskError | HubSpotTaskError)[] =>
  esm.isHubSpotTaskError(error) && commonJs.isHubSpotTaskError(error) ? [error] : [];
const crossed = (ofEsm: esm.HubSpotTaskError, ofCommonJs: HubSpotTaskError): [HubSpotTaskError, esm.HubSpotTaskError] => [
  ofEsm,
  ofCommonJs,
];
const module: typeof esm = commonJs;
const other: typeof commonJs = esm;
const mockable: Pick<esm.HubSpotTasks, keyof esm.HubSpotTasks> = new commonJs.HubSpotTasks();

void [tasks, errors, crossed, module, other, mockable];
