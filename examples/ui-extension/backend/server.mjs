// What the card calls: adds the token to the calls that HubSpot signed, and lets exports alone be started and asked for.
import { createServer } from "node:http";
import { createProxy, toNodeHandler } from "hubspot-async-tasks/proxy";

const { HUBSPOT_TOKEN, HUBSPOT_CLIENT_SECRET, PUBLIC_URL, PORT = 3000 } = process.env;
const proxy = createProxy({
  token: HUBSPOT_TOKEN,
  clientSecret: HUBSPOT_CLIENT_SECRET,
  publicUrl: PUBLIC_URL,
  path: "/hubspot",
  families: ["export"],
  allow: ["start"],
});
createServer(toNodeHandler(proxy)).listen(PORT);
