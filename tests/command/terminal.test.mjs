// The command in a real terminal: what its lines show, that they fit, and that they leave nothing behind.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { faults, hubspot, pause, run } from "./support.mjs";
import { terminal } from "./tmux.mjs";

const EXPORT = "hubspot-async-tasks run export --object-type contacts --properties email";

const RED = "\u001b[31m";

/** Long enough for a process to have begun; a signal that comes before ends it by itself. */
const begun = () => pause(1_500);

describe("in a terminal", { concurrency: 2 }, () => {
  test("a task has one line, with its age and its next poll, which is gone in the end; the result stays", async () => {
    const { url } = await hubspot({ startedTask: { pendingMs: 1_000, processingMs: 4_000 } });
    const { type, until, status, cwd } = terminal({ url });
    type(`clear; ${EXPORT} --output contacts.csv`);
    const live = await until(/^export \d+ {2}PROCESSING {2}\d s old {2}next poll in \d s$/m);
    assert.equal(live.match(/old/g).length, 1);
    const over = await until(/^contacts\.csv\n\S*[#$]$/m);
    assert.match(over, /^export \d+: started\nexport \d+: succeeded after \d s, \d polls\ncontacts\.csv: \S+ (bytes|kB)\ncontacts\.csv\n\S*[#$]$/);
    assert.doesNotMatch(over, /old|\[#/);
    assert.equal(await status(), 0);
    assert.deepEqual(readdirSync(cwd).filter((name) => !name.startsWith(".")), ["contacts.csv"]);
  });

  test("a download has a bar", async () => {
    const content = `a,b\n${"1,2\n".repeat(20_000)}`;
    const { url, simulator } = await hubspot({ startedTask: { file: { content } } });
    simulator.script([faults.slow({ bytesPerSecond: 20_000 })], { call: "download" });
    const { type, until, status, cwd } = terminal({ url });
    type(`clear; ${EXPORT} --output contacts.csv`);
    await until(/^contacts\.csv {2}\[#+-+\] {2}\d+ % {2}\d+\.\d kB of 80\.0 kB$/m);
    const over = await until(/^contacts\.csv$/m);
    assert.doesNotMatch(over, /\[#/);
    assert.equal(await status(), 0);
    assert.equal(readFileSync(join(cwd, "contacts.csv"), "utf8"), content);
  });

  test("Ctrl-C ends it with 130, says how to go on, and leaves the cursor and no live line", async () => {
    const { url, counted } = await hubspot({ startedTask: { processingMs: 3_000 } });
    const { type, until, key, status } = terminal({ url });
    const line = `${EXPORT} --checkpoint c.json --output contacts.csv`;
    type(`clear; ${line}`);
    await until(/next poll in/);
    key("C-c");
    const ended = await until(/hubspot-async-tasks: interrupted/);
    assert.doesNotMatch(ended, /next poll in/);
    assert.equal(await status(), 130);
    type(`clear; ${line}`);
    await until(/^contacts\.csv$/m);
    assert.equal(await status(), 0);
    assert.equal(counted("start"), 1);
  });

  test("Ctrl-C ends it while it reads what is typed, and twice whatever it is at", async () => {
    const { url } = await hubspot();
    const { type, until, key, status } = terminal({ url });
    type("clear; hubspot-async-tasks start export --request -; echo one:$?");
    await until(/^$/m);
    await begun();
    key("C-c");
    await until(/^one:130$/m);
    // What nobody writes to, so that it is never opened.
    type("clear; mkfifo request; hubspot-async-tasks start export --request request");
    await begun();
    key("C-c");
    await pause(500); // two signals at once are one
    key("C-c");
    assert.equal(await status(), 130);
  });

  test("twenty columns are enough, and no line wraps", async () => {
    const { url } = await hubspot({ startedTask: { processingMs: 4_000, file: { rows: 2 } } });
    const { type, until, status } = terminal({ url, columns: 20, rows: 20 });
    type(`clear; ${EXPORT} -o c.csv`);
    const live = await until(/^export \d+ {2}P\S*…$/m);
    assert.equal(live.match(/^export \d+ /gm).length, 1, live);
    await until(/^c\.csv$/m);
    assert.equal(await status(), 0);
  });

  test("it follows the terminal's size, and leaves nothing of the wider lines", async () => {
    const { url, simulator } = await hubspot();
    for (const id of [7, 8, 9]) simulator.addTask("export", { id, processingMs: 8_000 });
    const { type, until, resize, status } = terminal({ url, columns: 90 });
    // Without job control, lest the shell comes back when it stands still.
    type("set +m; clear; hubspot-async-tasks wait export 7 8 9 --interval 2s-2s");
    await until(/^export 9 .* poll in \d s$/m);
    await resize(30, 16);
    const narrow = await until(/^export 9 .*…$/m);
    for (const id of [7, 8, 9]) assert.equal(narrow.match(new RegExp(`^export ${id} `, "gm")).length, 1, narrow);
    assert.doesNotMatch(narrow, /^(?!export|\$|hub|8 9|2s).*poll/m);
    await resize(90, 16);
    await until(/^export 9 .* poll in \d s$/m);
    const over = await until(/(^\d +succeeded[^]*){3}[#$]$/m);
    assert.doesNotMatch(over, /poll in/);
    assert.equal(await status(), 0);
  });

  test("of two hundred tasks as many are shown as there are rows", async () => {
    const { url, simulator } = await hubspot({ rateLimit: { requests: 10_000, perMs: 10_000 } });
    const ids = Array.from({ length: 200 }, (_, at) => String(1_000 + at));
    for (const id of ids) simulator.addTask("export", { id, processingMs: 4_000 });
    const { type, until, status } = terminal({ url, rows: 12 });
    type(`clear; hubspot-async-tasks wait export $(seq 1000 1199) --rate-limit none --interval 1s-2s > ended.tsv`);
    const live = await until(/^and 19\d more$/m);
    assert(live.split("\n").length <= 12, live);
    assert.doesNotMatch(await until(/^\S+[#$]$/m), /more$|poll in/m);
    assert.equal(await status(), 0);
  });

  test("a pause of a day is shown as one", async () => {
    const { url, simulator } = await hubspot();
    simulator.addTask("export", { id: 7 });
    simulator.script([faults.rateLimited({ retryAfter: 86_400 })]);
    const { type, until, key, status } = terminal({ url });
    type("clear; hubspot-async-tasks wait export 7 --timeout none");
    await until(/^export 7 {2}not asked yet {2}.*RATE_LIMITED {2}paused, next poll in (24:00:00|23:59:\d\d) h$/m);
    key("C-c");
    assert.equal(await status(), 130);
  });

  test("what a server says moves no cursor", async () => {
    const { url, simulator } = await hubspot();
    const word = "\u001b[2J\u001b]0;title\u0007EVIL\r\nLINE";
    simulator.script(Array.from({ length: 50 }, () => ({ status: 200, body: { status: word } })));
    const { type, until, key } = terminal({ url });
    type("echo before; hubspot-async-tasks wait export 7");
    const live = await until(/EVIL/);
    assert.match(live, /^before$/m);
    assert.match(live, /^export 7 {2}\ufffd\[2J\ufffd\]0;title\ufffdEVIL\ufffd\ufffdLINE {2}/m);
    key("C-c");
  });

  /** Where lines are not rewritten. */
  for (const [why, env] of [["CI", { CI: "true" }], ["TERM=dumb", { TERM: "dumb" }]]) {
    test(`with ${why} each change has a line of its own`, async () => {
      const { url } = await hubspot({ startedTask: { pendingMs: 1_500, processingMs: 1_500 } });
      const { type, until } = terminal({ url, env: {} });
      const set = Object.entries(env).map(([name, value]) => `${name}=${value}`).join(" ");
      type(`clear; ${set} ${EXPORT} -o c.csv`);
      const over = await until(/^c\.csv$/m);
      assert.match(over, /^export \d+: started\n(export \d+: P\w+\n)+export \d+: COMPLETE\n/m);
      assert.doesNotMatch(over, /next poll/);
    });
  }

  test("errors are red, and not with NO_COLOR", async () => {
    const { type, until, screen } = terminal();
    type("clear; hubspot-async-tasks wiat");
    await until(/is it wait/);
    assert(screen("-e").includes(`${RED}hubspot-async-tasks:`));
    type("clear; NO_COLOR=1 hubspot-async-tasks wiatt");
    await until(/"wiatt" \(is it wait/);
    assert(!screen("-e").includes(RED));
  });
});

test("in a pipe nothing is rewritten, and no colour is used", async () => {
  const { url } = await hubspot({ startedTask: { outcome: "failed", processingMs: 1_500 } });
  const { stdout, stderr } = await run(["run", "export", "--list-id", "5"], { url, env: { TERM: "xterm-256color" } });
  assert.equal(stdout, "");
  // eslint-disable-next-line no-control-regex -- that is what is looked for
  assert.doesNotMatch(stderr, /[\u001b\r]/);
  assert.match(stderr, /^export \d+: started\nexport \d+: PROCESSING\n/);
});

test("--quiet leaves errors alone", async () => {
  const { url } = await hubspot();
  const { stdout, stderr } = await run(["run", "export", "--list-id", "5", "--quiet"], { url });
  assert.match(stdout, /^http:.*\n$/);
  assert.equal(stderr, "");
});
