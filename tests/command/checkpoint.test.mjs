// The file of --checkpoint: whatever ends a run, the next one goes on, and nothing is started twice.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { QUICK, faults, folder, hubspot, pause, run, start } from "./support.mjs";

const FILE = "task.json";
const RUN = ["run", "export", "--list-id", "5", "--checkpoint", FILE, "--output", "list.csv", ...QUICK];

const noted = (cwd) => JSON.parse(readFileSync(join(cwd, FILE), "utf8"));
const note = (cwd, value) => writeFileSync(join(cwd, FILE), typeof value === "string" ? value : JSON.stringify(value));

describe("a run that was ended is gone on with, and nothing is started twice", { concurrency: 4 }, () => {
  for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGKILL", "SIGKILL"]]) {
    test(`after ${signal}`, async () => {
      const { url, starts, counted } = await hubspot({ startedTask: { processingMs: 1_500 } });
      const first = start(RUN, { url });
      await first.until("PROCESSING");
      // The note comes with the answer, and takes a moment.
      while (!noted(first.cwd).polls) await pause(10);
      first.child.kill(signal);
      assert.equal(await first.ended, expected);
      if (signal !== "SIGKILL") assert.match(first.stderr, /run the same command again, and it is gone on with \(task\.json\)/);
      assert.equal(noted(first.cwd).taskId, starts[0].taskId);
      const { status, stderr, stdout } = await run(RUN, { url, cwd: first.cwd });
      assert.deepEqual([status, stdout], [0, "list.csv\n"], stderr);
      assert.match(stderr, /gone on with/);
      assert.equal(counted("start"), 1);
      assert.deepEqual(readdirSync(first.cwd), ["list.csv"]);
    });
  }

  test("by the deadline, whose end is counted anew by each run", async () => {
    const { url, counted } = await hubspot({ startedTask: { processingMs: 1_200 } });
    const cwd = folder();
    const first = await run([...RUN, "--timeout", "200ms"], { url, cwd });
    assert.equal(first.status, 3);
    assert.equal(noted(cwd).deadlineMs, undefined);
    assert.equal((await run([...RUN, "--timeout", "20s"], { url, cwd })).status, 0);
    assert.equal(counted("start"), 1);
  });

  test("while its file was on its way", async () => {
    const { url, simulator, counted } = await hubspot({ startedTask: { file: { content: `a,b\n${"1,2\n".repeat(50_000)}` } } });
    simulator.script([faults.stalled({ after: 100_000 })], { call: "download" });
    const first = start(RUN, { url });
    await first.until("COMPLETE");
    while (!readdirSync(first.cwd).some((name) => name.endsWith(".part") && statSync(join(first.cwd, name)).size >= 100_000)) await pause(10);
    first.child.kill("SIGINT");
    assert.equal(await first.ended, 130);
    assert(!existsSync(join(first.cwd, "list.csv")));
    assert.equal((await run(RUN, { url, cwd: first.cwd })).status, 0);
    assert.equal(readFileSync(join(first.cwd, "list.csv"), "utf8"), `a,b\n${"1,2\n".repeat(50_000)}`);
    assert.equal(counted("start"), 1);
    assert.deepEqual(readdirSync(first.cwd), ["list.csv"]);
  });
});

describe("a start that nobody knows the end of is not sent again", { concurrency: 4 }, () => {
  /** How its end was lost. */
  const LOST = {
    "its answer was lost": (simulator) => simulator.script([{ carriedOut: "network-error" }], { call: "start" }),
    "HubSpot had an error of its own": (simulator) => simulator.script([{ carriedOut: faults.serverError() }], { call: "start" }),
    "the run was killed meanwhile": (simulator) => simulator.script([{ carriedOut: "hang" }], { call: "start" }),
    "Ctrl-C came meanwhile": (simulator) => simulator.script([{ carriedOut: "hang" }], { call: "start" }),
  };
  const SIGNALS = { "the run was killed meanwhile": "SIGKILL", "Ctrl-C came meanwhile": "SIGINT" };
  for (const [how, lose] of Object.entries(LOST)) {
    test(`where ${how}`, async () => {
      const { url, simulator, counted } = await hubspot();
      lose(simulator);
      const named = [...RUN, "--name", "nightly"];
      const first = start(named, { url });
      if (SIGNALS[how]) {
        while (counted("start") === 0) await pause(10);
        first.child.kill(SIGNALS[how]);
      }
      assert.notEqual(await first.ended, 0);
      if (SIGNALS[how] !== "SIGKILL") assert.match(first.stderr, /it may have been carried out: look at .* for "nightly"/);
      for (let again = 0; again < 2; again++) {
        const { status, stderr } = await run(named, { url, cwd: first.cwd });
        assert.equal(status, 6);
        assert.match(stderr, /a start at \S+ did not tell its end; it may have been carried out: .* for "nightly".*remove task\.json/);
      }
      assert.equal(counted("start"), 1);
      // As it says: what was found is waited for by its id.
      assert.equal((await run(["wait", "export", simulator.starts[0].taskId], { url })).status, 0);
    });
  }

  test("one that was refused is none: the next run starts", async () => {
    const { url, simulator, starts } = await hubspot();
    simulator.script([faults.forbidden()], { call: "start" });
    const { status, cwd } = await run(RUN, { url });
    assert.equal(status, 4);
    assert.deepEqual(readdirSync(cwd), []);
    assert.equal((await run(RUN, { url, cwd })).status, 0);
    assert.equal(starts.length, 1);
  });
});

describe("the file", { concurrency: 4 }, () => {
  test("is removed where the task failed, so that the next run starts another one", async () => {
    const { url, starts } = await hubspot({ startedTask: { outcome: "failed" } });
    const { status, cwd } = await run(RUN, { url });
    assert.equal(status, 1);
    assert.deepEqual(readdirSync(cwd), []);
    assert.equal((await run(RUN, { url, cwd })).status, 1);
    assert.equal(starts.length, 2);
  });

  test("has neither the token nor a result", async () => {
    const { url } = await hubspot({ startedTask: { processingMs: 60_000 } });
    const waiting = start(RUN, { url });
    await waiting.until("PROCESSING");
    const text = readFileSync(join(waiting.cwd, FILE), "utf8");
    assert.doesNotMatch(text, /5ecret|http/);
    waiting.child.kill("SIGINT");
    await waiting.ended;
  });

  /** What is in it, and what is said of that. */
  const FOREIGN = [
    ["damaged", '{"version":1,"fam', /task\.json is no checkpoint, or a damaged one/],
    ["empty, as a run leaves it that was killed while it made it", "", /no checkpoint, or a damaged one/],
    ["of another form, as package.json is", { name: "thing", version: "1.0.0" }, /no checkpoint, or a damaged one\. Give another file; or, /],
    ["another program's list", [], /no checkpoint/],
    ["of another request", { version: 1, family: "export", taskId: "7", apiVersion: "2026-03", start: { family: "export", of: "5" } }, /of another start/],
    ["of another program's task", { version: 1, family: "export", taskId: "7", apiVersion: "2026-03" }, /of another start/],
    ["of a later version", { version: 2, family: "export", taskId: "7", apiVersion: "2026-03" }, /no checkpoint/],
  ];
  for (const [what, content, said] of FOREIGN) {
    test(`is refused where it is ${what}, and left as it is`, async () => {
      const { url, simulator } = await hubspot();
      const cwd = folder();
      note(cwd, content);
      const before = readFileSync(join(cwd, FILE), "utf8");
      const { status, stderr } = await run(RUN, { url, cwd });
      assert.equal(status, 2);
      assert.match(stderr, said);
      assert.equal(simulator.requests.length, 0);
      assert.equal(readFileSync(join(cwd, FILE), "utf8"), before);
    });
  }

  test("is of one request: another list, family or account is another start", async () => {
    const { url, counted } = await hubspot({ startedTask: { processingMs: 60_000 } });
    const { cwd } = await run([...RUN, "--timeout", "100ms"], { url });
    const others = [
      ["run", "export", "--list-id", "6"],
      ["run", "export", "--list-id", "5", "--format", "xlsx"],
      ["start", "source-code-extract", "--path", "a.zip"],
      ["run", "export", "--list-id", "5", "--base-url", `${url}/other`],
    ];
    for (const args of others) {
      const { status, stderr } = await run([...args, "--checkpoint", FILE], { url, cwd });
      assert.deepEqual([status, /of another start/.test(stderr)], [2, true], stderr);
    }
    assert.equal(counted("start"), 1);
  });

  test("is written by start, and gone on with by wait, with and without the id", async () => {
    const { url, simulator, counted } = await hubspot();
    const cwd = folder();
    const args = ["start", "export", "--list-id", "5", "--checkpoint", FILE];
    const started = await run(args, { url, cwd });
    assert.equal((await run(args, { url, cwd })).stdout, started.stdout);
    assert.equal(counted("start"), 1);
    const foreign = await run(["wait", "export", "7", "--checkpoint", FILE], { url, cwd });
    assert.equal(foreign.status, 2);
    assert.match(foreign.stderr, /task\.json is of export \d+/);
    assert.equal((await run(["wait", "import", "--checkpoint", FILE], { url, cwd })).status, 2);
    const { status } = await run(["wait", "export", "--checkpoint", FILE], { url, cwd });
    assert.equal(status, 0);
    assert.deepEqual([readdirSync(cwd), simulator.starts.length], [[], 1]);
  });

  test("is one process's at a time", async () => {
    const { url, counted } = await hubspot({ startedTask: { processingMs: 3_000 } });
    const cwd = folder();
    const first = start(RUN, { url, cwd });
    await first.until("started");
    const second = await run(RUN, { url, cwd });
    assert.equal(second.status, 5);
    assert.match(second.stderr, /process \d+ of \S+ is using it\. If that is not so, remove task\.json\.lock/);
    assert.equal(await first.ended, 0);
    assert.equal(counted("start"), 1);
  });

  test("is started with once by many processes that begin together", async () => {
    const { url, counted } = await hubspot({ startedTask: { processingMs: 2_000 } });
    const cwd = folder();
    const statuses = await Promise.all(Array.from({ length: 6 }, () => run(RUN, { url, cwd }).then(({ status }) => status)));
    assert.equal(counted("start"), statuses.filter((status) => status === 0).length);
    assert.deepEqual([...new Set(statuses)].sort(), [0, 5]);
    assert.equal(counted("start"), 1);
  });

  /** Who has the lock. */
  const GONE = {
    "is gone": { pid: 2 ** 22 + 5, agoS: 0 },
    "gave no sign for long, whatever has its number by now": { pid: process.pid, agoS: 3_600 },
  };
  for (const [how, { pid, agoS }] of Object.entries(GONE)) {
    test(`is taken over from a process that ${how}`, async () => {
      const { url } = await hubspot();
      const cwd = folder();
      const lock = join(cwd, `${FILE}.lock`);
      writeFileSync(lock, JSON.stringify({ pid, host: hostname(), key: "k" }));
      const seen = Date.now() / 1_000 - agoS;
      utimesSync(lock, seen, seen);
      assert.equal((await run(RUN, { url, cwd })).status, 0);
      assert.deepEqual(readdirSync(cwd), ["list.csv"]);
    });
  }

  test("that cannot be made is refused before anything is started", async () => {
    const { url, simulator } = await hubspot();
    const { status } = await run(["start", "export", "--list-id", "5", "--checkpoint", join("no", "such", "folder.json")], { url });
    assert.equal(status, 2);
    assert.equal(simulator.requests.length, 0);
  });
});
