// Text between JavaScript and WebAssembly, in hosts with a TextDecoder and a TextEncoder and without: Jest's jsdom.
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./run.mjs";

const SCRIPT = `
const { HubSpotTasks } = await import("hubspot-async-tasks");
const texts = ["plain", "ü", "€", "😀", "a\\0b", "\\u{10FFFF}", "\\uFEFFbom", "half \\uD800 a pair", "\\uDC00", "%41", "ü😀".repeat(5000)];
let heard;
const fetch = async () => ({ status: 404 });
const client = new HubSpotTasks({ fetch, onEvent: ({ taskId }) => (heard = taskId) });
const ids = [];
for (const text of texts) {
  try {
    await client.fileImports.task(text).wait();
  } catch ({ code }) {
    ids.push(code === "NOT_FOUND" ? heard : code);
  }
}
console.log(JSON.stringify({ texts, ids }));
`;

test("text crosses without TextDecoder and TextEncoder as it does with them", async () => {
  const withThem = await run("mjs", SCRIPT);
  const without = await run("mjs", `delete globalThis.TextDecoder;\ndelete globalThis.TextEncoder;\n${SCRIPT}`);
  const isWhole = (text) => !/\p{Surrogate}/u.test(text);
  assert.deepEqual(withThem.ids, withThem.texts.map((text) => (isWhole(text) ? text : "INVALID_ARGUMENT")));
  assert.deepEqual(without, withThem);
});
