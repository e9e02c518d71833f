// What a start sends, as JSON or as parts with files, and what its answer says: the id of the new task.
import type { Errand } from "./calls.js";
import { type FamilyFacts, at, pathOf } from "./families.js";
import { isIdOf } from "./ids.js";
import { type Fields, Refusal, attempt, fieldsOf, has, isSome, own, plain, reading, refusalOfKind, refused } from "./values.js";

/** The request that starts a task. What is given is read at once: later changes to it do no harm. */
export async function startErrand(family: FamilyFacts, apiVersion: string, request: unknown): Promise<Errand> {
  const path = pathOf(family, "start", apiVersion);
  if (typeof request !== "object" || !request) throw refusalOfKind("request", request, "an object");
  const isJson = family.start.sends === "json";
  const given = fieldsOf(reading("request", () => (isJson ? plain(request) : { ...request })));
  refuseIncomplete(family, given);
  const sent = isJson ? { body: JSON.stringify(given), contentType: "application/json" } : { body: await partsOf(given) };
  return { ...sent, method: "POST", path, isStart: true, read: readerOf(family) };
}

/** What HubSpot would refuse for certain is refused here. */
function refuseIncomplete({ name, start }: FamilyFacts, request: Fields): void {
  const isGiven = (field: string) => {
    const value = own(request, field);
    // Neither an empty text nor an empty list.
    return isSome(value) && fieldsOf(value).length !== 0;
  };
  for (const alternatives of start.requires ?? []) {
    if (alternatives.some(isGiven)) continue;
    const fields = alternatives.map((field) => `request.${field}`).join(" or ");
    throw refused(fields, "nothing", `a value: HubSpot starts no ${name} without it`);
  }
}

/** Each field is a part: `files` one for each file, others as they are, or as JSON. */
async function partsOf({ files, ...others }: Fields): Promise<HostFormData> {
  // Some hosts have none.
  const form = reading("request", () => new FormData());
  for (const [field, value] of Object.entries(others)) {
    if (!isSome(value)) continue;
    form.append(field, typeof value === "string" ? value : JSON.stringify(reading(`request.${field}`, () => plain(value))));
  }
  const list: readonly unknown[] = Array.isArray(files) ? files : [files];
  const parts = list.map(async (file, place) => {
    const field = `request.files[${place}]`;
    const ownName = typeof file === "string" ? file.split(/[\\/]/).pop() : fieldsOf(file).name;
    const name = at(others, `importRequest.files.${place}.fileName`) ?? ownName;
    const blob = await blobOf(file, field);
    return () => {
      reading(field, () => { form.append("files", blob, typeof name === "string" ? name : `file-${place + 1}.csv`); });
    };
  });
  // In their order.
  for (const append of await Promise.all(parts)) append();
  return form;
}

/** A File, a Blob or bytes; in Node also the path of a file, which is read while it is sent. */
async function blobOf(file: unknown, name: string): Promise<object> {
  const type = Object.prototype.toString.call(file);
  if (/ (Blob|File)\]$/.test(type)) return file as object;
  if (ArrayBuffer.isView(file) || type === "[object ArrayBuffer]") return new Blob([file]);
  const fs = fieldsOf(attempt(() => globalThis.process?.getBuiltinModule?.("node:fs")));
  if (typeof file !== "string" || !has(fs, "openAsBlob")) {
    throw refusalOfKind(name, file, "a File, a Blob or bytes; in Node from 20.16 on also a path");
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
    const given = at(body, field);
    const id = typeof given === "number" ? digitsOf(given, field, text) : given;
    return isIdOf(family, id) ? id : undefined;
  };
}

/** A number as it stands in a text, after its field's name: JavaScript rounds long ones. */
const digitsOf = (number: number, field: string, text: string): string | undefined =>
  text
    .split(`"${field.split(".").pop() ?? ""}"`)
    .map((rest) => /^\s*:\s*(\d+)/.exec(rest)?.[1])
    .find((digits) => Number(digits) === number);
