const { HubSpotTasks, isHubSpotTaskError } = require("hubspot-async-tasks");
const { createSimulator } = require("hubspot-async-tasks/simulator");
const { account } = require("./account.cjs");
const { EXPECTED, scenario } = require("./scenario.cjs");

test("plays the scenario", async () => {
  const result = await scenario({ HubSpotTasks, isHubSpotTaskError }, {
    server: "https://hubspot.example",
    fetch: account(createSimulator),
  });
  expect(JSON.parse(JSON.stringify(result))).toEqual(EXPECTED);
});
