// The loopback server: a task that is complete, whatever is asked. Tells its parent the origin, and ends with it.
import { createServer } from "node:http";
import { COMPLETE } from "./answers.mjs";

const server = createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(COMPLETE);
});
server.listen(0, "127.0.0.1", () => process.send(`http://127.0.0.1:${server.address().port}`));
process.once("disconnect", () => process.exit());
