// hubspot-async-tasks where the condition `workerd` is set: for Cloudflare's workers, which refuse to compile bytes and
// want WebAssembly as a module of its own. wrangler sets the condition, and takes the .wasm file along.
import module from "#wasm";
import { blocked, imports, initBy, onFirstUse } from "../load.js";

export * from "../api.js";

function instantiate() {
  try {
    return new WebAssembly.Instance(module, { a: imports });
  } catch (cause) {
    throw blocked(cause);
  }
}

onFirstUse(instantiate);

export const init = initBy(async () => instantiate());
