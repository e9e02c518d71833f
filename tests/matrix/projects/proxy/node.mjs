import { createServer } from "node:http";
import { toNodeHandler } from "hubspot-async-tasks/proxy";
import { make } from "./proxy.mjs";

const server = createServer(toNodeHandler(make(process.argv.at(-1))));
server.listen(0, "127.0.0.1", () => console.log(`Ready on http://127.0.0.1:${server.address().port}`));
