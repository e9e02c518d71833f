// The account: what it answers to a request as a matter of course.
import { FAMILIES, type Route } from "./families.js";
import { faults, htmlFault, jsonFault, missingScopes, unauthorized } from "./faults.js";
import { rateLimitHeaders } from "./rate-limit.js";
import type { ReadRequest } from "./requests.js";
import type { Answer } from "./script.js";
import { Tasks, type TasksOptions } from "./tasks.js";
import { JSON_TYPE } from "./values.js";

interface AccountOptions extends TasksOptions {
  /** Whether answers tell of limits that are far away. */
  showsLimits: boolean;
}

/** What a request may use; unless given, anything. */
interface Allowed {
  tokens: readonly string[] | undefined;
  scopes: readonly string[] | undefined;
}

export class Account {
  readonly tasks: Tasks;
  readonly #limits: Record<string, string>;

  constructor({ showsLimits, ...options }: AccountOptions) {
    this.tasks = new Tasks(options);
    this.#limits = showsLimits ? rateLimitHeaders(189, 624_999) : {};
  }

  refuse(status: number, fields: object): Answer {
    return jsonFault(status, { ...fields, correlationId: this.tasks.newUuid() });
  }

  /** As of now. */
  answer({ method, headers }: ReadRequest, route: Route | undefined, { tokens, scopes }: Allowed): Answer {
    if (!route) return faults.notFoundHtml();
    if (method !== "GET") return htmlFault(405, "Error 405 Method Not Allowed", {}, { allow: "GET" });

    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
    if (tokens && (token === undefined || !tokens.includes(token))) return this.refuse(401, unauthorized);

    const family = FAMILIES[route.family];
    const isAllowed = !scopes || family.scopes.some((scope) => scopes.includes(scope));
    if (!isAllowed) return this.refuse(403, missingScopes(family.scopes));

    const task = this.tasks.find(route);
    if (task) {
      const { isOver, body } = this.tasks.statusOf(task, family, route);
      return { status: isOver ? 200 : 202, headers: { "content-type": JSON_TYPE, ...this.#limits }, body };
    }
    const { taskId } = route;
    if (taskId === undefined || !family.decodes(taskId)) return this.refuse(400, { message: family.undecodable });
    return this.refuse(family.unknown.status, { message: family.unknown.message(taskId) });
  }
}
