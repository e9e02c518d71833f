// A file that one process has at a time: PATH.lock says which. One whose process is gone, or was silent for long, is taken over.
import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import process from "node:process";
import { clearInterval, setInterval } from "node:timers";
import { setTimeout as pause } from "node:timers/promises";
import { CommandError, PASSING, UsageError } from "./exit.js";

/** It shows by the file's time that it lives. */
const SIGN_MS = 5_000;
/** After so long without, as on another machine that was turned off. */
const SILENT_MS = 60_000;
/** Made, and not yet written. */
const FRESH_MS = 2_000;
const PAUSE_MS = 100;
const ATTEMPTS = 40;

export interface Lock {
  /** Throws where another process took it over: this one was asleep. */
  assert(): void;
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly key: string;
}

export async function lock(path: string): Promise<Lock> {
  const holder: Holder = { pid: process.pid, host: hostname(), key: randomUUID() };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await taken(path, holder)) return held(path, holder);
    const other = await holderOf(path);
    if (!other && (await ageOf(path)) < FRESH_MS) {
      await pause(PAUSE_MS);
      continue;
    }
    if (other && (await isAlive(path, other))) {
      throw new CommandError(PASSING, `--checkpoint: process ${other.pid} of ${other.host} is using it. If that is not so, remove ${path}`);
    }
    await removed(path, other);
  }
  throw new CommandError(PASSING, `--checkpoint: several processes want it at a time: ${path}`);
}

async function taken(path: string, holder: Holder): Promise<boolean> {
  const file = await open(path, "wx").catch((error: unknown) => {
    if ((error as { code?: string }).code === "EEXIST") return undefined;
    throw new UsageError(`--checkpoint: ${(error as Error).message}`);
  });
  if (!file) return false;
  await file.writeFile(JSON.stringify(holder));
  await file.close();
  return true;
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const { pid, host, key } = JSON.parse(await readFile(path, "utf8")) as Partial<Holder>;
    return Number.isSafeInteger(pid) && typeof host === "string" && typeof key === "string" ? ({ pid, host, key } as Holder) : undefined;
  } catch {
    return undefined;
  }
}

const ageOf = (path: string): Promise<number> => stat(path).then(({ mtimeMs }) => Date.now() - mtimeMs, () => Infinity);

async function isAlive(path: string, { pid, host }: Holder): Promise<boolean> {
  if ((await ageOf(path)) > SILENT_MS) return false;
  // A number may be another program's in the next container; this process itself did not hold it before.
  return host !== hostname() || (pid !== process.pid && isRunning(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** Moved away first: of two processes that want to, one has it, and sees whether it is still that one's. */
async function removed(path: string, seen: Holder | undefined): Promise<void> {
  const aside = `${path}.${process.pid}`;
  const isMoved = await rename(path, aside).then(() => true, () => false);
  if (!isMoved) return;
  const found = await holderOf(aside);
  if (found?.key === seen?.key) await rm(aside, { force: true });
  else await rename(aside, path);
}

function held(path: string, holder: Holder): Lock {
  let isLost = false;
  const signs = setInterval(() => {
    const sign = async () => {
      const now = new Date();
      if ((await holderOf(path))?.key === holder.key) await utimes(path, now, now);
      else isLost = true;
    };
    // A file that cannot be touched now may be touched the next time.
    sign().catch(() => undefined);
  }, SIGN_MS);
  return {
    assert() {
      if (isLost) throw new CommandError(PASSING, `--checkpoint: another process has taken it over: ${path}`);
    },
    async release() {
      clearInterval(signs);
      if ((await holderOf(path))?.key === holder.key) await rm(path, { force: true });
    },
  };
}
