// What the command takes, as tables: help and arguments are read from here, and nothing else of the command is needed for that.

export const NAME = "hubspot-async-tasks";

/** One option. What takes a value names it; what does not is a switch. */
export interface Option {
  readonly value?: string;
  readonly short?: string;
  readonly about: string;
  /** Whether it may be given more than once. */
  readonly isMany?: true;
}

export const OPTIONS = {
  // Of all commands that ask HubSpot.
  "token-file": { value: "FILE", about: "the file with HubSpot's token, in the place of HUBSPOT_TOKEN" },
  "base-url": { value: "URL", about: "where the API answers: HUBSPOT_BASE_URL, else https://api.hubapi.com" },
  "api-version": { value: "VERSION", about: "2026-03 if not given" },
  "request-timeout": { value: "TIME", about: "how long one attempt may take: 30s if not given" },
  "rate-limit": { value: "N/TIME", about: "at most so many requests in so long a time: 100/10s if not given, or none" },
  // Of those that wait.
  timeout: { value: "TIME", about: "how long to wait at most: 15m if not given (of an export after HubSpot's queue), or none" },
  pace: { value: "PACE", about: "interactive (if not given), batch, or a number: how seldom to ask" },
  interval: { value: "MIN-MAX", about: "how long between two requests: 1s-60s if not given" },
  learned: { value: "FILE", about: "how long earlier tasks took: read, and written at the end" },
  checkpoint: { value: "FILE", about: "where the task stands: written as it goes on, read by the next run, removed at the end" },
  // What is shown.
  json: { about: "results and errors as JSON on the standard output, one line each" },
  quiet: { short: "q", about: "nothing on the standard error but errors" },
  help: { short: "h", about: "this text" },
  // What a start sends.
  request: { value: "FILE|-|JSON", about: "the request as HubSpot takes it; options below win over it" },
  name: { value: "NAME", about: "of the export, the import, the file, or the folder" },
  "object-type": { value: "TYPE", about: "export: contacts, companies, deals, tickets, or HubSpot's own word or id" },
  properties: { value: "NAME,…", about: "export: the properties that become columns" },
  "list-id": { value: "ID", about: "export: the records of that list" },
  format: { value: "csv|xls|xlsx", about: "export: csv if not given" },
  language: { value: "EN|…", about: "export: of the column names, EN if not given" },
  url: { value: "URL", about: "file-import: where HubSpot gets the file" },
  access: { value: "ACCESS", about: "file-import: who can open it, PRIVATE if not given" },
  "folder-path": { value: "PATH", about: "file-import: the folder that it is put into" },
  "folder-id": { value: "ID", about: "file-import: the same by its id; folder-update: the folder" },
  "parent-folder-id": { value: "ID", about: "folder-update: the folder that it is moved into" },
  overwrite: { about: "file-import: in the place of a file of the same name" },
  path: { value: "PATH", about: "source-code-extract: the zip file in the developer file system" },
  file: { value: "PATH", isMany: true, about: "import: a file to send, in the order of the request's files" },
  // Where a file goes.
  output: { value: "FILE|-", short: "o", about: "where an export's file goes; - is the standard output" },
  "no-clobber": { about: "leave a file alone that is there already" },
  // Of the two servers.
  port: { value: "PORT", about: "any that is free if not given" },
  host: { value: "HOST", about: "where to listen: 127.0.0.1 if not given" },
  task: { value: "FAMILY[:ID]", isMany: true, about: "a task that is there from the beginning" },
  pending: { value: "TIME", about: "how long tasks wait, 1s if not given" },
  processing: { value: "TIME", about: "how long they run, 3s if not given" },
  outcome: { value: "OUTCOME", about: "how they end: succeeded (if not given), succeededWithErrors, failed, canceled" },
  rows: { value: "N", about: "rows of an export's file: 25 if not given" },
  latency: { value: "TIME", about: "from a request to its answer" },
  scopes: { value: "SCOPE,…", about: "the scopes of the token; what needs others is refused" },
  fault: { value: "[CALL:]FAULT[*N]", isMany: true, about: "answers the next N requests with a fault: see docs/command.md" },
  seed: { value: "N", about: "the same seed gives the same ids" },
  cors: { about: "let pages of any origin ask" },
  families: { value: "FAMILY,…", about: "whose tasks may be asked for: all if not given" },
  allow: { value: "start,…", about: "what is allowed beside statuses: start, details, download" },
  origins: { value: "ORIGIN,…", about: "whose pages may call, such as http://localhost:5173" },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof OPTIONS;

/** By its long name. */
export const optionOf = (name: OptionName): Option => OPTIONS[name];

export interface Usage {
  /** What stands after the command's name. */
  readonly takes: string;
  readonly about: string;
  /** How many arguments it takes besides options, at least and at most. */
  readonly arguments: readonly [least: number, most: number];
  readonly options: readonly OptionName[];
  /** What options are here, where they are something else than in other commands. */
  readonly own?: Readonly<Partial<Record<OptionName, string>>>;
  /** Each runs as it stands: tests/command/examples.test.mjs. */
  readonly examples: readonly (readonly [about: string, line: string])[];
}

const SHOWN = ["json", "quiet", "help"] as const;
const ASKING = ["token-file", "base-url", "api-version", "request-timeout", "rate-limit"] as const;
const WAITING = ["timeout", "pace", "interval", "learned"] as const;
const REQUEST = [
  ...(["request", "name", "object-type", "properties", "list-id", "format", "language", "url", "access", "folder-path"] as const),
  ...(["folder-id", "parent-folder-id", "overwrite", "path", "file"] as const),
];

export const COMMANDS = {
  run: {
    takes: "FAMILY",
    about: "Starts a task, waits for it, and brings what it made: of an export the file.",
    arguments: [1, 1],
    options: [...REQUEST, "output", "no-clobber", "checkpoint", ...WAITING, ...ASKING, ...SHOWN],
    examples: [
      ["Contacts into a file", "hubspot-async-tasks run export --object-type contacts --properties email,firstname --output contacts.csv"],
      [
        "The same by a scheduler: a run that was ended is gone on with, and nothing is started twice",
        "hubspot-async-tasks run export --list-id 5 --checkpoint list-5.json --timeout 2h --quiet --output list-5.csv",
      ],
      ["A file from a URL", "hubspot-async-tasks run file-import --url https://example.com/plan.pdf --folder-path /plans --json"],
      ["Records from a CSV file", "hubspot-async-tasks run import --file people.csv --request import.json"],
    ],
  },
  start: {
    takes: "FAMILY",
    about: "Starts a task, and prints its id.",
    arguments: [1, 1],
    options: [...REQUEST, "checkpoint", ...ASKING, ...SHOWN],
    own: { checkpoint: "where the task stands: written once it is started, so that it is not started twice; wait goes on with it" },
    examples: [
      ["An export of a list", "hubspot-async-tasks start export --list-id 5 --name nightly"],
      ["A request as HubSpot takes it", `hubspot-async-tasks start folder-update --request '{"id":"17","name":"plans"}'`],
    ],
  },
  wait: {
    takes: "FAMILY [ID…]",
    about: "Waits until tasks are over, and prints what they made. Without an id: for the task of the checkpoint.",
    arguments: [1, Infinity],
    options: ["checkpoint", ...WAITING, ...ASKING, ...SHOWN],
    examples: [
      ["For one", "hubspot-async-tasks wait export 90151673 --timeout 1h"],
      ["For several, a line of JSON each", "hubspot-async-tasks wait export 90151673 90151674 --json"],
    ],
  },
  status: {
    takes: "FAMILY ID",
    about: "Asks once, and prints where the task stands.",
    arguments: [2, 2],
    options: [...ASKING, ...SHOWN],
    examples: [["Now", "hubspot-async-tasks status export 90151673"]],
  },
  watch: {
    takes: "FAMILY ID",
    about: "Prints a line of JSON for each change of a task, until it is over.",
    arguments: [2, 2],
    options: [...WAITING, ...ASKING, "help"],
    examples: [["Each state", "hubspot-async-tasks watch export 90151673"]],
  },
  download: {
    takes: "ID",
    about: "Brings the file of an export, which is waited for.",
    arguments: [1, 1],
    options: ["output", "no-clobber", ...WAITING, ...ASKING, ...SHOWN],
    examples: [
      ["Into a file", "hubspot-async-tasks download 90151673 --output contacts.csv"],
      ["Into another program", "hubspot-async-tasks download 90151673 --output - | sort"],
    ],
  },
  simulate: {
    takes: "",
    about: "Serves a simulated HubSpot for tests in any language. The first line on the standard output is its address.",
    arguments: [0, 0],
    options: [
      ...(["port", "host", "task", "pending", "processing", "outcome", "rows", "latency", "rate-limit", "fault", "scopes"] as const),
      ...(["token-file", "seed", "cors", "quiet", "help"] as const),
    ],
    own: {
      "rate-limit": "429 beyond so many requests in so long a time: no limit if not given",
      "token-file": "the file with the one token that is taken: any token, and none, if not given",
    },
    examples: [
      ["Its tasks are listed at http://127.0.0.1:8910/", "hubspot-async-tasks simulate --port 8910"],
      ["A start whose answer is lost, and three bad gateways", "hubspot-async-tasks simulate --fault start:lost --fault status:bad-gateway*3"],
    ],
  },
  proxy: {
    takes: "",
    about: "For development: adds the token to what pages on this machine ask. It listens on this machine alone.",
    arguments: [0, 0],
    options: ["port", "host", "path", "families", "allow", "origins", ...ASKING, "quiet", "help"],
    own: { path: "what stands before the paths of HubSpot's, such as /hubspot: nothing if not given", host: "127.0.0.1 (if not given), ::1 or localhost" },
    examples: [["For a page of Vite's", "hubspot-async-tasks proxy --port 8911 --origins http://localhost:5173 --allow start,download"]],
  },
} as const satisfies Record<string, Usage>;

export type CommandName = keyof typeof COMMANDS;

export const usageOf = (name: CommandName): Usage => COMMANDS[name];

export const isCommand = (name: string | undefined): name is CommandName => name !== undefined && Object.hasOwn(COMMANDS, name);

/** Exit statuses, and what each tells. */
export const STATUSES = [
  [0, "succeeded"],
  [1, "the task failed, or was canceled"],
  [2, "wrong usage; nothing was started"],
  [3, "the deadline came first"],
  [4, "authentication: no token, a wrong one, or one that may not"],
  [5, "network, rate limit, and other faults that pass: try again later"],
  [6, "anything else, such as a start that may have been carried out"],
  [130, "Ctrl-C; 143 after SIGTERM"],
] as const;
