// First use of an entry, cold: CPU and time from the end of its import until it calls fetch.
import { readFileSync } from "node:fs";
import { COMPLETE } from "../answers.mjs";

const [entry] = process.argv.slice(2);
const wasm = entry === "/slim" ? readFileSync(new URL(import.meta.resolve("hubspot-async-tasks/wasm"))) : undefined;
const { HubSpotTasks, init } = await import(`hubspot-async-tasks${entry}`);

const startMs = performance.now();
const startCpu = process.cpuUsage();
if (wasm) await init(wasm);
const tasks = new HubSpotTasks({ token: "token", fetch: sent });
await tasks.exports.status("1");

async function sent() {
  const { user, system } = process.cpuUsage(startCpu);
  const wallMs = performance.now() - startMs;
  console.log(JSON.stringify({ cpuMs: (user + system) / 1_000, wallMs }));
  return { status: 200, headers: {}, text: async () => COMPLETE };
}
