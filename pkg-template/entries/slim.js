// hubspot-async-tasks/slim: without the WebAssembly, which its user gives to init(): for those who serve, cache or
// precompile the .wasm file (hubspot-async-tasks/wasm) themselves. Picked by its name alone.
import { HubSpotTaskError } from "../error.js";
import { blocked, imports, initBy, onFirstUse } from "../load.js";
import { moduleFrom } from "../source.js";

export * from "../api.js";

onFirstUse(() => {
  const message = "hubspot-async-tasks/slim has no WebAssembly before await init(source)";
  throw new HubSpotTaskError({ code: "WASM_BLOCKED", message });
});

export const init = initBy(async (source) => {
  const module = await moduleFrom(source);
  try {
    return await WebAssembly.instantiate(module, { a: imports });
  } catch (cause) {
    throw blocked(cause);
  }
});
