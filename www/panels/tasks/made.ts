// What a task made, drawn by its family: a file, a folder, what an import counted. Of the export see exported.ts.
import type { CrmImportError, CrmImportResult, HubSpotFile, HubSpotFolder } from "hubspot-async-tasks";
import { element } from "../../view/dom.ts";
import { type Part, createFacts, createLink, createTable } from "./parts.ts";
import type { TaskSpeech } from "./words.ts";

/** A page of them is enough to see what is wrong. */
const MOST_ERRORS = 20;

export function createFile(file: HubSpotFile, { say, number }: TaskSpeech): HTMLElement {
  const name = [file.name, file.extension].filter((part) => part !== undefined && part !== null && part !== "").join(".");
  const facts: Part[] = [
    [say("task.size"), file.size === undefined || file.size === null ? say("none") : `${number(file.size / 1_000)} kB`],
    [say("task.access"), file.access ?? say("none")],
    [say("task.path"), file.path ?? say("none")],
  ];
  const link = createLink(file.url ?? file.defaultHostingUrl, say("task.open"));
  const text = element("div", {}, element("p", { className: "made-name" }, name), createFacts(facts), ...(link ? [element("p", {}, link)] : []));
  return element("div", { className: "made-file" }, createPicture(file), text);
}

/** The picture, where it is one that the page may show; else its ending. */
function createPicture({ type, url, extension }: HubSpotFile): HTMLElement {
  const place = element("div", { className: "picture" });
  const icon = element("span", { className: "picture-icon", attributes: { "aria-hidden": "true" } }, (extension ?? "?").slice(0, 4).toUpperCase());
  const isSeen = type === "IMG" && url && (url.startsWith("https:") || url.startsWith(`${location.origin}/`));
  if (!isSeen) {
    place.append(icon);
    return place;
  }
  const image = element("img", { alt: "", referrerPolicy: "no-referrer" });
  image.addEventListener("error", () => {
    place.replaceChildren(icon);
  });
  image.src = url;
  place.append(image);
  return place;
}

export const createFolder = ({ path, id }: HubSpotFolder, { say }: TaskSpeech): HTMLElement =>
  createFacts([
    [say("task.path"), path ?? say("none")],
    ["id", id ?? say("none")],
  ]);

export function createImported(result: CrmImportResult, { number }: TaskSpeech): HTMLElement {
  return createFacts(Object.entries(result.counters ?? {}).map(([name, count]) => [name, number(count)]));
}

/** What went wrong row by row, as it comes. */
export async function createImportErrors(errors: AsyncIterable<CrmImportError>, { say }: TaskSpeech): Promise<HTMLElement | undefined> {
  const rows: string[][] = [];
  for await (const { errorType, invalidValue, sourceData } of errors) {
    const { lineNumber } = (sourceData ?? {}) as { lineNumber?: unknown };
    rows.push([errorType ?? "", typeof lineNumber === "number" ? String(lineNumber) : "", invalidValue ?? ""]);
    if (rows.length === MOST_ERRORS) break; // asks for no more
  }
  return rows.length === 0 ? undefined : createTable(say("task.errors"), [say("task.error.category"), say("task.error.line"), say("task.error.value")], rows);
}
