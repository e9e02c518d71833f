// What the entry /react exports, as a user writes it. Compiled, never run; needs no type of React's, nor of any host.
import { HubSpotTasks, type HubSpotFile, type Task, type TaskSnapshot } from "hubspot-async-tasks";
import { HubSpotTasks as OfExtensions } from "hubspot-async-tasks/ui-extension";
import { useTask, type UseTaskResult, type WatchableTask } from "hubspot-async-tasks/react";

const client = new HubSpotTasks();

function shown(): void {
  const { status, result, error, retry, phase, outcome, estimate, nextPollAtMs, problem, polls } = useTask(client.exports.task("7"));
  const url: string | undefined = result;
  const word: string | undefined = status?.status;
  const view: UseTaskResult<HubSpotFile> = useTask(client.fileImports.task("7"));
  const snapshot: TaskSnapshot<HubSpotFile> = view;
  const again: () => void = retry;

  const perhaps: Task<string, "export"> | undefined = undefined as Task<string, "export"> | undefined;
  const later: UseTaskResult<string> = useTask(perhaps);
  const none: UseTaskResult<string> = useTask<string>(null);
  const ofExtensions: UseTaskResult<string> = useTask(new OfExtensions().exports.task("7"));
  const defined: UseTaskResult<unknown> = useTask(client.resume({ version: 1, family: "other", taskId: "7", apiVersion: "v3" }));

  const own: WatchableTask<number> = {
    subscribe: (listener) => (listener(), () => {}),
    snapshot: () => ({ phase: "over", outcome: "succeeded", polls: 1, result: 5 }),
  };
  const five: number | undefined = useTask(own).result;

  // @ts-expect-error -- a task, not its id
  useTask("7");
  // @ts-expect-error -- a task, not what gives it later
  useTask(client.exports.start({ exportType: "LIST", listId: "5" }));
  // @ts-expect-error -- an export's result is text
  const wrong: number | undefined = result;
  // @ts-expect-error -- what is shown cannot be changed
  view.retry = () => {};
  // @ts-expect-error -- a phase that there is not
  void (phase === "done");
  void [url, word, snapshot, again, later, none, ofExtensions, defined, five, wrong, error, outcome, estimate, nextPollAtMs, problem, polls];
}

void shown;
