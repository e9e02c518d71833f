// Runs modules in processes of their own, two at a time: both ends of it.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";

const WORKERS = Math.min(2, availableParallelism());

/** What a module answers to each message, in their order; `onResult` hears how many answers are there. */
export async function runAll(module, messages, onResult = () => {}) {
  const results = [];
  let [next, finished] = [0, 0];
  const work = async () => {
    while (next < messages.length) {
      const index = next++;
      results[index] = await run(module, messages[index]);
      onResult(++finished, messages.length);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return results;
}

/** In a module: answers its one message. */
export function answer(handler) {
  process.once("message", async (message) => {
    const result = await handler(message);
    process.send(result, () => process.disconnect());
  });
  // Also when the parent is gone: then nobody wants the answer.
  process.once("disconnect", () => process.exit());
}

function run(module, message) {
  return new Promise((resolve, reject) => {
    const child = fork(new URL(module, import.meta.url), { serialization: "advanced" });
    child.once("message", resolve);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${module} ended with ${code}: ${JSON.stringify(message)}`)));
    child.send(message);
  });
}
