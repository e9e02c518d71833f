// One request for the file: its head, and its bytes part by part. No token and no header of the client's goes with it.
import { noStore } from "../no-store.js";
import type { FetchInit, TaskAbortSignal } from "../types.js";
import { attempt, fieldsOf, has } from "../values.js";
import { Fault, causeWithout, cut, invalid } from "./fault.js";
import type { DownloadGiven } from "./given.js";
import { type Head, headOf } from "./head.js";
import type { Interrupt } from "./interrupt.js";

export interface Connection {
  readonly head: Head;
  /** The next bytes; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  close(): void;
}

const ofPage = (): string =>
  attempt(() => globalThis.location?.origin)
    ? ". Browsers say no more to a page; the likely cause is that the file's server does not let pages read it (CORS): download it on your server"
    : "";

/** Asks for the file from this byte on. */
export async function connect(url: string, offset: number, given: DownloadGiven, interrupt: Interrupt): Promise<Connection> {
  const fetch = given.fetch ?? attempt(() => globalThis.fetch);
  if (typeof fetch !== "function") {
    throw new Fault("lasts", { code: "NETWORK", message: "this host has no fetch: give one as the option fetch" });
  }
  const controller = attempt(() => new AbortController());
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (offset > 0) headers.range = `bytes=${offset}-`;
  const init: FetchInit = { method: "GET", headers };
  // Browsers would keep the file on the disk.
  const cache = !given.fetch && noStore();
  if (cache) init.cache = cache;
  if (controller) init.signal = controller.signal as TaskAbortSignal;

  let parts: Parts | undefined;
  let isClosed = false;
  const close = () => {
    isClosed = true;
    attempt(() => controller?.abort());
    attempt(() => parts?.cancel());
  };
  interrupt.onAbort = close;
  const { stallTimeoutMs } = given;
  const late = () => cut(`no byte came for ${stallTimeoutMs} ms`);
  const failed = (message: string) => (thrown: unknown) => {
    throw thrown instanceof Fault ? thrown : cut(message, causeWithout(url, thrown));
  };

  const asked = (async () => fetch(url, init))().then((response) => {
    parts = partsOf(response);
    // One that comes late is not left open.
    if (isClosed) close();
    return headOf(response, url, given.clock.now());
  });
  try {
    const head = await interrupt.race(asked.catch(failed(`no answer came${ofPage()}`)), stallTimeoutMs, late);
    return {
      head,
      read: () => interrupt.race((parts as Parts).next().catch(failed("the connection broke")), stallTimeoutMs, late),
      close,
    };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

/** The bytes of an answer, in whatever form it has them. */
interface Parts {
  next(): Promise<Uint8Array | undefined>;
  cancel(): unknown;
}

/** What reads a stream, or goes over something. */
interface Steps {
  next(): Promise<{ done?: boolean; value?: unknown }>;
  cancel?(): Promise<unknown>;
}

function stepsOf(response: unknown): Steps {
  const { body } = fieldsOf(response);
  const given = fieldsOf(body);
  if (has(given, "getReader")) {
    const reader = given.getReader() as { read: Steps["next"]; cancel(): Promise<unknown> };
    return { next: () => reader.read(), cancel: () => reader.cancel() };
  }
  const steps = typeof body === "string" ? undefined : (body as Partial<AsyncIterable<unknown>> | null | undefined)?.[Symbol.asyncIterator]?.();
  if (steps) {
    // Not waited for: one that is in the middle of a step returns after it.
    return { next: () => steps.next(), cancel: async () => steps.return?.() };
  }
  return inOnePart(response, body);
}

/** An answer that has all of its bytes at once. */
function inOnePart(response: unknown, body: unknown): Steps {
  let isRead = false;
  const given = fieldsOf(response);
  return {
    async next() {
      if (isRead) return { done: true };
      isRead = true;
      if (body === null) return { done: true };
      return { value: has(given, "arrayBuffer") ? await given.arrayBuffer() : body };
    },
  };
}

function partsOf(response: unknown): Parts {
  const steps = stepsOf(response);
  return {
    async next() {
      const { done, value } = await steps.next();
      return done ? undefined : bytesOf(value);
    },
    cancel: () => steps.cancel?.().catch(() => undefined),
  };
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  // Of another realm as well.
  const tag = Object.prototype.toString.call(value);
  if (tag === "[object ArrayBuffer]") return new Uint8Array(value as ArrayBuffer);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
  throw invalid("the fetch gave an answer without bytes: it needs a stream of them as body, or arrayBuffer()");
}
