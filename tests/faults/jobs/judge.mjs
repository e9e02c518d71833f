// Whether what callers of starts, downloads and imports were told is true, by what the simulator did: each rule gives what it
// finds wrong.
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { OTHER_FILE } from "./table.mjs";
import { rowsOf } from "./truth.mjs";

const sha = (bytes) => createHash("sha256").update(bytes).digest("hex");
const PAUSED = ["RATE_LIMITED", "MIGRATING"];

/** What is wrong with one call of start() or run(). */
export function wrongsOfStart(run, call) {
  if (!call.end) return [`${call.name}: never settles`];
  const made = run.startsOf(call);
  const sent = run.way.records.filter(({ marker }) => marker === call.marker);
  return [counted, toldAsAnswered, repeated, left, unchanged].flatMap((rule) => rule(run, call, made, sent) ?? []).map((wrong) => `${call.name}: ${wrong}`);
}

/** The bar: nothing twice, and as many tasks as the caller was told. */
function counted(run, { end, kind }, made) {
  if (made.length > 1) return [`started ${made.length} times`];
  const isStarted = end.taskId !== undefined || end.outcome !== undefined;
  if (isStarted && made.length === 0) return [`told ${end.taskId ?? end.outcome}, but nothing was started`];
  if (end.taskId !== undefined && made[0].taskId !== end.taskId) return [`told ${end.taskId}, but ${made[0].taskId} was started`];
  const mayBe = isStarted || end.isLeft || end.code === "UNKNOWN_OUTCOME";
  return mayBe || made.length === 0 ? [] : [`${kind} rejects with ${end.code}, but ${made[0].taskId} was started`];
}

/** It tells what it was answered. */
function toldAsAnswered(run, { end, signal, beganAt }, made, sent) {
  if (end.isLeft) return signal?.aborted ? [] : ["left, though nobody aborted"];
  const is = end.taskId !== undefined || end.outcome ? "started" : end.code;
  const isPaused = () => run.way.records.some(({ lastsMs, deliveredAt, seat }) => lastsMs && seat && deliveredAt <= run.world.nowMs && deliveredAt + lastsMs > beganAt);
  if (PAUSED.includes(is) && isPaused()) return [];
  const last = sent.at(-1);
  if (!last) return [`${is}, though nothing was sent`];
  const told = last.abortedAt !== undefined ? "UNKNOWN_OUTCOME" : last.told === "renews" ? "UNAUTHORIZED" : last.told;
  return told === undefined || is === told ? [] : [`${is}, but its answer (${last.fault ?? "the usual"}) says ${told}`];
}

/** A request is repeated after a refused token alone. */
function repeated(run, call, made, sent) {
  return sent.slice(1).some((_, at) => sent[at].told !== "renews" && sent[at].told !== undefined) ? [`sent again after ${sent.map(({ fault }) => fault ?? "the usual").join(", ")}`] : [];
}

/** Who leaves is told so at once, and nothing is sent for whoever has gone. */
function left(run, { end, endedAt, signal }, made, sent) {
  if (sent.some(({ sentAt }) => sentAt > endedAt)) return ["sent after its end"];
  const lateMs = end.isLeft ? endedAt - run.abortedAt.get(signal) : 0;
  return lateMs > 1 ? [`left ${lateMs} ms after the abort`] : [];
}

/** HubSpot got what the caller gave. */
function unchanged(run, { request, files }, [made]) {
  if (!made) return [];
  const given = request.importRequest ?? request;
  const wrongs = isDeepStrictEqual(made.request, given) ? [] : ["another request came than was given"];
  if (made.files.length !== files.length) return [...wrongs, `${made.files.length} files came of ${files.length}`];
  const torn = files.filter(({ name, bytes }, at) => made.files[at].name !== name || sha(made.files[at].bytes) !== sha(bytes));
  return torn.length > 0 ? [...wrongs, `${torn.length} files came changed`] : wrongs;
}

/** What is wrong with how a job ended. */
export function wrongsOfJob(job, truth) {
  if (job.taskId === undefined) return [];
  const wrongs = job.end === job.plan.outcome ? [] : [`ends as ${job.end}, and is ${job.plan.outcome}`];
  const { results } = job;
  if (job.plan.family === "import") {
    if (!results.every((result) => isDeepStrictEqual(result, truth.metadata))) wrongs.push("its result is not the simulator's");
    for (const { seen, end } of job.errorReads) {
      if (!end) wrongs.push("its errors never end");
      else if (!isDeepStrictEqual(seen, end.isWhole ? truth.errors : truth.errors.slice(0, seen.length))) {
        wrongs.push(`${seen.length} errors came, which are not the simulator's ${truth.errors.length}`);
      }
    }
  }
  return wrongs.map((wrong) => `${job.name}: ${wrong}`);
}

/** What is wrong with one download. */
export function wrongsOfBring(call, file) {
  if (!call.end) return [`${call.name}: never settles`];
  if (!file) return [`${call.name}: is brought, but there is no file`];
  // A part that is gone on with may be of another version, from an earlier call.
  const isOther = call.job.brings.some(({ records }) => records.some(({ means }) => means === "other"));
  const versions = isOther ? [file, OTHER_FILE] : [file];
  return [bytesOf, rowsComeOnce, savedWhole, reasoned, grown, about, overAtItsEnd].flatMap((rule) => rule(call, versions) ?? []).map((wrong) => `${call.name}: ${wrong}`);
}

/** download(): the file's bytes, or so many of them as came. */
function bytesOf({ kind, parts, end }, versions) {
  if (kind !== "download") return [];
  const got = Buffer.concat(parts);
  const fits = (version) => sha(got) === sha(end.isWhole ? version : version.subarray(0, got.length));
  return versions.some(fits) ? [] : [`${got.length} bytes came, which are not ${end.isWhole ? "" : "the first "}of the file's ${versions[0].length}`];
}

/** rows(): each once, in order. */
function rowsComeOnce({ kind, rows, hasHeader, end }, versions) {
  if (kind !== "rows") return [];
  const fits = (version) => {
    const right = rowsOf(version, hasHeader);
    return right ? isDeepStrictEqual(rows, end.isWhole ? right : right.slice(0, rows.length)) : rows.length === 0 && !end.isWhole;
  };
  return versions.some(fits) ? [] : [`${rows.length} rows came, which are not ${end.isWhole ? "" : "the first "}of the file's ${rowsOf(versions[0], hasHeader)?.length}`];
}

/** saveTo(): under the final name the whole file, or what was there before; beside it a part of it, or nothing. */
function savedWhole({ kind, saved, part, partNote, end, before }, versions) {
  if (kind !== "saveTo") return [];
  if (end.isWhole) {
    const wrongs = saved && versions.some((version) => sha(version) === sha(saved)) ? [] : [`${saved?.length} bytes stand there, which are not the file's`];
    return part || partNote ? [...wrongs, "a part is left beside the file"] : wrongs;
  }
  if (saved?.toString() !== before) return [`${end.code ?? "left"}, but ${saved ? `${saved.length} bytes stand` : "nothing stands"} under the final name`];
  return /signature|https?:/.test(partNote ?? "") ? ["what stands beside the part shows the file's URL"] : [];
}

/** A download that breaks off has a reason, and the file never changes. */
function reasoned({ kind, end, records, signal }, [file]) {
  if (end.isLeft) return signal?.aborted ? [] : ["left, though nobody aborted"];
  if (!end.code) return [];
  if (kind === "rows" && end.code === "INVALID_ARGUMENT" && !rowsOf(file, true)) return [];
  const many = (of) => records.filter(of).length;
  const isOther = many(({ means }) => means === "other") > 0;
  if (/changed/.test(end.message) && !isOther) return [`told that the file changed: ${end.message}`];
  // A URL that has died is refused as well.
  const isHopeless = many(({ means }) => means === "lasts") > 0 || many(({ means, status }) => means === "refused" || status === 403) > 1;
  const isBroken = many(({ means, abortedAt }) => means === "passes" || abortedAt !== undefined) >= 3;
  return isOther || isHopeless || isBroken ? [] : [`rejects with ${end.code}: ${end.message}, after ${records.map(({ fault, status }) => fault ?? status).join(", ")}`];
}

/** Progress grows with each part, and ends with the whole. What came of another version is begun anew, once. */
function grown({ kind, progress, end }, versions) {
  const counts = progress.map(({ receivedBytes }) => receivedBytes);
  const falls = counts.filter((count, at) => at > 0 && count <= counts[at - 1]).length;
  if (falls > (kind === "saveTo" && versions.length > 1 ? 1 : 0)) return [`progress goes ${counts.join(", ")}`];
  const last = counts.at(-1);
  return end.isWhole && last !== undefined && !versions.some(({ length }) => length === last) ? [`progress ends at ${last} of ${versions[0].length}`] : [];
}

/** What is told about the file. */
function about({ end: { size, isZipped, isWhole, isCanceled } }, versions) {
  const isZip = (bytes) => bytes[0] === 80 && bytes[1] === 75;
  const fits = (version) => (size === undefined || size === version.length) && (isZipped === undefined || isZipped === isZip(version));
  return (isWhole || isCanceled) && !versions.some(fits) ? [`told of ${size} bytes, ${isZipped ? "" : "not "}zipped`] : [];
}

/** Nothing is asked for whoever has gone. */
const overAtItsEnd = ({ records, endedAt }) => (records.some(({ sentAt }) => sentAt > endedAt) ? ["asks for the file after its end"] : []);
