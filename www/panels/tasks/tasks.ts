// The tasks panel: starts tasks of any family, in real time, and shows them until they are over.
import type { Checkpoint, Task } from "hubspot-async-tasks";
import type { Stage } from "../../stage.ts";
import { element, newId } from "../../view/dom.ts";
import type { Family } from "../../world/plan.ts";
import { show } from "../controls.ts";
import { journalOf } from "../journal.ts";
import { type Keep, createAccount } from "./account.ts";
import { createBegin } from "./begin.ts";
import { type Connected, createClients } from "./client.ts";
import { isFamily, start, taskOf } from "./families.ts";
import { createNews } from "./news.ts";
import { type Row, createRow } from "./row.ts";
import { createServerChoice } from "./server.ts";
import "./tasks.css";
import type { TaskSpeech } from "./words.ts";

/** Nobody reads seconds faster. */
const TICK_MS = 250;

export function createTasks(stage: Stage, speech: TaskSpeech): HTMLElement {
  const { say } = speech;
  const account = createAccount(tabsStorage());
  const journal = journalOf(stage);
  const news = createNews();
  const rows = new Set<Row>();
  const [titleId, listId] = [newId(), newId()];
  const none = element("p", { className: "quiet" }, say("task.list.none"));
  const list = element("div", { className: "task-list" });
  const listTitle = element("h3", { id: listId, tabIndex: -1 }, say("task.list"));

  const server = createServerChoice(speech, () => {
    begin.setSimulated(server.draft().kind === "simulator");
    noteDraft();
  });
  const connect = createClients(stage.entry, account, server.token);

  const begin = createBegin(speech, {
    start(family, asked, scenario) {
      const connection = server.connection();
      if (!connection) return;
      const connected = connect(connection);
      if (connection.kind === "server") {
        add(family, connected, start(connected.client, family, asked));
        return;
      }
      const takeBack = account.expect(family, scenario, asked);
      const coming = start(connected.client, family, asked);
      // Before the first poll, which comes a second later.
      coming.then((task) => {
        account.started(family, task.id);
      }, takeBack);
      add(family, connected, coming);
    },
    enter(family, id) {
      const connection = server.connection();
      if (!connection) return;
      const connected = connect(connection);
      add(family, connected, new Promise((resolve) => {
        resolve(taskOf(connected.client, family, id));
      }));
    },
    resume(checkpoint) {
      const connection = server.connection();
      if (!connection) return;
      const connected = connect(connection);
      const task: Task<unknown> = connected.client.resume(checkpoint);
      const family = familyOf(checkpoint);
      add(family, connected, Promise.resolve(task));
      journal.note({ connection, family, how: "checkpoint", checkpoint });
    },
    changed: noteDraft,
  });

  function noteDraft(): void {
    const draft = begin.draft();
    if (draft) journal.note({ connection: server.draft(), ...draft });
  }

  function add(family: Family, connected: Connected, coming: Promise<Task<unknown>>): void {
    const row = createRow(family, coming, {
      speech,
      connected,
      tell: news.tell,
      canceled: (id) => {
        if (connected.connection.kind === "simulator") account.canceled(family, id);
      },
      removed() {
        rows.delete(row);
        row.node.remove();
        show(none, rows.size === 0);
        listTitle.focus();
      },
    });
    rows.add(row);
    list.prepend(row.node);
    show(none, false);
  }

  setInterval(() => {
    const nowMs = Date.now();
    for (const row of rows) row.tick(nowMs);
  }, TICK_MS);

  return element(
    "section",
    { className: "panel tasks", attributes: { "aria-labelledby": titleId } },
    element("h2", { id: titleId }, say("task.title")),
    element("p", { className: "quiet" }, say("task.about")),
    element(
      "div",
      { className: "tasks-parts" },
      element("div", { className: "tasks-form" }, server.node, begin.node),
      element("section", { attributes: { "aria-labelledby": listId } }, listTitle, none, list, news.node),
    ),
  );
}

/** The package has looked at it; a family of somebody's own is none of the panel's. */
function familyOf({ family }: Checkpoint): Family {
  if (isFamily(family)) return family;
  throw new TypeError(`there is no family ${family} here`);
}

/** Until the tab is closed. A browser may refuse it: then nothing outlives the page. */
function tabsStorage(): Keep {
  try {
    return sessionStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}
