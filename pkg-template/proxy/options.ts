// The options of createProxy(), as a table: each is checked, and refused by its name.
import { readDefinition } from "../define.js";
import { BUILT_IN, type FamilyFacts } from "../families.js";
import { familyNamed } from "../ids.js";
import { POSITIVE_SPAN, readClient, refuseUnknown } from "../options.js";
import { readToken } from "../token.js";
import type { Clock, ClientOptions } from "../types.js";
import {
  Refusal,
  TEXT,
  type Takes,
  aFunction,
  attempt,
  checkedBy,
  fields,
  fieldsOf,
  has,
  reading,
  refusal,
  refusalOfKind,
  refused,
} from "../values.js";
import { Memory } from "./replays.js";
import { type Route, makesFiles, routesOf } from "./routes.js";
import type { ProxyAction, ProxyOptions, ProxyReplays } from "./types.js";

/** The options, with defaults in the place of what is not given. */
export interface ProxyGiven {
  readonly token: ProxyOptions["token"];
  readonly clientSecret: string | undefined;
  readonly authorize: ProxyOptions["authorize"];
  /** Tells the server's own log. */
  readonly report: (error: unknown) => void;
  readonly families: readonly FamilyFacts[];
  readonly routes: readonly Route[];
  readonly hideExportUrls: boolean;
  readonly path: string;
  readonly publicUrl: string | undefined;
  readonly origins: readonly string[];
  readonly replays: ProxyReplays;
  readonly apiVersion: string;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  readonly readerTimeoutMs: number;
  /** Of the clients, but for their tokens. */
  readonly client: ClientOptions;
}

/** Of a client's options these are the proxy's as well. */
const CLIENT = ["apiVersion", "baseUrl", "clock", "fetch", "headers", "maxConcurrent", "rateLimit", "requestTimeoutMs"] as const;

/** As other servers have it for a client that takes nothing, and as long again. */
const READER_TIMEOUT_MS = 120_000;

const ALLOWED: readonly unknown[] = ["start", "details", "download"];

const [BUILT_IN_NAMES, builtIn] = familyNamed(BUILT_IN, (facts) => facts);

function readFamily(given: unknown, at: number): FamilyFacts {
  if (typeof given === "object") return readDefinition(given);
  const facts = builtIn(given);
  if (!facts) throw refusal(`families[${at}]`, given, `${BUILT_IN_NAMES}, or a definition by defineFamily()`);
  return facts;
}

function readFamilies(given: unknown): FamilyFacts[] {
  if (!Array.isArray(given) || given.length === 0) throw refusalOfKind("families", given, "a list with at least one family");
  const families = reading("families", () => [...(given as unknown[])]).map(readFamily);
  const names = families.map(({ name }) => name);
  const double = names.find((name, at) => names.indexOf(name) !== at);
  if (double !== undefined) throw refusal("families", double, "each family once");
  return families;
}

const ALLOW: Takes<ProxyAction[]> = [
  'a list of "start", "details" and "download"',
  (given) => (Array.isArray(given) && given.every((action) => ALLOWED.includes(action)) ? (given as ProxyAction[]) : undefined),
];

/** An address without what would not be seen again in the address that HubSpot calls. */
const urlOf = (given: unknown) => {
  const url = typeof given === "string" ? attempt(() => new URL(given)) : undefined;
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : undefined;
};

const PATH: Takes<string> = [
  'a path such as "/hubspot", without a slash at its end',
  (given) => {
    const isPath = typeof given === "string" && /^(\/[^/?#%\\]+)*$/.test(given);
    return isPath && attempt(() => new URL(`http://a${given}`).pathname) === (given || "/") ? given : undefined;
  },
];

const PUBLIC_URL: Takes<string> = [
  'an address such as "https://app.example.com"',
  (given) => {
    const url = urlOf(given);
    return url && !url.search && !url.hash ? url.href.replace(/\/+$/, "") : undefined;
  },
];

const ORIGINS: Takes<string[]> = [
  'a list of origins such as "https://app.example.com"',
  (given) => {
    const isOrigin = (origin: unknown) => urlOf(origin)?.origin === origin;
    return Array.isArray(given) && given.every(isOrigin) ? ((given as string[]).slice()) : undefined;
  },
];

const REPLAYS: Takes<ProxyReplays> = [
  "an object with add()",
  (given) => (typeof given === "object" && attempt(() => has(fieldsOf(given), "add")) ? (given as ProxyReplays) : undefined),
];

/** Nothing of a secret is shown. */
const SECRET = checkedBy((given) => {
  if (TEXT[1](given) === undefined) throw refusalOfKind("clientSecret", given, "the client secret of your app");
  if (!attempt(() => crypto.subtle)) throw new Refusal("clientSecret: this host has no WebCrypto, which checks signatures");
  return given as string;
});

const PROXY = {
  allow: ALLOW,
  authorize: aFunction<NonNullable<ProxyOptions["authorize"]>>(),
  clientSecret: SECRET,
  families: checkedBy(readFamilies),
  hideExportUrls: ["true or false", (given) => (typeof given === "boolean" ? given : undefined)] as Takes<boolean>,
  onError: aFunction<NonNullable<ProxyOptions["onError"]>>(),
  origins: ORIGINS,
  path: PATH,
  publicUrl: PUBLIC_URL,
  readerTimeoutMs: POSITIVE_SPAN,
  replays: REPLAYS,
  token: checkedBy(readToken as (given: unknown) => ProxyOptions["token"]),
};

/** Calls what may fail, and must not be waited for. */
const reporter = (onError: ProxyOptions["onError"]) => (error: unknown): void =>
  void Promise.resolve(error).then(onError).catch(() => undefined);

export function readProxy(options: unknown): ProxyGiven {
  if (typeof options !== "object" || !options) throw refusalOfKind("options", options, "an object");
  refuseUnknown(options, [...Object.keys(PROXY), ...CLIENT]);
  const { allow = [], token, families, hideExportUrls = false, onError, path = "", origins = [], replays, readerTimeoutMs = READER_TIMEOUT_MS, ...guards } = fields(options, PROXY);
  if (token === undefined) throw refused("token", "nothing", "HubSpot's token, or a function that gives it");
  if (!families) throw refused("families", "nothing", "a list with at least one family");
  if (guards.clientSecret === undefined && !guards.authorize) {
    throw refused("clientSecret and authorize", "nothing", "one of them, or both: else everybody could use your token");
  }
  const client = Object.fromEntries(CLIENT.map((name) => [name, reading(name, () => fieldsOf(options)[name])])) as ClientOptions;
  const { apiVersion, clock, settings, sender } = readClient({ ...client, token: typeof token === "function" ? () => null : token });
  // A relative one leads nowhere on a server: that is better told now.
  sender.address();
  if (hideExportUrls && !(allow.includes("download") && families.some(makesFiles))) {
    throw refused("hideExportUrls", "true", 'true only with allow: ["download"] and a family that makes files, such as "export"');
  }
  return {
    ...guards,
    token,
    report: reporter(onError),
    families,
    hideExportUrls,
    path,
    origins,
    client,
    apiVersion,
    clock,
    replays: replays ?? new Memory(clock),
    requestTimeoutMs: settings.requestTimeoutMs,
    readerTimeoutMs,
    routes: routesOf(families, ["status", ...allow], apiVersion),
  };
}
