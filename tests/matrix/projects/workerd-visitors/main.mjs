// A worker as people write it: a client in a module variable, which all visitors share. Each waits in its own way.
import { HubSpotTasks } from "hubspot-async-tasks";

const clients = {};
const clientFor = (way, baseUrl) =>
  (clients[way] ??= new HubSpotTasks({ baseUrl, token: "matrix-token", minIntervalMs: 500, rateLimit: { requests: 400, perMs: 10_000 } }));

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const WAYS = {
  async wait(client, id) {
    const { outcome } = await client.fileImports.task(id).wait();
    return outcome;
  },
  async statuses(client, id) {
    let last;
    for await (const status of client.fileImports.task(id).statuses()) last = status;
    return last;
  },
  async status(client, id) {
    for (;;) {
      const status = await client.fileImports.task(id).status();
      if (!["PENDING", "PROCESSING"].includes(status.status)) return status;
      await sleep(2_000);
    }
  },
  async poll(client, id) {
    let checkpoint = client.fileImports.task(id).checkpoint();
    for (;;) {
      const step = await client.poll(checkpoint);
      if (step.done) return step.outcome;
      ({ checkpoint } = step);
      await sleep(step.delayMs);
    }
  },
};

export default {
  async fetch(request) {
    const { way, id, server } = Object.fromEntries(new URL(request.url).searchParams);
    try {
      return Response.json({ told: await WAYS[way](clientFor(way, server), id) });
    } catch (error) {
      return Response.json({ code: error.code, message: error.message });
    }
  },
};
