// Which calls are answered: by method and exact path, as the families' own definitions have them.
import { type FamilyFacts, pathOf } from "../families.js";
import { isIdOf } from "../ids.js";
import { attempt } from "../values.js";
import { Refused } from "./answers.js";
import type { ProxyAction } from "./types.js";

/** One kind of call. */
export interface Route {
  readonly action: ProxyAction;
  readonly facts: FamilyFacts;
  readonly method: "GET" | "POST";
  /** What stands before and after the task's id; of a start, all of it and nothing. */
  readonly before: string;
  readonly after?: string;
}

/** A call that is answered. */
export interface Asked {
  readonly route: Route;
  /** Empty at a start. */
  readonly id: string;
}

/** Stands for an id where a path is taken apart. */
const MARK = "0mark0";

/** Whether a task of the family makes a file, to which its status leads. */
export const makesFiles = ({ result }: FamilyFacts): boolean => result?.isText === true;

/** Where the file of a task is, by the path of its status: `…/{taskId}/download`. */
const downloadOf = (status: string): string => `${status.replace(/\/status$/, "")}/download`;

export function routesOf(families: readonly FamilyFacts[], allowed: readonly ProxyAction[], apiVersion: string): Route[] {
  return families.flatMap((facts) => {
    const { paths } = facts;
    const isThere = {
      status: true,
      start: paths.start !== undefined,
      details: paths.details !== undefined,
      download: makesFiles(facts),
    };
    return allowed.filter((action) => isThere[action]).map((action): Route => {
      const path = pathOf(facts, action === "download" ? "status" : action, apiVersion, MARK);
      const [before = "", after] = (action === "download" ? downloadOf(path) : path).split(MARK);
      const method = action === "start" ? "POST" : "GET";
      return { action, facts, method, before, ...(after !== undefined && { after }) };
    });
  });
}

/** The path of a call, for a route with an id. */
export const pathFor = ({ before, after = "" }: Route, id: string): string => before + encodeURIComponent(id) + after;

/** What may stand in a path as it is: no id has a slash, a dot alone or an escape in it. */
const PLAIN = /^[\w.~!$&'()*+,;=:@-]+$/;

/** The id in a path; undefined where it is none of this route. */
function idIn({ before, after, facts }: Route, path: string): string | undefined {
  if (after === undefined) return path === before ? "" : undefined;
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined;
  const id = attempt(() => decodeURIComponent(path.slice(before.length, path.length - after.length)));
  return id !== undefined && PLAIN.test(id) && isIdOf(facts, id) ? id : undefined;
}

/** The call that a method and a path stand for, where it is one that is answered. */
export function asked(routes: readonly Route[], method: string, path: string): Asked {
  const there = routes.flatMap((route) => {
    const id = idIn(route, path);
    return id === undefined ? [] : [{ route, id }];
  });
  const found = there.find(({ route }) => route.method === method);
  if (found) return found;
  const methods = new Set(there.map(({ route }) => route.method));
  throw methods.size > 0 ? new Refused("METHOD", { allow: [...methods].join(", ") }) : new Refused("ROUTE");
}
