// When the WebAssembly is loaded, for all entries: at first use, or ahead of time by init(). Importing never compiles and
// never waits. (No import.meta.url, no top-level await: both break HubSpot's builder for UI extensions.)
import * as glue from "#glue";
import { HubSpotTaskError } from "./error.js";
import { imports } from "#imports";

export { imports };

let wasm;
/** Calls of init() under way, by their source. */
const pending = new Map();

/** The first instance stays, for it holds what was made meanwhile. */
function start(instance) {
  wasm ??= instance.exports;
  glue.__wbg_set_wasm(wasm);
  return wasm;
}

/** Until there is an instance, each use asks for one. What that throws, the use throws. */
export const onFirstUse = (instantiate) =>
  glue.__wbg_set_wasm(new Proxy({}, { get: (_, name) => start(instantiate())[name] }));

/** An init() that asks for an instance unless there is one; calls with one source at a time share it. */
export const initBy = (instantiate) => async (source) => {
  if (wasm) return;
  if (!pending.has(source)) pending.set(source, instantiate(source).then(start).finally(() => pending.delete(source)));
  await pending.get(source);
};

/** A host that compiles no WebAssembly, with the way out. */
export const blocked = (cause, message = BLOCKED) => new HubSpotTaskError({ code: "WASM_BLOCKED", message, cause });

const BLOCKED =
  "this host does not let WebAssembly be compiled here. Under a Content-Security-Policy, add 'wasm-unsafe-eval' to script-src, or import hubspot-async-tasks/js, which needs no WebAssembly";
