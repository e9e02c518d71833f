// The entry /proxy in a host with the fetch interface: its Request and Response are the handler's. Compiled, never run.
import { createProxy, toNodeHandler } from "hubspot-async-tasks/proxy";

const proxy = createProxy({
  token: "x",
  authorize: async (request) => request.headers.has("cookie") && request.method === "GET",
  families: ["export"],
});

export const GET: (request: Request) => Promise<Response> = proxy;

export default {
  fetch(request: Request): Promise<Response> {
    return proxy(request);
  },
};

/** A handler of one's own with the proxy behind it. */
toNodeHandler(async (request: Request) => (request.url.endsWith("/health") ? new Response("ok") : proxy(request)));
