// What HubSpot's host gives to extensions, as much of it as is needed: `@hubspot/ui-extensions` has more.

/** `hubspot.fetch`: asks a URL that `permittedUrls.fetch` allows. */
export type HubSpotFetch = (
  url: string,
  options: {
    method: "GET" | "POST";
    /** In milliseconds. */
    timeout?: number;
    headers?: Record<string, string>;
    body?: Record<string, unknown>;
  },
) => Promise<unknown>;

/** `hubspot.serverless`: runs a serverless function of the project. */
export type HubSpotServerless = (name: string, options: { parameters: ServerlessParameters }) => Promise<unknown>;

/** What the serverless function finds in `context.parameters`. */
// An alias: an interface does not fit the type of a JSON object.
export type ServerlessParameters = {
  /** HubSpot's path, with its query. */
  path: string;
  /** GET but for what starts or cancels a task. */
  method: "GET" | "POST";
  /** What starts a task. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON, by whatever type of it
  body?: any;
};

/** `fetchHubSpotApi` of `@hubspot/ui-extensions/experimental/api-client`: asks HubSpot's API as the user. */
export type FetchHubSpotApi = (request: {
  path: string;
  method: "GET" | "POST";
  headers?: Record<string, string>;
  body?: Record<string, unknown>;
}) => Promise<unknown>;
