// onError: what the user's own functions throw is told to the server's log, once, and to no caller.
import assert from "node:assert/strict";
import { SECRET, TOKEN, hosted, paths, test, turns, world } from "./support.mjs";

const boom = new Error(`db down: ${TOKEN}`);
const fails = () => { throw boom; };
const rejects = () => Promise.reject(boom);

/** A call, and what the log heard by then. */
async function told(proxy, requestOf, options) {
  const heard = [];
  const { proxy: handle, taskId } = world({ proxy: { onError: (error) => void heard.push(error), ...proxy }, ...options });
  const response = await handle(requestOf(taskId));
  await turns();
  return { status: response.status, text: await response.text(), heard };
}

const plain = (taskId) => new Request(`https://app.example.com${paths.status(taskId)}`);

for (const [how, act] of Object.entries({ throws: fails, "rejects with": rejects })) {
  test(`what authorize ${how} is heard, and refuses without a word of it`, async () => {
    const { status, text, heard } = await told({ authorize: act }, plain);
    assert.deepEqual([status, heard], [403, [boom]]);
    assert(!text.includes("db down"), text);
  });

  test(`what the token function ${how} is heard, and refuses without a word of it`, async () => {
    const { status, text, heard } = await told({ authorize: () => true, token: act }, plain);
    assert.deepEqual([status, heard], [403, [boom]]);
    assert(!text.includes("db down"), text);
  });

  test(`what the memory of replays ${how} is heard`, async () => {
    const { method, url, headers, body } = hosted({ method: "POST", path: paths.start(), body: "{}" });
    const start = () => new Request(url, { method, headers: { ...headers, "content-type": "application/json" }, body });
    const { status, heard } = await told({ clientSecret: SECRET, allow: ["start"], replays: { add: act } }, start);
    assert.deepEqual([status, heard], [409, [boom]]);
  });
}

test("a refusal is no error, nor is a caller who leaves", async () => {
  assert.deepEqual((await told({ authorize: () => false }, plain)).heard, []);
  const leaving = (taskId) => new Request(`https://app.example.com${paths.status(taskId)}`, { signal: AbortSignal.abort() });
  assert.deepEqual((await told({ authorize: () => true }, leaving)).heard, []);
});

test("what onError itself throws harms nothing; without it nothing is heard", async () => {
  for (const onError of [fails, rejects, undefined, null]) {
    assert.equal((await told({ authorize: fails, onError }, plain)).status, 403);
  }
});
