// saveTo(): under the path the whole file or what was there before; what was interrupted is gone on with, if it is the same.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:http";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installed, project } from "./pack.mjs";
import { contentOf, goodAnswer, partHeaders, saveTo, served, setUpFiles, sha, wholeHeaders } from "./files.mjs";
import { assertError, test, turns } from "./support.mjs";

const CONTENT = contentOf(10_000);

async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "saved-"));
  try {
    await use(join(folder, "contacts.csv"), () => readdirSync(folder).sort());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What saveTo() gives, or rejects with; files take real time, so the clock moves when nothing else does. */
async function saved({ clock, client, options }, path, others) {
  let end;
  saveTo(client, "7", path, { ...options, ...others }).then(
    (value) => (end = { value }),
    (error) => (end = { error }),
  );
  for (let waited = 0; !end; waited++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (waited % 4 === 3) await clock.advance(1_000);
    assert(waited < 5_000, "it never settles");
  }
  if ("error" in end) throw end.error;
  return end.value;
}

const broken = async (...given) => {
  try {
    await saved(...given);
  } catch (error) {
    return error;
  }
  return assert.fail("it did not break");
};

/** A server that breaks off after so many bytes, each time, and refuses ranges: it never gets on. */
const breaksAt = (until, content = CONTENT) => setUpFiles((init) => goodAnswer(content, init, { until, then: "break", ranges: false }));

test("a_file_is_saved_whole_and_nothing_is_left_beside_it", async () => {
  await inFolder(async (path, names) => {
    const files = setUpFiles((init) => goodAnswer(CONTENT, init));
    const result = await saved(files, path);
    assert.deepEqual(result, { path, size: 10_000, fileName: "contacts.csv", contentType: "text/csv", isZipped: false, resumedFrom: 0 });
    assert.equal(sha(readFileSync(path)), sha(CONTENT));
    assert.deepEqual(names(), ["contacts.csv"]);
  });
});

test("a_file_that_is_there_is_replaced_when_the_new_one_is_whole_and_not_before", async () => {
  await inFolder(async (path, names) => {
    writeFileSync(path, "old");
    assertError(await broken(breaksAt(4_000), path), "NETWORK");
    assert.equal(readFileSync(path, "utf8"), "old");
    await saved(setUpFiles((init) => goodAnswer(CONTENT, init)), path);
    assert.equal(sha(readFileSync(path)), sha(CONTENT));
    assert.deepEqual(names(), ["contacts.csv"]);
  });
});

test("one_that_broke_says_how_much_came_and_is_gone_on_with_by_range", async () => {
  await inFolder(async (path, names) => {
    const error = assertError(await broken(breaksAt(4_000), path), "NETWORK");
    assert.match(error.message, /broke off after 4000 of 10000 bytes/);
    assert.deepEqual(names(), ["contacts.csv.part", "contacts.csv.part.json"]);
    assert.doesNotMatch(readFileSync(`${path}.part.json`, "utf8"), /secret|http|signature/);
    const files = setUpFiles((init) => goodAnswer(CONTENT, init));
    const told = [];
    const { resumedFrom } = await saved(files, path, { onProgress: ({ receivedBytes }) => told.push(receivedBytes) });
    assert.equal(resumedFrom, 4_000);
    assert.deepEqual(files.asked.map(({ init }) => init.headers.range), ["bytes=4000-"]);
    assert.deepEqual(told, [5_000, 6_000, 7_000, 8_000, 9_000, 10_000]);
    assert.equal(sha(readFileSync(path)), sha(CONTENT));
    assert.deepEqual(names(), ["contacts.csv"]);
  });
});

test("it_is_gone_on_with_where_the_server_takes_no_ranges", async () => {
  await inFolder(async (path) => {
    await broken(breaksAt(4_000), path);
    const files = setUpFiles((init) => goodAnswer(CONTENT, init, { ranges: false }));
    assert.equal((await saved(files, path)).resumedFrom, 4_000);
    assert.equal(sha(readFileSync(path)), sha(CONTENT));
  });
});

test("what_is_not_certainly_the_same_file_is_begun_anew", async () => {
  const other = contentOf(10_000, 2);
  const longer = contentOf(12_000, 3);
  const spoilt = {
    "another file": [() => {}, other],
    "one of another length": [() => {}, longer],
    "a part that was changed": [(path) => writeFileSync(`${path}.part`, contentOf(4_000, 9)), CONTENT],
    "a part that is too short": [(path) => writeFileSync(`${path}.part`, CONTENT.subarray(0, 3_000)), CONTENT],
    "no part": [(path) => rmSync(`${path}.part`), CONTENT],
    "a note that is no JSON": [(path) => writeFileSync(`${path}.part.json`, "{"), CONTENT],
    "a note with wrong fields": [(path) => writeFileSync(`${path}.part.json`, '{"family":"export","id":"7","bytes":-1}'), CONTENT],
    "a note that is null": [(path) => writeFileSync(`${path}.part.json`, "null"), CONTENT],
    "no note": [(path) => rmSync(`${path}.part.json`), CONTENT],
    "another export's": [(path) => writeFileSync(`${path}.part.json`, readFileSync(`${path}.part.json`, "utf8").replace('"7"', '"8"')), CONTENT],
    "a part that claims to be whole": [(path) => writeFileSync(`${path}.part.json`, readFileSync(`${path}.part.json`, "utf8").replace("10000", "4000")), CONTENT],
  };
  for (const [what, [spoil, content]] of Object.entries(spoilt)) {
    await inFolder(async (path, names) => {
      await broken(breaksAt(4_000), path);
      spoil(path);
      const files = setUpFiles((init) => goodAnswer(content, init, content === CONTENT ? {} : { headers: { etag: '"other"' } }));
      assert.equal((await saved(files, path)).resumedFrom, 0, what);
      assert.equal(sha(readFileSync(path)), sha(content), what);
      assert.deepEqual(names(), ["contacts.csv"], what);
    });
  }
});

test("it_is_whole_wherever_each_call_breaks", async () => {
  await inFolder(async (path) => {
    const content = contentOf(3_000);
    for (let call = 1; call <= 8; call++) {
      assertError(await broken(setUpFiles((init, number) => (number === 1 ? goodAnswer(content, init, { until: 371, part: 100, then: "break" }) : served(content, { status: 400 }))), path), "HTTP");
    }
    await saved(setUpFiles((init) => goodAnswer(content, init)), path);
    assert.equal(sha(readFileSync(path)), sha(content));
  });
});

test("a_url_that_is_refused_leaves_nothing", async () => {
  await inFolder(async (path, names) => {
    assertError(await broken(setUpFiles(() => served(CONTENT, { status: 403 })), path), "HTTP");
    assert.deepEqual(names(), []);
  });
});

test("an_empty_file_is_saved", async () => {
  await inFolder(async (path, names) => {
    assert.equal((await saved(setUpFiles(() => served(contentOf(0), { headers: { "content-length": "0" } })), path)).size, 0);
    assert.deepEqual([readFileSync(path).length, names()], [0, ["contacts.csv"]]);
  });
});

test("an_abort_keeps_what_came_for_the_next_call", async () => {
  await inFolder(async (path, names) => {
    const controller = new AbortController();
    const onProgress = ({ receivedBytes }) => receivedBytes === 5_000 && controller.abort("enough");
    const reason = await broken(setUpFiles((init) => goodAnswer(CONTENT, init)), path, { signal: controller.signal, onProgress });
    assert.equal(reason, "enough");
    assert.deepEqual(names(), ["contacts.csv.part", "contacts.csv.part.json"]);
    assert.equal((await saved(setUpFiles((init) => goodAnswer(CONTENT, init)), path)).resumedFrom, 5_000);
    assert.equal(sha(readFileSync(path)), sha(CONTENT));
  });
});

test("wrong_paths_are_refused_before_anything_is_sent", async () => {
  await inFolder(async (path, names) => {
    const files = setUpFiles(() => assert.fail("sent"));
    mkdirSync(path);
    for (const [wrong, message] of [[path, /^path: got the folder ".*contacts\.csv"/], [join(path, "x", "y.csv"), /^path: got ".*y\.csv" in a folder that is not there/], [`${path}-x/`, /^path: got ".*-x\/", a folder's/], ["", /^path: /], [5, /^path: got 5/], ["a\0b", /^path: /], [undefined, /^path: /]]) {
      assert.match(assertError(await broken(files, wrong), "INVALID_ARGUMENT").message, message);
    }
    assert.deepEqual(names(), ["contacts.csv"]);
    assert.equal(files.requests.length, 0);
  });
});

test("two_calls_do_not_write_one_file_at_a_time", async () => {
  await inFolder(async (path) => {
    const files = setUpFiles((init) => goodAnswer(CONTENT, init));
    const first = saveTo(files.client, "7", path, files.options);
    const error = await saveTo(files.client, "7", join(path, "..", "contacts.csv"), files.options).catch((reason) => reason);
    assert.match(assertError(error, "INVALID_ARGUMENT").message, /another saveTo\(\) is writing/);
    await first;
    await turns();
    assert.equal(sha(readFileSync(path)), sha(CONTENT));
    await saved(files, path);
  });
});

/** Each is a FIFO or a link of the test's own: what would become of a device is not tried. */
test("what_is_there_and_no_file_is_refused_before_anything_is_sent_and_left_as_it_is", async () => {
  await inFolder(async (path, names) => {
    const files = setUpFiles(() => assert.fail("sent"));
    const fifo = `${path}.fifo`;
    execFileSync("mkfifo", [fifo]);
    symlinkSync(fifo, `${path}.to-fifo`);
    symlinkSync(`${path}.nothing`, `${path}.to-nothing`);
    symlinkSync(`${path}.to-itself`, `${path}.to-itself`);
    const before = names();
    for (const [what, said] of [["fifo", /which is there and no file/], ["to-fifo", /which is there and no file/], ["to-nothing", /a link that leads to nothing/], ["to-itself", /a link that leads to nothing/]]) {
      const { message } = assertError(await broken(files, `${path}.${what}`), "INVALID_ARGUMENT");
      assert.match(message, said);
      assert(message.includes(JSON.stringify(`${path}.${what}`)), message);
    }
    assert(lstatSync(fifo).isFIFO());
    assert.deepEqual(names(), before);
    assert.equal(files.requests.length, 0);
  });
});

test("of_a_link_the_file_is_written_that_it_leads_to", async () => {
  await inFolder(async (path, names) => {
    const folder = join(path, "..", "data");
    mkdirSync(folder);
    writeFileSync(join(folder, "real.csv"), "old");
    symlinkSync(join("data", "real.csv"), path);
    await broken(breaksAt(4_000), path);
    assert.deepEqual(readdirSync(folder).sort(), ["real.csv", "real.csv.part", "real.csv.part.json"]);
    const result = await saved(setUpFiles((init) => goodAnswer(CONTENT, init)), path);
    assert.deepEqual([result.path, result.resumedFrom], [path, 4_000]);
    assert(lstatSync(path).isSymbolicLink());
    assert.equal(sha(readFileSync(join(folder, "real.csv"))), sha(CONTENT));
    assert.deepEqual([names(), readdirSync(folder)], [["contacts.csv", "data"], ["real.csv"]]);
  });
});

test("two_calls_do_not_write_one_file_by_a_link_and_by_its_name", async () => {
  await inFolder(async (path) => {
    writeFileSync(path, "old");
    symlinkSync(path, `${path}.link`);
    const files = setUpFiles((init) => goodAnswer(CONTENT, init));
    const first = saveTo(files.client, "7", path, files.options);
    const error = await saveTo(files.client, "7", `${path}.link`, files.options).catch((reason) => reason);
    assert.match(assertError(error, "INVALID_ARGUMENT").message, /another saveTo\(\) is writing/);
    await first;
  });
});

test("a_disk_that_fails_is_told_with_its_code_the_path_and_the_task", async () => {
  await inFolder(async (path) => {
    mkdirSync(`${path}.part`);
    const { message, code, path: of, family, taskId, cause } = await broken(setUpFiles((init) => goodAnswer(CONTENT, init)), path);
    assert.deepEqual([code, of, family, taskId, cause.code], ["EISDIR", path, "export", "7", "EISDIR"]);
    assert(message.startsWith(`export 7: ${path}: EISDIR: `), message);
  });
});

test("a_note_that_could_not_be_written_leaves_nothing_behind", async () => {
  await inFolder(async (path, names) => {
    // Of a process that was killed while it wrote it.
    writeFileSync(`${path}.part.json.new`, "");
    await saved(setUpFiles((init) => goodAnswer(CONTENT, init)), path);
    assert.deepEqual(names(), ["contacts.csv"]);
    // It can be written, and not put in its place.
    mkdirSync(`${path}.part.json`);
    await broken(breaksAt(4_000), path);
    assert.deepEqual(names(), ["contacts.csv", "contacts.csv.part", "contacts.csv.part.json"]);
  });
});

test("a_process_that_is_killed_is_gone_on_after_from_what_was_safe", async () => {
  const content = contentOf(40_000_000);
  const requests = [];
  const server = createServer((request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "bytes=0-")[1]);
    requests.push(start);
    response.writeHead(start ? 206 : 200, start ? partHeaders(content, start) : wholeHeaders(content));
    // The first time it stops at the last third.
    if (requests.length === 1) response.write(content.subarray(0, 30_000_000));
    else response.end(content.subarray(start));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await inFolder(async (path, names) => {
      const script = join(project, `save-${process.pid}.mjs`);
      writeFileSync(
        script,
        `import { HubSpotTasks } from "hubspot-async-tasks";
        import { saveTo } from "hubspot-async-tasks/results";
        const client = new HubSpotTasks({ fetch: async () => ({ status: 200, body: { status: "COMPLETE", result: "http://127.0.0.1:${server.address().port}/a.csv" } }) });
        const { resumedFrom } = await saveTo(client, "7", ${JSON.stringify(path)}, { onProgress: ({ receivedBytes }) => receivedBytes === 30_000_000 && setTimeout(() => console.log("there"), 50) });
        console.log(resumedFrom);`,
      );
      const run = () => spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
      const first = run();
      await new Promise((resolve) => first.stdout.once("data", resolve));
      first.kill("SIGKILL");
      await new Promise((resolve) => first.once("close", resolve));
      assert.deepEqual(names(), ["contacts.csv.part", "contacts.csv.part.json"]);
      const second = run();
      let printed = "";
      second.stdout.on("data", (text) => (printed += text));
      await new Promise((resolve) => second.once("close", resolve));
      const [from] = requests.slice(1);
      assert(from >= 2 ** 24 && from <= 30_000_000, `from ${from}`);
      assert.match(printed, new RegExp(`${from}\\n$`));
      assert.equal(sha(readFileSync(path)), sha(content));
      assert.deepEqual(names(), ["contacts.csv"]);
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("outside_of_node_it_says_what_to_take", async () => {
  const elsewhere = await import(join(installed, "results.js"));
  const error = await elsewhere.saveTo().catch((reason) => reason);
  assert.match(assertError(error, "INVALID_ARGUMENT").message, /works in Node alone/);
});
