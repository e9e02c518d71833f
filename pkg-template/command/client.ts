// The client, as the options say; and its token, which comes from the environment or from a file, and from nowhere else.
import { readFile } from "node:fs/promises";
import process from "node:process";
import { type ClientOptions, HubSpotTasks, type Learned, type TaskEvent } from "../entries/index.js";
import type { Given } from "./args.js";
import { AUTHENTICATION, CommandError, UsageError } from "./exit.js";
import { placeOf } from "./place.js";
import { DEADLINE, DURATION, INTERVAL, PACE, RATE_LIMIT } from "./readings.js";

type Token = NonNullable<ClientOptions["token"]>;

/** Hosts of this machine, where nothing leaves it. */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);

export const baseUrlOf = (given: Given): string | undefined => given.text("base-url") ?? (process.env.HUBSPOT_BASE_URL || undefined);

/** HubSpot itself needs a token; a simulator needs none, and a proxy has its own. */
function needsToken(baseUrl: string | undefined): boolean {
  if (baseUrl === undefined) return true;
  try {
    return /(^|\.)(hubapi|hubspot)\.com$/.test(new URL(baseUrl).hostname);
  } catch {
    return false; // the client says what is wrong with it
  }
}

export const noToken = (): CommandError => new CommandError(AUTHENTICATION, "no token: set HUBSPOT_TOKEN, or give --token-file FILE");

/** A file is read once more where its token was refused: another program may keep it new. */
export async function readToken(given: Given): Promise<Token | undefined> {
  const path = given.text("token-file");
  const inEnvironment = process.env.HUBSPOT_TOKEN?.trim();
  if (path !== undefined) {
    const read = async () => (await readFile(path, "utf8")).trim();
    let token = await read().catch((error: unknown) => {
      throw new UsageError(`--token-file: ${(error as Error).message}`);
    });
    if (token === "") throw new CommandError(AUTHENTICATION, `--token-file: ${path} is empty`);
    return async ({ refresh }) => (refresh ? (token = await read()) : token);
  }
  if (inEnvironment) return inEnvironment;
  if (needsToken(baseUrlOf(given))) throw noToken();
  return undefined;
}

/** What a client and the proxy take alike. */
export async function sharedOptions(given: Given) {
  return {
    token: await readToken(given),
    baseUrl: baseUrlOf(given),
    apiVersion: given.text("api-version"),
    requestTimeoutMs: given.read("request-timeout", DURATION),
    rateLimit: given.read("rate-limit", RATE_LIMIT),
  } satisfies ClientOptions;
}

export async function createClient(given: Given, onEvent: (event: TaskEvent) => void): Promise<HubSpotTasks> {
  return new HubSpotTasks({
    ...(await sharedOptions(given)),
    ...given.read("interval", INTERVAL),
    pace: given.read("pace", PACE),
    learned: await readLearned(given.text("learned")),
    onEvent,
  });
}

/** Of each task: none where none was given, since exports have a default of their own. */
export function taskOptions(given: Given): { timeoutMs?: number } {
  const timeoutMs = given.read("timeout", DEADLINE);
  return timeoutMs === undefined ? {} : { timeoutMs };
}

/** Nothing where there is no such file yet. */
async function readLearned(path: string | undefined): Promise<Learned | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(await placeOf("learned", path), "utf8").catch(() => undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Learned);
  } catch {
    throw new UsageError(`--learned: ${path} is no JSON`);
  }
}
