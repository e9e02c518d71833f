// How the host of files answers: to whoever has a URL that lives, in whole or by ranges, and never to a token.
import type { Files } from "./files.js";
import type { ReadRequest } from "./requests.js";
import type { Answer } from "./script.js";

/** As of now. */
export function download(files: Files, { method, headers }: ReadRequest, path: string, search: string): Answer {
  if (method !== "GET") return refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
  if (headers.authorization !== undefined) return refusal(400, "InvalidArgument", "Only one auth mechanism allowed");
  const task = files.taskAt(path, search);
  if (!task) return refusal(403, "AccessDenied", "Request has expired");

  const { bytes, name, type, etag } = files.build(task);
  const common = {
    "content-type": type,
    "content-disposition": `attachment; filename="${name.replace(/[^ -~]|["\\]/g, "_")}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    etag,
  };
  const whole: Answer = { status: 200, headers: { ...common, "content-length": String(bytes.length) }, body: bytes };
  if (files.options.hasRanges === false) return whole;

  const ranged = { ...common, "accept-ranges": "bytes" };
  const isSame = (headers["if-range"] ?? etag) === etag;
  const asked = isSame ? rangeOf(headers.range, bytes.length) : undefined;
  if (!asked) return { ...whole, headers: { ...whole.headers, ...ranged } };
  const { from, to } = asked;
  if (from >= to) {
    const refused = refusal(416, "InvalidRange", "The requested range is not satisfiable");
    return { ...refused, headers: { ...refused.headers, "content-range": `bytes */${bytes.length}` } };
  }
  return {
    status: 206,
    headers: { ...ranged, "content-range": `bytes ${from}-${to - 1}/${bytes.length}`, "content-length": String(to - from) },
    body: bytes.subarray(from, to),
  };
}

/** The bytes that are asked for; undefined for all of them, as for several ranges. */
function rangeOf(header: string | undefined, length: number): { from: number; to: number } | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") return { from: Math.max(length - Number(last), 0), to: Number(last) > 0 ? length : 0 };
  return { from: Number(first), to: last === "" ? length : Math.min(Number(last) + 1, length) };
}

/** As hosts of files say it. */
const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});
