// The texts of --help, made of the tables.
import { COMMANDS, type CommandName, NAME, type OptionName, STATUSES, optionOf, usageOf } from "./usage.js";

/** Pairs as two columns, the second one beginning at the same place in each line. */
function columns(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([left]) => left.length)) + 2;
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
}

const text = (...lines: string[]): string => `${lines.join("\n")}\n`;

/** Of the whole command. */
export function help(): string {
  const names = Object.keys(COMMANDS) as CommandName[];
  const [, example] = usageOf("run").examples[0] ?? ["", ""];
  return text(
    "HubSpot's asynchronous tasks: starts them, waits for them, and brings what they made.",
    "",
    `Usage: ${NAME} COMMAND [options]`,
    `       ${NAME} [COMMAND] --help`,
    `       ${NAME} --version`,
    "",
    "Commands:",
    ...columns(names.map((name) => [`${name} ${usageOf(name).takes}`, usageOf(name).about] as const)),
    "",
    "Families: export, import, file-import, folder-update, source-code-extract",
    "",
    "The token is read from HUBSPOT_TOKEN, or from the file of --token-file. HUBSPOT_BASE_URL leads to another host.",
    "",
    "Exit statuses:",
    ...columns(STATUSES.map(([status, about]) => [String(status), about] as const)),
    "",
    "Example:",
    `  ${example}`,
    "",
    `${NAME} COMMAND --help has the options and examples of one.`,
  );
}

const shown = (name: OptionName): string => {
  const { short, value } = optionOf(name);
  return `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
};

/** Of one command. */
export function helpOf(name: CommandName): string {
  const { takes, about, options, own, examples } = usageOf(name);
  return text(
    `Usage: ${[NAME, name, takes, "[options]"].filter(Boolean).join(" ")}`,
    "",
    about,
    "",
    "Options:",
    ...columns(options.map((option) => [shown(option), own?.[option] ?? optionOf(option).about] as const)),
    "",
    "Times have a unit: 500ms, 90s, 15m, 2h, 1d.",
    "",
    "Examples:",
    ...examples.flatMap(([reason, line]) => [`  # ${reason}`, `  ${line}`]),
  );
}
