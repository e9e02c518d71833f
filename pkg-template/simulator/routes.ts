// Which path is which call of which family.
import type { Call, Family, Paths } from "./families.js";
import { percentDecoded } from "./requests.js";

/** What a path asks for. */
export interface Route {
  readonly family: Family;
  readonly call: Call;
  readonly version: string;
  /** Undefined where the path has none, and where it cannot be decoded. */
  readonly taskId: string | undefined;
  readonly hasTaskId: boolean;
  /** The path as HubSpot has it. */
  readonly apiPath: string;
}

/** How each call is sent. */
export const METHODS: Readonly<Record<Call, "GET" | "POST">> = {
  start: "POST",
  status: "GET",
  details: "GET",
  errors: "GET",
  cancel: "POST",
};

const CALLS = Object.keys(METHODS) as Call[];

const STYLES: readonly (keyof Paths)[] = ["numbered", "dated"];

const escaped = (text: string) => text.replace(/[.*+?^$()|[\]\\]/g, "\\$&");

/** All paths of some families; two calls may share one, by their methods. */
export class Routes {
  readonly #prefix: string;
  readonly #entries: { family: Family; call: Call; pattern: RegExp }[];

  constructor(families: readonly Family[], prefix: string) {
    this.#prefix = prefix;
    this.#entries = families.flatMap((family) =>
      CALLS.flatMap((call) => {
        const paths = family.paths[call];
        return paths ? STYLES.map((style) => ({ family, call, pattern: patternOf(paths[style], family.versions[style]) })) : [];
      }),
    );
  }

  /** What a request asks for, with or without the prefix; undefined where no path is like that. */
  find(path: string, method: string): Route | undefined {
    const apiPath = this.#prefix && path.startsWith(`${this.#prefix}/`) ? path.slice(this.#prefix.length) : path;
    const found = this.#entries.flatMap(({ family, call, pattern }) => {
      const match = pattern.exec(apiPath);
      if (!match) return [];
      const { version = "", taskId } = match.groups ?? {};
      const hasTaskId = taskId !== undefined;
      return [{ family, call, version, taskId: hasTaskId ? percentDecoded(taskId) : undefined, hasTaskId, apiPath }];
    });
    return found.find(({ call }) => METHODS[call] === method) ?? found[0];
  }
}

const patternOf = (path: string, version: string) =>
  new RegExp(`^${escaped(path).replace("{version}", `(?<version>${version})`).replace("{taskId}", "(?<taskId>[^/]+)")}$`);

/** The path of one task's status, as an answer names it. */
export function statusPath(family: Family, version: string, taskId: string): string {
  const paths = family.paths.status;
  const path = /^v\d+$/.test(version) ? paths?.numbered : paths?.dated;
  return (path ?? "").replace("{version}", version).replace("{taskId}", encodeURIComponent(taskId));
}
