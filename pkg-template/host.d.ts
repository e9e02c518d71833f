// The globals of a host that the package uses: so much of each as it uses, and undefined where a host may lack it. In the
// place of the DOM's library and Node's types, which promise more than every host has.
/* eslint-disable no-var -- only `var` declares a property of globalThis */

declare var setTimeout: (callback: () => void, milliseconds?: number) => unknown;
declare var clearTimeout: (handle: unknown) => void;

/** Relative addresses are resolved against a base. Throws for what is no URL. */
declare var URL: new (address: string, base?: string) => HostUrl;

interface HostUrl {
  readonly href: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly pathname: string;
  readonly search: string;
  readonly username: string;
  readonly password: string;
}

declare var fetch: ((url: string, init?: object) => Promise<unknown>) | undefined;

/** Throws for a field that this host's fetch does not know. */
declare var Request: (new (url: string, init?: object) => { readonly cache?: string }) | undefined;

declare var Response:
  | (new (body: unknown, init?: { status: number; headers: Record<string, string> }) => HostsResponse)
  | undefined;

interface HostsResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null } & Iterable<[name: string, value: string]>;
  readonly body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

/** Where a host has a Response it has these two. */
declare var ReadableStream: new (source: HostStreamSource, strategy?: { highWaterMark: number }) => object;

interface HostStreamSource {
  start?(stream: HostStreamController): void;
  pull(stream: HostStreamController): Promise<void>;
  cancel?(): void;
}

interface HostStreamController {
  enqueue(part: Uint8Array): void;
  close(): void;
  error(reason: unknown): void;
}

declare var TextDecoder: new () => { decode(bytes?: Uint8Array, options?: { stream: boolean }): string };
declare var TextEncoder: new () => { encode(text: string): Uint8Array };

interface HostFormData {
  append(name: string, value: unknown, fileName?: string): void;
}

/** To be called where it may throw: some hosts have none. */
declare var FormData: new () => HostFormData;
declare var Blob: new (parts: readonly unknown[]) => object;

/** Node's, and that of hosts which are like it. */
declare var process: { getBuiltinModule?(name: string): unknown } | undefined;

/** To be called where it may throw: some hosts have none, in others it fails. */
declare var AbortController: new () => HostAbortController;

interface HostAbortController {
  readonly signal: HostAbortSignal;
  abort(reason?: unknown): void;
}

interface HostAbortSignal {
  readonly aborted: boolean;
  /** Older browsers have none. */
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare var DOMException: (new (message: string, name: string) => Error) | undefined;

// What a page has, and what a worker has of that.

interface HostEvents {
  readonly addEventListener?: (type: string, listener: () => void) => void;
  readonly removeEventListener?: (type: string, listener: () => void) => void;
}

declare var document: (HostEvents & { readonly baseURI?: string; readonly visibilityState?: string }) | undefined;
declare var location: { readonly href: string; readonly origin: string } | undefined;
declare var addEventListener: HostEvents["addEventListener"];
declare var removeEventListener: HostEvents["removeEventListener"];

/** Bytes to text in Node. */
declare var Buffer: { from(text: string, encoding: "hex"): Uint8Array } | undefined;

interface Uint8ArrayConstructor {
  /** In the browsers of 2025 and later. */
  fromHex?(text: string): Uint8Array;
}

/** Absent where a host has none. */
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;

  interface Module {
    readonly [Symbol.toStringTag]: "WebAssembly.Module";
  }

  var Module: {
    new (bytes: Uint8Array): Module;
    customSections(module: Module, name: string): ArrayBuffer[];
  };

  interface Instance {
    readonly exports: Exports;
  }

  var Instance: new (module: Module, imports?: object) => Instance;

  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports?: object): Promise<Instance>;
  function instantiate(bytes: Uint8Array, imports?: object): Promise<{ module: Module; instance: Instance }>;
}

interface ErrorConstructor {
  /** V8's: gives an object a stack, without `after` and what it called. */
  captureStackTrace?(error: object, after?: unknown): void;
}
