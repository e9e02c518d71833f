// What the demo starts in the terminal: a task of each built-in family.
// - `service`: where the client has the family
// - `request`: what starts the task
// - `simulated`: how the simulator plays it
// - `made`: gets what the task made, and gives the lines that tell of it
import { rows } from "../pkg/results.node.js";

const SHOWN_ROWS = 3;

/** What the export's file holds. */
const EXPORTED = `"Record ID","Email","Company"
"1","zoe@example.com","Smith, Jones & Co."
"2","ada@example.com","Ltd. ""Analytical"""
"3","lin@example.com",""
"4","max@example.com","Example"
`;

/** What the import reads, and what HubSpot finds wrong in it. */
const IMPORTED = "email,firstname\nzoe@example.com,Zoë\nnobody,Max\nada@example.com,Ada\nnowhere,Lin\n";
const IMPORT_ERRORS = [
  { id: "1", errorType: "INVALID_EMAIL", invalidValue: "nobody", sourceData: { lineNumber: 3 } },
  { id: "2", errorType: "INVALID_EMAIL", invalidValue: "nowhere", sourceData: { lineNumber: 5 } },
];

export const TASKS = [
  {
    family: "fileImport",
    service: "fileImports",
    request: { url: "https://example.com/logo.png", access: "PUBLIC_NOT_INDEXABLE", folderPath: "/logos", name: "our-logo" },
    simulated: { pendingMs: 1_000, processingMs: 2_500 },
    made: ({ finished: { result } }) => [`the file ${result.name}: ${result.url}`],
  },
  {
    family: "folderUpdate",
    service: "folderUpdates",
    request: { id: "90151672017", name: "logos-2026" },
    simulated: { pendingMs: 500, processingMs: 4_500 },
    made: ({ finished: { result } }) => [`the folder ${result.path}`],
  },
  {
    family: "export",
    service: "exports",
    request: { exportType: "VIEW", exportName: "contacts", format: "CSV", objectType: "CONTACT", objectProperties: ["email", "company"] },
    simulated: { pendingMs: 3_000, processingMs: 6_500, file: { content: EXPORTED } },
    made: async ({ client, started, signal }) => [`the file's first ${SHOWN_ROWS} rows:`, ...(await firstRows(client, started, signal))],
  },
  {
    family: "sourceCodeExtract",
    service: "sourceCodeExtracts",
    request: { path: "themes/our-theme.zip" },
    simulated: { pendingMs: 1_500, processingMs: 5_500 },
    made: () => ["the zip is extracted; such a task has no result"],
  },
  {
    family: "import",
    service: "imports",
    request: {
      importRequest: {
        name: "newsletter",
        importOperations: { "0-1": "UPSERT" },
        files: [{ fileName: "contacts.csv", fileFormat: "CSV", fileImportPage: { hasHeader: true, columnMappings: mappings() } }],
      },
      files: new TextEncoder().encode(IMPORTED),
    },
    simulated: { pendingMs: 1_000, processingMs: 3_000, outcome: "succeededWithErrors", errors: IMPORT_ERRORS },
    made: async ({ client, started, finished, signal }) => [
      ...Object.entries(finished.result.counters).map(([name, count]) => `${name}: ${count}`),
      ...(await importErrors(client, started, signal)),
    ],
  },
];

function mappings() {
  const column = (columnName, propertyName) => ({ columnObjectTypeId: "0-1", columnName, propertyName });
  return [{ ...column("email", "email"), columnType: "HUBSPOT_ALTERNATE_ID" }, column("firstname", "firstname")];
}

async function firstRows(client, task, signal) {
  const lines = [];
  for await (const row of rows(client, task, { signal })) {
    lines.push(JSON.stringify(row));
    if (lines.length === SHOWN_ROWS) break; // which ends the download
  }
  return lines;
}

async function importErrors(client, { id }, signal) {
  const lines = [];
  for await (const { errorType, invalidValue, sourceData } of client.imports.errors(id, { signal })) {
    lines.push(`${errorType} in line ${sourceData.lineNumber}: ${JSON.stringify(invalidValue)}`);
  }
  return lines;
}
