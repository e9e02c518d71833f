// The snippets of docs/starting.md, docs/families.md and docs/simulator.md, run as they stand there, in a project that has
// the package installed; and the fields that the page on families names.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { installed, project, root } from "./pack.mjs";

const { defineFamily } = await import(pathToFileURL(join(installed, "index.js")).href);

const pageOf = (name) => readFileSync(join(root, "docs", name), "utf8");
const snippetsOf = (name) => [...pageOf(name).matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);

writeFileSync(join(project, "contacts.csv"), "Email\njane@example.com\n");

/** A server in the place of HubSpot: what it answers to a start, to a status and to the pages of errors. */
const HOST = `
const json = (body, status = 200) => new Response(JSON.stringify(body), { status });
const END = { status: "COMPLETE", result: "https://exports.example/1.csv", sendResult: "QUEUED" };
globalThis.fetch = async (url, { method, body }) => {
  if (method === "GET" && url.endsWith("/errors")) return json({ results: [{ errorType: "INVALID_EMAIL", invalidValue: "x@" }] });
  if (method === "GET" && url.includes("/imports/")) return json({ state: "DONE", metadata: { counters: { ERRORS: 1, CREATED_OBJECTS: 2 } } });
  if (method === "GET" && url.includes("/journal/")) return json({ status: "SUCCESS" });
  if (method === "GET" && url.includes("/clone/")) return json({ status: "PARTIAL_FAILURE" });
  if (method === "GET") return json(url.includes("/10/") ? { status: "CANCELED" } : END);
  if (String(body).includes('"listId":"6"')) return json({}, 502);
  const id = String(body).includes("two.zip") ? "10" : "9";
  return json({ id, statusId: id, campaignGuid: id }, 202);
};
globalThis.saveForLater = async (checkpoint) => console.log(checkpoint.startedMs > 0);
process.env.HUBSPOT_TOKEN = "a-token";
`;

writeFileSync(join(project, "docs-host.mjs"), HOST);

function run(snippet) {
  writeFileSync(join(project, "docs-snippet.mjs"), snippet);
  return execFileSync(process.execPath, ["--import", "./docs-host.mjs", "docs-snippet.mjs"], { cwd: project, encoding: "utf8" });
}

for (const [page, expected] of Object.entries({
  "starting.md": [
    /^download within five minutes: https:[^\n]*\ntrue\nstarted fileImport 9\n$/,
    /^look for it before it is started again: export: .*may have been carried out/,
    /^succeededWithErrors { ERRORS: 1, CREATED_OBJECTS: 2 }\nINVALID_EMAIL x@\n$/,
    /1 of 2\n2 of 2\n10 .*canceled/,
  ],
  "families.md": [/^succeeded SUCCESS\n$/, /^QUEUED\n$/, /^succeededWithErrors\n$/],
  "simulator.md": [/^succeeded \d+\n$/, /^202 true\n$/, /^EXPIRED\n$/],
})) {
  const snippets = snippetsOf(page);

  test(`every snippet of docs/${page} is run`, () => assert.equal(snippets.length, expected.length));

  for (const [place, printed] of expected.entries()) {
    test(`snippet ${place + 1} of docs/${page} works as it stands`, () => {
      assert.match(run(snippets[place]), printed);
    });
  }
}

test("docs/families.md names every field of a definition, and no other", () => {
  const named = [...pageOf("families.md").matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell]) => {
    const [first, ...others] = [...cell.matchAll(/`([\w.]+)`/g)].map(([, field]) => field);
    const place = first.replace(/\w+$/, "");
    return [first, ...others.map((field) => (field.includes(".") ? field : place + field))];
  });
  // Each refusal says which fields there are.
  const holders = ["paths", "state", "result", "errors", "dates", "details", "start"];
  const wrong = Object.fromEntries([["other", 1], ...holders.map((holder) => [holder, { other: 1 }])]);
  let refusal;
  assert.throws(() => defineFamily(wrong), (error) => (refusal = error.message).length > 0);
  const known = [...refusal.matchAll(/(\w+\.)?other: got a field that is unknown, takes one of ([\w, ]+)/g)].flatMap(([, place = "", fields]) =>
    fields.split(", ").map((field) => place + field),
  );
  assert.deepEqual(named.sort(), known.filter((field) => !holders.includes(field)).sort());
});
