// This package as it was built, waiting for tasks that were just started.
import { HubSpotTasks } from "../../pkg/index.js";
import { TRAINING_TASKS, durations, trainingSeedOf } from "./scenarios.mjs";
import { REFUSAL, response } from "./server.mjs";

/** Alone in its account: neither a budget nor a crowd keeps a task waiting. */
const ALONE = { rateLimit: false, maxConcurrent: 1e6 };

/** A client that asks the simulated server. */
function newClient(clock, server, options) {
  return new HubSpotTasks({ clock, fetch: (url) => fetchFrom(server, url), timeoutMs: Infinity, ...options });
}

async function fetchFrom(server, url) {
  // Of a silent export the details are asked, too: a request like any other, which tells nothing here.
  const [, id, isStatus] = /\/(\d+)(\/status)?$/.exec(url);
  const { task, serverMs, isRefused, isDone } = await server.ask(id);
  const headers = { "content-type": "application/json", date: new Date(serverMs).toUTCString() };
  if (isRefused) return response(429, REFUSAL, headers);
  if (!isStatus) return response(200, JSON.stringify({ id, exportState: isDone ? "DONE" : "PROCESSING" }), headers);
  const requestedAt = new Date(task.startedMs).toISOString();
  const status = isDone
    ? { status: "COMPLETE", completedAt: new Date(task.completedMs).toISOString(), result: "https://exports.example/1" }
    : { status: "PROCESSING" };
  return response(isDone ? 200 : 202, JSON.stringify({ requestedAt, startedAt: requestedAt, ...status }), headers);
}

/** Waits for a task that was started just now. */
function waitFor(client, clock, id) {
  const checkpoint = { version: 1, family: "export", taskId: id, apiVersion: "2026-03", startedMs: clock.now() };
  return client.resume(checkpoint).wait();
}

/** A wait for one task alone. `learned` comes from `learn`; without it, nothing is learned. */
export function create(server, clock, { pace, learned = false } = {}) {
  const client = () => newClient(clock, server, { ...ALONE, pace, learned });
  const shared = client();
  // One that learns would learn on from task to task: then each task has a client of its own.
  return (id) => waitFor(learned ? client() : shared, clock, id);
}

/** What a client has learned from a training sample of the same scenario; plain JSON. */
export async function learn(server, clock, scenario) {
  const client = newClient(clock, server, ALONE);
  let number = 0;
  for (const durationMs of durations(scenario, trainingSeedOf(scenario), TRAINING_TASKS)) {
    const id = String(++number);
    server.start(id, durationMs);
    await clock.run(waitFor(client, clock, id));
    server.forget(id);
  }
  return client.learned();
}

/** A wait for many tasks by one client, as its defaults are: one budget for all of them. */
export function createForCrowd(server, clock) {
  const client = newClient(clock, server, {});
  return (id) => waitFor(client, clock, id);
}
