// The account at HubSpot that the scenario asks about, made of the package's own simulator: as a fetch function, for
// whatever has no network of its own, and behind server.mjs for the others.
import { FILE, TOKEN } from "./scenario.mjs";

/**
 * A fetch: /hubspot answers as HubSpot does to a token without the scope `content`, /dropped drops the connection. Where an
 * `origin` is given, exports are zips whose URLs point there.
 */
export function account(createSimulator, origin) {
  const simulator = createSimulator({
    cors: "open",
    baseUrl: "/hubspot",
    tokens: [TOKEN],
    scopes: ["files", "crm.export"],
    startedTask: { file: { content: FILE } },
    ...(origin && { downloads: { origin, zipOverBytes: 0 } }),
  });
  simulator.addTask("export", { id: "1" });
  simulator.script({ status: 202, body: { status: "PENDING" } }, { taskId: "1" });
  simulator.addTask("fileImport", { id: "endless", pendingMs: Infinity });
  return async (url, init) => {
    if (new URL(url, "http://localhost").pathname.startsWith("/dropped/")) throw new TypeError("the connection was dropped");
    return simulator.fetch(url, init);
  };
}
