// Reads bodies, whole and no more than so much of them.
import { setTimer } from "../clock.js";
import { joined } from "../results/bytes.js";
import { readResponse } from "../reading.js";
import type { Clock } from "../types.js";
import { fieldsOf, has } from "../values.js";
import { Refused } from "./answers.js";

interface Reader {
  read(): Promise<{ done?: boolean; value?: Uint8Array }>;
  cancel(): Promise<unknown>;
}

/** The bytes of a stream; undefined where they are more than `most`. */
async function streamed(reader: Reader, most: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done || !value) return joined(parts);
    length += value.length;
    if (length > most) {
      drop(reader);
      return undefined;
    }
    parts.push(value);
  }
}

const drop = (reader: Reader): void => void reader.cancel().catch(() => undefined);

const readerOf = (body: unknown): Reader | undefined => {
  const given = fieldsOf(body);
  return has(given, "getReader") ? (given.getReader() as Reader) : undefined;
};

/** The longest body of a request, in bytes: HubSpot sends none that is longer. */
const LONGEST_BODY = 1_048_576;

/** The body of a request. One that comes too slowly, or breaks off, is refused. */
export async function requestBody(
  { headers, body }: { headers: { get(name: string): string | null }; body: unknown },
  clock: Clock,
  timeoutMs: number,
): Promise<Uint8Array> {
  if (Number(headers.get("content-length")) > LONGEST_BODY) throw new Refused("TOO_LARGE");
  const reader = readerOf(body);
  if (!reader) return new Uint8Array();
  let timer: unknown;
  const late = new Promise<never>((_, reject) => {
    timer = setTimer(clock, () => {
      reject(new Refused("BODY"));
      drop(reader);
    }, timeoutMs);
  });
  try {
    const bytes = await Promise.race([streamed(reader, LONGEST_BODY), late]);
    if (!bytes) throw new Refused("TOO_LARGE");
    return bytes;
  } catch (thrown) {
    throw thrown instanceof Refused ? thrown : new Refused("BODY");
  } finally {
    clock.clearTimeout(timer);
  }
}

/** The longest answer of HubSpot's that is passed on, in bytes. */
const LONGEST_ANSWER = 10_485_760;

/** The bytes of an answer: a Response's as they came, of other things what is read of them as a text. */
export async function answerBody(response: unknown): Promise<Uint8Array> {
  const given = fieldsOf(response);
  const reader = readerOf(given.body);
  const bytes = reader
    ? await streamed(reader, LONGEST_ANSWER)
    : has(given, "arrayBuffer")
      ? new Uint8Array((await given.arrayBuffer()) as ArrayBuffer)
      : new TextEncoder().encode((await readResponse(response, undefined)).text);
  if (!bytes) throw new Error(`HubSpot's answer has more than ${LONGEST_ANSWER} bytes`);
  return bytes;
}
