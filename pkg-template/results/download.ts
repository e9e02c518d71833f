// download(): an export's file as a stream, with what is known of it.
import { promising, taskError } from "../error.js";
import { attempt, known } from "../values.js";
import { readDownload, readSource } from "./given.js";
import { joined } from "./bytes.js";
import { BEGINNING, kindOf } from "./kind.js";
import { Receiver } from "./receiver.js";
import type { ByteStream, Download, DownloadOptions, ExportClient, ExportTask } from "./types.js";

/**
 * An export's file, by a fresh URL. An export that is not over is waited for, as its task's `wait()` does. No token and no
 * header of the client's goes to the file's server.
 *
 * A connection that breaks, or brings no byte for `stallTimeoutMs`, is followed by another one, which goes on where it broke:
 * by range where the server names the version of its file, else the bytes before are read once more and compared. When the
 * URL has died meanwhile (they live for five minutes) a new one is asked for. Five attempts without a byte more are the
 * last.
 *
 * Rejects with HubSpotTaskError: what the wait rejects with; NETWORK, HTTP, RATE_LIMITED and INVALID_RESPONSE for
 * what the file's server did, with the bytes that came in the message. So does the stream. An abort gives the signal's
 * reason.
 */
export function download(client: ExportClient, taskOrId: ExportTask, options?: DownloadOptions): Promise<Download> {
  return promising(async () => {
    const [source, given] = [readSource(client, taskOrId), readDownload(options)];
    if (!attempt(() => ReadableStream)) {
      throw taskError({ code: "INVALID_ARGUMENT", message: "this host has no ReadableStream: see rows() and saveTo()" });
    }
    const receiver = new Receiver(source, given);
    const first = await beginning(receiver);
    const { totalBytes: size, head, fileName } = receiver;
    const kind = kindOf(joined(first));
    return {
      body: streamOf(receiver, first),
      fileName: withExtension(fileName, kind === "other" ? "csv" : kind),
      isZipped: kind === "zip",
      ...known({ size, contentType: head?.contentType }),
    };
  });
}

/** The parts that hold the first bytes, or the whole of a shorter file. */
export async function beginning(receiver: Receiver): Promise<Uint8Array[]> {
  const parts = [];
  while (receiver.bytes < BEGINNING) {
    const part = await receiver.next();
    if (!part) break;
    parts.push(part);
  }
  return parts;
}

/** One that has none is given one. */
const withExtension = (name: string, extension: string): string => (/\.\w{1,8}$/.test(name) ? name : `${name}.${extension}`);

/** Nothing is read ahead of who reads it. */
function streamOf(receiver: Receiver, first: Uint8Array[]): ByteStream {
  const source: HostStreamSource = {
    async pull(stream) {
      receiver.check();
      const part = first.shift() ?? (await receiver.next());
      if (part) stream.enqueue(part);
      else stream.close();
    },
    cancel() {
      receiver.close();
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 }) as ByteStream;
}
