// hubspot-async-tasks where the condition `workerd` is set: for Cloudflare's workers, which refuse to compile bytes and
// want WebAssembly as a module of its own. wrangler sets the condition, and takes the .wasm file along.
import module from "#wasm";
import { Contexts, keepCollected } from "../contexts.js";
import { useHosts } from "../lane.js";
import { type Instance, blocked, onFirstUse, startAhead } from "../load.js";
import { onCollected } from "../tasks.js";

export * from "../api.js";

function instantiate(): Instance {
  try {
    return new WebAssembly.Instance(module);
  } catch (cause) {
    throw blocked(cause);
  }
}

onFirstUse(instantiate);
onCollected(keepCollected);
useHosts((...given) => {
  const contexts = new Contexts(...given);
  return { lane: contexts, sender: contexts };
});

export function init(source?: unknown): Promise<void> {
  return startAhead(source, instantiate);
}
