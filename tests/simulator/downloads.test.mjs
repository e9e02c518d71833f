// Tests of the files that the simulator brings. Run: node --test tests/simulator/downloads.test.mjs
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { strFromU8, unzipSync } from "fflate";
import { REQUESTS, faults, serveSimulator, setUp, statusPath } from "./support.mjs";

/** A finished export, and how to get its file. */
function setUpFile(file, options) {
  const set = setUp(options);
  const id = set.simulator.addTask("export", { file });
  const url = async () => (await set.get(statusPath("export", id))).body.result;
  const download = async (headers = {}, init = {}) => set.simulator.fetch(await url(), { headers, ...init });
  const bytes = async (headers) => new Uint8Array(await (await download(headers)).arrayBuffer());
  return { ...set, id, url, download, bytes };
}

const CSV = /^"Record ID","First Name","Last Name","Email","Note"\n"\d+",/;
const ABC = { content: "0123456789" };

describe("the file of an export", () => {
  it("is behind its URL: a header and rows", async () => {
    const { simulator, download } = setUpFile({ rows: 3 });
    const response = await download();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/csv;charset=utf-8");
    assert.match(response.headers.get("content-disposition"), /filename="export\.csv"/);
    const text = await response.text();
    assert.match(text, CSV);
    assert.equal(Number(response.headers.get("content-length")), new TextEncoder().encode(text).length);
    const { call, taskId, family } = simulator.requests.at(-1);
    assert.deepEqual([call, taskId, family], ["download", simulator.requests[0].taskId, undefined]);
  });

  it("has what the export was started with: columns, name", async () => {
    const { simulator, get, start } = setUp({ startedTask: { file: { rows: 1 } } });
    const request = { ...REQUESTS.export, exportName: "Zoë's \"best\"", objectProperties: ["email", "say \"hi\""] };
    const { body } = await start("export", request);
    const { result } = (await get(statusPath("export", body.id))).body;
    const response = await simulator.fetch(result);
    assert.match(response.headers.get("content-disposition"), /filename="Zo_'s _best_\.csv"; filename\*=UTF-8''Zo%C3%AB's%20%22best%22\.csv$/);
    assert.match(await response.text(), /^"email","say ""hi"""\n"\d+","/);
  });

  it("is the same at each request and for the same seed, and another for another", async () => {
    const text = async (seed) => new TextDecoder().decode(await setUpFile({ rows: 50 }, { seed }).bytes());
    const { bytes } = setUpFile({ rows: 50 }, { seed: 4 });
    assert.deepEqual(await bytes(), await bytes());
    assert.equal(await text(4), new TextDecoder().decode(await bytes()));
    assert.notEqual(await text(5), await text(4));
  });

  it("is opaque for XLS and XLSX", async () => {
    for (const [format, type, magic] of [["XLS", /ms-excel/, 0xd0], ["XLSX", /spreadsheetml/, 0x50]]) {
      const { download } = setUpFile({ format, rows: 2 });
      const response = await download();
      assert.match(response.headers.get("content-type"), type);
      assert.match(response.headers.get("content-disposition"), new RegExp(`export\\.${format.toLowerCase()}"`));
      const bytes = new Uint8Array(await response.arrayBuffer());
      assert.deepEqual([bytes.length, bytes[0]], [2_000, magic]);
    }
  });

  it("is a zip that begins with the file by which a workbook is known, for XLSX", async () => {
    const text = new TextDecoder("latin1").decode(await setUpFile({ format: "XLSX", rows: 2 }).bytes());
    assert.deepEqual([text.slice(0, 4), text.slice(26, 49)], ["PK\u0003\u0004", "\u0013\0\0\0[Content_Types].xml"]);
  });

  it("may be the caller's own text or bytes", async () => {
    assert.equal(new TextDecoder().decode(await setUpFile({ content: "a,ü\n" }).bytes()), "a,ü\n");
    const content = Uint8Array.of(0, 255, 10, 13);
    assert.deepEqual(await setUpFile({ content }).bytes(), content);
  });
});

describe("a zip", () => {
  it("is what is longer than a file may be", async () => {
    const options = { downloads: { zipOverBytes: 1_000 } };
    assert.match(new TextDecoder().decode(await setUpFile({ rows: 5 }, options).bytes()), CSV);
    const { url, download } = setUpFile({ rows: 50, name: "mine" }, options);
    assert.match(new URL(await url()).pathname, /mine\.zip$/);
    const response = await download();
    assert.equal(response.headers.get("content-type"), "application/zip");
    assert.match(response.headers.get("content-disposition"), /mine\.zip/);
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    assert.deepEqual(Object.keys(files), ["mine.csv"]);
    assert.match(strFromU8(files["mine.csv"]), CSV);
  });

  it("holds several files where there are more rows than fit into one", async () => {
    const { bytes } = setUpFile({ rows: 25, columns: ["id"] }, { downloads: { rowsPerFile: 10 } });
    const files = Object.entries(unzipSync(await bytes())).map(([name, content]) => [name, strFromU8(content).trim().split("\n")]);
    assert.deepEqual(files.map(([name, lines]) => [name, lines.length]), [["export-1.csv", 11], ["export-2.csv", 11], ["export-3.csv", 6]]);
    const ids = files.flatMap(([, [header, ...lines]]) => (assert.equal(header, '"id"'), lines));
    assert.deepEqual(ids, ids.map((_, row) => `"${Number(ids[0].slice(1, -1)) + row}"`));
  });
});

describe("a URL", () => {
  it("is new at each request, and lives five minutes", async () => {
    const { clock, simulator, url } = setUpFile();
    const [one, other] = [await url(), await url()];
    assert.notEqual(one, other);
    assert.equal(new URL(one).origin, "https://exports.hubspot.example");
    await clock.advance(299_999);
    assert.equal((await simulator.fetch(one)).status, 200);
    const fresh = await url();
    await clock.advance(1);
    const dead = await simulator.fetch(one);
    assert.deepEqual([dead.status, dead.headers.get("content-type")], [403, "application/xml"]);
    assert.match(await dead.text(), /<Code>AccessDenied<\/Code>/);
    assert.equal((await simulator.fetch(fresh)).status, 200);
  });

  it("lives as long as is asked for, and a download that has begun goes on", async () => {
    const { clock, download } = setUpFile({ rows: 100 }, { downloads: { livesMs: 1_000 } });
    const response = await download();
    await clock.advance(1_000);
    assert.match(await response.text(), CSV);
  });

  it("that nobody gave, or that is changed, is refused", async () => {
    const { simulator, url } = setUpFile();
    const good = await url();
    for (const wrong of [good.replace(/.$/, (last) => (last === "0" ? "1" : "0")), good.replace(/\?.*/, ""), good.replace(/exports\/\d+/, "exports/7")]) {
      assert.equal((await simulator.fetch(wrong)).status, 403, wrong);
    }
  });

  it("refuses a token, which is in the log", async () => {
    const { simulator, download } = setUpFile(undefined, { tokens: undefined });
    const response = await download({ Authorization: "Bearer t" });
    assert.equal(response.status, 400);
    assert.equal(simulator.requests.at(-1).headers.authorization, "Bearer t");
  });

  it("needs no token where the API does, counts against no rate, and takes GET alone", async () => {
    const { simulator, url } = setUpFile(undefined, { rateLimit: { requests: 1, perMs: 10_000 } });
    const result = await url();
    simulator.tokens = ["t"];
    for (let i = 0; i < 5; i++) assert.equal((await simulator.fetch(result)).status, 200);
    assert.equal((await simulator.fetch(result, { method: "HEAD" })).status, 405);
  });

  it("points where it is asked to, and to the server once there is one", async (t) => {
    assert.equal(new URL(await setUpFile(undefined, { downloads: { origin: "https://a.example" } }).url()).origin, "https://a.example");
    const { simulator, id } = setUpFile({ rows: 2_000 });
    const server = await serveSimulator(simulator);
    t.after(server.close);
    const { result } = await (await fetch(server.url + statusPath("export", id))).json();
    assert.equal(new URL(result).origin, server.url);
    const whole = await (await fetch(result)).text();
    assert.match(whole, CSV);
    const part = await fetch(result, { headers: { Range: "bytes=5-9" } });
    assert.deepEqual([part.status, await part.text()], [206, whole.slice(5, 10)]);
  });
});

describe("a range", () => {
  const ranges = [
    // header, status, what comes, content-range
    ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
    ["bytes=4-", 206, "456789", "bytes 4-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=-2", 206, "89", "bytes 8-9/10"],
    ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=10-", 416, undefined, "bytes */10"],
    ["bytes=5-4", 416, undefined, "bytes */10"],
    ["bytes=-0", 416, undefined, "bytes */10"],
    ["bytes=0-1,4-5", 200, "0123456789", null],
    ["bytes=-", 200, "0123456789", null],
    ["lines=1-2", 200, "0123456789", null],
  ];
  for (const [range, status, text, contentRange] of ranges) {
    it(`of ${range} is ${status}`, async () => {
      const response = await setUpFile(ABC).download({ Range: range });
      assert.deepEqual([response.status, response.headers.get("content-range")], [status, contentRange]);
      const body = await response.text();
      if (text === undefined) assert.match(body, /InvalidRange/);
      else assert.deepEqual([body, response.headers.get("content-length")], [text, String(text.length)]);
    });
  }

  it("is given for the same file alone, by its ETag, which another URL of it has, too", async () => {
    const { download } = setUpFile(ABC);
    const etag = (await download()).headers.get("etag");
    assert.match(etag, /^"\w+"$/);
    assert.equal((await download({ Range: "bytes=4-", "If-Range": etag })).status, 206);
    assert.equal((await download({ Range: "bytes=4-", "If-Range": '"other"' })).status, 200);
    assert.notEqual((await setUpFile({ content: "other" }).download()).headers.get("etag"), etag);
  });

  it("is not given where there are none", async () => {
    const { download } = setUpFile(ABC, { downloads: { hasRanges: false } });
    const response = await download({ Range: "bytes=4-" });
    assert.deepEqual([response.status, response.headers.get("accept-ranges")], [200, null]);
    assert.equal(await response.text(), ABC.content);
  });
});

describe("a fault of a download", () => {
  it("drops the connection in the middle, or after so many bytes", async () => {
    const { simulator, url } = setUpFile({ rows: 5_000 });
    const result = await url();
    const whole = new Uint8Array(await (await simulator.fetch(result)).arrayBuffer());
    for (const [after, length] of [[undefined, Math.floor(whole.length / 2)], [70_000, 70_000], [0, 0]]) {
      simulator.script(faults.dropped({ after }), { call: "download" });
      const response = await simulator.fetch(result);
      assert.equal(Number(response.headers.get("content-length")), whole.length);
      const got = [];
      await assert.rejects(async () => {
        for await (const part of response.body) got.push(...part);
      }, { name: "TypeError", message: "terminated" });
      assert.deepEqual(Uint8Array.from(got), whole.subarray(0, length));
    }
  });

  it("cuts it, as though it were whole", async () => {
    const { simulator, download } = setUpFile(ABC);
    simulator.script(faults.cut({ after: 4 }), { call: "download" });
    const response = await download();
    assert.deepEqual([await response.text(), response.headers.get("content-length")], ["0123", "10"]);
  });

  it("brings it slowly, by the clock, until the request is aborted", async () => {
    const { clock, simulator, url } = setUpFile({ content: "x".repeat(1_000) });
    const result = await url();
    simulator.script([faults.slow({ bytesPerSecond: 100 }), faults.slow({ bytesPerSecond: 100 })]);
    const text = simulator.fetch(result).then((response) => response.text());
    let isOver = false;
    void text.then(() => (isOver = true));
    await clock.advance(9_999);
    assert.equal(isOver, false);
    await clock.advance(1);
    assert.equal((await text).length, 1_000);

    const controller = new AbortController();
    const aborted = simulator.fetch(result, { signal: controller.signal }).then((response) => response.text());
    await clock.advance(1_000);
    controller.abort(new Error("enough"));
    await assert.rejects(aborted, { message: "enough" });
    assert.equal(clock.timers, 0);
  });

  it("is any other, before it begins", async () => {
    const { simulator, download } = setUpFile();
    simulator.script([faults.unavailable(), "network-error"], { call: "download" });
    assert.equal((await download()).status, 503);
    await assert.rejects(download(), TypeError);
    assert.equal((await download()).status, 200);
  });
});

it("bytes come where the host has no Response", async (t) => {
  const { simulator, url } = setUpFile({ content: "0123ü" });
  const result = await url();
  const HostsOwn = globalThis.Response;
  t.after(() => (globalThis.Response = HostsOwn));
  globalThis.Response = undefined;
  const response = await simulator.fetch(result);
  assert.equal(new TextDecoder().decode(await response.arrayBuffer()), "0123ü");
  assert.equal(await response.text(), "0123ü");
});
