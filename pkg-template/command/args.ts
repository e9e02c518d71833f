// The arguments, read by the tables of usage.ts: what is unknown is refused, with what was meant.
import process from "node:process";
import { parseArgs } from "node:util";
import { UsageError } from "./exit.js";
import { meant } from "./names.js";
import { COMMANDS, type CommandName, NAME, OPTIONS, type OptionName, isCommand, optionOf, usageOf } from "./usage.js";

/** What was given, read by its option's name. */
export class Given {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  readonly #switches: ReadonlySet<string>;

  constructor(values: ReadonlyMap<string, readonly string[]>, switches: ReadonlySet<string>) {
    this.#values = values;
    this.#switches = switches;
  }

  has = (name: OptionName): boolean => this.#switches.has(name);
  text = (name: OptionName): string | undefined => this.#values.get(name)?.[0];
  all = (name: OptionName): readonly string[] => this.#values.get(name) ?? [];

  /** A list with commas. */
  list(name: OptionName): string[] | undefined {
    const texts = this.text(name)?.split(",").map((text) => text.trim());
    if (texts?.includes("")) throw new UsageError(`--${name}: takes names with commas between them`);
    return texts;
  }

  /** As `take` reads it; it gives undefined for what it cannot read. */
  read<Value>(name: OptionName, [takes, take]: Takes<Value>): Value | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = take(text);
    if (value === undefined) throw new UsageError(`--${name}: got ${JSON.stringify(text)}, takes ${takes}`);
    return value;
  }
}

/** What an option takes, in words, and how it is read. */
export type Takes<Value> = readonly [takes: string, take: (text: string) => Value | undefined];

export interface Asked {
  readonly command: CommandName;
  /** What stands beside the options. */
  readonly operands: readonly string[];
  readonly given: Given;
}

const TOKEN_REFUSED =
  "a token is no argument: those are seen by every program of this machine, and kept by shells. Set HUBSPOT_TOKEN, or give --token-file FILE";

/** Whether it is a token's option, or a token: that of the environment, or one of the form of a private app's. */
const isOfToken = (argument: string): boolean =>
  /^--?(access-?)?token(=|$)/i.test(argument) || /(^|=)(Bearer )?pat-[a-z]{2}\d+-/i.test(argument) || argument === process.env.HUBSPOT_TOKEN;

export function readArguments(argv: readonly string[]): Asked {
  // Before anything is said of another argument, which may be the token.
  if (argv.some(isOfToken)) throw new UsageError(TOKEN_REFUSED);
  const [command, ...rest] = argv;
  if (command === undefined) throw new UsageError(`no command: takes ${Object.keys(COMMANDS).join(", ")}`);
  if (!isCommand(command)) {
    const names = Object.keys(COMMANDS);
    throw new UsageError(`there is no command ${quoted(command)}${meant(command, names)}: takes ${names.join(", ")}`);
  }
  const { arguments: [least, most], takes, options } = usageOf(command);
  const { operands, values, switches } = readOptions(rest, command, options);
  if (operands.length < least) throw new UsageError(`${command}: takes ${takes}`);
  if (operands.length > most) {
    throw new UsageError(`${command}: takes ${takes || "no arguments"}, got ${quoted(operands[most] ?? "")} besides`);
  }
  return { command, operands, given: new Given(values, switches) };
}

/** Names and ids alone: no option's value is shown where it was not understood. */
const quoted = (text: string): string => JSON.stringify(text.slice(0, 40));

const SWITCHES_AND_VALUES = Object.fromEntries(
  (Object.keys(OPTIONS) as OptionName[]).map((name) => {
    const { value, short } = optionOf(name);
    return [name, { type: value === undefined ? "boolean" : "string", multiple: true, ...(short && { short }) } as const];
  }),
);

function readOptions(args: readonly string[], command: CommandName, known: readonly OptionName[]) {
  const { tokens } = parseArgs({ args, options: SWITCHES_AND_VALUES, strict: false, allowPositionals: true, tokens: true });
  const operands: string[] = [];
  const values = new Map<string, string[]>();
  const switches = new Set<string>();
  for (const { kind, name = "", rawName = "", value, inlineValue } of tokens) {
    if (kind === "positional") operands.push(value ?? "");
    if (kind !== "option") continue;
    if (!isKnown(name)) throw new UsageError(`there is no option ${rawName}${meant(name, known, "--")}; ${NAME} ${command} --help`);
    if (!known.includes(name)) throw new UsageError(`${command} takes no ${rawName}${meant(name, known, "--")}; ${NAME} ${command} --help`);
    const { value: takes, isMany } = optionOf(name);
    if (takes === undefined) {
      if (value !== undefined) throw new UsageError(`--${name}: takes no value`);
      switches.add(name);
      continue;
    }
    const isMissing = value === undefined || value === "" || (!inlineValue && value.startsWith("-") && value !== "-");
    if (isMissing) throw new UsageError(`--${name}: takes ${takes}`);
    const before = values.get(name) ?? [];
    if (before.length > 0 && !isMany) throw new UsageError(`--${name}: is given twice`);
    values.set(name, [...before, value]);
  }
  return { operands, values, switches };
}

const isKnown = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);
