// An export's file: where it goes, and that nothing looks whole that is not.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { QUICK, folder, hubspot, run, shell } from "./support.mjs";

const EXPORT = ["run", "export", "--object-type", "contacts", "--properties", "email,firstname", ...QUICK];
const CONTENT = 'email,firstname\n"ada@example.com","Ada"\n';

/** What is there and no file: a FIFO and links of the test's own, since of a real device nothing would be left. */
function furnish(cwd) {
  mkdirSync(join(cwd, "there"));
  execFileSync("mkfifo", [join(cwd, "fifo")]);
  symlinkSync("fifo", join(cwd, "to-fifo"));
  symlinkSync("nothing", join(cwd, "to-nothing"));
}

describe("an export's file", { concurrency: 4 }, () => {
  test("is what HubSpot made, under the name that was given, which is printed", async () => {
    const { url, starts } = await hubspot({ startedTask: { file: { content: CONTENT } } });
    const { status, stdout, stderr, cwd } = await run([...EXPORT, "--output", "contacts.csv"], { url });
    assert.deepEqual([status, stdout], [0, "contacts.csv\n"]);
    assert.equal(readFileSync(join(cwd, "contacts.csv"), "utf8"), CONTENT);
    assert.match(stderr, /contacts\.csv: 40 bytes/);
    const { exportName, ...request } = starts[0].request;
    assert.match(exportName, /^hubspot-async-tasks 20\d\d-/);
    const objectProperties = ["email", "firstname"];
    assert.deepEqual(request, { exportType: "VIEW", format: "CSV", language: "EN", objectType: "CONTACT", objectProperties });
  });

  test("takes the place of an older one once it is whole, and not with --no-clobber", async () => {
    const { url, simulator } = await hubspot({ startedTask: { file: { content: CONTENT } } });
    const cwd = folder();
    writeFileSync(join(cwd, "contacts.csv"), "older");
    const kept = await run([...EXPORT, "--output", "contacts.csv", "--no-clobber"], { url, cwd });
    assert.equal(kept.status, 2);
    assert.equal(simulator.requests.length, 0);
    simulator.script(["network-error", "network-error", "network-error"], { call: "download" });
    const failed = await run([...EXPORT, "--output", "contacts.csv"], { url, cwd });
    assert.equal(failed.status, 5);
    assert.equal(readFileSync(join(cwd, "contacts.csv"), "utf8"), "older");
    const { status } = await run(["download", simulator.starts[0].taskId, "--output", "contacts.csv"], { url, cwd });
    assert.equal(status, 0);
    assert.equal(readFileSync(join(cwd, "contacts.csv"), "utf8"), CONTENT);
  });

  test("that comes as a zip of several is one CSV file where one was asked for, and the zip under another name", async () => {
    const { url, simulator } = await hubspot({ startedTask: { file: { rows: 25 } }, downloads: { zipOverBytes: 100, rowsPerFile: 10 } });
    const { status, stderr, cwd } = await run([...EXPORT, "--output", "contacts.csv"], { url });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /contacts\.csv: .*, unpacked/);
    const text = readFileSync(join(cwd, "contacts.csv"), "utf8");
    assert.equal(text.match(/"email"/g).length, 1);
    const { taskId } = simulator.starts[0];
    const streamed = await run(["download", taskId, "--output", "-", "--quiet"], { url });
    assert.equal(streamed.stdout, text);
    const zip = await run(["download", taskId, "--output", "contacts.zip"], { url, cwd });
    assert.equal(zip.status, 0);
    assert.equal(readFileSync(join(cwd, "contacts.zip"), "latin1").slice(0, 4), "PK\x03\x04");
    assert.deepEqual(readdirSync(cwd), ["contacts.csv", "contacts.zip"]);
    // As many rows as without the zip.
    simulator.downloads.zipOverBytes = 1e9;
    const plain = await run(["download", taskId, "--output", "plain.csv"], { url, cwd });
    assert.equal(plain.status, 0);
    const cells = (csv) => csv.replace(/\r\n/g, "\n").split("\n").length;
    assert.equal(cells(text), cells(readFileSync(join(cwd, "plain.csv"), "utf8")));
  });

  test("goes to the standard output with -, and nothing else does", async () => {
    const { url } = await hubspot({ startedTask: { file: { content: CONTENT } } });
    const { status, stdout } = await shell(`hubspot-async-tasks ${EXPORT.join(" ")} --output - 2>/dev/null | cat`, { url });
    assert.deepEqual([status, stdout], [0, CONTENT]);
    assert.equal((await run([...EXPORT, "--output", "-", "--json"], { url })).status, 2);
  });

  /** What cannot be an output: found out before anything is started. */
  const REFUSED = [
    ["a folder", "there", /is a folder/],
    ["in a folder that is not there", join("no", "such", "file.csv"), /there is no folder/],
    ["a folder that is written as one", "there/", /is a folder/],
    ["a folder that is not there", "absent/", /there is no folder absent\//],
    ["a FIFO", "fifo", /is no file; --output - writes/],
    ["a link to a FIFO", "to-fifo", /is no file; --output - writes/],
    ["a link that leads to nothing", "to-nothing", /a link that leads to nothing/],
  ];
  for (const [what, output, said] of REFUSED) {
    test(`is refused where it is ${what}, before anything is started`, async () => {
      const { url, simulator } = await hubspot();
      const cwd = folder();
      furnish(cwd);
      const before = readdirSync(cwd);
      const { status, stderr } = await run([...EXPORT, "--output", output], { url, cwd });
      assert.equal(status, 2);
      assert.match(stderr, said);
      assert.equal(simulator.requests.length, 0);
      assert(lstatSync(join(cwd, "fifo")).isFIFO());
      assert.deepEqual(readdirSync(cwd), before);
    });
  }

  for (const [format, output, right] of [["xlsx", "list.csv", "xlsx"], ["xls", "list.XLSX", "xls"], ["csv", "list.xlsx", "csv"]]) {
    test(`is refused as ${output} where its format is ${format}, before anything is started`, async () => {
      const { url, simulator } = await hubspot();
      const { status, stderr } = await run([...EXPORT, "--format", format, "--output", output], { url });
      assert.equal(status, 2);
      assert.match(stderr, new RegExp(`${output} is no name for a file of the format ${format.toUpperCase()}: takes one that ends in \\.${right}, or`));
      assert.equal(simulator.requests.length, 0);
    });
  }

  test("that is a workbook is brought as it is, and not under the name of a CSV", async () => {
    for (const format of ["XLSX", "XLS"]) {
      const { url, simulator } = await hubspot();
      simulator.addTask("export", { id: 7, file: { format, rows: 3 } });
      const { status, stderr, cwd } = await run(["download", "7", "--output", "list.csv"], { url });
      assert.equal(status, 2);
      assert.match(stderr, new RegExp(`INVALID_ARGUMENT: export 7: it is no CSV \\(${format.toLowerCase()}\\)`));
      assert.deepEqual(readdirSync(cwd), []);
      const name = `list.${format.toLowerCase()}`;
      assert.equal((await run(["download", "7", "--output", name], { url, cwd })).status, 0);
      assert.equal(readFileSync(join(cwd, name)).length, 3_000);
    }
  });

  test("is written where a link leads, and the link stays, as with what else is put in a file's place", async () => {
    const { url } = await hubspot({ startedTask: { file: { rows: 25 } }, downloads: { zipOverBytes: 100 } });
    const cwd = folder();
    mkdirSync(join(cwd, "data"));
    writeFileSync(join(cwd, "data", "real.csv"), "old");
    writeFileSync(join(cwd, "data", "learned.json"), "{}");
    symlinkSync(join("data", "real.csv"), join(cwd, "contacts.csv"));
    symlinkSync(join("data", "learned.json"), join(cwd, "learned.json"));
    const { status, stdout, stderr } = await run([...EXPORT, "--output", "contacts.csv", "--learned", "learned.json"], { url, cwd });
    assert.deepEqual([status, stdout], [0, "contacts.csv\n"], stderr);
    for (const name of ["contacts.csv", "learned.json"]) assert(lstatSync(join(cwd, name)).isSymbolicLink(), name);
    assert.match(readFileSync(join(cwd, "data", "real.csv"), "utf8"), /^"email","firstname"\n/);
    assert.equal(JSON.parse(readFileSync(join(cwd, "data", "learned.json"), "utf8")).export.whole.length, 1);
    assert.deepEqual([readdirSync(cwd), readdirSync(join(cwd, "data")).sort()], [["contacts.csv", "data", "learned.json"], ["learned.json", "real.csv"]]);
  });

  for (const option of ["--learned", "--checkpoint"]) {
    test(`is not asked for where ${option} leads to what is no file, which stays`, async () => {
      const { url, simulator } = await hubspot();
      for (const name of ["fifo", "to-fifo", "to-nothing", "there"]) {
        const cwd = folder();
        furnish(cwd);
        const { status, stderr } = await run([...EXPORT, "--output", "contacts.csv", option, name], { url, cwd });
        assert.equal(status, 2);
        assert(stderr.includes(`${option}: ${name} is `), stderr);
        assert(lstatSync(join(cwd, "fifo")).isFIFO());
      }
      assert.equal(simulator.requests.length, 0);
    });
  }

  test("is not there where the disk is full, and the next run brings it without another start", async () => {
    const rows = "1234567,1234567\n".repeat(20_000);
    const { url, counted } = await hubspot({ startedTask: { file: { content: `a,b\n${rows}` } } });
    const line = `hubspot-async-tasks ${EXPORT.join(" ")} --checkpoint c.json --output contacts.csv`;
    const cwd = folder();
    // No file may be larger than 100 kB: as good as a full disk.
    const full = await shell(`trap '' XFSZ; ulimit -f 100; ${line}`, { url, cwd });
    assert.equal(full.status, 6, full.stderr);
    assert.match(full.stderr, /EFBIG/);
    assert(!existsSync(join(cwd, "contacts.csv")));
    assert.equal((await shell(line, { url, cwd })).status, 0);
    assert.equal(readFileSync(join(cwd, "contacts.csv"), "utf8"), `a,b\n${rows}`);
    assert.equal(counted("start"), 1);
    // Without a checkpoint it says how the file is brought.
    const { stderr } = await shell(`trap '' XFSZ; ulimit -f 100; hubspot-async-tasks ${EXPORT.join(" ")} --output contacts.csv`, { url });
    assert.match(stderr, /export \d+: \S+: EFBIG.*\n.*: the task is over at HubSpot: hubspot-async-tasks download \d+ --output contacts\.csv\n$/);
  });
});

test("the standard output on a full device is an error, not a success", async () => {
  const { url, simulator, counted } = await hubspot();
  simulator.addTask("export", { id: 7 });
  const { status, stderr } = await shell("hubspot-async-tasks status export 7 > /dev/full", { url });
  assert.equal(status, 6);
  assert.match(stderr, /the standard output: .*ENOSPC/);
  // The result is lost, so the checkpoint is not.
  const line = "hubspot-async-tasks run export --list-id 5 --checkpoint c.json --quiet";
  const lost = await shell(`${line} > /dev/full`, { url });
  assert.equal(lost.status, 6);
  assert.match((await shell(line, { url, cwd: lost.cwd })).stdout, /^http:.*\n$/);
  assert.equal(counted("start"), 1);
});

test("who reads no further does no harm", async () => {
  const { url, simulator } = await hubspot();
  simulator.addTask("export", { id: 7, file: { content: `a,b\n${"1,2\n".repeat(300_000)}` } });
  simulator.addTask("export", { id: 8, processingMs: Infinity });
  const head = await shell("hubspot-async-tasks download 7 --output - | head -n 1", { url });
  assert.deepEqual([head.status, head.stdout, head.stderr.includes("EPIPE")], [0, "a,b\n", false], head.stderr);
  const watched = await shell("hubspot-async-tasks watch export 8 --interval 10ms-100ms | head -n 1", { url });
  assert.equal(JSON.parse(watched.stdout).status.status, "PROCESSING");
  assert.equal((await shell("hubspot-async-tasks --help | true")).status, 0);
});
