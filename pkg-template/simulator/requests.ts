// What fetch is called with, whatever its shape; and waiting until a signal aborts.

/** What tells the time and waits. */
export interface SimulatorClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `callback` once, so much later, and gives a handle. */
  setTimeout(callback: () => void, milliseconds: number): unknown;
  /** Forgets the callback of that handle. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the handle is whatever setTimeout gave
  clearTimeout(handle: any): void;
}

/** What the simulator uses of an AbortSignal. */
export interface SimulatorSignal {
  /** Whether it aborted. */
  readonly aborted: boolean;
  /** Hears when it aborts. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Ends that. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What the simulator reads of the second argument of fetch; a RequestInit is assignable. */
export interface SimulatorRequestInit {
  /** `GET` if not given. */
  method?: string | undefined;
  /** A record, pairs, or a Headers. */
  headers?: object | undefined;
  /** A text, a form, bytes, or an object, which is sent as JSON. */
  body?: unknown;
  /** Ends the request; it rejects with the signal's reason. */
  signal?: SimulatorSignal | null | undefined;
  /** Not looked at: redirects are never followed. */
  redirect?: string | undefined;
}

/** The first argument of fetch. */
export type Input = string | { toString(): string };

/** What the simulator reads of a Request. */
interface RequestLike extends SimulatorRequestInit {
  url: string;
}

/** A call of fetch as the simulator sees it. */
export interface ReadRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
  signal: SimulatorSignal | undefined;
}

const isRequest = (input: Input): input is RequestLike => typeof input === "object" && "url" in input;

/** Reads the arguments of fetch: a URL and an init, or a Request. The signal stays the caller's. */
export function readRequest(input: Input, init?: SimulatorRequestInit): ReadRequest {
  const request: RequestLike = isRequest(input) ? input : { url: String(input) };
  return {
    url: request.url,
    method: (init?.method ?? request.method ?? "GET").toUpperCase(),
    headers: lowerCased(init?.headers ?? request.headers ?? {}) as Record<string, string>,
    body: init?.body ?? request.body ?? undefined,
    signal: init?.signal ?? request.signal ?? undefined,
  };
}

/** Headers of any kind (a record, pairs, a Headers) as a record of lower-case names. */
export function lowerCased(headers: object): Record<string, string | null> {
  const pairs = Symbol.iterator in headers ? [...(headers as Iterable<[string, unknown]>)] : Object.entries(headers);
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value === null ? null : String(value)]));
}

export const urlOf = (url: string): HostUrl => new URL(url, "http://simulator.invalid");

export function percentDecoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** Waits, without a timer for 0 and for good for Infinity. Rejects with the signal's reason when that aborts. */
export function pause(
  clock: SimulatorClock,
  milliseconds: number,
  signal: SimulatorSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: unknown;
    const done = () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const abort = () => {
      signal?.removeEventListener("abort", abort);
      if (timer !== undefined) clock.clearTimeout(timer);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason is whatever was aborted with
      reject(abortReason(signal));
    };
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    else if (milliseconds === 0) void Promise.resolve().then(done);
    else if (milliseconds !== Infinity) timer = clock.setTimeout(done, milliseconds);
  });
}

/** Older browsers' signals have no reason. */
export function abortReason(signal: SimulatorSignal | undefined): unknown {
  if (signal && "reason" in signal) return signal.reason;
  return Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
}
