// openai: the poll helper of vector store files. Its words are in_progress and completed.
import OpenAI from "openai";
import { JSON_HEADERS, REFUSAL, response } from "../server.mjs";

export function create(server) {
  const client = new OpenAI({
    apiKey: "none",
    async fetch(url) {
      const id = /\/files\/(\d+)$/.exec(String(url))[1];
      const { isRefused, isDone } = await server.ask(id);
      if (isRefused) return response(429, REFUSAL, JSON_HEADERS);
      return response(200, JSON.stringify({ id, status: isDone ? "completed" : "in_progress" }), JSON_HEADERS);
    },
  });
  return (id) => client.vectorStores.files.poll("store", id);
}
