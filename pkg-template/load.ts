// When the WebAssembly is loaded, for all entries: at first use, or ahead of time by init(). Importing never compiles and
// never waits. (No import.meta.url, no top-level await: both break HubSpot's builder for UI extensions.)
import { type HubSpotTaskError, taskError } from "./error.js";

/** The engine as it runs: what the WebAssembly, or the JavaScript in its place, exports. */
export interface Instance {
  readonly exports: object;
}

/** The one that is in use. */
let current: Instance | undefined;

/** How the entry makes one at once. */
let instantiate: () => Instance;

/** Calls of init() under way, by their source. */
const pending = new Map<unknown, Promise<unknown>>();

/** Says how to make an instance at first use, and anew after a trap. What it throws, the use throws. */
export function onFirstUse(make: () => Instance): void {
  instantiate = make;
}

/** Makes an instance ahead of time, unless there is one; calls with one source at a time share it. */
export async function startAhead(source: unknown, make: () => Instance | Promise<Instance>): Promise<void> {
  if (current) return;
  let call = pending.get(source);
  if (!call) {
    const forget = () => pending.delete(source);
    call = (async () => {
      const made = await make();
      // The first one stays, for it holds what was made meanwhile.
      current ??= made;
    })().finally(forget);
    pending.set(source, call);
  }
  await call;
}

/** The instance in use: the same until it is given to {@link discard}. What was made in another means nothing in it. */
export const instance = (): Instance => (current ??= instantiate());

/** Gives up an instance that trapped: the next use gets a fresh one. */
export function discard(trapped: Instance): void {
  if (current === trapped) current = undefined;
}

/** A host that compiles no WebAssembly, with the way out. */
export const blocked = (cause: unknown, message = BLOCKED): HubSpotTaskError =>
  taskError({ code: "WASM_BLOCKED", message, cause });

const BLOCKED =
  "this host compiles no WebAssembly: add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy, or import hubspot-async-tasks/js";
