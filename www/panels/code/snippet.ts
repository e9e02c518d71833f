// What the tasks panel did, as code: the same calls with the same values, in the form that is asked for. It is written as the
// recipes are: of each form one snippet is a recipe, letter by letter (`first.mjs` of the README, `first.cjs` of
// docs/start/node.md, `start-export.tsx` of docs/recipes/react.md, `Export.tsx` of docs/ui-extension.md). The tests compare
// these, compile each snippet under `strict`, run those for Node, and mount components and cards.
import { type Asked, type Deed, SERVICES } from "../journal.ts";
import type { Family } from "../../world/plan.ts";
import { literal } from "./literal.ts";

export const FORMS = ["esm", "cjs", "react", "ui"] as const;
export type Form = (typeof FORMS)[number];

/** A card in HubSpot asks a server, whose address HubSpot is told. */
const SOME_SERVER = "https://app.example.com/hubspot";
const SOME_ID = "90151673";

export function snippetOf(deed: Deed, form: Form): string {
  if (form === "esm") return `${importsOf(deed).map(asImport).join("\n")}\n\n${scriptOf(deed).join("\n")}\n`;
  if (form === "cjs") return `${importsOf(deed).map(asRequire).join("\n")}\n\nasync function main() {\n${scriptOf(deed, "  ").join("\n")}\n}\n\nmain();\n`;
  return componentOf(deed, form === "ui" ? CARD : PAGE);
}

// Scripts.

type Import = readonly [names: string, from: string];
const asImport = ([names, from]: Import) => `import { ${names} } from "${from}";`;
const asRequire = ([names, from]: Import) => `const { ${names} } = require("${from}");`;

const PACKAGE = "hubspot-async-tasks";
const isSimulated = ({ connection }: Deed) => connection.kind === "simulator";

function importsOf(deed: Deed): Import[] {
  const imports: Import[] = [["HubSpotTasks", PACKAGE]];
  if (deed.family === "export") imports.push(["rows", `${PACKAGE}/results`]);
  if (isSimulated(deed)) imports.push(["createSimulator", `${PACKAGE}/simulator`]);
  return imports;
}

function scriptOf(deed: Deed, indent = ""): string[] {
  const { names = [], logs, lines: more = [] } = RESULTS[deed.family](isSimulated(deed));
  const lines = [
    ...simulatorOf(deed),
    `const tasks = new HubSpotTasks(${optionsOf(deed)});`,
    ...taskOf(deed),
    `${names.length > 0 ? `const { ${names.join(", ")} } = ` : ""}await task.wait(${hasWord(deed.family) ? "{ onStatus: ({ status }) => console.log(status) }" : ""});`,
    ...(logs ? [`console.log(${logs});`] : []),
    ...more,
  ];
  return lines.flatMap((line) => line.split("\n")).map((line) => indent + line);
}

function simulatorOf(deed: Deed): string[] {
  if (!isSimulated(deed)) return [];
  if (deed.how === "start") {
    const content = fileOf(deed.asked);
    return [
      ...(content === undefined ? [] : [`const file = { content: ${literal(content)} };`]),
      `const hubspot = createSimulator({ startedTask: { pendingMs: 2_000, processingMs: 2_000${content === undefined ? "" : ", file"} } });`,
    ];
  }
  const id = deed.how === "id" ? deed.id : deed.checkpoint.taskId;
  return ["const hubspot = createSimulator();", `hubspot.addTask("${deed.family}", { id: ${literal(id)}, processingMs: 2_000 });`];
}

/** Somebody who is nobody. */
const PERSON: Readonly<Record<string, string>> = { email: "ada@example.com", firstname: "Ada", lastname: "King", company: "Analytical" };

/** A file with the columns that an export asks for. Those of the other formats the simulator makes itself. */
function fileOf({ request: { objectProperties, format } }: Asked): string | undefined {
  if (format !== "CSV" || !Array.isArray(objectProperties)) return undefined;
  const columns = objectProperties.map(String);
  return [columns, columns.map((name) => PERSON[name] ?? "")].map((cells) => `${cells.join(",")}\n`).join("");
}

const optionsOf = ({ connection }: Deed) => (connection.kind === "server" ? `{ baseUrl: ${literal(connection.baseUrl)} }` : "{ fetch: hubspot.fetch }");

function taskOf(deed: Deed): string[] {
  const service = SERVICES[deed.family];
  if (deed.how === "id") return [`const task = tasks.${service}.task(${literal(deed.id)});`];
  if (deed.how === "checkpoint") return [`const task = tasks.resume(${literal(deed.checkpoint, "", 28)});`];
  return [`const task = await tasks.${service}.start(${requestOf(deed.asked, 36)});`];
}

/** `taken` is how much of its line is before it. */
function requestOf({ request, csv }: Asked, taken: number): string {
  if (csv === undefined) return literal(request, "", taken);
  return `{\n  importRequest: ${literal(request, "  ", 15)},\n  files: new Blob([${literal(csv)}]),\n}`;
}

/** Whether HubSpot's word for how a task stands is in the field `status`. An import's is not, nor is it among the typed ones. */
const hasWord = (family: Family) => family !== "import";

/** What is done with the result: which names are needed, what is printed, and more lines. */
interface Shown {
  readonly names?: readonly string[];
  readonly logs?: string;
  readonly lines?: readonly string[];
}

const RESULTS: Readonly<Record<Family, (isSimulated: boolean) => Shown>> = {
  fileImport: () => ({ names: ["outcome", "result"], logs: "outcome, result.url" }),
  folderUpdate: () => ({ names: ["outcome", "result"], logs: "outcome, result.path" }),
  export: (isSimulated) => ({ lines: [`for await (const row of rows(tasks, task${isSimulated ? ", { fetch: hubspot.fetch }" : ""})) console.log(row);`] }),
  sourceCodeExtract: () => ({ names: ["outcome"], logs: "outcome" }),
  import: () => ({
    names: ["outcome", "result"],
    logs: "outcome, result.counters",
    lines: ["for await (const { errorType, invalidValue } of tasks.imports.errors(task.id)) console.log(errorType, invalidValue);"],
  }),
};

// Components.

/** What a component is made with. */
interface Kit {
  readonly text: (content: string) => string;
  readonly link: (address: string, content: string) => string;
  readonly button: (does: string, content: string) => string;
  /** What a link to an export's file says. */
  readonly download: string;
  readonly isCard: boolean;
}

const PAGE: Kit = {
  text: (content) => `<p>${content}</p>`,
  link: (address, content) => `<a href={${address}}>${content}</a>`,
  button: (does, content) => `<button onClick={${does}}>${content}</button>`,
  download: "Download",
  isCard: false,
};

const CARD: Kit = {
  text: (content) => `<Text>${content}</Text>`,
  link: (address, content) => `<Link href={${address}}>${content}</Link>`,
  button: (does, content) => `<Button onClick={${does}}>${content}</Button>`,
  download: "Download, within five minutes",
  isCard: true,
};

/** What the component of a family is called, what its button says, and what it shows of the result, once that is there. */
interface Drawn {
  readonly name: string;
  readonly starts: string;
  /** The result's type, and what is imported for it. */
  readonly type: string;
  readonly imports?: string;
  readonly given: "result" | "outcome";
  readonly when: string;
  readonly draw: (kit: Kit) => string;
}

const OF_RESULT = { given: "result", when: "result" } as const;

const DRAWN: Readonly<Record<Family, Drawn>> = {
  fileImport: {
    name: "FileImport",
    starts: "Import the file",
    type: "HubSpotFile",
    imports: "type HubSpotFile",
    ...OF_RESULT,
    draw: ({ link }) => link('result.url ?? ""', "{result.name}"),
  },
  folderUpdate: {
    name: "FolderUpdate",
    starts: "Update the folder",
    type: "HubSpotFolder",
    imports: "type HubSpotFolder",
    ...OF_RESULT,
    draw: ({ text }) => text("{result.path}"),
  },
  export: { name: "Export", starts: "Export", type: "string", ...OF_RESULT, draw: ({ link, download }) => link("result", download) },
  sourceCodeExtract: {
    name: "Extract",
    starts: "Extract the files",
    type: "undefined",
    given: "outcome",
    when: 'outcome === "succeeded"',
    draw: ({ text }) => text("Extracted"),
  },
  import: {
    name: "Import",
    starts: "Import",
    type: "CrmImportResult",
    imports: "type CrmImportResult",
    ...OF_RESULT,
    draw: ({ text }) => text("{JSON.stringify(result.counters)}"),
  },
};

function componentOf(deed: Deed, kit: Kit): string {
  const isStart = deed.how === "start" && !(kit.isCard && deed.family === "import");
  const { imports: type } = DRAWN[deed.family];
  const names = ["HubSpotTasks", ...(kit.isCard ? ["fromHubSpotFetch"] : []), ...(isStart ? ["type Task", ...(type ? [type] : [])] : [])];
  const body = [...clientOf(deed, kit), ...(isStart ? started(deed, kit) : known(deed, kit))].join("\n");
  const drawnWith = ["Button", "Link", "Text"].filter((name) => body.includes(`<${name}`));
  const imports: Import[] = [
    ...(kit.isCard ? [[[...drawnWith, "hubspot"].join(", "), "@hubspot/ui-extensions"] as const] : []),
    [names.sort(byName).join(", "), kit.isCard ? `${PACKAGE}/ui-extension` : PACKAGE],
    ["useTask", `${PACKAGE}/react`],
    ...(isSimulated(deed) && !kit.isCard ? [["createSimulator", `${PACKAGE}/simulator`] as const] : []),
    ...(isStart ? [["useState", "react"] as const] : []),
  ];
  imports.sort(([, one], [, other]) => (one < other ? -1 : 1));
  return `${imports.map(asImport).join("\n")}\n\n${body}\n`;
}

/** As the recipes have them: types among the others, capitals first. */
const byName = (one: string, other: string) => (bare(one) < bare(other) ? -1 : 1);
const bare = (name: string) => name.replace("type ", "");

function clientOf(deed: Deed, { isCard }: Kit): string[] {
  if (!isCard) return [...simulatorOf(deed), `const tasks = new HubSpotTasks(${optionsOf(deed)});`];
  const { connection } = deed;
  const baseUrl = connection.kind === "server" && /^https:/.test(connection.baseUrl) ? connection.baseUrl : SOME_SERVER;
  return [`const tasks = new HubSpotTasks({ baseUrl: ${literal(baseUrl)}, fetch: fromHubSpotFetch(hubspot.fetch) });`];
}

/** A card is handed to HubSpot. */
const handedOver = (element: string, { isCard }: Kit) => (isCard ? [`hubspot.extend<"crm.record.tab">(() => ${element});`, ""] : []);

/** A component that starts a task at a press of its button. */
function started({ family, asked }: Deed & { how: "start" }, kit: Kit): string[] {
  const { name, starts, type, given, when, draw } = DRAWN[family];
  return [
    `const request = ${requestOf(asked, 16)};`,
    "",
    ...handedOver(`<Start${name} />`, kit),
    `export function Start${name}() {`,
    "  const [isSent, setIsSent] = useState(false);",
    `  const [task, setTask] = useState<Task<${type}, "${family}">>();`,
    "  const [refusal, setRefusal] = useState<unknown>();",
    `  const { phase, ${given}, error = refusal } = useTask(task);`,
    "",
    "  function start() {",
    "    setIsSent(true);",
    `    tasks.${SERVICES[family]}.start(request).then(setTask, setRefusal);`,
    "  }",
    "",
    `  if (error) return ${kit.text("{String(error)}")};`,
    `  if (${when}) return ${draw(kit)};`,
    `  return isSent ? ${kit.text("{phase}")} : ${kit.button("start", starts)};`,
    "}",
  ];
}

/** A component that shows a task which is there. */
function known(deed: Deed, kit: Kit): string[] {
  const { family } = deed;
  const { name, given, when, draw } = DRAWN[family];
  const [stands, word] = hasWord(family) ? ["status", 'status?.status ?? "Asking"'] : ["phase", "phase"];
  const shown = (parameters: string, task: string) => [
    `export function ${name}(${parameters}) {`,
    `  const { ${stands}, ${given}, error, retry } = useTask(${task});`,
    `  if (error) return ${kit.button("retry", "{String(error)}")};`,
    `  return ${when} ? ${draw(kit)} : ${kit.text(`{${word}}`)};`,
    "}",
  ];
  if (deed.how === "checkpoint") {
    return [`const task = tasks.resume(${literal(deed.checkpoint, "", 28)});`, "", ...handedOver(`<${name} />`, kit), ...shown("", "task")];
  }
  const whole = `<${name} id=${attribute(deed.how === "id" ? deed.id : SOME_ID)} />`;
  return [
    "",
    ...(deed.how === "start" ? ["// A card cannot send files: let your server start the import, and tell the card its id."] : []),
    ...(kit.isCard ? handedOver(whole, kit) : [`export const Page = () => ${whole};`, ""]),
    ...shown("{ id }: { id: string }", `tasks.${SERVICES[family]}.task(id)`),
  ];
}

/** A text as an attribute has it; one that could not stand there as it is, as an expression. */
const attribute = (text: string) => (/^[\w.:-]*$/.test(text) ? `"${text}"` : `{${literal(text)}}`);
