// hubspot-async-tasks where the condition `workerd` is set: for Cloudflare's workers, which refuse to compile bytes and
// want WebAssembly as a module of its own. wrangler sets the condition, and takes the .wasm file along.
import module from "#wasm";
import { type Instance, blocked, onFirstUse, startAhead } from "../load.js";

export * from "../api.js";

function instantiate(): Instance {
  try {
    return new WebAssembly.Instance(module);
  } catch (cause) {
    throw blocked(cause);
  }
}

onFirstUse(instantiate);

export function init(source?: unknown): Promise<void> {
  return startAhead(source, instantiate);
}
