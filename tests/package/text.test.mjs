// Text between JavaScript and WebAssembly, in hosts with a TextDecoder and a TextEncoder and without: Jest's jsdom.
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./run.mjs";

const SCRIPT = `
const { HubSpotTasks } = await import("hubspot-async-tasks");
const texts = ["plain", "ü", "€", "😀", "a\\0b", "\\u{10FFFF}", "\\uFEFFbom", "half \\uD800 a pair", "\\uDC00", "%41", "ü😀".repeat(5000)];
const client = new HubSpotTasks();
const ids = texts.map((text) => {
  try {
    return client.fileImports.task(text).checkpoint().taskId;
  } catch ({ code }) {
    return code;
  }
});
console.log(JSON.stringify({ texts, ids }));
`;

test("text crosses without TextDecoder and TextEncoder as it does with them", async () => {
  const withThem = await run("mjs", SCRIPT);
  const without = await run("mjs", `delete globalThis.TextDecoder;\ndelete globalThis.TextEncoder;\n${SCRIPT}`);
  const isWhole = (text) => !/\p{Surrogate}/u.test(text);
  assert.deepEqual(withThem.ids, withThem.texts.map((text) => (isWhole(text) ? text : "INVALID_ARGUMENT")));
  assert.deepEqual(without, withThem);
});
