// hubspot-async-tasks/slim: without the WebAssembly, which its user gives to init(): for those who serve, cache or
// precompile the .wasm file (hubspot-async-tasks/wasm) themselves. Picked by its name alone.
import { taskError } from "../error.js";
import { blocked, onFirstUse, startAhead } from "../load.js";
import { moduleFrom } from "../source.js";

export * from "../api.js";

onFirstUse(() => {
  const message = "hubspot-async-tasks/slim has no WebAssembly before await init(source)";
  throw taskError({ code: "WASM_BLOCKED", message });
});

/**
 * Takes the WebAssembly, before anything else is called: the file `hubspot-async-tasks/wasm` as a `WebAssembly.Module`, an
 * `ArrayBuffer` or a view of one (Node's `Buffer`), a `Response`, a URL (as such or as a string, to be fetched), or a
 * promise of one of these. Once it is there, further calls change nothing; after a failure it may be called again.
 *
 * Rejects with {@link HubSpotTaskError}: INVALID_ARGUMENT for anything else, a file of another version included, HTTP and
 * NETWORK where it cannot be loaded, WASM_BLOCKED where the host refuses to compile it.
 */
export function init(source: unknown): Promise<void> {
  return startAhead(source, async () => {
    const module = await moduleFrom(source);
    try {
      const instance = await WebAssembly.instantiate(module);
      // For a fresh one, should this one trap.
      onFirstUse(() => new WebAssembly.Instance(module));
      return instance;
    } catch (cause) {
      throw blocked(cause);
    }
  });
}
