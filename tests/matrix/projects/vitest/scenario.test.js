import { HubSpotTasks, isHubSpotTaskError } from "hubspot-async-tasks";
import { createSimulator } from "hubspot-async-tasks/simulator";
import { expect, test } from "vitest";
import { account } from "./account.mjs";
import { EXPECTED, scenario } from "./scenario.mjs";

test("plays the scenario", async () => {
  const result = await scenario({ HubSpotTasks, isHubSpotTaskError }, {
    server: "https://hubspot.example",
    fetch: account(createSimulator),
  });
  expect(JSON.parse(JSON.stringify(result))).toEqual(EXPECTED);
});
