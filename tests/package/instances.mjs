// The engine's instances, as tests see into them: whatever makes one hands its functions through `tap`.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installed, project } from "./pack.mjs";

/** The entries that have an engine of their own, by their files' names. */
export const ENTRIES = ["index", "slim", "js"];

const wasm = readFileSync(join(installed, "hubspot-async-tasks.wasm"));

/** What tests see of the instances, and what they change of them. */
export const tap = {
  /** How many there were. */
  instances: 0,
  /** The memory of the newest. */
  memory: undefined,
  /** What is called in the place of a function, given its name, itself, and the number of its instance, from 1. */
  functionOf: (_, original) => original,
};

/** An instance that hands its functions through the tap; any other instance as it is: Node's fetch has one, too. */
function tapped(made) {
  const { exports } = made;
  if (!exports.openClient) return made;
  const number = ++tap.instances;
  tap.memory = exports.memory;
  const entries = Object.entries(exports).map(([name, given]) => {
    if (typeof given !== "function") return [name, given];
    return [name, (...values) => tap.functionOf(name, given, number)(...values)];
  });
  return { exports: Object.fromEntries(entries) };
}

const { Instance, instantiate } = WebAssembly;
WebAssembly.Instance = function (...given) {
  return tapped(new Instance(...given));
};
WebAssembly.instantiate = async (...given) => {
  const made = await instantiate(...given);
  return made.instance ? { ...made, instance: tapped(made.instance) } : tapped(made);
};

/** /js makes its engine by itself: a copy of the file hands it over. */
function withTap(text) {
  globalThis.tappedInstance = tapped;
  const place = /^var start = \(\) => (\(\{ exports: [\w$]+\(\) \}\));$/gm;
  assert.equal([...text.matchAll(place)].length, 1, "js.js makes its instances in another way than it did");
  return text.replace(place, "var start = () => tappedInstance$1;");
}

let copies = 0;

/** A copy of an entry that nobody has used yet, ready to be used. */
export async function freshEntry(name) {
  const text = readFileSync(join(installed, `${name}.js`), "utf8");
  const file = join(project, `${name}-${process.pid}-${++copies}.mjs`);
  writeFileSync(file, name === "js" ? withTap(text) : text);
  Object.assign(tap, { instances: 0, memory: undefined, functionOf: (_, original) => original });
  const main = await import(pathToFileURL(file).href);
  if (name === "slim") await main.init(wasm);
  return main;
}
