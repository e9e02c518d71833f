/**
 * What an export made, once it is over: its file as a stream, its rows, or a file of yours.
 *
 * @example
 * ```ts
 * import { HubSpotTasks } from "hubspot-async-tasks";
 * import { rows } from "hubspot-async-tasks/results";
 *
 * const client = new HubSpotTasks({ token: () => process.env.HUBSPOT_TOKEN });
 * for await (const row of rows(client, "90151673")) console.log(row["Email"]);
 * ```
 *
 * @packageDocumentation
 */
export { download } from "../results/download.js";
export { rows } from "../results/rows.js";
export { saveTo } from "../results/save.browser.js";
export type * from "../results/types.js";
