// The body of a request, whatever a fetch takes as one: JSON as a text, an object, a form of texts and files, bytes.
import { isObject } from "./values.js";

/** A file that was sent. */
export interface SimulatedUpload {
  /** Its file name. */
  readonly name: string;
  /** Its content type; "" where none was given. */
  readonly type: string;
  /** What is in it. */
  readonly bytes: Uint8Array;
}

/** A body as far as HubSpot reads it. */
export interface SentBody {
  /** The content type, without parameters. */
  readonly type: string;
  /** Of a form, its field `importRequest`. */
  readonly text: string;
  readonly files: readonly SimulatedUpload[];
  /** Whether it can be read at all. */
  readonly isReadable: boolean;
}

export const NO_BODY: SentBody = { type: "", text: "", files: [], isReadable: true };

/** The field of a form that holds the request, and the one that holds files. */
const REQUEST = "importRequest";
const FILES = "files";

const tagOf = (value: unknown) => Object.prototype.toString.call(value);

/** Reads what fetch was given; `type` is its header, which a form of the host's brings itself. */
export async function readBody(body: unknown, type: string | undefined): Promise<SentBody> {
  const isForm = tagOf(body) === "[object FormData]";
  if (isForm) return readForm(body as HostFormData);
  if (typeof body === "string") return { ...NO_BODY, type: nameOf(type ?? "text/plain"), text: body };
  if (!isObject(body)) return NO_BODY;
  // The host of UI extensions takes an object, and sends it as JSON.
  if (tagOf(body) === "[object Object]") return { ...NO_BODY, type: "application/json", text: JSON.stringify(body) };
  return readBytes(body, type);
}

async function readBytes(body: object, type: string | undefined): Promise<SentBody> {
  if (!Response) throw new TypeError("the simulator reads such a body where the host has a Response");
  const sent = new Response(body, { status: 200, headers: type === undefined ? {} : { "content-type": type } });
  const own = nameOf(sent.headers.get("content-type") ?? "");
  if (own !== "multipart/form-data") return { ...NO_BODY, type: own, text: await sent.text() };
  try {
    return await readForm(await sent.formData());
  } catch {
    return { ...NO_BODY, type: own, isReadable: false };
  }
}

async function readForm(form: HostFormData): Promise<SentBody> {
  const request = form.get(REQUEST);
  const files = form.getAll(FILES).filter((value): value is HostFile => typeof value !== "string");
  return {
    type: "multipart/form-data",
    text: typeof request === "string" ? request : ((await request?.text()) ?? ""),
    files: await Promise.all(files.map(upload)),
    isReadable: true,
  };
}

async function upload(file: HostFile): Promise<SimulatedUpload> {
  return { name: file.name ?? "", type: file.type, bytes: new Uint8Array(await file.arrayBuffer()) };
}

const nameOf = (type: string) => (type.split(";")[0] ?? "").trim().toLowerCase();

/** The object that a JSON text holds; undefined for any other text. */
export function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
