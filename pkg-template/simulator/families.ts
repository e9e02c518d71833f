// The families of task: where each is asked about, which ids it has, and what its results look like.
import { uuid } from "./random.js";
import { percentDecoded } from "./requests.js";
import { DAY_MS, isoDate } from "./values.js";

/** A family of task. */
export type SimulatedFamily = "fileImport" | "folderUpdate" | "export" | "sourceCodeExtract";

/** The two styles of version: `v3`, and a date in March or September. The version stands at different places. */
const VERSION_STYLES = { v3: "v3", dated: "\\d{4}-0[39]" };

type VersionStyle = keyof typeof VERSION_STYLES;

/** What a made-up result is made of. */
export interface ResultOf {
  id: string;
  serial: number;
  version: string;
  completedAt: number;
  newUuid: () => string;
}

/** What sets a family apart. */
export interface Family {
  /** Where a task is started; its status is at `/tasks/{taskId}/status` below. */
  readonly paths: Readonly<Record<VersionStyle, string>>;
  /** Any one of them is enough. */
  readonly scopes: readonly string[];
  /** Whether HubSpot can read such an id at all; 400 otherwise. */
  readonly decodes: (id: string) => boolean;
  readonly undecodable: string;
  /** The answer to an id that can be read but belongs to no task. */
  readonly unknown: { readonly status: number; readonly message: (id: string) => string };
  /** Whether ids are decimal numbers; otherwise they are opaque strings. */
  readonly isNumbered: boolean;
  /** Which optional fields the status has. */
  readonly body: {
    readonly taskId: boolean;
    readonly errors: boolean;
    readonly result: ((of: ResultOf) => unknown) | undefined;
  };
}

const INT32_MAX = 2147483647n;
const INT64_MAX = 9223372036854775807n;

const isInteger = (highest: bigint) => (id: string) => /^\d+$/.test(id) && BigInt(id) <= highest;

const notFound = { status: 404, message: () => "resource not found" };

export const FAMILIES: Readonly<Record<SimulatedFamily, Family>> = {
  fileImport: {
    paths: {
      v3: "/files/{version}/files/import-from-url/async",
      dated: "/files/{version}/files/import-from-url/async",
    },
    scopes: ["files", "files.read", "files.ui_hidden.read"],
    decodes: () => true,
    undecodable: "Provided ID could not be decoded.",
    unknown: notFound,
    isNumbered: false,
    body: { taskId: true, errors: true, result: fileResult },
  },
  folderUpdate: {
    paths: {
      v3: "/files/{version}/folders/update/async",
      dated: "/files/{version}/folders/update/async",
    },
    scopes: ["files", "files.write", "files.ui_hidden.write"],
    decodes: (id) => !/^\d+$/.test(id), // a plain number is what HubSpot was seen to refuse
    undecodable: "Provided ID could not be decoded.",
    unknown: notFound,
    isNumbered: false,
    body: { taskId: true, errors: true, result: folderResult },
  },
  export: {
    paths: {
      v3: "/crm/{version}/exports/export/async",
      dated: "/crm/exports/{version}/export/async",
    },
    scopes: ["crm.export"],
    decodes: isInteger(INT64_MAX),
    undecodable: "Unable to parse value for path parameter: taskId",
    unknown: { status: 403, message: (id) => `Permission to get export file cannot be granted for exportId ${id}` },
    isNumbered: true,
    body: { taskId: false, errors: true, result: exportResult },
  },
  sourceCodeExtract: {
    paths: {
      v3: "/cms/{version}/source-code/extract/async",
      dated: "/cms/source-code/{version}/extract/async",
    },
    scopes: ["content"],
    decodes: isInteger(INT32_MAX),
    undecodable: "Unable to parse value for path parameter: taskId",
    unknown: notFound,
    isNumbered: true,
    body: { taskId: false, errors: false, result: undefined },
  },
};

/** What a path asks for. */
export interface Route {
  family: SimulatedFamily;
  version: string;
  /** Undefined where it cannot be decoded. */
  taskId: string | undefined;
  /** The path as HubSpot has it. */
  apiPath: string;
}

const ROUTES = (Object.keys(FAMILIES) as SimulatedFamily[]).flatMap((family) =>
  (Object.keys(VERSION_STYLES) as VersionStyle[]).map((style) => {
    const path = FAMILIES[family].paths[style].replace("{version}", `(${VERSION_STYLES[style]})`);
    return { family, pattern: new RegExp(`^${path}/tasks/([^/]+)/status$`) };
  }),
);

/** What a path asks for, with or without the prefix; undefined where that is no task's status. */
export function routeOf(path: string, prefix: string): Route | undefined {
  const apiPath = prefix && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  for (const { family, pattern } of ROUTES) {
    const [, version, taskId] = pattern.exec(apiPath) ?? [];
    if (version !== undefined && taskId !== undefined) return { family, version, taskId: percentDecoded(taskId), apiPath };
  }
  return undefined;
}

function fileResult({ serial, version, completedAt }: ResultOf) {
  return {
    id: String(90151673000 + serial),
    ...(version === "v3" && { access: "PUBLIC_INDEXABLE" }), // required in v3 alone
    archived: false,
    createdAt: isoDate(completedAt),
    updatedAt: isoDate(completedAt),
    defaultHostingUrl: `https://files.hubspot.example/hubfs/imported/picture-${serial}.png`,
    encoding: "png",
    expiresAt: completedAt + 365 * DAY_MS, // a number, unlike the other dates
    extension: "png",
    fileMd5: uuid(serial).replaceAll("-", ""),
    height: 600,
    width: 800,
    isUsableInContent: true,
    name: `picture-${serial}`,
    parentFolderId: "90151672001",
    path: `/imported/picture-${serial}.png`,
    size: 48213,
    sourceGroup: "CONTENT",
    type: "IMG",
    url: `https://files.hubspot.example/hubfs/imported/picture-${serial}.png`,
  };
}

function folderResult({ serial, completedAt }: ResultOf) {
  return {
    id: String(90151672000 + serial),
    archived: false,
    createdAt: isoDate(completedAt - DAY_MS),
    updatedAt: isoDate(completedAt),
    name: `folder-${serial}`,
    parentFolderId: "90151672001",
    path: `/imported/folder-${serial}`,
  };
}

function exportResult({ id, newUuid }: ResultOf) {
  return `https://exports.hubspot.example/crm/${id}/export.csv?signature=${newUuid()}`;
}
