// Where the DOM library's types are loaded: the global fetch, its signals and its responses fit. Compiled, never run.
import { HubSpotTasks, type ClientOptions, type FetchLike, type TaskAbortSignal } from "hubspot-async-tasks";
import { createSimulator, type HostResponse } from "hubspot-async-tasks/simulator";

new HubSpotTasks({ fetch });
new HubSpotTasks({ fetch: globalThis.fetch, baseUrl: location.href });
new HubSpotTasks({ fetch: window.fetch.bind(window) });
new HubSpotTasks({ fetch: (url, init) => fetch(url, init) });
new HubSpotTasks({ fetch: (url, init) => fetch(new Request(url, { ...init, credentials: "include" })) });
const like: FetchLike = fetch;
const options: ClientOptions = { fetch, clock: { now: Date.now, setTimeout, clearTimeout } };

const client = new HubSpotTasks({ ...options, fetch: createSimulator().fetch });
const controller = new AbortController();
const signal: AbortSignal = controller.signal satisfies TaskAbortSignal;
void client.exports.task("7").wait({ signal, onStatus: ({ status }) => console.log(status) });
void client.exports.status("7", { signal: AbortSignal.timeout(5) });
const response: Promise<Response> = createSimulator().fetch(new URL("https://api.hubapi.com"), {
  signal,
  headers: new Headers(),
});
const same: Promise<HostResponse> = fetch("/x");

void [like, response, same];
