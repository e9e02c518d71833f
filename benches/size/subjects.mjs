// What is weighed: the entries of this package, and what others offer for the same.

/** What a user of an entry writes, with all that the entry exports. */
const all = (name) => `export * from "hubspot-async-tasks${name}";`;

const WASM = "hubspot-async-tasks.wasm";

/**
 * `contents` is bundled and minified by esbuild, `files` are added as they are; `options` are esbuild's. `budget` is at
 * most so much brotli, in bytes, and is for the small build: `npm run size` says where it is missed. `limit` is what
 * tests hold meanwhile, so that nothing grows unseen.
 */
export const ENTRIES = [
  { title: "`.`", contents: all(""), budget: 28_500, limit: 29_500 },
  {
    title: "`.` under the condition `workerd`, with its `.wasm`",
    contents: all(""),
    options: { conditions: ["workerd"], external: ["*.wasm"] },
    files: [WASM],
  },
  { title: "`./slim`, with its `.wasm`", contents: all("/slim"), files: [WASM], budget: 27_500, limit: 28_900 },
  { title: "`./slim` alone", contents: all("/slim") },
  { title: "`./wasm`", files: [WASM] },
  { title: "`./js`", contents: all("/js"), budget: 33_500, limit: 35_550 },
  { title: "`index.min.js`", files: ["index.min.js"] },
  { title: "`./results`", contents: all("/results"), budget: 14_000, limit: 10_000 },
  {
    title: "`./results` under the condition `node`",
    contents: all("/results"),
    options: { conditions: ["node"], platform: "node" },
    budget: 14_000,
    limit: 11_500,
  },
  { title: "`./simulator`", contents: all("/simulator") },
];

const codegen = (api) => `@hubspot/api-client/lib/codegen/${api}/index.js`;

const THREE_CLASSES = `
  export { FilesApi, FoldersApi } from "${codegen("files")}";
  export { PublicExportsApi } from "${codegen("crm/exports")}";`;

/** It imports Node's url, http and https, and so bundles for no browser. */
const FOR_NODE = { platform: "node" };

/** `does` is what it has of what this package does. */
export const PEERS = [
  {
    title: "`FilesApi`, `FoldersApi`, `PublicExportsApi`",
    npm: "@hubspot/api-client",
    does: "the requests for three of the four families, in Node; no waiting",
    contents: THREE_CLASSES,
    options: FOR_NODE,
  },
  {
    title: "the same and `ExtractApi`",
    npm: "@hubspot/api-client",
    does: "the requests for all four, in Node; no waiting",
    contents: `${THREE_CLASSES} export { ExtractApi } from "${codegen("cms/source_code")}";`,
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
