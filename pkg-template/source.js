// What a user may give as the WebAssembly: a module, or whatever its bytes can be had from.
import { HubSpotTaskError } from "./error.js";
import { build } from "#build";
import { TextDecoder } from "./text.js";
import { blocked } from "./load.js";

const TAKES =
  "takes the file hubspot-async-tasks/wasm as a WebAssembly.Module, an ArrayBuffer or a view of one, a Response, a URL, or a promise of one of these";

const wrong = (got, cause) =>
  new HubSpotTaskError({ code: "INVALID_ARGUMENT", message: `source: got ${got}, ${TAKES}`, cause });

/** The name of what an object is, in any realm; the type of anything else. */
const kindOf = (value) =>
  typeof value === "object" ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;

/** The module that a source gives, compiled where it is none yet, and known to be of this build. */
export async function moduleFrom(source) {
  const given = await read(source);
  const module = kindOf(given) === "WebAssembly.Module" ? given : await compile(given);
  const ids = WebAssembly.Module.customSections(module, "build").map((bytes) => new TextDecoder().decode(new Uint8Array(bytes)));
  if (ids[0] !== build) throw wrong("WebAssembly that is not of this build of the package");
  return module;
}

/** A module or bytes. */
async function read(source) {
  try {
    const given = await source;
    const isAddress = typeof given === "string" || kindOf(given) === "URL";
    const answer = isAddress ? await fetch(given) : given;
    if (typeof answer?.arrayBuffer !== "function") return answer;
    if (answer.ok === false) throw refused(answer);
    return await answer.arrayBuffer();
  } catch (cause) {
    if (cause instanceof HubSpotTaskError) throw cause;
    throw new HubSpotTaskError({ code: "NETWORK", message: "source: the WebAssembly could not be loaded", cause });
  }
}

const refused = ({ status: httpStatus }) =>
  new HubSpotTaskError({ code: "HTTP", message: `source: the WebAssembly was answered with ${httpStatus}`, httpStatus });

async function compile(given) {
  if (!ArrayBuffer.isView(given) && kindOf(given) !== "ArrayBuffer") throw wrong(`a value of type ${kindOf(given)}`);
  const bytes = ArrayBuffer.isView(given)
    ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    : new Uint8Array(given);
  const isWasm = String(bytes.slice(0, 4)) === "0,97,115,109";
  if (!isWasm) throw wrong("bytes that are no WebAssembly (a page of HTML, perhaps)");
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw blocked(cause);
  }
}
