/**
 * A proxy for a server of yours: passes HubSpot's task calls on with the token, for those who may. For every server with the
 * fetch interface (Next, Hono, Cloudflare's workers, Deno, Bun), and by `toNodeHandler` for `node:http`, Express, Fastify.
 *
 * @example
 * ```ts
 * import { createProxy } from "hubspot-async-tasks/proxy";
 *
 * const proxy = createProxy({ token: () => process.env.HUBSPOT_TOKEN, authorize: (request) => isLoggedIn(request), families: ["export"] });
 * ```
 *
 * @packageDocumentation
 */
// Its WebAssembly, as the entry `.` has it.
import "./index.js";

export { toNodeHandler } from "../proxy/node.js";
export { createProxy } from "../proxy/proxy.js";
export type * from "../proxy/types.js";
