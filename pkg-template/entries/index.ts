/**
 * Starts HubSpot's asynchronous tasks, waits for them, and gives what they made: {@link HubSpotTasks} is where to begin.
 *
 * @example
 * ```ts
 * import { HubSpotTasks } from "hubspot-async-tasks";
 *
 * const tasks = new HubSpotTasks({ token: () => process.env.HUBSPOT_TOKEN });
 * const { outcome } = await tasks.exports.task("90151673").wait();
 * ```
 *
 * @packageDocumentation
 */
// hubspot-async-tasks, the default entry: for every runtime that compiles WebAssembly from bytes. Picked unless another
// entry is asked for by name, or the condition `workerd` is set.
import { fromHex } from "../hex.js";
import { blocked, onFirstUse, startAhead } from "../load.js";

export * from "../api.js";
// The bytes come after the code: so a bundle of both compresses better.
import { hex } from "#bytes";

const TOO_OLD =
  "this host compiles WebAssembly ahead of time only: await init() first, or import hubspot-async-tasks/js";

onFirstUse(() => {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(fromHex(hex)));
  } catch (cause) {
    throw blocked(cause, (cause as Error | undefined)?.name === "RangeError" ? TOO_OLD : undefined);
  }
});

/**
 * Optional: makes the WebAssembly ready ahead of time, asynchronously, which otherwise happens at the first use. Browsers
 * that compile it on a page's main thread in no other way (Chrome before 114) need it. The source is for
 * `hubspot-async-tasks/slim` alone.
 *
 * Rejects with {@link HubSpotTaskError} WASM_BLOCKED where the host refuses to compile it; the next use tries again.
 */
export function init(source?: unknown): Promise<void> {
  return startAhead(source, async () => {
    try {
      return (await WebAssembly.instantiate(fromHex(hex))).instance;
    } catch (cause) {
      throw blocked(cause);
    }
  });
}
