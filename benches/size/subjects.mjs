// What is weighed: the entries of this package, and what others offer for the same.

/** What a user of an entry writes, with all that the entry exports. */
const all = (name) => `export * from "hubspot-async-tasks${name}";`;

const WASM = "hubspot-async-tasks.wasm";

/**
 * `contents` is bundled and minified by esbuild, `files` are added as they are; `options` are esbuild's. `budget` is at
 * most so much brotli, in bytes, and is for the small build: `npm run size` says where it is missed. There `limit` is what
 * tests hold meanwhile, so that nothing grows unseen. The budget of `./results` is for what it adds to `.`: it shares no code
 * with it, and beside it compresses no worse than alone; so is that of `./react`. `./proxy` contains `.`: its budget is that of `.`, and 8,000.
 */
export const ENTRIES = [
  { title: "`.`", contents: all(""), budget: 32_000, limit: 34_950 },
  {
    title: "`.` under the condition `workerd`, with its `.wasm`",
    contents: all(""),
    options: { conditions: ["workerd"], external: ["*.wasm"] },
    files: [WASM],
  },
  { title: "`./slim`, with its `.wasm`", contents: all("/slim"), files: [WASM], budget: 31_500, limit: 34_350 },
  { title: "`./slim` alone", contents: all("/slim") },
  { title: "`./wasm`", files: [WASM] },
  { title: "`./js`", contents: all("/js"), budget: 38_000, limit: 41_600 },
  { title: "`./ui-extension`", contents: all("/ui-extension"), budget: 39_500, limit: 42_600 },
  { title: "`index.min.js`", files: ["index.min.js"] },
  { title: "`./results`", contents: all("/results"), budget: 14_000 },
  {
    title: "`./results` under the condition `node`",
    contents: all("/results"),
    options: { conditions: ["node"], platform: "node" },
    budget: 14_000,
  },
  { title: "`./proxy`", contents: all("/proxy"), budget: 40_000, limit: 41_800 },
  { title: "`./react`, without React", contents: all("/react"), options: { external: ["react"] }, budget: 1_500 },
  { title: "`./simulator`", contents: all("/simulator") },
];

const codegen = (api) => `@hubspot/api-client/lib/codegen/${api}/index.js`;

const THREE_CLASSES = `
  export { FilesApi, FoldersApi } from "${codegen("files")}";
  export { PublicExportsApi } from "${codegen("crm/exports")}";`;

/** What it has of CRM imports. */
const IMPORTS = `export { CoreApi, PublicImportsApi } from "${codegen("crm/imports")}";`;

/** It imports Node's url, http and https, and so bundles for no browser. */
const FOR_NODE = { platform: "node" };

/** `does` is what it has of what this package does. */
export const PEERS = [
  {
    title: "`FilesApi`, `FoldersApi`, `PublicExportsApi`",
    npm: "@hubspot/api-client",
    does: "the requests for three of the five families, in Node; no waiting",
    contents: THREE_CLASSES,
    options: FOR_NODE,
  },
  {
    title: "the same, `ExtractApi`, `CoreApi`, `PublicImportsApi`",
    npm: "@hubspot/api-client",
    does: "the requests for all five, in Node; no waiting",
    contents: `${THREE_CLASSES} export { ExtractApi } from "${codegen("cms/source_code")}"; ${IMPORTS}`,
    options: FOR_NODE,
  },
  {
    title: "`createHttpPoller`",
    npm: "@azure/core-lro",
    does: "waiting for Azure's tasks; no requests",
    contents: 'export { createHttpPoller } from "@azure/core-lro";',
  },
  {
    title: "`createWaiter`",
    npm: "@smithy/util-waiter",
    does: "waiting; no requests",
    contents: 'export { createWaiter } from "@smithy/util-waiter";',
  },
];
