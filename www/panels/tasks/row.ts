// One task, as the panel shows it: how it stands, what can be done with it, what it made.
import type { CrmImportResult, HubSpotFile, HubSpotFolder, Task, TaskSnapshot } from "hubspot-async-tasks";
import { element, newId, write } from "../../view/dom.ts";
import type { Family } from "../../world/plan.ts";
import { copyText, createButton, show } from "../controls.ts";
import type { Connected } from "./client.ts";
import { type Exported, createExported } from "./exported.ts";
import { createFile, createFolder, createImportErrors, createImported } from "./made.ts";
import { createErrors, createProblem } from "./problem.ts";
import { type State, canGoOn, isEnd, isOver, isPolled, stateOf, wordOf } from "./state.ts";
import { duration, passed } from "./times.ts";
import type { TaskSpeech } from "./words.ts";

export interface Row {
  readonly node: HTMLElement;
  /** Some times a second: what changes with time alone. */
  tick(nowMs: number): void;
}

export interface RowAround {
  readonly speech: TaskSpeech;
  readonly connected: Connected;
  /** For those who do not see it. */
  tell(text: string): void;
  canceled(id: string): void;
  removed(): void;
}

const FACTS = ["word", "age", "polls", "next", "end"] as const;

/** `coming` gives the task: at once for one that is known, later for one that is being started. */
export function createRow(family: Family, coming: Promise<Task<unknown>>, around: RowAround): Row {
  const { speech, connected } = around;
  const { say, number } = speech;
  const end = new AbortController();
  const beganMs = Date.now();
  let task: Task<unknown> | undefined;
  let state: State = "sending";
  let endedMs: number | undefined;
  let leave: (() => void) | undefined;
  let exported: Exported | undefined;

  const titleId = newId();
  const id = element("code", { className: "task-id" });
  const badge = element("span", { className: "badge" });
  const facts = Object.fromEntries(FACTS.map((name) => [name, element("dd", {}, say("none"))])) as Record<(typeof FACTS)[number], HTMLElement>;
  const problem = element("p", { className: "quiet is-line" });
  const made = element("div", { className: "made" });
  const copied = element("pre", { tabIndex: 0, role: "region", ariaLabel: say("task.checkpoint") });

  const buttons = {
    stop: createButton(say("task.stop"), () => {
      leave?.();
      leave = undefined;
      draw(); // nobody is told who has left
      buttons.goOn.focus();
    }),
    goOn: createButton(say("task.goOn"), () => {
      watch();
      buttons.stop.focus();
    }),
    cancel: createButton(say("task.cancel"), () => void cancel()),
    copy: createButton(say("task.copy"), () => {
      copy();
    }),
  };
  const remove = createButton("×", () => {
    end.abort();
    leave?.();
    around.removed();
  }, "remove");
  remove.ariaLabel = remove.title = say("task.remove");

  const title = element("h4", { id: titleId, tabIndex: -1 }, say(`task.family.${family}`), " ", id);
  const list = element("dl", { className: "task-facts" }, ...FACTS.map((name) => element("div", { className: `fact-${name}` }, element("dt", {}, say(`task.fact.${name}`)), facts[name])));
  const actions = element("div", { className: "row" }, ...Object.values(buttons));
  const node = element(
    "article",
    { className: "task", attributes: { "aria-labelledby": titleId } },
    element("div", { className: "task-head" }, title, badge, remove),
    list,
    problem,
    made,
    copied,
    actions,
  );
  show(copied, false);

  const name = () => `${say(`task.family.${family}`)} ${task?.id ?? ""}`.trim();

  function watch(): void {
    made.replaceChildren();
    leave ??= task?.subscribe(draw);
    draw();
  }

  /** Goes to HubSpot; that it is canceled comes as any other state does. */
  async function cancel(): Promise<void> {
    if (!task) return;
    try {
      await connected.client.imports.cancel(task.id, { signal: end.signal });
      around.canceled(task.id);
    } catch (error) {
      if (!end.signal.aborted) made.replaceChildren(createProblem(error, undefined, connected, speech));
    }
  }

  function copy(): void {
    const text = JSON.stringify(task?.checkpoint());
    write(copied, text);
    show(copied, true);
    void copyText(text).then((isCopied) => {
      if (isCopied) write(buttons.copy, say("task.copied")); // else it can be read, and copied by hand
    });
  }

  function setState(next: State): void {
    node.dataset["state"] = next;
    write(badge, say(`task.state.${next}`));
    badge.className = `badge badge-${next}`;
    for (const name of ["next", "end"] as const) show(facts[name].parentElement ?? facts[name], !isEnd(next));
    show(list, next !== "refused");
    const focused = document.activeElement;
    show(buttons.stop, isPolled(next));
    show(buttons.goOn, canGoOn(next));
    show(buttons.cancel, family === "import" && isPolled(next));
    show(buttons.copy, task !== undefined && !isOver(next));
    show(actions, Object.values(buttons).some((button) => !button.hidden));
    if (isOver(next)) show(copied, false);
    if (Object.values(buttons).some((button) => button === focused && button.hidden)) title.focus();
    if (next === state) return;
    const wasEnd = isEnd(state);
    state = next;
    endedMs = isEnd(next) ? Date.now() : undefined;
    write(buttons.copy, say("task.copy"));
    if (isEnd(next) && !wasEnd) around.tell(say("task.news.ended", { task: name(), state: say(`task.state.${next}`) }));
  }

  function draw(): void {
    if (!task) return;
    const snapshot = task.snapshot();
    const before = state;
    setState(stateOf(snapshot));
    write(facts.word, wordOf(snapshot.status) ?? say("none"));
    write(facts.polls, number(snapshot.polls));
    if (state !== before && isEnd(state)) drawEnd(snapshot);
    if (typeof snapshot.result === "string") exported?.setUrl(snapshot.result, Date.now());
    tick(Date.now());
  }

  function drawEnd({ outcome, error, status, result }: TaskSnapshot<unknown>): void {
    made.replaceChildren();
    if (!task) return;
    if (outcome !== "succeeded" && outcome !== "succeededWithErrors") {
      made.append(createProblem(error, status, connected, speech));
    } else {
      made.append(drawMade(task, result));
      const met = createErrors(status?.errors, speech);
      if (met) made.append(met);
    }
    if (family === "import" && isOver(state)) void drawImportErrors(task.id);
  }

  function drawMade(of: Task<unknown>, result: unknown): HTMLElement {
    if (family === "fileImport") return createFile(result as HubSpotFile, speech);
    if (family === "folderUpdate") return createFolder(result as HubSpotFolder, speech);
    if (family === "import") return createImported(result as CrmImportResult, speech);
    if (family === "sourceCodeExtract") return element("p", {}, say("task.made.none"));
    exported = createExported(of as Task<string>, connected, speech, end.signal);
    return exported.node;
  }

  async function drawImportErrors(taskId: string): Promise<void> {
    try {
      const table = await createImportErrors(connected.client.imports.errors(taskId, { signal: end.signal }), speech);
      if (table) made.append(table);
    } catch (error) {
      if (!end.signal.aborted) made.append(createProblem(error, undefined, connected, speech));
    }
  }

  const when = (atMs: number | undefined, nowMs: number) =>
    atMs === undefined ? say("none") : atMs <= nowMs ? say("task.soon") : say("task.in", { time: duration(speech, atMs - nowMs) });

  function tick(nowMs: number): void {
    const snapshot = task?.snapshot();
    const startedMs = task?.checkpoint().startedMs ?? beganMs;
    write(facts.age, duration(speech, passed((endedMs ?? nowMs) - startedMs)));
    if (!task || !snapshot) return;
    if (isEnd(state)) {
      write(problem, "");
      exported?.tick(nowMs);
      return;
    }
    write(facts.next, snapshot.phase === "asking" ? say("task.now") : when(snapshot.nextPollAtMs, nowMs));
    const estimate = task.estimate();
    const text = (ms: number) => duration(speech, ms);
    write(facts.end, estimate ? say("task.end", { median: when(nowMs + estimate.medianMs, nowMs), ninety: text(estimate.ninetyPercentMs) }) : say("task.end.unknown"));
    const held = snapshot.problem;
    write(problem, held ? say(snapshot.phase === "paused" ? "task.paused" : "task.retrying", { code: held.code, when: when(snapshot.nextPollAtMs, nowMs) }) : "");
  }

  setState("sending");
  coming.then(
    (given) => {
      if (end.signal.aborted) return;
      task = given;
      write(id, given.id);
      around.tell(say("task.news.started", { task: name() }));
      watch();
    },
    (error: unknown) => {
      setState("refused");
      made.replaceChildren(createProblem(error, undefined, connected, speech));
    },
  );
  return { node, tick };
}
