// hubspot-async-tasks/js: the same, compiled from WebAssembly to JavaScript, for pages whose Content-Security-Policy
// refuses WebAssembly and for hosts that have none. Picked by its name alone: it is larger, and slower.
import { instantiate } from "#js";
import { imports, initBy, onFirstUse } from "../load.js";

export * from "../api.js";

const start = () => ({ exports: instantiate(imports) });

onFirstUse(start);

export const init = initBy(async () => start());
