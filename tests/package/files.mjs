// What the tests of /results share: contents with a checksum, a server of files as a fetch, and a client that knows its URLs.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { project } from "./pack.mjs";
import { complete, setUp, turns } from "./support.mjs";

// Written into the project, so that the name is resolved as a user's is.
const entry = join(project, `results.${process.pid}.mjs`);
writeFileSync(entry, 'export * from "hubspot-async-tasks/results";\n');
export const { download, rows, saveTo } = await import(pathToFileURL(entry).href);

/** Bytes without a pattern, the same ones for each seed. */
export function contentOf(length, seed = 1) {
  let state = seed;
  return Uint8Array.from({ length }, () => (state = (state * 1103515245 + 12345) >>> 0) >>> 24);
}

export const sha = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** An answer whose body comes in parts of so many bytes, and breaks off, stalls, or ends after `until` of them. */
export function served(bytes, { status = 200, headers = {}, part = 1_000, until = Infinity, then = "end" } = {}) {
  let at = 0;
  const last = Math.min(bytes.length, until);
  const counts = { isCancelled: false, given: 0 };
  const body = new ReadableStream(
    {
      pull(stream) {
        if (at < last) {
          const end = Math.min(at + part, last);
          stream.enqueue(bytes.slice(at, end));
          counts.given += end - at;
          at = end;
        } else if (then === "stall" && last < bytes.length) return new Promise(() => {});
        else if (then === "break" && last < bytes.length) stream.error(new TypeError("terminated"));
        else stream.close();
      },
      cancel() {
        counts.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return Object.assign(new Response(body, { status, headers }), { counts });
}

/** The header `range` of a request, as a place in the file. */
export const startOf = ({ headers }) => Number(/^bytes=(\d+)-$/.exec(headers.range ?? "bytes=0-")?.[1]);

/** The headers of a whole file, and of its part from a byte on. */
export function wholeHeaders(content, others) {
  return { "content-length": String(content.length), etag: '"v1"', "content-type": "text/csv", ...others };
}
export function partHeaders(content, start, others) {
  return {
    ...wholeHeaders(content),
    "content-length": String(content.length - start),
    "content-range": `bytes ${start}-${content.length - 1}/${content.length}`,
    ...others,
  };
}

/** Answers as a good server does, the whole or a part. */
export function goodAnswer(content, init, { headers = {}, ranges = true, ...how } = {}) {
  const start = ranges ? startOf(init) : 0;
  if (init.headers.range === undefined || !ranges) return served(content, { headers: wholeHeaders(content, headers), ...how });
  return served(content.subarray(start), { status: 206, headers: partHeaders(content, start, headers), ...how });
}

/**
 * A client whose export 7 is complete, with a new URL at each poll, and a fetch for files: `answer(init, number, url)`.
 * `asked` are the requests for files, `requests` those for statuses.
 */
export function setUpFiles(answer, options = {}) {
  let urls = 0;
  const statuses = setUp(async () => complete({ result: `https://files.example/secret${++urls}/contacts.csv?signature=s3cr3t${urls}` }), {
    token: "pat-na1-secret",
    headers: { "x-own": "h3ader" },
    ...options,
  });
  const asked = [];
  const fetch = async (url, init) => {
    asked.push({ url, init, at: statuses.clock.now() });
    const sent = JSON.stringify(init.headers);
    assert(!/authorization|pat-na1-secret|h3ader/i.test(sent), `sent to the file's server: ${sent}`);
    return answer(init, asked.length, url);
  };
  return { ...statuses, asked, fetch, options: { fetch, clock: statuses.clock } };
}

/** All bytes of a stream, with time passing on the clock. */
export async function readAll(clock, body) {
  const parts = [];
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await clock.run(reader.read());
    if (done) return Buffer.concat(parts);
    assert(value.length > 0, "an empty part");
    parts.push(value);
  }
}

/** What a download of export 7 gives, and all its bytes. */
export async function downloaded({ clock, client, options }, others) {
  const result = await clock.run(download(client, "7", { ...options, ...others }));
  return { ...result, bytes: await readAll(clock, result.body) };
}

/** What a download rejects with, at once or while it is read. */
export async function broken(files, others) {
  try {
    await downloaded(files, others);
  } catch (error) {
    await turns();
    return error;
  }
  return assert.fail("the download did not break");
}
