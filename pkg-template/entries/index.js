// hubspot-async-tasks, the default entry: for every runtime that compiles WebAssembly from bytes. Picked unless another
// entry is asked for by name, or the condition `workerd` is set.
import { hex } from "#bytes";
import { fromHex } from "../hex.ts";
import { blocked, imports, initBy, onFirstUse } from "../load.js";

export * from "../api.js";

const TOO_OLD =
  "this browser compiles WebAssembly of this size on a page's main thread ahead of time only: await init() before the first use, or import hubspot-async-tasks/js, which needs no WebAssembly";

onFirstUse(() => {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(fromHex(hex)), { a: imports });
  } catch (cause) {
    throw blocked(cause, cause?.name === "RangeError" ? TOO_OLD : undefined);
  }
});

export const init = initBy(async () => {
  try {
    return (await WebAssembly.instantiate(fromHex(hex), { a: imports })).instance;
  } catch (cause) {
    throw blocked(cause);
  }
});
