// What proxy.ts exports, where the condition `workerd` is set: see workerd.ts.
import "./workerd.js";
import { keepApart } from "../proxy/shared.js";

export { toNodeHandler } from "../proxy/node.js";
export { createProxy } from "../proxy/proxy.js";
export type * from "../proxy/types.js";

keepApart();
