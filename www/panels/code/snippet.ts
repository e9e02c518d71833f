// What the tasks panel did, as code: the same calls with the same values, in the form that is asked for. The tests compile each
// one under `strict`, run those for Node, and compare their lines with the recipes'.
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
  const { family } = deed;
  const made = RESULTS[family](isSimulated(deed));
  const names = ["outcome", ...(made.names ?? [])].join(", ");
  // An import's word for its state is in another field.
  const watching = family === "import" ? "" : "{ onStatus: ({ status }) => console.log(status) }";
  const lines = [
    ...simulatorOf(deed),
    `const tasks = new HubSpotTasks(${optionsOf(deed)});`,
    ...taskOf(deed),
    `const { ${names} } = await task.wait(${watching});`,
    `console.log(outcome${made.logs ? `, ${made.logs}` : ""});`,
    ...(made.lines ?? []),
  ];
  return lines.flatMap((line) => line.split("\n")).map((line) => indent + line);
}

function simulatorOf(deed: Deed): string[] {
  if (!isSimulated(deed)) return [];
  if (deed.how === "start") return ["const hubspot = createSimulator({ startedTask: { pendingMs: 1_000, processingMs: 2_000 } });"];
  const id = deed.how === "id" ? deed.id : deed.checkpoint.taskId;
  return ["const hubspot = createSimulator();", `hubspot.addTask("${deed.family}", { id: ${literal(id)}, processingMs: 2_000 });`];
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

/** What is done with the result: which names are needed, what is printed, and more lines. */
interface Shown {
  readonly names?: readonly string[];
  readonly logs?: string;
  readonly lines?: readonly string[];
}

const RESULTS: Readonly<Record<Family, (isSimulated: boolean) => Shown>> = {
  fileImport: () => ({ names: ["result"], logs: "result.url" }),
  folderUpdate: () => ({ names: ["result"], logs: "result.path" }),
  export: (isSimulated) => ({ lines: [`for await (const row of rows(tasks, task${isSimulated ? ", { fetch: hubspot.fetch }" : ""})) console.log(row);`] }),
  sourceCodeExtract: () => ({}),
  import: () => ({
    names: ["result"],
    logs: "result.counters",
    lines: ["for await (const { errorType, invalidValue } of tasks.imports.errors(task.id)) console.log(errorType, invalidValue);"],
  }),
};

// Components.

/** What a component is made with. */
interface Kit {
  readonly imports: readonly Import[];
  readonly text: (content: string) => string;
  readonly link: (address: string, content: string) => string;
  readonly button: (does: string, content: string) => string;
  /** Before the component. */
  readonly head: readonly string[];
  readonly isCard: boolean;
}

const PAGE: Kit = {
  imports: [],
  text: (content) => `<p>${content}</p>`,
  link: (address, content) => `<a href={${address}}>${content}</a>`,
  button: (does, content) => `<button onClick={${does}}>${content}</button>`,
  head: [],
  isCard: false,
};

const CARD: Kit = {
  imports: [["Button, Link, Text, hubspot", "@hubspot/ui-extensions"]],
  text: (content) => `<Text>${content}</Text>`,
  link: (address, content) => `<Link href={${address}}>${content}</Link>`,
  button: (does, content) => `<Button onClick={${does}}>${content}</Button>`,
  head: ['hubspot.extend<"crm.record.tab">(() => <ShownTask />);', ""],
  isCard: true,
};

/** What a component shows of the result, once it is there. */
const DRAWN: Readonly<Record<Family, { type: string; imports?: string; when: string; draw: (kit: Kit) => string }>> = {
  fileImport: { type: "HubSpotFile", imports: "type HubSpotFile", when: "result", draw: ({ link }) => link('result.url ?? ""', "{result.name}") },
  folderUpdate: { type: "HubSpotFolder", imports: "type HubSpotFolder", when: "result", draw: ({ text }) => text("{result.path}") },
  export: { type: "string", when: "result", draw: ({ link }) => link("result", "Download, within five minutes") },
  sourceCodeExtract: { type: "undefined", when: 'outcome === "succeeded"', draw: ({ text }) => text("Extracted") },
  import: { type: "CrmImportResult", imports: "type CrmImportResult", when: "result", draw: ({ text }) => text("{JSON.stringify(result.counters)}") },
};

function componentOf(deed: Deed, kit: Kit): string {
  const isStart = deed.how === "start" && !(kit.isCard && deed.family === "import");
  const { family } = deed;
  const { imports: type, when } = DRAWN[family];
  const names = ["HubSpotTasks", ...(kit.isCard ? ["fromHubSpotFetch"] : []), ...(isStart ? ["type Task", ...(type ? [type] : [])] : [])];
  const imports: Import[] = [
    ...kit.imports,
    [names.sort(byName).join(", "), kit.isCard ? `${PACKAGE}/ui-extension` : PACKAGE],
    ["useTask", `${PACKAGE}/react`],
    ...(isSimulated(deed) && !kit.isCard ? [["createSimulator", `${PACKAGE}/simulator`] as const] : []),
    ...(isStart ? [["useState", "react"] as const] : []),
  ];
  const given = when === "result" ? "result" : "outcome";
  const lines = [...imports.map(asImport), "", ...clientOf(deed, kit), ...(isStart ? started(deed, kit, given) : known(deed, kit, given))];
  return `${lines.join("\n")}\n`;
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

function started(deed: Deed & { how: "start" }, kit: Kit, given: string): string[] {
  const { family, asked } = deed;
  const { type, when, draw } = DRAWN[family];
  return [
    `const request = ${requestOf(asked, 16)};`,
    "",
    ...kit.head,
    "export function ShownTask() {",
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
    `  return isSent ? ${kit.text("{phase}")} : ${kit.button("start", "Start")};`,
    "}",
  ];
}

function known(deed: Deed, kit: Kit, given: string): string[] {
  const { family } = deed;
  const { when, draw } = DRAWN[family];
  return [
    ...(deed.how === "checkpoint" ? [`const task = tasks.resume(${literal(deed.checkpoint, "", 28)});`] : []),
    "",
    ...kit.head,
    ...(deed.how === "start" ? ["// A card cannot send files: let your server start the import, and tell the card its id."] : []),
    "export function ShownTask() {",
    `  const { phase, ${given}, error, retry } = useTask(${deed.how === "checkpoint" ? "task" : `tasks.${SERVICES[family]}.task(${literal(deed.how === "id" ? deed.id : SOME_ID)})`});`,
    `  if (error) return ${kit.button("retry", "{String(error)}")};`,
    `  return ${when} ? ${draw(kit)} : ${kit.text("{phase}")};`,
    "}",
  ];
}
