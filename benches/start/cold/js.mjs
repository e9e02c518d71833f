// The entry without WebAssembly, from nothing to the first status.
import { HubSpotTasks } from "hubspot-async-tasks/js";

const [origin] = process.argv.slice(2);

const tasks = new HubSpotTasks({ token: "token", baseUrl: origin });
const { status } = await tasks.exports.status("1");
process.exit(status === "COMPLETE" ? 0 : 1);
