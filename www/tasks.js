/**
 * The tasks that the demo polls, in the page and in the terminal: one of each family.
 * - `service`: where the client has the family
 * - `simulated`: how the simulator plays it
 * - `fields`: those of the result that are shown
 */
export const TASKS = [
  {
    family: "fileImport",
    service: "fileImports",
    title: "File import",
    simulated: { pendingMs: 1_000, processingMs: 2_500 },
    fields: ["name", "extension", "size", "path", "url"],
  },
  {
    family: "folderUpdate",
    service: "folderUpdates",
    title: "Folder update",
    simulated: { pendingMs: 500, processingMs: 4_500, outcome: "succeededWithErrors" },
    fields: ["name", "path", "parentFolderId"],
  },
  {
    family: "export",
    service: "exports",
    title: "CRM export",
    simulated: { pendingMs: 3_000, processingMs: 6_500 },
    fields: [],
  },
  {
    family: "sourceCodeExtract",
    service: "sourceCodeExtracts",
    title: "Source-code extract",
    simulated: { pendingMs: 1_500, processingMs: 5_500 },
    fields: [],
  },
];
