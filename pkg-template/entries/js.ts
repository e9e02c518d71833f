// hubspot-async-tasks/js: the same, compiled from WebAssembly to JavaScript, for pages whose Content-Security-Policy
// refuses WebAssembly and for hosts that have none. Picked by its name alone: it is larger, and slower.
import { instantiate } from "#js";
import { type Instance, onFirstUse, startAhead } from "../load.js";
import { needRoomToCompile } from "../stack.js";

export * from "../api.js";

const start = (): Instance => ({ exports: instantiate() });

needRoomToCompile();
onFirstUse(start);

export function init(source?: unknown): Promise<void> {
  return startAhead(source, start);
}
