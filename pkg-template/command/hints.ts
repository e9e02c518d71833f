// How to go on after an error: a command that can be typed as it is printed, and what is known of the task at HubSpot.
import process from "node:process";
import { isHubSpotTaskError, outcomeOf } from "../entries/index.js";
import type { Given } from "./args.js";
import type { AnyTask } from "./display.js";
import { AUTHENTICATION, FAILED, NobodyReads, OTHER, USAGE, statusOf } from "./exit.js";
import type { Target } from "./export-file.js";
import { kebab } from "./names.js";
import { NAME } from "./usage.js";

/** What leads to the same account as before. */
const SAME_ACCOUNT = ["base-url", "api-version", "token-file"] as const;

/** As a shell takes it. */
const shown = (argument: string): string =>
  /^[\w./:@%+=,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;

/** As it is typed on this machine. */
export function lineOf(given: Given, ...args: readonly string[]): string {
  const options = SAME_ACCOUNT.flatMap((name) => {
    const value = given.text(name);
    return value === undefined ? [] : [`--${name}`, value];
  });
  // npx, and npm's scripts: there the name alone is found nowhere.
  const npx = process.env.npm_command === undefined ? [] : ["npx"];
  return [...npx, NAME, ...args, ...options].map(shown).join(" ");
}

/** What a run was about when it ended. */
export interface Aim {
  readonly task: AnyTask;
  readonly target: Target | undefined;
  /** HubSpot gave its id itself: it is there, even where nobody has seen it yet. */
  readonly isStarted: boolean;
}

/** Undefined where it is not known whether there is such a task. */
export function standOf({ task, isStarted }: Pick<Aim, "task" | "isStarted">, error?: unknown): "running" | "over" | undefined {
  const { latest, family } = task;
  if (latest && outcomeOf(latest, family) !== "running") return "over";
  if (isHubSpotTaskError(error) && error.code === "NOT_FOUND") return undefined;
  return latest || isStarted ? "running" : undefined;
}

const CLAIMS = { running: "the task goes on at HubSpot: ", over: "the task is over at HubSpot: " };

export function hintAt(given: Given, error: unknown, { task, target, isStarted }: Aim): string | undefined {
  const status = statusOf(error);
  if (error instanceof NobodyReads || status === FAILED || status === USAGE) return undefined;
  const stand = standOf({ task, isStarted }, error);
  const path = given.text("checkpoint");
  if (!stand && path !== undefined) return `${path} is kept: run the same command again, or remove it if the task is of no more use`;
  // The same would come again.
  if (!stand && (status === OTHER || status === AUTHENTICATION)) return undefined;
  const claim = stand ? CLAIMS[stand] : "to go on: ";
  if (path !== undefined) return `${claim}run the same command again, and it is gone on with (${path})`;
  return claim + (target ? lineOf(given, "download", task.id, "--output", target.path) : lineOf(given, "wait", kebab(task.family), task.id));
}
