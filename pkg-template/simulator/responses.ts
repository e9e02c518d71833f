// What fetch gives: the host's Response, or so much of one as clients read. Its body may break off.
import { type SimulatorSignal, abortReason } from "./requests.js";
import type { BrokenBody } from "./script.js";

/** An answer where the host has no Response. */
export interface SimulatorResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  json(): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as Response has it
}

/** The host's Response, where its types are loaded. */
export type HostResponse = typeof globalThis extends { Response: { prototype: infer HostsOwn } }
  ? HostsOwn
  : SimulatorResponse;

/** Statuses whose answer has no body: `new Response` refuses even an empty string for them. */
const BODILESS = [204, 205, 304];

/** A body that breaks off, and what its request is aborted by. */
type Breaks = BrokenBody & { signal: SimulatorSignal | undefined };

export function responseOf(status: number, headers: Record<string, string>, text: string, breaks?: Breaks): HostResponse {
  if (globalThis.Response) {
    const body = breaks ? brokenStream(text, breaks) : text;
    return new globalThis.Response(BODILESS.includes(status) ? null : body, { status, headers });
  }
  const whole = () => (breaks ? broken(breaks) : Promise.resolve(text));
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    text: whole,
    json: async () => JSON.parse(await whole()) as unknown,
  };
}

/** Rejects when the body has broken off. */
function broken({ how, signal }: Breaks): Promise<never> {
  // As a host's own fetch says it.
  if (how === "drop") return Promise.reject(new TypeError("terminated"));
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

function brokenStream(text: string, breaks: Breaks): object {
  const { after = Math.floor(text.length / 2) } = breaks;
  const parts = after > 0 ? [new TextEncoder().encode(text.slice(0, after))] : [];
  return new ReadableStream({
    async pull(stream) {
      const part = parts.shift();
      if (part) stream.enqueue(part);
      else await broken(breaks);
    },
  });
}
