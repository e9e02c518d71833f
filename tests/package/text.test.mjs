// Text between JavaScript and WebAssembly, in hosts with a TextDecoder and a TextEncoder and without: Jest's jsdom.
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./run.mjs";

const SCRIPT = `
const { HubSpotTasks } = await import("hubspot-async-tasks");
const texts = ["plain", "ü", "€", "😀", "a\\0b", "\\u{10FFFF}", "\\uFEFFbom", "half \\uD800 a pair", "\\uDC00", "%41", "ü😀".repeat(5000)];
const said = (text) => {
  try {
    new HubSpotTasks({ pace: text });
  } catch ({ message }) {
    return message;
  }
};
const { id } = new HubSpotTasks().fileImports.task("ü😀");
console.log(JSON.stringify({ id, said: texts.map(said) }));
`;

test("text crosses without TextDecoder and TextEncoder as it does with them", async () => {
  const withThem = await run("mjs", SCRIPT);
  const without = await run("mjs", `delete globalThis.TextDecoder;\ndelete globalThis.TextEncoder;\n${SCRIPT}`);
  assert.equal(withThem.id, "ü😀");
  assert.match(withThem.said[3], /😀/);
  assert.match(withThem.said[7], /half \uFFFD a pair/);
  assert.deepEqual(without, withThem);
});
