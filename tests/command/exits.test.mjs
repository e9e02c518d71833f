// Exit statuses, each by its causes.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { QUICK, TOKEN, faults, folder, hubspot, run, start } from "./support.mjs";

const EXPORT = ["run", "export", "--list-id", "5", ...QUICK];

/** `[what happens, status, arguments, what the account is like, what is said of it]` */
const ENDS = [
  ["a task succeeds", 0, () => EXPORT, {}, /succeeded after/],
  ["a task succeeds with errors, which are told", 0, () => EXPORT, { startedTask: { outcome: "succeededWithErrors" } }, /could not be processed/],
  ["a task fails", 1, () => EXPORT, { startedTask: { outcome: "failed" } }, /FAILED: .*could not be processed/],
  ["a task is canceled", 1, () => EXPORT, { startedTask: { outcome: "canceled" } }, /CANCELED: /],
  ["there is no such command", 2, () => ["wiat"], {}, /is it wait\?/],
  ["there is no such family", 2, () => ["wait", "exports-of-mine", "7"], {}, /takes export, import/],
  ["an id cannot be one", 2, () => ["wait", "export", "seven"], {}, /INVALID_ARGUMENT/],
  ["a request cannot be right", 2, () => ["start", "file-import", "--url", "https://a.example/b"], {}, /INVALID_ARGUMENT.*folder/],
  ["the deadline comes first", 3, () => [...EXPORT, "--timeout", "300ms"], { startedTask: { processingMs: Infinity } }, /TIMEOUT: .*[^]*wait export \d+/],
  ["the token is wrong", 4, () => EXPORT, { tokens: ["another"] }, /UNAUTHORIZED: /],
  ["the token lacks a scope", 4, () => EXPORT, { scopes: ["files"] }, /FORBIDDEN: .*crm\.export/],
  ["there is a rate limit for a day", 5, () => ["wait", "export", "7"], { script: [faults.rateLimitedDaily()] }, /RATE_LIMITED: /],
  ["the account is moved for longer than may be waited for", 5, () => ["wait", "export", "7"], { script: [faults.migrating()] }, /MIGRATING: /],
  ["a status is a bad gateway", 5, () => ["status", "export", "7"], { script: [faults.badGateway()] }, /HTTP: .*502/],
  ["there is no such task", 6, () => ["wait", "file-import", "unknown"], {}, /NOT_FOUND: /],
  ["a request is refused", 6, () => ["status", "export", "7"], { script: [faults.httpError({ status: 410 })] }, /HTTP: .*410/],
  ["a start may have been carried out", 6, () => EXPORT, { script: [{ carriedOut: "network-error" }] }, /UNKNOWN_OUTCOME: [^]*look at HubSpot's log of exports/],
];

describe("the exit status", { concurrency: 4 }, () => {
  for (const [what, expected, args, { script, ...options }, said] of ENDS) {
    test(`is ${expected} where ${what}`, async () => {
      const { url, simulator } = await hubspot(options);
      if (script) simulator.script(script);
      const { status, stderr } = await run(args(), { url });
      assert.equal(status, expected, stderr);
      assert.match(stderr, said);
    });
  }

  test("is 4 where there is no token for HubSpot, and nothing is sent", async () => {
    for (const args of [["status", "export", "7"], ["proxy"]]) {
      const { status, stderr } = await run(args, { env: { HUBSPOT_TOKEN: "" } });
      assert.equal(status, 4);
      assert.match(stderr, /no token: set HUBSPOT_TOKEN, or give --token-file FILE/);
    }
  });

  test("is 5 where nothing answers", async () => {
    const { status, stderr } = await run(["wait", "export", "7"], { url: "http://127.0.0.1:9" });
    assert.equal(status, 5);
    assert.match(stderr, /NETWORK: /);
  });

  for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]]) {
    test(`is ${expected} after ${signal}, with how to go on`, async () => {
      const { url } = await hubspot({ startedTask: { processingMs: Infinity } });
      const waiting = start(EXPORT, { url });
      await waiting.until("PROCESSING");
      waiting.child.kill(signal);
      assert.equal(await waiting.ended, expected);
      assert.match(waiting.stderr, /interrupted\n.*goes on at HubSpot: hubspot-async-tasks wait export \d+\n$/);
    });
  }

  /** Nobody knows of such a task. */
  const UNKNOWN = {
    "HubSpot knows no such task": [6, ["wait", "file-import", "unknown"], {}],
    "the token may not see it": [4, ["wait", "export", "7"], { scopes: ["files"] }],
    "an id cannot be one": [2, ["wait", "export", "seven"], {}],
  };
  for (const [why, [expected, args, options]] of Object.entries(UNKNOWN)) {
    test(`comes without a claim that the task goes on where ${why}`, async () => {
      const { url } = await hubspot(options);
      const { status, stderr } = await run(args, { url });
      assert.equal(status, expected);
      assert.doesNotMatch(stderr, /HubSpot: |go on|hubspot-async-tasks wait/);
    });
  }

  test("comes with how to go on, and no claim, where nobody could ask for the task", async () => {
    const { stderr } = await run(["wait", "export", "7"], { url: "http://127.0.0.1:9" });
    assert.match(stderr, /\nhubspot-async-tasks: to go on: hubspot-async-tasks wait export 7\n$/);
  });

  test("comes with a line that brings the file, to the same account, where a file was to be brought", async () => {
    const { url } = await hubspot({ startedTask: { processingMs: Infinity } });
    for (const [env, npx] of [[{}, ""], [{ npm_command: "exec" }, "npx "]]) {
      const args = [...EXPORT, "--output", "a list.csv", "--base-url", url, "--timeout", "300ms"];
      const { status, stderr } = await run(args, { env });
      assert.equal(status, 3);
      const [, line, id] = /: the task goes on at HubSpot: ((?:npx )?hubspot-async-tasks download (\d+) .*)\n$/.exec(stderr);
      assert.equal(line, `${npx}hubspot-async-tasks download ${id} --output 'a list.csv' --base-url ${url}`);
    }
  });

  test("of a run whose task is over says so, and how its file is brought", async () => {
    const { url, simulator } = await hubspot({ startedTask: { file: { content: `a,b\n${"1,2\n".repeat(50_000)}` } } });
    simulator.script([faults.stalled({ after: 100_000 })], { call: "download" });
    const first = start([...EXPORT, "--output", "list.csv"], { url });
    await first.until("COMPLETE");
    first.child.kill("SIGINT");
    assert.equal(await first.ended, 130);
    assert.match(first.stderr, /: the task is over at HubSpot: hubspot-async-tasks download \d+ --output list\.csv\n$/);
  });

  test("of a zip that cannot be unpacked comes with the task's id and how it is brought, and leaves nothing", async () => {
    const content = Uint8Array.from({ length: 5_000 }, (_, at) => [0x50, 0x4b, 3, 4][at] ?? at % 7);
    const { url, simulator } = await hubspot({ startedTask: { file: { content } } });
    const { status, stderr, cwd } = await run([...EXPORT, "--output", "list.csv"], { url });
    assert.equal(status, 5);
    const [{ taskId }] = simulator.starts;
    assert.match(stderr, new RegExp(`INVALID_RESPONSE: export ${taskId}: the zip is [^]*: the task is over at HubSpot: hubspot-async-tasks download ${taskId} --output list\\.csv\\n$`));
    assert.deepEqual(readdirSync(cwd), []);
  });

  test("of several tasks is the greatest, and each is told", async () => {
    const { url, simulator } = await hubspot();
    simulator.addTask("export", { id: 1 });
    simulator.addTask("export", { id: 2, outcome: "canceled" });
    const { status, stdout } = await run(["wait", "export", "1", "2", "1", "--json", ...QUICK], { url });
    assert.equal(status, 1);
    const ends = stdout.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(ends.map(({ taskId, outcome }) => [taskId, outcome]).sort(), [["1", "succeeded"], ["2", "canceled"]]);
    assert.equal(ends.find(({ taskId }) => taskId === "2").error.code, "CANCELED");
  });
});

test("an error as JSON has its code and the exit status, on the standard output", async () => {
  const { url } = await hubspot({ scopes: ["files"] });
  const { status, stdout } = await run([...EXPORT, "--json"], { url });
  const { exitStatus, outcome, error } = JSON.parse(stdout);
  assert.deepEqual([status, exitStatus, outcome, error.code, error.requiredScopes], [4, 4, "error", "FORBIDDEN", ["crm.export"]]);
  const usage = await run(["status", "--json"], { url });
  assert.deepEqual(JSON.parse(usage.stdout), { outcome: "error", exitStatus: 2, error: { message: "status: takes FAMILY ID" } });
});

test("an error of one task as JSON has its family and id, as that of one of many has", async () => {
  const { url } = await hubspot({ startedTask: { outcome: "failed" } });
  const told = async (args, options) => {
    const { stdout } = await run([...args, "--json", ...(args[0] === "status" ? [] : QUICK)], options);
    return JSON.parse(stdout);
  };
  const failed = await told(["run", "export", "--list-id", "5"], { url });
  assert.deepEqual([failed.family, failed.taskId, failed.outcome], ["export", failed.error.taskId, "failed"]);
  const unknown = { family: "fileImport", taskId: "unknown", outcome: "error" };
  for (const args of [["wait", "file-import", "unknown"], ["status", "file-import", "unknown"]]) {
    const { family, taskId, outcome } = await told(args, { url });
    assert.deepEqual({ family, taskId, outcome }, unknown);
  }
  const running = await hubspot({ startedTask: { processingMs: Infinity } });
  const waiting = start(["run", "export", "--list-id", "5", "--json", ...QUICK], { url: running.url });
  await waiting.until("PROCESSING");
  waiting.child.kill("SIGINT");
  await waiting.ended;
  const { family, taskId, exitStatus } = JSON.parse(waiting.stdout);
  assert.deepEqual([family, taskId, exitStatus], ["export", running.simulator.starts[0].taskId, 130]);
});

test("errors of the library are told in the command's words, and an error of HTTP with its status", async () => {
  const { url, simulator } = await hubspot({ startedTask: { processingMs: Infinity } });
  const late = await run([...EXPORT, "--timeout", "300ms"], { url });
  assert.match(late.stderr, /not over within --timeout \(300 ms\) .*Give it longer by --timeout\n/);
  const silent = await run(["wait", "export", "7"], { url: "http://127.0.0.1:9" });
  assert.match(silent.stderr, /Does --base-url answer\?\n/);
  const unknown = await run(["wait", "file-import", "unknown"], { url });
  assert.match(unknown.stderr, /NOT_FOUND: file-import unknown: .*--base-url or --api-version is wrong/);
  simulator.addTask("export", { id: 7 });
  simulator.script([faults.badGateway(), "network-error"]);
  const retried = await run(["wait", "export", "7", ...QUICK], { url });
  assert.match(retried.stderr, /^export 7: HTTP 502, next poll in/m);
  for (const { stderr } of [late, silent, unknown, retried]) assert.doesNotMatch(stderr, /[a-z]\(\)|baseUrl|timeoutMs|fileImport/);
});

test("how long a task took is told by HubSpot's dates, and not where it gives none", async () => {
  const { url, simulator } = await hubspot();
  const body = { status: "COMPLETE", result: "https://a.example/b.csv" };
  const dates = { requestedAt: "2026-01-01T00:00:00Z", startedAt: "2026-01-01T00:01:00Z", completedAt: "2026-01-01T00:16:23Z" };
  for (const [given, said] of [[dates, /: succeeded after 16:23 min, 1 poll\n/], [{}, /: succeeded, 1 poll\n/]]) {
    simulator.script([{ status: 200, body: { ...body, ...given } }]);
    const { stderr } = await run(["wait", "export", "7"], { url });
    assert.match(stderr, said);
  }
});

test("the errors of a CRM import are told line by line", async () => {
  const errors = [{ errorType: "INVALID_EMAIL", invalidValue: "nobody\u001b[2J", sourceData: { lineNumber: 3 } }];
  const { url, simulator } = await hubspot();
  simulator.addTask("import", { id: 7, outcome: "succeededWithErrors", errors });
  const { status, stdout, stderr } = await run(["wait", "import", "7"], { url });
  assert.equal(status, 0);
  assert.match(stderr, /import 7: INVALID_EMAIL "nobody\\u001b\[2J"/);
  assert.equal(typeof JSON.parse(stdout).counters, "object");
});

test("what a terminal would take for a command is escaped in JSON", async () => {
  const { url, simulator } = await hubspot();
  simulator.addTask("export", { id: 7, unknown: { note: "\u001b[2J\u009b2J\u2028" } });
  const { stdout } = await run(["status", "export", "7", "--json"], { url });
  assert.match(stdout, /"note":"\\u001b\[2J\\u009b2J\\u2028"/);
  assert.equal(JSON.parse(stdout).status.note, "\u001b[2J\u009b2J\u2028");
});

test("how long tasks took is kept, and a file that is no such thing is refused", async () => {
  const { url, simulator } = await hubspot();
  const cwd = folder();
  for (const id of ["7", "8"]) {
    simulator.addTask("export", { id });
    assert.equal((await run(["wait", "export", id, "--learned", "learned.json"], { url, cwd })).status, 0);
  }
  assert.equal(JSON.parse(readFileSync(join(cwd, "learned.json"), "utf8")).export.whole.length, 2);
  writeFileSync(join(cwd, "learned.json"), "{");
  assert.equal((await run(["wait", "export", "7", "--learned", "learned.json"], { url, cwd })).status, 2);
});

test("a token that stands where an id should is not shown", async () => {
  const { url } = await hubspot();
  const own = "5ecret of another form";
  for (const args of [["status", "export", TOKEN], ["wait", TOKEN, "7"], [TOKEN], ["status", "export", "7", `--name=${TOKEN}`], ["status", "export", own]]) {
    assert.equal((await run(args, { url, env: { HUBSPOT_TOKEN: own } })).status, 2);
  }
});

test("a token is taken from a file, whose line end is left out, and read anew where it was refused", async () => {
  const at = join(folder(), "token");
  const { url, simulator } = await hubspot();
  writeFileSync(at, "pat-na1-5ecret-old\n");
  simulator.addTask("export", { id: 7, processingMs: 1_500 });
  simulator.tokens = ["pat-na1-5ecret-old"];
  const waiting = start(["wait", "export", "7", "--token-file", at, ...QUICK], { url, env: { HUBSPOT_TOKEN: "wrong" } });
  await waiting.until("PROCESSING");
  writeFileSync(at, "pat-na1-5ecret-new\n");
  simulator.tokens = ["pat-na1-5ecret-new"];
  assert.equal(await waiting.ended, 0);
});

test("the token is sent to the base URL's origin alone: neither to a file's server nor where a redirect leads", async () => {
  const elsewhere = await hubspot({ tokens: undefined });
  const { url, simulator } = await hubspot({ downloads: { origin: elsewhere.url }, fetch: ({ fetch }) => fetch });
  elsewhere.simulator.script([]);
  const cwd = folder();
  // The file is at the other host, which knows nothing of it.
  const { status } = await run([...EXPORT, "--output", "list.csv", "--timeout", "3s"], { url, cwd });
  assert.notEqual(status, 0);
  simulator.script([faults.redirect({ location: `${elsewhere.url}/login` })], { call: "status" });
  await run(["status", "export", "7"], { url });
  assert(elsewhere.simulator.requests.length > 0);
  for (const { headers } of elsewhere.simulator.requests) assert.equal(headers.authorization, undefined);
});

test("without a token nothing is sent of one where the base URL is this machine's", async () => {
  const { url, simulator } = await hubspot({ tokens: undefined });
  simulator.addTask("export", { id: 7 });
  const { status, stdout } = await run(["status", "export", "7"], { url, env: { HUBSPOT_TOKEN: "" } });
  assert.deepEqual([status, stdout], [0, "COMPLETE succeeded\n"]);
  assert.equal(simulator.requests[0].headers.authorization, undefined);
});
