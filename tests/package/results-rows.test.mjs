// rows(): the rows of a CSV as they are, however it comes in pieces, out of zips of every kind; a damaged one is no end.
import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import Papa from "papaparse";
import { contentOf, rows, served, setUpFiles } from "./files.mjs";
import { assertError, countingSignal, test, turns } from "./support.mjs";
import { KINDS, zipOf } from "./zips.mjs";

/** The rows of a file that comes in parts of so many bytes. */
async function rowsOf(content, { part = 1_000, until, then, ...options } = {}) {
  const bytes = Buffer.from(content);
  const files = setUpFiles(() => served(bytes, { part, until, then, headers: { "content-length": String(bytes.length) } }));
  return collected(files, options);
}

async function collected(files, options) {
  const all = [];
  const iterator = rows(files.client, "7", { ...files.options, ...options });
  for (let step; !(step = await files.clock.run(iterator.next())).done; ) all.push(step.value);
  return all;
}

async function brokenRows(content, options) {
  try {
    await rowsOf(content, options);
  } catch (error) {
    await turns();
    return error;
  }
  return assert.fail("the rows did not break");
}

const CSV = 'Email,"First ""Name""",Note\r\na@x.example,Änne,"two\nlines, and a ""quote"""\r\nb@x.example,,😀\r\n';
const ROWS = [
  { Email: "a@x.example", 'First "Name"': "Änne", Note: 'two\nlines, and a "quote"' },
  { Email: "b@x.example", 'First "Name"': "", Note: "😀" },
];

test("rows_are_objects_by_the_header_however_the_bytes_are_cut", async () => {
  for (let part = 1; part <= CSV.length; part++) {
    assert.deepEqual(await rowsOf(CSV, { part }), ROWS, `parts of ${part}`);
    assert.deepEqual(await rowsOf(`\ufeff${CSV}`, { part }), ROWS, `with a mark, parts of ${part}`);
  }
});

test("without_a_header_rows_are_lists", async () => {
  const lists = [["Email", 'First "Name"', "Note"], ...ROWS.map((row) => Object.values(row))];
  assert.deepEqual(await rowsOf(CSV, { header: false }), lists);
  assert.deepEqual(await rowsOf(CSV, { header: true }), ROWS);
  assert.deepEqual(await rowsOf(CSV, { header: null }), ROWS);
});

test("odd_csv_gives_what_can_be_made_of_it", async () => {
  const cases = {
    "": [],
    "a": [["a"]],
    "a\n": [["a"]],
    "a,": [["a", ""]],
    ",": [["", ""]],
    "\n\n\na\n\r\n\rb\n": [["a"], ["b"]],
    '""\n': [[""]],
    '"",""': [["", ""]],
    '"a"\r"b"\n"c"\r\n"d"': [["a"], ["b"], ["c"], ["d"]],
    '"a\r\nb"': [["a\r\nb"]],
    '"a""b"': [['a"b']],
    '""""': [['"']],
    'x"y,z': [['x"y', "z"]],
    '"a"b,c': [["ab", "c"]],
    "a,b\nc": [["a", "b"], ["c"]],
    " a , b ": [[" a ", " b "]],
    "a\0b": [["a\0b"]],
  };
  for (const [csv, expected] of Object.entries(cases)) {
    for (let part = 1; part <= csv.length + 1; part++) assert.deepEqual(await rowsOf(csv, { part, header: false }), expected, JSON.stringify(csv));
  }
});

test("names_that_are_there_twice_fields_without_a_name_and_dangerous_names_are_kept", async () => {
  assert.deepEqual(await rowsOf("Email,Email,Email (2),Email\n1,2,3,4\n"), [{ Email: "1", "Email (2)": "2", "Email (2) (2)": "3", "Email (3)": "4" }]);
  assert.deepEqual(await rowsOf("a,b\n1,2,3\n4\n"), [{ a: "1", b: "2", 3: "3" }, { a: "4", b: "" }]);
  const [row] = await rowsOf("__proto__,constructor,toString\n1,2,3\n");
  assert.deepEqual(Object.entries(row), [["__proto__", "1"], ["constructor", "2"], ["toString", "3"]]);
  assert.equal(Object.getPrototypeOf(row), Object.prototype);
});

/** Draws numbers below `limit`, the same ones for each seed. */
function drawing(seed) {
  let state = seed * 2654435761 + 1;
  return (limit) => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 8) % limit;
}

test("random_csv_reads_as_papaparse_reads_it", async () => {
  const texts = ["", "a", "é", "😀", ",", '"', "\n", "\r\n", "x y", "ß,\"\n", "0123456789"];
  for (let seed = 1; seed <= 150; seed++) {
    const draw = drawing(seed);
    const table = Array.from({ length: 1 + draw(6) }, () => Array.from({ length: 1 + draw(4) }, () => texts[draw(texts.length)] + texts[draw(texts.length)]));
    const newline = ["\n", "\r\n"][draw(2)];
    const csv = Papa.unparse(table, { newline, quotes: draw(2) === 1 }) + ["", newline][draw(2)];
    const expected = Papa.parse(csv, { newline, delimiter: "," }).data.filter((row) => row.length > 1 || row[0] !== "");
    const found = await rowsOf(csv, { header: false, part: 1 + draw(9) });
    // A single empty field in quotes is a row, which papaparse's callers cannot tell from an empty line.
    assert.deepEqual(found.filter((row) => row.length > 1 || row[0] !== ""), expected, `seed ${seed}`);
  }
});

const FILES = [
  { name: "contacts-1.csv", content: CSV },
  { name: "contacts-2.csv", content: "Email,Note\r\nc@x.example,third\r\n" },
];
const ALL = [...ROWS, { Email: "c@x.example", Note: "third" }];

for (const sizes of KINDS) {
  for (const method of [0, 8]) {
    test(`several_files_of_a_zip_come_in_their_order_with_sizes_in_the_${sizes.replaceAll(" ", "_")}_by_method_${method}`, async () => {
      const zip = zipOf([{ name: "folder/" }, ...FILES, { name: "empty.csv" }], { sizes, method });
      for (const part of [1, 2, 3, 7, 29, 30, 31, 64, 100, 10_000]) assert.deepEqual(await rowsOf(zip, { part }), ALL, `parts of ${part}`);
    });
  }
}

test("bytes_that_look_like_a_header_within_a_file_are_the_file's", async () => {
  const inner = zipOf([{ name: "x.csv", content: "a,b\n1,2\n" }], { method: 0 });
  const content = `a\n"${inner.toString("latin1").replaceAll('"', '""')}PK\x03\x04 PK\x01\x02 PK\x07\x08${"\0".repeat(40)}PK\x03\x04"\n`;
  for (const sizes of KINDS) {
    const zip = zipOf([{ name: "a.csv", content }, ...FILES], { sizes, method: 0 });
    for (const part of [5, 1_000]) {
      const [row, ...others] = await rowsOf(zip, { part });
      assert.equal(`a\n"${row.a.replaceAll('"', '""')}"\n`, content);
      assert.deepEqual(others, ALL);
    }
  }
});

test("a_zip_without_files_has_no_rows", async () => {
  assert.deepEqual(await rowsOf(zipOf([])), []);
});

test("a_zip_that_is_cut_anywhere_is_an_error_and_never_an_end", async () => {
  for (const sizes of ["descriptor", "header"]) {
    const whole = zipOf(FILES, { sizes });
    const directory = whole.indexOf(Buffer.from("PK\x01\x02", "latin1"));
    for (let length = 4; length < directory + 4; length += 3) {
      const error = assertError(await brokenRows(whole.subarray(0, length)), "INVALID_RESPONSE", { taskId: "7" });
      assert.match(error.message, /^export 7: the zip is damaged \(after \d+ rows\)$/);
    }
  }
});

test("a_changed_byte_within_a_file_of_a_zip_is_noticed", async () => {
  const content = Array.from({ length: 200 }, (_, row) => `${row},${row * row}`).join("\n");
  for (const method of [0, 8]) {
    const zip = zipOf([{ name: "a.csv", content }], { sizes: "header", method });
    const end = zip.indexOf(Buffer.from("PK\x01\x02", "latin1"));
    for (let at = 35; at < end; at += 13) {
      const changed = Buffer.from(zip);
      changed[at] ^= 4;
      assertError(await brokenRows(changed), "INVALID_RESPONSE");
    }
  }
});

test("encrypted_zips_other_methods_and_wrong_checksums_are_errors", async () => {
  assert.match(assertError(await brokenRows(zipOf(FILES, { flags: 1 })), "INVALID_RESPONSE").message, /the zip is encrypted/);
  assert.match(assertError(await brokenRows(zipOf(FILES, { method: 12 })), "INVALID_RESPONSE").message, /method that is not read here \(12\)/);
  for (const sizes of KINDS) assertError(await brokenRows(zipOf(FILES, { sizes, crc: 5 })), "INVALID_RESPONSE");
});

/** The rows of a file that comes in these pieces; the code of the error where there is one. */
async function rowsOfPieces(pieces, options) {
  const files = setUpFiles(() => ({
    status: 200,
    body: (async function* () {
      yield* pieces;
    })(),
  }));
  return collected(files, options).catch(({ code, message }) => `${code}: ${message}`);
}

for (const sizes of KINDS) {
  test(`a_file_of_a_zip_is_checked_wherever_its_bytes_are_parted_with_sizes_in_the_${sizes.replaceAll(" ", "_")}`, async () => {
    const files = [{ name: "a.csv", content: "a,b\n1,2\n3,4\n" }];
    for (const method of [0, 8]) {
      for (const [wrong, isWhole] of [[{}, true], [{ crc: 12_345 }, false], [{ plain: 14 }, false]]) {
        const zip = zipOf(files, { sizes, method, ...wrong });
        const ways = [[zip], Array.from(zip, (byte) => Uint8Array.of(byte))];
        // From within its bytes until it is known what follows them.
        const end = zip.indexOf(Buffer.from("PK\x01\x02", "latin1"));
        for (let at = end - 27; at <= end + 4; at++) ways.push([zip.subarray(0, at), zip.subarray(at)]);
        for (const pieces of ways) {
          const found = await rowsOfPieces(pieces);
          const what = `${pieces.length} pieces, the first of ${pieces[0].length}`;
          if (isWhole) assert.deepEqual(found, [{ a: "1", b: "2" }, { a: "3", b: "4" }], what);
          else assert.match(String(found), /^INVALID_RESPONSE: export 7: the zip is damaged/, what);
        }
      }
    }
  });
}

test("workbooks_are_refused_as_they_are_and_in_a_zip", async () => {
  const workbook = zipOf([{ name: "[Content_Types].xml", content: "<x/>".repeat(50) }]);
  const old = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), contentOf(600)]);
  for (const [content, kind] of [[workbook, "xlsx"], [old, "xls"], [zipOf([{ name: "a.xlsx", content: workbook }]), "xlsx"], [zipOf([{ name: "a.zip", content: zipOf(FILES) }]), "zip"]]) {
    for (const part of [1, 1_000]) {
      const error = assertError(await brokenRows(content, { part }), "INVALID_ARGUMENT", { isRetryable: false });
      assert.match(error.message, new RegExp(`^export 7: it is no CSV \\(${kind}\\)`));
    }
  }
});

test("a_quote_that_is_never_closed_is_an_error_that_takes_no_endless_memory", async () => {
  assert.match(assertError(await brokenRows('a,b\n1,"2\n3,4\n'), "INVALID_RESPONSE").message, /ends within a quoted field \(after 0 rows\)/);
  const endless = Buffer.alloc(20_000_000, "x");
  endless[0] = 34;
  assert.match(assertError(await brokenRows(endless, { part: 1_000_000 }), "INVALID_RESPONSE").message, /a row has more than 16777216 characters/);
});

test("long_runs_of_one_literal_lose_nothing", async () => {
  // Each literal is one bit: eight characters of a byte.
  const bits = [1, 0, 1];
  const content = "A".repeat(300_000);
  const put = (value, count) => {
    for (let bit = 0; bit < count; bit++) bits.push((value >> bit) & 1);
  };
  // 257 codes of literals and lengths, 1 of distances, 18 of lengths of codes.
  put(0, 5);
  put(0, 5);
  put(14, 4);
  const lengths = { 18: 1, 1: 2, 0: 2 };
  for (const code of [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1]) put(lengths[code] ?? 0, 3);
  // Canonical codes: 18 is 0, 0 is 10, 1 is 11. Runs of no code up to "A", "A", runs up to the end of the block, that, a distance.
  const run = (count) => (bits.push(0), put(count - 11, 7));
  run(65);
  bits.push(1, 1);
  run(138);
  run(52);
  bits.push(1, 1, 1, 0);
  for (let count = 0; count < content.length; count++) bits.push(0);
  bits.push(1);
  const packed = Buffer.alloc(Math.ceil(bits.length / 8));
  bits.forEach((bit, at) => (packed[at >> 3] |= bit << (at & 7)));
  assert.equal(inflateRawSync(packed).toString(), content);
  const zip = zipOf([{ name: "a.csv", content }], { sizes: "header" });
  // The same file, packed so.
  const [nameLength, plain] = [5, zip.subarray(22, 26)];
  const header = Buffer.concat([zip.subarray(0, 18), Buffer.from(Uint32Array.of(packed.length).buffer), plain, zip.subarray(26, 30 + nameLength)]);
  const end = zip.subarray(zip.indexOf(Buffer.from("PK\x01\x02", "latin1")));
  const [[field]] = await rowsOf(Buffer.concat([header, packed, end]), { header: false, part: 100_000 });
  assert.equal(field, content);
});

test("a_zip_bomb_is_read_row_by_row_in_flat_memory", async () => {
  const row = "0,".repeat(50) + "\n";
  const zip = zipOf([{ name: "bomb.csv", content: row.repeat(700_000) }], { level: 9 });
  assert(zip.length < 500_000);
  const files = setUpFiles(() => served(zip, { part: 65_536 }));
  let count = 0;
  let most = 0;
  const before = process.memoryUsage().arrayBuffers;
  for await (const fields of rows(files.client, "7", { ...files.options, header: false })) {
    assert.equal(fields.length, 51);
    if (++count % 10_000 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  assert.equal(count, 700_000);
  assert(most < 60_000_000, `${most} bytes`);
});

test("who_leaves_the_loop_closes_the_connection", async () => {
  const content = Buffer.from("a,b\n" + "1,2\n".repeat(10_000));
  const answer = served(content);
  const files = setUpFiles(() => answer);
  const signal = countingSignal();
  for await (const row of rows(files.client, "7", { ...files.options, signal })) {
    assert.deepEqual(row, { a: "1", b: "2" });
    break;
  }
  await turns();
  assert(answer.counts.isCancelled);
  assert(answer.counts.given <= 1_000, "nothing was read ahead");
  assert(files.asked[0].init.signal.aborted);
  assert.equal(signal.listeners, 0);
});

test("an_abort_ends_the_loop_with_its_reason", async () => {
  const content = Buffer.from("a,b\n" + "1,2\n".repeat(10_000));
  const files = setUpFiles(() => served(content));
  const controller = new AbortController();
  let count = 0;
  await assert.rejects(
    async () => {
      for await (const _ of rows(files.client, "7", { ...files.options, signal: controller.signal })) if (++count === 5) controller.abort("enough");
    },
    (reason) => reason === "enough",
  );
  assert(count < 300);
});

test("a_download_that_breaks_for_good_ends_the_rows_with_that_error", async () => {
  const content = "a,b\n" + "1,2\n".repeat(10_000);
  const error = assertError(await brokenRows(content, { until: 20_000, then: "break" }), "NETWORK");
  assert.match(error.message, /broke off after 20000 of 40004 bytes/);
});

test("wrong_options_are_refused_at_the_first_step", async () => {
  const { client, options } = setUpFiles(() => assert.fail("sent"));
  for (const [given, message] of [[{ header: "yes" }, /^header: got "yes", takes true or false/], [{ stallTimeoutMs: -1 }, /^stallTimeoutMs/]]) {
    const error = await rows(client, "7", { ...options, ...given }).next().catch((reason) => reason);
    assert.match(assertError(error, "INVALID_ARGUMENT").message, message);
  }
});
