// The file of --checkpoint: where a task stands, so that another run goes on with it. Nothing is started twice by it.
//
// Before a start is sent, the file says that; once HubSpot gave an id, it is the task's checkpoint, as `resume()` takes it, with
// one field more. A run that finds a start that nobody knows the end of starts nothing. When all is done, it is removed.
import { createHash } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import type { Checkpoint } from "../entries/index.js";
import { CommandError, OTHER, UsageError } from "./exit.js";
import { printable } from "./lines.js";
import { type Lock, lock } from "./lock.js";
import { kebab } from "./names.js";
import { placeOf } from "./place.js";

/** What a start is known by. */
export interface StartMark {
  readonly family: string;
  /** A hash of what was given: another request is another start. */
  readonly of: string;
  /** By which it is found at HubSpot. */
  readonly name?: string | undefined;
}

interface Starting {
  readonly starting: StartMark & { readonly atMs: number };
}

type Started = Checkpoint & { readonly start?: StartMark };

type Noted = Starting | Started;

export const markOf = (family: string, name: string | undefined, ...given: readonly unknown[]): StartMark => ({
  family,
  of: createHash("sha256").update(JSON.stringify([family, ...given])).digest("hex"),
  name,
});

/** What to do about a start that may have been carried out. */
export function doubtOf(path: string | undefined, { family, name }: StartMark, look: string): string {
  const place = `it may have been carried out: look at ${look}${name === undefined ? "" : ` for ${JSON.stringify(name)}`}`;
  return `${place}. If it was, wait for it by its id (wait ${kebab(family)} ID); if not, ${path === undefined ? "" : `remove ${path}, and `}start it again`;
}

export class CheckpointFile {
  readonly #path: string;
  readonly #lock: Lock;
  #start: StartMark | undefined;
  /** Writes follow one another. */
  #writing: Promise<unknown> = Promise.resolve();
  #isRemoved = false;

  private constructor(path: string, lock: Lock) {
    this.#path = path;
    this.#lock = lock;
  }

  /** Of no use to another process until it is closed. */
  static async open(given: string): Promise<CheckpointFile> {
    const path = await placeOf("checkpoint", given);
    return new CheckpointFile(path, await lock(`${path}.lock`));
  }

  /** The task that was noted; undefined where there is no file. Throws where it is no checkpoint, or a start in doubt. */
  async read(look: (family: string) => string): Promise<Started | undefined> {
    const text = await readFile(this.#path, "utf8").catch((error: unknown) => {
      if ((error as { code?: string }).code === "ENOENT") return undefined;
      throw new UsageError(`--checkpoint: ${(error as Error).message}`);
    });
    if (text === undefined) return undefined;
    const noted = notedIn(text);
    if (!noted) {
      throw new UsageError(`--checkpoint: ${this.#path} is no checkpoint, or a damaged one. Give another file; or, if it was one, look whether a task was started, and remove it`);
    }
    if ("starting" in noted) {
      const { starting } = noted;
      const when = new Date(starting.atMs).toISOString();
      const name = starting.name === undefined ? undefined : printable(starting.name);
      throw new CommandError(OTHER, `a start at ${when} did not tell its end; ${doubtOf(this.#path, { ...starting, name }, look(starting.family))}`);
    }
    this.#start = noted.start;
    return noted;
  }

  /** Refuses the task of another start. */
  assertStart(mark: StartMark): void {
    if (this.#start?.of === mark.of) return;
    throw new UsageError(`--checkpoint: ${this.#path} is of another start. Give another file, or remove it if that task is of no more use`);
  }

  /** Before the start is sent. Fails where another process has made the file meanwhile. */
  async starting(mark: StartMark): Promise<void> {
    const file = await open(this.#path, "wx").catch((error: unknown) => {
      throw new UsageError(`--checkpoint: ${(error as Error).message}`);
    });
    await written(file, { starting: { ...mark, atMs: Date.now() } });
    this.#start = mark;
  }

  /** Where the task stands now. A deadline is one run's. */
  write(checkpoint: Checkpoint): Promise<void> {
    return this.#next(async () => {
      if (this.#isRemoved) return;
      await written(await open(this.#draft, "w"), { ...checkpoint, deadlineMs: undefined, ...(this.#start && { start: this.#start }) });
      await rename(this.#draft, this.#path);
    });
  }

  /** The task is over, or was never started. */
  remove(): Promise<void> {
    return this.#next(async () => {
      this.#isRemoved = true;
      await rm(this.#path, { force: true });
      // Of a run that was killed.
      await rm(this.#draft, { force: true });
    });
  }

  get #draft(): string {
    return `${this.#path}.new`;
  }

  /** After what is written. */
  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#lock.release();
  }

  async #next(act: () => Promise<void>): Promise<void> {
    this.#lock.assert();
    const done = this.#writing.catch(() => undefined).then(act);
    this.#writing = done;
    await done;
  }
}

interface OpenFile {
  writeFile(text: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** On the disk, not on its way there. */
async function written(file: OpenFile, value: object): Promise<void> {
  try {
    await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function notedIn(text: string): Noted | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { starting, version, family, taskId, start } = value;
  if (isObject(starting)) return isMark(starting) && Number.isFinite(starting.atMs) ? (value as unknown as Starting) : undefined;
  const isTask = version === 1 && typeof family === "string" && typeof taskId === "string";
  return isTask && (start === undefined || (isObject(start) && isMark(start))) ? (value as unknown as Started) : undefined;
}

const isMark = ({ family, of, name }: Record<string, unknown>): boolean =>
  typeof family === "string" && typeof of === "string" && (name === undefined || typeof name === "string");
