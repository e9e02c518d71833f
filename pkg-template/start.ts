// What a start sends, as JSON or as parts with files, and what its answer says: the id of the new task.
import type { Errand } from "./calls.js";
import { type FamilyFacts, at, filled } from "./families.js";
import { isIdOf } from "./ids.js";
import { Refusal, attempt, fieldsOf, has, isSome, own, plain, reading, refusalOfKind, refused } from "./values.js";

type Body = Pick<Errand, "body" | "contentType">;

/** The request that starts a task. It is read at once: later changes to it do no harm. */
export function startErrand(family: FamilyFacts, apiVersion: string, request: unknown): Errand | Promise<Errand> {
  const { paths, start } = family;
  if (!paths.start) throw new Refusal(`${family.name}: its definition has no paths.start`);
  if (typeof request !== "object" || !request) throw refusalOfKind("request", request, `what starts a task: ${family.name}`);
  refuseIncomplete(family, request);
  const errand = { method: "POST", path: filled(paths.start, apiVersion, ""), isStart: true, read: readerOf(family) } as const;
  if (start.sends === "json") return { ...errand, ...jsonOf(request) };
  return partsOf(request).then((body) => ({ ...errand, body }));
}

/** What HubSpot would refuse for certain is refused here. */
function refuseIncomplete({ name, start }: FamilyFacts, request: object): void {
  const isGiven = (field: string) => {
    const value = reading(`request.${field}`, () => fieldsOf(request)[field]);
    return isSome(value) && value !== "";
  };
  for (const alternatives of start.requires ?? []) {
    if (alternatives.some(isGiven)) continue;
    const fields = alternatives.map((field) => `request.${field}`).join(" or ");
    throw refused(fields, "nothing", `a value: HubSpot starts no ${name} without it`);
  }
}

const written = (value: unknown): string => JSON.stringify(reading("request", () => plain(value)));

const jsonOf = (request: unknown): Body => ({ body: written(request), contentType: "application/json" });

/** Each field is a part: `files` one for each file, others as they are, or as JSON. */
async function partsOf(request: object): Promise<HostFormData> {
  const form = attempt(() => new FormData());
  if (!form) throw new Refusal("request: this host has no FormData, which sends files");
  const { files, ...others } = reading("request", () => ({ ...(request as Record<string, unknown>) }));
  const texts = Object.entries(others).map(([name, value]) => [name, typeof value === "string" ? value : written(value)] as const);
  for (const [name, text] of texts) form.append(name, text);
  const names = at(others, "importRequest.files");
  const list: readonly unknown[] = Array.isArray(files) ? files : [files];
  for (const [place, file] of list.entries()) {
    const blob = await blobOf(file, `request.files[${place}]`);
    const ownName = typeof file === "string" ? file.split(/[\\/]/).pop() : fieldsOf(file).name;
    const name = own(Array.isArray(names) ? names[place] : undefined, "fileName") ?? ownName;
    form.append("files", blob, typeof name === "string" ? name : `file-${place + 1}.csv`);
  }
  return form;
}

/** A File, a Blob or bytes; in Node also the path of a file, which is read while it is sent. */
async function blobOf(file: unknown, name: string): Promise<object> {
  const type = Object.prototype.toString.call(file);
  if (/ (Blob|File)\]$/.test(type)) return file as object;
  if (ArrayBuffer.isView(file) || type === "[object ArrayBuffer]") return new Blob([file]);
  const fs = fieldsOf(attempt(() => globalThis.process?.getBuiltinModule?.("node:fs")));
  if (typeof file !== "string" || !has(fs, "openAsBlob")) {
    throw refusalOfKind(name, file, "a File, a Blob or a Uint8Array; in Node from 20.16 on also a path");
  }
  try {
    return (await fs.openAsBlob(file)) as object;
  } catch (cause) {
    throw new Refusal(`${name}: no file can be read there`, cause);
  }
}

/** The id that the answer to a start has, in the field that the family's definition names: as a text or a number. */
function readerOf(family: FamilyFacts): Errand["read"] {
  const { answers } = family.start;
  const field = typeof answers === "object" ? answers.field : "id";
  return (body, text) => {
    const id = at(body, field);
    // JavaScript rounds long numbers.
    const digits = typeof id === "number" ? new RegExp(`"${field.split(".").pop() ?? ""}"\\s*:\\s*(\\d+)`).exec(text)?.[1] : id;
    return typeof digits === "string" && isIdOf(family, digits) ? digits : undefined;
  };
}
