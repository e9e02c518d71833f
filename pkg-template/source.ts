// What a user may give as the WebAssembly: a module, or whatever its bytes can be had from.
import { build } from "#build";
import { HubSpotTaskError, taskError } from "./error.js";
import { blocked } from "./load.js";

const TAKES =
  "takes the file hubspot-async-tasks/wasm as a WebAssembly.Module, an ArrayBuffer or a view of one, a Response, a URL, or a promise of one of these";

const wrong = (got: string): HubSpotTaskError =>
  taskError({ code: "INVALID_ARGUMENT", message: `source: got ${got}, ${TAKES}` });

/** The name of what an object is, in any realm; the type of anything else. */
const kindOf = (value: unknown): string =>
  typeof value === "object" ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;

/** The module that a source gives, compiled where it is none yet, and known to be of this build. */
export async function moduleFrom(source: unknown): Promise<WebAssembly.Module> {
  const given = await read(source);
  const module = kindOf(given) === "WebAssembly.Module" ? (given as WebAssembly.Module) : await compile(given);
  const [id] = WebAssembly.Module.customSections(module, "build");
  const found = Array.from(new Uint8Array(id ?? []), (byte) => String.fromCharCode(byte)).join("");
  if (found !== build) throw wrong("WebAssembly that is not of this build of the package");
  return module;
}

/** As much of a Response as is needed. */
interface Answer {
  readonly ok?: boolean;
  readonly status?: number;
  arrayBuffer(): Promise<unknown>;
}

const isAnswer = (value: unknown): value is Answer => typeof (value as Answer | null | undefined)?.arrayBuffer === "function";

/** A module or bytes. */
async function read(source: unknown): Promise<unknown> {
  try {
    const given = await source;
    const isAddress = typeof given === "string" || kindOf(given) === "URL";
    const answer = isAddress ? await load(String(given)) : given;
    if (!isAnswer(answer)) return answer;
    if (answer.ok === false) throw refused(answer);
    return await answer.arrayBuffer();
  } catch (cause) {
    if (cause instanceof HubSpotTaskError) throw cause;
    throw taskError({ code: "NETWORK", message: "source: the WebAssembly could not be loaded", cause });
  }
}

function load(address: string): Promise<unknown> {
  if (!globalThis.fetch) throw new TypeError("this host has no fetch");
  return globalThis.fetch(address);
}

const refused = ({ status: httpStatus = 0 }: Answer): HubSpotTaskError =>
  taskError({ code: "HTTP", message: `source: the WebAssembly was answered with ${httpStatus}`, httpStatus });

async function compile(given: unknown): Promise<WebAssembly.Module> {
  const bytes = bytesOf(given);
  const isWasm = String(bytes.slice(0, 4)) === "0,97,115,109";
  if (!isWasm) throw wrong("bytes that are no WebAssembly (a page of HTML, perhaps)");
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw blocked(cause);
  }
}

function bytesOf(given: unknown): Uint8Array {
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (kindOf(given) === "ArrayBuffer") return new Uint8Array(given as ArrayBuffer);
  throw wrong(`a value of type ${kindOf(given)}`);
}
