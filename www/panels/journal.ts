// What the tasks panel did last, or is about to do, for whoever shows it as code. Without a token and without a result.
import type { Checkpoint, HubSpotTasks } from "hubspot-async-tasks";
import type { Stage } from "../stage.ts";
import type { Family } from "../world/plan.ts";
import type { Connection } from "./connection.ts";

/** Where a client has each family. */
export const SERVICES = {
  fileImport: "fileImports",
  folderUpdate: "folderUpdates",
  export: "exports",
  sourceCodeExtract: "sourceCodeExtracts",
  import: "imports",
} as const satisfies Readonly<Record<Family, keyof HubSpotTasks>>;

/** The request that starts a task, as JSON has it; of an import also its file. */
export interface Asked {
  readonly request: Readonly<Record<string, unknown>>;
  readonly csv?: string;
}

/** A task is started, entered by its id, or gone on with. */
export type Deed = { readonly connection: Connection; readonly family: Family } & (
  | { readonly how: "start"; readonly asked: Asked }
  | { readonly how: "id"; readonly id: string }
  | { readonly how: "checkpoint"; readonly checkpoint: Checkpoint }
);

export class Journal {
  #last: Deed | undefined;
  readonly #listeners = new Set<() => void>();

  get last(): Deed | undefined {
    return this.#last;
  }

  note(deed: Deed): void {
    this.#last = deed;
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): void {
    this.#listeners.add(listener);
  }
}

const journals = new WeakMap<Stage, Journal>();

/** One for each page: panels do not know each other. */
export function journalOf(stage: Stage): Journal {
  const journal = journals.get(stage) ?? new Journal();
  journals.set(stage, journal);
  return journal;
}
