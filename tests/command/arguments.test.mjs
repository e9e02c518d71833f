// What is typed: names that are unknown, values that are wrong, tokens where none may be; and the help.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { installed } from "../package/pack.mjs";
import { QUICK, folder, hubspot, run, shell } from "./support.mjs";

/** `[arguments, what is said]`: each is refused before anything is sent. */
const REFUSED = [
  [[], /no command: takes run, start, wait/],
  [["strat"], /is it start\?/],
  [["rnu"], /there is no command "rnu" \(is it run\?\): takes run, start, wait, status, watch, download, simulate, proxy$/m],
  [["frobnicate"], /there is no command "frobnicate": takes run, start, /],
  [["wait", "fileImports", "7"], /there is no family "fileImports" \(is it file-import\?\)/],
  [["wait", "export", "seven"], /INVALID_ARGUMENT: the id: got "seven", takes decimal digits up to \d+$/m],
  [["start", "folder-update", "--name", "a"], /INVALID_ARGUMENT: --folder-id: got nothing, takes a value: HubSpot starts no folder-update without it$/m],
  [["wait"], /wait: takes FAMILY \[ID…\]/],
  [["wait", "export"], /takes an id, or --checkpoint/],
  [["status", "export", "7", "8"], /status: takes FAMILY ID, got "8" besides/],
  [["status", "file-imports", "7"], /is it file-import\?/],
  [["run", "export", "--ouput", "a.csv"], /there is no option --ouput \(is it --output\?\); hubspot-async-tasks run --help/],
  [["status", "export", "7", "--output", "a.csv"], /status takes no --output/],
  [["run", "export", "-x"], /there is no option -x/],
  [["run", "export", "--output"], /--output: takes FILE\|-/],
  [["run", "export", "--name", "--quiet"], /--name: takes NAME/],
  [["run", "export", "--json=yes"], /--json: takes no value/],
  [["run", "export", "--name", "a", "--name", "b"], /--name: is given twice/],
  [["run", "export", "--url", "https://a.example"], /--url: is not for export/],
  [["run", "file-import", "--url", "https://a.example", "--output", "a"], /exports alone make a file/],
  [["run", "import", "--file", "a.csv"], /--request: a CRM import needs/],
  [["run", "import", "--request", "{}"], /--file: a CRM import needs/],
  [["start", "export", "--request", "{"], /--request: the text is no JSON/],
  [["start", "export", "--request", "no-such.json"], /--request: ENOENT/],
  [["start", "export", "--properties", "a,,b"], /--properties: takes names with commas/],
  [["wait", "export", "7", "--timeout", "900"], /--timeout: got "900", takes a time with its unit, such as 90s, 15m or 2h/],
  [["wait", "export", "7", "--timeout", "-5s"], /--timeout: takes TIME/],
  [["wait", "export", "7", "--interval", "60s-1s"], /--interval: got/],
  [["wait", "export", "7", "--pace", "slow"], /--pace: got "slow", takes interactive, batch or a number/],
  [["wait", "export", "7", "--rate-limit", "many"], /--rate-limit: got "many", takes a number and a time, such as 100\/10s/],
  [["wait", "export", "7", "--base-url", "ftp://a.example"], /INVALID_ARGUMENT: --base-url: got no such URL, takes an http or https URL without user, query and hash$/m],
  [["wait", "export", "7", "--base-url", "http://a.example"], /INVALID_ARGUMENT: /],
  [["wait", "export", "7", "--api-version", "../x"], /INVALID_ARGUMENT: --api-version: /],
  [["wait", "export", "7", "--token-file", "no-such-file"], /--token-file: ENOENT/],
  [["download", "7"], /download: takes --output FILE/],
  [["simulate", "--port", "70000"], /--port: got "70000"/],
  [["simulate", "--outcome", "lost"], /--outcome: got "lost", takes succeeded, /],
  [["simulate", "--fault", "status:bad-gatway"], /--fault: there is no "status:bad-gatway" \(is it bad-gateway\?\)/],
  [["simulate", "--fault", "begin:lost"], /there is no call "begin"/],
  [["simulate", "--task", "export:seven"], /no id of family export/],
  [["simulate", "--rate-limit", "0/10s"], /--rate-limit: got/],
  [["proxy", "--host", "0.0.0.0"], /--host: takes 127\.0\.0\.1, ::1 or localhost/],
  [["proxy", "--allow", "cancel"], /--allow: takes start, details, download/],
  [["proxy", "--origins", "localhost"], /INVALID_ARGUMENT: --origins/],
];

describe("wrong usage is told, with what is right, and ends with 2", { concurrency: 4 }, () => {
  for (const [args, said] of REFUSED) {
    test(args.join(" ") || "nothing at all", async () => {
      const { url, simulator } = await hubspot();
      const { status, stdout, stderr } = await run(args, { url });
      assert.match(stderr, said);
      assert.deepEqual([status, stdout, simulator.requests.length], [2, "", 0]);
    });
  }

  for (const args of [["--token", "pat-na1-5ecret"], ["--token=pat-na1-5ecret"], ["--access-token", "pat-na1-5ecret"], ["-token", "pat-na1-5ecret"]]) {
    test(`a token is no argument, and is not shown: ${args[0].split("=")[0]}`, async () => {
      // support.mjs looks for it in what was printed.
      const { status, stderr } = await run(["status", "export", "7", ...args, "--jso"]);
      assert.equal(status, 2);
      assert.match(stderr, /a token is no argument: those are seen by every program of this machine.*Set HUBSPOT_TOKEN, or give --token-file FILE/);
    });
  }
});

test("help and version need neither the rest of the command nor the package", async () => {
  const cwd = folder();
  mkdirSync(join(cwd, "command"));
  writeFileSync(join(cwd, "package.json"), '{"type":"module"}');
  for (const name of ["bin.js", "usage.js"]) cpSync(join(installed, "command", name), join(cwd, "command", name));
  const alone = (...args) => run([join(cwd, "command", "bin.js"), ...args], { command: process.execPath });
  const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.deepEqual(await alone("--version").then(({ status, stdout }) => [status, stdout]), [0, `${version}\n`]);
  const whole = await alone("--help");
  assert.match(whole.stdout, /^HubSpot's asynchronous tasks[^]*Exit statuses:[^]*130 {2}Ctrl-C/);
  for (const args of [["run", "--help"], ["help", "run"], ["run", "export", "-h"]]) {
    const { status, stdout, stderr } = await alone(...args);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^Usage: hubspot-async-tasks run FAMILY \[options\][^]*--checkpoint FILE[^]*Examples:/);
  }
  // The check sees what needs the rest.
  assert.notEqual((await alone("status", "export", "7")).status, 0);
});

test("an option that is something else in another command is explained by its own words in each", async () => {
  /** `[command, option, what is said, what is not]` */
  const own = [
    ["wait", "--rate-limit", /100\/10s if not given/, /429/],
    ["simulate", "--rate-limit", /429 beyond .*no limit if not given/, /100\/10s/],
    ["wait", "--token-file", /in the place of HUBSPOT_TOKEN/, /the one token/],
    ["simulate", "--token-file", /the one token that is taken/, /HUBSPOT_TOKEN/],
    ["start", "--path", /the zip file/, /proxy/],
    ["proxy", "--path", /such as \/hubspot/, /zip file/],
    ["run", "--checkpoint", /removed at the end/, /wait goes on/],
    ["start", "--checkpoint", /wait goes on with it/, /removed/],
  ];
  for (const [command, option, is, not] of own) {
    const { stdout } = await run([command, "--help"]);
    const [line] = stdout.match(new RegExp(`^ +${option} .*$`, "m"));
    assert.match(line, is);
    assert.doesNotMatch(line, not);
  }
});

test("a request comes from the standard input, and options win over it", async () => {
  const { url, starts } = await hubspot();
  const input = '\ufeff{"exportType":"LIST","listId":"5","exportName":"a","own":1}';
  const { status, stderr } = await run(["start", "export", "--request", "-", "--name", "b"], { url, stdin: "pipe", input });
  assert.equal(status, 0, stderr);
  assert.deepEqual(starts[0].request, { exportType: "LIST", format: "CSV", language: "EN", exportName: "b", listId: "5", own: 1 });
});

test("each family is started by options, under both of its names", async () => {
  const { url, starts } = await hubspot();
  const cwd = folder();
  writeFileSync(join(cwd, "people.csv"), "email\nada@example.com\n");
  const importRequest = { name: "people", files: [{ fileName: "people.csv", fileFormat: "CSV" }] };
  writeFileSync(join(cwd, "import.json"), JSON.stringify({ importRequest }));
  const lines = [
    [["fileImport", "--url", "https://a.example/b.pdf", "--folder-id", "7", "--overwrite", "--access", "public_indexable"]],
    [["folder-update", "--folder-id", "17", "--name", "plans", "--parent-folder-id", "4"]],
    [["sourceCodeExtract", "--path", "a/b.zip"]],
    [["import", "--file", "people.csv", "--request", "import.json", "--name", "others"]],
  ];
  for (const [args] of lines) assert.equal((await run(["run", ...args, ...QUICK], { url, cwd })).status, 0, args.join(" "));
  assert.deepEqual(
    starts.map(({ family, request }) => [family, request]),
    [
      ["fileImport", { access: "PUBLIC_INDEXABLE", url: "https://a.example/b.pdf", folderId: "7", overwrite: true }],
      ["folderUpdate", { name: "plans", id: "17", parentFolderId: "4" }],
      ["sourceCodeExtract", { path: "a/b.zip" }],
      ["import", { ...importRequest, name: "others" }],
    ],
  );
  assert.equal(new TextDecoder().decode(starts[3].files[0].bytes ?? starts[3].files[0].content), "email\nada@example.com\n");
});

test("closed streams are no matter", async () => {
  const { url, simulator } = await hubspot();
  simulator.addTask("export", { id: 7 });
  for (const closed of ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]) {
    const { status, stderr } = await shell(`hubspot-async-tasks wait export 7 ${closed}`, { url });
    assert.equal(status, 0, `${closed}: ${stderr}`);
  }
  assert.equal((await shell("hubspot-async-tasks wait export seven 2>&-", { url })).status, 2);
  assert.equal((await shell("hubspot-async-tasks start export --request - <&-", { url })).status, 2);
});
