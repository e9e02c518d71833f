// The public types of `hubspot-async-tasks/proxy`.
import type { ClientOptions, FamilyDefinition, TaskFamilyName } from "../entries/index.js";

/** What a caller may ask for: how a task is, a new one, more of an export, its file. */
export type ProxyAction = "status" | "start" | "details" | "download";

/** What a call asks for, as {@link ProxyOptions.authorize} hears it. */
export interface ProxyAsked {
  /** What is to be done. */
  action: ProxyAction;
  /** The family's name. */
  family: string;
  /** Not at a start. */
  taskId?: string;
  /** The account that HubSpot signed the call for. */
  portalId?: string;
  /** What a start sends, where that is JSON: say no to what this caller may not start. */
  body?: unknown;
}

/** Where signed POSTs are remembered, so that none is carried out twice. */
export interface ProxyReplays {
  /** Remembers the key for so long; false if it is remembered already. Both in one step, or two calls may pass at once. */
  add(key: string, ttlMs: number): boolean | Promise<boolean>;
}

/** Options of {@link createProxy}: `clientSecret`, `authorize` or both are needed. */
export interface ProxyOptions
  extends Pick<
    ClientOptions,
    "apiVersion" | "baseUrl" | "clock" | "fetch" | "headers" | "maxConcurrent" | "rateLimit" | "requestTimeoutMs"
  > {
  /**
   * HubSpot's token, which no caller sees. A function hears for which account it is wanted (by the signed address; undefined
   * without a signature), and whether HubSpot refused the last one; null for an account that it does not know.
   */
  token:
    | string
    | ((context: { portalId: string | undefined; refresh: boolean }) => string | null | undefined | Promise<string | null | undefined>);
  /** The app's client secret: lets in only what HubSpot signed (`X-HubSpot-Signature-v3`). */
  clientSecret?: string | null | undefined;
  /** Your own guard: lets in where it gives true. What it throws refuses, and goes to `onError`. */
  authorize?: ((request: ProxyRequest, asked: ProxyAsked) => boolean | Promise<boolean>) | null | undefined;
  /**
   * Hears what `authorize`, `token` and `replays` throw, or reject with, and what fails inside the proxy: a caller is told
   * none of it. For your log; it may hold anything that they put into it. What it throws itself harms nothing.
   */
  onError?: ((error: unknown) => unknown) | null | undefined;
  /** Whose tasks may be asked for: names of built-in families, and definitions by `defineFamily()`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- families of whatever results and requests
  families: readonly (TaskFamilyName | FamilyDefinition<any, any>)[];
  /** What is allowed beside statuses: nothing if not given. */
  allow?: readonly ("start" | "details" | "download")[] | null | undefined;
  /**
   * A status has the proxy's own address of a download in the place of the secret one. Needs `allow: ["download"]`. With
   * `clientSecret` it is no link: a browser signs nothing, and gets a 401.
   */
  hideExportUrls?: boolean | null | undefined;
  /** Where the proxy is mounted: `"/hubspot"`; HubSpot's own path follows. `""` if not given. */
  path?: string | null | undefined;
  /**
   * What HubSpot and browsers call, before the request's own path: `"https://app.example.com"`. Needed where something in
   * front changes scheme or host.
   */
  publicUrl?: string | null | undefined;
  /** Origins whose pages may call, such as `"https://app.example.com"`; the proxy's own may without being named. */
  origins?: readonly string[] | null | undefined;
  /**
   * How long a caller of a download may read nothing of it, in milliseconds: then it is broken off, and the connection to the
   * file's server closed. 120,000 if not given.
   */
  readerTimeoutMs?: number | null | undefined;
  /** The memory of this instance if not given. */
  replays?: ProxyReplays | null | undefined;
}

/** The host's Request where its types are known, else as much of one as is needed. */
export type ProxyRequest = typeof globalThis extends { Request: { prototype: infer Request } }
  ? Request
  : {
      readonly method: string;
      readonly url: string;
      readonly headers: { get(name: string): string | null };
      readonly body: unknown;
      readonly signal?: unknown;
    };

/** The host's Response where its types are known, else as much of one as is needed. */
export type ProxyResponse = typeof globalThis extends { Response: { prototype: infer Response } }
  ? Response
  : {
      readonly status: number;
      readonly headers: { get(name: string): string | null };
      readonly body: unknown;
      text(): Promise<string>;
    };

/** Answers a request. It never rejects. */
export type ProxyHandler = (request: ProxyRequest) => Promise<ProxyResponse>;

/** As much of Node's `IncomingMessage` as is needed. */
export interface NodeRequest {
  /** Its HTTP method. */
  readonly method?: string | undefined;
  /** Its path, with the query. */
  readonly url?: string | undefined;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whether the connection is encrypted is read off it. */
  readonly socket?: unknown;
  /** Whether its body has come whole. */
  readonly complete?: boolean;
}

/** As much of Node's `ServerResponse` as is needed. */
export interface NodeResponse {
  /** Hears when it is closed, can take more, or fails. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- no host's listener is refused
  on(event: "close" | "drain" | "error", listener: (...values: any[]) => void): unknown;
  /** Begins the answer. */
  writeHead(status: number, headers: Record<string, string>): unknown;
  /** Sends a part; false where the next one should wait for `drain`. */
  write(part: Uint8Array): boolean;
  /** Ends the answer. */
  end(): unknown;
  /** Breaks the connection off. */
  destroy(): unknown;
}
