// What went wrong, in HubSpot's words and the package's, which are English: code, message, the missing scope, and what the task met.
import type { ErrorContext, StandardError, TaskStatus } from "hubspot-async-tasks";
import { element } from "../../view/dom.ts";
import type { Connected } from "./client.ts";
import { type Part, createFacts } from "./parts.ts";
import type { TaskSpeech } from "./words.ts";

/** A context as one line: `{ id: ["1", "2"] }` is "id: 1, 2". */
export function contextText(context: ErrorContext | null | undefined): string {
  if (context === undefined || context === null) return "";
  if (typeof context === "string") return context;
  return Object.entries(context).map(([name, values]) => `${name}: ${[values].flat().join(", ")}`).join("; ");
}

export function createProblem(error: unknown, status: TaskStatus<unknown> | undefined, { isError }: Connected, speech: TaskSpeech): HTMLElement {
  const { say } = speech;
  const node = element("div", { className: "problem" });
  if (isError(error)) {
    node.append(element("p", { lang: "en" }, element("code", { className: "code" }, error.code), ` ${error.message}`));
    if (error.requiredScopes) node.append(element("p", { className: "scopes" }, say("task.scopes", { scopes: error.requiredScopes.join(", ") })));
    const facts = ([["HTTP", error.httpStatus?.toString()], [say("task.error.category"), error.category], [say("task.correlation"), error.correlationId]] as const).filter(
      (part): part is Part => part[1] !== undefined,
    );
    if (facts.length > 0) node.append(createFacts(facts));
  } else if (error instanceof Error) node.append(element("p", { lang: "en" }, error.message));
  const met = createErrors(status?.errors, speech);
  if (met) node.append(met);
  return node;
}

/** The errors that a task met. */
export function createErrors(errors: readonly (StandardError | null)[] | null | undefined, { say }: TaskSpeech): HTMLElement | undefined {
  // What a server sends may be anything.
  const list: readonly (StandardError | null)[] = Array.isArray(errors) ? errors : [];
  const items = list.flatMap((one) => (one ? [createError(one)] : []));
  if (items.length === 0) return undefined;
  return element("div", {}, element("p", { className: "quiet" }, say("task.errors")), element("ul", { className: "errors", lang: "en" }, ...items));
}

const createError = ({ category, message, context }: StandardError): HTMLElement =>
  element("li", {}, element("code", { className: "code" }, category ?? ""), ` ${message ?? ""} `, element("span", { className: "quiet" }, contextText(context)));
