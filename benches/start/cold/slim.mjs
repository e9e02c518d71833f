// The entry whose WebAssembly is a file of its own, from nothing to the first status.
import { readFileSync } from "node:fs";
import { HubSpotTasks, init } from "hubspot-async-tasks/slim";

const [origin] = process.argv.slice(2);

await init(readFileSync(new URL(import.meta.resolve("hubspot-async-tasks/wasm"))));
const tasks = new HubSpotTasks({ token: "token", baseUrl: origin });
const { status } = await tasks.exports.status("1");
process.exit(status === "COMPLETE" ? 0 : 1);
