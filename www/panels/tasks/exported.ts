// What an export made: its file's URL with the time that it still lives, its first rows, the file to keep.
import type { Task } from "hubspot-async-tasks";
import { download, rows } from "hubspot-async-tasks/results";
import { element, write } from "../../view/dom.ts";
import { createButton, show } from "../controls.ts";
import type { Connected } from "./client.ts";
import { createLink, createTable } from "./parts.ts";
import { createProblem } from "./problem.ts";
import { duration } from "./times.ts";
import type { TaskSpeech } from "./words.ts";

/** HubSpot's, since no answer tells it. */
const URL_LIVES_MS = 300_000;
const SHOWN_ROWS = 5;

export interface Exported {
  readonly node: HTMLElement;
  /** The task has this URL now. */
  setUrl(url: string, nowMs: number): void;
  tick(nowMs: number): void;
}

export function createExported(task: Task<string>, connected: Connected, speech: TaskSpeech, signal: AbortSignal): Exported {
  const { client, fetch, connection } = connected;
  const { say } = speech;
  const isSimulated = connection.kind === "simulator";
  const options = { signal, ...(fetch && { fetch }) };
  const lives = element("p", { className: "quiet" });
  const link = element("span", {});
  const place = element("div", {});
  const problem = element("div", {});
  let [current, diesAtMs] = ["", 0];

  /** What is done by a button; what goes wrong is shown beside it. */
  const doing = (what: () => Promise<void>) => () => {
    problem.replaceChildren();
    what().catch((error: unknown) => {
      if (!signal.aborted) problem.replaceChildren(createProblem(error, undefined, connected, speech));
    });
  };
  const renew = doing(async () => {
    await task.wait({ signal });
  });
  const showRows = doing(async () => {
    place.replaceChildren(await readRows());
  });
  const save = doing(async () => {
    const { body, fileName } = await download(client, task, options);
    saveAs(await new Response(body).blob(), fileName);
  });

  async function readRows(): Promise<HTMLElement> {
    const [head, ...read] = await firstRows();
    return createTable(say("task.rows.first", { rows: read.length }), head ?? [], read);
  }

  async function firstRows(): Promise<string[][]> {
    const read: string[][] = [];
    for await (const row of rows(client, task, { ...options, header: false })) {
      read.push(row);
      if (read.length > SHOWN_ROWS) break; // ends the download
    }
    return read;
  }

  const rowsButton = createButton(say("task.rows"), showRows);
  if (isSimulated) {
    show(rowsButton, false);
    showRows();
  }
  return {
    node: element("div", { className: "exported" }, place, lives, problem, element("div", { className: "row" }, rowsButton, createButton(say("task.save"), save), createButton(say("task.newUrl"), renew), link)),
    setUrl(url, nowMs) {
      if (url === current) return;
      [current, diesAtMs] = [url, nowMs + URL_LIVES_MS];
      // Of the simulator's the page alone has the file.
      const made = isSimulated ? undefined : createLink(url, say("task.open"));
      link.replaceChildren(...(made ? [made] : []));
    },
    tick(nowMs) {
      const leftMs = diesAtMs - nowMs;
      write(lives, leftMs > 0 ? say("task.expires", { time: duration(speech, leftMs) }) : say("task.expired"));
      if (leftMs <= 0) link.replaceChildren();
    },
  };
}

function saveAs(blob: Blob, fileName: string): void {
  const href = URL.createObjectURL(blob);
  element("a", { href, download: fileName }).click();
  setTimeout(() => {
    URL.revokeObjectURL(href);
  }, 60_000); // the browser has read it by then
}
