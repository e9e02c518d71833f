// What the entry /ui-extension exports, as a user writes it. Compiled, never run; needs no type of any host.
import type { ClientOptions as UsualOptions, HubSpotTasks as UsualTasks } from "hubspot-async-tasks";
import {
  HubSpotTasks,
  fromHubSpotApi,
  fromHubSpotFetch,
  fromServerless,
  init,
  isHubSpotTaskError,
  type ClientOptions,
  type FetchHubSpotApi,
  type FetchLike,
  type HubSpotFetch,
  type HubSpotServerless,
  type ServerlessParameters,
  type Task,
} from "hubspot-async-tasks/ui-extension";

/** As `@hubspot/ui-extensions` declares them. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
declare const hubspot: {
  fetch(
    url: string | { readonly href: string },
    options?: { method?: "GET" | "POST" | "PUT"; timeout?: number; body?: { [key: string]: unknown }; headers?: Record<string, string> },
  ): Promise<{ readonly status: number; text(): Promise<string> }>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  serverless<T = any>(name: string, options?: { propertiesToSend?: string[]; parameters?: Json; payload?: Json }): Promise<T>;
};
declare function fetchHubSpotApi(request: {
  path: string;
  method: "GET" | "POST" | "PUT";
  headers?: Record<string, string>;
  contentType?: string;
  body?: Record<string, unknown>;
}): Promise<{ status: number; headers: Record<string, string>; body: unknown }>;

const transports: FetchLike[] = [
  fromHubSpotFetch(hubspot.fetch),
  fromServerless(hubspot.serverless, "hubspot"),
  fromHubSpotApi(fetchHubSpotApi),
];
const hosts: [HubSpotFetch, HubSpotServerless, FetchHubSpotApi] = [hubspot.fetch, hubspot.serverless, fetchHubSpotApi];
const parameters: ServerlessParameters[] = [
  { path: "/crm/exports/2026-03/export/async", method: "POST", body: { exportType: "LIST" } },
  { path: "/crm/exports/2026-03/export/async/tasks/7/status", method: "GET" },
];

const options: ClientOptions = { baseUrl: "https://app.example.com/hubspot", fetch: transports[0] };
const usual: UsualOptions = options;
const client: UsualTasks = new HubSpotTasks(options);
const own: HubSpotTasks = new HubSpotTasks(usual);
const task: Task<string, "export"> = own.exports.task("7");

// @ts-expect-error: the function alone
fromHubSpotFetch(hubspot);
// @ts-expect-error: needs the function's name
fromServerless(hubspot.serverless);
// @ts-expect-error: an option that is unknown
new HubSpotTasks({ accessToken: "" });

void [client, task, hosts, parameters, init(), isHubSpotTaskError(undefined)];
