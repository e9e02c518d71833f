/**
 * For React 18 and 19: how a task stands, in the components that show it. For the tasks of every entry.
 *
 * @example
 * ```tsx
 * import { HubSpotTasks } from "hubspot-async-tasks";
 * import { useTask } from "hubspot-async-tasks/react";
 *
 * const tasks = new HubSpotTasks({ baseUrl: "/hubspot" });
 *
 * function Export({ id }: { id: string }) {
 *   const { status, error, retry } = useTask(tasks.exports.task(id));
 *   if (error) return <button onClick={retry}>{String(error)}</button>;
 *   return <p>{status?.status ?? "Starting"}</p>;
 * }
 * ```
 *
 * @packageDocumentation
 */
"use client";
export { useTask } from "../react/use-task.js";
export type * from "../react/types.js";
