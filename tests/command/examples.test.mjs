// Each example of the help and of docs/command.md is run as it is printed, in an empty folder, with HubSpot simulated.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { installed, project } from "../package/pack.mjs";
import { environment, folder, hubspot, run, shell } from "./support.mjs";

const COMMANDS = ["run", "start", "wait", "status", "watch", "download", "simulate", "proxy"];

/** What the examples speak of. */
function settled() {
  const cwd = folder();
  writeFileSync(join(cwd, "people.csv"), "email\nada@example.com\n");
  writeFileSync(join(cwd, "import.json"), JSON.stringify({ name: "people", files: [{ fileName: "people.csv", fileFormat: "CSV" }] }));
  writeFileSync(join(cwd, "token"), "pat-na1-5ecret-t0ken-0000\n");
  return cwd;
}

async function account() {
  const { url, simulator } = await hubspot({ startedTask: { processingMs: 300, file: { rows: 3 } } });
  for (const id of [90151673, 90151674]) simulator.addTask("export", { id, processingMs: 300, file: { rows: 3 } });
  return url;
}

/** Runs a script; one that serves is ended once it does, and has a port that is free, since the printed one need not be. */
async function works(printed, cwd, url) {
  const script = printed.replace(/--port \d+/, "--port 0");
  if (!/hubspot-async-tasks (simulate|proxy)\b/.test(script)) {
    const { status, stderr } = await shell(script, { url, cwd });
    assert.equal(status, 0, `${script}\n${stderr}`);
    return;
  }
  const PATH = `${join(project, "node_modules", ".bin")}:${process.env.PATH}`;
  const child = spawn("bash", ["-c", `exec ${script}`], { cwd, env: environment({ PATH, HUBSPOT_BASE_URL: url }), stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await Promise.race([child.stdout.setEncoding("utf8").take(1).toArray(), new Promise((resolve) => child.once("close", () => resolve(["it ended"])))]);
  assert.match(line, /^http:\/\/127\.0\.0\.1:\d+/, script);
  child.kill("SIGINT");
  assert.equal(await new Promise((resolve) => child.once("close", resolve)), 130);
}

describe("each example of the help runs as it is printed", { concurrency: 3 }, () => {
  for (const name of COMMANDS) {
    test(`${name} --help`, async () => {
      const { stdout } = await run([name, "--help"]);
      const examples = stdout.split("\nExamples:\n")[1].split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
      assert(examples.length > 0);
      const url = await account();
      for (const example of examples) await works(example, settled(), url);
    });
  }
});

test("the example of the whole help runs as it is printed", async () => {
  const { stdout } = await run(["--help"]);
  const [, example] = /\nExample:\n {2}(.*)\n/.exec(stdout);
  await works(example, settled(), await account());
});

describe("each block of sh of docs/command.md runs as it is printed", { concurrency: 3 }, () => {
  const page = readFileSync(join(installed, "docs", "command.md"), "utf8");
  const blocks = Array.from(page.matchAll(/^```sh\n([^]*?)^```$/gm), ([, block]) => block.trim());
  test("there are some", () => assert(blocks.length >= 8, `${blocks.length}`));
  for (const block of blocks) {
    test(block.split("\n")[0], async () => {
      await works(block, settled(), await account());
    });
  }
});
