// What a start sends: a request as HubSpot takes it, fields by options, and what is usual where neither says it.
import { readFile } from "node:fs/promises";
import process from "node:process";
import type { TaskAbortSignal } from "../entries/index.js";
import type { Given } from "./args.js";
import { UsageError } from "./exit.js";
import { type FamilyOfCommand, optionsOfOthers } from "./families.js";
import { kebab } from "./names.js";
import type { OptionName } from "./usage.js";

type Fields = Readonly<Record<string, unknown>>;

export interface StartRequest {
  /** What `start()` takes. */
  readonly request: Fields;
  /** As it was given, without what is new in each run: by this a start is told from another one. */
  readonly asGiven: Fields;
  /** By which it is found at HubSpot. */
  readonly name: string | undefined;
}

function refuseOthers(given: Given, family: FamilyOfCommand): void {
  const others: OptionName[] = [...optionsOfOthers(family), ...(family.name === "import" ? [] : (["file"] as const))];
  for (const name of others) {
    if (given.has(name) || given.text(name) !== undefined) throw new UsageError(`--${name}: is not for ${kebab(family.name)}`);
  }
}

export async function readRequest(given: Given, family: FamilyOfCommand, signal: TaskAbortSignal): Promise<StartRequest> {
  refuseOthers(given, family);
  const whole = await readWhole(given.text("request"), signal);
  const byOptions: Record<string, unknown> = {};
  for (const [option, [field, read]] of Object.entries(family.fields)) {
    const value = read(given, option as OptionName);
    if (value !== undefined) byOptions[field] = value;
  }
  const fields = { ...whole, ...byOptions };
  const full = { ...family.defaults(fields), ...fields };
  const name = [full.exportName, full.name, full.url, full.path].find((value) => typeof value === "string");
  if (family.name !== "import") return { request: full, asGiven: fields, name };
  const files = given.all("file");
  if (files.length === 0) throw new UsageError("--file: a CRM import needs at least one");
  if (whole === undefined) throw new UsageError("--request: a CRM import needs its importRequest, as HubSpot takes it");
  return { request: { importRequest: full, files }, asGiven: { ...fields, files }, name };
}

/** JSON: as it stands, of a file, or of the standard input. */
async function readWhole(given: string | undefined, signal: TaskAbortSignal): Promise<Fields | undefined> {
  if (given === undefined) return undefined;
  const isInline = given.trimStart().startsWith("{");
  const place = isInline ? "the text" : given === "-" ? "the standard input" : given;
  const text = isInline ? given : await (given === "-" ? readInput(signal) : readText(given));
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new UsageError(`--request: ${place} is no JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new UsageError(`--request: ${place} is no JSON object`);
  // What is sent for an import may have been written down as a whole.
  const { importRequest } = value as { importRequest?: unknown };
  return (typeof importRequest === "object" && importRequest !== null ? importRequest : value) as Fields;
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    throw new UsageError(`--request: ${(error as Error).message}`);
  });
}

async function readInput(signal: TaskAbortSignal): Promise<string> {
  signal.addEventListener("abort", () => { process.stdin.destroy(signal.reason as Error); });
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of process.stdin) text += decoder.decode(part, { stream: true });
  return text + decoder.decode();
}
