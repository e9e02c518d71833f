// What fetch gives: the host's Response, or so much of one as clients read. Its body may come slowly, and break off.
import { type SimulatorClock, type SimulatorSignal, abortReason, pause } from "./requests.js";
import type { BrokenBody } from "./script.js";
import { joined } from "./values.js";

/** An answer where the host has no Response. */
export interface SimulatorResponse {
  /** The HTTP status. */
  readonly status: number;
  /** Whether that is 2xx. */
  readonly ok: boolean;
  /** By name, without regard to case. */
  readonly headers: { get(name: string): string | null };
  /** The body as a text. */
  text(): Promise<string>;
  /** The body, parsed. */
  json(): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as Response has it
  /** The body as bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The host's Response, where its types are loaded. */
export type HostResponse = typeof globalThis extends { Response: { prototype: infer HostsOwn } }
  ? HostsOwn
  : SimulatorResponse;

/** Statuses whose answer has no body: `new Response` refuses even an empty string for them. */
const BODILESS = [204, 205, 304];

/** How a body comes. */
export interface Delivery {
  breaks: BrokenBody | undefined;
  bytesPerSecond: number | undefined;
  clock: SimulatorClock;
  signal: SimulatorSignal | undefined;
}

/** A part of a body, at most. */
const PART_BYTES = 65_536;

/** How often a part of a slow body comes. */
const PARTS_PER_SECOND = 10;

export function responseOf(status: number, headers: Record<string, string>, body: string | Uint8Array, delivery: Delivery): HostResponse {
  if (globalThis.Response) {
    const isPlain = typeof body === "string" && !delivery.breaks && !delivery.bytesPerSecond;
    const content = isPlain ? body : stream(body, delivery);
    return new globalThis.Response(BODILESS.includes(status) ? null : content, { status, headers });
  }
  const bytes = async () => whole(parts(body, delivery));
  // Such a host may lack TextEncoder and TextDecoder, too.
  const text = async () => (typeof body === "string" ? broken(body, delivery) : decoded(await bytes()));
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    text,
    json: async () => JSON.parse(await text()) as unknown,
    arrayBuffer: async () => (await bytes()).slice().buffer,
  };
}

function stream(body: string | Uint8Array, delivery: Delivery): object {
  const coming = parts(body, delivery);
  const source = {
    async pull(stream: HostStreamController) {
      const { done, value } = await coming.next();
      if (done) stream.close();
      else stream.enqueue(value);
    },
  };
  // Nothing comes before it is read.
  return new ReadableStream(source, { highWaterMark: 0 });
}

/** The body as it comes. */
async function* parts(body: string | Uint8Array, { breaks, bytesPerSecond, clock, signal }: Delivery): AsyncGenerator<Uint8Array, void> {
  const after = lengthOf(body, breaks);
  const comes = typeof body === "string" ? new TextEncoder().encode(body.slice(0, after)) : body.subarray(0, after);
  const size = bytesPerSecond ? Math.ceil(bytesPerSecond / PARTS_PER_SECOND) : PART_BYTES;
  for (let at = 0; at < comes.length; at += size) {
    if (signal?.aborted) throw abortReason(signal);
    if (bytesPerSecond) await pause(clock, 1_000 / PARTS_PER_SECOND, signal);
    yield comes.subarray(at, at + size);
  }
  await breakOff(breaks, signal);
}

const lengthOf = (body: string | Uint8Array, breaks: BrokenBody | undefined) =>
  breaks ? (breaks.after ?? Math.floor(body.length / 2)) : body.length;

async function broken(text: string, { breaks, signal }: Delivery): Promise<string> {
  await breakOff(breaks, signal);
  return text.slice(0, lengthOf(text, breaks));
}

/** Rejects where what comes of a body is to end so. */
function breakOff(breaks: BrokenBody | undefined, signal: SimulatorSignal | undefined): Promise<void> {
  if (!breaks || breaks.how === "cut") return Promise.resolve();
  // As a host's own fetch says it.
  if (breaks.how === "drop") return Promise.reject(new TypeError("terminated"));
  return new Promise((_, reject) => {
    const abort = () => {
      signal?.removeEventListener("abort", abort);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason is whatever was aborted with
      reject(abortReason(signal));
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort);
  });
}

async function whole(coming: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const part of coming) all.push(part);
  return joined(all);
}

/** UTF-8 as text. */
const decoded = (bytes: Uint8Array): string =>
  decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
