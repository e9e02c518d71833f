// Brings the file that a task made: by a fresh address, which the caller never sees, as it comes.
import { resultOf } from "../families.js";
import { download } from "../results/download.js";
import type { ExportClient, ExportTask } from "../results/types.js";
import type { TaskAbortSignal } from "../types.js";
import { attempt } from "../values.js";
import { type Answer, Refused } from "./answers.js";
import type { ProxyGiven } from "./options.js";
import type { Portal } from "./portals.js";
import type { Asked } from "./routes.js";
import { unlessUnread } from "./unread.js";

/** Types of files that exports are. Another one is not named: a browser could take it for a page of this host's. */
const TYPE = /^(?:text\/csv|application\/(?:zip|vnd\.ms-excel|vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet))\b/i;

/** As browsers take it: in ASCII, and in UTF-8. */
function attachment(name: string): string {
  const ascii = name.replace(/[^ !#-$&-[\]-~]/g, "_");
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

export async function fileOf(given: ProxyGiven, portal: Portal, { route, id }: Asked, signal: TaskAbortSignal): Promise<Answer> {
  const { facts } = route;
  const status = () => portal.ask({ facts, which: "status", id }, signal);
  const first = await status();
  if (first.status > 299) return first;
  const urlIn = ({ body }: Answer) => {
    const text = new TextDecoder().decode(body as Uint8Array);
    return resultOf(facts, attempt(() => JSON.parse(text) as unknown));
  };
  // As a task does: each wait gives a fresh address, the first one that which is there already.
  let isFirst = true;
  const task = {
    id,
    family: facts.name,
    async wait() {
      const answer = isFirst ? first : await status();
      isFirst = false;
      return { result: urlIn(answer) };
    },
  };
  if (urlIn(first) === undefined) throw new Refused("NO_FILE");
  const { clock, requestTimeoutMs: stallTimeoutMs, readerTimeoutMs, client } = given;
  const options = { signal, clock, stallTimeoutMs, fetch: client.fetch };
  const file = await download({} as ExportClient, task as unknown as ExportTask, options).catch(() => {
    throw new Refused("UPSTREAM");
  });
  const { contentType = "", size } = file;
  const headers = {
    // Nothing after it: browsers take the last of several.
    "content-type": TYPE.exec(contentType)?.[0].toLowerCase() ?? "application/octet-stream",
    "content-disposition": attachment(file.fileName),
    ...(size !== undefined && { "content-length": String(size) }),
  };
  return { status: 200, body: unlessUnread(file.body, readerTimeoutMs, clock, signal), headers };
}
