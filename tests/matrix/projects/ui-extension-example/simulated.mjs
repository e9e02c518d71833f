// Loaded before the backend: HubSpot's API is the simulator, and each start is noted.
import { appendFileSync } from "node:fs";

const hostFetch = globalThis.fetch;
globalThis.fetch = (url, init) => {
  if (init.method === "POST") appendFileSync("starts.txt", "1\n");
  return hostFetch(url.replace("https://api.hubapi.com", process.env.SIMULATOR), init);
};
