#!/usr/bin/env node
// The command's first file: help and version are answered at once, all else by what is loaded then.
import { version } from "#version";
import process from "node:process";
import { help, helpOf } from "./help.js";
import { isCommand } from "./usage.js";

const [first, ...rest] = process.argv.slice(2);

/** What needs no more than the tables. */
function textAsked(): string | undefined {
  if (first === "--version") return `${version}\n`;
  const [named] = first === "help" ? rest : [first];
  const isHelp = first === "--help" || first === "-h" || first === "help";
  if (isHelp && !isCommand(named)) return named === undefined || first !== "help" ? help() : undefined;
  // Not after `--`, which ends the options.
  const options = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
  const asks = first === "help" || options.includes("--help") || options.includes("-h");
  return isCommand(named) && asks ? helpOf(named) : undefined;
}

const text = textAsked();
if (text === undefined) {
  const { main } = await import("./main.js");
  process.exitCode = await main(process.argv.slice(2));
} else {
  // Who reads no further wants no more.
  process.stdout.on("error", () => undefined);
  process.stdout.write(text);
}
