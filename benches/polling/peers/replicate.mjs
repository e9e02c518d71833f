// replicate: wait(prediction). Its words are processing and succeeded.
import Replicate from "replicate";
import { REFUSAL, response } from "../server.mjs";

export function create(server) {
  const client = new Replicate({
    auth: "none",
    async fetch(url) {
      const id = /\/predictions\/(\d+)$/.exec(String(url))[1];
      const { isRefused, isDone } = await server.ask(id);
      if (isRefused) return response(429, REFUSAL);
      return response(200, JSON.stringify({ id, status: isDone ? "succeeded" : "processing" }));
    },
  });
  return (id) => client.wait({ id, status: "starting" }, {});
}
