import { scenario } from "./scenario.mjs";
import { load } from "./tasks.mjs";

export default {
  async fetch(request) {
    const server = new URL(request.url).searchParams.get("server");
    return Response.json(await scenario(await load(), { server }));
  },
};
