// HubSpot over HTTP, for processes that share one account: what goes to api.hubapi.com goes to the simulator at SIMULATOR_URL.
const { SIMULATOR_URL } = process.env;
const { fetch } = globalThis;
globalThis.fetch = (url, init) => fetch(String(url).replace("https://api.hubapi.com", SIMULATOR_URL), init);
process.env.HUBSPOT_TOKEN = "a-token-of-a-private-app";
