// A client for whoever answers: the simulated account, or a server. One for each, as long as the page is open, since the client
// is what the budget and what was learned belong to.
import type { HubSpotTasks } from "hubspot-async-tasks";
import type { Entry } from "../../world/package.ts";
import { type Connection, takesToken } from "../connection.ts";
import type { Account } from "./account.ts";
import { learned } from "./scenarios.ts";

export interface Connected {
  readonly connection: Connection;
  readonly client: HubSpotTasks;
  /** Of the entry that the page runs on. */
  readonly isError: Entry["isHubSpotTaskError"];
  /** Gets the files behind results' URLs: the page's own fetch unless given. */
  readonly fetch: Account["fetch"] | undefined;
}

/** `token` reads the field: it is never kept anywhere else. Throws INVALID_ARGUMENT for an address that is none. */
export function createClients({ HubSpotTasks, isHubSpotTaskError: isError }: Entry, account: Account, token: () => string) {
  const servers = new Map<string, Connected>();
  const simulated: Connected = {
    connection: { kind: "simulator" },
    client: new HubSpotTasks({ fetch: account.fetch, learned }),
    isError,
    fetch: account.fetch,
  };

  return (connection: Connection): Connected => {
    if (connection.kind === "simulator") return simulated;
    const { baseUrl } = connection;
    const isLocal = takesToken(baseUrl);
    // A client with a token function asks it for each request, and takes no empty answer: with and without are two clients.
    const key = isLocal && token() !== "" ? `${baseUrl} token` : baseUrl;
    const known = servers.get(key);
    if (known) return known;
    const made: Connected = { connection, client: new HubSpotTasks({ baseUrl, ...(key !== baseUrl && { token }) }), isError, fetch: undefined };
    servers.set(key, made);
    return made;
  };
}
