// What `npm start -- --once` shows in the terminal, with its exit status. Builds first, as it does. Run:
// node --test tests/demo.test.mjs
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const START = fileURLToPath(new URL("../scripts/start", import.meta.url));

/** What is told of each task in the end, below the lines of how it goes. */
const ENDINGS = `
fileImport        succeeded after N polls, seen N s after its completion
                  the file our-logo: https://files.hubspot.example/hubfs/logos/our-logo.png
folderUpdate      succeeded after N polls, seen N s after its completion
                  the folder /imported/logos-2026
export            succeeded after N polls, seen N s after its completion
                  the file's first 3 rows:
                  {"Record ID":"1","Email":"zoe@example.com","Company":"Smith, Jones & Co."}
                  {"Record ID":"2","Email":"ada@example.com","Company":"Ltd. \\"Analytical\\""}
                  {"Record ID":"3","Email":"lin@example.com","Company":""}
sourceCodeExtract succeeded after N polls, seen N s after its completion
                  the zip is extracted; such a task has no result
import            succeededWithErrors after N polls
                  TOTAL_ROWS: 4
                  CREATED_OBJECTS: 2
                  UNIQUE_OBJECTS_WRITTEN: 2
                  PROPERTY_VALUES_EMITTED: 6
                  ERRORS: 2
                  INVALID_EMAIL in line 3: "nobody"
                  INVALID_EMAIL in line 5: "nowhere"
`;

test("npm start -- --once starts a task of each built-in family, waits for it and shows what it made", () => {
  const { status, stdout, stderr } = spawnSync(START, ["--once"], { encoding: "utf8" });

  assert.equal(status, 0, stderr);
  const shown = stdout.slice(stdout.indexOf("Starting 5 tasks"));
  for (const [, family] of ENDINGS.matchAll(/^(\w+)/gm)) assert.match(shown, new RegExp(`^${family} +started`, "m"));
  const ends = shown.slice(shown.search(/\n\w+ +succeeded/));
  assert.equal(ends.replace(/\d+ polls?/g, "N polls").replace(/\d+\.\d s/g, "N s").trim(), ENDINGS.trim());
});
