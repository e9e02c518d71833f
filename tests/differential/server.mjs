// The scripted server, as one client's fetch, and the scripted token function. As player/server.rs and tokens.rs have it.
import { START_MS, Whose } from "./world.mjs";

/** What one client asks with, and what it asked for. */
export function server(scenario, world, client) {
  /** How many requests there were, by path. */
  const counts = new Map();
  const requests = [];
  const tokenCalls = [];

  async function fetch(url, { headers, signal }) {
    const path = new URL(url).pathname;
    const token = headers.Authorization?.replace("Bearer ", "") ?? null;
    const request = { at: world.nowMs, path, token, end: null };
    const end = (is) => (request.end ??= { at: world.nowMs, is });
    requests.push(request);
    const nth = counts.get(path) ?? 0;
    counts.set(path, nth + 1);
    const { answers, details } = scenario.tasks.find(({ id }) => path.split("/").includes(id));
    const story = path.endsWith("/status") ? answers : details;
    const { afterMs, comes } = story[Math.min(nth, story.length - 1)];
    await new Promise((resolve, reject) => {
      const timer = afterMs === null ? undefined : world.timer(answer, afterMs, Whose.server, [client, path, nth]);
      signal.addEventListener("abort", giveUp);
      function answer() {
        signal.removeEventListener("abort", giveUp);
        resolve();
      }
      function giveUp() {
        end("aborted");
        world.clear(timer);
        reject(signal.reason);
      }
    });
    end("answered");
    if (comes.error !== undefined) throw { toString: () => comes.error };
    return response(comes, START_MS + world.nowMs);
  }

  async function token({ refresh }) {
    const { afterMs, gives } = scenario.clients[client].token;
    const nth = tokenCalls.push({ at: world.nowMs, refresh }) - 1;
    await world.sleep(afterMs, Whose.token, [client, nth]);
    const given = gives[Math.min(nth, gives.length - 1)];
    if (given === null) throw new Error("no token");
    return given;
  }

  return { fetch, token: scenario.clients[client].token && token, requests, tokenCalls };
}

/** What fetch gives: a `status` of 1000 and above stands for something that is no response. */
function response({ status, headers, dateAheadMs, body }, nowMs) {
  const date = dateAheadMs === null ? null : new Date(nowMs + dateAheadMs).toUTCString();
  const header = (name) => (name === "date" ? date : (headers[name] ?? null));
  return { status, headers: { get: header }, text: async () => body };
}
