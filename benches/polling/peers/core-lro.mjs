// @azure/core-lro: createHttpPoller, as Azure's clients make it. Its word for COMPLETE is Succeeded.
import { createHttpPoller } from "@azure/core-lro";
import { askPatiently } from "./transport.mjs";

const answer = (statusCode, status, headers = {}) => ({
  flatResponse: { status },
  rawResponse: {
    statusCode,
    headers,
    body: { status },
    request: { method: "POST", url: "https://api.example/operations" },
  },
});

export function create(server) {
  return async (id) => {
    const poller = createHttpPoller({
      sendInitialRequest: async () => answer(202, "Running", { "operation-location": `https://api.example/${id}` }),
      sendPollRequest: async () => answer(200, (await askPatiently(server, id)).isDone ? "Succeeded" : "Running"),
    });
    await poller.pollUntilDone();
  };
}
