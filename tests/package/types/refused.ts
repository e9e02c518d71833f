// What must not compile: each line under an expectation is an error, or the compiler complains. Never run.
import {
  HubSpotTaskError,
  HubSpotTasks,
  defineFamily, outcomeOf,
  type Checkpoint,
  type HubSpotFile,
  type Task,
  type TaskFamily,
  type TaskStatus,
} from "hubspot-async-tasks";
import { createSimulator, faults } from "hubspot-async-tasks/simulator";

const client = new HubSpotTasks();
const task = client.exports.task("7");

// Options
// @ts-expect-error -- no such pace
new HubSpotTasks({ pace: "fast" });
// @ts-expect-error -- a span is a number
new HubSpotTasks({ timeoutMs: "5" });
// @ts-expect-error -- no such option
new HubSpotTasks({ retries: 5 });
// @ts-expect-error -- an event has a type
new HubSpotTasks({ onEvent: (event) => event.kind });
// @ts-expect-error -- not every event has a poll
new HubSpotTasks({ onEvent: (event) => event.poll });
// @ts-expect-error -- a limit is in a time
new HubSpotTasks({ rateLimit: { requests: 5 } });
// @ts-expect-error -- no limit is false
new HubSpotTasks({ rateLimit: true });
// @ts-expect-error -- durations are numbers
new HubSpotTasks({ learned: { export: { whole: ["5"] } } });
// @ts-expect-error -- a token is text
new HubSpotTasks({ token: 5 });
// @ts-expect-error -- a token function gives text
new HubSpotTasks({ token: () => 5 });
// @ts-expect-error -- header values are text
new HubSpotTasks({ headers: { a: 1 } });
// @ts-expect-error -- a fetch gives a promise of a response
new HubSpotTasks({ fetch: async () => "text" });
// @ts-expect-error -- a response has a numeric status
new HubSpotTasks({ fetch: async () => ({ status: "200" }) });
// @ts-expect-error -- a clock has three functions
new HubSpotTasks({ clock: { now: () => 0 } });
// @ts-expect-error -- options are an object
new HubSpotTasks("https://api.hubapi.com");

// Families and ids
// @ts-expect-error -- no such family
client.emails;
// @ts-expect-error -- a family cannot be replaced
client.exports = client.exports;
// @ts-expect-error -- an id is needed
client.exports.task();
// @ts-expect-error -- null is no id
client.exports.status(null);
// @ts-expect-error -- a later version has it
client.exports.start({});
// @ts-expect-error -- a signal is no boolean
client.exports.status("7", { signal: true });
// @ts-expect-error -- task() takes no onStatus
client.exports.task("7", { onStatus: () => {} });

// Tasks and results
// @ts-expect-error -- what is read alone
task.id = "8";
// @ts-expect-error -- there may be no status yet
task.latest.status;
// @ts-expect-error -- nothing is to be freed
task.free();
// @ts-expect-error -- nothing is to be freed
client.free();
// @ts-expect-error -- no options but these
task.wait({ retries: 5 });
// @ts-expect-error -- a handle is made by task()
new Task();
// @ts-expect-error -- an iteration hears statuses as it goes
task.statuses({ onStatus: () => {} });
// @ts-expect-error -- statuses come one after the other, later
for (const status of task) void status;

// Checkpoints
// @ts-expect-error -- a checkpoint has a version
client.resume({ family: "export", taskId: "7", apiVersion: "2026-03" });
// @ts-expect-error -- an id is no checkpoint
client.resume("7");
// @ts-expect-error -- version 2 is not known
client.poll({ version: 2, family: "export", taskId: "7", apiVersion: "2026-03" });
// @ts-expect-error -- a field in the wrong case
client.resume({ version: 1, family: "export", taskId: "7", apiVersion: "2026-03", deadlineMS: 5 });
// @ts-expect-error -- an id is text in a checkpoint
client.resume({ version: 1, family: "export", taskId: 7, apiVersion: "2026-03" });
// @ts-expect-error -- a single poll has no deadline of its own
client.poll(task.checkpoint(), { timeoutMs: 5 });
// @ts-expect-error -- a task has one, it takes none
task.checkpoint({});

async function results(): Promise<void> {
  const extract = await client.sourceCodeExtracts.task("7").wait();
  // @ts-expect-error -- an extract has no result
  const text: string = extract.result;
  // @ts-expect-error -- nor has its status
  extract.status.result.length;
  // @ts-expect-error -- an export's result is text
  const file: HubSpotFile = (await task.wait()).result;
  // @ts-expect-error -- a status may lack its result
  const url: string = (await task.status()).result;
  // @ts-expect-error -- a wait that failed rejects
  (await task.wait()).outcome === "failed";
  const status: TaskStatus<string> = await task.status();
  // @ts-expect-error -- a number of errors may be missing
  status.numErrors + 1;
  for await (const { result } of task) {
    // @ts-expect-error -- a running task has no result yet
    result.length;
  }
  const step = await client.poll(task.checkpoint());
  // @ts-expect-error -- a task that is over is not asked again
  step.delayMs + 1;
  // @ts-expect-error -- there may be no status
  step.status.status;
  // @ts-expect-error -- a task that is not over has no result
  step.result;
  if (step.outcome === "succeeded") {
    // @ts-expect-error -- what succeeded has no error
    step.error;
    // @ts-expect-error -- an export's result is text
    step.result.url;
  }
  if (step.outcome === "failed") {
    // @ts-expect-error -- what failed has no result
    step.result;
  }
  if (step.done) {
    // @ts-expect-error -- what is over is not running
    step.outcome === "running";
  }
  // @ts-expect-error -- a file's checkpoint gives a file
  const made: string = (await client.resume(client.fileImports.task("a").checkpoint()).wait()).result;
  // @ts-expect-error -- a checkpoint is of its family
  const other: Checkpoint<"fileImport"> = task.checkpoint();
  // @ts-expect-error -- there may be nothing learned of a family
  client.learned().export.whole;
  void [text, file, url, made, other];
}

// @ts-expect-error -- a file's handle is no export's
const wrong: Task<string> = client.fileImports.task("a");
// @ts-expect-error -- nor is its family
const wrongFamily: TaskFamily<string> = client.fileImports;

// Errors and outcomes
// @ts-expect-error -- errors are made by the package
new HubSpotTaskError("no");
declare const error: HubSpotTaskError;
// @ts-expect-error -- no such code
error.code === "ABORTED";
// @ts-expect-error -- what is read alone
error.code = "HTTP";
// @ts-expect-error -- a TIMEOUT alone has it
error.checkpoint.taskId;
// @ts-expect-error -- a status has a status
outcomeOf({});
// @ts-expect-error -- a definition has paths
outcomeOf({ status: "COMPLETE" }, { name: "email" });

// Starting
// @ts-expect-error -- a file is imported from a URL
client.fileImports.start({ folderPath: "/a" });
// @ts-expect-error -- an id is a text
client.folderUpdates.start({ id: 7 });
// @ts-expect-error -- an export's type is needed
client.exports.run({ format: "CSV" });
// @ts-expect-error -- files are needed
client.imports.start({ importRequest: { name: "a" } });
// @ts-expect-error -- exports cannot be canceled
client.exports.cancel("7");
// @ts-expect-error -- a family has a name
defineFamily({ paths: { status: "/a/{taskId}" } });
// @ts-expect-error -- there are three forms of ids
defineFamily({ name: "a", paths: { status: "/a/{taskId}" }, id: "uuid" });
// @ts-expect-error -- a request is of its family's type
client.family(defineFamily<string, { to: string }>({ name: "a", paths: { status: "/a/{taskId}" } })).start({ from: "b" });
// @ts-expect-error -- ids are no tasks
client.all(["7"]);

// The simulator
// @ts-expect-error -- no such family
createSimulator().addTask("exports");
// @ts-expect-error -- nor when it is drawn
createSimulator().addRandomTask("exports");
// @ts-expect-error -- a limit is in a time
createSimulator({ rateLimit: { requests: 5 } });
// @ts-expect-error -- a seed is a number
createSimulator({ seed: "a" });
// @ts-expect-error -- a fault is called
createSimulator().script(faults.locked);

void [results, wrong, wrongFamily];
