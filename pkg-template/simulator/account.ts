// The account: what it answers to a request as a matter of course.
import { NO_BODY, type SentBody, type SimulatedUpload, objectOf } from "./bodies.js";
import { limitReached, missingFields, missingScopes, unauthorized, unreadable } from "./errors.js";
import type { Family } from "./families.js";
import { faults, htmlFault, jsonFault } from "./faults.js";
import type { Files } from "./files.js";
import { errorsPage, rowsOf } from "./imports.js";
import { rateLimitHeaders } from "./rate-limit.js";
import type { ReadRequest } from "./requests.js";
import { METHODS, type Route, statusPath } from "./routes.js";
import type { Answer } from "./script.js";
import type { Seen, SimulatedTask, Task, Tasks } from "./tasks.js";
import { DAY_MS, JSON_TYPE } from "./values.js";

/** A task that was really started by a request: see {@link Simulator.starts}. */
export interface SimulatedStart {
  /** When, by the simulator's clock. */
  readonly at: number;
  /** The family's name. */
  readonly family: string;
  /** The id that it got. */
  readonly taskId: string;
  /** What it was started with: the JSON, of an import its `importRequest`. */
  readonly request: Readonly<Record<string, unknown>>;
  /** What was sent besides. */
  readonly files: readonly SimulatedUpload[];
}

/** What becomes of a task that is started. */
export type StartedTask = SimulatedTask | ((start: Omit<SimulatedStart, "taskId">) => SimulatedTask | undefined);

export interface AccountOptions {
  now: () => number;
  tasks: Tasks;
  files: Files;
  /** Whether answers tell of limits that are far away. */
  showsLimits: boolean;
  startedTask: StartedTask;
  locatorLinks: "map" | "array";
  exportsPerDay: number;
  importRows: number;
}

/** What a request may use; unless given, anything. */
interface Allowed {
  tokens: readonly string[] | undefined;
  scopes: readonly string[] | undefined;
}

/** The content type of what a start sends. */
const TYPES = { json: "application/json", multipart: "multipart/form-data" };

/** Where HubSpot says that a task is, whoever was asked. */
const REGIONAL_HOST = "https://api-na1.hubspot.com";

export class Account {
  readonly starts: SimulatedStart[] = [];
  readonly #options: AccountOptions;
  readonly #headers: Record<string, string>;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#headers = { "content-type": JSON_TYPE, ...(options.showsLimits && rateLimitHeaders(189, 624_999)) };
  }

  refuse(status: number, fields: object): Answer {
    return jsonFault(status, { ...fields, correlationId: this.#options.tasks.newUuid() });
  }

  /** As of now. */
  answer(request: ReadRequest, search: string, sent: SentBody | undefined, route: Route | undefined, allowed: Allowed): Answer {
    if (!route) return faults.notFoundHtml();
    const allow = METHODS[route.call];
    if (request.method !== allow) return htmlFault(405, "Error 405 Method Not Allowed", {}, { allow });

    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const { tokens, scopes } = allowed;
    if (tokens && (token === undefined || !tokens.includes(token))) return this.refuse(401, unauthorized);

    const needed = scopesOf(route);
    const isAllowed = !scopes || needed.length === 0 || needed.some((scope) => scopes.includes(scope));
    if (!isAllowed) return this.refuse(403, missingScopes(needed));
    return route.call === "start" ? this.#start(route, sent ?? NO_BODY) : this.#about(route, search);
  }

  #ok = (status: number, body: object): Answer => ({ status, headers: this.#headers, body });

  /** What is asked about one task. */
  #about(route: Route, search: string): Answer {
    const { family, taskId, call } = route;
    const { tasks } = this.#options;
    const task = tasks.find(family, taskId);
    if (!task) {
      if (taskId === undefined || !family.decodes(taskId)) return this.refuse(400, { message: family.undecodable });
      return this.refuse(family.unknown.status, { message: family.unknown.message(taskId) });
    }
    if (call === "cancel" && !tasks.cancel(task)) {
      return this.refuse(400, { message: `${taskId} is over and cannot be canceled`, category: "VALIDATION_ERROR" });
    }
    const seen = this.#see(task, route);
    if (call === "errors") return this.#ok(200, errorsPage(seen, search, `${REGIONAL_HOST}${route.apiPath}`));
    const show = call === "details" ? (family.details ?? family.status) : family.status;
    return this.#ok(family.accepts && call === "status" && !seen.isOver ? 202 : 200, { ...show(seen), ...task.unknown });
  }

  #see(task: Task, { version, apiPath }: Route): Seen {
    const { tasks, files } = this.#options;
    return tasks.see(task, { version, link: `${REGIONAL_HOST}${apiPath}`, newUrl: () => files.urlOf(task) });
  }

  #start(route: Route, sent: SentBody): Answer {
    const { family } = route;
    const { start } = family;
    if (!start) return faults.notFoundHtml();
    const type = TYPES[start.sends];
    if (sent.type !== type) return this.refuse(415, unreadable(`the content type has to be ${type}, not ${sent.type || "none"}`));
    if (!sent.isReadable) return this.refuse(400, unreadable("the form cannot be read"));
    const isForm = start.sends === "multipart";
    if (isForm && sent.text === "") return this.refuse(400, missingFields(["importRequest"]));
    const request = objectOf(sent.text);
    const what = isForm ? "importRequest" : "the body";
    if (!request) return this.refuse(400, unreadable(`${what} is no JSON object`));
    const missing = start.missing(request, sent);
    if (missing.length > 0) return this.refuse(400, missingFields(missing));
    const limit = this.#limitReachedBy(family, sent);
    if (limit) return this.refuse(429, limitReached(limit));

    const task = this.#add(family, request, sent.files);
    const { status, body } = start.answer(this.#see(task, route), this.#locator(task));
    return this.#ok(status, body);
  }

  #add(family: Family, request: Record<string, unknown>, files: readonly SimulatedUpload[]): Task {
    const { now, startedTask, tasks } = this.#options;
    const start = { at: now(), family: family.name, request, files };
    const becomes = typeof startedTask === "function" ? startedTask(start) : startedTask;
    const task = tasks.add(family.name, becomes, { request, files });
    this.starts.push({ ...start, taskId: task.id });
    return task;
  }

  /** The `errorType` of a limit that is no rate. */
  #limitReachedBy({ name }: Family, sent: SentBody): string | undefined {
    const { exportsPerDay, importRows, now } = this.#options;
    if (name === "import" && rowsOf(sent) > importRows) return "FREE_PORTAL_IMPORT_ROWS_LIMIT";
    if (exportsPerDay === Infinity) return undefined;
    const today = this.starts.filter(({ family, at }) => family === "export" && at > now() - DAY_MS);
    return name === "export" && today.length >= exportsPerDay ? "EXPORT_DAILY_LIMIT" : undefined;
  }

  /** Its link names version 3, whichever was asked. */
  #locator({ id, family }: Task): object {
    const status = `${REGIONAL_HOST}${statusPath(family, "v3", id)}`;
    return { id, links: this.#options.locatorLinks === "map" ? { status } : [{ rel: "status", href: status }] };
  }
}

export const scopesOf = ({ call, family }: Route) =>
  call === "start" || call === "cancel" ? family.scopes.toStart : family.scopes.toRead;
