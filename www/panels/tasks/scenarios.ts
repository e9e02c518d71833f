// How tasks of the simulated account go: what is chosen, as what the simulator plays. All of it is JSON, so that it can be kept.
import { type ScriptedAnswer, type SimulatedTask, faults } from "hubspot-async-tasks/simulator";
import type { Family } from "../../world/plan.ts";
import type { Asked } from "../journal.ts";

export const SCENARIOS = ["succeeds", "errors", "fails", "canceled", "scope", "faults", "long"] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Extracts have no words for errors. */
export const fits = (scenario: Scenario, family: Family): boolean => family !== "sourceCodeExtract" || (scenario !== "errors" && scenario !== "fails");

/** Half of the tasks take no longer, in milliseconds: until HubSpot begins, and the work. */
const MEDIAN = { pendingMs: 2_000, processingMs: 6_000 };
/** The others take up to so many times as long, or as short. */
const SPREAD = 2;
const LONG_MS = 180_000;

/** What `share` (0 to 1) of the tasks take at most. */
const within = (medianMs: number, share: number) => Math.round(medianMs * SPREAD ** (2 * share - 1));

/** What the account's tasks took before: from as many on the client says when one is likely to end. */
const LEARNED = Array.from({ length: 24 }, (_, index) => (index + 0.5) / 24);
const seconds = (ms: number) => ms / 1_000;
const ONE = { whole: LEARNED.map((share) => seconds(within(MEDIAN.pendingMs + MEDIAN.processingMs, share))), processing: LEARNED.map((share) => seconds(within(MEDIAN.processingMs, share))) };
export const learned = { fileImport: ONE, folderUpdate: ONE, export: ONE, sourceCodeExtract: ONE, import: ONE } satisfies Record<Family, unknown>;

/** `random` gives numbers from 0 to 1. */
export function playOf(scenario: Scenario, family: Family, asked: Asked, random: () => number): SimulatedTask {
  const pendingMs = within(MEDIAN.pendingMs, random());
  const processingMs = scenario === "long" ? LONG_MS : within(MEDIAN.processingMs, random());
  const outcome = OUTCOMES[scenario];
  const hasErrors = outcome === "succeededWithErrors" || outcome === "failed";
  const hasResult = outcome === "succeeded" || outcome === "succeededWithErrors";
  return {
    pendingMs,
    processingMs,
    outcome,
    ...(hasErrors && { errors: ERRORS[family](asked, outcome === "failed") }),
    ...(hasResult && MADE[family](asked, hasErrors)),
  };
}

const OUTCOMES: Readonly<Record<Scenario, NonNullable<SimulatedTask["outcome"]>>> = {
  succeeds: "succeeded",
  errors: "succeededWithErrors",
  fails: "failed",
  canceled: "canceled",
  scope: "succeeded",
  faults: "succeeded",
  long: "succeeded",
};

/** What goes wrong while it is asked for, and passes. */
export const troubles = (): ScriptedAnswer[] => [{}, faults.badGateway(), "network-error", faults.rateLimited({ retryAfter: 3 })];

/** HubSpot's own words, as its answers have them: in English. */
const error = (message: string, category: string, context: Record<string, string[]>) => ({ status: "error", id: "5b5f0c1e-3c7c-4b9f-9a2e-7f3a51c0d001", category, message, context });
const text = (value: unknown, otherwise = "") => (typeof value === "string" ? value : otherwise);

const ERRORS: Readonly<Record<Family, (asked: Asked, isFailed: boolean) => unknown[]>> = {
  fileImport: ({ request: { url } }, isFailed) => [
    isFailed
      ? error("The file at the URL could not be fetched: it answered 404", "VALIDATION_ERROR", { url: [text(url)] })
      : error("No preview of the file could be made", "VALIDATION_ERROR", { url: [text(url)] }),
  ],
  folderUpdate: ({ request: { id, name } }, isFailed) => [
    isFailed
      ? error("A folder of this name exists already", "OBJECT_ALREADY_EXISTS", { folderId: [text(id)], name: [text(name)] })
      : error("One of the folder's 12 files is locked and was not moved", "RESOURCE_LOCKED", { folderId: [text(id)], fileId: ["90151673112"] }),
  ],
  export: ({ request: { objectProperties } }, isFailed) => [
    isFailed
      ? error("The view of this export was deleted", "OBJECT_NOT_FOUND", { objectType: ["CONTACT"] })
      : error("A property was left out: it may not be exported", "VALIDATION_ERROR", { property: [String(Array.isArray(objectProperties) ? objectProperties.at(-1) : "email")] }),
  ],
  sourceCodeExtract: () => [],
  import: ({ csv }) =>
    badLines(csv).map(({ line, value }, index) => ({ id: String(index + 1), errorType: "INVALID_EMAIL", invalidValue: value, objectType: "CONTACT", sourceData: { lineNumber: line } })),
};

/** The last two rows of an import's file are those that are wrong. */
function badLines(csv = ""): { line: number; value: string }[] {
  const lines = csv.trimEnd().split("\n");
  return lines.map((line, index) => ({ line: index + 1, value: line.split(",")[0] ?? "" })).slice(1).slice(-2);
}

/** What the task made; a result, or the file behind one. */
const MADE: Readonly<Record<Family, (asked: Asked, hasErrors: boolean) => SimulatedTask>> = {
  fileImport: ({ request }) => ({ result: fileOf(request) }),
  folderUpdate: ({ request: { id, name } }) => ({ result: { id, name: text(name, "folder"), path: `/imported/${text(name, "folder")}`, archived: false } }),
  export: ({ request: { objectProperties, format, exportName } }) => ({
    file: {
      name: text(exportName, "export"),
      format: FORMATS.find((one) => one === format) ?? "CSV",
      ...(format === "CSV" && Array.isArray(objectProperties) && { content: csvOf(objectProperties.map(String)) }),
    },
  }),
  sourceCodeExtract: () => ({}),
  import: ({ csv = "" }, hasErrors) => {
    const rows = Math.max(csv.trimEnd().split("\n").length - 1, 0);
    const errors = hasErrors ? badLines(csv).length : 0;
    const written = rows - errors;
    return { result: { counters: { TOTAL_ROWS: rows, CREATED_OBJECTS: written, PROPERTY_VALUES_EMITTED: written * 2, ...(errors > 0 && { ERRORS: errors }) } } };
  },
};

const FORMATS = ["CSV", "XLS", "XLSX"] as const;

/** By the ending of the URL's path. */
const TYPES: Readonly<Record<string, string>> = { svg: "IMG", png: "IMG", jpg: "IMG", jpeg: "IMG", gif: "IMG", webp: "IMG", avif: "IMG", mp3: "AUDIO", mp4: "MOVIE", pdf: "DOCUMENT", docx: "DOCUMENT" };

/** The simulated account keeps no file: its address is the one that it was imported from. */
function fileOf({ url, name, access, folderPath, folderId }: Asked["request"]) {
  const path = URL.canParse(text(url)) ? new URL(text(url)).pathname : "";
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "bin";
  const fileName = text(name) || (path.split("/").at(-1) ?? "file").replace(/\.\w+$/, "");
  return {
    id: "90151673017",
    name: fileName,
    extension,
    type: TYPES[extension] ?? "OTHER",
    size: 48_213,
    access,
    path: `${text(folderPath, folderId === undefined ? "" : "/imported")}/${fileName}.${extension}`,
    url,
  };
}

/** People who are none. */
const PEOPLE: readonly Readonly<Record<string, string>>[] = [
  { email: "zoe@example.com", firstname: "Zoë", lastname: "Adler", company: "Smith, Jones & Co." },
  { email: "ada@example.com", firstname: "Ada", lastname: "King", company: 'Ltd. "Analytical"' },
  { email: "lin@example.com", firstname: "Lin", lastname: "Wei", company: "" },
  { email: "max@example.com", firstname: "Max", lastname: "Muster", company: "Example" },
  { email: "kenji@example.com", firstname: "Kenji", lastname: "Sato", company: "Rei K.K." },
  { email: "ana@example.com", firstname: "Ana", lastname: "Núñez", company: "Ejemplo S. A." },
  { email: "remi@example.com", firstname: "Rémi", lastname: "Roche", company: "Exemple SARL" },
];

function csvOf(properties: readonly string[]): string {
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  const lines = [["Record ID", ...properties], ...PEOPLE.map((person, index) => [String(index + 1), ...properties.map((name) => person[name] ?? "")])];
  return lines.map((fields) => `${fields.map(quoted).join(",")}\n`).join("");
}
