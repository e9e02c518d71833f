/**
 * For HubSpot's UI extensions: what `hubspot-async-tasks/js` has, without WebAssembly, and a fetch made of what HubSpot gives
 * to extensions in its place.
 *
 * @example
 * ```ts
 * import { hubspot } from "@hubspot/ui-extensions";
 * import { HubSpotTasks, fromHubSpotFetch } from "hubspot-async-tasks/ui-extension";
 *
 * const client = new HubSpotTasks({ baseUrl: "https://app.example.com/hubspot", fetch: fromHubSpotFetch(hubspot.fetch) });
 * ```
 *
 * @packageDocumentation
 */
export * from "./js.js";
// In the place of the one that is above.
export { HubSpotTasks } from "../ui-extension/client.js";
export { fromHubSpotApi, fromHubSpotFetch, fromServerless } from "../ui-extension/transports.js";
export type * from "../ui-extension/types.js";
